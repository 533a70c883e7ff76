// Reading a reply for the records that are looked for, and whether the authorities agree on them.
#include "observe/sight.h"

#include <algorithm>
#include <set>

#include "dns/zone_file.h"
#include "observe/lookup.h"

namespace dcv::observe {
namespace {

using dns::Name;
using dns::Record;
using dns::RecordType;
using dns::ReplyKind;

// Names in these data mean the same in any case (RFC 4343); nothing else is in them but numbers.
bool is_of_names(RecordType type) {
  switch (type) {
    case RecordType::ns:
    case RecordType::cname:
    case RecordType::soa:
    case RecordType::ptr:
    case RecordType::mx:
    case RecordType::srv:
    case RecordType::dname:
      return true;
    default:
      return false;
  }
}

// No word on the records: an error, or a reference to somebody else.
bool fails(const Exchange& exchange) {
  const dns::Message& reply = *exchange.reply;
  if (reply.rcode != dns::Rcode::noerror && reply.rcode != dns::Rcode::nxdomain) return true;
  switch (*exchange.kind) {
    case ReplyKind::referral:
    case ReplyKind::upward_referral:
    case ReplyKind::sideways_referral:
      return true;
    case ReplyKind::wrong_zone:
      return !asks_resolver(exchange.purpose);
    case ReplyKind::not_authoritative:
      // An authority that knows neither data nor a denial: lame.
      return !asks_resolver(exchange.purpose) && reply.answer.empty() &&
             reply.rcode == dns::Rcode::noerror && !dns::soa_record_in(reply);
    default:
      return false;
  }
}

void lower(std::optional<std::uint32_t>& least, std::uint32_t ttl) {
  least = least ? std::min(*least, ttl) : ttl;
}

// Follows the aliases in the reply; returns where they end.
Name end_of_aliases(const Exchange& exchange, Seen& seen) {
  Name name = exchange.question.name;
  if (!dns::follows_aliases(exchange.question.type)) return name;
  std::set<Name> met;
  while (met.insert(name).second) {
    const std::optional<dns::AliasHop> hop = dns::alias_at(*exchange.reply, name);
    if (!hop) break;
    lower(seen.ttl, hop->ttl);
    name = hop->target;
  }
  return name;
}

void take_values(const Exchange& exchange, const Name& name, Seen& seen) {
  const dns::Question& question = exchange.question;
  for (const Record& record : exchange.reply->answer) {
    const bool wanted = record.type == question.type || question.type == RecordType::any;
    if (!wanted || record.record_class != question.record_class || record.owner != name) continue;
    const std::optional<std::string> value = value_of(record);
    if (!value) continue;
    seen.values.push_back(*value);
    lower(seen.ttl, record.ttl);
  }
  std::sort(seen.values.begin(), seen.values.end());
  seen.values.erase(std::unique(seen.values.begin(), seen.values.end()), seen.values.end());
}

void take_denial(const dns::Message& reply, Seen& seen) {
  for (const Record& record : reply.authority) {
    const std::optional<dns::Soa> soa = dns::as_soa(record);
    if (!soa) continue;
    seen.negative_ttl = std::min(record.ttl, soa->minimum);
    seen.denied_by = record.owner;
    return;
  }
}

Sight judge(const std::vector<std::string>& values, const std::vector<std::string>& expected,
            RecordType type) {
  const auto there = std::count_if(expected.begin(), expected.end(), [&](const auto& wanted) {
    return std::binary_search(values.begin(), values.end(), value_expected(wanted, type));
  });
  if (there == static_cast<std::ptrdiff_t>(expected.size())) return Sight::holds;
  return there > 0 ? Sight::partial : Sight::other;
}

// The first exchange with each address about `step`, in the order sent.
std::vector<const Exchange*> asked_about(const Observation& observation, const Step& step,
                                         RecordType type) {
  Selection selection;
  selection.zone = &step.zone;
  selection.name = &step.name;
  selection.purpose = Purpose::proof;
  selection.type = type;
  std::vector<const Exchange*> found;
  std::set<dns::IpAddress> met;
  for (const Exchange* exchange : select(observation, selection)) {
    const bool wanted =
        exchange->address.is_v4() ? observation.settings.ipv4 : observation.settings.ipv6;
    if (wanted && met.insert(exchange->address).second) found.push_back(exchange);
  }
  return found;
}

bool denies(Sight sight) {
  return sight == Sight::nodata || sight == Sight::nxdomain;
}

bool answers(Sight sight) {
  return sight != Sight::fails && sight != Sight::silent && sight != Sight::not_asked;
}

// Why a server that answers does not lead on as the walk does.
std::string astray(const Observation& observation, const Step& step, RecordType type) {
  for (const Exchange* exchange : asked_about(observation, step, type)) {
    if (!answers(see(*exchange, {}).sight)) continue;
    const std::optional<dns::AliasHop> hop = dns::alias_at(*exchange->reply, step.name);
    if (!hop || hop->target != step.target)
      return label(*exchange) + " does not give the alias from " + step.name.prose() + " to " +
             step.target.value_or(Name()).prose();
  }
  return "";
}

// Why a server of a zone above denies what the zone below holds: it lacks the delegation.
std::string denied_above(const Observation& observation, const Step& step, RecordType type) {
  Selection selection;
  selection.name = &step.name;
  selection.purpose = Purpose::proof;
  selection.type = type;
  for (const Exchange* exchange : select(observation, selection)) {
    if (step.zone.is_below(exchange->zone) && denies(see(*exchange, {}).sight))
      return label(*exchange) + " does not know the delegation of " + step.zone.prose();
  }
  return "";
}

// What speaks against one server's sight, `first` being that of the first one that answered.
std::string objection(const Target& target, const AuthoritySight& each, const Seen& first) {
  const std::string type = dns::text(target.type);
  if (denies(each.seen.sight)) return label(*each.exchange) + " has no " + type + " record there";
  if (target.type != RecordType::txt && target.type != RecordType::cname) return "";
  if (each.seen.sight != Sight::holds)
    return label(*each.exchange) + " does not hold what is expected";
  if (target.expected.empty() && each.seen.values != first.values)
    return label(*each.exchange) + " holds other values than the servers before it";
  return "";
}

}  // namespace

std::optional<std::string> value_of(const Record& record) {
  if (record.type == RecordType::txt) return dns::as_txt(record);
  std::string shown = dns::rdata_text(record);
  if (is_of_names(record.type))
    std::transform(shown.begin(), shown.end(), shown.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  return shown;
}

std::string value_expected(const std::string& wanted, RecordType type) {
  if (type == RecordType::txt) return wanted;
  const Result<Record> record =
      dns::parse_record(". 0 IN " + dns::text(type) + " " + wanted, Name());
  return record ? value_of(*record).value_or(wanted) : wanted;
}

Seen see(const Exchange& exchange, const std::vector<std::string>& expected) {
  Seen seen;
  if (exchange.outcome == Outcome::not_asked) return seen;
  seen.sight = Sight::silent;
  if (!exchange.reply) return seen;
  seen.sight = Sight::fails;
  if (fails(exchange)) return seen;

  const Name end = end_of_aliases(exchange, seen);
  take_values(exchange, end, seen);
  if (!seen.values.empty()) {
    seen.sight = judge(seen.values, expected, exchange.question.type);
    return seen;
  }
  take_denial(*exchange.reply, seen);
  const bool leads_away = end != exchange.question.name && !seen.denied_by;
  if (exchange.reply->rcode == dns::Rcode::nxdomain) {
    seen.sight = Sight::nxdomain;
  } else if (leads_away && !asks_resolver(exchange.purpose)) {
    seen.sight = Sight::other;
  } else {
    seen.sight = Sight::nodata;
  }
  return seen;
}

std::vector<AuthoritySight> authorities(const Observation& observation, const Target& target) {
  std::vector<AuthoritySight> sights;
  for (const Exchange* exchange : asked_about(observation, target.steps.back(), target.type))
    sights.push_back({exchange, see(*exchange, target.expected)});
  return sights;
}

bool authorities_agree(const Observation& observation, const Target& target) {
  return disagreement(observation, target).empty();
}

std::string disagreement(const Observation& observation, const Target& target) {
  for (const Step& step : target.steps) {
    std::string reason = denied_above(observation, step, target.type);
    if (reason.empty() && &step != &target.steps.back())
      reason = astray(observation, step, target.type);
    if (!reason.empty()) return reason;
  }
  const std::vector<AuthoritySight> sights = authorities(observation, target);
  const Seen* first = nullptr;
  for (const AuthoritySight& each : sights) {
    if (!answers(each.seen.sight)) continue;
    if (first == nullptr) first = &each.seen;
    const std::string reason = objection(target, each, *first);
    if (!reason.empty()) return reason;
  }
  return first != nullptr ? "" : "no authority answers for " + target.steps.back().name.prose();
}

std::string_view text(Sight value) {
  switch (value) {
    case Sight::holds:
      return "holds";
    case Sight::partial:
      return "partial";
    case Sight::other:
      return "other";
    case Sight::nodata:
      return "nodata";
    case Sight::nxdomain:
      return "nxdomain";
    case Sight::fails:
      return "fails";
    case Sight::silent:
      return "silent";
    case Sight::not_asked:
      return "not_asked";
  }
  return "";
}

}  // namespace dcv::observe
