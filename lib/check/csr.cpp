// Judges what the CSR itself tells: names of other kinds, and another key than before.
#include <array>

#include "check/family.h"

namespace dcv::check {
namespace {

constexpr std::array kCsrKinds = {
    FindingKind{.id = "csr-name-passed-over",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The CSR also names {names}, of which nothing here can be judged",
                .reference = "BR 3.2.2.5",
                .since = "0.1.0"},
    FindingKind{.id = "csr-key-changed",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "The CSR has another key than the previous one, so {name} needs new "
                           "validation; a value made of the CSR's hash changes with any new CSR",
                .reference = "BR 1.6.1 (request token)",
                .since = "0.1.0"}};

void check_names(const observe::Target& target, std::vector<Finding>& findings) {
  if (target.csr_other_names.empty()) return;
  findings.push_back(make_finding(kCsrKinds[0], target.identifier + ".",
                                  {{"names", joined(target.csr_other_names)}}));
  findings.back().remedy.action =
      "See that the CA offers a way to validate these too, or leave them out of the CSR.";
}

void check_key(const observe::Target& target, std::vector<Finding>& findings) {
  if (target.csr_key.empty() || target.previous_csr_key.empty()) return;
  if (target.csr_key == target.previous_csr_key) return;
  findings.push_back(
      make_finding(kCsrKinds[1], target.identifier + ".", {{"name", target.identifier}}));
  findings.back().remedy.action =
      "Have the CA validate the name for the new CSR, and publish what it asks for then: what was "
      "published for the previous one proves nothing.";
}

void check(const Case& test, std::vector<Finding>& findings) {
  check_names(test.target, findings);
  check_key(test.target, findings);
}

}  // namespace

const Family kCsrFamily{.name = "csr", .kinds = kCsrKinds, .check = check};

}  // namespace dcv::check
