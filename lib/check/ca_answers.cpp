// Which answers of the CA eye count for a case, and what a CA would make of one.
#include <algorithm>

#include "check/ca.h"
#include "observe/lookup.h"

namespace dcv::check::ca {
namespace {

using observe::CaAnswer;

// For CAs whose resolvers are alike only the first one's was asked.
bool speaks_for(const Case& test, const CaAnswer& answer) {
  if (answer.profile == test.profile.name) return true;
  return std::any_of(test.observation.profiles.begin(), test.observation.profiles.end(),
                     [&](const observe::CaProfile& each) {
                       return each.name == answer.profile &&
                              observe::resolve_alike(each, test.profile);
                     });
}

// From where the climb begins.
dns::Name identifier_name(const observe::Target& target) {
  return target.caa.empty() ? target.validation_name.parent() : target.caa.front().name;
}

// As Boulder prints them.
constexpr struct {
  int code;
  const char* text;
} kDnssecErrors[] = {
    {6, "Bogus"},          {7, "Signature Expired"}, {8, "Signature Not Yet Valid"},
    {9, "DNSKEY Missing"}, {10, "RRSIGs Missing"},   {11, "No Zone Key Bit Set"},
    {12, "NSEC Missing"},
};

}  // namespace

std::vector<const CaAnswer*> proof_answers(const Case& test) {
  std::vector<const CaAnswer*> found;
  // A CNAME that is the proof, behind others: the resolver was asked for the first of them only.
  if (test.target.type == dns::RecordType::cname && test.target.steps.size() > 1) return found;
  for (const CaAnswer& answer : test.observation.ca_answers)
    if (answer.question.type == test.target.type &&
        answer.question.name == test.target.validation_name && speaks_for(test, answer))
      found.push_back(&answer);
  return found;
}

std::vector<const CaAnswer*> caa_answers(const Case& test) {
  std::vector<const CaAnswer*> found;
  for (dns::Name name = identifier_name(test.target); !name.is_root(); name = name.parent())
    for (const CaAnswer& answer : test.observation.ca_answers)
      if (answer.question.type == dns::RecordType::caa && answer.question.name == name &&
          speaks_for(test, answer))
        found.push_back(&answer);
  return found;
}

bool is_late(const CaAnswer& answer) {
  return answer.duration > kLateAfter;
}

bool is_failure(const CaAnswer& answer) {
  return answer.finished && answer.rcode != dns::Rcode::noerror &&
         answer.rcode != dns::Rcode::nxdomain;
}

bool gets_through(const Case& test) {
  return std::ranges::any_of(proof_answers(test), [](const CaAnswer* each) {
    return each->finished && !is_failure(*each);
  });
}

std::string failure_text(const CaAnswer& answer) {
  for (const auto& each : kDnssecErrors)
    if (each.code == answer.extended_error) return std::string("DNSSEC: ") + each.text;
  return dns::text(answer.rcode);
}

}  // namespace dcv::check::ca
