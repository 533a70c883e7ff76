#pragma once
// Compares a document byte for byte with its file in the golden folder of a room's tests.
// DCV_UPDATE_GOLDEN=1 in the environment rewrites the files instead.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.h"

namespace dcv::testing {

// `file` is "report/ready.txt" for tests/report/golden/ready.txt.
inline std::string golden_path(const std::string& file) {
  const std::size_t slash = file.find('/');
  return std::string(DCV_SOURCE_DIR) + "/tests/" + file.substr(0, slash) + "/golden" +
         file.substr(slash);
}

inline std::string golden_text(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(golden_path(file), std::ios::binary).rdbuf();
  return text.str();
}

inline void check_golden(const std::string& file, const std::string& text) {
  if (std::getenv("DCV_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(golden_path(file), std::ios::binary) << text;
  }
  INFO(golden_path(file));
  CHECK(text == golden_text(file));
}

}  // namespace dcv::testing
