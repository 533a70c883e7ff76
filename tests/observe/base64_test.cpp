// Base64 against the vectors of RFC 4648 10, and what is no base64.
#include "observe/base64.h"

#include "support/catch.h"

using dcv::observe::base64;
using dcv::observe::from_base64;

TEST_CASE("base64 gives the test vectors of RFC 4648, both ways") {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(base64(bytes) == text);
    REQUIRE(from_base64(text));
    CHECK(*from_base64(text) == bytes);
  }
}

TEST_CASE("base64 keeps every byte") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(*from_base64(base64(bytes)) == bytes);
}

TEST_CASE("what is not exactly base64 is refused") {
  for (const char* text :
       {"Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zm 9", "Zh==", "Zm9=", "Zg==Zg==", "Zm-_"}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
}
