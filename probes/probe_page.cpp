// Parameters and time-out of /probe, and its two forms of reply.
#include "probe_page.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "dns/codes.h"
#include "report/metrics.h"
#include "report/render.h"
#include "report/words.h"

namespace dcv::probes {
namespace {

using report::Metric;
using report::single;

// The module's, or what the scraper leaves if that is less.
Result<double> timeout_for(const Module& module, const std::string& field, double offset) {
  const double own = module.options.settings.timeout;
  if (field.empty()) return own;
  double given = 0;
  const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), given);
  if (code != std::errc() || end != field.data() + field.size() || !std::isfinite(given))
    return Error{"X-Prometheus-Scrape-Timeout-Seconds is no number of seconds"};
  if (given <= offset)
    return Error{"the scrape's time-out leaves no time: it has to be longer than " +
                 report::fixed(offset, 1) + " s (--timeout-offset)"};
  return std::min(own, given - offset);
}

// "proof _acme-challenge.shop.example. TXT @ns1.shop.example (192.0.2.1) udp: reply, 12 ms"
std::string line_of(const observe::Exchange& exchange) {
  std::string line(observe::text(exchange.purpose));
  line += " " + exchange.question.name.lower().text() + " " + dns::text(exchange.question.type);
  line += " @" + exchange.server.prose() + " (" + exchange.address.text() + ") " +
          std::string(observe::text(exchange.transport)) + ": " +
          std::string(observe::text(exchange.outcome));
  if (!exchange.detail.empty()) line += " (" + exchange.detail + ")";
  return report::printable(line) + ", " + report::fixed(exchange.duration * 1000, 1) + " ms\n";
}

std::string debug_text(const ProbeRequest& request, const ProbeResult& result, double seconds) {
  std::string page = "Target " + report::printable(request.target) + ", module " +
                     request.module->name + ", time-out " + report::fixed(request.timeout, 1) +
                     " s, took " + report::fixed(seconds, 3) + " s\n";
  if (result.failure) page += "No judgement: " + std::string(text(*result.failure)) + "\n";
  if (!result.message.empty()) page += report::printable(result.message) + "\n";
  if (!result.report) return page;
  page += "\n" + report::render(*result.report, report::Format::text, {.verbosity = 1});
  page += "\nWhat was asked:\n";
  for (const observe::Exchange& each : result.observation.exchanges) page += line_of(each);
  return page;
}

std::vector<Metric> metrics_of(const ProbeRequest& request, const ProbeResult& result,
                               double seconds) {
  Metric reason{"dcv_probe_failure_reason", "", "1 for the reason why there is no judgement"};
  if (result.failure)
    reason.samples.push_back({report::label("reason", text(*result.failure)), "1"});
  std::vector<Metric> all = {
      single({"dcv_probe_success", "", "1 if the name was judged, whatever the verdict"},
             result.failure ? "0" : "1"),
      single({"dcv_probe_duration_seconds", "seconds", "Duration of the probe"},
             report::fixed(seconds, 3)),
      single({"dcv_probe_timeout_seconds", "seconds", "Time that the probe had"},
             report::fixed(request.timeout, 3)),
      reason,
  };
  if (result.report)
    for (Metric& metric : report::metrics_of(*result.report)) all.push_back(std::move(metric));
  return all;
}

}  // namespace

Result<ProbeRequest> probe_request(const HttpRequest& request, const ExporterConfig& config,
                                   double timeout_offset) {
  const auto target = parameter(request, "target"), module = parameter(request, "module"),
             debug = parameter(request, "debug");
  for (const auto* each : {&target, &module, &debug})
    if (!*each) return Error{each->error()};
  for (const auto& [name, value] : request.parameters)
    if (name != "target" && name != "module" && name != "debug")
      return Error{"there is no parameter " + dns::quoted(name) +
                   "; there are target, module and debug"};
  if (target->empty()) return Error{"the parameter target is missing: the name to probe"};
  if (target->size() > kTargetLength) return Error{"the target is too long for a name"};
  const std::string name = module->empty() ? kDefaultModule : *module;
  const auto found = config.modules.find(name);
  if (found == config.modules.end()) return Error{"there is no module " + dns::quoted(name)};
  const auto timeout = timeout_for(*found->second, request.scrape_timeout, timeout_offset);
  if (!timeout) return Error{timeout.error()};
  return ProbeRequest{*target, found->second, *timeout, *debug == "true",
                      preferred_form(request.accept)};
}

HttpReply probe_reply(const ProbeRequest& request, const ProbeResult& result, double seconds) {
  if (request.debug) return {200, debug_text(request, result, seconds)};
  return {200, report::render_metrics(metrics_of(request, result, seconds), request.form),
          std::string(report::content_type(request.form))};
}

}  // namespace dcv::probes
