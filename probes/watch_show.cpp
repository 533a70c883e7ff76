// Reads, picks, prints.
#include "watch_show.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "dns/identifier.h"
#include "report/words.h"
#include "run.h"
#include "time_text.h"
#include "watch_text.h"

namespace dcv::probes {
namespace {

constexpr double kEver = std::numeric_limits<double>::max();
constexpr double kRestOfSecond = 0.999;
constexpr double kOneChange = 120;  // seconds, four times until a look is confirmed

// A document, or a slip in what was asked for.
struct Shown {
  std::string document;
  std::string slip;
  check::Verdict verdict = check::Verdict::ready;
};

// The name as the store has it, so that any way to write it does.
std::string stored(const std::string& name) {
  const Result<dns::Identifier> identifier = dns::parse_identifier(name);
  return identifier ? identifier->text : name;
}

std::string name_of(const WatchOptions& options, std::size_t index) {
  const auto& words = options.common.positional;
  return words.size() > index ? stored(words[index]) : "";
}

std::string nothing_of(const std::string& name) {
  return name.empty() ? "nothing was watched then" : name + " is not watched, or was not then";
}

bool wants_json(const WatchOptions& options) {
  return options.common.format == report::Format::json;
}

Shown history(const WatchOptions& options, Store& store) {
  const std::string name = name_of(options, 0);
  const double since = options.since.value_or(0), until = options.until.value_or(kEver);
  if (since > until) return {"", "--since is later than --until"};
  if (!name.empty() && !store.knows(name)) return {"", name + " was never watched"};
  Shown shown;
  for (const Event& each : store.events(name, since, until))
    shown.document += wants_json(options) ? event_line(each) : text_of(each);
  return shown;
}

// The end of the second where it is a whole one: times are shown without their fraction, and what
// began in a second is to be found by it.
Result<double> moment(const WatchOptions& options, std::size_t index, double otherwise) {
  if (options.common.positional.size() <= index) return otherwise;
  const Result<double> time = tools::parse_time(options.common.positional[index]);
  if (!time) return Error{"TIME " + time.error()};
  return *time == std::floor(*time) ? *time + kRestOfSecond : *time;
}

std::string nothing_before(double time, const std::string& name, Store& store) {
  const std::vector<Stay> stays = store.stays(name, time, kEver);
  if (name.empty() || stays.empty()) return nothing_of(name);
  return "the first look at " + name + " was at " +
         report::rfc3339(std::ranges::min(stays, {}, &Stay::first_seen).first_seen);
}

Shown at(const WatchOptions& options, Store& store) {
  const Result<double> time = moment(options, 0, 0);
  if (!time) return {"", time.error()};
  Shown shown;
  const std::string name = name_of(options, 1);
  for (const Stay& each : store.stays_listed_at(name, *time))
    shown.document += wants_json(options) ? json_line(each) : text_of(each);
  if (shown.document.empty()) shown.slip = nothing_before(*time, name, store);
  return shown;
}

// What changed last at one watch; `stays` are all of it. A look that confirms what the one before
// saw makes a stay of its own soon afterwards: both are one change.
Pair last_change(const std::vector<Stay>& stays) {
  std::size_t first = stays.size() - 1;
  while (first > 1 && stays[first].first_seen - stays[first - 1].first_seen <= kOneChange) --first;
  return {stays[first == 0 ? 0 : first - 1], stays.back()};
}

std::vector<Pair> last_changes(const std::string& name, Store& store) {
  std::map<Watch, std::vector<Stay>> of_watches;
  for (Stay& each : store.stays(name, 0, kEver)) of_watches[each.watch].push_back(std::move(each));
  std::vector<Pair> pairs;
  for (const auto& [watch, stays] : of_watches) pairs.push_back(last_change(stays));
  return pairs;
}

std::vector<Pair> between(const std::string& name, double from, double to, Store& store) {
  std::vector<Pair> pairs;
  const std::vector<Stay> after = store.stays_at(name, to);
  for (const Stay& before : store.stays_at(name, from))
    for (const Stay& each : after)
      if (each.watch == before.watch) pairs.push_back({before, each});
  return pairs;
}

std::string events_of(const Pair& pair) {
  std::string lines;
  for (const check::Change& each : check::differences(pair.before.snapshot, pair.after.snapshot))
    lines += event_line({0, pair.after.first_seen, pair.after.watch, each});
  return lines;
}

Shown diff(const WatchOptions& options, Store& store) {
  const std::string name = name_of(options, 0);
  const Result<double> from = moment(options, 1, 0), to = moment(options, 2, kEver);
  if (!from || !to) return {"", from ? to.error() : from.error()};
  if (*from > *to) return {"", "FROM is later than TO"};
  const bool last = options.common.positional.size() == 1;
  const std::vector<Pair> pairs =
      last ? last_changes(name, store) : between(name, *from, *to, store);
  if (pairs.empty()) return {"", nothing_before(*from, name, store)};
  Shown shown;
  for (const Pair& each : pairs)
    shown.document += wants_json(options) ? events_of(each) : text_of(each);
  return shown;
}

Shown forecast(const WatchOptions& options, Store& store) {
  Shown shown;
  const std::string name = name_of(options, 0);
  const std::vector<Forecast> forecasts = store.forecasts(name);
  double last = 0;
  for (const Forecast& each : forecasts) last = std::max(last, each.last_seen);
  if (!forecasts.empty() && options.at.value_or(0) > last + check::kOutlookSeconds)
    return {"", "--at goes no further than 400 days after the last look, to " +
                    report::rfc3339(last + check::kOutlookSeconds)};
  if (options.at.value_or(last) < last)
    return {"", "--at is before the last look, at " + report::rfc3339(last) +
                    "; dcv-watch at tells what was seen then"};
  for (const Forecast& each : forecasts) {
    shown.document += wants_json(options) ? json_line(each, options.at) : text_of(each, options.at);
    shown.verdict = check::worse(shown.verdict, verdict_at(each, options.at));
  }
  if (shown.document.empty()) shown.slip = nothing_of(name);
  return shown;
}

Shown shown_by(const WatchOptions& options, Store& store) {
  switch (options.command) {
    case Command::history:
      return history(options, store);
    case Command::diff:
      return diff(options, store);
    case Command::at:
      return at(options, store);
    default:
      return forecast(options, store);
  }
}

}  // namespace

int show(const WatchOptions& options, tools::Environment& environment) {
  Store store = Store::for_reading(options.database);
  const Shown shown = shown_by(options, store);
  if (!shown.slip.empty()) return tools::usage_error(environment, shown.slip);
  tools::write_output(options.common, environment, shown.document);
  return check::exit_status(shown.verdict);
}

}  // namespace dcv::probes
