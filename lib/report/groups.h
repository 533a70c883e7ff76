#pragma once
// Judgements of one name by several CAs, put together so that what they share is told once.

#include <map>
#include <string>
#include <vector>

#include "report/report.h"

namespace dcv::report {

// One name with its judgements, one a CA. Points into the report.
struct Group {
  std::vector<const check::Judgement*> judgements;  // at least one

  const check::Judgement& first() const { return *judgements.front(); }
  check::Verdict verdict() const;  // the worst
};
std::vector<Group> groups(const Report& report);

// The first of `groups` before `group` that differs from it in the name alone; null when none does.
const Group* twin_of(const Group& group, const std::vector<Group>& groups);

// True if the report judges any name for more than one CA.
bool has_several_cas(const Report& report);

// A finding, and the CAs for which it holds; empty when it holds for all of the group alike.
struct SharedFinding {
  const check::Finding* finding = nullptr;  // of the worst severity
  std::vector<std::string> cas;
  // CAs for which it is the same but milder, by severity.
  std::map<check::Severity, std::vector<std::string>> milder;
  bool explained = false;  // by the last one before it that is not
  bool explains = false;   // others, so that it is not as harmless as it would be alone
};
// Root causes by severity, each before what it explains; else in the order of the judgements.
std::vector<SharedFinding> findings_of(const Group& group);
// "only letsencrypt", "letsencrypt; a warning for sectigo and digicert"; empty for all alike.
std::string whose(const SharedFinding& shared);

// A text that judgements have, such as the next step, with the CAs as above.
struct SharedText {
  std::string text;
  std::vector<std::string> cas;
};
std::vector<SharedText> next_steps_of(const Group& group);
std::vector<SharedText> ca_errors_of(const Group& group);
std::vector<SharedText> waits_of(const Group& group);  // "2 h, since ..."; not made harmless

}  // namespace dcv::report
