#pragma once
// Private to the value family: one case with what all its judgements need.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/authority_view.h"
#include "check/value_shape.h"

namespace dcv::check::value {

using Values = std::set<std::string>;

struct Sight {
  const Case& test;
  ProofView view;
  Values seen;     // at any server
  Values missing;  // expected, and at no server

  std::string name() const { return view.step->name.text(); }
  std::string prose() const { return view.step->name.prose(); }
  bool is_expected(const std::string& value) const {
    return std::ranges::find(test.target.expected, value) != test.target.expected.end();
  }
  Values of_shape(ValueShape shape) const {
    Values values;
    for (const std::string& value : seen)
      if (shape_of(value, test.target.expected) == shape) values.insert(value);
    return values;
  }
};

// The finding of row `id` with one reply of each address as evidence.
Finding found(const Sight& sight, std::string_view id, const Values& values,
              std::map<std::string, std::string> more = {});

// The wrong values out; the expected ones in or, when none are known, the ones that were meant.
Remedy replacing(const Sight& sight, const Values& wrong, std::string action);

// With dns-account-01: true if the record stands at the label of another form of the account's URL.
bool check_account_label(const Sight& sight, std::vector<Finding>& findings);

// True if the record stands at the host itself.
bool check_label_lost(const Sight& sight, std::vector<Finding>& findings);

// True if at least one slip explains what became of the value.
bool check_slips(const Sight& sight, std::vector<Finding>& findings);

}  // namespace dcv::check::value
