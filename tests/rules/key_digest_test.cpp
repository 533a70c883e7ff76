#include "rules/key_digest.h"

#include "support/catch.h"

using dcv::rules::key_digest;

namespace {

// printf '%s' TOKEN.THUMBPRINT | sha256sum, and the same in base64url
const std::string kThumbprint = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
const std::string kKeyAuthorization = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0." + kThumbprint;
const std::string kHex = "2cfb08c13a3ba3c0681b4faf8c2c8640605649520fc48fa2fd7df7e9e50e419a";
const std::string kBase64 = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo";

}  // namespace

TEST_CASE("a digest is read from base64url, from hex, and from the key authorization itself") {
  CHECK(key_digest(kBase64) == kHex);
  CHECK(key_digest(kHex) == kHex);
  CHECK(key_digest(kKeyAuthorization) == kHex);
}

TEST_CASE("hex may have capital letters and colons, as OpenSSL prints it") {
  std::string printed;
  for (std::size_t i = 0; i < kHex.size(); ++i) {
    if (i > 0 && i % 2 == 0) printed += ':';
    printed += kHex[i] >= 'a' ? static_cast<char>(kHex[i] - 'a' + 'A') : kHex[i];
  }
  CHECK(key_digest(printed) == kHex);
}

TEST_CASE("what is no digest is not taken for one") {
  CHECK_FALSE(key_digest(""));
  CHECK_FALSE(key_digest("token"));
  CHECK_FALSE(key_digest(kBase64 + "="));
  CHECK_FALSE(key_digest(kBase64.substr(1)));
  CHECK_FALSE(key_digest(kHex.substr(1)));
  CHECK_FALSE(key_digest("+" + kBase64.substr(1)));
  CHECK_FALSE(key_digest("." + kThumbprint));
  CHECK_FALSE(key_digest("token." + kThumbprint.substr(1)));
  CHECK_FALSE(key_digest(std::string(100, '.')));
}
