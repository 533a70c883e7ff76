#pragma once
// The renderers behind render(), one function a format.

#include <string>

#include "report/render.h"

namespace dcv::report {

std::string render_text(const Report& report, const Style& style);
std::string render_json(const Report& report);
std::string render_html(const Report& report);
std::string render_nagios(const Report& report);
std::string render_openmetrics(const Report& report);

}  // namespace dcv::report
