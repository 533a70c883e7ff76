#include "support/catch.h"
#include "watch_event.h"
#include "watch_text.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

const std::string kName = "_acme-challenge.app.shop.example.", kApex = "shop.example.";

check::Snapshot seen() {
  check::Snapshot snapshot{.name = "app.shop.example",
                           .method = "dns-01",
                           .ca = "letsencrypt",
                           .validation_name = kName,
                           .final_name = kName};
  snapshot.facts[{check::Aspect::parent_servers, "", kApex}].values["ns1.shop.example."] = {};
  snapshot.scope = {kName, kApex};
  snapshot.zones = {kApex};
  snapshot.arrived = true;
  return snapshot;
}

}  // namespace

TEST_CASE("what does not count yet is part of the state, not of the history") {
  check::Snapshot snapshot = seen();
  const std::string document = document_of(snapshot);
  check::Fact& fact = snapshot.facts.begin()->second;
  fact.awaited = {"ns2.shop.example."};
  fact.looks = 1;
  CHECK(snapshot_in(state_of(snapshot)) == snapshot);
  CHECK(document_of(snapshot) == document);
}

TEST_CASE("two snapshots of the history differ by what was told when they were taken") {
  check::Snapshot cut = seen();
  cut.facts[{check::Aspect::parent_servers, "", kName}].values["ns1.dcv.example."] = {};
  cut.zones.insert(kName);
  cut.scope.insert("ns1.dcv.example.");
  const check::Snapshot before = seen();
  const check::Advance told = check::advance(&before, cut, 1790000000, 86400);
  REQUIRE(told.changes.size() == 1);
  const check::Snapshot old = snapshot_in(document_of(before)),
                        now = snapshot_in(document_of(told.snapshot));
  CHECK(check::differences(old, now) == told.changes);
  CHECK(check::differences(now, old).size() == 1);
}

TEST_CASE("the end of signatures counts at a moment told, and else if the signer is late") {
  using check::Verdict;
  Forecast forecast{{}, 0, seen(), {{20, Verdict::blocked, 0, {}, "", true}}};
  forecast.ahead.push_back({30, Verdict::at_risk, {}, {}, ""});
  forecast.now.opinion.verdict = Verdict::ready;
  CHECK(verdict_at(forecast, std::nullopt) == Verdict::at_risk);
  CHECK(verdict_at(forecast, 10) == Verdict::ready);
  CHECK(verdict_at(forecast, 20) == Verdict::blocked);
  CHECK(verdict_at(forecast, 40) == Verdict::blocked);
  forecast.now.latest.findings.insert({"dnssec-signature-expiring", kApex});
  CHECK(verdict_at(forecast, std::nullopt) == Verdict::blocked);
  CHECK(text_of(forecast, 20).find("from 1970-01-01T00:00:20Z, unless signed anew  BLOCKED") !=
        std::string::npos);
}

TEST_CASE("a document of before, which knows no zones, is read") {
  const check::Snapshot old = snapshot_in(
      R"({"name":"app.shop.example","method":"dns-01","ca":"letsencrypt",
          "validation_name":"x.","final_name":"x.","opinion":{"verdict":"ready","findings":[]},
          "facts":[{"aspect":"ttl","subject":"x.","values":["120","60"]}]})");
  CHECK_FALSE(old.arrived);
  CHECK(old.facts.begin()->second.values.size() == 2);
}
