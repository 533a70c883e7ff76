// From texts to values, each slip in one sentence.
#include "value_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "check/value_shape.h"
#include "delegate_options.h"
#include "propagation_options.h"
#include "time_text.h"

namespace dcv::tools {

namespace po = boost::program_options;

std::string text_of(const po::variables_map& values, const char* name) {
  const std::string value = get<std::string>(values, name, "");
  if (value.empty() && values.count(name) && !values[name].defaulted())
    throw ValueError(name, " is empty; is a variable not set?");
  if (value.starts_with("--"))
    throw ValueError(name, " needs a value, but \"" + value + "\" follows");
  return value;
}

namespace {

double seconds_of(const po::variables_map& values, const char* name) {
  const std::string text = text_of(values, name);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = code == std::errc() && end == text.data() + text.size();
  if (!number || !std::isfinite(value) || value <= 0 || value > 86400)
    throw ValueError(name, " takes seconds, more than 0 and at most 86400, not \"" + text + "\"");
  return value;
}

// A plug-in's time-out may have a unit.
double timeout_of(const po::variables_map& values, const OptionGroups& groups) {
  if (!groups.plugin) return seconds_of(values, "timeout");
  const Result<double> seconds = parse_duration(text_of(values, "timeout"));
  if (!seconds) throw ValueError("timeout", " " + seconds.error());
  return *seconds;
}

bool when(const po::variables_map& values, const char* name, bool automatic) {
  const std::string word = text_of(values, name);
  if (word == "auto") return automatic;
  if (word == "never") return false;
  if (word == "always") return true;
  throw ValueError(name, " takes auto, always or never, not \"" + word + "\"");
}

bool colors_wanted(const Environment& environment) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return environment.out_is_terminal && !(no_color && *no_color) &&
         !(terminal && std::string(terminal) == "dumb");
}

void read_network(const po::variables_map& values, const OptionGroups& groups,
                  const Environment& environment, Options& options) {
  options.save = text_of(values, "save");
  options.root_hints = text_of(values, "root-hints");
  options.trust_anchor = text_of(values, "trust-anchor");
  options.settings.timeout = timeout_of(values, groups);
  options.settings.query_timeout = seconds_of(values, "query-timeout");
  options.settings.allow_private = get(values, "allow-private", false);
  const bool only_v4 = get(values, "ipv4-only", false), only_v6 = get(values, "ipv6-only", false);
  if (only_v4 && only_v6) throw UsageError("-4 and -6 exclude each other");
  options.settings.ipv4 = !only_v6;
  options.settings.ipv6 = !only_v4;
  if (!values.count("progress")) return;
  options.progress = when(values, "progress", environment.err_is_terminal);
  options.progress_lines = !options.progress && when(values, "progress", true);
}

void read_output(const po::variables_map& values, const Environment& environment,
                 Options& options) {
  options.output = text_of(values, "output");
  const bool to_stdout = options.output.empty() || options.output == "-";
  options.color = when(values, "color", to_stdout && colors_wanted(environment));
  if (to_stdout) options.width = environment.out_columns;
}

void read_ca(const po::variables_map& values, Options& options) {
  options.cas = get<std::vector<std::string>>(values, "ca", {});
  options.ca_profiles = text_of(values, "ca-profiles");
  options.providers = text_of(values, "providers");
  options.account_uris = get<std::vector<std::string>>(values, "account-uri", {});
  for (const std::string& uri : options.account_uris) {
    if (uri.find(':') == std::string::npos || uri.find_first_of(" \t") != std::string::npos)
      throw ValueError("account-uri", " takes a URI (https://...), not \"" + uri + "\"");
  }
}

int verbosity_of(const po::variables_map& values) {
  const bool quiet = get(values, "quiet", false), verbose = get(values, "verbose", false);
  if (quiet && verbose) throw UsageError("-q and -v exclude each other");
  return quiet ? -1 : verbose ? 1 : 0;
}

void read_method(const po::variables_map& values, Options& options) {
  options.method = text_of(values, "method");
  options.at = text_of(values, "at");
  options.path = text_of(values, "path");
  options.https = get(values, "https", false);
}

}  // namespace

Options read_values(const po::variables_map& values, const OptionGroups& groups,
                    const Environment& environment) {
  Options options;
  options.positional = get<std::vector<std::string>>(values, "positional", {});
  for (const std::string& name : get<std::vector<std::string>>(values, "hostname", {}))
    options.positional.push_back(name);
  if (!groups.plugin) read_output(values, environment, options);
  if (groups.network) read_network(values, groups, environment, options);
  if (groups.ca) read_ca(values, options);
  options.ca_eye = groups.ca_eye && !get(values, "no-ca-eye", false);
  if (groups.method) read_method(values, options);
  if (groups.order) options.order = read_order_options(values, !options.positional.empty());
  if (groups.expect) options.expect = get<std::vector<std::string>>(values, "expect", {});
  const bool any_text = groups.propagation || groups.method || get(values, "propagation", false);
  for (const std::string& value : options.expect) {
    if (value.empty()) throw ValueError("expect", " is empty; is a variable not set?");
    if (!any_text && !check::is_digest(value))
      throw ValueError(
          "expect",
          " takes the TXT value of DNS-01, 43 characters of base64url, not " + dns::quoted(value));
  }
  const std::string name = groups.report ? text_of(values, "format") : "";
  const std::optional<report::Format> format = report::format(name.empty() ? "text" : name);
  if (!format)
    throw ValueError("format",
                     " takes text, json, html, nagios or openmetrics, not \"" + name + "\"");
  options.format = get(values, "json", false) ? report::Format::json : *format;
  if (groups.now && values.count("now")) {
    const Result<double> now = parse_time(text_of(values, "now"));
    if (!now) throw ValueError("now", " " + now.error());
    options.now = *now;
  }
  if (!groups.plugin) options.verbosity = verbosity_of(values);
  if (groups.public_eye) options.public_eye = read_public_options(values);
  if (groups.public_wish) options.ask_public = get(values, "public", false);
  if (groups.delegate) options.delegate = read_delegate_options(values);
  if (groups.matrix) options.only = read_only(values);
  options.all = get(values, "all", false);
  if (groups.propagation) {
    options.type = read_type(values);
    options.wait = read_wait(values);
    if (options.wait && options.now) throw UsageError("--now and --wait exclude each other");
  }
  options.propagation = get(values, "propagation", false);
  options.servers = get(values, "servers", false);
  options.trace = get(values, "trace", false);
  options.list = get(values, "list", false);
  if (groups.explain && values.count("symptom")) options.symptom = text_of(values, "symptom");
  return options;
}

}  // namespace dcv::tools
