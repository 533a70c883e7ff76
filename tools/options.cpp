// From the command line, the environment and the configuration file to options, or to help.
#include "options.h"

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <sstream>

#include "lasting_options.h"
#include "listed_options.h"
#include "report/plugin.h"
#include "report/words.h"
#include "rules/near.h"
#include "value_options.h"

namespace dcv::tools {
namespace {

namespace po = boost::program_options;

// No guessing: an abbreviation that works today would break with the next option.
constexpr int kStyle =
    po::command_line_style::allow_long | po::command_line_style::allow_short |
    po::command_line_style::long_allow_adjacent | po::command_line_style::long_allow_next |
    po::command_line_style::short_allow_adjacent | po::command_line_style::short_allow_next |
    po::command_line_style::allow_dash_for_short | po::command_line_style::allow_sticky;

// "-h, --help" where Program_options writes "-h [ --help ]", and no blanks at the ends of lines.
std::string table(const po::options_description& options) {
  std::ostringstream raw;
  raw << options;
  std::istringstream lines(raw.str());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const auto open = line.find(" [ --"), close = line.find(" ]");
    if (open == 4 && close != std::string::npos) {
      const std::string rest = line.substr(close + 2);  // " SECONDS (=30) what it does"
      std::size_t value_end = rest.starts_with("  ") ? 0 : rest.find(' ', 1);
      if (value_end > 0 && rest.find(" (=", value_end) == value_end)
        value_end = rest.find(' ', value_end + 1);
      line = line.substr(0, open) + ", " + line.substr(open + 3, close - open - 3) +
             rest.substr(0, value_end) + "   " +
             (value_end < rest.size() ? rest.substr(value_end) : "");
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

po::options_description own_and_call_options(const ToolUsage& usage) {
  po::options_description options = call_options(usage.groups);
  if (usage.own.add) usage.own.add(options);
  return options;
}

std::string statuses(const ToolUsage& usage) {
  const OptionGroups& groups = usage.groups;
  if (!usage.statuses.empty()) return usage.statuses + "\n";
  if (groups.plugin)
    return "The exit status is 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; the worst name wins. Usage\n"
           "errors, --help and --version are UNKNOWN.\n";
  if (groups.explain) return "The exit status is 0, or 3 for a message that is not known;\n";
  if (groups.propagation)
    return "The exit status is 0 ready, 1 only some have it, 2 no wait will help, 3 could not be\n"
           "judged; the worst name wins; ";
  return "The exit status is 0 ready, 1 at risk, 2 blocked, 3 unknown; the worst name wins;\n";
}

void print_help(const ToolUsage& usage, const Environment& environment) {
  environment.out << "Usage: " << environment.tool << " [options] " << usage.synopsis << "\n\n"
                  << usage.summary << "\n\nExamples:\n"
                  << usage.examples << "\n"
                  << table(own_and_call_options(usage)) << "\n"
                  << table(lasting_options(usage.groups)) << "\n"
                  << statuses(usage)
                  << (usage.groups.plugin ? "" : "64 for a usage error, 70 for an internal one.\n");
}

// With the options that may have been meant.
std::string unknown_option(const std::string& text, const po::options_description& known) {
  const std::size_t letter = text.find_first_not_of('-');
  const std::string bare = letter == std::string::npos ? "" : text.substr(letter);
  std::vector<std::string_view> words;
  for (const auto& option : known.options())
    if (option->long_name() != "positional") words.push_back(option->long_name());
  std::string sentence = "there is no option " + dns::quoted(text);
  const auto near = bare.size() > 1 ? rules::near_words(bare, words) : decltype(words){};
  for (std::size_t i = 0; i < near.size(); ++i)
    sentence += (i == 0 ? "; near: --" : ", --") + std::string(near[i]);
  return sentence + " (--help lists all)";
}

// Its name says so to those who run it, too.
bool is_plugin(const Environment& environment) {
  return environment.tool.starts_with("check_");
}

// As far as it can be told before the options are understood.
std::string format_wanted(const Environment& environment) {
  const auto& words = environment.arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("--format=")) return words[i].substr(9);
    if (words[i] == "--format" && i + 1 < words.size()) return words[i + 1];
  }
  const char* variable = std::getenv("DCV_FORMAT");
  return is_plugin(environment) ? "nagios" : variable ? variable : "";
}

// Whoever says on the command line how resolvers are asked wants them asked.
bool wants_resolvers(const po::variables_map& values, const Places& places) {
  constexpr std::array kWords = {"resolvers", "via", "resolv-conf", "samples", "ecs", "ask-anyway"};
  return std::ranges::any_of(kWords, [&](const char* word) {
    const auto found = values.find(word);
    return found != values.end() && !found->second.defaulted() && !places.contains(word);
  });
}

}  // namespace

report::Format format_of_text_or_json(const Options& options) {
  const bool fits =
      options.format == report::Format::json || options.format == report::Format::text;
  return fits || !options.format_is_inherited ? options.format : report::Format::text;
}

int usage_error(const Environment& environment, const std::string& sentence) {
  // A monitoring system reads standard output and knows the statuses 0 to 3 only.
  const std::string format = format_wanted(environment);
  if (format == "nagios" || is_plugin(environment)) {
    environment.out << (format == "checkmk" ? "3 \"DCV\" - " : "DCV UNKNOWN - ") << environment.tool
                    << ": " << report::plugin_safe(sentence) << "\n";
    return kExitUnknown;
  }
  // It may quote a file, or an argument.
  environment.err << environment.tool << ": " << report::printable(sentence) << "\n";
  return kExitUsage;
}

Parsed parse_options(const ToolUsage& usage, Environment& environment) {
  const po::options_description lasting = lasting_options(usage.groups);
  po::options_description all;
  all.add(own_and_call_options(usage)).add(lasting);
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
      return {std::nullopt, usage.groups.plugin ? kExitUnknown : 0};
    }
    if (values["version"].as<bool>()) {
      environment.out << environment.tool << " (dcvtools) " << DCV_VERSION << "\n";
      return {std::nullopt, usage.groups.plugin ? kExitUnknown : 0};
    }
    read_environment(lasting, values, places);
    // One file serves all tools, so an option that only others take is no error.
    read_config(
        text_of(values, "config"),
        lasting_options(
            {.network = true, .ca = true, .ca_eye = true, .report = true, .public_eye = true}),
        values, places);
    po::notify(values);
    Options options = read_values(values, usage.groups, environment);
    if (usage.own.read) usage.own.read(values);
    options.format_is_inherited = places.contains("format");
    if (usage.groups.plugin)
      options.plugin = read_plugin_options(values, options.format_is_inherited);
    if (usage.groups.public_wish && wants_resolvers(values, places)) options.ask_public = true;
    const std::size_t count = options.positional.size();
    const std::size_t least = options.order.has_names() ? 0 : usage.least;
    if (options.list || options.symptom ? count > 0 : count < least || count > usage.most)
      throw UsageError("usage: " + environment.tool + " [options] " + usage.synopsis +
                       " (--help says more)");
    return {std::move(options), 0};
  } catch (const po::unknown_option& error) {
    return {std::nullopt, usage_error(environment, unknown_option(error.get_option_name(), all))};
  } catch (const po::invalid_command_line_syntax& error) {
    const bool empty = error.kind() == po::invalid_command_line_syntax::empty_adjacent_parameter;
    return {std::nullopt, usage_error(environment, empty ? error.get_option_name() +
                                                               " is empty; is a variable not set?"
                                                         : error.what())};
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
