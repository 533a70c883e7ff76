#pragma once
// What /probe is asked for, and how a result is told.

#include "exporter_config.h"
#include "http_message.h"
#include "probe_desk.h"

namespace dcv::probes {

// Bytes of a target that are looked at: a name of IDN labels takes some more than 253.
inline constexpr std::size_t kTargetLength = 1024;

struct ProbeRequest {
  std::string target;  // as it was written
  std::shared_ptr<const Module> module;
  double timeout = 0;  // seconds
  bool debug = false;
  report::MetricsForm form = report::MetricsForm::classic;
};

// An error is for status 400.
Result<ProbeRequest> probe_request(const HttpRequest& request, const ExporterConfig& config,
                                   double timeout_offset);

// Metrics, or with debug the report in words and what was asked.
HttpReply probe_reply(const ProbeRequest& request, const ProbeResult& result, double seconds);

}  // namespace dcv::probes
