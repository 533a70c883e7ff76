// Values that no CA accepts, each by the slip that made it of the right one.
#include <array>

#include "check/value.h"

namespace dcv::check::value {
namespace {

struct Slip {
  ValueShape shape;
  std::string_view id;
  std::string_view action;
};
constexpr std::array kSlips = {
    Slip{ValueShape::quoted, "value-quoted",
         "Enter the value without quotes: the panel or API adds those of the zone file itself."},
    Slip{ValueShape::blank, "value-blank", "Enter the value again without blanks and line ends."},
    Slip{ValueShape::case_folded, "value-case-folded",
         "Publish the value in its own case; if the DNS provider folds it, delegate the name to a "
         "zone elsewhere."},
    Slip{ValueShape::key_authorization, "value-key-authorization",
         "Publish the SHA-256 digest of the key authorization in base64url, as the DNS-01 "
         "challenge asks."},
    Slip{ValueShape::hex, "value-hex", "Publish the digest in base64url."},
    Slip{ValueShape::base64_standard, "value-base64-standard",
         "Publish the digest with '-' and '_' for '+' and '/', and without '='."},
};

bool is_owner_name(const Sight& sight, const std::string& value) {
  const auto name = dns::Name::parse(value);
  if (!name) return false;
  return std::ranges::any_of(sight.test.target.steps,
                             [&](const observe::Step& step) { return step.name == *name; });
}

bool check_owner_name(const Sight& sight, std::vector<Finding>& findings) {
  Values names = sight.seen;
  std::erase_if(names, [&](const std::string& value) { return !is_owner_name(sight, value); });
  if (names.empty()) return false;
  findings.push_back(found(sight, "value-owner-name", names));
  findings.back().remedy = replacing(
      sight, names, "Publish the digest as the value; the name is the record's owner only.");
  return true;
}

// True if it alone explains why the CA will refuse: "" is the whole answer of every server.
bool check_empty(const Sight& sight, std::vector<Finding>& findings) {
  if (!sight.seen.contains("")) return false;
  const bool explains = sight.seen.size() == 1 && sight.view.everywhere("");
  Finding finding = found(sight, "value-empty", {""});
  if (explains && !sight.test.target.expected.empty()) finding.severity = Severity::error;
  finding.remedy = replacing(sight, {""}, "Publish the digest in place of the empty string.");
  findings.push_back(std::move(finding));
  return explains || sight.test.target.expected.empty();
}

}  // namespace

bool check_slips(const Sight& sight, std::vector<Finding>& findings) {
  bool explained = check_owner_name(sight, findings);
  for (const Slip& slip : kSlips) {
    const Values values = sight.of_shape(slip.shape);
    if (values.empty()) continue;
    findings.push_back(found(sight, slip.id, values));
    findings.back().remedy = replacing(sight, values, std::string(slip.action));
    explained = true;
  }
  return check_empty(sight, findings) || explained;
}

}  // namespace dcv::check::value
