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
  Passwords passwords;
  passwords.admit({{"alice", hash_of("a:secret")}});
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
  CHECK_FALSE(Passwords().wanted());
}

TEST_CASE("what was found out is remembered") {
  Passwords passwords;
  passwords.admit({{"alice", hash_of("secret")}});
  CHECK(passwords.known(field("alice:secret")) == std::nullopt);
  passwords.remember(field("alice:secret"), true);
  passwords.remember(field("alice:guess"), false);
  CHECK(passwords.known(field("alice:secret")) == std::optional(true));
  CHECK(passwords.known(field("alice:guess")) == std::optional(false));
  CHECK(passwords.known(field("alice:other")) == std::nullopt);
  CHECK(passwords.known("nothing") == std::optional(false));  // no need to compute anything
}

TEST_CASE("a good password stays known, however many wrong ones come") {
  Passwords passwords;
  passwords.admit({{"alice", hash_of("secret")}, {"bob", hash_of("other")}});
  passwords.remember(field("alice:secret"), true);
  passwords.remember(field("bob:other"), true);
  for (int i = 0; i < 5000; ++i) passwords.remember(field("alice:" + std::to_string(i)), false);
  CHECK(passwords.known(field("alice:secret")) == std::optional(true));
  CHECK(passwords.known("basic " + observe::base64("alice:secret")) == std::optional(true));
  CHECK(passwords.known(field("alice:4999")) == std::optional(false));
  CHECK(passwords.known(field("alice:0")) == std::nullopt);  // a bounded number of wrong ones
}

TEST_CASE("a change of the users forgets whom it concerns") {
  Passwords passwords;
  const std::string alice = hash_of("secret");
  passwords.admit({{"alice", alice}, {"bob", hash_of("other")}, {"carol", hash_of("third")}});
  for (const char* each : {"alice:secret", "bob:other", "carol:third"})
    passwords.remember(field(each), true);
  passwords.remember(field("bob:new"), false);
  passwords.admit({{"alice", alice}, {"bob", hash_of("new")}});
  CHECK(passwords.known(field("alice:secret")) == std::optional(true));
  for (const char* each : {"bob:other", "bob:new", "carol:third"}) {
    INFO(each);
    CHECK(passwords.known(field(each)) == std::nullopt);
  }
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
