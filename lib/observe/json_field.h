#pragma once
// A value in a JSON document and its place there, for reading files that may come from anywhere:
// the first thing wrong is named by its place, and after it all reads give empty values.

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dns/name.h"
#include "dns/result.h"

namespace dcv::observe {

// A whole file; an error says where it is none, or that a number is beyond what is read.
inline Result<nlohmann::json> parsed_json(std::string_view text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& problem) {
    return Error{"this is not JSON (wrong at byte " + std::to_string(problem.byte) + ")"};
  } catch (const nlohmann::json::out_of_range&) {
    return Error{"a number in this JSON is too large"};
  }
}

class Field {
 public:
  using Json = nlohmann::json;

  // Keeps the pointer and the reference. `path` is empty for the document itself.
  Field(const Json* value, std::string path, std::string& error)
      : value_(value), path_(std::move(path)), error_(&error) {}

  Field operator[](const char* key) const {
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!is(value_ != nullptr && value_->is_object(), "an object")) return {nullptr, path, *error_};
    const auto found = value_->find(key);
    if (found != value_->end()) return {&*found, path, *error_};
    if (error_->empty()) *error_ = path + " is missing";
    return {nullptr, path, *error_};
  }

  // False too when this is no object.
  bool has(const char* key) const {
    return value_ != nullptr && value_->is_object() && value_->contains(key);
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> found;
    if (!is(value_ != nullptr && value_->is_object(), "an object")) return found;
    for (const auto& [key, value] : value_->items()) found.push_back(key);
    return found;
  }

  std::vector<Field> items() const {
    std::vector<Field> fields;
    if (!is(value_ != nullptr && value_->is_array(), "a list")) return fields;
    for (std::size_t i = 0; i < value_->size(); ++i) {
      fields.push_back({&(*value_)[i], path_ + "[" + std::to_string(i) + "]", *error_});
    }
    return fields;
  }

  bool is_null() const { return value_ != nullptr && value_->is_null(); }
  bool is_string() const { return value_ != nullptr && value_->is_string(); }

  std::string string() const {
    if (!is(is_string(), "a string")) return {};
    return value_->get<std::string>();
  }
  // The bytes behind presentation form: the way back from dns::escape().
  std::string bytes() const {
    const std::string shown = string();
    std::string bytes;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      if (shown[i] != '\\') {
        bytes += shown[i];
        continue;
      }
      const auto digit = [&](std::size_t k) {
        return i + k < shown.size() && shown[i + k] >= '0' && shown[i + k] <= '9';
      };
      if (digit(1) && digit(2) && digit(3)) {
        const int code = std::stoi(shown.substr(i + 1, 3));
        if (code > 255) fail("an escape above \\255");
        bytes += static_cast<char>(code);
        i += 3;
      } else if (i + 1 < shown.size()) {
        bytes += shown[++i];
      } else {
        fail("a lone backslash at the end");
      }
    }
    return bytes;
  }
  bool boolean() const {
    return is(value_ != nullptr && value_->is_boolean(), "true or false") && value_->get<bool>();
  }
  // Seconds: a duration, or a moment that a calendar has.
  double number() const {
    constexpr double kYear10000 = 253402300800;
    if (!is(value_ != nullptr && value_->is_number(), "a number")) return 0;
    const double value = value_->get<double>();
    return is(value > -kYear10000 && value < kYear10000, "before the year 10000") ? value : 0;
  }
  // A whole number from 0 to `limit`.
  std::uint64_t count(std::uint64_t limit) const {
    const bool fits =
        value_ != nullptr && value_->is_number_unsigned() && value_->get<std::uint64_t>() <= limit;
    return is(fits, "a whole number from 0 to " + std::to_string(limit))
               ? value_->get<std::uint64_t>()
               : 0;
  }
  int integer() const { return static_cast<int>(count(std::numeric_limits<int>::max())); }

  // The enumerator with this word; `last` is the last one of the enumeration.
  template <typename Enum>
  Enum word(Enum last) const {
    const std::string word = string();
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (text(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
    }
    fail("\"" + dns::escape(word, "") + "\" is not a word that this tool knows here");
    return Enum{};
  }

  // The value of `result`, or an empty one with the error noted.
  template <typename T>
  T checked(const Result<T>& result) const {
    if (result) return *result;
    fail(result.error());
    return T{};
  }

  // `read` applied to every item.
  template <typename T>
  std::vector<T> list(T (*read)(const Field&)) const {
    std::vector<T> values;
    for (const Field& item : items()) values.push_back(read(item));
    return values;
  }

  void fail(const std::string& reason) const {
    if (error_->empty()) *error_ = path_.empty() ? reason : path_ + ": " + reason;
  }

 private:
  bool is(bool holds, const std::string& wanted) const {
    if (!holds && error_->empty()) {
      *error_ = (path_.empty() ? "the document" : path_) + " must be " + wanted;
    }
    return holds;
  }

  const Json* value_;
  std::string path_;
  std::string* error_;
};

}  // namespace dcv::observe
