// One thread decides, records and tells; the crew only looks.
#include "watcher.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "report/words.h"

namespace dcv::probes {
namespace {

constexpr double kTick = 0.2;           // seconds, at most, until a signal or a hook is noticed
constexpr double kOutlookEvery = 3600;  // signatures are made anew, and then it is another one
constexpr double kTidyEvery = 3600;     // seconds
constexpr double kLateEvery = 600;      // seconds between two complaints
constexpr double kHookAtEnd = 5;        // seconds for a hook that runs when we have to end
constexpr std::array kHookRests = {10.0, 60.0};  // seconds before the second and the third try

// Why a look tells nothing of the name; empty: it does.
std::string_view blindness_of(const std::vector<check::Snapshot>& snapshots) {
  for (const check::Snapshot& each : snapshots)
    for (const check::Noted& finding : each.latest.findings) {
      if (finding.id == "transport-no-network") return "this machine has no network";
      if (finding.id == "transport-intercepted")
        return "somebody on the way answers in place of the servers asked";
    }
  return "";
}

// Whoever was not heard may have told of a signature that ends.
bool has_seen_all(const check::Snapshot& seen) {
  return seen.arrived && seen.latest.verdict != check::Verdict::unknown;
}

}  // namespace

Watcher::Watcher(const RunOptions& options, Store& store, Outside outside)
    : options_(options),
      store_(store),
      outside_(std::move(outside)),
      hook_(options.hook, options.hook_timeout),
      crew_(options.at_once, outside_.look) {}

bool Watcher::run(const WatchList& list) {
  use(list);
  tidy_up();
  while (!outside_.has_to_end() && !is_finished()) {
    if (const std::optional<WatchList> other = outside_.new_list()) use(*other);
    hand_out();
    take_in(crew_.take(pause()));
    tend_hook();
    if (outside_.seconds() - tidied_at_ >= kTidyEvery) tidy_up();
  }
  const double end = outside_.seconds() + kHookAtEnd;
  while (errand_ && outside_.seconds() < end) {
    crew_.take(kTick / 4);
    tend_hook();
  }
  return !gives_up_hook();
}

void Watcher::use(const WatchList& list) {
  Schedule::Intervals intervals;
  std::map<std::string, Watched> watched;
  for (const auto& [name, plan] : list.plans) {
    const auto own = list.every.find(name);
    const double every = own != list.every.end() ? own->second : options_.every;
    intervals[name] = options_.once ? 0 : every;
    const auto old = names_.find(name);
    if (old != names_.end()) watched[name] = old->second;
    watched[name].plan = plan;
  }
  names_ = std::move(watched);
  const std::vector<Known> known = store_.known(list.watches, outside_.now());
  std::map<Watch, Kept> kept;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto old = known_.find(list.watches[i]);
    kept[list.watches[i]] = {known[i],
                             old == known_.end() ? std::nullopt : old->second.outlooks_at};
  }
  known_ = std::move(kept);
  schedule_.set(intervals, outside_.seconds());
}

// Of any of its watches.
bool Watcher::wants_outlooks(const std::string& name, double seconds) const {
  const double old = seconds - kOutlookEvery;
  for (auto each = known_.lower_bound({name, "", ""});
       each != known_.end() && each->first.name == name; ++each)
    if (!each->second.outlooks_at || *each->second.outlooks_at <= old) return true;
  return false;
}

void Watcher::hand_out() {
  while (under_way_ < options_.at_once) {
    const double seconds = outside_.seconds();
    const std::optional<Schedule::Due> due = schedule_.next(seconds);
    if (!due) return;
    if (due->too_late) tell_late(due->late);
    Watched& watched = names_.at(due->name);
    const double now = outside_.now();
    Task task{due->name, watched.plan, wants_outlooks(due->name, seconds)};
    task.plan.started_at = task.plan.now = now;
    watched.started_at = seconds;
    ++under_way_;
    crew_.give(std::move(task));
  }
}

void Watcher::take_in(const std::vector<Seen>& results) {
  std::vector<Look> looks;
  std::vector<std::pair<std::string, bool>> unsettled;
  for (const Seen& result : results) {
    --under_way_;
    if (!result.failure.empty()) outside_.tell(result.name + ": " + result.failure);
    const bool counts = result.failure.empty() && !is_void(result);
    unsettled.emplace_back(result.name, counts && advance(result, looks));
  }
  if (!looks.empty()) record(looks);
  for (const auto& [name, open] : unsettled) come_back(name, open);
}

// Tells when an outage of our own begins, and when it ends: with a look that counts and was started
// since. One that was under way when it began may have seen a part.
bool Watcher::is_void(const Seen& result) {
  const std::string_view why = blindness_of(result.snapshots);
  if (!why.empty()) {
    if (!outage_) {
      outage_ = Outage{outside_.seconds()};
      outside_.tell("no look counts since " + report::rfc3339(outside_.now()) + ": " +
                    std::string(why));
    }
    ++outage_->looks;
    return true;
  }
  const auto name = names_.find(result.name);
  if (!outage_ || name == names_.end() || name->second.started_at < outage_->since) return false;
  outside_.tell("looks count again since " + report::rfc3339(outside_.now()) + ": " +
                std::to_string(outage_->looks) + (outage_->looks == 1 ? " was" : " were") +
                " void");
  outage_.reset();
  return false;
}

// True if the next look decides on something.
bool Watcher::advance(const Seen& result, std::vector<Look>& looks) {
  bool unsettled = false;
  const double now = outside_.now();
  for (std::size_t i = 0; i < result.snapshots.size(); ++i) {
    const check::Snapshot& seen = result.snapshots[i];
    const auto known = known_.find({seen.name, seen.method, seen.ca});
    if (known == known_.end()) continue;  // taken off the list meanwhile
    auto& [id, state] = known->second.known;
    Look look{id, now, check::advance(state ? &*state : nullptr, seen, now, options_.stray_after),
              std::nullopt};
    const bool tells_of_later = !look.outcome.unsettled && has_seen_all(seen);
    if (tells_of_later && i < result.outlooks.size()) {
      look.outlooks = result.outlooks[i];
      known->second.outlooks_at = names_.at(result.name).started_at;
    } else if (!tells_of_later || !look.outcome.changes.empty()) {
      known->second.outlooks_at.reset();
    }
    state = look.outcome.snapshot;
    unsettled = unsettled || look.outcome.unsettled;
    looks.push_back(std::move(look));
  }
  return unsettled;
}

void Watcher::come_back(const std::string& name, bool unsettled) {
  const auto found = names_.find(name);
  if (found == names_.end()) return;
  const int looks = ++found->second.looks;
  if (options_.once && (!unsettled || looks > 1)) return;
  schedule_.done(name, unsettled, outside_.random(), outside_.seconds());
}

void Watcher::record(const std::vector<Look>& looks) {
  const Recorded recorded = store_.record(looks, !options_.hook.empty());
  for (const Event& each : recorded.events) outside_.events << event_line(each);
  outside_.events.flush();
  if (!outside_.events) throw std::runtime_error("could not write the events");
  if (recorded.dropped == 0 || std::exchange(told_of_dropped_, true)) return;
  outside_.tell("more than " + std::to_string(kMostErrands) + " events of one name wait for " +
                options_.hook + ": the oldest of the least severe are dropped");
}

// One hook at a time.
void Watcher::tend_hook() {
  if (options_.hook.empty()) return;
  if (!errand_) return start_hook();
  const std::optional<std::string> end = hook_.poll(outside_.seconds());
  if (!end) return;
  const Errand errand = *std::exchange(errand_, std::nullopt);
  if (end->empty()) return store_.errand_done(errand.event);
  hook_failed(errand, *end);
}

void Watcher::start_hook() {
  if (outside_.has_to_end() || gives_up_hook()) return;
  const std::optional<Errand> next = store_.next_errand(outside_.now());
  if (!next) return;
  const std::string problem = hook_.start(next->event, outside_.seconds());
  if (!problem.empty()) return hook_failed(*next, problem);
  errand_ = next;
}

void Watcher::hook_failed(const Errand& errand, const std::string& problem) {
  const std::string what =
      options_.hook + " for event " + std::to_string(errand.event.id) + " " + problem;
  const auto tries = static_cast<std::size_t>(errand.tries);
  hook_has_failed_ = true;
  if (tries >= kHookRests.size()) {
    store_.errand_given_up(errand.event);
    return outside_.tell(what + "; it is not tried again");
  }
  const double rest = options_.once ? 0 : kHookRests.at(tries);
  store_.errand_failed(errand.event, outside_.now() + rest);
  outside_.tell(what + "; it is tried again " +
                (options_.once ? "by the next run" : "in " + report::duration(rest)));
}

void Watcher::tidy_up() {
  store_.prune(options_.bounds, outside_.now());
  tidied_at_ = outside_.seconds();
}

void Watcher::tell_late(double seconds) {
  const double now = outside_.seconds();
  if (options_.once || outage_ || now - told_late_at_ < kLateEvery) return;
  told_late_at_ = now;
  outside_.tell("looks are " + report::duration(seconds) +
                " late: a larger --at-once or longer intervals would help");
}

bool Watcher::is_finished() {
  return options_.once && under_way_ == 0 && !schedule_.next_due() && !errand_ &&
         (options_.hook.empty() || gives_up_hook() || !store_.next_errand(outside_.now()));
}

// One pass does not wait for a hook to come to its senses.
bool Watcher::gives_up_hook() const {
  return options_.once && hook_has_failed_;
}

double Watcher::pause() const {
  const std::optional<double> due = schedule_.next_due();
  if (!due || under_way_ == options_.at_once) return kTick;
  return std::clamp(*due - outside_.seconds(), 0.0, kTick);
}

}  // namespace dcv::probes
