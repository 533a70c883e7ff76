#include "check/rounds.h"

#include "support/catch.h"

using namespace dcv;
using namespace dcv::check;

namespace {

// So many of so many authorities hold it, and so many resolvers.
Propagation seen(int holding, int asked, int resolvers_holding = 0, int resolvers = 0) {
  Propagation made;
  made.authorities = asked;
  made.authorities_holding = holding;
  made.resolvers = resolvers;
  made.resolvers_holding = resolvers_holding;
  const bool all = holding == asked && resolvers_holding == resolvers;
  made.verdict = asked == 0     ? Verdict::unknown
                 : holding == 0 ? Verdict::blocked
                 : all          ? Verdict::ready
                                : Verdict::at_risk;
  made.summary = "What it is.";
  return made;
}

Row row(Eye eye, bool holds, std::optional<double> wait = std::nullopt) {
  Row made;
  made.eye = eye;
  made.holds = holds;
  made.counted = true;
  made.wait_seconds = wait;
  return made;
}

constexpr double kMiddle = 0.5;  // no jitter

}  // namespace

TEST_CASE("a quorum is all, any, or a share") {
  CHECK(Quorum::parse("all")->reached(3, 3));
  CHECK_FALSE(Quorum::parse("all")->reached(2, 3));
  CHECK(Quorum::parse("any")->reached(1, 3));
  CHECK_FALSE(Quorum::parse("any")->reached(0, 3));
  CHECK(Quorum::parse("2/3")->reached(8, 12));
  CHECK_FALSE(Quorum::parse("2/3")->reached(7, 12));
  CHECK_FALSE(Quorum::parse("all")->reached(0, 0));
  for (const std::string wrong : {"", "some", "0/3", "4/3", "2/", "/3", "2/3x", "-1/3", "2"})
    CHECK_FALSE(Quorum::parse(wrong));
  CHECK(Quorum::parse("4/3").error() == "\"4/3\" is no quorum: all, any or N/M, such as 2/3");
}

TEST_CASE("it is ready after so many agreeing rounds in a row, which follow quickly") {
  Rounds rounds({.patience = 60, .rounds = 3});
  for (const double elapsed : {20.0, 20.3}) {
    const Step step = rounds.after_authorities(seen(4, 4), elapsed, kMiddle);
    CHECK(step.what == Step::Do::ask_authorities);
    CHECK(step.after == Approx(0.3));
  }
  const Step last = rounds.after_authorities(seen(4, 4), 20.6, kMiddle);
  CHECK(last.what == Step::Do::stop);
  CHECK(last.verdict == Verdict::ready);
  CHECK(last.sentence == "4 of 4 addresses of the authorities hold the records.");
}

TEST_CASE("servers that hold it are not enough where too few on the way lead to them") {
  Rounds rounds({.patience = 60, .rounds = 1, .authorities = {1, 2}});
  Propagation led = seen(4, 4);
  led.verdict = Verdict::at_risk;
  led.on_the_way = 4;
  led.leading = 1;
  CHECK(rounds.after_authorities(led, 1, kMiddle).what == Step::Do::ask_authorities);
  led.leading = 2;
  CHECK(rounds.after_authorities(led, 2, kMiddle).what == Step::Do::stop);
}

TEST_CASE("one round that disagrees starts the row of agreeing rounds again") {
  Rounds rounds({.patience = 60, .rounds = 2});
  rounds.after_authorities(seen(4, 4), 1, kMiddle);
  CHECK(rounds.after_authorities(seen(3, 4), 2, kMiddle).what == Step::Do::ask_authorities);
  CHECK(rounds.after_authorities(seen(4, 4), 3, kMiddle).what == Step::Do::ask_authorities);
  CHECK(rounds.after_authorities(seen(4, 4), 4, kMiddle).what == Step::Do::stop);
}

TEST_CASE("records that were there and are gone are told, silence is no loss") {
  const std::string gone =
      "The records were at 4 of 4 addresses of the authorities and are gone again from 3: "
      "something "
      "deletes them, such as a clean-up that comes too early or another program that manages the "
      "zone. ";
  Rounds rounds({.patience = 60, .rounds = 2});
  CHECK(rounds.after_authorities(seen(1, 4), 1, kMiddle).sentence == "What it is.");
  rounds.after_authorities(seen(4, 4), 2, kMiddle);
  CHECK(rounds.after_authorities(seen(1, 4), 3, kMiddle).sentence == gone + "What it is.");
  CHECK(rounds.after_authorities(seen(1, 3), 4, kMiddle).sentence == "What it is.");
  CHECK(rounds.after_authorities(seen(1, 4), 60, kMiddle).sentence ==
        gone + "The 60 s to wait are over. What it is.");
}

TEST_CASE("from the last authority on it takes less than two seconds, even with all jitter") {
  Rounds rounds({.patience = 60, .rounds = 3});
  double elapsed = 20 + rounds.after_authorities(seen(3, 4), 20, 1).after;
  for (int round = 0; round < 3; ++round)
    elapsed += rounds.after_authorities(seen(4, 4), elapsed, 1).after;
  CHECK(elapsed < 21.8);
}

TEST_CASE("rounds that disagree come less often as time goes by, within bounds and with jitter") {
  Rounds rounds({.patience = 7200});
  CHECK(rounds.after_authorities(seen(3, 4), 0, kMiddle).after == Approx(0.75));
  CHECK(rounds.after_authorities(seen(3, 4), 0, 0).after == Approx(0.6));
  CHECK(rounds.after_authorities(seen(3, 4), 0, 1).after == Approx(0.9));
  CHECK(rounds.after_authorities(seen(3, 4), 200, kMiddle).after == Approx(5));
  CHECK(rounds.after_authorities(seen(3, 4), 4000, kMiddle).after == Approx(15));
}

TEST_CASE("it looks when a lag must be over, and less often while that is far away") {
  Rounds rounds({.patience = 7200});
  Propagation lag = seen(3, 4);
  lag.rows = {row(Eye::authority, false, 2.0)};
  CHECK(rounds.after_authorities(lag, 400, kMiddle).after == Approx(2));
  lag.rows = {row(Eye::authority, false, 7200.0)};
  CHECK(rounds.after_authorities(lag, 4000, kMiddle).after == Approx(60));
  lag.rows = {row(Eye::authority, false, 0.0)};
  CHECK(rounds.after_authorities(lag, 400, kMiddle).after == Approx(0.3));
}

TEST_CASE("the last look is at the end of the patience, and then it stops with what it knows") {
  Rounds rounds({.patience = 60});
  CHECK(rounds.after_authorities(seen(3, 4), 59.9, kMiddle).after == Approx(0.1));
  const Step some = rounds.after_authorities(seen(3, 4), 60, kMiddle);
  CHECK(some.what == Step::Do::stop);
  CHECK(some.verdict == Verdict::at_risk);
  CHECK(some.sentence == "The 60 s to wait are over. What it is.");
  CHECK(rounds.after_authorities(seen(0, 4), 61, kMiddle).verdict == Verdict::blocked);
  CHECK(rounds.after_authorities(seen(0, 0), 61, kMiddle).verdict == Verdict::unknown);
}

TEST_CASE("rounds that agree do not go on after the patience is over") {
  Rounds rounds({.patience = 60, .rounds = 3});
  CHECK(rounds.after_authorities(seen(4, 4), 59.9, kMiddle).after == Approx(0.1));
  const Step step = rounds.after_authorities(seen(4, 4), 60, kMiddle);
  CHECK(step.what == Step::Do::stop);
  CHECK(step.verdict == Verdict::at_risk);
  CHECK(step.sentence ==
        "The 60 s to wait are over, and enough had it in 2 of 3 looks in a row only. What it is.");
  Rounds last({.patience = 60, .rounds = 1});
  CHECK(last.after_authorities(seen(4, 4), 61, kMiddle).verdict == Verdict::ready);
}

TEST_CASE("what blocks now may be mended: nothing is given up before the patience is over") {
  Rounds rounds({.patience = 60});
  Propagation bogus = seen(4, 4);
  bogus.verdict = Verdict::blocked;
  for (int round = 0; round < 5; ++round)
    CHECK(rounds.after_authorities(bogus, 30, kMiddle).what == Step::Do::ask_authorities);
  CHECK(rounds.after_authorities(seen(0, 0), 30, kMiddle).what == Step::Do::ask_authorities);
}

TEST_CASE("with a quorum some authorities may lack it") {
  Rounds rounds({.patience = 60, .rounds = 1, .authorities = {3, 4}});
  CHECK(rounds.after_authorities(seen(3, 4), 1, kMiddle).verdict == Verdict::ready);
  Rounds strict({.patience = 60, .rounds = 1});
  CHECK(strict.after_authorities(seen(3, 4), 1, kMiddle).what == Step::Do::ask_authorities);
}

TEST_CASE("resolvers are asked only after the authorities agreed") {
  Rounds rounds({.patience = 60, .rounds = 1, .with_public = true});
  CHECK(rounds.after_authorities(seen(3, 4), 1, kMiddle).what == Step::Do::ask_authorities);
  const Step next = rounds.after_authorities(seen(4, 4), 2, kMiddle);
  CHECK(next.what == Step::Do::ask_resolvers);
  CHECK(next.after == 0);
}

TEST_CASE("caches are asked again when enough of their denials have run out, not before") {
  Rounds rounds({.patience = 7200, .rounds = 1, .with_public = true});
  Propagation caches = seen(4, 4, 1, 3);
  caches.rows = {row(Eye::authority, true), row(Eye::resolver, true),
                 row(Eye::resolver, false, 40.0), row(Eye::system, false, 300.0)};
  const Step all = rounds.after_resolvers(caches, 5, 0);
  CHECK(all.what == Step::Do::ask_resolvers);
  CHECK(all.after == Approx(300.25));
  CHECK(rounds.after_resolvers(caches, 5, 1).after == Approx(301));

  Rounds two_thirds({.patience = 7200, .rounds = 1, .resolvers = {2, 3}, .with_public = true});
  CHECK(two_thirds.after_resolvers(caches, 5, 0).after == Approx(40.25));
}

TEST_CASE("a resolver that fails without an end is asked again now and then") {
  Rounds rounds({.patience = 7200, .rounds = 1, .with_public = true});
  Propagation failing = seen(4, 4, 1, 2);
  failing.rows = {row(Eye::resolver, true), row(Eye::resolver, false)};
  CHECK(rounds.after_resolvers(failing, 5, 0).after == Approx(5.25));
  CHECK(rounds.after_resolvers(failing, 4000, 0).after == Approx(60.25));
}

TEST_CASE("it is ready when the quorum of the resolvers holds, and at risk when time is over") {
  Rounds rounds({.patience = 60, .rounds = 1, .with_public = true});
  const Step done = rounds.after_resolvers(seen(4, 4, 3, 3), 5, kMiddle);
  CHECK(done.what == Step::Do::stop);
  CHECK(done.verdict == Verdict::ready);
  CHECK(done.sentence == "3 of 3 resolvers hold the records, and the authorities do.");
  CHECK(rounds.after_resolvers(seen(4, 4, 2, 3), 60, kMiddle).verdict == Verdict::at_risk);
  // Nobody answered: nothing is known of the caches.
  CHECK(rounds.after_resolvers(seen(4, 4, 0, 0), 60, kMiddle).verdict == Verdict::unknown);
}
