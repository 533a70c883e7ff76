#pragma once
// Private to the record family: one case with what all its judgements need.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/authority_view.h"

namespace dcv::check::record {

using Values = std::set<std::string>;

struct Sight {
  const Case& test;
  ProofView view;
  Values expected;  // as observe::value_of() writes them
  Values seen;      // at any server
  Values missing;   // expected, and at no server

  dns::RecordType type() const { return view.type; }
  std::string ca() const { return test.profile.title; }
  // At the host itself, where other TXT records belong too.
  bool is_shared() const;
  // Whether the CA, as far as it tells, uses values of this form.
  bool is_token(const std::string& value) const;
};

// The finding of row `id` with one reply of each address as evidence. Messages may use {name},
// {type}, {ca}, {expected}, {saw} (of `values`, or what was seen instead), {count} and what `more`
// has.
Finding found(const Sight& sight, std::string_view id, const Values& values,
              const std::map<std::string, std::string>& more = {});

// The wrong values out, what is expected and missing in.
Remedy replacing(const Sight& sight, const Values& wrong, std::string action);

// Each appends what it finds; true if that explains why the CA will not find its token.
bool check_form(const Sight& sight, std::vector<Finding>& findings);   // forms not taken any more
bool check_type(const Sight& sight, std::vector<Finding>& findings);   // in the other type
bool check_owner(const Sight& sight, std::vector<Finding>& findings);  // without its underscore
bool check_slips(const Sight& sight, std::vector<Finding>& findings);  // TXT, near the right value
bool check_dot(const Sight& sight, std::vector<Finding>& findings);    // target and zone
bool check_hash(const Sight& sight, std::vector<Finding>& findings);   // Sectigo's target

// What is worth knowing of a token that is there: where it stands, what stands beside it.
void check_good(const Sight& sight, std::vector<Finding>& findings);

}  // namespace dcv::check::record
