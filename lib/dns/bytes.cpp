// The cursor over DNS bytes, names and compression pointers included.

#include "dns/bytes.h"

#include <vector>

namespace dcv::dns {
namespace {

constexpr std::uint8_t kPointer = 0xc0;  // the two highest bits of a compression pointer
constexpr std::size_t kMostLabels = 127;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

// Where reading goes on behind the name that starts at `at`; empty when that cannot be told.
std::optional<std::size_t> end_of_name(std::string_view bytes, std::size_t at) {
  while (at < bytes.size()) {
    std::uint8_t length = byte_at(bytes, at);
    if (length >= kPointer) {
      if (at + 2 > bytes.size()) return std::nullopt;
      return at + 2;
    }
    if (length > 63) return std::nullopt;
    at += 1U + length;
    if (length == 0) return at;
  }
  return std::nullopt;
}

// The name at `at`. Each pointer must lead to before the start of the part it was found in, so
// the walk ends on any bytes.
std::optional<Name> follow_name(std::string_view bytes, std::size_t at) {
  std::vector<std::string> labels;
  std::size_t part = at;
  std::size_t pointers = 0;
  while (at < bytes.size() && labels.size() <= kMostLabels) {
    std::uint8_t length = byte_at(bytes, at);
    if (length >= kPointer) {
      if (at + 2 > bytes.size()) return std::nullopt;
      std::size_t target = (length & 0x3fU) << 8 | byte_at(bytes, at + 1);
      if (target >= part || ++pointers > kMostLabels) return std::nullopt;
      part = at = target;
      continue;
    }
    if (length > 63 || at + 1 + length > bytes.size()) return std::nullopt;
    if (length == 0) {
      auto name = Name::from_labels(std::move(labels));
      if (!name) return std::nullopt;
      return std::move(name).value();
    }
    labels.emplace_back(bytes.substr(at + 1, length));
    at += 1U + length;
  }
  return std::nullopt;
}

}  // namespace

std::string_view Cursor::take(std::size_t count) {
  if (!ok_ || count > bytes_.size() - at_) {
    ok_ = false;
    return {};
  }
  at_ += count;
  return bytes_.substr(at_ - count, count);
}

std::uint8_t Cursor::u8() {
  auto byte = take(1);
  return ok_ ? byte_at(byte, 0) : std::uint8_t{0};
}

std::uint16_t Cursor::u16() {
  unsigned high = u8();
  unsigned low = u8();
  return static_cast<std::uint16_t>(high << 8 | low);
}

std::uint32_t Cursor::u32() {
  std::uint32_t high = u16();
  std::uint32_t low = u16();
  return high << 16 | low;
}

Name Cursor::name() {
  std::vector<std::string> labels;
  for (;;) {
    std::uint8_t length = u8();
    if (length > 63) ok_ = false;
    if (!ok_) return {};
    if (length == 0) break;
    labels.emplace_back(take(length));
  }
  auto name = Name::from_labels(std::move(labels));
  if (!name) {
    ok_ = false;
    return {};
  }
  return std::move(name).value();
}

std::optional<Name> Cursor::compressed_name() {
  auto end = ok_ ? end_of_name(bytes_, at_) : std::nullopt;
  if (!end) {
    ok_ = false;
    return std::nullopt;
  }
  auto name = follow_name(bytes_, at_);
  at_ = *end;
  return name;
}

void append_u8(std::string& bytes, std::uint8_t value) {
  bytes += static_cast<char>(value);
}

void append_u16(std::string& bytes, std::uint16_t value) {
  bytes += static_cast<char>(value >> 8);
  bytes += static_cast<char>(value & 0xff);
}

void append_u32(std::string& bytes, std::uint32_t value) {
  append_u16(bytes, static_cast<std::uint16_t>(value >> 16));
  append_u16(bytes, static_cast<std::uint16_t>(value & 0xffff));
}

void put_u16(std::string& bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<char>(value >> 8);
  bytes[at + 1] = static_cast<char>(value & 0xff);
}

std::string base32hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuv";
  std::string text;
  std::uint32_t pending = 0;  // bits not yet written, the lowest `count` ones
  unsigned count = 0;
  for (const char byte : bytes) {
    pending = pending << 8 | static_cast<std::uint8_t>(byte);
    for (count += 8; count >= 5; count -= 5) text += kDigits[pending >> (count - 5) & 31];
    pending &= 31;
  }
  if (count > 0) text += kDigits[pending << (5 - count) & 31];
  return text;
}

}  // namespace dcv::dns
