// A queue by due time; the place of a name in the interval comes from a hash of it.
#include "schedule.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace dcv::probes {
namespace {

constexpr double kJitter = 0.05;     // of the interval, both ways
constexpr double kSoonShare = 0.25;  // of the interval, until a look is confirmed; at most:
constexpr double kSoonMost = 30;     // seconds
constexpr double kSoonAtOnce = 2;    // the same without an interval
constexpr int kSoonInARow = 2;       // more confirms nothing: the name goes to and fro

// 0 to 1, the same for a name in every run and on every machine (FNV-1a).
double place_of(const std::string& name) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : name) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 1099511628211U;
  }
  hash ^= hash >> 32;
  return static_cast<double>(hash & 0xffffffffU) / 4294967296.0;
}

double soon_of(double every) {
  return every > 0 ? std::min(kSoonMost, every * kSoonShare) : kSoonAtOnce;
}

// The first one after now; one that is almost there is that of the look just done. `place` is one
// before.
double next_place(double place, double every, double now) {
  if (every <= 0) return now;
  return place + every * (std::floor((now - place) / every + 2 * kJitter) + 1);
}

}  // namespace

void Schedule::put(const std::string& name, Entry& entry, double due) {
  if (entry.waits) waiting_.erase({entry.due, name});
  entry.waits = true;
  entry.due = due;
  waiting_.insert({due, name});
}

void Schedule::set(const Intervals& names, double now) {
  std::erase_if(waiting_, [&](const auto& each) { return !names.contains(each.second); });
  std::erase_if(names_, [&](const auto& each) { return !names.contains(each.first); });
  for (const auto& [name, every] : names) {
    const auto [found, is_new] = names_.try_emplace(name);
    Entry& entry = found->second;
    if (!is_new && entry.every == every) continue;
    const double first = now + place_of(name) * every;
    entry.every = every;
    entry.place = first - every;
    if (is_new) put(name, entry, first);
    if (entry.waits) put(name, entry, std::min(entry.due, first));
  }
}

std::optional<Schedule::Due> Schedule::next(double now) {
  if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
  const auto [due, name] = waiting_.extract(waiting_.begin()).value();
  Entry& entry = names_.at(name);
  entry.waits = false;
  return Due{name, now - due, now - due > entry.every / 2};
}

void Schedule::done(const std::string& name, bool unsettled, double random, double now) {
  const auto found = names_.find(name);
  // Taken off the list meanwhile, and perhaps put on it again.
  if (found == names_.end() || found->second.waits) return;
  Entry& entry = found->second;
  if (unsettled && entry.soon < kSoonInARow) {
    ++entry.soon;
    return put(name, entry, now + soon_of(entry.every));
  }
  entry.soon = 0;
  entry.place = next_place(entry.place, entry.every, now);
  const double jitter = (2 * random - 1) * kJitter * entry.every;
  put(name, entry, std::max(entry.place + jitter, now));
}

std::optional<double> Schedule::next_due() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first;
}

}  // namespace dcv::probes
