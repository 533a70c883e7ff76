// Values at _validation-persist: one test a rule of the grammar.
#include "rules/persist_record.h"

#include "support/catch.h"

using namespace dcv::rules;

namespace {

const std::string kAccount = "https://ca.example/acct/1";

std::string fault_of(const std::string& value) {
  const PersistRecord record = parse_persist_record(value);
  return record.fault ? fault_text(record) : "none";
}

}  // namespace

TEST_CASE("a whole persist record is read with all its parameters") {
  const PersistRecord record = parse_persist_record(
      "letsencrypt.org; accounturi=https://ca.example/acct/1; policy=wildcard; "
      "persistUntil=1798761600");
  CHECK_FALSE(record.fault);
  CHECK(record.issuer == "letsencrypt.org");
  CHECK(record.account == kAccount);
  CHECK(record.grammar == PersistGrammar::draft_01);
  CHECK(record.wildcard);
  CHECK(record.until == 1798761600);
  CHECK(record.unknown.empty());
}

TEST_CASE("what a persist record may leave out is not there") {
  const PersistRecord record = parse_persist_record("ca.example;accounturi=" + kAccount);
  CHECK_FALSE(record.fault);
  CHECK_FALSE(record.wildcard);
  CHECK_FALSE(record.until);
}

TEST_CASE("the issuer is compared as lower-case A-labels without final dot") {
  const auto issuer = [](const std::string& text) {
    return parse_persist_record(text + "; accounturi=a").issuer;
  };
  CHECK(issuer("LetsEncrypt.ORG.") == "letsencrypt.org");
  CHECK(issuer(" \tca.example\t ") == "ca.example");
  CHECK(issuer("b\xc3\xbc"
               "cher.example") == "xn--bcher-kva.example");
  CHECK(issuer("https://ca.example").empty());
  CHECK(fault_of("; accounturi=a") == "names no issuer");
  CHECK(fault_of("") == "names no issuer");
  CHECK(fault_of("my ca; accounturi=a") == "has \"my ca\" for its issuer, which is no domain name");
}

TEST_CASE("tags and the policy are compared without case, the account byte for byte") {
  const PersistRecord record = parse_persist_record(
      "ca.example; AccountURI=HTTPS://CA.example/1; POLICY=WildCard; "
      "PERSISTUNTIL=5");
  CHECK_FALSE(record.fault);
  CHECK(record.account == "HTTPS://CA.example/1");
  CHECK(record.wildcard);
  CHECK(record.until == 5);
}

TEST_CASE("any other policy is as none") {
  const PersistRecord record = parse_persist_record("ca.example; accounturi=a; policy=subdomains");
  CHECK_FALSE(record.fault);
  CHECK_FALSE(record.wildcard);
}

TEST_CASE("unknown tags are passed over, even twice, but not their broken values") {
  const PersistRecord record = parse_persist_record("ca.example; x=1; accounturi=a; x=2");
  CHECK_FALSE(record.fault);
  CHECK(record.unknown == std::vector<std::string>{"x", "x"});
  CHECK(fault_of("ca.example; accounturi=a; x=1 2") ==
        "has a blank or a forbidden character in the value of x");
}

TEST_CASE("each fault of a persist record is told") {
  CHECK(fault_of("ca.example; accounturi=a;") == "has an empty parameter: a semicolon too many");
  CHECK(fault_of("ca.example;; accounturi=a") == "has an empty parameter: a semicolon too many");
  CHECK(fault_of("ca.example; accounturi=a; accounturi=a") == "has accounturi twice");
  CHECK(fault_of("ca.example; accounturi=a; policy=x; Policy=x") == "has Policy twice");
  CHECK(fault_of("ca.example; accounturi=a; persistUntil=1; persistUntil=1") ==
        "has persistUntil twice");
  CHECK(fault_of("ca.example") == "has no accounturi");
  CHECK(fault_of("ca.example; policy=wildcard") == "has no accounturi");
  CHECK(fault_of("ca.example; accounturi=") == "has no accounturi");
  CHECK(fault_of("ca.example; accounturi=a; wildcard") ==
        "has a parameter without \"=\": \"wildcard\"");
  CHECK(fault_of("ca.example; =a") == "has a parameter without a tag: \"=a\"");
  CHECK(fault_of("ca.example; accounturi=a b") ==
        "has a blank or a forbidden character in the value of accounturi");
  CHECK(fault_of("ca.example; accounturi=a; persistUntil=2027-01-01") ==
        "has \"2027-01-01\" for persistUntil, which is no number of seconds");
  CHECK(fault_of("ca.example; accounturi=a; persistUntil=") ==
        "has \"\" for persistUntil, which is no number of seconds");
  CHECK(fault_of("ca.example; accounturi=a; persistUntil=99999999999999999999") ==
        "has \"99999999999999999999\" for persistUntil, which is no number of seconds");
  CHECK(fault_of("ca.example; accounturi=a; persistUntil=+-5") ==
        "has \"+-5\" for persistUntil, which is no number of seconds");
}

TEST_CASE("seconds may have a sign, as Boulder takes them") {
  CHECK(parse_persist_record("ca.example; accounturi=a; persistUntil=+7").until == 7);
  CHECK(parse_persist_record("ca.example; accounturi=a; persistUntil=-7").until == -7);
}

TEST_CASE("the issuer of a malformed record is known") {
  CHECK(parse_persist_record("CA.example; accounturi=a;").issuer == "ca.example");
}

TEST_CASE("a hashed account is that of the draft's second form") {
  const std::string hash = "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw";
  const auto grammar = [](const std::string& account) {
    return parse_persist_record("ca.example; accounturi=" + account).grammar;
  };
  CHECK(grammar("https://ca.example/account-hash/sha-256/" + hash) == PersistGrammar::draft_02);
  CHECK(grammar("https://ca.example/sha-256/" + hash + "x") == PersistGrammar::draft_01);
  CHECK(grammar("https://ca.example/sha-512/" + hash) == PersistGrammar::draft_01);
  CHECK(grammar("https://ca.example/sha-256/" + std::string(43, '+')) == PersistGrammar::draft_01);
}

TEST_CASE("seconds beyond 10^11 are milliseconds") {
  CHECK(is_surely_milliseconds(1798761600000));
  CHECK(is_surely_milliseconds(100000000001));
  CHECK_FALSE(is_surely_milliseconds(100000000000));
  CHECK_FALSE(is_surely_milliseconds(1798761600));
}

TEST_CASE("a value to publish is read back as it was meant") {
  CHECK(persist_value("ca.example", kAccount, false) ==
        "ca.example; accounturi=https://ca.example/acct/1");
  const std::string value = persist_value("ca.example", kAccount, true, 1798761600);
  CHECK(value ==
        "ca.example; accounturi=https://ca.example/acct/1; policy=wildcard; "
        "persistUntil=1798761600");
  const PersistRecord record = parse_persist_record(value);
  CHECK_FALSE(record.fault);
  CHECK(record.account == kAccount);
  CHECK(record.wildcard);
  CHECK(record.until == 1798761600);
}
