// Judges what a new CSR means for the validation of a certificate that is issued anew.
#include <array>

#include "check/family.h"

namespace dcv::check {
namespace {

constexpr std::array kKinds = {
    FindingKind{.id = "csr-key-changed",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "The CSR has another key than the previous one, so {name} needs new "
                           "validation; a value made of the CSR's hash changes with any new CSR",
                .reference = "BR 1.6.1 (request token)",
                .since = "0.1.0"}};

void check(const Case& test, std::vector<Finding>& findings) {
  const observe::Target& target = test.target;
  if (target.csr_key.empty() || target.previous_csr_key.empty()) return;
  if (target.csr_key == target.previous_csr_key) return;
  Finding finding = make_finding(kKinds[0], target.identifier + ".", {{"name", target.identifier}});
  finding.remedy.action =
      "Have the CA validate the name for the new CSR, and publish what it asks for then: what was "
      "published for the previous one proves nothing.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Family kCsrFamily{.name = "csr", .kinds = kKinds, .check = check};

}  // namespace dcv::check
