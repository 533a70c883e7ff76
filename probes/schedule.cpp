// A queue by due time; the place of a name in the interval comes from a hash of it.
#include "schedule.h"

#include <algorithm>
#include <cstdint>

namespace dcv::probes {
namespace {

constexpr double kJitter = 0.05;  // of the interval, both ways

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

}  // namespace

void Schedule::put(const std::string& name, double due) {
  planned_[name] = due;
  waiting_.insert({due, name});
}

void Schedule::set(const std::vector<std::string>& names, double now) {
  const std::set<std::string> wanted(names.begin(), names.end());
  std::erase_if(waiting_, [&](const auto& each) { return !wanted.contains(each.second); });
  std::erase_if(planned_, [&](const auto& each) { return !wanted.contains(each.first); });
  for (const std::string& name : wanted)
    if (!planned_.contains(name)) put(name, now + place_of(name) * every_);
}

std::optional<std::string> Schedule::next(double now) {
  if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
  return waiting_.extract(waiting_.begin()).value().second;
}

void Schedule::done(const std::string& name, bool unsettled, double random, double now) {
  const auto found = planned_.find(name);
  if (found == planned_.end()) return;  // taken off the list meanwhile
  const double jitter = (2 * random - 1) * kJitter * every_;
  const double usual = std::max(found->second + every_ + jitter, now);
  put(name, unsettled ? now + soon_ : usual);
}

std::optional<double> Schedule::next_due() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first;
}

double Schedule::lateness(double now) const {
  return waiting_.empty() ? 0 : std::max(0.0, now - waiting_.begin()->first);
}

}  // namespace dcv::probes
