// Basic authentication against bcrypt.
#include "http_passwords.h"

#include <crypt.h>

#include "observe/base64.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

std::string field(const std::string& text) {
  return "Basic " + observe::base64(text);
}

bool admits(const Passwords& passwords, const std::string& authorization) {
  return succeeds(passwords.trial(authorization));
}

std::string hash_of(const std::string& password) {
  crypt_data space{};
  const char* const hash = crypt_r(password.c_str(), "$2y$04$abcdefghijklmnopqrstuu", &space);
  REQUIRE(hash != nullptr);
  return hash;
}

}  // namespace

TEST_CASE("a user comes in with the password, and nobody else") {
  Passwords passwords({{"alice", hash_of("a:secret")}});
  CHECK(passwords.wanted());
  CHECK(admits(passwords, field("alice:a:secret")));
  CHECK(admits(passwords, "basic " + observe::base64("alice:a:secret")));
  for (const std::string& other :
       {field("alice:"), field("alice:a:secrets"), field("bob:a:secret"), field(":a:secret"),
        field("alice"), field(std::string("alice:a:secret\0x", 16)), std::string("Basic"),
        std::string("Basic !"), std::string(), "Bearer " + observe::base64("alice:a:secret")}) {
    INFO(other);
    CHECK_FALSE(admits(passwords, other));
  }
  CHECK_FALSE(Passwords({}).wanted());
}

TEST_CASE("what was found out is remembered") {
  Passwords passwords({{"alice", hash_of("secret")}});
  CHECK(passwords.known(field("alice:secret")) == std::nullopt);
  passwords.remember(field("alice:secret"), true);
  passwords.remember(field("alice:guess"), false);
  CHECK(passwords.known(field("alice:secret")) == std::optional(true));
  CHECK(passwords.known(field("alice:guess")) == std::optional(false));
  CHECK(passwords.known(field("alice:other")) == std::nullopt);
  CHECK(passwords.known("nothing") == std::optional(false));  // no need to compute anything
}

TEST_CASE("only bcrypt hashes of a bearable cost are taken") {
  const std::string good = hash_of("secret");
  CHECK(is_password_hash(good));
  CHECK_FALSE(is_password_hash("secret"));
  CHECK_FALSE(is_password_hash(good.substr(1)));
  CHECK_FALSE(is_password_hash("$6$" + good.substr(3)));
  CHECK_FALSE(is_password_hash("$2y$15" + good.substr(6)));
  CHECK_FALSE(is_password_hash("$2y$03" + good.substr(6)));
}
