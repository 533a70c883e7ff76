// What users type as the name to certify.

#include "dns/identifier.h"

#include "support/catch.h"

using namespace dcv::dns;

TEST_CASE("host names and wildcards are read as a CA would print them") {
  auto plain = parse_identifier("App.Shop.Example.");
  REQUIRE(plain);
  CHECK(plain->text == "app.shop.example");
  CHECK(plain->name == Name::of("app.shop.example"));
  CHECK_FALSE(plain->wildcard);
  auto wildcard = parse_identifier("*.shop.example");
  REQUIRE(wildcard);
  CHECK(wildcard->text == "*.shop.example");
  CHECK(wildcard->name == Name::of("shop.example"));
  CHECK(wildcard->wildcard);
  CHECK(parse_identifier("xn--mnchen-3ya.example")->text == "xn--mnchen-3ya.example");
  CHECK(parse_identifier("1a.2.example")->text == "1a.2.example");
}

TEST_CASE("U-labels become A-labels without transitional mapping") {
  CHECK(parse_identifier("M\xc3\xbcnchen.example")->text == "xn--mnchen-3ya.example");
  CHECK(parse_identifier("m\x75\xcc\x88nchen.example")->text == "xn--mnchen-3ya.example");
  CHECK(parse_identifier("fa\xc3\x9f.example")->text == "xn--fa-hia.example");
  CHECK(parse_identifier("*.m\xc3\xbcnchen.example")->text == "*.xn--mnchen-3ya.example");
  CHECK(parse_identifier("m\xc3\xbcnchen\xe3\x80\x82"
                         "example")
            ->text == "xn--mnchen-3ya.example");
}

TEST_CASE("each slip is named") {
  struct Case {
    const char* text;
    const char* part;
  };
  const Case cases[] = {
      {"", "is empty"},
      {".", "is empty"},
      {"https://shop.example/login", "is a URL; give only the host name: \"shop.example\""},
      {"https://user@shop.example:8443/", "is a URL; give only the host name: \"shop.example\""},
      {"shop.example/", "is a URL; give only the host name: \"shop.example\""},
      {"shop.example:443", "has a port or scheme in it; give only the host name: \"shop.example\""},
      {"me@shop.example", "is an e-mail address; give only the domain: \"shop.example\""},
      {" shop.example", "has a space in it"},
      {"shop .example", "has a space in it"},
      {"shop.example,www.shop.example", "give one name at a time"},
      {"192.0.2.1", "is an IP address"},
      {"2001:db8::1", "is an IP address"},
      {"[2001:db8::1]", "is an IP address"},
      {"a..example", "has an empty label"},
      {".shop.example", "has an empty label"},
      {"shop.example..", "has an empty label"},
      {"*..example", "has an empty label"},
      {"my_host.shop.example", "has an underscore"},
      {"_foo.shop.example", "has an underscore"},
      {"_acme-challenge.shop.example", "which is added here; give \"shop.example\""},
      {"_ACME-Challenge.shop.example", "which is added here; give \"shop.example\""},
      {"*._acme-challenge.shop.example", "which is added here; give \"shop.example\""},
      {"localhost", "has only one label"},
      {"*.example", "has only one label"},
      {"*", "has a \"*\" elsewhere"},
      {"www.*.example", "has a \"*\" elsewhere"},
      {"w*.shop.example", "has a \"*\" elsewhere"},
      {"*.*.shop.example", "has a \"*\" elsewhere"},
      {"-a.shop.example", "starts or ends with a hyphen"},
      {"a-.shop.example", "starts or ends with a hyphen"},
      {"a!.shop.example", "has a character that host names cannot have"},
      {"a\\032b.shop.example", "has a character that host names cannot have"},
      {"a\x1b.shop.example", "has a character that host names cannot have"},
      {"1.2.3", "ends in a number"},
      {"\xff\xfe.example", "is not a valid internationalised label"},
  };
  for (const auto& [text, part] : cases) {
    INFO(text);
    auto identifier = parse_identifier(text);
    REQUIRE_FALSE(identifier);
    INFO(identifier.error());
    CHECK(identifier.error().find(part) != std::string::npos);
    CHECK(identifier.error().find('\x1b') == std::string::npos);
  }
}

TEST_CASE("lengths are limited") {
  std::string label63(63, 'a');
  CHECK(parse_identifier(label63 + ".example"));
  CHECK(parse_identifier(label63 + "a.example").error().find("longer than 63") !=
        std::string::npos);
  auto longest = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
  auto identifier = parse_identifier(longest);
  REQUIRE(identifier);
  CHECK(identifier->text.size() == 253);
  CHECK(parse_identifier(longest + "b").error().find("longer than 253") != std::string::npos);
  CHECK_FALSE(acme_challenge_name(*identifier));
}

TEST_CASE("the validation name has _acme-challenge in front, for a wildcard too") {
  CHECK(acme_challenge_name(*parse_identifier("app.shop.example")).value() ==
        Name::of("_acme-challenge.app.shop.example"));
  CHECK(acme_challenge_name(*parse_identifier("*.shop.example")).value() ==
        Name::of("_acme-challenge.shop.example"));
}

TEST_CASE("the owner of any record is read as it is") {
  CHECK(*parse_owner("_acme-challenge.App.Shop.example.") ==
        Name::of("_acme-challenge.app.shop.example"));
  CHECK(parse_owner("_25._tcp.mail.example")->text() == "_25._tcp.mail.example.");
  CHECK(parse_owner("*.shop.example")->text() == "*.shop.example.");
  CHECK(parse_owner("_dmarc.m\xc3\xbcnchen.example")->text() == "_dmarc.xn--mnchen-3ya.example.");
}

TEST_CASE("what cannot be the owner of a registrant's record is named") {
  CHECK(parse_owner("https://shop.example/").error() ==
        "\"https://shop.example/\" is a URL; give only the host name: \"shop.example\"");
  CHECK(parse_owner("_a..example").error() ==
        "\"_a..example\" has an empty label (two dots in a row, or a dot in front)");
  CHECK(parse_owner("example").error() ==
        "\"example\" is a registry's own name; give one below it");
  CHECK(parse_owner("co.uk").error() == "\"co.uk\" is a registry's own name; give one below it");
  CHECK_FALSE(parse_owner(std::string(64, 'a') + ".example"));
}

TEST_CASE("the host that a proof's owner is about has none of the labels with an underscore") {
  CHECK(host_of(Name::of("_acme-challenge.app.shop.example")) == Name::of("app.shop.example"));
  CHECK(host_of(Name::of("_x._acme-challenge.shop.example")) == Name::of("shop.example"));
  CHECK(host_of(Name::of("shop.example")) == Name::of("shop.example"));
  CHECK(host_of(Name::of("_")).is_root());
}
