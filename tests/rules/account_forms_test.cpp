// Slips with account URLs.
#include "rules/account_forms.h"

#include "support/catch.h"

using namespace dcv::rules;

namespace {

// "slip: uri" of each.
std::vector<std::string> forms(const std::string& uri) {
  std::vector<std::string> texts;
  for (const AccountForm& each : other_forms(uri)) texts.push_back(each.slip + ": " + each.uri);
  return texts;
}

}  // namespace

TEST_CASE("an account of production may be taken for one of staging, and the other way round") {
  CHECK(forms("https://acme-v02.api.letsencrypt.org/acme/acct/7") ==
        std::vector<std::string>{
            "of the staging environment: https://acme-staging-v02.api.letsencrypt.org/acme/acct/7",
            "of the former API v01: https://acme-v01.api.letsencrypt.org/acme/reg/7",
            "with http instead of https: http://acme-v02.api.letsencrypt.org/acme/acct/7",
            "with a slash at its end: https://acme-v02.api.letsencrypt.org/acme/acct/7/",
            "with a line feed behind it, as echo writes it: "
            "https://acme-v02.api.letsencrypt.org/acme/acct/7\n",
            "without all but its last part: 7"});
  CHECK(forms("https://acme-staging-v02.api.letsencrypt.org/acme/acct/7").front() ==
        "of the production environment: https://acme-v02.api.letsencrypt.org/acme/acct/7");
  CHECK(forms("https://acme-v01.api.letsencrypt.org/acme/reg/7").front() ==
        "of the API v02: https://acme-v02.api.letsencrypt.org/acme/acct/7");
}

TEST_CASE("accounts of other CAs have the general slips") {
  CHECK(forms("http://CA.example/acct/") ==
        std::vector<std::string>{"with https instead of http: https://CA.example/acct/",
                                 "without the slash at its end: http://CA.example/acct",
                                 "with a line feed behind it, as echo writes it: "
                                 "http://CA.example/acct/\n",
                                 "in lower case: http://ca.example/acct/"});
}

TEST_CASE("what is no URL has few forms") {
  CHECK(forms("7") == std::vector<std::string>{"with a slash at its end: 7/",
                                               "with a line feed behind it, as echo writes it: "
                                               "7\n"});
}
