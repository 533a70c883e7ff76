// Names: reading, writing, relations, order.

#include "dns/name.h"

#include <compare>
#include <stdexcept>

#include "support/catch.h"

using dcv::dns::common_ancestor;
using dcv::dns::escape;
using dcv::dns::Name;

TEST_CASE("a name is absolute with and without the final dot") {
  CHECK(Name::of("www.shop.example") == Name::of("www.shop.example."));
  CHECK(Name::of("www.shop.example").text() == "www.shop.example.");
  CHECK(Name::of("www.shop.example.").prose() == "www.shop.example");
  CHECK(Name::of(".").is_root());
  CHECK(Name().text() == ".");
  CHECK(Name().prose() == ".");
}

TEST_CASE("the wire form is length bytes, labels and a zero byte") {
  CHECK(Name::of("ab.c").wire() == std::string("\x02"
                                               "ab\x01"
                                               "c\0",
                                               6));
  CHECK(Name().wire() == std::string(1, '\0'));
}

TEST_CASE("escapes are read and written so that a name is safe to print") {
  auto name = Name::of("a\\.b.\\001c.example");
  REQUIRE(name.label_count() == 3);
  CHECK(name.labels()[0] == "a.b");
  CHECK(name.labels()[1] == "\001c");
  CHECK(name.text() == "a\\.b.\\001c.example.");
  CHECK(Name::of("a\\032b.\"q\".\\\\.\xc3\xa4").text() == "a\\032b.\\\"q\\\".\\\\.\\195\\164.");
  CHECK(Name::of("\\(\\;\\@\\$").text() == "\\(\\;\\@\\$.");
}

TEST_CASE("slips in a name are told apart") {
  CHECK(Name::parse("").error() == "the name is empty");
  CHECK(Name::parse("a..b").error() == "\"a..b\" has an empty label");
  CHECK(Name::parse(".a").error() == "\".a\" has an empty label");
  CHECK(Name::parse("..").error() == "\"..\" has an empty label");
  for (const char* text : {"a\\", "a\\2", "a\\25", "a\\256", "a\\2x6"}) {
    INFO(text);
    auto name = Name::parse(text);
    REQUIRE_FALSE(name);
    CHECK(name.error().find("has a bad escape") != std::string::npos);
  }
  CHECK(Name::parse("a\\255"));
  CHECK_THROWS_AS(Name::of("a..b"), std::invalid_argument);
}

TEST_CASE("a label has at most 63 bytes and a name 255 in wire form") {
  std::string label63(63, 'a');
  CHECK(Name::parse(label63));
  CHECK(Name::parse(label63 + "a").error().find("longer than 63 bytes") != std::string::npos);
  auto longest = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
  REQUIRE(Name::parse(longest));
  CHECK(Name::of(longest).wire().size() == 255);
  CHECK(Name::parse(longest + "b").error() ==
        "the name needs 256 bytes in a DNS message, 255 is the limit");
  CHECK_FALSE(Name::of(longest).child("x"));
  CHECK_FALSE(Name::of(longest).joined(Name::of("x")));
  CHECK_FALSE(Name::from_labels({"a", ""}));
}

TEST_CASE("equality ignores ASCII case and nothing else") {
  CHECK(Name::of("WWW.Shop.example") == Name::of("www.shop.EXAMPLE"));
  CHECK_FALSE(Name::of("www.shop.example") == Name::of("shop.example"));
  CHECK_FALSE(Name::of("a\\196") == Name::of("a\\228"));
  CHECK_FALSE(Name::of("a\\.b") == Name::of("a.b"));
  CHECK_FALSE(Name::of("A.b").same_case(Name::of("a.b")));
  CHECK(Name::of("A.b").same_case(Name::of("A.b")));
  CHECK(Name::of("A.b").lower().same_case(Name::of("a.b")));
}

TEST_CASE("relations between names go by labels") {
  auto zone = Name::of("shop.example");
  CHECK(Name::of("a.SHOP.example").is_within(zone));
  CHECK(Name::of("a.shop.example").is_below(zone));
  CHECK(zone.is_within(zone));
  CHECK_FALSE(zone.is_below(zone));
  CHECK_FALSE(Name::of("bigshop.example").is_within(zone));
  CHECK_FALSE(Name::of("example").is_within(zone));
  CHECK(zone.is_below(Name()));
  CHECK(Name().is_within(Name()));
  CHECK(zone.parent() == Name::of("example"));
  CHECK(Name().parent().is_root());
  CHECK(Name::of("a.b.c").suffix(2) == Name::of("b.c"));
  CHECK(Name::of("a.b.c").suffix(9) == Name::of("a.b.c"));
  CHECK(Name::of("a.b.c").suffix(0).is_root());
  CHECK(zone.child("www").value() == Name::of("www.shop.example"));
  CHECK(Name::of("a.b").joined(Name::of("c.d")).value() == Name::of("a.b.c.d"));
  CHECK(Name::of("*.shop.example").is_wildcard());
  CHECK_FALSE(Name::of("*a.shop.example").is_wildcard());
  CHECK_FALSE(Name().is_wildcard());
}

TEST_CASE("the common ancestor is the deepest one") {
  CHECK(common_ancestor(Name::of("a.shop.example"), Name::of("b.x.SHOP.example")) ==
        Name::of("shop.example"));
  CHECK(common_ancestor(Name::of("a.example"), Name::of("b.test")).is_root());
  CHECK(common_ancestor(Name::of("a.example"), Name::of("example")) == Name::of("example"));
}

TEST_CASE("names sort in the canonical order of RFC 4034") {
  const char* sorted[] = {"example",         "a.example",      "yljkjljk.a.example",
                          "Z.a.example",     "zABC.a.EXAMPLE", "z.example",
                          "\\001.z.example", "*.z.example",    "\\200.z.example"};
  for (std::size_t i = 0; i + 1 < std::size(sorted); ++i) {
    INFO(sorted[i]);
    CHECK(Name::of(sorted[i]) < Name::of(sorted[i + 1]));
    CHECK(Name::of(sorted[i + 1]) > Name::of(sorted[i]));
  }
  CHECK(std::is_eq(Name::of("A.b") <=> Name::of("a.B")));
}

TEST_CASE("escape keeps spaces unless they are special") {
  CHECK(escape("a b\"c\\d\x7f", "") == "a b\\\"c\\\\d\\127");
  CHECK(escape("a b;c", " ;") == "a\\032b\\;c");
}
