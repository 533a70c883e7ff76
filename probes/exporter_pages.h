#pragma once
// The exporter's pages: what each path answers. One thread; no sockets.

#include <functional>
#include <memory>

#include "exporter_config.h"
#include "exporter_metrics.h"
#include "http_server.h"
#include "probe_desk.h"

namespace dcv::probes {

class ExporterPages {
 public:
  struct Surroundings {
    ProbeDesk& desk;
    // Reads all configuration anew; what is not the pages' is in use when it returns.
    std::function<Result<ExporterConfig>()> load;
    std::function<double()> clock;                // Unix seconds
    std::function<void(const std::string&)> log;  // takes one line
    double timeout_offset = 0.5;  // seconds that a scrape ends before Prometheus gives it up
  };

  ExporterPages(Surroundings surroundings, ExporterConfig config);

  // A Handler.
  std::function<void()> handle(const HttpRequest& request, const Reply& reply);
  // Takes a new configuration; a sentence when that cannot be used: the old one goes on then.
  std::string reload();
  // Probes are refused from now on.
  void end() { ending_ = true; }

 private:
  std::function<void()> probe(const HttpRequest& request, const Reply& reply);
  HttpReply metrics(const HttpRequest& request);
  HttpReply reload_page(const HttpRequest& request);
  void count(const std::string& module, const std::string& target, const ProbeResult& result);

  Surroundings surroundings_;
  ExporterConfig config_;
  ExporterState state_;
  bool ending_ = false;
};

}  // namespace dcv::probes
