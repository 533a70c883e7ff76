// Zone files: directives, relative names, and errors that name the line.

#include "dns/zone_file.h"

#include "support/catch.h"

using namespace dcv::dns;

namespace {

const Name kApex = Name::of("shop.example");

std::string lines(const std::string& zone) {
  auto records = parse_zone(zone, kApex);
  if (!records) return "error: " + records.error();
  std::string result;
  for (const auto& record : *records) result.append(zone_line(record)).append("\n");
  return result;
}

}  // namespace

TEST_CASE("a zone file with directives, continuation and relative names") {
  CHECK(lines("; a comment\n"
              "\n"
              "@ IN SOA ns1 host.mail ( 1 ; serial\n"
              "   7200 3600 1209600\n"
              "   300 )\n"
              "  IN NS ns1\n"
              "$TTL 60\n"
              "ns1 A 192.0.2.1\n"
              "    AAAA 2001:db8::1\n"
              "*.Wild 1h IN CNAME other.example.\n"
              "$ORIGIN sub.shop.example.\n"
              "_acme-challenge 5 TXT \"a b\" c ; end\n"
              "@ CAA 0 issue \"letsencrypt.org; validationmethods=dns-01\"\n") ==
        "shop.example. 3600 IN SOA ns1.shop.example. host.mail.shop.example. 1 7200 3600 1209600 "
        "300\n"
        "shop.example. 3600 IN NS ns1.shop.example.\n"
        "ns1.shop.example. 60 IN A 192.0.2.1\n"
        "ns1.shop.example. 60 IN AAAA 2001:db8::1\n"
        "*.Wild.shop.example. 3600 IN CNAME other.example.\n"
        "_acme-challenge.sub.shop.example. 5 IN TXT \"a b\" \"c\"\n"
        "sub.shop.example. 60 IN CAA 0 issue \"letsencrypt.org; validationmethods=dns-01\"\n");
}

TEST_CASE("no final newline, Windows line ends and an empty file are fine") {
  CHECK(lines("a 1 IN A 192.0.2.1") == "a.shop.example. 1 IN A 192.0.2.1\n");
  CHECK(lines("a 1 IN A 192.0.2.1\r\nb 1 IN A 192.0.2.2\r\n") ==
        "a.shop.example. 1 IN A 192.0.2.1\nb.shop.example. 1 IN A 192.0.2.2\n");
  CHECK(lines("").empty());
  CHECK(lines("\n\n; nothing\n").empty());
}

TEST_CASE("errors name the line") {
  auto starts = [](const std::string& zone, const std::string& start) {
    INFO(lines(zone));
    return lines(zone).starts_with("error: " + start);
  };
  CHECK(starts("a 1 IN A 192.0.2.1\n\n; c\nb 1 IN A nonsense\n", "line 4: "));
  CHECK(starts("b 1 IN A nonsense\n", "line 1: "));
  CHECK(starts("@ SOA a b ( 1 2\n 3 4 5 )\nb A x\n", "line 3: "));
  CHECK(starts("a..b 1 IN A 192.0.2.1\n", "line 1: "));
  CHECK(starts("a 1 IN WHAT 192.0.2.1\n", "line 1: "));
  CHECK(starts("\n$INCLUDE other.zone\n", "line 2: \"$INCLUDE\" is not supported"));
  CHECK(starts("$GENERATE 1-3 a$ A 192.0.2.$\n", "line 1: "));
  CHECK(starts(std::string("a 1 IN A\0", 9), "a zero byte"));
  CHECK(starts("\na 1 IN TXT \"open\nb A 192.0.2.1\n", "line 2: a quoted string is not closed"));
  CHECK(starts("a A (\n 192.0.2.1\n", "line 1: a parenthesis is not closed"));
  CHECK(starts("a A ) 192.0.2.1\n", "line 1: a parenthesis is closed but not opened"));
  CHECK(starts("$TTL soon\n", "line 1: $TTL wants"));
  CHECK(starts("$ORIGIN a..b\n", "line 1: \"a..b\" has an empty label"));
  CHECK(starts("$ORIGIN\n", "line 1: \"$ORIGIN\" is not supported, or has another"));
}

TEST_CASE("what zone_line() writes, parse_record() reads") {
  const char* zone =
      "@ SOA ns1 host 1 2 3 4 5\n"
      "@ NS ns1\n"
      "@ MX 10 mail\n"
      "a\\.b TXT \"quote \\\" backslash \\\\ \\007 ; \" \"\"\n"
      "a\\032b TXT \"x\"\n"
      "d DNAME other.example.\n"
      "c CAA 128 issuewild \";\"\n"
      "s SRV 1 2 3 target\n"
      "t TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
      "u TYPE65280 \\# 3 010203\n"
      "k DNSKEY 257 3 13 "
      "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==\n"
      "k DS 2371 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
      "k RRSIG A 13 2 60 20300101000000 20240229235959 2371 shop.example. AAECAwQ=\n"
      "k NSEC l A TXT TYPE1234\n"
      "@ NSEC3PARAM 1 0 5 ABCD\n"
      "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 1 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG\n";
  auto records = parse_zone(zone, kApex);
  if (!records) FAIL(records.error());
  REQUIRE(records->size() == 16);
  for (const auto& record : *records) {
    INFO(zone_line(record));
    auto again = parse_record(zone_line(record), Name());
    REQUIRE(again);
    CHECK(*again == record);
  }
  auto text_of = [&](std::size_t index) { return rdata_text((*records)[index]); };
  CHECK(text_of(3) == "\"quote \\\" backslash \\\\ \\007 ; \" \"\"");
  CHECK(text_of(9) == "\\# 3 010203");
  CHECK(text_of(10) ==
        "257 3 13 "
        "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==");
  CHECK(as_dnskey((*records)[10])->key_tag == 2371);  // the key of cloudflare.com
  CHECK(text_of(12) == "A 13 2 60 20300101000000 20240229235959 2371 shop.example. AAECAwQ=");
  CHECK(text_of(13) == "l.shop.example. A TXT TYPE1234");
  CHECK(text_of(15) == "1 1 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG");
}

TEST_CASE("$ORIGIN may be relative, and $TTL may have units") {
  CHECK(lines("$ORIGIN sub\n$TTL 1h30m\na A 192.0.2.1\n$ORIGIN deep\na A 192.0.2.2\n") ==
        "a.sub.shop.example. 5400 IN A 192.0.2.1\n"
        "a.deep.sub.shop.example. 5400 IN A 192.0.2.2\n");
}

TEST_CASE("a TTL of zero and zero bytes survive") {
  CHECK(lines("a 0 IN TXT \"x\\000y\"\n$TTL 0\nb A 192.0.2.1\n") ==
        "a.shop.example. 0 IN TXT \"x\\000y\"\nb.shop.example. 0 IN A 192.0.2.1\n");
  CHECK(lines("a\\000b 5 A 192.0.2.1\n") == "a\\000b.shop.example. 5 IN A 192.0.2.1\n");
}

TEST_CASE("classes other than IN are kept, and long strings are refused") {
  CHECK(lines("a 5 CH TXT x\n") == "a.shop.example. 5 CH TXT \"x\"\n");
  CHECK(lines("a 5 TXT \"" + std::string(255, 'x') + "\"\n").size() > 255);
  CHECK(lines("a 5 TXT \"" + std::string(256, 'x') + "\"\n").starts_with("error: line 1: "));
}

TEST_CASE("one record line, and only one") {
  auto record = parse_record("_acme-challenge 60 IN TXT \"tok\"", kApex);
  REQUIRE(record);
  CHECK(zone_line(*record) == "_acme-challenge.shop.example. 60 IN TXT \"tok\"");
  CHECK(parse_record("", kApex).error() == "one record is wanted");
  CHECK(parse_record("a A 192.0.2.1\nb A 192.0.2.1", kApex).error() == "one record is wanted");
  auto bad = parse_record("a A 192.0.2", kApex);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().find("line") == std::string::npos);
}

TEST_CASE("names that are too long with the origin are refused") {
  const std::string label(60, 'a'), name = label + "." + label + "." + label + "." + label;
  CHECK(parse_record("www NS " + label, kApex));
  const auto target = parse_record("www NS " + name, kApex);
  REQUIRE_FALSE(target);
  CHECK(target.error() == "a name in it is longer than 255 bytes");
  CHECK_FALSE(parse_record(name + " NS www", kApex));
}
