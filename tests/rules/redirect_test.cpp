// Which redirects are followed, and why others are not.

#include "rules/redirect.h"

#include "support/catch.h"

using namespace dcv::rules;

namespace {

std::vector<Url> way_of(const std::vector<std::string>& texts) {
  std::vector<Url> way;
  for (const std::string& text : texts) way.push_back(*parse_url(text));
  return way;
}

// "reason: sentence", or "followed".
std::string judged(const std::string& location, int status = 301,
                   RedirectPolicy policy = RedirectPolicy::acme,
                   const std::vector<std::string>& way = {"http://shop.example/x"}) {
  const auto refusal = redirect_refusal(way_of(way), status, location, policy);
  return refusal ? refusal->reason + ": " + refusal->sentence : "followed";
}

}  // namespace

TEST_CASE("ACME's CAs follow four statuses to ports 80 and 443 of public hosts") {
  for (const int status : {301, 302, 307, 308})
    CHECK(judged("https://www.shop.example/x", status) == "followed");
  CHECK(judged("/y") == "followed");
  CHECK(judged("http://other.com:443/") == "followed");
  CHECK(judged("http://8.8.8.8/") == "followed");
  CHECK(judged("http://[2606:4700::1]/") == "followed");
  CHECK(judged("/y", 303) == "status: status 303 is not followed, only 301, 302, 307 and 308");
  CHECK(judged("ftp://other.com/") ==
        "scheme: the scheme \"ftp\" is not followed, only http and https");
  CHECK(judged("http://other.com:8080/") == "port: port 8080 is not asked, only 80 and 443");
  CHECK(judged("http://other.com:22/") == "port: port 22 is not asked, only 80 and 443");
  CHECK(judged("http://10.0.0.1/") == "reserved-address: 10.0.0.1 is reserved (private use)");
  CHECK(judged("https://other.internal/") ==
        "top-level-domain: the host \"other.internal\" does not end in a public top-level domain");
  CHECK(judged("https://localhost/") ==
        "top-level-domain: the host \"localhost\" does not end in a public top-level domain");
  CHECK(judged("https:///x") == "host: no host is named");
  CHECK(judged("https://a..com/x") == "host: \"a..com\" cannot be a host");
  CHECK(judged("https://other.com:x/") ==
        "unreadable: Location \"https://other.com:x/\" cannot be read: \"x\" is no port");
}

TEST_CASE("a host that swallowed the path is told as the missing slash") {
  CHECK(judged("https://shop.example.well-known/acme-challenge/x") ==
        "missing-slash: the host \"shop.example.well-known\" ends in .well-known: the redirect "
        "lacks the slash between host and path");
}

TEST_CASE("paths are bounded, without their query") {
  CHECK(judged("/" + std::string(kRedirectPath - 1, 'a') + "?" + std::string(3000, 'b')) ==
        "followed");
  CHECK(judged("/" + std::string(kRedirectPath, 'a')) ==
        "path-too-long: the path has 2001 bytes, more than 2000");
}

TEST_CASE("ten redirects are followed, and no URL twice") {
  std::vector<std::string> way = {"http://shop.example/0"};
  for (int i = 1; i < 10; ++i) way.push_back("http://shop.example/" + std::to_string(i));
  CHECK(judged("/10", 302, RedirectPolicy::acme, way) == "followed");
  CHECK(judged("/3#fragment", 302, RedirectPolicy::acme, way) ==
        "loop: http://shop.example/3 was asked for before");
  way.push_back("http://shop.example/10");
  CHECK(judged("/11", 302, RedirectPolicy::acme, way) ==
        "too-many: more than 10 redirects in a row");
}

TEST_CASE("files of other CAs may be redirected as each of them allows") {
  CHECK(redirect_policy(Method::http_01, "sectigo") == RedirectPolicy::acme);
  CHECK(redirect_policy(Method::http_file, "") == RedirectPolicy::file);
  CHECK(redirect_policy(Method::http_file, "digicert") == RedirectPolicy::digicert);
  CHECK(judged("http://other.com:25/", 308, RedirectPolicy::file) == "followed");
  CHECK(judged("http://other.com:8080/", 308, RedirectPolicy::file) ==
        "port: port 8080 is not asked, only 80, 443, 22 and 25");
  CHECK(judged("/y", 301, redirect_policy(Method::http_file, "sectigo")) ==
        "none-followed: this CA follows no redirect");
  CHECK(judged("https://www.shop.example/", 307, RedirectPolicy::digicert) == "followed");
  CHECK(judged("https://www.shop.example/", 308, RedirectPolicy::digicert) ==
        "status: status 308 is not followed, only 301, 302 and 307");
  CHECK(judged("https://other.com/", 301, RedirectPolicy::digicert) ==
        "other-domain: \"other.com\" is not within shop.example");
}

TEST_CASE("only five statuses lead on") {
  for (int status = 100; status < 600; ++status)
    CHECK(is_redirect(status) ==
          (status == 301 || status == 302 || status == 303 || status == 307 || status == 308));
}
