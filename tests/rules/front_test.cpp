#include "rules/front.h"

#include "support/catch.h"

using namespace dcv;

namespace {

std::string title(const rules::Front* front) {
  return front == nullptr ? "" : std::string(front->title);
}
std::string of_alias(const std::string& name) {
  return title(rules::front_of_alias(dns::Name::of(name)));
}
std::string of_certificate(const std::string& name) {
  return title(rules::front_of_certificate(name));
}
std::string of_address(const std::string& address) {
  return title(rules::front_of_address(dns::IpAddress::of(address)));
}

}  // namespace

TEST_CASE("a front is known by where the alias leads") {
  CHECK(of_alias("www.shop.example.cdn.cloudflare.net") == "Cloudflare");
  CHECK(of_alias("D111111abcdef8.CloudFront.net") == "Amazon CloudFront");
  CHECK(of_alias("www.shop.example.edgekey.net") == "Akamai");
  CHECK(of_alias("cloudfront.net.shop.example") == "");
  CHECK(of_alias("mycloudfront.net") == "");
  CHECK(of_alias("dcv.cloudflare.com") == "");
}

TEST_CASE("a front is known by the names in the certificates that are its own") {
  CHECK(of_certificate("sni.cloudflaressl.com") == "Cloudflare");
  CHECK(of_certificate("*.cloudfront.net") == "Amazon CloudFront");
  CHECK(of_certificate("default.ssl.fastly.net") == "Fastly");
  CHECK(of_certificate("shop.example") == "");
  CHECK(of_certificate("") == "");
  CHECK(of_certificate("*.") == "");
  CHECK(of_certificate(std::string(300, 'a')) == "");
}

TEST_CASE("a front is known by its blocks of addresses, to the bit") {
  CHECK(of_address("104.16.0.0") == "Cloudflare");
  CHECK(of_address("104.23.255.255") == "Cloudflare");
  CHECK(of_address("104.28.0.0") == "");
  CHECK(of_address("104.15.255.255") == "");
  CHECK(of_address("2606:4700::6812:a05") == "Cloudflare");
  CHECK(of_address("2606:4701::1") == "");
  CHECK(of_address("2a06:98c7:ffff::1") == "Cloudflare");
  CHECK(of_address("2a06:98c8::1") == "");
  CHECK(of_address("146.75.127.255") == "Fastly");
  CHECK(of_address("146.75.128.0") == "");
}
