// Labels of accounts: vectors of the draft, of Boulder, and by the openssl command.
#include "rules/account_label.h"

#include <cstdio>
#include <memory>

#include "support/catch.h"

using namespace dcv::rules;

namespace {

// The same by other means: openssl and base32 of the shell.
std::string by_command(const std::string& url) {
  const std::string command = "printf %s '" + url +
                              "' | openssl dgst -sha256 -binary | head -c 10 | base32 | "
                              "tr 'A-Z' 'a-z'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string output;
  for (int c = 0; (c = fgetc(pipe.get())) != EOF && c != '\n';) output += static_cast<char>(c);
  return "_" + output;
}

}  // namespace

TEST_CASE("an account's label is that of the draft's example") {
  CHECK(account_label("https://example.com/acme/acct/ExampleAccount") == "_ujmmovf2vn55tgye");
}

TEST_CASE("an account's label is what openssl and base32 give") {
  for (const std::string url : {"https://acme-v02.api.letsencrypt.org/acme/acct/1234567",
                                "https://acme-v02.api.letsencrypt.org/acme/acct/1234567/",
                                "https://acme-staging-v02.api.letsencrypt.org/acme/acct/1234567",
                                "https://dv.acme-v02.api.pki.goog/account/abcDEF", ""}) {
    INFO(url);
    CHECK(account_label(url) == by_command(url));
  }
}

TEST_CASE("every byte of the account URL counts") {
  const std::string url = "https://acme-v02.api.letsencrypt.org/acme/acct/1";
  CHECK(account_label(url) != account_label(url + "/"));
  CHECK(account_label(url) != account_label("https://acme-v02.api.letsencrypt.org/acme/acct/2"));
  CHECK(account_label(url).size() == 17);
}
