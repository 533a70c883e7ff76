// Paths and what they answer.
#include "exporter_pages.h"

#include <algorithm>

#include "probe_page.h"
#include "report/words.h"

namespace dcv::probes {
namespace {

constexpr const char* kLanding =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>dcv-exporter</title>"
    "</head><body>\n<h1>dcv-exporter " DCV_VERSION
    "</h1>\n<p>Whether a CA would find the domain-control proof of a name, for Prometheus.</p>\n"
    "<ul>\n<li><a href=\"/probe?target=example.com\">/probe?target=NAME&amp;module=MODULE</a>, "
    "with "
    "<a href=\"/probe?target=example.com&amp;debug=true\">debug=true</a> in words</li>\n"
    "<li><a href=\"/metrics\">/metrics</a> of the exporter itself</li>\n"
    "<li><a href=\"/-/healthy\">/-/healthy</a></li>\n</ul>\n</body></html>\n";

HttpReply method_not_allowed(const std::string& allowed) {
  return {405, "only " + allowed + " here\n", "text/plain; charset=utf-8", {{"Allow", allowed}}};
}

HttpReply unavailable(const std::string& why) {
  return {503, why + "\n", "text/plain; charset=utf-8", {{"Retry-After", "1"}}};
}

}  // namespace

ExporterPages::ExporterPages(Surroundings surroundings, ExporterConfig config)
    : surroundings_(std::move(surroundings)), config_(std::move(config)) {
  state_.reloaded_at = surroundings_.clock();
}

std::function<void()> ExporterPages::handle(const HttpRequest& request, const Reply& reply) {
  if (request.path == "/-/reload") {
    reply(reload_page(request));
  } else if (request.method != "GET") {
    reply(method_not_allowed("GET"));
  } else if (request.path == "/probe") {
    return probe(request, reply);
  } else if (request.path == "/metrics") {
    reply(metrics(request));
  } else if (request.path == "/-/healthy") {
    reply({200, "healthy\n"});
  } else if (request.path == "/") {
    reply({200, kLanding, "text/html; charset=utf-8"});
  } else {
    reply({404, "there is no such page\n"});
  }
  return nullptr;
}

std::function<void()> ExporterPages::probe(const HttpRequest& request, const Reply& reply) {
  const auto read = probe_request(request, config_, surroundings_.timeout_offset);
  if (!read) {
    reply({400, read.error() + "\n"});
    return nullptr;
  }
  const ProbeRequest& wanted = *read;
  const std::string& module = wanted.module->name;
  ++state_.probes[module];
  const double start = surroundings_.clock();
  const auto answer = [this, wanted, start, reply](const ProbeDesk::Result& result) {
    count(wanted.module->name, wanted.target, *result);
    if (result->failure == Failure::shutting_down)
      return reply(unavailable("the exporter is ending"));
    reply(probe_reply(wanted, *result, std::max(0.0, surroundings_.clock() - start)));
  };
  const auto refuse = [&](Failure failure, const std::string& message) {
    answer(std::make_shared<const ProbeResult>(failed(failure, message)));
    return nullptr;
  };
  if (ending_) return refuse(Failure::shutting_down, "");
  const auto targets = targets_for(*wanted.module, {wanted.target});
  if (!targets) return refuse(Failure::bad_target, targets.error());
  const auto ticket = surroundings_.desk.ask(
      {wanted.module, targets->front().identifier.text, *targets, wanted.timeout}, config_.probes,
      answer);
  if (ticket) return [this, ticket] { surroundings_.desk.leave(*ticket); };
  count(module, wanted.target, failed(Failure::busy));
  reply(unavailable("as many probes run as may (limits: probes: " + std::to_string(config_.probes) +
                    ")"));
  return nullptr;
}

void ExporterPages::count(const std::string& module, const std::string& target,
                          const ProbeResult& result) {
  if (!result.failure) return;
  ++state_.failures[{module, *result.failure}];
  surroundings_.log("probe of " + report::printable(target) + " with module " + module + ": " +
                    std::string(text(*result.failure)) +
                    (result.message.empty() ? "" : ": " + report::printable(result.message)));
}

HttpReply ExporterPages::metrics(const HttpRequest& request) {
  state_.in_flight = surroundings_.desk.running();
  state_.limit = config_.probes;
  for (const auto& [name, module] : config_.modules) state_.probes.try_emplace(name, 0);
  const report::MetricsForm form = preferred_form(request.accept);
  return {200, report::render_metrics(metrics_of(state_), form),
          std::string(report::content_type(form))};
}

HttpReply ExporterPages::reload_page(const HttpRequest& request) {
  if (request.method != "POST" && request.method != "PUT") return method_not_allowed("POST, PUT");
  const std::string slip = reload();
  return slip.empty() ? HttpReply{200, "reloaded\n"}
                      : HttpReply{500, "the old configuration stays: " + slip + "\n"};
}

std::string ExporterPages::reload() {
  Result<ExporterConfig> config = surroundings_.load();
  state_.reload_successful = static_cast<bool>(config);
  if (!config) {
    surroundings_.log("the old configuration stays: " + report::printable(config.error()));
    return config.error();
  }
  config_ = std::move(config).value();
  state_.reloaded_at = surroundings_.clock();
  surroundings_.log("configuration reloaded");
  return "";
}

}  // namespace dcv::probes
