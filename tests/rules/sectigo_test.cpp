// Sectigo's request tokens, to the letter.
#include "rules/sectigo.h"

#include "support/catch.h"

using dcv::dns::Name;
using namespace dcv::rules;

namespace {

constexpr const char* kZone = "sectigo.com";

Csr sample() {
  Csr csr;
  csr.md5 = "72ce5bef9e2dbae2914996ae7d8d578b";
  csr.sha256 = "51b828d3bbdcc076d5dffee09a5ba9b2722a76c0c23fd1ab2305b5e7e9e39ce1";
  return csr;
}

}  // namespace

TEST_CASE("Sectigo's CNAME stands at the MD5 and leads to the two halves of the SHA-256") {
  const auto record = sectigo_cname(sample(), Name::of("shop.example"), "", kZone);
  REQUIRE(record);
  CHECK(record->owner.text() == "_72ce5bef9e2dbae2914996ae7d8d578b.shop.example.");
  CHECK(record->target.text() ==
        "51b828d3bbdcc076d5dffee09a5ba9b2.722a76c0c23fd1ab2305b5e7e9e39ce1.sectigo.com.");
}

TEST_CASE("a unique value is a label of its own before sectigo.com, and a third line of the file") {
  const auto record = sectigo_cname(sample(), Name::of("shop.example"), "Order2", kZone);
  REQUIRE(record);
  CHECK(record->target.text() ==
        "51b828d3bbdcc076d5dffee09a5ba9b2.722a76c0c23fd1ab2305b5e7e9e39ce1.Order2.sectigo.com.");
  const auto file = sectigo_file(sample(), "Order2", kZone);
  REQUIRE(file);
  CHECK(file->lines == std::vector<std::string>{sample().sha256, "sectigo.com", "Order2"});
}

TEST_CASE("Sectigo's file has the MD5 in upper case as its name and two lines") {
  const auto file = sectigo_file(sample(), "", kZone);
  REQUIRE(file);
  CHECK(file->path == "/.well-known/pki-validation/72CE5BEF9E2DBAE2914996AE7D8D578B.txt");
  CHECK(file->lines == std::vector<std::string>{sample().sha256, "sectigo.com"});
}

TEST_CASE("a unique value that Sectigo would not take is refused") {
  const std::string longest(20, 'a');
  CHECK(sectigo_file(sample(), longest, kZone));
  CHECK(unique_value_fault(longest + "a") ==
        "the unique value has at most 20 letters and digits, unlike \"" + longest + "a\"");
  for (const char* wrong : {"a-b", "a b", "a.b", "\xc3\xa4"}) {
    CHECK_FALSE(unique_value_fault(wrong).empty());
    CHECK_FALSE(sectigo_file(sample(), wrong, kZone));
    CHECK_FALSE(sectigo_cname(sample(), Name::of("shop.example"), wrong, kZone));
  }
}

TEST_CASE("a name that leaves no room for Sectigo's label is an error") {
  const std::string label(60, 'a');
  const Name long_name = Name::of(label + "." + label + "." + label + "." + label);
  CHECK_FALSE(sectigo_cname(sample(), long_name, "", kZone));
}

TEST_CASE("ZeroSSL takes Sectigo's tokens, and other CAs compute none from a request") {
  CHECK(csr_token_zone("sectigo") == kZone);
  CHECK(csr_token_zone("zerossl") == kZone);
  CHECK(csr_token_zone("digicert").empty());
}
