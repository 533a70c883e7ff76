#pragma once
// The family "ca": what only a resolver like the CA's meets. Its checks share the choice of the
// answers that count.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "check/family.h"

namespace dcv::check::ca {

// Unbound drops an answer that took longer (discard-timeout): the CA's query times out.
constexpr double kLateAfter = 1.9;  // seconds

constexpr std::array<FindingKind, 3> kKinds = {{
    {"ca-resolver-fails", Severity::error, Affects::ca,
     "A resolver like the CA's gets no answer for {question}, in {failed} of {asked} perspectives, "
     "though every server seems fine by itself: {reason}",
     "RFC 8555 8.4, BR 3.2.2.4.7", "0.1.0"},
    {"ca-resolver-slow", Severity::warning, Affects::ca,
     "A resolver like the CA's takes {time} for {question}, and one of the CA's gives up after "
     "{limit}",
     "RFC 8555 8.4, BR 3.2.2.4.7", "0.1.0"},
    {"ca-sees-other", Severity::warning, Affects::ca,
     "A resolver like the CA's gets {saw} for {question}, in {failed} of {asked} perspectives; no "
     "server asked says that",
     "RFC 8555 8.4, BR 3.2.2.9", "0.1.0"},
}};

// Our own network, limits or trust anchors are in the way: the resolver's troubles say nothing of
// the domain.
bool is_our_trouble(const Case& test, const std::vector<Finding>& findings);

// What the resolvers of the case's CA answered to the question for the proof, by perspective.
std::vector<const observe::CaAnswer*> proof_answers(const Case& test);
// What its primary one answered to the questions for CAA, from the identifier's name upwards.
std::vector<const observe::CaAnswer*> caa_answers(const Case& test);

bool is_late(const observe::CaAnswer& answer);
// Neither data nor a denial: SERVFAIL in most cases.
bool is_failure(const observe::CaAnswer& answer);
// Some perspective came to an answer, which it has validated.
bool gets_through(const Case& test);

// "DNSSEC: Signature Expired", "SERVFAIL": how Boulder names it.
std::string failure_text(const observe::CaAnswer& answer);

// What Let's Encrypt would say, in Boulder's words; empty when it would pass, or when nothing was
// asked as it does.
std::string error_text(const Case& test);

}  // namespace dcv::check::ca
