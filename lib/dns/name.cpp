// Domain names: presentation and wire form, comparison, relations.

#include "dns/name.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace dcv::dns {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 255;  // in wire form
constexpr std::string_view kSpecialInNames = ".;()@$ ";

char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view label) {
  std::string result(label);
  std::ranges::transform(result, result.begin(), [](char c) { return lower_case(c); });
  return result;
}

bool same_label(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_case(x) == lower_case(y); });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The byte that the escape at text[at] (a backslash) stands for; moves `at` behind it.
std::optional<char> unescape(std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size()) return std::nullopt;
  if (!is_digit(text[at + 1])) {
    at += 2;
    return text[at - 1];
  }
  if (at + 3 >= text.size() || !is_digit(text[at + 2]) || !is_digit(text[at + 3]))
    return std::nullopt;
  int value = (text[at + 1] - '0') * 100 + (text[at + 2] - '0') * 10 + (text[at + 3] - '0');
  if (value > 255) return std::nullopt;
  at += 4;
  return static_cast<char>(value);
}

Error fault(std::string_view text, std::string_view problem) {
  return Error{quoted(text.substr(0, 300)).append(" ").append(problem)};
}

}  // namespace

std::string escape(std::string_view bytes, std::string_view special) {
  std::string result;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    bool is_special = c == '"' || c == '\\' || special.find(c) != std::string_view::npos;
    if (byte < 0x20 || byte > 0x7e || (is_special && c == ' ')) {
      result += '\\';
      for (int divisor : {100, 10, 1}) result += static_cast<char>('0' + byte / divisor % 10);
    } else {
      if (is_special) result += '\\';
      result += c;
    }
  }
  return result;
}

std::string quoted(std::string_view bytes) {
  std::string result = "\"";
  return result.append(escape(bytes, "")).append("\"");
}

Result<Name> Name::parse(std::string_view text) {
  if (text.empty()) return Error{"the name is empty"};
  if (text == ".") return Name();
  std::vector<std::string> labels;
  std::string label;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '.') {
      if (label.empty()) return fault(text, "has an empty label");
      labels.push_back(std::move(label));
      label.clear();
      ++at;
    } else if (text[at] == '\\') {
      auto byte = unescape(text, at);
      if (!byte) return fault(text, "has a bad escape: \\X or \\DDD up to \\255 is possible");
      label += *byte;
    } else {
      label += text[at++];
    }
  }
  if (!label.empty()) labels.push_back(std::move(label));
  return from_labels(std::move(labels));
}

Name Name::of(std::string_view text) {
  auto name = parse(text);
  if (!name) throw std::invalid_argument("not a domain name: " + name.error());
  return std::move(name).value();
}

Result<Name> Name::from_labels(std::vector<std::string> labels) {
  std::size_t wire_length = 1;
  for (const auto& label : labels) {
    if (label.empty()) return Error{"the name has an empty label"};
    if (label.size() > kLongestLabel)
      return fault(label, "is longer than 63 bytes, the limit of a label");
    wire_length += 1 + label.size();
  }
  if (wire_length > kLongestName) {
    return Error{"the name needs " + std::to_string(wire_length) +
                 " bytes in a DNS message, 255 is the limit"};
  }
  Name name;
  name.labels_ = std::move(labels);
  return name;
}

std::string Name::text() const {
  if (is_root()) return ".";
  return prose() + ".";
}

std::string Name::prose() const {
  if (is_root()) return ".";
  std::string result;
  for (const auto& label : labels_) {
    if (!result.empty()) result += '.';
    result += escape(label, kSpecialInNames);
  }
  return result;
}

std::string Name::wire() const {
  std::string result;
  for (const auto& label : labels_) {
    result += static_cast<char>(label.size());
    result += label;
  }
  result += '\0';
  return result;
}

Name Name::parent() const {
  return suffix(is_root() ? 0 : label_count() - 1);
}

Name Name::suffix(std::size_t count) const {
  Name name;
  auto skipped = label_count() - std::min(count, label_count());
  name.labels_.assign(labels_.begin() + static_cast<std::ptrdiff_t>(skipped), labels_.end());
  return name;
}

Result<Name> Name::child(std::string_view label) const {
  std::vector<std::string> labels{std::string(label)};
  labels.insert(labels.end(), labels_.begin(), labels_.end());
  return from_labels(std::move(labels));
}

Result<Name> Name::joined(const Name& tail) const {
  auto labels = labels_;
  labels.insert(labels.end(), tail.labels_.begin(), tail.labels_.end());
  return from_labels(std::move(labels));
}

Name Name::lower() const {
  Name name = *this;
  for (auto& label : name.labels_) label = lower_case(label);
  return name;
}

bool Name::is_within(const Name& ancestor) const {
  if (ancestor.label_count() > label_count()) return false;
  return std::equal(ancestor.labels_.rbegin(), ancestor.labels_.rend(), labels_.rbegin(),
                    same_label);
}

bool Name::is_below(const Name& ancestor) const {
  return label_count() > ancestor.label_count() && is_within(ancestor);
}

bool operator==(const Name& a, const Name& b) {
  return std::ranges::equal(a.labels_, b.labels_, same_label);
}

std::weak_ordering operator<=>(const Name& a, const Name& b) {
  auto x = a.labels_.rbegin();
  auto y = b.labels_.rbegin();
  for (; x != a.labels_.rend() && y != b.labels_.rend(); ++x, ++y) {
    // std::string compares bytes as unsigned, as RFC 4034 wants.
    if (auto order = lower_case(*x) <=> lower_case(*y); std::is_neq(order)) return order;
  }
  return a.label_count() <=> b.label_count();
}

Name common_ancestor(const Name& a, const Name& b) {
  auto count = std::min(a.label_count(), b.label_count());
  while (!b.is_within(a.suffix(count))) --count;
  return a.suffix(count);
}

}  // namespace dcv::dns
