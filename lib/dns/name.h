#pragma once
// A domain name (RFC 1034 3.1, RFC 1035 2.3, RFC 4343): labels of any bytes, always absolute.
// The rules of case, escaping and length live here and nowhere else.

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"

namespace dcv::dns {

class Name {
 public:
  Name() = default;  // the root

  // Reads presentation form with the escapes \X and \DDD (RFC 1035 5.1). A final dot is optional;
  // the name is absolute either way. Errors: empty label, label over 63 bytes, name over 255
  // bytes in wire form, bad escape, empty text. "." is the root.
  static Result<Name> parse(std::string_view text);

  // For names written in the source and in tests: parse() that throws std::invalid_argument.
  static Name of(std::string_view text);

  // Labels from leftmost to rightmost, without the root's empty one; same length errors as parse().
  static Result<Name> from_labels(std::vector<std::string> labels);

  // Presentation form with a final dot ("." for the root); keeps the case; escapes whatever is
  // not printable ASCII or special in a zone file, so that it is safe to show anywhere.
  std::string text() const;
  // The same without the final dot (the root stays "."), as people write names in prose.
  std::string prose() const;
  // Uncompressed wire form with the root's zero byte.
  std::string wire() const;

  const std::vector<std::string>& labels() const { return labels_; }
  std::size_t label_count() const { return labels_.size(); }
  bool is_root() const { return labels_.empty(); }

  // The name without its leftmost label; the root is its own parent.
  Name parent() const;
  // The last `count` labels: Name::of("a.b.c").suffix(2) is b.c. At most label_count().
  Name suffix(std::size_t count) const;
  // `label` in front of this name; fails on the length rules.
  Result<Name> child(std::string_view label) const;
  // This name with all labels of `tail` behind it: a.b + c.d is a.b.c.d; fails on the length rules.
  Result<Name> joined(const Name& tail) const;
  // ASCII letters in lower case.
  Name lower() const;

  bool is_wildcard() const { return !labels_.empty() && labels_.front() == "*"; }
  // True if this name equals `ancestor` or lies below it; ASCII case is ignored.
  bool is_within(const Name& ancestor) const;
  bool is_below(const Name& ancestor) const;  // within, and not equal

  // Byte for byte, case included (for 0x20).
  bool same_case(const Name& other) const { return labels_ == other.labels_; }

  // Equality ignores ASCII case; the order is the canonical one of RFC 4034 6.1.
  friend bool operator==(const Name& a, const Name& b);
  friend std::weak_ordering operator<=>(const Name& a, const Name& b);

 private:
  std::vector<std::string> labels_;
};

// The deepest common ancestor.
Name common_ancestor(const Name& a, const Name& b);

// `bytes` as one presentation-form label or character-string body: printable ASCII stays, quotes,
// backslash and the bytes of `special` get a backslash, all else (and a special space) becomes
// \DDD.
std::string escape(std::string_view bytes, std::string_view special);
// escape() without further special bytes, in double quotes.
std::string quoted(std::string_view bytes);

}  // namespace dcv::dns
