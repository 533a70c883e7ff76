// Records that are a token themselves: whose they are, and those that are no token for a CA at all.
#include <algorithm>

#include "check/alias.h"
#include "check/provider.h"
#include "rules/method.h"

namespace dcv::check::provider {
namespace {

using observe::Step;
using Matches = std::vector<rules::Match>;

// The rows that a record at the step's name fits, owner and data both.
Matches rows_of(const Case& test, const Step& step, const dns::Record& record) {
  const rules::Providers& own = test.observation.providers;
  Matches matches;
  if (record.owner != step.name || record.type != test.target.type) return matches;
  if (const auto value = dns::as_txt(record))
    matches = rules::recognise(step.name, *value, own);
  else if (const auto target = dns::as_target(record))
    matches = rules::recognise(step.name, record.type, *target, own);
  std::erase_if(matches,
                [](const rules::Match& each) { return !each.owner_fits || !each.target_fits; });
  return matches;
}

// What is seen at the name where the CA looks, by the record.
struct Seen {
  Matches matches;
  const observe::Exchange* exchange = nullptr;
};
std::vector<Seen> seen_at(const Case& test, const Step& step) {
  std::vector<Seen> all;
  if (rules::proof_of(rules::method_of(test.target.method)) != rules::Proof::token) return all;
  for (const observe::Exchange* exchange : alias::replies(test, step, observe::Purpose::proof))
    for (const dns::Record& record : exchange->reply->answer) {
      Matches matches = rows_of(test, step, record);
      if (!matches.empty()) all.push_back({std::move(matches), exchange});
    }
  return all;
}

bool is_for_cas(const rules::Match& match) {
  return !match.provider->method.empty();
}

}  // namespace

std::string title_of_token(const Case& test) {
  if (test.target.steps.empty()) return "";
  for (const Seen& seen : seen_at(test, test.target.steps.back())) {
    const auto match = std::ranges::find_if(seen.matches, is_for_cas);
    if (match != seen.matches.end()) return match->provider->title;
  }
  return "";
}

void check_ownership(const Case& test, std::vector<Finding>& findings) {
  const Step& step = test.target.steps.back();
  for (const Seen& seen : seen_at(test, step)) {
    if (std::ranges::any_of(seen.matches, is_for_cas)) continue;
    const observe::Provider& row = *seen.matches.front().provider;
    Finding finding = found("provider-ownership-only", step.name,
                            {{"name", alias::prose(step.name)}, {"provider", row.title}});
    finding.evidence = alias::evidence(test, {seen.exchange});
    finding.remedy.action =
        row.note + " Publish what " + test.profile.title + " tells, at the name that it tells.";
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace dcv::check::provider
