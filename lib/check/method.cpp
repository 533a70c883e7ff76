// Whether the method itself has a future: what CAs may still use (dates of the Baseline
// Requirements), and what this CA offers.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "check/family.h"
#include "rules/requirements.h"

namespace dcv::check::method {
namespace {

constexpr std::string_view kSunset = "BR 3.2.2.4, ballot SC-090";

constexpr std::array kMethodKinds = {
    FindingKind{.id = "method-ended",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "No CA may validate by {method} ({section}) any more since {ends}",
                .reference = kSunset,
                .since = "0.1.0"},
    FindingKind{.id = "method-not-offered",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "{ca} is not known to validate by {method}; what it offers: {offered}",
                .reference = "RFC 8555 7.5",
                .since = "0.1.0"},
    FindingKind{.id = "method-name-too-deep",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{name} has {count} labels; {ca} issues for names of {most} at most",
                .reference = "RFC 8555 7.4 (rejectedIdentifier)",
                .since = "0.1.0"},
    FindingKind{.id = "method-ends-before-renewal",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "{method} ({section}) ends on {ends}, and a certificate issued now has "
                           "to be renewed by {renewal}",
                .reference = kSunset,
                .since = "0.1.0"},
    FindingKind{.id = "method-discouraged",
                .severity = Severity::warning,
                .affects = Affects::hygiene,
                .message = "Since {discouraged} CAs should not validate by {method} ({section}) "
                           "any more; from {ends} on they must not",
                .reference = kSunset,
                .since = "0.1.0"},
};

const FindingKind& row(std::string_view id) {
  const auto found = std::ranges::find(kMethodKinds, id, &FindingKind::id);
  if (found == kMethodKinds.end()) throw std::logic_error("no finding " + std::string(id));
  return *found;
}

std::string day_or_nothing(const std::optional<double>& moment) {
  return moment ? rules::day_text(*moment) : "";
}

// "90 days", "7 hours"
std::string reuse_text(const Case& test) {
  const int hours = rules::reuse_hours(test.observation.now, test.profile.name);
  return hours % 24 == 0 ? std::to_string(hours / 24) + " days" : std::to_string(hours) + " hours";
}

Finding about_end(const Case& test, std::string_view id, std::string action) {
  const rules::Method method = rules::method_of(test.target.method);
  const rules::MethodRule& rule = rules::rule_of(method);
  const double renewal = rules::next_renewal(test.observation.now, test.profile.name);
  Finding finding = make_finding(row(id), test.target.identifier,
                                 {{"method", std::string(rules::text(method))},
                                  {"section", std::string(rules::section(method))},
                                  {"title", rule.title},
                                  {"discouraged", day_or_nothing(rule.discouraged)},
                                  {"ends", day_or_nothing(rule.ends)},
                                  {"renewal", rules::day_text(renewal)},
                                  {"source", rule.source}});
  finding.remedy.action = std::move(action);
  return finding;
}

void check_end(const Case& test, std::vector<Finding>& findings) {
  const double now = test.observation.now;
  const rules::MethodRule& rule = rules::rule_of(rules::method_of(test.target.method));
  const std::string& name = test.target.identifier;
  if (!rule.ends) return;
  if (now >= *rule.ends) {
    findings.push_back(
        about_end(test, "method-ended",
                  "Validate " + name + " by another method, such as dns-01 or dns-txt."));
  } else if (rules::next_renewal(now, test.profile.name) >= *rule.ends) {
    findings.push_back(
        about_end(test, "method-ends-before-renewal",
                  "Bring " + name + " to another method, such as dns-01 or dns-txt, before " +
                      rules::day_text(*rule.ends) + "; an earlier validation helps for " +
                      reuse_text(test) + " at most."));
  } else if (rule.discouraged && now >= *rule.discouraged) {
    findings.push_back(
        about_end(test, "method-discouraged",
                  "Choose another method for " + name + " by then, such as dns-01 or dns-txt."));
  }
}

// By one of its labels, or since it is known where the CA looks.
bool is_offered(const observe::CaProfile& ca, const std::string& method) {
  const auto labels = rules::caa_labels(rules::method_of(method));
  const auto is_label = [&](const std::string& each) {
    return std::ranges::find(labels, each) != labels.end();
  };
  return std::ranges::any_of(ca.methods, is_label) ||
         std::ranges::find(ca.places, method, &observe::RecordPlace::method) != ca.places.end();
}

bool is_of_acme(std::string_view label) {
  return !label.starts_with("ca-tbr-");
}

// One that is asked over ACME alone will never have a method that ACME has not.
bool rules_out(const observe::CaProfile& ca, const std::string& method) {
  const auto labels = rules::caa_labels(rules::method_of(method));
  return std::ranges::all_of(ca.methods, is_of_acme) && std::ranges::none_of(labels, is_of_acme);
}

// A profile without methods says nothing of them; one without identities stands for any CA.
void check_offer(const Case& test, std::vector<Finding>& findings) {
  const observe::CaProfile& ca = test.profile;
  if (ca.methods.empty() || ca.identities.empty()) return;
  if (is_offered(ca, test.target.method)) return;
  const std::string title = ca.title.empty() ? ca.name : ca.title;
  Finding finding = make_finding(
      row("method-not-offered"), test.target.identifier,
      {{"ca", title}, {"method", test.target.method}, {"offered", joined(ca.methods)}});
  if (rules_out(ca, test.target.method)) finding.severity = Severity::error;
  finding.remedy.action = "Choose another method or another CA; if " + title + " does offer " +
                          test.target.method +
                          ", say so in a profile of your own with --ca-profiles.";
  findings.push_back(std::move(finding));
}

void check_depth(const Case& test, std::vector<Finding>& findings) {
  const observe::CaProfile& ca = test.profile;
  const std::string& name = test.target.identifier;
  const auto count = std::ranges::count(name, '.') + 1;
  if (ca.most_labels == 0 || count <= ca.most_labels) return;
  findings.push_back(make_finding(row("method-name-too-deep"), name,
                                  {{"name", name},
                                   {"count", std::to_string(count)},
                                   {"most", std::to_string(ca.most_labels)},
                                   {"ca", ca.title.empty() ? ca.name : ca.title}}));
  findings.back().remedy.action =
      "Order a wildcard for a name further up, or for a shorter name, or from another CA.";
}

void check_method(const Case& test, std::vector<Finding>& findings) {
  check_end(test, findings);
  check_offer(test, findings);
  check_depth(test, findings);
}

}  // namespace
}  // namespace dcv::check::method

namespace dcv::check {

const Family kMethodFamily = {
    .name = "method", .kinds = method::kMethodKinds, .check = method::check_method};

}  // namespace dcv::check
