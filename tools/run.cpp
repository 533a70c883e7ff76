// Options to plan, plan to observation.
#include "run.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "ca.h"
#include "observe/observation_json.h"
#include "progress.h"
#include "public_plan.h"
#include "resolve/collect.h"
#include "resolve/root_hints.h"
#include "resolve/trust_anchors.h"
#include "targets.h"
#include "wishes.h"

namespace dcv::tools {
namespace {

constexpr std::size_t kLargestFile = 256u << 20;  // bytes; a saved order of 100 names has a tenth
constexpr std::size_t kBlock = 1u << 16;

// Files such as /dev/zero have no end.
Result<std::string> content_of(std::istream& stream, const std::string& name) {
  std::string content, block(kBlock, '\0');
  while (stream) {
    stream.read(block.data(), kBlock);
    content.append(block, 0, static_cast<std::size_t>(stream.gcount()));
    if (content.size() > kLargestFile)
      return Error{"could not read " + name + ": it is larger than 256 MB"};
  }
  if (stream.bad()) return Error{"could not read " + name + ": " + std::strerror(errno)};
  return content;
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) throw std::runtime_error("could not write " + path + ": " + std::strerror(errno));
}

Result<std::vector<dns::Record>> trust_anchors(const std::string& path) {
  if (path.empty()) return resolve::builtin_trust_anchors();
  const Result<std::string> text = read_file(path);
  if (!text) return Error{text.error()};
  Result<std::vector<dns::Record>> anchors = resolve::parse_trust_anchors(*text);
  if (!anchors) return Error{path + ": " + anchors.error()};
  return anchors;
}

}  // namespace

Result<resolve::Plan> plan_without_targets(const Options& options, const Environment& environment) {
  resolve::Plan plan;
  Result<std::vector<observe::CaProfile>> profiles =
      choose_profiles(options.cas, options.ca_profiles);
  if (!profiles) return Error{profiles.error()};
  plan.profiles = std::move(profiles).value();
  plan.account_uris = options.account_uris;
  Result<std::vector<observe::Provider>> providers = own_providers(options.providers);
  if (!providers) return Error{providers.error()};
  plan.providers = std::move(providers).value();
  Result<std::vector<dns::Record>> anchors = trust_anchors(options.trust_anchor);
  if (!anchors) return Error{anchors.error()};
  plan.trust_anchors = std::move(anchors).value();
  plan.root_hints = resolve::builtin_root_hints();
  if (!options.root_hints.empty()) {
    const Result<std::string> text = read_file(options.root_hints);
    if (!text) return Error{text.error()};
    Result<std::vector<observe::NameServer>> hints = resolve::parse_root_hints(*text);
    if (!hints) return Error{options.root_hints + ": " + hints.error()};
    plan.root_hints = std::move(hints).value();
  }
  plan.ca_eye = options.ca_eye;
  plan.settings = options.settings;
  plan.started_at = environment.clock();
  plan.now = options.now.value_or(plan.started_at);
  return plan;
}

Result<resolve::Plan> plan_for(const Options& options, const Environment& environment) {
  Result<resolve::Plan> walk = plan_without_targets(options, environment);
  if (!walk) return Error{walk.error()};
  resolve::Plan plan = std::move(walk).value();
  Result<Wishes> wishes = wishes_of(options, std::move(plan.profiles));
  if (!wishes) return Error{wishes.error()};
  plan.profiles = wishes->profiles;
  Result<std::vector<resolve::PlannedTarget>> targets =
      targets_of(wishes->wishes, options, plan.profiles);
  if (!targets) return Error{targets.error()};
  plan.targets = std::move(targets).value();
  return plan;
}

void require_writable(const Options& options) {
  for (const std::string& path : {options.save, options.output}) {
    if (path.empty() || path == "-" || std::ofstream(path, std::ios::app)) continue;
    throw std::runtime_error("could not write " + path + ": " + std::strerror(errno));
  }
}

void save(const Options& options, const observe::Observation& observation) {
  if (!options.save.empty()) write_file(options.save, observe::to_json(observation));
}

std::optional<observe::Observation> observe_names(const Options& options, Environment& environment,
                                                  int& status) {
  const Result<resolve::Plan> plan = plan_for(options, environment);
  if (plan) return observe_plan(options, *plan, environment, status);
  status = usage_error(environment, plan.error());
  return std::nullopt;
}

std::optional<observe::Observation> observe_plan(const Options& options, const resolve::Plan& plan,
                                                 Environment& environment, int& status) {
  Result<resolve::PublicPlan> resolvers = resolve::PublicPlan();
  if (options.ask_public) resolvers = make_public_plan(options);
  if (!resolvers) {
    status = usage_error(environment, resolvers.error());
    return std::nullopt;
  }
  require_writable(options);
  std::unique_ptr<net::Transport> transport = environment.transport(options.settings);
  Progress progress(*transport, environment.err, options.progress);
  const std::unique_ptr<net::Web> web =
      environment.web(options.settings, [&] { return progress.elapsed(); });
  observe::Observation observation = resolve::collect(plan, progress, web.get());
  if (options.ask_public) resolve::look(*resolvers, observation, progress);
  progress.clear();
  save(options, observation);
  return observation;
}

Result<std::string> read_file(const std::string& path) {
  if (path == "-") return content_of(std::cin, "standard input");
  std::error_code unknown;  // the opening tells why
  if (std::filesystem::is_directory(path, unknown))
    return Error{"could not read " + path + ": a directory"};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"could not read " + path + ": " + std::strerror(errno)};
  return content_of(file, path);
}

void write_output(const Options& options, Environment& environment, const std::string& document) {
  if (options.output.empty() || options.output == "-") {
    environment.out << document;
  } else {
    write_file(options.output, document);
  }
}

}  // namespace dcv::tools
