// Reads, picks, prints.
#include "watch_show.h"

#include <algorithm>
#include <limits>

#include "dns/identifier.h"
#include "report/words.h"
#include "run.h"
#include "time_text.h"
#include "watch_text.h"

namespace dcv::probes {
namespace {

constexpr double kEver = std::numeric_limits<double>::max();

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
  Shown shown;
  for (const Event& each :
       store.events(name_of(options, 0), options.since.value_or(0), options.until.value_or(kEver)))
    shown.document += wants_json(options) ? event_line(each) : text_of(each);
  return shown;
}

Result<double> moment(const WatchOptions& options, std::size_t index, double otherwise) {
  if (options.common.positional.size() <= index) return otherwise;
  const Result<double> time = tools::parse_time(options.common.positional[index]);
  if (!time) return Error{"a command of dcv-watch " + time.error()};
  return *time;
}

Shown at(const WatchOptions& options, Store& store) {
  const Result<double> time = moment(options, 0, 0);
  if (!time) return {"", time.error()};
  Shown shown;
  const std::string name = name_of(options, 1);
  for (const Stay& each : store.stays_listed_at(name, *time))
    shown.document += wants_json(options) ? json_line(each) : text_of(each);
  if (shown.document.empty()) shown.slip = nothing_of(name);
  return shown;
}

// The last two stays of each watch of the name.
std::vector<Pair> last_changes(const std::string& name, Store& store) {
  std::vector<Pair> pairs;
  const Stay* before = nullptr;
  const std::vector<Stay> stays = store.stays(name, 0, kEver);
  for (const Stay& each : stays) {
    if (pairs.empty() || pairs.back().after.watch != each.watch) {
      pairs.push_back({each, each});
    } else {
      pairs.back() = {*before, each};
    }
    before = &each;
  }
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
  const bool last = options.common.positional.size() == 1;
  const std::vector<Pair> pairs =
      last ? last_changes(name, store) : between(name, *from, *to, store);
  if (pairs.empty()) return {"", nothing_of(name)};
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
