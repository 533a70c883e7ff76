// The meaning of an authority's reply.

#include "dns/reply_kind.h"

#include <algorithm>
#include <array>

namespace dcv::dns {
namespace {

struct Word {
  ReplyKind kind;
  std::string_view word;
};

constexpr auto kWords = std::to_array<Word>({
    {ReplyKind::answer, "answer"},
    {ReplyKind::alias, "alias"},
    {ReplyKind::nodata, "nodata"},
    {ReplyKind::nxdomain, "nxdomain"},
    {ReplyKind::nodata_without_soa, "nodata_without_soa"},
    {ReplyKind::nxdomain_without_soa, "nxdomain_without_soa"},
    {ReplyKind::referral, "referral"},
    {ReplyKind::upward_referral, "upward_referral"},
    {ReplyKind::sideways_referral, "sideways_referral"},
    {ReplyKind::wrong_zone, "wrong_zone"},
    {ReplyKind::not_authoritative, "not_authoritative"},
    {ReplyKind::refused, "refused"},
    {ReplyKind::servfail, "servfail"},
    {ReplyKind::not_implemented, "not_implemented"},
    {ReplyKind::format_error, "format_error"},
    {ReplyKind::other_error, "other_error"},
});

ReplyKind error_kind(Rcode rcode) {
  switch (rcode) {
    case Rcode::refused:
    case Rcode::notauth:
      return ReplyKind::refused;
    case Rcode::servfail:
      return ReplyKind::servfail;
    case Rcode::notimp:
      return ReplyKind::not_implemented;
    case Rcode::formerr:
      return ReplyKind::format_error;
    default:
      return ReplyKind::other_error;
  }
}

bool has_answer(const Message& reply, const Question& question) {
  return std::ranges::any_of(reply.answer, [&](const Record& record) {
    bool wanted = record.type == question.type || question.type == RecordType::any;
    return wanted && record.owner == question.name && record.record_class == question.record_class;
  });
}

ReplyKind referral_kind(const Name& cut, const Name& name, const Name& zone) {
  if (zone.is_within(cut)) return ReplyKind::upward_referral;
  if (name.is_within(cut) && cut.is_below(zone)) return ReplyKind::referral;
  return ReplyKind::sideways_referral;
}

// The zone that denies. Resolvers look for its SOA record in the authority section; in the answer
// it does no harm where an SOA record was asked for.
std::optional<Name> denying_zone(const Message& reply, const Question& question) {
  if (question.type == RecordType::soa) return zone_in(reply);
  auto soa = std::ranges::find(reply.authority, RecordType::soa, &Record::type);
  if (soa == reply.authority.end()) return std::nullopt;
  return soa->owner;
}

ReplyKind negative_kind(const Message& reply, const Question& question, const Name& zone) {
  bool no_such_name = reply.rcode == Rcode::nxdomain;
  auto apex = denying_zone(reply, question);
  if (!apex) return no_such_name ? ReplyKind::nxdomain_without_soa : ReplyKind::nodata_without_soa;
  if (!question.name.is_within(*apex) || !apex->is_within(zone)) return ReplyKind::wrong_zone;
  return no_such_name ? ReplyKind::nxdomain : ReplyKind::nodata;
}

// AA off. Only a referral is anything but second-hand knowledge.
ReplyKind second_hand_kind(const Message& reply, const Name& name, const Name& zone) {
  auto cut = referral_target(reply);
  if (!cut || reply.rcode != Rcode::noerror) return ReplyKind::not_authoritative;
  return referral_kind(*cut, name, zone);
}

}  // namespace

std::string_view text(ReplyKind kind) {
  auto found = std::ranges::find(kWords, kind, &Word::kind);
  return found == kWords.end() ? std::string_view() : found->word;
}

std::optional<ReplyKind> reply_kind(std::string_view text) {
  auto found = std::ranges::find(kWords, text, &Word::word);
  if (found == kWords.end()) return std::nullopt;
  return found->kind;
}

ReplyKind classify(const Message& reply, const Question& question, const Name& zone) {
  if (reply.rcode != Rcode::noerror && reply.rcode != Rcode::nxdomain)
    return error_kind(reply.rcode);
  if (!reply.authoritative) return second_hand_kind(reply, question.name, zone);
  if (!follows_aliases(question.type) && has_answer(reply, question)) return ReplyKind::answer;
  if (alias_at(reply, question.name)) return ReplyKind::alias;
  if (has_answer(reply, question)) return ReplyKind::answer;
  // Some servers set AA on referrals.
  auto cut = referral_target(reply);
  if (cut && reply.rcode == Rcode::noerror &&
      referral_kind(*cut, question.name, zone) == ReplyKind::referral)
    return ReplyKind::referral;
  return negative_kind(reply, question, zone);
}

bool is_useful(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::answer:
    case ReplyKind::alias:
    case ReplyKind::nodata:
    case ReplyKind::nxdomain:
    case ReplyKind::nodata_without_soa:
    case ReplyKind::nxdomain_without_soa:
    case ReplyKind::referral:
      return true;
    default:
      return false;
  }
}

bool is_lame(ReplyKind kind) {
  return !is_useful(kind) && kind != ReplyKind::not_authoritative;
}

bool follows_aliases(RecordType type) {
  return type != RecordType::cname && type != RecordType::any;
}

std::optional<Record> soa_record_in(const Message& reply) {
  for (const auto* section : {&reply.answer, &reply.authority}) {
    auto soa = std::ranges::find(*section, RecordType::soa, &Record::type);
    if (soa != section->end()) return *soa;
  }
  return std::nullopt;
}

std::optional<Name> zone_in(const Message& reply) {
  auto soa = soa_record_in(reply);
  if (!soa) return std::nullopt;
  return soa->owner;
}

std::optional<Name> referral_target(const Message& reply) {
  if (!reply.answer.empty() || soa_record_in(reply)) return std::nullopt;
  auto ns = std::ranges::find(reply.authority, RecordType::ns, &Record::type);
  if (ns == reply.authority.end()) return std::nullopt;
  return ns->owner;
}

std::optional<AliasHop> alias_at(const Message& reply, const Name& name) {
  // A DNAME first: the CNAME beside it is only made from it.
  for (const auto& record : reply.answer) {
    if (record.type != RecordType::dname || !name.is_below(record.owner)) continue;
    auto base = as_target(record);
    if (!base) continue;
    std::vector<std::string> front = name.labels();
    front.resize(name.label_count() - record.owner.label_count());
    auto prefix = Name::from_labels(std::move(front));
    auto target = prefix ? prefix->joined(*base) : std::move(prefix);
    if (target) return AliasHop{record.owner, *target, true, record.ttl};
  }
  for (const auto& record : reply.answer) {
    if (record.type != RecordType::cname || !(record.owner == name)) continue;
    if (auto target = as_target(record)) return AliasHop{record.owner, *target, false, record.ttl};
  }
  return std::nullopt;
}

}  // namespace dcv::dns
