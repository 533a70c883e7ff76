#pragma once
// Judges, tells and saves an observation in the ways that the tools can.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "check/evaluate.h"
#include "fuzz/input.h"
#include "observe/observation_json.h"
#include "report/matrix.h"
#include "report/order.h"
#include "report/render.h"

namespace dcv::fuzz {

// Neither a terminal nor a log obeys bytes from the network: line ends are ours, all else prints.
inline bool is_plain_text(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && c != '\n') || byte == 0x7f) return false;
  }
  return true;
}

// One of the forms, as chosen by `number`.
inline std::string told(const observe::Observation& observation, std::size_t number) {
  constexpr std::size_t kForms = 11;
  const auto rendered = [&](report::Format format) {
    const report::Style style{.verbosity = 1};
    return report::render(report::make_report(observation, "dcv-preflight"), format, style);
  };
  const auto ordered = [&](report::Format format) {
    return report::render_order(report::make_report(observation, "dcv-preflight"), format, {});
  };
  switch (number % kForms) {
    case 0:
      return rendered(report::Format::json);
    case 1:
      return rendered(report::Format::html);
    case 2:
      return rendered(report::Format::nagios);
    case 3:
      return rendered(report::Format::openmetrics);
    case 4:
      return report::render_trace_text(observation, {.servers = true});
    case 5:
      return report::render_trace_json(observation, "dcv-trace");
    case 6:
      return report::render_matrix_text(report::propagations_of(observation), {.all = true});
    case 7:
      return report::render_matrix_json(report::propagations_of(observation), {}, "dcv-propagation",
                                        false);
    case 8:
      return ordered(report::Format::json);
    case 9:
      return ordered(report::Format::text);
    default:
      return rendered(report::Format::text);
  }
}

inline void check_saved(const observe::Observation& observation) {
  const std::string saved = observe::to_json(observation);
  const Result<observe::Observation> again = observe::from_json(saved);
  if (!again) std::fprintf(stderr, "%s\n", again.error().c_str());
  require(static_cast<bool>(again), "what was saved can be loaded");
  require(observe::to_json(*again) == saved, "what was saved and loaded is the same");
}

// All forms for each input would take too long: which one it is depends on the input.
inline void use(const observe::Observation& observation, std::string_view input) {
  const std::size_t number = std::hash<std::string_view>()(input);
  require(is_plain_text(told(observation, number)), "what is told has no control bytes");
  if (number % 4 == 0) check_saved(observation);
}

}  // namespace dcv::fuzz
