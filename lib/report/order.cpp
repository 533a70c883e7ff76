// What an order's judgements come to.
#include "report/order.h"

#include <algorithm>

#include "report/formats.h"
#include "report/words.h"

namespace dcv::report {
namespace {

Course course_of(const check::Judgement& judgement) {
  switch (judgement.verdict) {
    case check::Verdict::ready:
      return Course::ready;
    case check::Verdict::at_risk:
      return judgement.wait_seconds ? Course::wait : Course::mend;
    case check::Verdict::blocked:
      return Course::mend;
    case check::Verdict::unknown:
      break;
  }
  return Course::unknown;
}

// From harmless to worst: what is known to be wrong comes last.
int badness(Course course) {
  switch (course) {
    case Course::ready:
      return 0;
    case Course::wait:
      return 1;
    case Course::unknown:
      return 2;
    case Course::mend:
      break;
  }
  return 3;
}

Course worst(const std::vector<OrderRow>& rows, const std::string& name) {
  Course found = Course::ready;
  for (const OrderRow& row : rows)
    if (row.judgement->identifier == name && badness(row.course) > badness(found))
      found = row.course;
  return found;
}

// "a.example (5 min)": the longest of its waits.
std::string with_wait(const std::vector<OrderRow>& rows, const std::string& name) {
  double longest = 0;
  for (const OrderRow& row : rows)
    if (row.judgement->identifier == name)
      longest = std::max(longest, row.judgement->wait_seconds.value_or(0));
  return name + " (" + duration(longest) + ")";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::size_t names_in(const std::vector<OrderRow>& rows) {
  std::size_t count = 0;
  for (const Course course : {Course::ready, Course::wait, Course::mend, Course::unknown})
    count += names_on(rows, course).size();
  return count;
}

// The first finding that counts for the CA; else, where it could not be judged, the first of all.
std::string in_the_way(const check::Judgement& judgement) {
  const auto counts = std::ranges::find_if(judgement.findings, [](const check::Finding& each) {
    return each.affects == check::Affects::ca && each.severity <= check::Severity::warning;
  });
  if (counts != judgement.findings.end()) return counts->id;
  return judgement.findings.empty() ? "" : judgement.findings.front().id;
}

}  // namespace

std::string_view text(Course course) {
  switch (course) {
    case Course::ready:
      return "ready";
    case Course::wait:
      return "wait";
    case Course::mend:
      return "mend";
    case Course::unknown:
      break;
  }
  return "unknown";
}

std::vector<OrderRow> rows_of(const Report& report) {
  std::vector<OrderRow> rows;
  for (const check::Judgement& judgement : report.targets) {
    OrderRow row{&judgement, course_of(judgement), ""};
    if (row.course != Course::ready) row.in_the_way = in_the_way(judgement);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> names_on(const std::vector<OrderRow>& rows, Course course) {
  std::vector<std::string> names;
  for (const OrderRow& row : rows) {
    const std::string& name = row.judgement->identifier;
    if (std::ranges::count(names, name) == 0 && worst(rows, name) == course) names.push_back(name);
  }
  return names;
}

std::string summary_of(const std::vector<OrderRow>& rows) {
  const std::size_t ready = names_on(rows, Course::ready).size(), all = names_in(rows);
  std::string text = ready == all && all > 1
                         ? "all " + std::to_string(all) + " names could go now"
                         : std::to_string(ready) + " of " + counted(all, "name") + " could go now";
  std::vector<std::string> waiting = names_on(rows, Course::wait);
  for (std::string& name : waiting) name = with_wait(rows, name);
  if (!waiting.empty()) text += "; wait for " + joined(waiting);
  if (const auto names = names_on(rows, Course::mend); !names.empty())
    text += "; remove or mend " + joined(names);
  if (const auto names = names_on(rows, Course::unknown); !names.empty())
    text += "; not judged: " + joined(names);
  return text;
}

std::string render_order(const Report& report, Format format, const Style& style) {
  if (format == Format::text) return render_order_text(report, style);
  if (format == Format::json) return render_order_json(report);
  return render(report, format, style);
}

}  // namespace dcv::report
