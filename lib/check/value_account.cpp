// Records at the label of another account, or of the same one whose URL was written otherwise
// (dns-account-01).
#include "check/value.h"
#include "observe/lookup.h"
#include "rules/account_forms.h"
#include "rules/account_label.h"

namespace dcv::check::value {
namespace {

// A name where the record may stand instead, and how it came to be there.
struct Elsewhere {
  dns::Name name;
  std::string slip;
};

std::vector<Elsewhere> elsewhere(const Sight& sight) {
  std::vector<Elsewhere> places;
  const dns::Name& own = sight.test.target.steps.front().name;
  const dns::Name above = own.parent();
  for (const std::string& uri : sight.test.observation.account_uris) {
    if (own.is_root() || own.lower().labels().front() != rules::account_label(uri)) continue;
    for (const rules::AccountForm& form : rules::other_forms(uri))
      if (const auto name = above.child(rules::account_label(form.uri)))
        places.push_back({*name, "its label is made of the account's URL " + form.slip});
    places.push_back({above, "that is the name of dns-01, without the account's label"});
  }
  return places;
}

// The TXT and CNAME records at `name` in the reply, as zone-file lines for `owner`.
std::vector<std::string> lines(const observe::Exchange& exchange, const dns::Name& name,
                               const dns::Name& owner) {
  std::vector<std::string> found;
  if (!exchange.reply || !exchange.kind || !dns::is_useful(*exchange.kind)) return found;
  for (dns::Record record : exchange.reply->answer) {
    const bool proof = record.type == dns::RecordType::txt || record.type == dns::RecordType::cname;
    if (record.owner != name || !proof) continue;
    record.owner = owner.lower();
    found.push_back(dns::zone_line(record));
  }
  return found;
}

}  // namespace

bool check_account_label(const Sight& sight, std::vector<Finding>& findings) {
  const dns::Name& own = sight.test.target.steps.front().name;
  if (sight.test.target.steps.size() != 1) return false;
  for (const Elsewhere& place : elsewhere(sight)) {
    for (const observe::Exchange* exchange :
         sight.test.select({.name = &place.name, .purpose = observe::Purpose::suspicion})) {
      const std::vector<std::string> there = lines(*exchange, place.name, place.name);
      if (there.empty()) continue;
      Finding finding = found(sight, "value-account-label", {},
                              {{"found", place.name.lower().prose()}, {"slip", place.slip}});
      finding.evidence.push_back(evidence_of(sight.test, *exchange));
      if (sight.test.target.expected.empty()) finding.severity = Severity::warning;
      finding.remedy = {
          "Move the record to " + sight.prose() + ".",
          {{sight.view.step->zone.lower().text(), "", there, lines(*exchange, place.name, own)}}};
      findings.push_back(std::move(finding));
      return true;
    }
  }
  return false;
}

}  // namespace dcv::check::value
