// Judges one reply by the keys of its zone, as a validator does.
#include "check/dnssec_replies.h"

#include <algorithm>

namespace dcv::check::dnssec {

using dns::Record;
using dns::RecordType;
using dns::ReplyKind;

namespace {

// A denial needs four at most: three names denied or shown, and the SOA. Hostile ones have more.
constexpr std::size_t kMostSets = 16;

}  // namespace

bool is_answer(const observe::Exchange& exchange) {
  return exchange.kind == ReplyKind::answer || exchange.kind == ReplyKind::alias;
}

bool is_denial(const observe::Exchange& exchange) {
  return exchange.kind == ReplyKind::nodata || exchange.kind == ReplyKind::nxdomain ||
         exchange.kind == ReplyKind::nodata_without_soa ||
         exchange.kind == ReplyKind::nxdomain_without_soa;
}

bool is_asked_by_ca(observe::Purpose purpose) {
  using observe::Purpose;
  return purpose == Purpose::proof || purpose == Purpose::proof_again ||
         purpose == Purpose::proof_tcp || purpose == Purpose::caa;
}

bool ReplyJudge::record_set(const SignedSet& set, const std::vector<Record>& keys) {
  const SignatureReport report = signatures_.judge(set, keys);
  if (!report.fault) return true;
  add(*report.fault, set.records.front().owner, set.records.front().type, report);
  return *report.fault == Fault::expiring;
}

bool ReplyJudge::answer() {
  const auto& answer = exchange_.reply->answer;
  const dns::Name& name = exchange_.question.name;
  // The CNAME made from a DNAME has no signature of its own (RFC 6672 5.3.1).
  for (const Record& record : answer) {
    if (record.type == RecordType::dname && name.is_below(record.owner) &&
        record.owner.is_within(view_.zone->apex))
      return record_set(set_in(answer, record.owner, RecordType::dname, view_.zone->apex));
  }
  SignedSet found = set_in(answer, name, exchange_.question.type, view_.zone->apex);
  if (found.records.empty()) found = set_in(answer, name, RecordType::cname, view_.zone->apex);
  if (found.records.empty()) return true;
  if (!record_set(found)) return false;
  const std::size_t labels = signatures_.judge(found, view_.keys).labels;
  if (name.is_wildcard() || labels == 0 || labels >= name.label_count()) return true;
  if (!can_hash(name)) return true;
  const auto state = dns::check_expansion(*exchange_.reply, name, labels, view_.zone->apex);
  return denial_state(state, name, found.records.front().type);
}

bool ReplyJudge::denial(const dns::Name& name, RecordType type) {
  if (!view_.signing.contains(exchange_.address)) {
    unsigned_set(name, type);
    return false;
  }
  if (!can_hash(name)) return true;
  return denial_state(dns::check_denial(*exchange_.reply, name, type, view_.zone->apex), name,
                      type);
}

// With NSEC3 every name from the zone's down may have to be hashed, twice (RFC 5155 8.3); zones
// choose how often each, and how many labels lead to an alias's target (CVE-2023-50868). A hash of
// the most iterations takes as long as a verification.
bool ReplyJudge::can_hash(const dns::Name& name) {
  std::size_t iterations = 0;
  for (const Record& record : exchange_.reply->authority) {
    const auto nsec3 = dns::as_nsec3(record);
    if (nsec3 && nsec3->iterations <= dns::kMostNsec3Iterations)
      iterations = std::max<std::size_t>(iterations, nsec3->iterations);
  }
  return signatures_.afford(2 * name.label_count() * iterations / dns::kMostNsec3Iterations);
}

bool ReplyJudge::denial_state(dns::DenialState state, const dns::Name& name, RecordType type) {
  note_iterations();
  if (state == dns::DenialState::missing) {
    add(Fault::denial_missing, name, type);
    return false;
  }
  const bool is_signed = denial_signatures();
  if (state == dns::DenialState::wrong) add(Fault::denial_wrong, name, type);
  return is_signed && state != dns::DenialState::wrong;
}

// Every set of the zone in the authority section; validators look at the SOA as well.
bool ReplyJudge::denial_signatures() {
  const auto& authority = exchange_.reply->authority;
  bool all = true;
  std::set<std::pair<dns::Name, RecordType>> seen;
  for (const Record& record : authority) {
    const bool denies = record.type == RecordType::nsec || record.type == RecordType::nsec3 ||
                        record.type == RecordType::soa;
    if (!denies || !seen.insert({record.owner, record.type}).second) continue;
    if (seen.size() > kMostSets) break;
    all = record_set(set_in(authority, record.owner, record.type, view_.zone->apex)) && all;
  }
  return all;
}

void ReplyJudge::note_iterations() {
  for (const Record& record : exchange_.reply->authority) {
    const auto nsec3 = dns::as_nsec3(record);
    if (!nsec3 || nsec3->iterations <= view_.iterations) continue;
    view_.iterations = nsec3->iterations;
    view_.iterated_in = &exchange_;
  }
}

void ReplyJudge::unsigned_set(const dns::Name& name, RecordType type) {
  add(Fault::missing, name, type);
}

void ReplyJudge::add(Fault fault, const dns::Name& name, RecordType type,
                     const SignatureReport& report) {
  view_.problems.push_back({fault, &exchange_, name.lower(), type, report.key_tag, report.date});
  if (fault != Fault::expiring) sound_ = false;
}

void ReplyJudge::done() {
  view_.judged.push_back({&exchange_, sound_});
}

}  // namespace dcv::check::dnssec
