#include "check/caa_value.h"

#include "support/catch.h"

using namespace dcv;
using namespace dcv::check::caa;

namespace {

const std::string kAccount = "https://acme-v02.api.letsencrypt.org/acme/acct/7";

Reading read(const std::string& value, std::vector<std::string> accounts = {}) {
  const observe::CaProfile ca = observe::default_profile();
  return read_issue_value(value, {ca, rules::Method::dns_01, std::move(accounts)});
}

Reading read_leniently(const std::string& value) {
  observe::CaProfile ca = observe::default_profile();
  ca.exact_identity = false;
  return read_issue_value(value, {ca, rules::Method::dns_01, {}});
}

}  // namespace

TEST_CASE("issuer and parameters are read with the blanks around them dropped") {
  const auto issue = parse_issue_value(" ca.example \t; a=1 ;b = x=y ", false);
  REQUIRE(issue);
  CHECK(issue->issuer == "ca.example");
  REQUIRE(issue->parameters.size() == 2);
  CHECK(issue->parameters[0].tag == "a");
  CHECK(issue->parameters[1].tag == "b");
  CHECK(issue->parameters[1].value == "x=y");
}

TEST_CASE("one empty parameter is tolerated, a semicolon after a real one is not") {
  CHECK(parse_issue_value("ca.example;", false)->parameters.empty());
  CHECK(parse_issue_value("ca.example; ", false)->parameters.empty());
  CHECK(parse_issue_value(";", false)->issuer.empty());
  CHECK(parse_issue_value("", false)->issuer.empty());
  CHECK(parse_issue_value("ca.example;a=1;", false).error() ==
        "has a semicolon too many after its parameters");
  CHECK_FALSE(parse_issue_value("ca.example;;", false));
}

TEST_CASE("unreadable parameters void the record") {
  CHECK(parse_issue_value("ca.example; dns-01", false).error() ==
        "has a parameter without \"=\": \"dns-01\"");
  CHECK(parse_issue_value("ca.example; my-tag=1", false).error() ==
        "has a parameter with a forbidden character in its name: \"my-tag\"");
  CHECK(parse_issue_value("ca.example; my-tag=1", true));
  CHECK_FALSE(parse_issue_value("ca.example; my_tag=1", true));
  CHECK(parse_issue_value("ca.example; a=1 2", false).error() ==
        "has a blank or a forbidden character in the parameter a");
  CHECK_FALSE(parse_issue_value("ca.example; a=\x7f", false));
  CHECK_FALSE(parse_issue_value("ca.example; a=\xc3\xa4", false));
}

TEST_CASE("the issuer must be the CA's domain, byte for byte where the CA demands it") {
  CHECK(read("letsencrypt.org").match == Match::yes);
  CHECK(read(" letsencrypt.org\t;").match == Match::yes);
  CHECK(read("other.example").match == Match::another_ca);
  CHECK(read(";").match == Match::another_ca);
  CHECK(read("").match == Match::another_ca);
  CHECK(read("LetsEncrypt.org").match == Match::misspelt);
  CHECK(read("letsencrypt.org.").match == Match::misspelt);
  CHECK(read_leniently("LetsEncrypt.org.").match == Match::yes);
}

TEST_CASE("a record that was meant for this CA is recognised, and mended") {
  struct Row {
    std::string value, fault, mended;
  };
  const Row rows[] = {
      {"letsencrypt.org.", "has a dot at the end of its issuer", "letsencrypt.org"},
      {"LetsEncrypt.org", "has capital letters in its issuer", "letsencrypt.org"},
      {"\"letsencrypt.org\"", "has blanks or quotes in its issuer", "letsencrypt.org"},
      {"letsencrypt.org\n", "has blanks or quotes in its issuer", "letsencrypt.org"},
      {"https://letsencrypt.org", "has \"https://letsencrypt.org\" for the issuer letsencrypt.org",
       "letsencrypt.org"},
      {"Let's Encrypt Authority X3",
       "has \"Let's Encrypt Authority X3\" for the issuer, which is no domain of this CA",
       "letsencrypt.org"},
      {"letsencrypt.com", "has \"letsencrypt.com\" for the issuer, which is no domain of this CA",
       "letsencrypt.org"},
      {"letsencrypt.org; validationmethods", "has a parameter without \"=\": \"validationmethods\"",
       "letsencrypt.org"},
      {"letsencrypt.org; validationmethods=dns-01;",
       "has a semicolon too many after its parameters",
       "letsencrypt.org; validationmethods=dns-01"},
      {"letsencrypt.org; validationmethods=http-01, dns-01",
       "has a blank or a forbidden character in the parameter validationmethods",
       "letsencrypt.org; validationmethods=http-01,dns-01"},
      {"letsencrypt.org; validationmethods=http_01,dns-01",
       "has a method that is none in validationmethods",
       "letsencrypt.org; validationmethods=dns-01"},
      {"letsencrypt.org; validationmethods=dns-01; validationmethods=http-01",
       "has validationmethods twice", "letsencrypt.org; validationmethods=dns-01"},
      {"letsencrypt.org; accounturi=a; accounturi=b", "has accounturi twice",
       "letsencrypt.org; accounturi=a"},
  };
  for (const Row& row : rows) {
    INFO(row.value);
    const Reading reading = read(row.value);
    CHECK(reading.match == Match::misspelt);
    CHECK(reading.fault == row.fault);
    CHECK(reading.mended == row.mended);
    const Match mended = read(row.mended).match;
    CHECK((mended == Match::yes || mended == Match::if_account));
  }
}

TEST_CASE("a slip in another CA's record is not this one's business") {
  for (const std::string value :
       {"digicert.com.", "DigiCert Inc", "digicert.com; x", "zerossl.com"})
    CHECK(read(value).match == Match::another_ca);
}

TEST_CASE("accounturi lets in one account") {
  const std::string value = "letsencrypt.org; accounturi=" + kAccount;
  CHECK(read(value, {kAccount}).match == Match::yes);
  CHECK(read(value, {"x", kAccount}).match == Match::yes);
  CHECK(read(value).match == Match::if_account);
  CHECK(read(value).account == kAccount);
  CHECK_FALSE(read(value).foreign_account);
  const Reading other = read(value, {kAccount + "1"});
  CHECK(other.match == Match::other_account);
  CHECK(other.mended == "letsencrypt.org; accounturi=" + kAccount + "1");
  CHECK(read("letsencrypt.org; accounturi=https://staging.example/1").foreign_account);
}

TEST_CASE("Boulder knows its parameters in lower case only") {
  CHECK(read("letsencrypt.org; AccountURI=x", {kAccount}).match == Match::yes);
  CHECK(read("letsencrypt.org; ValidationMethods=http-01").match == Match::yes);
}

TEST_CASE("validationmethods is read from left to right") {
  CHECK(read("letsencrypt.org; validationmethods=dns-01").match == Match::yes);
  CHECK(read("letsencrypt.org; validationmethods=unknown-99,dns-01").match == Match::yes);
  CHECK(read("letsencrypt.org; validationmethods=dns-01,b@d").match == Match::yes);
  const Reading other = read("letsencrypt.org;validationmethods=http-01;accounturi=x");
  CHECK(other.match == Match::other_method);
  CHECK(other.methods == "http-01");
  CHECK(other.mended == "letsencrypt.org; validationmethods=http-01,dns-01; accounturi=x");
}

TEST_CASE("the general label of a DNS change will do for a CA that offers it") {
  const std::string value = "letsencrypt.org; validationmethods=ca-tbr-7";
  CHECK(read(value).match == Match::other_method);
  observe::CaProfile ca = observe::default_profile();
  ca.methods.push_back("ca-tbr-7");
  CHECK(read_issue_value(value, {ca, rules::Method::dns_01, {}}).match == Match::yes);
  CHECK(read_issue_value(value, {ca, rules::Method::http_01, {}}).match == Match::other_method);
}

TEST_CASE("each method is allowed by its own label") {
  const auto match = [](const std::string& labels, rules::Method method) {
    observe::CaProfile ca = observe::default_profile();
    ca.methods.push_back("ca-tbr-14");
    return read_issue_value("letsencrypt.org; validationmethods=" + labels, {ca, method, {}});
  };
  for (const rules::Method method : rules::kMethods) {
    const std::string label(rules::caa_label(method));
    INFO(label);
    CHECK(match(label, method).match == Match::yes);
    const Reading other = match("tls-sni-01", method);
    CHECK(other.match == Match::other_method);
    CHECK(other.mended == "letsencrypt.org; validationmethods=tls-sni-01," + label);
  }
  CHECK(match("http-file", rules::Method::http_file).match == Match::other_method);
  CHECK(match("http-01", rules::Method::http_file).match == Match::other_method);
  CHECK(match("ca-tbr-18", rules::Method::http_01).match == Match::other_method);
  CHECK(match("dns-01", rules::Method::dns_txt).match == Match::other_method);
}

TEST_CASE("mail goes to any kind of address that the CA has a label for") {
  observe::CaProfile ca = observe::default_profile();
  const std::string value = "letsencrypt.org; validationmethods=ca-tbr-14";
  CHECK(read_issue_value(value, {ca, rules::Method::email, {}}).match == Match::other_method);
  ca.methods.push_back("ca-tbr-14");
  CHECK(read_issue_value(value, {ca, rules::Method::email, {}}).match == Match::yes);
}

TEST_CASE("a CA that does not process the parameters passes over them") {
  observe::CaProfile ca = observe::default_profile();
  ca.honours_accounturi = ca.honours_validationmethods = false;
  const std::string value = "letsencrypt.org; accounturi=x; validationmethods=http-01";
  CHECK(read_issue_value(value, {ca, rules::Method::dns_01, {kAccount}}).match == Match::yes);
}

TEST_CASE("for a CA not yet chosen any domain may be its own") {
  observe::CaProfile any = observe::default_profile();
  any.identities.clear();
  const auto match = [&](const std::string& value) {
    return read_issue_value(value, {any, rules::Method::dns_01, {}}).match;
  };
  CHECK(match("digicert.com") == Match::yes);
  for (const std::string nobody :
       {";", "", "Let's Encrypt Authority X3", "letsencrypt.org.", "%%%"})
    CHECK(match(nobody) == Match::another_ca);
}
