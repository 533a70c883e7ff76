// The report as metrics, gauges only.
#include <functional>
#include <map>

#include "report/formats.h"
#include "report/metrics.h"
#include "report/words.h"

namespace dcv::report {
namespace {

std::string labels(const check::Judgement& target) {
  return label("identifier", target.identifier) + "," + label("method", target.method) + "," +
         label("ca", target.ca);
}

Metric verdicts(const Report& report) {
  Metric metric{"dcv_verdict", "", "1 for the verdict of the name, 0 for the others"};
  for (const check::Judgement& target : report.targets) {
    for (const check::Verdict verdict : {check::Verdict::ready, check::Verdict::at_risk,
                                         check::Verdict::blocked, check::Verdict::unknown}) {
      metric.samples.push_back({labels(target) + "," + label("verdict", check::text(verdict)),
                                target.verdict == verdict ? "1" : "0"});
    }
  }
  return metric;
}

using Value = std::function<std::optional<double>(const check::Judgement&)>;

// With one sample for each target that has the value.
Metric values(const Report& report, Metric metric, const Value& value, int decimals) {
  for (const check::Judgement& target : report.targets) {
    if (const auto number = value(target))
      metric.samples.push_back({labels(target), fixed(*number, decimals)});
  }
  return metric;
}

Metric measures(const Report& report, const Metric& metric,
                std::optional<double> check::Measures::*measure, int decimals) {
  const auto value = [&](const check::Judgement& target) { return target.measures.*measure; };
  return values(report, metric, value, decimals);
}

Metric findings(const Report& report) {
  Metric metric{"dcv_finding", "", "How often the name has the finding"};
  for (const check::Judgement& target : report.targets) {
    std::map<std::string, int> counts;
    for (const check::Finding& finding : target.findings) {
      ++counts[labels(target) + "," + label("id", finding.id) + "," +
               label("severity", check::text(finding.severity)) + "," +
               label("affects", check::text(finding.affects))];
    }
    for (const auto& [set, count] : counts) metric.samples.push_back({set, std::to_string(count)});
  }
  return metric;
}

// The first one named, of names that are not ready.
Metric root_causes(const Report& report) {
  Metric metric{"dcv_root_cause", "", "1 for the finding that explains why a name is not ready"};
  for (const check::Judgement& target : report.targets) {
    if (target.verdict == check::Verdict::ready || target.findings.empty()) continue;
    metric.samples.push_back({labels(target) + "," + label("id", target.findings.front().id), "1"});
  }
  return metric;
}

Metric addresses(const Report& report) {
  Metric metric{"dcv_authority_addresses", "",
                "Addresses of the last zone's servers, by what they say to the proof question"};
  for (const check::Judgement& target : report.targets) {
    const check::Measures& seen = target.measures;
    if (!seen.agreement) continue;
    for (const auto& [state, count] :
         {std::pair{"right", seen.right}, {"wrong", seen.wrong}, {"unusable", seen.unusable}})
      metric.samples.push_back(
          {labels(target) + "," + label("state", state), std::to_string(count)});
  }
  return metric;
}

std::vector<Metric> measured(const Report& report) {
  using check::Measures;
  const auto aliases = [](const check::Judgement& target) {
    return std::optional<double>(target.measures.aliases);
  };
  return {
      values(report, {"dcv_aliases", "", "CNAME and DNAME records on the way to the proof"},
             aliases, 0),
      addresses(report),
      measures(report, {"dcv_agreement_ratio", "ratio", "Share of those addresses that are right"},
               &Measures::agreement, 4),
      measures(report,
               {"dcv_signature_end_timestamp_seconds", "seconds",
                "When the first DNSSEC signature on the way expires"},
               &Measures::signature_end, 0),
      measures(report,
               {"dcv_longest_ttl_seconds", "seconds", "Longest TTL of the proof and its aliases"},
               &Measures::longest_ttl, 0),
      measures(
          report,
          {"dcv_negative_ttl_seconds", "seconds", "How long caches keep a denial of the last zone"},
          &Measures::negative_ttl, 0),
      measures(report,
               {"dcv_slowest_reply_seconds", "seconds", "Slowest reply to the proof question"},
               &Measures::slowest_reply, 4),
  };
}

}  // namespace

std::vector<Metric> metrics_of(const Report& report) {
  using check::Judgement;
  std::vector<Metric> all = {
      verdicts(report),
      values(report, {"dcv_chance_ratio", "ratio", "Probability that an order passes now"},
             std::mem_fn(&Judgement::chance), 4),
      values(report, {"dcv_wait_seconds", "seconds", "Time until caches and servers can agree"},
             std::mem_fn(&Judgement::wait_seconds), 0),
      findings(report),
      root_causes(report),
  };
  for (Metric& metric : measured(report)) all.push_back(std::move(metric));
  all.push_back(single({"dcv_queries", "", "Packets and connections sent"},
                       std::to_string(report.stats.queries)));
  all.push_back(
      single({"dcv_round_trips", "", "Longest chain of questions that depend on each other"},
             std::to_string(report.stats.round_trips)));
  all.push_back(single({"dcv_duration_seconds", "seconds", "Duration of the collection"},
                       fixed(report.stats.seconds, 3)));
  all.push_back(
      single({"dcv_observation_timestamp_seconds", "seconds", "When the observation was made"},
             fixed(report.at, 0)));
  return all;
}

std::string render_openmetrics(const Report& report) {
  return render_metrics(metrics_of(report), MetricsForm::openmetrics);
}

}  // namespace dcv::report
