// dcv-exporter: a Prometheus exporter whose targets are names.
#include <malloc.h>

#include <csignal>

#include "exporter_config.h"
#include "exporter_options.h"
#include "exporter_pages.h"
#include "http_guard.h"
#include "process.h"
#include "report/words.h"
#include "textfile.h"

namespace dcv::tools {

const char* const kToolName = "dcv-exporter";

namespace {

using namespace dcv::probes;

// Of malloc(3): a probe has many short threads, and what each frees in an arena of its own would
// stay there. Half the memory after some minutes.
constexpr int kArenas = 2;
// Seconds that running probes have when the exporter ends.
constexpr double kGrace = 3;
// Seconds after that for replies to be taken.
constexpr double kFarewell = 2;

int slip(const Environment& environment, const std::string& sentence) {
  environment.err << kToolName << ": " << report::printable(sentence) << "\n";
  return kExitUsage;
}

using Load = std::function<Result<ExporterConfig>()>;

// The web configuration comes into force only with a configuration that can be used, and the other
// way round.
Result<ExporterConfig> load_all(const ExporterOptions& options, const Load& load,
                                HttpServer& server, HttpGuard& guard) {
  Result<ExporterConfig> config = load();
  if (!config) return config;
  const Result<WebConfig> web = load_web_config(options.web_config);
  if (!web) return Error{web.error()};
  try {
    server.use_tls(web->tls);
  } catch (const std::runtime_error& error) {
    return Error{error.what()};
  }
  guard.admit(web->users);
  return config;
}

// Empty when it can be used.
std::string fault_of_web_config(const std::string& path) {
  const Result<WebConfig> web = load_web_config(path);
  if (!web) return web.error();
  try {
    HttpServer(nullptr).use_tls(web->tls);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

int serve(const ExporterOptions& options, Environment& environment, const Load& load) {
  raise_file_limit();
  mallopt(M_ARENA_MAX, kArenas);
  const auto log = [&](const std::string& line) {
    environment.err << kToolName << ": " << line << std::endl;
  };
  HttpGuard* door = nullptr;
  ExporterPages* inside = nullptr;
  HttpServer server(
      [&](const HttpRequest& request, const Reply& reply) { return door->handle(request, reply); });
  const auto post = [&](std::function<void()> function) { server.post(std::move(function)); };
  ProbeDesk desk(
      [&](const ProbeWish& wish, const std::atomic<bool>& stop) {
        return run_probe(*wish.module, wish.targets, wish.timeout, environment, stop);
      },
      post, steady_seconds);
  HttpGuard guard([&](const HttpRequest& request,
                      const Reply& reply) { return inside->handle(request, reply); },
                  post);
  const auto load_now = [&] { return load_all(options, load, server, guard); };
  Result<ExporterConfig> config = load_now();
  if (!config) return slip(environment, config.error());
  ExporterPages pages({desk, load_now, environment.clock, log, options.timeout_offset},
                      std::move(config).value());
  door = &guard;
  inside = &pages;
  for (const ListenAddress& address : options.listen) server.listen(address);
  const std::function<void()> end_when_done = [&] {
    if (desk.running() == 0 && server.connections() == 0) return server.stop();
    server.later(0.05, end_when_done);
  };
  bool ending = false;
  server.on_signals({SIGHUP, SIGTERM, SIGINT}, [&](int signal) {
    if (signal == SIGHUP) return void(pages.reload());
    if (ending) return;
    ending = true;
    log("ending");
    pages.end();
    server.stop_listening();
    server.later(kGrace, [&] { desk.stop_all(); });
    server.later(kGrace + kFarewell, [&] { server.stop(); });
    end_when_done();
  });
  std::signal(SIGPIPE, SIG_IGN);
  for (const ListenAddress& address : options.listen) log("listening on " + text(address));
  server.run();
  return 0;
}

}  // namespace

int run_tool(Environment& environment) {
  const ParsedExporter parsed = parse_exporter_options(environment);
  if (!parsed.options) return parsed.status;
  const ExporterOptions& options = *parsed.options;
  Options defaults;
  defaults.ca_eye = true;
  defaults.root_hints = options.root_hints;
  defaults.trust_anchor = options.trust_anchor;
  const auto load = [&] { return load_exporter_config(options.config, defaults, environment); };
  if (options.textfile.empty() && !options.check) return serve(options, environment, load);
  const Result<ExporterConfig> config = load();
  if (!config) return slip(environment, config.error());
  if (!options.check) return write_textfile(options, *config, environment);
  const std::string fault = fault_of_web_config(options.web_config);
  if (!fault.empty()) return slip(environment, fault);
  environment.out << "the configuration can be used\n";
  return 0;
}

}  // namespace dcv::tools
