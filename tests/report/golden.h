#pragma once
// Compares a rendered document byte for byte with its file in tests/report/golden/.
// DCV_UPDATE_GOLDEN=1 in the environment rewrites the files instead.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.h"

namespace dcv::testing {

inline void check_golden(const std::string& file, const std::string& text) {
  const std::string path = std::string(DCV_SOURCE_DIR) + "/tests/report/golden/" + file;
  if (std::getenv("DCV_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ostringstream golden;
  golden << std::ifstream(path, std::ios::binary).rdbuf();
  INFO(path);
  CHECK(text == golden.str());
}

}  // namespace dcv::testing
