#pragma once
// Private to lib/dns: reading and writing the byte strings of DNS messages, with bounds checked
// in one place. Knows no record types.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/name.h"

namespace dcv::dns {

// Reads big-endian values one after the other. A read past the end yields zero or nothing and
// makes ok() false for good, so callers check once, at the end.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {
    if (at_ > bytes_.size()) ok_ = false;
  }

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::string_view take(std::size_t count);
  std::string_view rest() { return take(left()); }
  // A character-string of RFC 1035 3.3: a length byte and that many bytes.
  std::string_view counted() { return take(u8()); }
  // A name without compression.
  Name name();
  // A name that may point to earlier bytes (RFC 1035 4.1.4). Empty if the name is wrong but its
  // end is known, so that reading can go on; if not even that, ok() becomes false as well.
  std::optional<Name> compressed_name();

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && at_ == bytes_.size(); }
  std::size_t at() const { return at_; }
  std::size_t left() const { return ok_ ? bytes_.size() - at_ : 0; }

 private:
  std::string_view bytes_;
  std::size_t at_;
  bool ok_ = true;
};

void append_u8(std::string& bytes, std::uint8_t value);
void append_u16(std::string& bytes, std::uint16_t value);
void append_u32(std::string& bytes, std::uint32_t value);
// Overwrites the two bytes at `at`, which must exist.
void put_u16(std::string& bytes, std::size_t at, std::uint16_t value);

// RFC 4648 7 in lower case, without padding: how NSEC3 names are written.
std::string base32hex(std::string_view bytes);

}  // namespace dcv::dns
