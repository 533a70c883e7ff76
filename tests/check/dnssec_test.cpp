// The DNSSEC family over worlds that the lab signs and that the walker sees, all in memory.
#include <algorithm>
#include <filesystem>
#include <functional>

#include "check/chance.h"
#include "check/evaluate.h"
#include "check/family.h"
#include "dns/dnssec.h"
#include "dns/zone_file.h"
#include "lab/signing.h"
#include "resolve/collect.h"
#include "resolve/root_hints.h"
#include "support/catch.h"
#include "support/lab_transport.h"

using namespace dcv;
using namespace dcv::check;
using dns::Name;
using lab::Signing;

namespace {

constexpr std::uint32_t kNow = 1790000000;  // 2026-09-21 14:13:20 UTC
const Name kShop = Name::of("shop.example");
const std::string kNs1 = "ns1.shop.example (45.90.28.10, 2a07:a8c0::10)";
const std::string kNs2 = "ns2.shop.example (45.90.30.10, 2a07:a8c1::10)";

using Change = std::function<void(lab::Scenario&)>;

// Root, registry and customer signed.
lab::Scenario signed_scenario(const std::string& name = "ok-direct-txt") {
  const std::filesystem::path folder = DCV_SOURCE_DIR "/tests/scenarios";
  auto loaded = lab::load_scenario(folder / name, folder / "base");
  REQUIRE(loaded);
  lab::Scenario scenario = std::move(loaded).value();
  for (const char* apex : {".", "example", "shop.example"}) scenario.sign[Name::of(apex)] = {};
  return scenario;
}

observe::Observation observe_lab(lab::Scenario scenario, double now = kNow,
                                 const std::vector<std::string>& names = {"app.shop.example"}) {
  const auto anchor = lab::sign_zones(scenario, kNow);
  REQUIRE(anchor);
  testing::LabTransport transport(scenario);
  resolve::Plan plan;
  for (const std::string& name : names) {
    const auto identifier = dns::parse_identifier(name);
    REQUIRE(identifier);
    plan.targets.push_back({*identifier, {}});
  }
  plan.root_hints = resolve::builtin_root_hints();
  plan.now = now;
  observe::Observation observation = resolve::collect(plan, transport);
  observation.trust_anchors = *anchor;
  return observation;
}

std::vector<Finding> judge(const observe::Observation& observation, std::size_t target = 0) {
  std::vector<Finding> findings;
  kDnssecFamily.check(
      {observation, observation.targets[target], observe::default_profile(), Overview(observation)},
      findings);
  return findings;
}

std::vector<Finding> found(const Change& change, double now = kNow) {
  lab::Scenario scenario = signed_scenario();
  change(scenario);
  return judge(observe_lab(std::move(scenario), now));
}

Finding only(const Change& change) {
  const auto findings = found(change);
  for (const Finding& each : findings) UNSCOPED_INFO(each.id << " " << each.message);
  REQUIRE(findings.size() == 1);
  return findings.front();
}

std::vector<std::string> ids(const std::vector<Finding>& findings) {
  std::vector<std::string> all;
  for (const Finding& finding : findings) all.push_back(finding.id);
  return all;
}

Change way(Signing signing) {
  return [=](lab::Scenario& scenario) { scenario.sign[kShop].way = signing; };
}
Change way_at_ns2(Signing signing) {
  return [=](lab::Scenario& scenario) { scenario.sign[kShop].at["ns2.shop.example"] = signing; };
}

lab::Server& server(lab::Scenario& scenario, const std::string& name) {
  const auto at = std::ranges::find(scenario.servers, name, &lab::Server::name);
  REQUIRE(at != scenario.servers.end());
  return *at;
}

void no_denial(lab::Scenario& scenario, const std::string& name) {
  for (auto& each : server(scenario, name).addresses) each.behaviour.no_denial = true;
}

// A record in every copy of the zone.
void add_record(lab::Scenario& scenario, const char* apex, const std::string& line) {
  for (lab::Server& each : scenario.servers)
    for (lab::ZoneCopy& zone : each.zones)
      if (zone.apex == Name::of(apex))
        zone.records.push_back(dns::parse_record(line, zone.apex).value());
}

const Change kNothing = [](lab::Scenario&) {};

}  // namespace

TEST_CASE("a chain that holds at every server is silent, with NSEC and with NSEC3") {
  CHECK(ids(found(kNothing)).empty());
  CHECK(ids(found([](auto& scenario) {
          for (auto& [apex, signing] : scenario.sign)
            signing.nsec3 = dns::Nsec3Options{1, "\x01\x02", false};
        })).empty());
}

TEST_CASE("names that do not exist, wildcards, empty names and aliases are proven as well") {
  // without the record, so that the proof name does not exist
  const auto remove_proof = [](lab::Scenario& scenario) {
    for (lab::Server& each : scenario.servers)
      for (lab::ZoneCopy& zone : each.zones)
        std::erase_if(zone.records, [](const dns::Record& record) {
          return record.type == dns::RecordType::txt && zone_line(record).starts_with("_acme");
        });
  };
  const std::vector<std::string> lines = {
      "a._acme-challenge.app 60 IN TXT \"an empty name above\"",
      "*.app 60 IN TXT \"a wildcard\"",
      "_acme-challenge.app 60 IN CNAME proofs",
      "*.app 60 IN CNAME proofs",
      "app 60 IN DNAME proofs",
      "app 60 IN CAA 0 issue \"letsencrypt.org\"",
  };
  CHECK(ids(found(remove_proof)).empty());
  for (const std::string& line : lines) {
    for (const bool hashed : {false, true}) {
      INFO(line << (hashed ? " NSEC3" : " NSEC"));
      CHECK(ids(found([&](lab::Scenario& scenario) {
              remove_proof(scenario);
              add_record(scenario, "shop.example", line);
              if (hashed) scenario.sign[kShop].nsec3 = dns::Nsec3Options{};
            })).empty());
    }
  }
}

TEST_CASE("without trust anchors nothing is judged; an unsigned zone is proven to be one") {
  lab::Scenario scenario = signed_scenario();
  scenario.sign[kShop].way = Signing::expired;
  observe::Observation observation = observe_lab(std::move(scenario));
  REQUIRE(judge(observation).size() == 1);
  observation.trust_anchors.clear();
  CHECK(judge(observation).empty());
  CHECK(ids(found([](auto& world) { world.sign.erase(kShop); })).empty());
  CHECK(ids(found([](auto& world) {
          world.sign.erase(kShop);
          world.sign[Name::of("example")].nsec3 = dns::Nsec3Options{0, "", true};
        })).empty());
  // an unsigned registry: what is signed below it is in no chain
  CHECK(ids(found([](auto& world) { world.sign.erase(Name::of("example")); })).empty());
}

TEST_CASE("signatures that expired on all servers stop the CA; key, date and remedy are told") {
  const Finding finding = only(way(Signing::expired));
  CHECK(finding.id == "dnssec-signature-expired");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.subject == "shop.example.");
  CHECK(finding.arguments.at("date") == "2026-09-14 14:13:20 UTC");
  CHECK(finding.arguments.at("records").starts_with("shop.example DNSKEY, "));
  CHECK(finding.remedy.action ==
        "Sign shop.example again, and find out why its signer has stopped renewing");
  CHECK_FALSE(finding.evidence.empty());
}

TEST_CASE("one stale secondary is named with its addresses, and warned of") {
  const Finding finding = only([](lab::Scenario& scenario) {
    way_at_ns2(Signing::expired)(scenario);
    for (lab::ZoneCopy& zone : server(scenario, "ns2.shop.example").zones)
      for (dns::Record& record : zone.records)
        if (auto soa = dns::as_soa(record)) {
          --soa->serial;
          record = dns::make_soa(record.owner, record.ttl, *soa);
        }
  });
  CHECK(finding.id == "dnssec-signature-expired");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.arguments.at("servers") == kNs2);
  CHECK(finding.arguments.at("date") == "2026-09-14 14:13:20 UTC");
  CHECK(finding.remedy.action ==
        "Make " + kNs2 +
            " load the signed zone anew: the other servers of shop.example are right; its copy is "
            "an older one (serial 2026112100, not 2026112101)");
}

TEST_CASE("signatures that are not valid yet, and such that end soon") {
  const Finding early = only(way(Signing::not_yet));
  CHECK(early.id == "dnssec-signature-not-yet-valid");
  CHECK(early.severity == Severity::error);
  CHECK(early.arguments.at("date") == "2026-09-28 14:13:20 UTC");
  const Finding late = only(way(Signing::expiring));
  CHECK(late.id == "dnssec-signature-expiring");
  CHECK(late.severity == Severity::warning);
  CHECK(late.arguments.at("date") == "2026-09-22 14:13:20 UTC");
  // Two weeks' signatures are in their last tenth 33.6 hours before the end.
  const double end = kNow + 14 * 86400;
  const auto without_parents = [](lab::Scenario&) {};
  CHECK(ids(found(without_parents, end - 36 * 3600)).empty());
  CHECK(ids(found(without_parents, end - 33 * 3600)) ==
        std::vector<std::string>{"dnssec-signature-expiring"});
}

TEST_CASE("signatures that do not fit the data") {
  const Finding all = only(way(Signing::broken_signatures));
  CHECK(all.id == "dnssec-signature-wrong");
  CHECK(all.severity == Severity::error);
  const Finding one = only(way_at_ns2(Signing::broken_signatures));
  CHECK(one.severity == Severity::warning);
  CHECK(one.arguments.at("servers") == kNs2);
}

TEST_CASE("an unsigned copy of a signed zone at one server") {
  const Finding finding = only(way_at_ns2(Signing::unsigned_copy));
  CHECK(finding.id == "dnssec-signature-missing");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.arguments.at("servers") == kNs2);
}

TEST_CASE("a DS record for a zone without keys: take it out at the parent") {
  const Finding finding = only(way(Signing::unsigned_with_ds));
  CHECK(finding.id == "dnssec-ds-without-key");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.message ==
        "example has DS records for shop.example (key tags 12345), but its servers give no DNSKEY "
        "record");
  REQUIRE(finding.remedy.edits.size() == 1);
  const Edit& edit = finding.remedy.edits.front();
  CHECK(edit.zone == "example.");
  CHECK(edit.add.empty());
  CHECK(edit.remove ==
        std::vector<std::string>{"shop.example. 3600 IN DS 12345 13 2 " + std::string(64, '0')});
}

TEST_CASE("servers that answer everything but the question for their keys") {
  const auto fails_for_keys = [](lab::Server& failing) {
    for (auto& each : failing.addresses)
      each.behaviour.rcode_by_type[dns::RecordType::dnskey] = dns::Rcode::servfail;
  };
  const Finding finding = only([&](lab::Scenario& scenario) {
    fails_for_keys(server(scenario, "ns1.shop.example"));
    fails_for_keys(server(scenario, "ns2.shop.example"));
  });
  CHECK(finding.id == "dnssec-keys-unanswered");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.message ==
        "The servers of shop.example answer, but not the question for its DNSKEY records, asked " +
            kNs1 + " and " + kNs2 + ": SERVFAIL");
  CHECK(ids(found([&](lab::Scenario& scenario) {
          fails_for_keys(server(scenario, "ns1.shop.example"));
        })).empty());

  const Finding above = only([&](lab::Scenario& scenario) {
    fails_for_keys(server(scenario, "a.nic.example"));
    fails_for_keys(server(scenario, "b.nic.example"));
  });
  CHECK(above.id == "dnssec-keys-unanswered");
  CHECK(above.subject == "example.");
  CHECK(above.severity == Severity::warning);  // nobody asked as a CA does
  CHECK(above.remedy.action.starts_with("Wait and try again: example lies above the domain"));
}

TEST_CASE("servers that answer nothing are no matter of keys") {
  CHECK(ids(found([](lab::Scenario& scenario) {
          for (const char* name : {"ns1.shop.example", "ns2.shop.example"})
            for (auto& each : server(scenario, name).addresses) each.behaviour.drop = true;
        })).empty());
}

TEST_CASE("a DS record that fits no key: the right line, and the wrong one out") {
  lab::Scenario scenario = signed_scenario();
  way(Signing::wrong_ds)(scenario);
  const auto observation = observe_lab(std::move(scenario));
  const auto findings = judge(observation);
  REQUIRE(ids(findings) == std::vector<std::string>{"dnssec-ds-mismatch"});
  const Finding& finding = findings.front();
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("ds") == "12345 (ECDSAP256SHA256)");
  REQUIRE(finding.remedy.edits.size() == 1);
  const Edit& edit = finding.remedy.edits.front();
  CHECK(edit.remove.size() == 1);
  REQUIRE(edit.add.size() == 1);
  const auto ds = dns::parse_record(edit.add.front(), Name());
  REQUIRE(ds);
  bool fits = false;
  for (const observe::Exchange& exchange : observation.exchanges) {
    if (exchange.purpose != observe::Purpose::dnskey || exchange.zone != kShop) continue;
    for (const dns::Record& record : exchange.reply->answer)
      fits = fits || dns::ds_matches(*ds, record);
  }
  CHECK(fits);
}

TEST_CASE("denials without proof: at all servers the CA's CAA question fails, at one it may") {
  const Finding all = only([](lab::Scenario& scenario) {
    no_denial(scenario, "ns1.shop.example");
    no_denial(scenario, "ns2.shop.example");
  });
  CHECK(all.id == "dnssec-denial-missing");
  CHECK(all.severity == Severity::error);
  CHECK(all.arguments.at("records") == "app.shop.example CAA and shop.example CAA");
  const Finding one =
      only([](lab::Scenario& scenario) { no_denial(scenario, "ns2.shop.example"); });
  CHECK(one.severity == Severity::warning);
  CHECK(one.arguments.at("servers") == kNs2);
}

TEST_CASE("denials that prove nothing: a zone that was not rectified") {
  for (const bool hashed : {false, true}) {
    const Finding finding = only([&](lab::Scenario& scenario) {
      way(Signing::unrectified)(scenario);
      if (hashed) scenario.sign[kShop].nsec3 = dns::Nsec3Options{};
    });
    CHECK(finding.id == "dnssec-denial-wrong");
    CHECK(finding.severity == Severity::error);
    CHECK(finding.arguments.at("records") == "app.shop.example CAA");
  }
}

TEST_CASE("a registry that does not prove that there is no DS is not the domain's business") {
  const Finding finding = only([](lab::Scenario& scenario) {
    scenario.sign.erase(kShop);
    no_denial(scenario, "a.nic.example");
    no_denial(scenario, "b.nic.example");
  });
  CHECK(finding.id == "dnssec-denial-missing");
  CHECK(finding.subject == "example.");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("records").starts_with("shop.example DS"));
  CHECK(finding.remedy.action ==
        "Wait, or tell the operator of example: this zone lies above the domain, and only its "
        "operator can mend it");
}

TEST_CASE("below a bogus registry nothing more is judged") {
  const auto findings = found([](lab::Scenario& scenario) {
    scenario.sign[Name::of("example")].way = Signing::expired;
    scenario.sign[kShop].way = Signing::wrong_ds;
  });
  REQUIRE(ids(findings) == std::vector<std::string>{"dnssec-signature-expired"});
  CHECK(findings.front().subject == "example.");
}

TEST_CASE("servers with keys of their own; their records are not called wrong as well") {
  const Finding finding = only(way_at_ns2(Signing::other_key));
  CHECK(finding.id == "dnssec-keys-differ");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.arguments.at("sets").find(" at " + kNs1) != std::string::npos);
  CHECK(finding.arguments.at("sets").find(" at " + kNs2) != std::string::npos);
}

TEST_CASE("outside of the chain, and why: these pass") {
  const Finding without_ds = only(way(Signing::no_ds));
  CHECK(without_ds.id == "dnssec-signed-without-ds");
  CHECK(without_ds.severity == Severity::info);
  REQUIRE(without_ds.remedy.edits.size() == 1);
  CHECK(without_ds.remedy.edits.front().add.size() == 1);
  const Finding unknown = only(way(Signing::unknown_algorithm));
  CHECK(unknown.id == "dnssec-algorithm-unsupported");
  CHECK(unknown.severity == Severity::info);
  CHECK(unknown.arguments.at("ds").ends_with(" (algorithm 200)"));
  const Finding costly = only([](lab::Scenario& scenario) {
    scenario.sign[kShop].nsec3 = dns::Nsec3Options{200, "", false};
  });
  CHECK(costly.id == "dnssec-iterations-high");
  CHECK(costly.affects == Affects::hygiene);
  CHECK(costly.arguments.at("iterations") == "200");
}

TEST_CASE("with trust anchors that the root no longer has its own keys judge the zones below") {
  lab::Scenario scenario = signed_scenario();
  way(Signing::expired)(scenario);
  auto observation = observe_lab(std::move(scenario));
  observation.trust_anchors = {
      dns::parse_record(". 60 IN DS 20326 8 2 " + std::string(64, 'A'), Name()).value()};
  const auto findings = judge(observation);
  REQUIRE(ids(findings) ==
          std::vector<std::string>{"dnssec-anchor-outdated", "dnssec-signature-expired"});
  CHECK(findings.front().affects == Affects::client);
  CHECK(findings.front().arguments.at("anchors") == "20326 (RSASHA256)");
  CHECK(findings.front().arguments.at("judged") == "judged by the keys that the root gives");
  CHECK(check::evaluate(observation).front().verdict == Verdict::blocked);
}

TEST_CASE("a root without keys, though there are trust anchors, leaves the verdict unknown") {
  lab::Scenario scenario = signed_scenario();
  scenario.sign.clear();
  scenario.sign[kShop] = {};
  auto observation = observe_lab(std::move(scenario));
  observation.trust_anchors = {
      dns::parse_record(". 60 IN DS 20326 8 2 " + std::string(64, 'A'), Name()).value()};
  const auto findings = judge(observation);
  REQUIRE(ids(findings) == std::vector<std::string>{"dnssec-anchor-outdated"});
  CHECK(findings.front().arguments.at("judged") == "not judged");
  const Judgement judgement = check::evaluate(observation).front();
  CHECK(judgement.verdict == Verdict::unknown);
  CHECK(judgement.next_step == findings.front().remedy.action + ".");
}

TEST_CASE("a trust anchor may be the key itself") {
  lab::Scenario scenario = signed_scenario();
  way(Signing::expired)(scenario);
  auto observation = observe_lab(std::move(scenario));
  const auto before = ids(judge(observation));
  observation.trust_anchors.clear();
  for (const observe::Exchange& exchange : observation.exchanges) {
    if (exchange.purpose != observe::Purpose::dnskey || !exchange.zone.is_root()) continue;
    for (const dns::Record& record : exchange.reply->answer)
      if (record.type == dns::RecordType::dnskey) observation.trust_anchors.push_back(record);
  }
  CHECK(ids(judge(observation)) == before);
}

TEST_CASE("however many signatures a server sends, few are verified") {
  auto observation = observe_lab(signed_scenario());
  for (observe::Exchange& exchange : observation.exchanges) {
    if (!exchange.reply || exchange.zone != kShop) continue;
    const auto answer = exchange.reply->answer;
    for (const dns::Record& record : answer) {
      if (!dns::as_rrsig(record)) continue;
      for (int i = 0; i < 40; ++i) {
        dns::Record wrong = record;
        wrong.rdata[wrong.rdata.size() - 1 - static_cast<std::size_t>(i)] ^= 1;
        exchange.reply->answer.insert(exchange.reply->answer.begin(), wrong);
      }
    }
  }
  // As validators do, it gives up before it comes to the good one.
  CHECK(ids(judge(observation)) == std::vector<std::string>{"dnssec-signature-wrong"});
}

TEST_CASE("where only the signatures of denials do not fit, the name server is suspected") {
  auto observation = observe_lab(signed_scenario());
  for (observe::Exchange& exchange : observation.exchanges)
    if (exchange.reply && exchange.zone == kShop)
      for (dns::Record& record : exchange.reply->authority)
        if (const auto rrsig = dns::as_rrsig(record);
            rrsig && rrsig->covered == dns::RecordType::nsec)
          record.rdata.back() ^= 1;
  const auto findings = judge(observation);
  REQUIRE(ids(findings) == std::vector<std::string>{"dnssec-signature-wrong"});
  CHECK(findings.front().remedy.action.starts_with("Update the name servers of shop.example, or "));
}

TEST_CASE("what is wrong with one name of a run is not told of the others") {
  auto observation =
      observe_lab(signed_scenario(), kNow, {"app.shop.example", "other.shop.example"});
  const Name other = Name::of("_acme-challenge.other.shop.example");
  for (observe::Exchange& exchange : observation.exchanges)
    if (exchange.question.name == other && exchange.reply)
      std::erase_if(exchange.reply->authority, [](const dns::Record& record) {
        return record.type == dns::RecordType::rrsig;
      });
  CHECK(ids(judge(observation, 0)).empty());
  CHECK(ids(judge(observation, 1)) == std::vector<std::string>{"dnssec-signature-missing"});
}

TEST_CASE("the odds count only answers that a validator takes") {
  const auto chance = [](const char* expired) {
    lab::Scenario scenario = signed_scenario("authority-txt-differs");
    scenario.sign[kShop].at[expired] = Signing::expired;
    observe::Observation observation = observe_lab(std::move(scenario));
    observation.targets[0].expected = {"LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"};
    return *chance_of(
        {observation, observation.targets[0], observe::default_profile(), Overview(observation)});
  };
  CHECK(chance("ns1.shop.example") == 0);
  CHECK(chance("ns2.shop.example") == 1);
}
