// URLs, whole and relative.

#include "rules/url.h"

#include "support/catch.h"

using dcv::rules::parse_url;
using dcv::rules::resolve_location;
using dcv::rules::Url;

namespace {

std::string resolved(const std::string& location, const std::string& base) {
  const auto url = resolve_location(*parse_url(base), location);
  return url ? url->text() : "error: " + url.error();
}

}  // namespace

TEST_CASE("a URL has scheme, host, port and target") {
  CHECK(*parse_url("http://shop.example/.well-known/x?a=b#c") ==
        Url{"http", "shop.example", 80, "/.well-known/x?a=b"});
  CHECK(*parse_url("HTTPS://user:pass@Shop.EXAMPLE:8443") ==
        Url{"https", "shop.example", 8443, "/"});
  CHECK(*parse_url("http://[2001:DB8::1]:80?q") == Url{"http", "[2001:db8::1]", 80, "/?q"});
  CHECK(*parse_url("http://shop.example:/") == Url{"http", "shop.example", 80, "/"});
  CHECK(*parse_url("mailto:a@shop.example") == Url{"mailto", "", 0, "a@shop.example"});
}

TEST_CASE("a URL is written without its usual port") {
  CHECK(parse_url("https://a.example:443/x")->text() == "https://a.example/x");
  CHECK(parse_url("https://a.example:80/x")->text() == "https://a.example:80/x");
}

TEST_CASE("a host that is an address is one") {
  CHECK(parse_url("http://192.0.2.1/")->address() == dcv::dns::IpAddress::of("192.0.2.1"));
  CHECK(parse_url("http://[2001:db8::1]/")->address() == dcv::dns::IpAddress::of("2001:db8::1"));
  CHECK(parse_url("http://[2001:db8::1]/")->name().prose() == "[2001:db8::1]");
  CHECK_FALSE(parse_url("http://a.example/")->address());
  CHECK(parse_url("http://a..example/")->name().is_root());
}

TEST_CASE("what Go's client refuses to read is refused") {
  CHECK(parse_url("shop.example").error() == "a URL begins with a scheme, as http://");
  CHECK(parse_url("http://a.example/\n").error() == "a URL has no control characters");
  CHECK(parse_url("http://a b/").error() == "the host \"a b\" cannot be one");
  CHECK(parse_url("http://[::g]/").error() == "\"[::g]\" is no IPv6 address");
  CHECK(parse_url("http://a.example:99999/").error() == "\"99999\" is no port");
  CHECK(parse_url("http://a.example:8o/").error() == "\"8o\" is no port");
}

TEST_CASE("bytes that no URL has are encoded") {
  CHECK(parse_url("http://a.example/a b\xc3\xa4?\"%20")->target == "/a%20b%C3%A4?%22%20");
}

TEST_CASE("a relative Location is read from where it came") {
  const std::string base = "http://a/b/c/d?q";  // RFC 3986 5.4
  CHECK(resolved("https://x.example/y", base) == "https://x.example/y");
  CHECK(resolved("g", base) == "http://a/b/c/g");
  CHECK(resolved("./g/", base) == "http://a/b/c/g/");
  CHECK(resolved("/g", base) == "http://a/g");
  CHECK(resolved("//g", base) == "http://g/");
  CHECK(resolved("?y", base) == "http://a/b/c/d?y");
  CHECK(resolved("g?y#s", base) == "http://a/b/c/g?y");
  CHECK(resolved("", base) == "http://a/b/c/d?q");
  CHECK(resolved("#s", base) == "http://a/b/c/d?q");
  CHECK(resolved(".", base) == "http://a/b/c/");
  CHECK(resolved("..", base) == "http://a/b/");
  CHECK(resolved("../../../g", base) == "http://a/g");
  CHECK(resolved("/./g/../h", base) == "http://a/h");
  CHECK(resolved("g.", base) == "http://a/b/c/g.");
  CHECK(resolved("g;x=1/../y", base) == "http://a/b/c/y");
  CHECK(resolve_location(*parse_url(base), "mailto:b")->scheme == "mailto");
}
