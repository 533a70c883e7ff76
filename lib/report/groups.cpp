// Finds what the judgements of one name have in common.
#include "report/groups.h"

#include <algorithm>
#include <utility>

#include "check/causes.h"
#include "report/words.h"

namespace dcv::report {
namespace {

// The same name can be asked for twice; a CA judges it once in a group.
bool belongs(const check::Judgement& judgement, const Group& group) {
  const check::Judgement& first = group.first();
  const auto same_ca = [&](const auto* each) { return each->ca == judgement.ca; };
  return first.identifier == judgement.identifier && first.method == judgement.method &&
         std::none_of(group.judgements.begin(), group.judgements.end(), same_ca);
}

// Where all CAs have it there is nothing to tell of them.
void drop_when_all(std::vector<std::string>& cas, const Group& group) {
  if (cas.size() == group.judgements.size()) cas.clear();
}

// What explains it for one CA may be no finding for another one.
bool same_but_for_severity(const check::Finding& a, check::Finding b) {
  b.severity = a.severity;
  b.cause = a.cause;
  return a == b;
}

void add(SharedFinding& shared, const check::Finding& finding, const std::string& ca) {
  if (finding.severity < shared.finding->severity) {
    shared.milder[shared.finding->severity] = std::exchange(shared.cas, {});
    shared.finding = &finding;
  }
  std::vector<std::string>& cas =
      finding.severity == shared.finding->severity ? shared.cas : shared.milder[finding.severity];
  if (cas.empty() || cas.back() != ca) cas.push_back(ca);
}

std::vector<SharedFinding> ordered(std::vector<SharedFinding> all) {
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.finding->severity < b.finding->severity;
  });
  std::vector<const check::Finding*> findings;
  for (const SharedFinding& each : all) findings.push_back(each.finding);
  std::vector<SharedFinding> sorted;
  const check::Finding* root = nullptr;
  std::size_t place = 0;  // of the root
  for (const std::size_t index : check::order_by_cause(findings)) {
    SharedFinding& each = sorted.emplace_back(std::move(all[index]));
    const auto& cause = each.finding->cause;
    each.explained =
        cause && root != nullptr && cause->id == root->id && cause->subject == root->subject;
    if (each.explained) {
      sorted[place].explains = true;
    } else {
      root = each.finding;
      place = sorted.size() - 1;
    }
  }
  return sorted;
}

// `text_of` applied to every judgement; equal texts once, empty ones not at all.
template <typename TextOf>
std::vector<SharedText> shared(const Group& group, TextOf text_of) {
  std::vector<SharedText> all;
  for (const check::Judgement* judgement : group.judgements) {
    const std::string text = text_of(*judgement);
    if (text.empty()) continue;
    auto known = std::find_if(all.begin(), all.end(),
                              [&](const SharedText& each) { return each.text == text; });
    if (known == all.end()) known = all.insert(all.end(), {text, {}});
    known->cas.push_back(judgement->ca);
  }
  for (SharedText& each : all) drop_when_all(each.cas, group);
  return all;
}

bool same_but_for_name(const check::Judgement* a, const check::Judgement* b) {
  check::Judgement renamed = *b;
  renamed.identifier = a->identifier;
  return *a == renamed;
}

}  // namespace

check::Verdict Group::verdict() const {
  check::Verdict worst = first().verdict;
  for (const check::Judgement* each : judgements) worst = check::worse(worst, each->verdict);
  return worst;
}

std::vector<Group> groups(const Report& report) {
  std::vector<Group> all;
  for (const check::Judgement& judgement : report.targets) {
    if (all.empty() || !belongs(judgement, all.back())) all.emplace_back();
    all.back().judgements.push_back(&judgement);
  }
  return all;
}

const Group* twin_of(const Group& group, const std::vector<Group>& groups) {
  for (const Group& each : groups) {
    if (&each == &group) return nullptr;
    if (std::ranges::equal(each.judgements, group.judgements, same_but_for_name)) return &each;
  }
  return nullptr;
}

bool has_several_cas(const Report& report) {
  const std::vector<Group> all = groups(report);
  return std::any_of(all.begin(), all.end(),
                     [](const Group& each) { return each.judgements.size() > 1; });
}

std::vector<SharedFinding> findings_of(const Group& group) {
  std::vector<SharedFinding> all;
  for (const check::Judgement* judgement : group.judgements) {
    for (const check::Finding& finding : judgement->findings) {
      auto known = std::find_if(all.begin(), all.end(), [&](const SharedFinding& each) {
        return same_but_for_severity(*each.finding, finding);
      });
      if (known == all.end()) known = all.insert(all.end(), {&finding, {}, {}, false});
      add(*known, finding, judgement->ca);
    }
  }
  for (SharedFinding& each : all) drop_when_all(each.cas, group);
  return ordered(std::move(all));
}

std::string whose(const SharedFinding& shared) {
  if (shared.milder.empty()) return shared.cas.empty() ? "" : "only " + listed(shared.cas);
  std::string text = listed(shared.cas);
  for (const auto& [severity, cas] : shared.milder) {
    const std::string word(check::text(severity));
    text += "; " + std::string(word.starts_with('i') ? "an " : "a ") + word + " for " + listed(cas);
  }
  return text;
}

std::vector<SharedText> next_steps_of(const Group& group) {
  return shared(group, [](const check::Judgement& each) { return each.next_step; });
}

std::vector<SharedText> ca_errors_of(const Group& group) {
  return shared(group, [](const check::Judgement& each) { return each.ca_error; });
}

std::vector<SharedText> waits_of(const Group& group) {
  return shared(group, [](const check::Judgement& each) {
    if (!each.wait_seconds) return std::string();
    return duration(*each.wait_seconds) +
           (each.wait_reason.empty() ? "" : ", since " + each.wait_reason);
  });
}

}  // namespace dcv::report
