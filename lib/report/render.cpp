// Picks the renderer for a format.
#include "report/render.h"

#include "report/formats.h"

namespace dcv::report {

std::optional<Format> format(std::string_view name) {
  if (name == "text") return Format::text;
  if (name == "json") return Format::json;
  if (name == "html") return Format::html;
  if (name == "nagios") return Format::nagios;
  if (name == "openmetrics") return Format::openmetrics;
  return std::nullopt;
}

std::string render(const Report& report, Format format, const Style& style) {
  switch (format) {
    case Format::text:
      return render_text(report, style);
    case Format::json:
      return render_json(report);
    case Format::html:
      return render_html(report);
    case Format::nagios:
      return render_nagios(report);
    case Format::openmetrics:
      return render_openmetrics(report);
  }
  return "";
}

}  // namespace dcv::report
