#pragma once
// Metrics as values, and the two forms in which Prometheus and its kin read them.

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace dcv::report {

enum class MetricsForm {
  openmetrics,  // application/openmetrics-text; version=1.0.0
  classic       // text/plain; version=0.0.4: Prometheus' own, and of files for node_exporter
};

// The media type with its parameters.
std::string_view content_type(MetricsForm form);

struct Metric {
  enum class Kind { gauge, counter, info };
  struct Sample {
    std::string labels;  // made by label(), joined by commas; may be empty
    std::string value;
  };

  // A counter's ends with _total, that of an info with _info; with a unit the name ends with it.
  std::string_view name, unit, help;
  std::vector<Sample> samples = {};
  Kind kind = Kind::gauge;
};

// name="value", with the value made harmless.
std::string label(std::string_view name, std::string_view value);

// A metric without labels.
Metric single(const Metric& metric, const std::string& value);

// The whole exposition.
std::string render_metrics(const std::vector<Metric>& metrics, MetricsForm form);

// Of every target, and of the run. What was not measured has no sample.
std::vector<Metric> metrics_of(const Report& report);

}  // namespace dcv::report
