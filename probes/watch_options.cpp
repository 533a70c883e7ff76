// Which command, and which options it takes. The command is the first word: options before it would
// have to be known before it is.
#include "watch_options.h"

#include <unistd.h>

#include <array>
#include <boost/program_options.hpp>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "rules/near.h"
#include "time_text.h"
#include "value_options.h"

namespace dcv::probes {
namespace {

namespace po = boost::program_options;
using tools::get;
using tools::text_of;
using tools::ValueError;

struct Row {
  Command command;
  std::string_view word, synopsis;
  std::size_t least, most;  // arguments
  std::string_view summary, examples;
};

constexpr std::array<Row, 5> kRows = {{
    {Command::run, "run", "LIST", 1, 1,
     "Looks at each name of LIST (an order file: name, method, ca, expected; every: how often)\n"
     "again and again, keeps what it looked like, and prints a line of JSON for each change.",
     "  dcv-watch run --every 10m --exec /etc/dcv-watch/hook names.tsv\n"
     "  dcv-watch run --once --database history.db names.tsv\n"},
    {Command::history, "history", "[NAME]", 0, 1, "Prints the changes that were noticed.",
     "  dcv-watch history example.com\n"
     "  dcv-watch history --since 2026-11-21T00:00:00Z --database /var/lib/dcv-watch/history.db\n"},
    {Command::diff, "diff", "NAME [FROM [TO]]", 1, 3,
     "Says how NAME differs between two moments; without them, what the last change was.",
     "  dcv-watch diff example.com\n"
     "  dcv-watch diff example.com 2026-11-21T00:00:00Z\n"},
    {Command::at, "at", "TIME [NAME]", 1, 2, "Says what names looked like at a moment.",
     "  dcv-watch at 2026-11-21T03:00:00Z example.com\n"},
    {Command::forecast, "forecast", "[NAME]", 0, 1,
     "Says what would break a renewal that starts later, if nothing is done until then.",
     "  dcv-watch forecast\n"
     "  dcv-watch forecast --at 2027-01-10T00:00:00Z example.com\n"},
}};

constexpr const char* kForecastStatuses =
    "The exit status is 0; of forecast 0 nothing is in the way, 1 at risk, 2 blocked, 3 unknown;";
constexpr std::string_view kDefaultDatabase = "dcv-watch.db";

void add_run_options(po::options_description& options) {
  auto add = options.add_options();
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  add("every", text("DURATION")->default_value("15m"),
      "look at names without an interval in LIST that often, at most a week");
  add("once", po::bool_switch(),
      "look at each name once, and once more where that has to be confirmed");
  add("at-once", text("N")->default_value("8"), "look at so many names side by side");
  add("exec", text("HOOK"), "run the program HOOK for each event");
  add("exec-timeout", text("DURATION")->default_value("30s"), "end HOOK after that time");
  add("stray-after", text("DURATION")->default_value("24h"),
      "a token that stands so long was left behind");
  add("keep", text("DAYS")->default_value("400"), "drop history that is older");
  add("most-megabytes", text("N")->default_value("1024"),
      "drop the oldest history when the database is larger");
}

void add_read_options(po::options_description& options, bool history, bool forecast) {
  auto add = options.add_options();
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  if (history) {
    add("since", text("TIME"), "changes after that time");
    add("until", text("TIME"), "changes up to that time");
  }
  if (forecast)
    add("at", text("TIME"),
        "when the renewal starts; default: whatever comes in the next 400 days");
}

double duration(const po::variables_map& values, const char* name) {
  const Result<double> seconds = tools::parse_duration(text_of(values, name));
  if (!seconds) throw ValueError(name, " " + seconds.error());
  return *seconds;
}

std::int64_t number(const po::variables_map& values, const char* name, std::int64_t most) {
  const std::string text = text_of(values, name);
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < 1 || value > most)
    throw ValueError(
        name, " takes a number from 1 to " + std::to_string(most) + ", not " + dns::quoted(text));
  return value;
}

std::optional<double> time(const po::variables_map& values, const char* name) {
  if (!values.count(name)) return std::nullopt;
  const Result<double> time = tools::parse_time(text_of(values, name));
  if (!time) throw ValueError(name, " " + time.error());
  return *time;
}

void require_program(const std::string& path) {
  const std::string begin = " takes a program with its path, and " + dns::quoted(path);
  std::error_code code;
  if (!std::filesystem::exists(path, code)) throw ValueError("exec", begin + " is not there");
  if (!std::filesystem::is_regular_file(path, code) || access(path.c_str(), X_OK) != 0)
    throw ValueError("exec", begin + " cannot be run");
}

void read_run(const po::variables_map& values, RunOptions& run) {
  run.every = duration(values, "every");
  run.once = get(values, "once", false);
  run.at_once = static_cast<std::size_t>(number(values, "at-once", 256));
  run.hook = text_of(values, "exec");
  if (!run.hook.empty()) require_program(run.hook);
  run.hook_timeout = duration(values, "exec-timeout");
  run.stray_after = duration(values, "stray-after");
  run.bounds.keep_seconds = static_cast<double>(number(values, "keep", 36500)) * 86400;
  run.bounds.most_bytes = number(values, "most-megabytes", 1 << 20) << 20;
}

void add_database(po::options_description& options) {
  options.add_options()(
      "database",
      po::value<std::string>()->value_name("FILE")->default_value(std::string(kDefaultDatabase)),
      "where the history is kept");
}

tools::ToolUsage usage_of(const Row& row, WatchOptions& options) {
  tools::ToolUsage usage;
  usage.synopsis = row.synopsis;
  usage.summary = row.summary;
  usage.least = row.least;
  usage.most = row.most;
  const bool run = row.command == Command::run, history = row.command == Command::history,
             forecast = row.command == Command::forecast;
  if (run) usage.groups = {.network = true, .ca = true, .goes_on = true};
  usage.own.add = [=](po::options_description& all) {
    add_database(all);
    if (run) add_run_options(all);
    add_read_options(all, history, forecast);
  };
  usage.own.read = [=, &options](const po::variables_map& values) {
    options.database = text_of(values, "database");
    if (run) read_run(values, options.run);
    if (history) options.since = time(values, "since");
    if (history) options.until = time(values, "until");
    if (forecast) options.at = time(values, "at");
  };
  usage.examples = row.examples;
  usage.statuses = forecast ? kForecastStatuses : "The exit status is 0;";
  return usage;
}

// For --help alone: all commands with all options.
tools::ToolUsage usage_of_all() {
  WatchOptions unused;
  tools::ToolUsage usage = usage_of(kRows.front(), unused);
  usage.synopsis = "[ARGUMENT...]";
  usage.summary = "";
  usage.own.add = [](po::options_description& all) {
    add_database(all);
    add_run_options(all);
    add_read_options(all, true, true);
  };
  usage.own.read = {};
  usage.examples = "";
  usage.statuses = kForecastStatuses;
  for (const Row& row : kRows) {
    usage.examples += row.examples;
    usage.summary += (usage.summary.empty() ? "" : "\n") + std::string(row.word) + " " +
                     std::string(row.synopsis) + ": " + std::string(row.summary);
  }
  return usage;
}

int refuse(const tools::Environment& environment, const std::string& word) {
  std::vector<std::string_view> words;
  for (const Row& row : kRows) words.push_back(row.word);
  if (word.empty())
    return tools::usage_error(environment,
                              "a command is needed: run, history, diff, at or forecast");
  return tools::usage_error(environment, rules::unknown_word("command", word, words));
}

}  // namespace

ParsedWatch parse_watch_options(tools::Environment& environment) {
  auto& arguments = environment.arguments;
  const std::string word = arguments.empty() ? "" : arguments.front();
  if (word == "--help" || word == "-h") environment.tool += " COMMAND";
  if (word == "--help" || word == "-h" || word == "--version" || word == "-V")
    return {std::nullopt, tools::parse_options(usage_of_all(), environment).status};
  for (const Row& row : kRows) {
    if (word != row.word) continue;
    arguments.erase(arguments.begin());
    environment.tool += " " + word;
    WatchOptions options;
    options.command = row.command;
    tools::Parsed parsed = tools::parse_options(usage_of(row, options), environment);
    if (!parsed.options) return {std::nullopt, parsed.status};
    options.common = std::move(*parsed.options);
    return {std::move(options), 0};
  }
  return {std::nullopt, refuse(environment, word)};
}

}  // namespace dcv::probes
