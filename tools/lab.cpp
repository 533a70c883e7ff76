// dcv-lab: a mini-Internet in a namespace, to try and test everything offline.

#include <algorithm>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "lab/scenario_export.h"
#include "lab/signing.h"
#include "lab_options.h"
#include "lab_run.h"
#include "lab_scenarios.h"
#include "shell_word.h"

namespace {

namespace lab = dcv::lab;
using dcv::tools::LabOptions;

constexpr int kUsageError = 64;
constexpr int kInternalError = 70;

// A slip of the user: in an option, a scenario or an edit.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename T>
T value_or_throw(dcv::Result<T> result) {
  if (!result) throw UsageError(result.error());
  return std::move(result).value();
}

int list(const LabOptions& options) {
  const auto stories = value_or_throw(lab::list_stories(dcv::tools::scenarios_folder(options)));
  if (options.json) {
    std::cout << lab::list_json(stories);
    return 0;
  }
  std::size_t width = 0;
  for (const lab::Story& story : stories) width = std::max(width, story.id.size());
  for (const lab::Story& story : stories) {
    std::cout << story.id << std::string(width + 2 - story.id.size(), ' ') << story.title << "\n";
  }
  return 0;
}

void show_web(const std::vector<lab::WebServer>& servers) {
  if (!servers.empty()) std::cout << "\nWeb servers:\n";
  for (const lab::WebServer& server : servers) {
    std::cout << "port " << server.port << (server.tls ? " (TLS)" : "");
    for (const dcv::dns::IpAddress& each : server.addresses) std::cout << " " << each.text();
    std::cout << "\n";
    for (const auto& [place, reply] : server.replies)
      std::cout << "  " << reply.status << " " << place << "\n";
  }
}

std::string line_of(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command)
    line += (line.empty() ? "" : " ") + dcv::tools::shell_word(word);
  return line;
}

int show(const LabOptions& options) {
  const lab::Scenario scenario = value_or_throw(dcv::tools::find_scenario(options));
  const lab::Story& story = scenario.story;
  std::cout << story.title << "\n\n"
            << story.about << "\n\nCommand: " << line_of(story.command)
            << "\nVerdict: " << story.verdict << "\n";
  for (const lab::ExpectedFinding& finding : story.findings) {
    std::cout << "Finding: " << finding.id << " " << finding.subject;
    if (!finding.cause.empty()) std::cout << " (explained by " << finding.cause << ")";
    std::cout << "\n";
  }
  if (!story.mend.empty()) std::cout << "With all remedies: " << story.mend << "\n";
  std::cout << "\nServers beside those of the base Internet:\n";
  for (const lab::Server& server : scenario.servers) {
    if (server.of_base) continue;
    std::cout << server.name;
    for (const lab::ServerAddress& each : server.addresses) std::cout << " " << each.address.text();
    std::cout << "\n";
    for (const lab::ZoneChoice& zone : server.choices) {
      std::cout << "  zone " << zone.apex.prose()
                << (zone.variant.empty() ? "" : " (" + zone.variant + ")") << "\n";
    }
  }
  show_web(scenario.web);
  return 0;
}

// The one that the scenario is told with, which is shown, where none is given.
std::vector<std::string> command_of(const LabOptions& options, const lab::Story& story) {
  if (!options.command.empty()) return options.command;
  if (story.command.empty()) throw UsageError("run needs a command after --");
  std::cerr << "$ " << line_of(story.command) << "\n";
  return story.command;
}

int start(const LabOptions& options) {
  lab::Scenario scenario = value_or_throw(dcv::tools::find_scenario(options));
  const auto now = static_cast<std::uint32_t>(std::time(nullptr));
  const dcv::tools::LabRun run{value_or_throw(lab::sign_zones(scenario, now)), options.delay_ms,
                               options.log, options.here};
  if (options.action == LabOptions::Action::serve) return serve_lab(scenario, run);
  if (options.action == LabOptions::Action::run)
    return run_in_lab(scenario, run, command_of(options, scenario.story));
  value_or_throw(lab::export_scenario(scenario, options.directory));
  return 0;
}

int perform(const LabOptions& options) {
  switch (options.action) {
    case LabOptions::Action::help:
      std::cout << dcv::tools::lab_usage();
      return 0;
    case LabOptions::Action::version:
      std::cout << "dcv-lab (dcvtools) " DCV_VERSION "\n";
      return 0;
    case LabOptions::Action::list:
      return list(options);
    case LabOptions::Action::show:
      return show(options);
    default:
      return start(options);
  }
}

}  // namespace

int main(int argc, char* argv[]) {
  try {
    const auto options = value_or_throw(dcv::tools::parse_lab_options({argv + 1, argv + argc}));
    const int status = perform(options);
    if (std::cout.flush()) return status;
    throw std::runtime_error("the output could not be written");
  } catch (const UsageError& error) {
    std::cerr << "dcv-lab: " << error.what() << "\n";
    return kUsageError;
  } catch (const std::exception& error) {
    std::cerr << "dcv-lab: " << error.what() << "\n";
    return kInternalError;
  }
}
