// What Let's Encrypt would say, in the words of Boulder (bdns/problem.go, va/dns.go, va/caa.go).
#include <algorithm>

#include "check/ca.h"
#include "check/caa_climb.h"

namespace dcv::check::ca {
namespace {

using observe::CaAnswer;

constexpr std::size_t kValueBytes = 100;  // of a TXT value; what is longer is cut

std::string name_of(const CaAnswer& answer) {
  return answer.question.name.lower().prose();
}

// Empty when the question was answered.
std::string lookup_error(const CaAnswer& answer) {
  const std::string what =
      "looking up " + dns::text(answer.question.type) + " for " + name_of(answer);
  if (is_late(answer)) return "DNS problem: query timed out " + what;
  if (!answer.finished) return "";
  if (answer.bogus)
    return "DNS problem: " + what + ": " + failure_text(answer) + ": " + answer.reason;
  switch (answer.rcode) {
    case dns::Rcode::noerror:
      return "";
    case dns::Rcode::nxdomain:
      return "DNS problem: NXDOMAIN " + what + " - check that a DNS record exists for this domain";
    case dns::Rcode::servfail:
      return "DNS problem: SERVFAIL " + what + " - the domain's nameservers may be malfunctioning";
    default:
      return "DNS problem: " + dns::text(answer.rcode) + " " + what;
  }
}

std::vector<std::string> values(const CaAnswer& answer) {
  std::vector<std::string> found;
  if (!answer.reply) return found;
  for (const dns::Record& record : answer.reply->answer)
    if (const auto value = dns::as_txt(record)) found.push_back(*value);
  return found;
}

// Without anything expected, a proof that is not there yet is no error.
std::string proof_error(const Case& test, const CaAnswer& answer) {
  const bool absent_is_fine = test.target.expected.empty();
  if (absent_is_fine && answer.rcode == dns::Rcode::nxdomain && !is_late(answer)) return "";
  const std::string error = lookup_error(answer);
  if (!error.empty() || absent_is_fine || !answer.finished) return error;
  const std::vector<std::string> found = values(answer);
  const auto is_there = [&](const std::string& expected) {
    return std::find(found.begin(), found.end(), expected) != found.end();
  };
  if (std::all_of(test.target.expected.begin(), test.target.expected.end(), is_there)) return "";
  if (found.empty()) return "No TXT record found at " + name_of(answer);
  std::string first = found.front();
  if (first.size() > kValueBytes) first = first.substr(0, kValueBytes) + "...";
  const std::string more =
      found.size() > 1 ? " (and " + std::to_string(found.size() - 1) + " more)" : "";
  return "Incorrect TXT record \"" + dns::escape(first, "") + "\"" + more + " found at " +
         name_of(answer);
}

std::string caa_error(const Case& test) {
  for (const CaAnswer* answer : caa_answers(test)) {
    const bool absent = answer->rcode == dns::Rcode::nxdomain && !is_late(*answer);
    const std::string error = absent ? "" : lookup_error(*answer);
    if (!error.empty()) return "While processing CAA for " + test.target.identifier + ": " + error;
    std::vector<dns::Caa> records;
    if (answer->reply)
      for (const dns::Record& record : answer->reply->answer)
        if (const auto caa = dns::as_caa(record)) records.push_back(*caa);
    if (records.empty()) continue;
    if (caa::decide(records, test).permits) return "";
    return "While processing CAA for " + test.target.identifier + ": CAA record for " +
           name_of(*answer) + " prevents issuance";
  }
  return "";
}

}  // namespace

std::string error_text(const Case& test) {
  // Of the other methods only what it says of CAA is known.
  if (rules::proof_of(rules::method_of(test.target.method)) != rules::Proof::digest)
    return caa_error(test);
  std::vector<std::string> remote_errors;
  for (const CaAnswer* answer : proof_answers(test)) {
    const std::string error = proof_error(test, *answer);
    if (error.empty()) continue;
    if (answer->perspective == 0) return error;
    remote_errors.push_back(error);
  }
  const observe::Quorum quorum = observe::quorum_at(test.profile, test.observation.now);
  if (remote_errors.size() > static_cast<std::size_t>(quorum.may_fail))
    return "During secondary validation: " + remote_errors.front();
  return caa_error(test);
}

}  // namespace dcv::check::ca
