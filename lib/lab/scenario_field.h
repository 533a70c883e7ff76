#pragma once
// The private door to JSON for the .cpp files that read scenarios: one value and the way that led
// to it, so that errors name the field.

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "dns/ip.h"
#include "dns/name.h"

namespace dcv::lab {

// Thrown by fields only; the entries of scenario_json.cpp turn it into a Result.
struct FieldError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One JSON value and the way that led to it, such as servers[1].behaviour.
class Field {
 public:
  Field(const nlohmann::json& value, std::string path) : value_(value), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw FieldError((path_.empty() ? "the document" : path_) + " " + what);
  }

  bool is_text() const { return value_.is_string(); }
  std::string text() const {
    if (!value_.is_string()) fail("is not a string");
    return value_.get<std::string>();
  }
  bool is_truth() const { return value_.is_boolean(); }
  bool truth() const {
    if (!value_.is_boolean()) fail("is neither true nor false");
    return value_.get<bool>();
  }
  double number(double least, double most) const {
    if (!value_.is_number()) fail("is not a number");
    const double number = value_.get<double>();
    if (number < least || number > most) fail("is out of range");
    return number;
  }
  dns::Name name() const {
    auto name = dns::Name::parse(text());
    if (!name) fail("is not a domain name: " + name.error());
    return *name;
  }
  dns::IpAddress address() const {
    auto address = dns::IpAddress::parse(text());
    if (!address) fail("is not an IP address: " + address.error());
    return *address;
  }
  // The value that stands for the word.
  template <typename T>
  T word(const std::map<std::string, T>& words) const {
    const auto found = words.find(text());
    if (found != words.end()) return found->second;
    std::string known;
    for (const auto& [each, value] : words) known += (known.empty() ? "" : ", ") + each;
    fail("is \"" + text() + "\", not one of " + known);
  }

  using Visit = std::function<void(const Field&)>;
  void each(const Visit& visit) const {
    if (!value_.is_array()) fail("is not a list");
    for (std::size_t i = 0; i < value_.size(); ++i) {
      visit(Field(value_[i], path_ + "[" + std::to_string(i) + "]"));
    }
  }
  void each_key(const std::function<void(const std::string&, const Field&)>& visit) const {
    if (!value_.is_object()) fail("is not an object");
    for (const auto& [key, value] : value_.items()) visit(key, member(key));
  }
  // Visits the members by name; any other member is an error, and so is a missing `required` one.
  void members(const std::map<std::string, Visit>& visits,
               const std::vector<std::string>& required = {}) const {
    each_key([&](const std::string& key, const Field& field) {
      const auto visit = visits.find(key);
      if (visit == visits.end()) field.fail("is not a known key");
      visit->second(field);
    });
    for (const std::string& key : required) {
      if (!value_.contains(key)) fail("lacks \"" + key + "\"");
    }
  }

 private:
  Field member(const std::string& key) const {
    return {value_.at(key), path_.empty() ? key : path_ + "." + key};
  }

  const nlohmann::json& value_;
  std::string path_;
};

}  // namespace dcv::lab
