#pragma once
// The report on a whole order: which names could go now, which must wait or be mended, and why.

#include <string>
#include <string_view>
#include <vector>

#include "report/render.h"

namespace dcv::report {

// What to do with a name of an order, which passes only as a whole.
enum class Course {
  ready,    // the CA would accept now
  wait,     // it will be right by itself
  mend,     // something has to be changed, or the name left out
  unknown,  // could not be judged
};
std::string_view text(Course course);  // "ready", "wait", "mend", "unknown"

// One name with one method and CA. Points into the report.
struct OrderRow {
  const check::Judgement* judgement = nullptr;
  Course course = Course::unknown;
  std::string in_the_way;  // id of the finding; empty when it is ready or nothing was found
};
std::vector<OrderRow> rows_of(const Report& report);

// Names of one course, each once, in the order of the report. A name with several methods or CAs is
// on the course of the worst of them.
std::vector<std::string> names_on(const std::vector<OrderRow>& rows, Course course);

// "5 of 8 names could go now; wait for a.example (5 min); remove or mend b.example, c.example".
std::string summary_of(const std::vector<OrderRow>& rows);

// Text: one table, the summary, and the reports of those not ready (with verbosity 1 of all, with
// -1 of none). JSON: one document, kind "dcv-order", version 1. Other formats: as render().
std::string render_order(const Report& report, Format format, const Style& style);

}  // namespace dcv::report
