#pragma once
// The renderers behind render(), one function a format.

#include <string>

#include "report/render.h"

namespace dcv::report {

std::string render_text(const Report& report, const Style& style);
// One target after the other, without what sums them up.
std::string render_targets(const Report& report, const Style& style);
std::string render_json(const Report& report);
std::string render_html(const Report& report);
std::string render_nagios(const Report& report);
std::string render_openmetrics(const Report& report);

// Those behind render_order().
std::string render_order_text(const Report& report, const Style& style);
std::string render_order_json(const Report& report);

}  // namespace dcv::report
