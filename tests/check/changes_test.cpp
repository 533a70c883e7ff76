#include "check/changes.h"

#include "support/catch.h"

using namespace dcv;
using namespace dcv::check;

namespace {

using Words = std::vector<std::string>;

const std::string kName = "_acme-challenge.app.shop.example.";
const std::string kApex = "shop.example.";
constexpr double kDay = 86400;
constexpr double kNow = 1790000000;

Fact fact(const Words& values, bool complete = true) {
  Fact made;
  for (const std::string& each : values) made.values[each] = {};
  made.complete = complete;
  return made;
}

// A look at a healthy name.
Snapshot look() {
  Snapshot made{.name = "app.shop.example",
                .method = "dns-01",
                .ca = "letsencrypt",
                .validation_name = kName,
                .final_name = kName};
  made.facts[{Aspect::alias, "", kName}] = fact({});
  made.facts[{Aspect::parent_servers, "", kApex}] = fact({"ns1.shop.example."});
  made.facts[{Aspect::glue, kApex, "ns1.shop.example."}] = fact({"45.90.28.10"});
  made.facts[{Aspect::value, "", kName}] = fact({});
  made.scope = {kName, kApex, "ns1.shop.example."};
  made.zones = {kApex};
  made.arrived = true;
  made.opinion.verdict = made.latest.verdict = Verdict::ready;
  return made;
}

Snapshot with(Snapshot look, Aspect aspect, const std::string& subject, const Fact& fact) {
  look.facts[{aspect, "", subject}] = fact;
  return look;
}

Snapshot judged(Snapshot look, Verdict verdict, const std::set<Noted>& findings = {}) {
  look.opinion = look.latest = {verdict, findings};
  return look;
}

// The looks one after the other, an hour between two.
class Row {
 public:
  Advance next(const Snapshot& seen) {
    Advance made = advance(any_ ? &known_ : nullptr, seen, now_, kDay);
    known_ = made.snapshot;
    any_ = true;
    now_ += 3600;
    return made;
  }

 private:
  Snapshot known_;
  bool any_ = false;
  double now_ = kNow;
};

std::vector<std::string> kinds(const Advance& made) {
  std::vector<std::string> all;
  for (const Change& each : made.changes) all.emplace_back(text(each.kind));
  return all;
}

}  // namespace

TEST_CASE("the first look and one like it change nothing") {
  Row row;
  CHECK(row.next(look()).changes.empty());
  const Advance again = row.next(look());
  CHECK(again.changes.empty());
  CHECK_FALSE(again.unsettled);
}

TEST_CASE("each fact that changes is an event with before and after") {
  struct Sample {
    Aspect aspect;
    std::string kind, side;
  };
  const Sample samples[] = {{Aspect::alias, "alias-target-changed", ""},
                            {Aspect::parent_servers, "ns-set-changed", "parent"},
                            {Aspect::zone_servers, "ns-set-changed", "zone"},
                            {Aspect::glue, "glue-changed", ""},
                            {Aspect::ds, "ds-changed", ""},
                            {Aspect::caa, "caa-changed", ""},
                            {Aspect::soa_minimum, "soa-minimum-changed", ""},
                            {Aspect::provider, "provider-identifier-changed", ""}};
  for (const Sample& sample : samples) {
    Row row;
    row.next(with(look(), sample.aspect, kApex, fact({"a", "b"})));
    const Advance made = row.next(with(look(), sample.aspect, kApex, fact({"b", "c"})));
    REQUIRE(kinds(made) == Words{sample.kind});
    const Change& change = made.changes.front();
    CHECK(change.subject == kApex);
    CHECK(change.side == sample.side);
    CHECK(change.before == Words{"a", "b"});
    CHECK(change.after == Words{"b", "c"});
  }
}

// What the two servers of a registry that were asked said.
Snapshot referred(const std::set<std::string>& one, const std::set<std::string>& other,
                  bool complete = true) {
  Fact said;
  for (const auto& side : {one, other})
    for (const std::string& host : side) said.values[host] = {};
  said.sides = {one, other};
  said.complete = complete;
  return with(look(), Aspect::parent_servers, kApex, said);
}

TEST_CASE("what a registry's servers say counts when two looks show it") {
  const std::set<std::string> old = {"ns1.", "ns2."}, now = {"ns1.", "ns3."};
  Row row;
  row.next(referred(old, old));
  const Advance first = row.next(referred(now, now));
  CHECK(first.changes.empty());
  CHECK(first.unsettled);
  const Advance second = row.next(referred(now, now));
  REQUIRE(kinds(second) == Words{"ns-set-changed"});
  CHECK(second.changes.front().before == Words{"ns1.", "ns2."});
  CHECK(second.changes.front().after == Words{"ns1.", "ns3."});
  CHECK_FALSE(second.unsettled);
}

TEST_CASE("a registry server that lags behind makes no event, whichever two are asked") {
  const std::set<std::string> old = {"ns1.", "ns2."}, now = {"ns1.", "ns3."};
  Row row;
  row.next(referred(old, old));
  const std::pair<bool, int> looks[] = {{true, 0},  {true, 0},  {false, 0}, {true, 0},
                                        {false, 0}, {false, 1}, {true, 0},  {true, 0},
                                        {false, 0}, {true, 0},  {false, 0}, {false, 0}};
  for (const auto& [lagging, events] : looks) {
    const Advance made = row.next(referred(lagging ? old : now, now));
    CHECK(made.changes.size() == static_cast<std::size_t>(events));
    CHECK((lagging ? made.unsettled : false) == false);
  }
}

TEST_CASE("while a server of a registry is silent it takes three looks") {
  Row row;
  row.next(referred({"ns1."}, {"ns1."}));
  CHECK(row.next(referred({"ns3."}, {"ns3."}, false)).changes.empty());
  CHECK(row.next(referred({"ns3."}, {"ns3."}, false)).changes.empty());
  CHECK(kinds(row.next(referred({"ns3."}, {"ns3."}, false))) == Words{"ns-set-changed"});
}

TEST_CASE("a longer TTL counts at once, a shorter one when three looks show the same") {
  const auto ttl = [](const std::string& seconds) {
    return with(look(), Aspect::ttl, kName, fact({seconds}));
  };
  Row row;
  row.next(ttl("300"));
  CHECK(kinds(row.next(ttl("3600"))) == Words{"ttl-changed"});
  for (const char* running_down : {"3000", "2000", "1000", "3600", "60", "60", "3500", "60"})
    CHECK(row.next(ttl(running_down)).changes.empty());
  CHECK_FALSE(row.next(ttl("60")).unsettled);
  const Advance made = row.next(ttl("60"));
  REQUIRE(kinds(made) == Words{"ttl-changed"});
  CHECK(made.changes.front().before == Words{"3600"});
  CHECK(made.changes.front().after == Words{"60"});
}

TEST_CASE("the message tells what changed") {
  Row row;
  row.next(look());
  const Advance made = row.next(with(look(), Aspect::alias, kName, fact({"x.example."})));
  REQUIRE(made.changes.size() == 1);
  CHECK(made.changes.front().message ==
        "the alias target of " + kName + " changed from none to x.example.");
  CHECK(made.changes.front().severity == Severity::warning);
}

TEST_CASE("what a silent server may still have is not gone, until three looks have not shown it") {
  Row row;
  row.next(with(look(), Aspect::value, kName, fact({"a"})));
  const Snapshot without = with(look(), Aspect::value, kName, fact({}, false));
  CHECK(row.next(without).changes.empty());
  CHECK(row.next(without).changes.empty());
  CHECK(kinds(row.next(without)) == Words{"value-last-seen"});
}

TEST_CASE("what is seen again in between has not been missed") {
  Row row;
  const Snapshot shown = with(look(), Aspect::value, kName, fact({"a"}, false));
  const Snapshot without = with(look(), Aspect::value, kName, fact({}, false));
  row.next(shown);
  for (const Snapshot* each : {&without, &without, &shown, &without, &without})
    CHECK(row.next(*each).changes.empty());
}

TEST_CASE("what all servers deny is gone at once") {
  Row row;
  row.next(with(look(), Aspect::value, kName, fact({"a"})));
  CHECK(kinds(row.next(look())) == Words{"value-last-seen"});
}

TEST_CASE("a fact that could not be seen is kept, one that is out of the way is dropped") {
  Row row;
  Snapshot unseen = look();
  unseen.facts.erase({Aspect::parent_servers, "", kApex});
  row.next(look());
  CHECK(row.next(unseen).snapshot.facts.contains({Aspect::parent_servers, "", kApex}));
  unseen.scope.erase("ns1.shop.example.");
  unseen.facts.erase({Aspect::glue, kApex, "ns1.shop.example."});
  CHECK_FALSE(row.next(unseen).snapshot.facts.contains({Aspect::glue, kApex, "ns1.shop.example."}));
}

TEST_CASE("a walk that did not arrive drops nothing and leads nowhere else") {
  Row row;
  Snapshot lost = look();
  lost.facts.clear();
  lost.scope.clear();
  lost.arrived = false;
  lost.final_name = "elsewhere.example.";
  row.next(look());
  const Advance made = row.next(lost);
  CHECK(made.changes.empty());
  CHECK(made.snapshot.facts.size() == look().facts.size());
  CHECK(made.snapshot.final_name == kName);
  CHECK(row.next(look()).changes.empty());
}

TEST_CASE("a zone cut that comes or goes above the validation name is an event, elsewhere not") {
  Row row;
  Snapshot cut = with(look(), Aspect::parent_servers, kName, fact({"ns1.dcv.example."}));
  cut.zones = {kApex, kName, "other.example."};
  cut.scope.insert("other.example.");
  cut.facts[{Aspect::parent_servers, "", "other.example."}] = fact({"ns1.other.example."});
  row.next(look());
  const Advance came = row.next(cut);
  REQUIRE(kinds(came) == Words{"ns-set-changed"});
  CHECK(came.changes.front().before.empty());
  CHECK(came.changes.front().after == Words{"ns1.dcv.example."});
  Snapshot gone = look();
  const Advance went = row.next(gone);
  REQUIRE(kinds(went) == Words{"ns-set-changed"});
  CHECK(went.changes.front().before == Words{"ns1.dcv.example."});
}

TEST_CASE("values are told one by one, and each by its first look") {
  Row row;
  row.next(with(look(), Aspect::value, kName, fact({"a"})));
  const Advance made = row.next(with(look(), Aspect::value, kName, fact({"b", "c"})));
  CHECK(kinds(made) == Words{"value-first-seen", "value-first-seen", "value-last-seen"});
  const auto& held = made.snapshot.facts.at({Aspect::value, "", kName}).values;
  CHECK(held.at("b").since == kNow + 3600);
}

TEST_CASE("a token that stands for a day is stray, and told once") {
  Snapshot shown = with(look(), Aspect::value, kName, fact({"token", "note"}));
  shown.facts[{Aspect::value, "", kName}].values["token"].may_stay = false;
  Row row;
  for (int hour = 0; hour < 24; ++hour) CHECK(row.next(shown).changes.empty());
  const Advance made = row.next(shown);
  REQUIRE(kinds(made) == Words{"stray-token-left"});
  CHECK(made.changes.front().after == Words{"token"});
  CHECK(row.next(shown).changes.empty());
}

TEST_CASE("a verdict counts when two looks agree") {
  Row row;
  row.next(look());
  const Advance first = row.next(judged(look(), Verdict::blocked));
  CHECK(first.changes.empty());
  CHECK(first.unsettled);
  CHECK(first.snapshot.opinion.verdict == Verdict::ready);
  const Advance second = row.next(judged(look(), Verdict::blocked));
  REQUIRE(kinds(second) == Words{"verdict-changed"});
  CHECK(second.changes.front().severity == Severity::error);
  CHECK(second.changes.front().before == Words{"ready"});
  CHECK(second.changes.front().after == Words{"blocked"});
  CHECK_FALSE(second.unsettled);
}

TEST_CASE("a verdict that was there for one look only is no event") {
  Row row;
  row.next(look());
  row.next(judged(look(), Verdict::unknown));
  CHECK(row.next(look()).changes.empty());
}

TEST_CASE("findings come and go when two looks agree") {
  const Noted finding{"delegation-server-lame", "ns2.shop.example.", Severity::warning, Affects::ca,
                      "it is lame"};
  Row row;
  row.next(look());
  const Snapshot found = judged(look(), Verdict::ready, {finding});
  CHECK(row.next(found).unsettled);
  const Advance appeared = row.next(found);
  REQUIRE(kinds(appeared) == Words{"finding-appeared"});
  CHECK(appeared.changes.front().after == Words{"delegation-server-lame"});
  CHECK(appeared.changes.front().message == "it is lame");
  CHECK(row.next(look()).changes.empty());
  CHECK(kinds(row.next(look())) == Words{"finding-gone"});
}

TEST_CASE("a finding that counts has the words and the severity of the latest look") {
  const auto found = [](Severity severity, const std::string& message) {
    const Noted noted{"dnssec-signature-expiring", kApex, severity, Affects::ca, message};
    return judged(look(), Verdict::ready, {noted});
  };
  Row row;
  row.next(found(Severity::warning, "until Monday"));
  const Advance made = row.next(found(Severity::notice, "until Tuesday"));
  CHECK(made.changes.empty());
  REQUIRE(made.snapshot.opinion.findings.size() == 1);
  CHECK(made.snapshot.opinion.findings.begin()->message == "until Tuesday");
  CHECK(made.snapshot.opinion.findings.begin()->severity == Severity::notice);
}

TEST_CASE("what could not be judged takes no finding away") {
  const Noted finding{"delegation-server-lame", "ns2.shop.example."};
  Row row;
  row.next(judged(look(), Verdict::at_risk, {finding}));
  row.next(judged(look(), Verdict::unknown));
  CHECK(kinds(row.next(judged(look(), Verdict::unknown))) == Words{"verdict-changed"});
  CHECK(row.next(judged(look(), Verdict::unknown)).snapshot.opinion.findings.size() == 1);
}

TEST_CASE("a finding of a history, which has no message, is told by id and subject") {
  const Noted finding{"delegation-server-lame", "ns2.shop.example."};
  const std::vector<Change> changes =
      differences(look(), judged(look(), Verdict::ready, {finding}));
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().message == "delegation-server-lame at ns2.shop.example.");
}
