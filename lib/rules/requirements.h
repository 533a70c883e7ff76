#pragma once
// The dates of the Baseline Requirements (BR) of the CA/Browser Forum: until when a method counts,
// how long certificates and validations last. Data with its source; docs/requirements.md shows it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observe/ca_profile.h"
#include "rules/method.h"

namespace dcv::rules {

// All moments are Unix seconds of a midnight UTC, all sources name a ballot, a section or a page.

struct MethodRule {
  std::string section;                // "3.2.2.4.4"
  std::string title;                  // "mail to a constructed address"
  std::optional<double> discouraged;  // a CA SHOULD NOT use it from then on
  std::optional<double> ends;         // a CA MUST NOT use it from then on
  std::optional<int> reuse_days;      // its validations may be reused so long; empty: as all
  std::string source;
};

// What is in force for certificates issued from a date on.
struct Lifetime {
  double from = 0;
  int validity_days = 0;  // of a certificate, at most
  int reuse_hours = 0;    // of a validation, at most
  std::string source;
};

// What one CA has published of itself, where it is stricter.
struct CaLifetimes {
  std::string ca;  // CaProfile::name
  std::vector<Lifetime> lifetimes;
};

struct Perspectives {
  observe::Quorum quorum;
  std::string source;
};

struct Requirements {
  std::string as_of;  // "2026-11-21"
  std::vector<MethodRule> methods;
  std::vector<Lifetime> lifetimes;  // the earliest first, as all lists by date
  std::vector<CaLifetimes> cas;
  std::vector<Perspectives> perspectives;
  int random_value_days = 0;  // how long a CA's random value may be used
  std::string random_value_source;
  double caa_parameters_from = 0;  // accounturi and validationmethods bind every CA from then on
  std::string caa_parameters_source;
};

// The table that comes with dcvtools: tools/requirements.json.
const Requirements& requirements();

// Null for a section that the table has not.
const MethodRule* rule_of(std::string_view section);
const MethodRule& rule_of(Method method);

// How a method leaves.
struct Sunset {
  std::optional<double> discouraged;
  double ends = 0;
  std::string source;
};
// Empty for a method that no date ends. That of e-mail is the same for all addresses.
std::optional<Sunset> sunset_of(Method method);

// What is in force then, by the BR; with a CA that has published its own, by that.
const Lifetime& lifetime_at(double now, std::string_view ca = {});
int validity_days(double now, std::string_view ca = {});
int reuse_hours(double now, std::string_view ca = {});
int reuse_days(double now);  // by the BR, for every method but those with a rule of their own

// A certificate issued now has to be replaced by then.
double next_renewal(double now, std::string_view ca = {});

// "2028-03-15": the day in UTC that holds the moment.
std::string day_text(double moment);

}  // namespace dcv::rules
