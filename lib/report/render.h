#pragma once
// From report to text in one of five formats, and the trace of a walk as a tree.

#include <optional>
#include <string>
#include <string_view>

#include "report/report.h"

namespace dcv::report {

enum class Format { text, json, html, nagios, openmetrics };
std::optional<Format> format(std::string_view name);

struct Style {
  bool color = false;     // ANSI colours (text only)
  int verbosity = 0;      // -1 verdict lines only, 0 normal, 1 with all evidence (text only)
  std::size_t width = 0;  // columns of the terminal, for sentences; 0: as long as they are
};

// The whole document, with a final line end. JSON: one document for one name, JSON Lines (one
// document a name, each complete) for several; a document has a target for each CA.
std::string render(const Report& report, Format format, const Style& style);

struct TraceStyle {
  bool color = false;
  bool servers = false;  // every server with address, outcome and round trip under its zone
};
std::string render_trace_text(const observe::Observation& observation, const TraceStyle& style);
// Kind "dcv-trace", version 1.
std::string render_trace_json(const observe::Observation& observation, const std::string& tool);

}  // namespace dcv::report
