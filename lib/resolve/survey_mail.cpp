// The full walk: where mail goes. Hosts of MX records and domains of contacts are looked up as name
// servers' hosts are: lightly, since nobody publishes a proof there.
#include <algorithm>

#include "resolve/limits.h"
#include "resolve/steps.h"
#include "resolve/survey.h"
#include "rules/mail.h"
#include "rules/method.h"

namespace dcv::resolve {

using dns::Name;
using dns::RecordType;
using observe::Purpose;

namespace {

bool is_by_mail(const std::string& method) {
  return rules::method_of(method) == rules::Method::email;
}

bool is_contact_tag(std::string_view tag) {
  return std::ranges::equal(tag, rules::kContactTag, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// The contact in a record; empty when it holds none.
std::string contact_in(const dns::Record& record) {
  if (const auto caa = dns::as_caa(record); caa && is_contact_tag(caa->tag))
    return rules::read_contact(caa->value).address;
  const bool labelled =
      !record.owner.is_root() && record.owner.lower().labels().front() == rules::kContactLabel;
  const auto txt = labelled ? dns::as_txt(record) : std::nullopt;
  return txt ? rules::read_contact(*txt).address : "";
}

}  // namespace

void Survey::follow_mail(const observe::Exchange& exchange) {
  if (std::ranges::none_of(plan_.targets,
                           [](const auto& target) { return is_by_mail(target.method); }))
    return;
  for (const dns::Record& record : exchange.reply->answer) {
    const MailKey from{record.owner, record.type};
    if (const auto mx = dns::as_mx(record); mx && !mx->exchange.is_root()) {
      for (const RecordType type : {RecordType::a, RecordType::aaaa})
        look_for_mail(from, {mx->exchange, type}, exchange.depth);
    }
    const std::string contact = contact_in(record);
    const Result<Name> domain =
        contact.empty() ? Result<Name>(Error{}) : rules::mail_domain(contact);
    if (!domain) continue;
    for (const RecordType type : {RecordType::mx, RecordType::a, RecordType::aaaa})
      look_for_mail(from, {*domain, type}, exchange.depth);
  }
}

void Survey::look_for_mail(const MailKey& from, const MailKey& what, int depth) {
  if (!leads_to_[from].insert(what).second) return;
  look_at_mail(what, 0, depth);
}

void Survey::look_at_mail(const MailKey& what, int hops, int depth) {
  const auto& [name, type] = what;
  if (!approached_.insert({name, type, Purpose::proof}).second) return;
  if (mail_lookups_ == kMailLookups)
    return limit_reached("look-ups of mail hosts: " + std::to_string(kMailLookups));
  ++mail_lookups_;
  Descent::Goal goal;
  goal.name = name;
  goal.type = type;
  goal.purpose = Purpose::proof;
  Descent::start(*this, goal, depth, [=, this](const Descent::Outcome& outcome) {
    if (outcome.end == Descent::End::answer) follow_mail(asker_[outcome.exchange]);
    if (outcome.end != Descent::End::alias || hops == kAliases) return;
    if (const auto hop = dns::alias_at(*asker_[outcome.exchange].reply, name))
      look_at_mail({hop->target, type}, hops + 1, outcome.depth);
  });
}

// Everything that the places of a target lead to, and that leads to in turn.
void Survey::add_mail_places(observe::Target& target, const observe::Observation& so_far,
                             const observe::Index& exchanges) const {
  if (!is_by_mail(target.method)) return;
  std::set<MailKey> known = {{target.validation_name, target.type}};
  std::vector<MailKey> open;
  const auto note = [&](const std::vector<observe::Step>& steps, RecordType type) {
    for (const observe::Step& step : steps) open.emplace_back(step.name, type);
  };
  note(target.steps, target.type);
  for (const observe::Place& place : target.others) {
    known.insert({place.name, place.type});
    note(place.steps, place.type);
  }
  for (const observe::CaaLevel& level : target.caa) note(level.steps, RecordType::caa);
  while (!open.empty()) {
    const auto next = leads_to_.find(open.back());
    open.pop_back();
    if (next == leads_to_.end()) continue;
    for (const MailKey& key : next->second) {
      if (!known.insert(key).second) continue;
      const auto& [name, type] = key;
      target.others.push_back({name, type, steps_to_proof(so_far, exchanges, name, type)});
      note(target.others.back().steps, type);
    }
  }
}

}  // namespace dcv::resolve
