// Turns what is wrong in single replies into one finding a zone and fault.
#include <algorithm>

#include "check/copies.h"
#include "check/dnssec.h"
#include "observe/lookup.h"

namespace dcv::check::dnssec {
namespace {

using Problems = std::vector<Problem>;

constexpr std::size_t kRecordsShown = 3;

constexpr struct {
  Fault fault;
  std::string_view id;
} kIds[] = {
    {Fault::expired, "dnssec-signature-expired"},
    {Fault::not_yet_valid, "dnssec-signature-not-yet-valid"},
    {Fault::wrong, "dnssec-signature-wrong"},
    {Fault::missing, "dnssec-signature-missing"},
    {Fault::denial_missing, "dnssec-denial-missing"},
    {Fault::denial_wrong, "dnssec-denial-wrong"},
    {Fault::expiring, "dnssec-signature-expiring"},
};

Exchanges exchanges_of(const Problems& problems) {
  Exchanges exchanges;
  for (const Problem& problem : problems) exchanges.push_back(problem.exchange);
  return exchanges;
}

// "_acme-challenge.shop.example TXT, shop.example SOA and 2 more"
std::string records_text(const Problems& problems) {
  std::vector<std::string> parts;
  for (const Problem& problem : problems) {
    const std::string text = problem.name.prose() + " " + dns::text(problem.type);
    if (std::ranges::find(parts, text) == parts.end()) parts.push_back(text);
  }
  const std::size_t more = parts.size() - std::min(parts.size(), kRecordsShown);
  if (more > 0) {
    parts.resize(kRecordsShown);
    parts.push_back(std::to_string(more) + " more");
  }
  return joined(parts);
}

// The date that counts first: of what has expired or expires the earliest, of what is to come the
// latest.
double date_of(const Problems& problems) {
  const auto [least, most] = std::ranges::minmax_element(problems, {}, &Problem::date);
  return problems.front().fault == Fault::not_yet_valid ? most->date : least->date;
}

// Some question has no reply that validators accept.
bool everywhere(const ZoneView& view, const Problems& problems) {
  return std::ranges::any_of(problems, [&](const Problem& problem) {
    const dns::Question& question = problem.exchange->question;
    return std::ranges::none_of(view.judged, [&](const Judged& each) {
      return each.sound && each.exchange->question == question;
    });
  });
}

// "; its copy of the zone is older (serial 3, not 4)": what explains most bad signatures of one
// server among several.
std::string lag_text(const Case& test, const ZoneView& view, const Problems& problems) {
  const std::map<dns::IpAddress, Copy> copies = copies_of(test, view.zone->apex);
  if (copies.empty()) return {};
  std::uint32_t newest = copies.begin()->second.soa.serial;
  for (const auto& [address, copy] : copies)
    if (is_newer_serial(copy.soa.serial, newest)) newest = copy.soa.serial;
  for (const Problem& problem : problems) {
    const auto own = copies.find(problem.exchange->address);
    if (own != copies.end() && own->second.soa.serial != newest)
      return "; its copy is an older one (serial " + std::to_string(own->second.soa.serial) +
             ", not " + std::to_string(newest) + ")";
  }
  return {};
}

bool only_denials(const Problems& problems) {
  return std::ranges::all_of(problems, [](const Problem& each) {
    return each.type == dns::RecordType::nsec || each.type == dns::RecordType::nsec3;
  });
}

std::string signer_action(const ZoneView& view, const Problems& problems) {
  const std::string zone = zone_text(view.zone->apex);
  switch (problems.front().fault) {
    case Fault::expired:
      return "Sign " + zone + " again, and find out why its signer has stopped renewing";
    case Fault::expiring:
      return "See to it that " + zone + " is signed again before that date";
    case Fault::not_yet_valid:
      return "Set the clock of the signer of " + zone + " right, and sign the zone again";
    case Fault::missing:
      return "Sign " + zone + ", or remove its DS records from " + zone_text(view.zone->parent);
    case Fault::wrong:
      if (only_denials(problems))
        return "Update the name servers of " + zone +
               ", or sign it again: only the signatures of denials do not fit, as where a server "
               "signs the letters of the question, upper case and lower (PowerDNS before 4.0.4)";
      return "Sign " + zone +
             " again, and let nothing change its records between signer and servers";
    case Fault::denial_missing:
    case Fault::denial_wrong:
      break;
  }
  return "Build the NSEC or NSEC3 records of " + zone +
         " anew: sign it again (PowerDNS: pdnsutil rectify-zone)";
}

Remedy remedy_for(const Case& test, const ZoneView& view, const Problems& problems, bool all) {
  if (!view.zone->probed) return not_yours(view);
  const Fault fault = problems.front().fault;
  if (all || fault == Fault::expiring) return {signer_action(view, problems), {}};
  const std::string servers = servers_text(exchanges_of(problems));
  if (fault == Fault::denial_missing || fault == Fault::denial_wrong || fault == Fault::wrong)
    return {"Make " + servers +
                " load the signed zone anew, or update the name server there; the other servers "
                "of " +
                zone_text(view.zone->apex) + " are right" + lag_text(test, view, problems),
            {}};
  return {"Make " + servers + " load the signed zone anew: the other servers of " +
              zone_text(view.zone->apex) + " are right" + lag_text(test, view, problems),
          {}};
}

// Records by a key that only their own server gives: keys that differ explain them.
bool is_explained(const ZoneView& view, const Problem& problem) {
  if (problem.fault != Fault::wrong || !keys_differ(view)) return false;
  return std::ranges::none_of(view.keys, [&](const dns::Record& key) {
    return dns::as_dnskey(key)->key_tag == problem.key_tag;
  });
}

std::map<std::string, std::string> arguments_of(const Problems& problems) {
  std::map<std::string, std::string> arguments = {{"servers", servers_text(exchanges_of(problems))},
                                                  {"records", records_text(problems)}};
  std::set<std::uint16_t> tags;
  for (const Problem& problem : problems)
    if (problem.key_tag != 0) tags.insert(problem.key_tag);
  if (!tags.empty()) arguments["tags"] = tags_text(tags);
  const double date = date_of(problems);
  if (date > 0) arguments["date"] = date_text(date);
  return arguments;
}

}  // namespace

void check_replies(const Case& test, const ZoneView& view, std::vector<Finding>& findings) {
  for (const auto& [fault, id] : kIds) {
    Problems problems;
    for (const Problem& problem : view.problems)
      if (problem.fault == fault && !is_explained(view, problem)) problems.push_back(problem);
    if (problems.empty() || (fault == Fault::expiring && !view.zone->probed)) continue;
    Finding finding = found(id, view, arguments_of(problems));
    const bool all = everywhere(view, problems);
    if (!all) finding.severity = Severity::warning;
    add_evidence(test, exchanges_of(problems), finding);
    finding.remedy = remedy_for(test, view, problems, all);
    findings.push_back(std::move(finding));
  }
}

}  // namespace dcv::check::dnssec
