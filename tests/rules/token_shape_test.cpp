#include "rules/token_shape.h"

#include "support/catch.h"

using namespace dcv;
using dns::RecordType;

namespace {

const std::string kFirstHalf = "c9c863405fe7675a3988b97664ea6baf";
const std::string kSecondHalf = "442019e4e52fa335f406f7c5f26cf14f";

std::string form(RecordType type, const std::string& value, const std::string& ca) {
  const rules::TokenForm* found = rules::token_form(type, value, ca);
  return found ? std::string(found->id) : "";
}

std::string txt(const std::string& value, const std::string& ca) {
  return form(RecordType::txt, value, ca);
}

std::string cname(const std::string& target, const std::string& ca) {
  return form(RecordType::cname, target, ca);
}

}  // namespace

TEST_CASE("each CA's TXT values are told by their form") {
  CHECK(txt("8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h", "digicert") == "digicert-txt");
  CHECK(txt("_8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h", "digicert") == "digicert-txt");
  CHECK(txt("8qe4wyhk1bnq8z3mpnxcm6bv62fdpv", "digicert").empty());  // 30 characters
  CHECK(txt("QuoVadis=5e6d2f6b-1a2b-4c3d-8e9f-0123456789ab", "digicert") == "quovadis-txt");
  CHECK(txt("_globalsign-domain-verification=kVOGZMO2zQpBEWw4GNTXYdPhRiBnqnVbWZ1lkKv9Ju",
            "globalsign") == "globalsign-txt");
  CHECK(txt("globalsign-domain-verification=kVOGZMO2zQpBEWw4GNTXYdPhRiBnqnVbWZ1lkKv9Ju",
            "globalsign") == "globalsign-txt");
  CHECK(txt("kVOGZMO2zQpBEWw4GNTXYdPhRiBnqnVbWZ1lkKv9Ju", "globalsign").empty());
  CHECK(txt("3lJTnXzKpYw0Qe1hVvR2c5uB8sM7dFgA9oLtZyN4kXE=", "sectigo") == "sectigo-txt");
  CHECK(txt("LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo", "google") == "digest");
  CHECK(txt("v=spf1 -all", "digicert").empty());
  CHECK(txt("v=spf1 -all", "sectigo").empty());
}

TEST_CASE("a value counts only for the CAs that use its form") {
  const std::string value = "_globalsign-domain-verification=kVOGZMO2zQpBEWw4GNTXYdPhRiBnqnVb";
  CHECK(txt(value, "digicert").empty());
  REQUIRE(rules::any_token_form(RecordType::txt, value) != nullptr);
  CHECK(rules::any_token_form(RecordType::txt, value)->id == "globalsign-txt");
  CHECK(rules::any_token_form(RecordType::cname, value) == nullptr);
}

TEST_CASE("targets count in any case, with and without final dot") {
  CHECK(cname("8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h.dcv.digicert.com.", "digicert") ==
        "digicert-cname");
  CHECK(cname("8QE4wyhk1bnq8z3mpnxcm6bv62fdpv7h.DCV.digicert.com", "digicert") == "digicert-cname");
  CHECK(cname("_424c7224e9b0146f9a8808af955727d0.acm-validations.aws.", "amazon") == "acm-cname");
  CHECK(cname("_424c7224e9b0146f9a8808af955727d0.hkmpvcwbzw.acm-validations.aws.", "amazon") ==
        "acm-cname");
  CHECK(cname(kFirstHalf + "." + kSecondHalf + ".sectigo.com.", "sectigo") == "sectigo-cname");
  CHECK(cname(kFirstHalf + "." + kSecondHalf + ".u7Xq.sectigo.com.", "sectigo") == "sectigo-cname");
  CHECK(cname("shop.example.", "digicert").empty());
}

TEST_CASE("forms that no CA takes any more are known as such") {
  const auto* old = rules::token_form(RecordType::cname, "dcv.digicert.com.", "digicert");
  REQUIRE(old != nullptr);
  CHECK(old->retired);
  CHECK(old->retired_since == "2025-10-28");
  const std::string comodo = kFirstHalf + "." + kSecondHalf + ".comodoca.com.";
  CHECK(rules::token_form(RecordType::cname, comodo, "sectigo")->retired);
  CHECK_FALSE(rules::token_form(RecordType::cname, comodo, "zerossl")->retired);
}

TEST_CASE("where a CA does not tell what its values look like nothing is judged by form") {
  CHECK(rules::has_token_forms(RecordType::txt, "digicert"));
  CHECK(rules::has_token_forms(RecordType::cname, "amazon"));
  CHECK_FALSE(rules::has_token_forms(RecordType::txt, "amazon"));
  CHECK_FALSE(rules::has_token_forms(RecordType::txt, "actalis"));
}

TEST_CASE("the hash in a Sectigo target is read whatever the cut") {
  const auto right = rules::hash_target(kFirstHalf + "." + kSecondHalf + ".sectigo.com.");
  REQUIRE(right);
  CHECK(right->hash == kFirstHalf + kSecondHalf);
  CHECK(right->cut_in_half);
  CHECK(right->unique_value.empty());
  CHECK(right->domain == "sectigo.com");

  const auto unique = rules::hash_target(kFirstHalf + "." + kSecondHalf + ".abc123.sectigo.com");
  REQUIRE(unique);
  CHECK(unique->unique_value == "abc123");

  const std::string whole = kFirstHalf + kSecondHalf;
  const auto miscut =
      rules::hash_target(whole.substr(0, 60) + "." + whole.substr(60) + ".sectigo.com");
  REQUIRE(miscut);
  CHECK(miscut->hash == whole);
  CHECK_FALSE(miscut->cut_in_half);

  CHECK_FALSE(rules::hash_target(kFirstHalf + ".sectigo.com"));
  CHECK_FALSE(rules::hash_target(kFirstHalf + "." + kSecondHalf + ".shop.example"));
  CHECK_FALSE(rules::hash_target("a..b"));
}
