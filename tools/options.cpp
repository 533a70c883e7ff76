// The command line, and what the values of options mean.
#include "options.h"

#include <boost/program_options.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "ca.h"
#include "check/value_shape.h"
#include "dns/name.h"
#include "lasting_options.h"
#include "time_text.h"

namespace dcv::tools {
namespace {

namespace po = boost::program_options;

// No guessing: an abbreviation that works today would break with the next option.
constexpr int kStyle =
    po::command_line_style::allow_long | po::command_line_style::allow_short |
    po::command_line_style::long_allow_adjacent | po::command_line_style::long_allow_next |
    po::command_line_style::short_allow_adjacent | po::command_line_style::short_allow_next |
    po::command_line_style::allow_dash_for_short | po::command_line_style::allow_sticky;

// A value that its option does not take; `rest` goes on after the option's name.
struct ValueError : UsageError {
  ValueError(const std::string& name, const std::string& rest)
      : UsageError("--" + name + rest), option(name), what_is_wrong(rest) {}

  std::string option, what_is_wrong;
};

// Only for this call on the command line; meaningless in a configuration file.
po::options_description call_options(const OptionGroups& groups) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", po::bool_switch(), "print this and exit");
  add("version,V", po::bool_switch(), "print the version and exit");
  add("json", po::bool_switch(), groups.report ? "the same as --format json" : "print JSON");
  add("output", po::value<std::string>()->value_name("FILE"), "write to FILE, not to stdout");
  add("config", po::value<std::string>()->value_name("FILE"),
      "read options from FILE (default: dcvtools/config in $XDG_CONFIG_HOME or ~/.config)");
  if (groups.expect)
    add("expect", po::value<std::vector<std::string>>()->value_name("VALUE"),
        "a TXT value that must be there for every NAME; may be repeated");
  if (groups.network)
    add("save", po::value<std::string>()->value_name("FILE"),
        "save everything seen, for dcv-replay and bug reports");
  if (groups.now)
    add("now", po::value<std::string>()->value_name("TIME"),
        "judge by this clock: RFC 3339 or Unix seconds");
  if (groups.trace || groups.replay)
    add("servers", po::bool_switch(), "with every server, its state and its round trip");
  if (groups.replay) add("trace", po::bool_switch(), "show the walk as dcv-trace does");
  if (groups.explain) add("list", po::bool_switch(), "list all findings");
  if (groups.report) {
    add("quiet,q", po::bool_switch(), "verdicts only");
    add("verbose,v", po::bool_switch(), "all evidence");
  }
  return options;
}

// Also from environment and configuration file.
po::options_description lasting_options(const OptionGroups& groups) {
  po::options_description options("Options that may also stand in the configuration file");
  auto add = options.add_options();
  add("color", po::value<std::string>()->value_name("WHEN")->default_value("auto"),
      "auto, always or never; NO_COLOR is respected");
  if (groups.report)
    add("format", po::value<std::string>()->value_name("FORMAT")->default_value("text"),
        "text, json, html, nagios or openmetrics");
  if (groups.ca) {
    const std::string names =
        "judge for this CA: " + shipped_profile_names() +
        ", or one of --ca-profiles; may be repeated; default: " +
        (groups.replay ? "those of the run" : observe::default_profile().name);
    add("ca", po::value<std::vector<std::string>>()->value_name("NAME"), names.c_str());
    add("ca-profiles", po::value<std::string>()->value_name("FILE"),
        "further CA profiles, see docs/ca-profiles.md");
    add("account-uri", po::value<std::vector<std::string>>()->value_name("URI"),
        "of the ACME account that will order, for CAA; may be repeated");
  }
  if (groups.network) {
    add("ipv4-only,4", po::bool_switch(), "ask over IPv4 only");
    add("ipv6-only,6", po::bool_switch(), "ask over IPv6 only");
    add("timeout", po::value<std::string>()->value_name("SECONDS")->default_value("30"),
        "for the whole run");
    add("query-timeout", po::value<std::string>()->value_name("SECONDS")->default_value("3"),
        "for one question with all its attempts");
    add("root-hints", po::value<std::string>()->value_name("FILE"),
        "root servers, in the format of named.root");
    add("trust-anchor", po::value<std::string>()->value_name("FILE"),
        "keys of the root, DS or DNSKEY lines in zone-file format (default: those that IANA "
        "publishes); nothing is validated if FILE is empty");
    add("allow-private", po::bool_switch(), "also ask private and reserved addresses");
    add("progress", po::value<std::string>()->value_name("WHEN")->default_value("auto"),
        "auto (on a terminal) or never");
  }
  if (groups.ca_eye)
    add("no-ca-eye", po::bool_switch(),
        "do not ask as a CA's resolver does, only server by server");
  return options;
}

// "-h, --help" where Program_options writes "-h [ --help ]", and no blanks at the ends of lines.
std::string table(const po::options_description& options) {
  std::ostringstream raw;
  raw << options;
  std::istringstream lines(raw.str());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const auto open = line.find(" [ --"), close = line.find(" ]");
    if (open == 4 && close != std::string::npos) {
      line = line.substr(0, open) + ", " + line.substr(open + 3, close - open - 3) + "   " +
             line.substr(close + 2);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

void print_help(const ToolUsage& usage, const Environment& environment) {
  environment.out << "Usage: " << environment.tool << " [options] " << usage.synopsis << "\n\n"
                  << usage.summary << "\n\nExamples:\n"
                  << usage.examples << "\n"
                  << table(call_options(usage.groups)) << "\n"
                  << table(lasting_options(usage.groups))
                  << (usage.groups.explain ? "\nThe exit status is 0; "
                                           : "\nThe exit status is 0 ready, 1 at risk, 2 blocked, "
                                             "3 unknown; the worst name wins;\n")
                  << "64 for a usage error, 70 for an internal one.\n";
}

template <typename T>
T get(const po::variables_map& values, const char* name, T otherwise) {
  return values.count(name) ? values[name].as<T>() : otherwise;
}

std::string text_of(const po::variables_map& values, const char* name) {
  const std::string value = get<std::string>(values, name, "");
  if (value.starts_with("--"))
    throw ValueError(name, " needs a value, but \"" + value + "\" follows");
  return value;
}

double seconds_of(const po::variables_map& values, const char* name) {
  const std::string text = text_of(values, name);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = code == std::errc() && end == text.data() + text.size();
  if (!number || !std::isfinite(value) || value <= 0 || value > 86400)
    throw ValueError(name, " takes seconds, more than 0 and at most 86400, not \"" + text + "\"");
  return value;
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

void read_network(const po::variables_map& values, const Environment& environment,
                  Options& options) {
  options.save = text_of(values, "save");
  options.root_hints = text_of(values, "root-hints");
  options.trust_anchor = text_of(values, "trust-anchor");
  options.settings.timeout = seconds_of(values, "timeout");
  options.settings.query_timeout = seconds_of(values, "query-timeout");
  options.settings.allow_private = get(values, "allow-private", false);
  const bool only_v4 = get(values, "ipv4-only", false), only_v6 = get(values, "ipv6-only", false);
  if (only_v4 && only_v6) throw UsageError("-4 and -6 exclude each other");
  options.settings.ipv4 = !only_v6;
  options.settings.ipv6 = !only_v4;
  options.progress = when(values, "progress", environment.err_is_terminal);
}

void read_ca(const po::variables_map& values, Options& options) {
  options.cas = get<std::vector<std::string>>(values, "ca", {});
  options.ca_profiles = text_of(values, "ca-profiles");
  options.account_uris = get<std::vector<std::string>>(values, "account-uri", {});
  for (const std::string& uri : options.account_uris) {
    if (uri.find(':') == std::string::npos || uri.find_first_of(" \t") != std::string::npos)
      throw ValueError("account-uri", " takes a URI (https://...), not \"" + uri + "\"");
  }
}

Options read_values(const po::variables_map& values, const OptionGroups& groups,
                    const Environment& environment) {
  Options options;
  options.positional = get<std::vector<std::string>>(values, "positional", {});
  options.output = text_of(values, "output");
  options.color = when(values, "color", colors_wanted(environment));
  if (groups.network) read_network(values, environment, options);
  if (groups.ca) read_ca(values, options);
  options.ca_eye = groups.ca_eye && !get(values, "no-ca-eye", false);
  if (groups.expect) options.expect = get<std::vector<std::string>>(values, "expect", {});
  for (const std::string& value : options.expect) {
    if (!check::is_digest(value))
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
  if (get(values, "quiet", false)) options.verbosity = -1;
  if (get(values, "verbose", false)) options.verbosity = 1;
  options.servers = get(values, "servers", false);
  options.trace = get(values, "trace", false);
  options.list = get(values, "list", false);
  return options;
}

}  // namespace

int usage_error(const Environment& environment, const std::string& sentence) {
  environment.err << environment.tool << ": " << sentence << "\n";
  return kExitUsage;
}

Parsed parse_options(const ToolUsage& usage, Environment& environment) {
  const po::options_description lasting = lasting_options(usage.groups);
  po::options_description all;
  all.add(call_options(usage.groups)).add(lasting);
  all.add_options()("positional", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("positional", -1);
  Places places;
  try {
    po::variables_map values;
    po::store(po::command_line_parser(environment.arguments)
                  .options(all)
                  .positional(positional)
                  .style(kStyle)
                  .run(),
              values);
    if (values["help"].as<bool>()) {
      print_help(usage, environment);
      return {std::nullopt, 0};
    }
    if (values["version"].as<bool>()) {
      environment.out << environment.tool << " (dcvtools) " << DCV_VERSION << "\n";
      return {std::nullopt, 0};
    }
    read_environment(lasting, values, places);
    // One file serves all tools, so an option that only others take is no error.
    read_config(text_of(values, "config"),
                lasting_options({.network = true, .ca = true, .ca_eye = true, .report = true}),
                values, places);
    po::notify(values);
    Options options = read_values(values, usage.groups, environment);
    const std::size_t count = options.positional.size();
    if (options.list ? count > 0 : count < usage.least || count > usage.most)
      throw UsageError("usage: " + environment.tool + " [options] " + usage.synopsis +
                       " (--help says more)");
    return {std::move(options), 0};
  } catch (const po::error& error) {
    return {std::nullopt, usage_error(environment, error.what())};
  } catch (const ValueError& error) {
    const auto place = places.find(error.option);
    return {std::nullopt,
            usage_error(environment, place == places.end() ? error.what()
                                                           : place->second + error.what_is_wrong)};
  } catch (const UsageError& error) {
    return {std::nullopt, usage_error(environment, error.what())};
  }
}

}  // namespace dcv::tools
