// The second record that some providers want beside the delegation.
#include "check/alias.h"
#include "check/provider.h"
#include "dns/reply_kind.h"

namespace dcv::check::provider {
namespace {

// The replies of those that have another record or none; empty when some server has it.
alias::Exchanges without(const Case& test, const dns::Record& twin) {
  alias::Exchanges replies;
  for (const observe::Exchange* exchange : test.overview.exchanges.select(
           {.name = &twin.owner, .purpose = observe::Purpose::suspicion, .type = twin.type})) {
    if (!exchange->kind || !dns::is_useful(*exchange->kind) ||
        *exchange->kind == dns::ReplyKind::referral)
      continue;
    const auto hop = dns::alias_at(*exchange->reply, twin.owner);
    if (hop && dns::as_target(twin) == hop->target) return {};
    replies.push_back(exchange);
  }
  return replies;
}

}  // namespace

void check_twin(const Case& test, std::vector<Finding>& findings) {
  const observe::Step& step = test.target.steps.front();
  if (!step.target || step.through_dname) return;
  if (!test.target.expected.empty() && alias::holds_proof(test)) return;
  const auto twin = rules::twin_of(step.name, *step.target, test.observation.providers);
  if (!twin) return;
  const alias::Exchanges replies = without(test, *twin);
  if (replies.empty()) return;
  const std::string owner = alias::prose(twin->owner),
                    target = alias::prose(*dns::as_target(*twin));
  Finding finding = found("provider-twin-missing", twin->owner,
                          {{"owner", alias::prose(step.name)},
                           {"provider", title(test)},
                           {"wanted", owner + " CNAME " + target},
                           {"saw", alias::evidence(test, {replies.front()}).front().saw}});
  finding.evidence = alias::evidence(test, replies);
  // What stands there now may come from a wildcard, which stays.
  finding.remedy = {"Publish the CNAME record as well, in place of any other at that very name.",
                    {{alias::absolute(replies.front()->zone),
                      "",
                      {},
                      {alias::cname_line(twin->owner, alias::kProofTtl, *dns::as_target(*twin))}}}};
  findings.push_back(std::move(finding));
}

}  // namespace dcv::check::provider
