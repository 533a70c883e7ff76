// Writes families of metrics as text.
#include "report/metrics.h"

#include "report/words.h"

namespace dcv::report {
namespace {

std::string_view type_word(Metric::Kind kind, MetricsForm form) {
  if (kind == Metric::Kind::counter) return "counter";
  return kind == Metric::Kind::info && form == MetricsForm::openmetrics ? "info" : "gauge";
}

// OpenMetrics has _total and _info at samples only, the classic form in the family's name as well.
std::string_view family_name(const Metric& metric, MetricsForm form) {
  std::string_view name = metric.name;
  if (form == MetricsForm::openmetrics && metric.kind != Metric::Kind::gauge)
    name.remove_suffix(name.size() - name.rfind('_'));
  return name;
}

std::string header(const Metric& metric, MetricsForm form) {
  const std::string name(family_name(metric, form));
  std::string text = "# TYPE " + name + " " + std::string(type_word(metric.kind, form)) + "\n";
  if (!metric.unit.empty() && form == MetricsForm::openmetrics)
    text += "# UNIT " + name + " " + std::string(metric.unit) + "\n";
  return text + "# HELP " + name + " " + std::string(metric.help) + "\n";
}

}  // namespace

std::string_view content_type(MetricsForm form) {
  return form == MetricsForm::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string label(std::string_view name, std::string_view value) {
  const std::string slashes = replaced(printable(value), '\\', "\\\\");
  return std::string(name) + "=\"" + replaced(slashes, '"', "\\\"") + "\"";
}

Metric single(const Metric& metric, const std::string& value) {
  Metric made = metric;
  made.samples = {{"", value}};
  return made;
}

std::string render_metrics(const std::vector<Metric>& metrics, MetricsForm form) {
  std::string text;
  for (const Metric& metric : metrics) {
    text += header(metric, form);
    for (const Metric::Sample& sample : metric.samples)
      text += std::string(metric.name) + (sample.labels.empty() ? "" : "{" + sample.labels + "}") +
              " " + sample.value + "\n";
  }
  return form == MetricsForm::openmetrics ? text + "# EOF\n" : text;
}

}  // namespace dcv::report
