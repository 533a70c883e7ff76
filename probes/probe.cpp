// Collects, judges, and names the reason where there is no judgement.
#include "probe.h"

#include <algorithm>

#include "stoppable.h"

namespace dcv::probes {
namespace {

bool has_finding(const report::Report& report, std::string_view id) {
  return std::ranges::any_of(report.targets, [&](const check::Judgement& target) {
    return std::ranges::count(target.findings, id, &check::Finding::id) > 0;
  });
}

std::optional<Failure> failure_of(const report::Report& report, double timeout) {
  const bool judged = std::ranges::none_of(report.targets, [](const check::Judgement& target) {
    return target.verdict == check::Verdict::unknown;
  });
  if (judged) return std::nullopt;
  if (has_finding(report, "transport-intercepted")) return Failure::intercepted;
  if (report.stats.seconds >= timeout) return Failure::timeout;
  return has_finding(report, "transport-no-network") ? Failure::no_network : Failure::undecided;
}

observe::Observation collect(const resolve::Plan& plan, const Module& module,
                             const tools::Environment& environment, const std::atomic<bool>& stop) {
  const std::unique_ptr<net::Transport> network = environment.transport(plan.settings);
  StoppableTransport transport(*network, stop);
  const std::unique_ptr<net::Web> servers =
      environment.web(plan.settings, [&] { return network->elapsed(); });
  StoppableWeb web(*servers, stop);
  observe::Observation observation = resolve::collect(plan, transport, &web);
  if (module.resolvers) resolve::look(*module.resolvers, observation, transport);
  return observation;
}

}  // namespace

ProbeResult failed(Failure failure, const std::string& message) {
  ProbeResult result;
  result.failure = failure;
  result.message = message;
  return result;
}

std::string_view text(Failure failure) {
  switch (failure) {
    case Failure::bad_target:
      return "bad_target";
    case Failure::timeout:
      return "timeout";
    case Failure::no_network:
      return "no_network";
    case Failure::intercepted:
      return "intercepted";
    case Failure::undecided:
      return "undecided";
    case Failure::busy:
      return "busy";
    case Failure::shutting_down:
      return "shutting_down";
    case Failure::internal:
      return "internal";
  }
  return "";
}

ProbeResult run_probe(const Module& module, const Targets& targets, double timeout,
                      const tools::Environment& environment, const std::atomic<bool>& stop) {
  resolve::Plan plan = module.plan;
  plan.targets = targets;
  plan.settings.timeout = timeout;
  plan.settings.query_timeout = std::min(plan.settings.query_timeout, timeout);
  plan.started_at = plan.now = environment.clock();
  ProbeResult result;
  result.observation = collect(plan, module, environment, stop);
  result.report = report::make_report(result.observation, environment.tool);
  result.failure = failure_of(*result.report, timeout);
  return result;
}

}  // namespace dcv::probes
