// NXDOMAIN to one type of question at a name that has records of another: it is about the whole
// name, and resolvers that remember it deny the records too.
#include "check/authority_denial.h"

#include <algorithm>

namespace dcv::check {
namespace {

using observe::Purpose;

std::vector<const observe::Exchange*> denials(const Case& test, const ProofView& view,
                                              const AddressView& at) {
  std::vector<const observe::Exchange*> found;
  for (const Purpose purpose : {Purpose::alias, Purpose::owner_soa})
    for (const observe::Exchange* exchange : test.select({.zone = &view.step->zone,
                                             .name = &view.step->name,
                                             .purpose = purpose,
                                             .address = &at.address}))
      if (exchange->kind == dns::ReplyKind::nxdomain) found.push_back(exchange);
  return found;
}

}  // namespace

void check_denied_types(const Case& test, const ProofView& view, std::vector<Finding>& findings) {
  std::set<std::string> servers, types;
  std::vector<Evidence> evidence;
  for (const AddressView& each : view.addresses) {
    const bool there = std::ranges::none_of(
        each.samples, [](const Sample& sample) { return sample.data.records.empty(); });
    const auto denied = there ? denials(test, view, each) : decltype(denials(test, view, each)){};
    if (denied.empty()) continue;
    servers.insert(each.server->name.prose());
    evidence.push_back(evidence_of(test, *each.samples.front().exchange));
    for (const observe::Exchange* exchange : denied) {
      types.insert(dns::text(exchange->question.type));
      evidence.push_back(evidence_of(test, *exchange));
    }
  }
  if (servers.empty()) return;
  const auto kind =
      std::ranges::find(kAuthorityFamily.kinds, "authority-name-denied", &FindingKind::id);
  const std::string who = joined({servers.begin(), servers.end()});
  Finding finding = make_finding(*kind, view.step->name.text(),
                                 {{"name", view.step->name.prose()},
                                  {"type", dns::text(view.type)},
                                  {"types", joined({types.begin(), types.end()})},
                                  {"servers", who}});
  finding.evidence = std::move(evidence);
  finding.remedy.action = "Update or replace the name server software at " + who +
                          ": for a name that has records, a type that it has not gets NOERROR; "
                          "until then, let clients ask the servers, not a resolver.";
  findings.push_back(std::move(finding));
}

}  // namespace dcv::check
