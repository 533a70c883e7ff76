// Rests and looks, target by target.
#include "waiting.h"

#include <algorithm>
#include <limits>

namespace dcv::tools {
namespace {

using check::Step;

// A walk from the root is a hundred questions, a look at the authorities a few: while something
// stands in the way that only a walk can see go, this many seconds lie between walks.
constexpr double kBetweenWalks = 30;
constexpr double kLongestNap = 1;   // the time left is shown, and signals are seen, once a second
constexpr double kSameTime = 0.05;  // looks due so close together are one

struct Wait {
  check::Rounds rounds;
  Step step;       // the next
  double due = 0;  // when, by World::seconds
  int number = 0;  // looks so far

  bool over() const { return step.what == Step::Do::stop; }
};

class Loop {
 public:
  Loop(const check::WaitRules& rules, const Looks& looks, const World& world,
       const Listener& listener)
      : rules_(rules), looks_(looks), world_(world), listener_(listener), start_(world.seconds()) {}

  Waited run() {
    walk();
    waits_.assign(observation_.targets.size(), {check::Rounds(rules_), {}, world_.seconds(), 0});
    deadlines_.resize(waits_.size());
    told(Step::Do::ask_authorities);
    try {
      while (!over() && !world_.interrupted()) {
        const bool rested = rest();
        if (world_.interrupted()) break;
        look(rested);
      }
    } catch (const Interrupted&) {
    }
    return ended();
  }

 private:
  bool over() const {
    return std::all_of(waits_.begin(), waits_.end(), [](const Wait& each) { return each.over(); });
  }

  report::Propagations seen_now() const {
    return report::propagations_of(observation_, deadlines_);
  }

  double next_due() const {
    double due = std::numeric_limits<double>::infinity();
    for (const Wait& each : waits_) {
      if (!each.over()) due = std::min(due, each.due);
    }
    return due;
  }

  // Until the next look is due; false if it is at once.
  bool rest() {
    bool rested = false;
    const report::Propagations seen = seen_now();
    while (!world_.interrupted()) {
      const double left = next_due() - world_.seconds();
      if (left <= 0) break;
      listener_.rest(seen, left, rules_.patience - (world_.seconds() - start_));
      world_.nap(std::min(left, kLongestNap));
      rested = true;
    }
    return rested;
  }

  // One look for all targets that are due. Resolvers are asked only after a fresh look at the
  // authorities, by which the records are known to be there.
  void look(bool rested) {
    const double due = next_due() + kSameTime;
    Step::Do what = Step::Do::ask_resolvers;
    for (const Wait& each : waits_) {
      if (!each.over() && each.due <= due && each.step.what == Step::Do::ask_authorities)
        what = Step::Do::ask_authorities;
    }
    if (what == Step::Do::ask_authorities || rested) refresh();
    if (what == Step::Do::ask_resolvers) looks_.resolvers(observation_);
    told(what);
  }

  void refresh() {
    const report::Propagations seen = seen_now();
    const bool stuck =
        std::any_of(seen.matrices.begin(), seen.matrices.end(), [](const auto& each) {
          const check::Verdict verdict = each.propagation.verdict;
          return verdict == check::Verdict::blocked || verdict == check::Verdict::unknown;
        });
    const bool long_ago = world_.seconds() - walked_ >= kBetweenWalks;
    if ((stuck && long_ago) || !looks_.authorities(observation_)) walk();
  }

  void walk() {
    observation_ = looks_.walk();
    walked_ = world_.seconds();
  }

  // Judges what was seen for the targets that were due for this kind of look.
  void told(Step::Do what) {
    const report::Propagations seen = seen_now();
    const double due = next_due() + kSameTime;
    for (std::size_t i = 0; i < waits_.size(); ++i) {
      Wait& wait = waits_[i];
      if (wait.over() || wait.step.what != what || wait.due > due) continue;
      const double elapsed = world_.seconds() - start_;
      const check::Propagation& matrix = seen.matrices[i].propagation;
      deadlines_[i] = check::deadlines_of(matrix, observation_.now);
      wait.step = what == Step::Do::ask_authorities
                      ? wait.rounds.after_authorities(matrix, elapsed, world_.random())
                      : wait.rounds.after_resolvers(matrix, elapsed, world_.random());
      wait.due = world_.seconds() + wait.step.after;
      listener_.round({++wait.number, world_.now(), elapsed,
                       std::max(0.0, rules_.patience - elapsed), seen.matrices[i], wait.step});
    }
  }

  // Of a wait that was cut short the verdict is what was seen last, but never that all is done.
  Waited ended() {
    Waited result;
    const report::Propagations seen = seen_now();
    for (std::size_t i = 0; i < waits_.size(); ++i) {
      const check::Propagation& last = seen.matrices[i].propagation;
      const bool ready = last.verdict == check::Verdict::ready;
      result.endings.push_back(waits_[i].over()
                                   ? Ending{waits_[i].step.verdict, waits_[i].step.sentence}
                                   : Ending{ready ? check::Verdict::at_risk : last.verdict,
                                            "Ended before its time. " + last.summary});
    }
    result.deadlines = deadlines_;
    result.observation = std::move(observation_);
    return result;
  }

  const check::WaitRules& rules_;
  const Looks& looks_;
  const World& world_;
  const Listener& listener_;
  double start_;
  double walked_ = 0;
  observe::Observation observation_;
  std::vector<Wait> waits_;
  std::vector<check::Deadlines> deadlines_;  // one a target
};

}  // namespace

Waited wait_until_there(const check::WaitRules& rules, const Looks& looks, const World& world,
                        const Listener& listener) {
  return Loop(rules, looks, world, listener).run();
}

}  // namespace dcv::tools
