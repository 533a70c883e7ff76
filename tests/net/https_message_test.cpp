#include "net/https_message.h"

#include "support/catch.h"

using namespace dcv;
using net::HttpFields;

namespace {

observe::Endpoint endpoint(const char* address, std::uint16_t port, const char* host,
                           const char* path) {
  return {observe::Transport::https, dns::IpAddress::of(address), port, host, path};
}

std::string field(const net::HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.fields) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("a GET has the packet in its path, in base64 for URLs without padding") {
  const std::string packet = "\xfb\xff\xfe\x01";
  const net::HttpRequest request =
      net::http_request(endpoint("1.1.1.1", 443, "one.example", "/dns-query"), packet);
  CHECK(request.fields == HttpFields{{":method", "GET"},
                                     {":scheme", "https"},
                                     {":authority", "one.example"},
                                     {":path", "/dns-query?dns=-__-AQ"},
                                     {"accept", "application/dns-message"},
                                     {"user-agent", "dcvtools/" DCV_VERSION}});
  CHECK(request.body.empty());
}

TEST_CASE("a POST has the packet as its body") {
  observe::Endpoint posting = endpoint("1.1.1.1", 443, "one.example", "/dns-query");
  posting.post = true;
  const net::HttpRequest request = net::http_request(posting, "packet");
  CHECK(field(request, ":method") == "POST");
  CHECK(field(request, ":path") == "/dns-query");
  CHECK(field(request, "content-type") == "application/dns-message");
  CHECK(field(request, "content-length") == "6");
  CHECK(request.body == "packet");
}

TEST_CASE("host, port, address and path make the URL") {
  const auto authority = [](const observe::Endpoint& of) {
    return field(net::http_request(of, ""), ":authority");
  };
  CHECK(authority(endpoint("1.1.1.1", 8443, "one.example", "/q")) == "one.example:8443");
  CHECK(authority(endpoint("1.1.1.1", 443, "", "/q")) == "1.1.1.1");
  CHECK(authority(endpoint("2606:4700::1111", 443, "", "/q")) == "[2606:4700::1111]");
  CHECK(authority(endpoint("2606:4700::1111", 8443, "2606:4700::1111", "/q")) ==
        "[2606:4700::1111]:8443");
  const auto path = [](const char* of) {
    return field(net::http_request(endpoint("1.1.1.1", 443, "one.example", of), "a"), ":path");
  };
  CHECK(path("/q?key=1") == "/q?key=1&dns=YQ");
  CHECK(path("") == "/?dns=YQ");
}

TEST_CASE("of a response only what counts is kept, and no more than a DNS message can be") {
  net::HttpResponse response;
  response.take_field("server", "x");
  response.take_field("content-type", std::string(5000, 'y'));
  CHECK(response.media_type.size() < 200);
  response.take_body(std::string(65535, 'x'));
  CHECK_FALSE(response.too_long);
  CHECK(response.body.size() == 65535);
  response.take_body("x");
  CHECK(response.too_long);
  CHECK(response.body.size() == 65535);
}

TEST_CASE("bytes of a response cannot write on the terminal") {
  net::HttpResponse response;
  response.take_field(":status", "200");
  response.take_field("content-type", "\x1b[2J");
  const auto fault = net::fault_of(response, endpoint("1.1.1.1", 443, "", "/q"));
  REQUIRE(fault);
  CHECK(fault->detail ==
        "the answer of 1.1.1.1 (port 443) has the media type \"\\027[2J\", not "
        "application/dns-message");
}
