// The loop of --wait over observations made by hand, with a clock of its own.
#include "waiting.h"

#include "later_transport.h"
#include "support/catch.h"
#include "support/observation_builder.h"
#include "support/scripted_transport.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

// Servers of which the first has the record from one time on, the second from another.
class Play {
 public:
  double first = 0, second = 0;    // seconds from which they have it
  double interrupted_at = 1e9;     // a signal
  bool lagging = false;            // until then they show an older serial
  bool throws = false;             // a look that the signal cuts short
  double alias_changes_at = 1e9;   // looks at the authorities do not suffice then
  double nap_lasts = 0;            // 0: as long as asked for
  std::vector<std::string> looks;  // "walk", "authorities", "resolvers"
  std::vector<std::string> told;   // what each round says
  int rests = 0;

  tools::Waited run(const check::WaitRules& rules) {
    const tools::Looks looks_of{.walk =
                                    [this] {
                                      look("walk");
                                      return seen();
                                    },
                                .authorities =
                                    [this](observe::Observation& observation) {
                                      look("authorities");
                                      if (now_ >= alias_changes_at && alias_changes_at >= 0) {
                                        alias_changes_at = 1e9;
                                        return false;
                                      }
                                      observation = seen();
                                      return true;
                                    },
                                .resolvers = [this](observe::Observation&) { look("resolvers"); }};
    const tools::World world{
        .seconds = [this] { return now_; },
        .now = [this] { return 1790000000 + now_; },
        .random = [] { return 0.5; },
        .nap = [this](double most) { now_ += nap_lasts > 0 ? nap_lasts : most; },
        .interrupted = [this] { return now_ >= interrupted_at; }};
    const tools::Listener listener{
        .round = [this](const report::Round& round) { told.push_back(round.step.sentence); },
        .rest = [this](const report::Propagations&, double, double) { ++rests; }};
    return tools::wait_until_there(rules, looks_of, world, listener);
  }

  double now() const { return now_; }
  std::ptrdiff_t count(const std::string& kind) const {
    return std::count(looks.begin(), looks.end(), kind);
  }

 private:
  void look(const std::string& kind) {
    now_ += 0.05;
    looks.push_back(kind);
    if (throws && now_ >= interrupted_at) throw tools::Interrupted();
  }

  observe::Observation seen() const {
    ObservationBuilder world = healthy_world();
    for (const auto& [address, from] :
         {std::pair("45.90.28.10", first), std::pair("2a07:a8c0::10", first),
          std::pair("45.90.30.10", second), std::pair("2a07:a8c1::10", second)}) {
      if (now_ >= from) continue;
      world.proof(kZone, address, kProofName, nxdomain(kZone));
      if (lagging)
        world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa,
                    data({soa_line(kZone, 0)}));
    }
    world.observation.now = 1790000000 + now_;
    return std::move(world.observation);
  }

  double now_ = 1000;
};

}  // namespace

TEST_CASE("records that are there are ready after so many rounds, without asking a resolver") {
  Play play;
  const tools::Waited waited = play.run({.patience = 60, .rounds = 3});
  REQUIRE(waited.endings.size() == 1);
  CHECK(waited.endings[0].verdict == check::Verdict::ready);
  CHECK(play.looks == std::vector<std::string>{"walk", "authorities", "authorities"});
  CHECK(play.told.size() == 3);
  CHECK(play.now() < 1002);
}

TEST_CASE("the wait ends soon after the last server has the record") {
  Play play;
  play.first = 1005;
  play.second = 1020;
  const tools::Waited waited = play.run({.patience = 60, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::ready);
  CHECK(play.now() >= 1020);
  CHECK(play.now() < 1022);
  CHECK(play.count("resolvers") == 0);
  CHECK(play.count("walk") == 1);
  CHECK(play.rests >= 20);
}

TEST_CASE(
    "resolvers are asked only when the authorities have agreed, and a look at these is fresh") {
  Play play;
  play.second = 1010;
  const tools::Waited waited = play.run({.patience = 30, .rounds = 2, .with_public = true});
  CHECK(waited.endings[0].verdict == check::Verdict::unknown);  // none answers in this play
  REQUIRE(play.count("resolvers") >= 2);
  const auto first = std::find(play.looks.begin(), play.looks.end(), "resolvers");
  CHECK(*std::prev(first) == "authorities");
  const auto second = std::find(std::next(first), play.looks.end(), "resolvers");
  CHECK(*std::prev(second) == "authorities");
  CHECK(std::count(play.looks.begin(), first, "authorities") >= 8);
}

TEST_CASE("patience ends the wait with what was seen last") {
  Play play;
  play.second = 1e9;
  const tools::Waited waited = play.run({.patience = 20, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::at_risk);
  CHECK(waited.endings[0].sentence.starts_with("The 20 s to wait are over. 2 of 4 addresses"));
  CHECK(play.now() == Approx(1020).margin(0.2));
}

TEST_CASE("all rounds tell the same time for a copy that lags") {
  Play play;
  play.second = 1e9;
  play.lagging = true;
  const tools::Waited waited = play.run({.patience = 20, .rounds = 3});
  REQUIRE(play.told.size() > 5);
  const auto time_in = [](const std::string& text) { return text.substr(text.find("by 20")); };
  CHECK(time_in(play.told.front()) == "by 2026-09-21 16:30:01 UTC.");
  CHECK(time_in(play.told.back()) == time_in(play.told.front()));
  REQUIRE(waited.deadlines.size() == 1);
  CHECK(waited.deadlines[0].size() == 2);
}

TEST_CASE("time goes on while the machine is suspended") {
  Play play;
  play.second = 1e9;
  play.nap_lasts = 3600;
  const tools::Waited waited = play.run({.patience = 600, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::at_risk);
  CHECK(play.looks.size() == 2);
}

TEST_CASE("a signal ends the wait with what is known") {
  Play play;
  play.second = 1e9;
  play.interrupted_at = 1005;
  play.throws = GENERATE(false, true);
  const tools::Waited waited = play.run({.patience = 60, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::at_risk);
  CHECK(waited.endings[0].sentence.starts_with("Ended before its time. 2 of 4"));
  CHECK(waited.observation.targets.size() == 1);
  CHECK(play.now() < 1006);
}

TEST_CASE("a wait that a signal ends is never ready") {
  Play play;
  play.interrupted_at = 1000.1;
  const tools::Waited waited = play.run({.patience = 60, .rounds = 100});
  CHECK(waited.endings[0].verdict == check::Verdict::at_risk);
}

TEST_CASE("a signal in the first look leaves what it has seen") {
  Play play;
  play.second = 1e9;
  play.interrupted_at = 0;
  const tools::Waited waited = play.run({.patience = 60, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::at_risk);
  CHECK(play.looks.size() == 1);
}

TEST_CASE("where the way has changed it is walked anew") {
  Play play;
  play.second = 1010;
  play.alias_changes_at = 1005;
  const tools::Waited waited = play.run({.patience = 60, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::ready);
  CHECK(play.count("walk") == 2);
}

TEST_CASE("while nobody has the record, the way is walked anew now and then") {
  Play play;
  play.first = play.second = 1100;
  const tools::Waited waited = play.run({.patience = 200, .rounds = 3});
  CHECK(waited.endings[0].verdict == check::Verdict::ready);
  CHECK(play.count("walk") == 4);
  CHECK(play.now() < 1106);
}

TEST_CASE("a look later in a run goes on with its times and counts, and gives up at a signal") {
  ScriptedTransport inner([](const net::Query&) { return dns::Message(); });
  bool signalled = false;
  const std::function<bool()> interrupted = [&] { return signalled; };
  tools::LaterTransport later(inner, 100, 7, tools::LaterTransport::OnSignal::give_up, interrupted);
  double sent_at = 0;
  later.ask({}, [&](const observe::Exchange& exchange) { sent_at = exchange.sent_at; });
  later.run();
  CHECK(sent_at == 100);
  CHECK(later.elapsed() == Approx(100.05));
  CHECK(later.sent() == 8);
  later.ask({}, [&](const observe::Exchange&) { FAIL("answered after a signal"); });
  signalled = true;
  CHECK_THROWS_AS(later.run(), tools::Interrupted);
}

TEST_CASE("the first look asks nothing more after a signal, and comes to its end") {
  ScriptedTransport inner([](const net::Query&) { return dns::Message(); });
  bool signalled = false;
  const std::function<bool()> interrupted = [&] { return signalled; };
  tools::LaterTransport later(inner, 0, 0, tools::LaterTransport::OnSignal::ask_nothing,
                              interrupted);
  std::vector<observe::Outcome> outcomes;
  const net::Transport::Done last = [&](const observe::Exchange& exchange) {
    outcomes.push_back(exchange.outcome);
  };
  later.ask({}, [&](const observe::Exchange& exchange) {
    outcomes.push_back(exchange.outcome);
    signalled = true;
    later.ask({}, [&](const observe::Exchange& second) {
      outcomes.push_back(second.outcome);
      later.ask({}, last);
    });
    CHECK(outcomes.size() == 1);  // never from inside ask()
  });
  later.run();
  CHECK(outcomes == std::vector<observe::Outcome>{observe::Outcome::reply,
                                                  observe::Outcome::not_asked,
                                                  observe::Outcome::not_asked});
  CHECK(later.sent() == 1);
}
