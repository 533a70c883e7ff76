#pragma once
// What the fuzz targets share: their entry, cutting an input into parts, and stating what must
// hold.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// Called by libFuzzer, or by replay_main.cpp, once for each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace dcv::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// What comes of an input is of no interest here, only that nothing bad happens.
template <typename T>
void ignore(const T&) {}

// An input as a sequence of parts; what is missing at the end is zero or empty.
class Parts {
 public:
  explicit Parts(std::string_view input) : left_(input) {}

  bool empty() const { return left_.empty(); }
  std::uint8_t byte() {
    const std::string_view taken = take(1);
    return taken.empty() ? 0 : static_cast<std::uint8_t>(taken.front());
  }
  // Two length bytes, and as many bytes as they say.
  std::string_view block() {
    const std::size_t high = byte();
    return take(high << 8 | byte());
  }
  std::string_view rest() { return take(left_.size()); }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view left_;
};

}  // namespace dcv::fuzz
