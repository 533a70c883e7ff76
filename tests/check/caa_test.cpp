#include "check/caa_world.h"

#include "check/chance.h"
#include "check/evaluate.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

TEST_CASE("no CAA records anywhere, or those that let the CA in, are nothing to tell") {
  CHECK(caa_told(quiet_world()).empty());
  CHECK(caa_told(world_with({"0 issue \"letsencrypt.org\""})).empty());
  CHECK(caa_told(world_with({"0 issue \"other.example\"", "0 ISSUE \"letsencrypt.org\""})).empty());
  CHECK(evaluate(quiet_world().observation).front().verdict == Verdict::ready);
}

TEST_CASE("records without a relevant one let everybody in") {
  CHECK(caa_told(world_with({"0 iodef \"mailto:caa@shop.example\""})).empty());
  CHECK(caa_told(world_with({"0 issuewild \";\""})).empty());
  CHECK(
      caa_told(world_with({"0 iodef \"mailto:caa@shop.example\""}, "*.app.shop.example")).empty());
}

TEST_CASE("a set without the CA forbids, and the remedy is the record to add") {
  const auto findings = found(world_with({"0 issue \"other.example\""}));
  REQUIRE(findings.size() == 1);
  const Finding& finding = findings.front();
  CHECK(finding.id == "caa-forbids");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.subject == kZone);
  CHECK(finding.message ==
        "The CAA records at shop.example do not let Let's Encrypt issue: 0 issue "
        "\"other.example\"");
  CHECK(finding.arguments.at("found_at") == "shop.example");
  CHECK(finding.arguments.at("identity") == "letsencrypt.org");
  CHECK(finding.evidence.size() == 4);
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].zone == kZone);
  CHECK(finding.remedy.edits[0].add ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org\""});
  CHECK(caa_told(world_with({"0 issue \";\""})) == Told{"error caa-forbids shop.example."});
}

TEST_CASE("the lowest level with records decides") {
  ObservationBuilder world = world_with({"0 issue \"other.example\""});
  everywhere(world, kApp, kZone, caa_reply(kApp, {"0 issue \"letsencrypt.org\""}));
  CHECK(caa_told(world).empty());
  everywhere(world, kApp, kZone, caa_reply(kApp, {"0 issue \"third.example\""}));
  CHECK(caa_told(world) == Told{"error caa-forbids app.shop.example."});
}

TEST_CASE("wildcards obey issuewild if there is one, else issue") {
  const std::string wildcard = "*.app.shop.example";
  CHECK(caa_told(world_with({"0 issue \"letsencrypt.org\"", "0 issuewild \";\""}, wildcard)) ==
        Told{"error caa-wildcard-forbids shop.example."});
  CHECK(
      caa_told(world_with({"0 issue \";\"", "0 issuewild \"letsencrypt.org\""}, wildcard)).empty());
  CHECK(caa_told(world_with({"0 issue \";\""}, wildcard)) ==
        Told{"error caa-forbids shop.example."});
  const auto findings =
      found(world_with({"0 issue \"letsencrypt.org\"", "0 issuewild \"other.example\""}, wildcard));
  CHECK(findings.front().remedy.edits.front().add ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issuewild \"letsencrypt.org\""});
}

TEST_CASE("a critical tag that nobody knows forbids, and Boulder takes flag 1 for it too") {
  const Lines records = {"0 issue \"letsencrypt.org\"", "128 tbs \"unknown\""};
  CHECK(caa_told(world_with(records)) == Told{"error caa-critical-unknown shop.example."});
  CHECK(found(world_with(records)).front().remedy.edits.front().remove ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 128 tbs \"unknown\""});
  const Lines flag_1 = {"0 issue \"letsencrypt.org\"", "1 tbs \"unknown\""};
  CHECK(caa_told(world_with(flag_1)) == Told{"error caa-critical-unknown shop.example."});
  observe::CaProfile other = observe::default_profile();
  other.critical_flag_1 = false;
  CHECK(caa_told(world_with(flag_1), other).empty());
  CHECK(
      caa_told(world_with({"0 issue \"letsencrypt.org\"", "0 tbs \"x\"", "128 IODEF \"mailto:a@b\"",
                           "128 issuemail \"x\"", "128 issuevmc \"x\""}))
          .empty());
}

TEST_CASE("a slip in the CA's own record is an error when nothing else lets it in") {
  const auto findings = found(world_with({"0 issue \"letsencrypt.org.\""}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].id == "caa-value-malformed");
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].remedy.edits[0].remove ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org.\""});
  CHECK(findings[0].remedy.edits[0].add ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org\""});
}

TEST_CASE("a slip beside a record that lets the CA in hurts nobody") {
  const ObservationBuilder world =
      world_with({"0 issue \"letsencrypt.org.\"", "0 issue \"letsencrypt.org\""});
  const auto findings = found(world);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].affects == Affects::hygiene);
  CHECK(evaluate(world.observation).front().verdict == Verdict::ready);
}

TEST_CASE("a profile without identities stands for any CA: only what forbids all is told") {
  observe::CaProfile any = observe::default_profile();
  any.title = "any CA";
  any.identities.clear();
  any.account_prefix.clear();
  CHECK(caa_told(world_with({"0 issue \"other.example\""}), any).empty());
  CHECK(caa_told(world_with({"128 tbs \"x\"", "0 issue \"other.example\""}), any) ==
        Told{"error caa-critical-unknown shop.example."});
  const auto findings = found(world_with({"0 issue \";\""}), any);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message ==
        "The CAA records at shop.example do not let any CA issue: 0 issue \";\"");
  CHECK(findings[0].remedy.action ==
        "Add a CAA issue record that names your CA at shop.example to the zone shop.example.");
  CHECK(findings[0].remedy.edits.empty());
}

TEST_CASE("from 2027-03-15 every CA obeys the CAA parameters") {
  observe::CaProfile lax = observe::default_profile();
  lax.honours_accounturi = lax.honours_validationmethods = false;
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org; validationmethods=http-01\""});
  CHECK(caa_told(world, lax).empty());
  world.observation.now = 1805068799;
  CHECK(caa_told(world, lax).empty());
  world.observation.now = 1805068800;
  CHECK(caa_told(world, lax) == Told{"error caa-method-forbids shop.example."});
}

TEST_CASE("an account restriction is compared with the account, if it was told") {
  const std::string prefix = observe::default_profile().account_prefix;
  ObservationBuilder world =
      world_with({"0 issue \"letsencrypt.org; accounturi=" + prefix + "7\""});
  CHECK(caa_told(world) == Told{"notice caa-account-restricted shop.example."});
  world.observation.account_uris = {prefix + "7"};
  CHECK(caa_told(world).empty());
  world.observation.account_uris = {prefix + "8"};
  CHECK(caa_told(world) == Told{"error caa-account-differs shop.example."});
  CHECK(found(world).front().remedy.edits.front().add ==
        std::vector<std::string>{
            "shop.example. 3600 IN CAA 0 issue \"letsencrypt.org; accounturi=" + prefix + "8\""});
  world.observation.account_uris = {"https://another-ca.example/acct/1"};
  CHECK(caa_told(world) == Told{"notice caa-account-restricted shop.example."});
}

TEST_CASE("an account that cannot be one of this CA's is a warning") {
  CHECK(caa_told(world_with(
            {"0 issue \"letsencrypt.org; "
             "accounturi=https://acme-staging-v02.api.letsencrypt.org/acme/acct/7\""})) ==
        Told{"warning caa-account-restricted shop.example."});
}

TEST_CASE("a method restriction without dns-01 forbids") {
  const auto findings =
      found(world_with({"0 issue \"letsencrypt.org;validationmethods=http-01\""}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].id == "caa-method-forbids");
  CHECK(findings[0].remedy.edits[0].add ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org; "
                                 "validationmethods=http-01,dns-01\""});
}

TEST_CASE("what a CAA record says of methods is held against the label of the one asked for") {
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org;validationmethods=dns-01\""});
  world.observation.targets.front().method = "http-file";
  const auto findings = found(world);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message ==
        "The CAA records at shop.example let Let's Encrypt issue after dns-01 only, not after "
        "http-file");
  CHECK(findings[0].remedy.edits[0].add ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org; "
                                 "validationmethods=dns-01,ca-tbr-18\""});
}

TEST_CASE("a level that no server answers is fatal, unless a lower one has records") {
  const Told expected = {"error caa-lookup-fails shop.example."};
  Reply truncated = no_reply(Outcome::refused);
  truncated.truncated = true;
  for (const Reply& useless : {servfail(), refused(), error(dns::Rcode::notimp), silent(),
                               error(dns::Rcode::formerr), truncated}) {
    ObservationBuilder world = quiet_world();
    everywhere(world, kZone, kZone, useless);
    CHECK(caa_told(world) == expected);
    CHECK(share(world) == 0);
    everywhere(world, kApp, kZone, caa_reply(kApp, {"0 issue \"letsencrypt.org\""}));
    CHECK(caa_told(world).empty());
    CHECK(share(world) == 1);
  }
}

TEST_CASE("the remedy of a failing level is a record below it, where there is room") {
  ObservationBuilder world = quiet_world();
  everywhere(world, "example.", "example.", servfail());
  const auto findings = found(world);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].subject == "example.");
  CHECK(findings[0].remedy.edits.at(0).add ==
        std::vector<std::string>{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org\""});
  observe::CaProfile below = observe::default_profile();
  below.asks_top_level = false;
  CHECK(caa_told(world, below).empty());

  ObservationBuilder lowest = quiet_world();
  everywhere(lowest, kApp, kZone, servfail());
  CHECK(found(lowest).front().remedy.edits.empty());
}

TEST_CASE("NXDOMAIN is no records, but for a top-level domain") {
  ObservationBuilder world = quiet_world();
  everywhere(world, "example.", "example.", nxdomain("example."));
  CHECK(caa_told(world) == Told{"error caa-lookup-fails example."});
}

TEST_CASE("denials without SOA are failures for a CA whose resolver demands it") {
  ObservationBuilder world = quiet_world();
  Reply bare;
  everywhere(world, kApp, kZone, bare);
  CHECK(caa_told(world) == Told{"error caa-lookup-fails app.shop.example."});
  bare.authoritative = false;
  everywhere(world, kApp, kZone, bare);
  CHECK(caa_told(world) == Told{"error caa-lookup-fails app.shop.example."});
  observe::CaProfile lenient = observe::default_profile();
  lenient.soa_required = false;
  CHECK(caa_told(world, lenient).empty());
}

TEST_CASE("a failed look-up in an unsigned zone is a risk only for a CA that may pass over it") {
  ObservationBuilder world = quiet_world();
  everywhere(world, kApp, kZone, servfail());
  observe::CaProfile profile = observe::default_profile();
  profile.failure_may_permit = true;
  CHECK(caa_told(world, profile) == Told{"warning caa-lookup-fails app.shop.example."});
  CHECK(share(world, profile) == 1);
  const std::string digest(64, 'A');
  for (const std::string child : {"example.", "shop.example."})
    world.asked_all(Purpose::ds, world.zone_at(child).parent.text(), child, RecordType::ds,
                    data({child + " 3600 IN DS 1 13 2 " + digest}));
  CHECK(caa_told(world, profile) == Told{"error caa-lookup-fails app.shop.example."});
}

TEST_CASE("some addresses that fail for CAA alone are a risk") {
  ObservationBuilder world = quiet_world();
  at(world, kServers[2], kApp, servfail());
  CHECK(caa_told(world) == Told{"warning caa-lookup-fails app.shop.example."});
  CHECK(share(world) == 1);
}

TEST_CASE("what other families tell of a server is not told again") {
  ObservationBuilder world = quiet_world();
  world.always(kServers[2], refused());
  CHECK(caa_told(world).empty());
  Reply bare;
  world = quiet_world();
  at(world, kServers[2], kApp, bare);
  CHECK(caa_told(world).empty());
  world = quiet_world();
  for (const std::string& address : kServers) world.always(address, refused());
  CHECK(caa_told(world).empty());
}

TEST_CASE("the records of an alias's target count, and its parents are not climbed") {
  ObservationBuilder world = quiet_world();
  alias_to_cdn(world, caa_reply("www.cdn.example.", {"0 issue \"other.example\""}));
  CHECK(caa_told(world) ==
        Told{"error caa-forbids app.shop.example.", "notice caa-from-alias app.shop.example."});
  CHECK(found(world).front().remedy.edits.empty());
}

TEST_CASE("an alias into somebody else's zone without records lets the climb go on") {
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org\""});
  alias_to_cdn(world, nodata("cdn.example."));
  CHECK(caa_told(world).empty());
  everywhere(world, "www.cdn.example.", "cdn.example.", servfail());
  CHECK(caa_told(world) == Told{"error caa-lookup-fails app.shop.example."});
}

TEST_CASE("servers of a signed zone that fail may fail at the proof alone") {
  ObservationBuilder world = quiet_world();
  everywhere(world, kApp, kZone, servfail());
  const std::string action =
      "Make ns1.shop.example and ns2.shop.example answer questions for CAA records: where there "
      "are "
      "none, NOERROR with the SOA record of shop.example";
  CHECK(found(world).front().remedy.action == action + ".");
  world.asked_all(Purpose::dnskey, kZone, kZone, RecordType::dnskey,
                  data({kZone + " 3600 IN DNSKEY 257 3 13 AAAA"}));
  CHECK(found(world).front().remedy.action ==
        action +
            " and the proof that there are none; if dig +dnssec fails and dig does not, their "
            "software fails to make that proof.");
}

TEST_CASE("servers that refuse, or refer to others, are told to serve the zone") {
  ObservationBuilder world = quiet_world();
  everywhere(world, kApp, kZone, refused());
  CHECK(found(world).front().remedy.action ==
        "Make ns1.shop.example and ns2.shop.example serve the zone shop.example, and answer "
        "questions for CAA records: where there are none, NOERROR with the SOA record of "
        "shop.example.");
  Reply referral;
  referral.authoritative = false;
  referral.authority = {"example. 3600 IN NS a.nic.example."};
  everywhere(world, kApp, kZone, referral);
  CHECK(found(world).front().remedy.action ==
        "Make ns1.shop.example and ns2.shop.example serve the zone shop.example, or take out the "
        "NS records that name them its servers.");
}

TEST_CASE("aliases in a circle, or too many, fail") {
  ObservationBuilder world = quiet_world();
  world.observation.targets.front().caa.front().steps.front().end = StepEnd::loop;
  CHECK(caa_told(world) == Told{"error caa-lookup-fails app.shop.example."});
  ObservationBuilder chain = quiet_world();
  auto& steps = chain.observation.targets.front().caa.front().steps;
  steps.insert(steps.begin(), 12, steps.front());
  CHECK(caa_told(chain) == Told{"error caa-lookup-fails app.shop.example."});
}

TEST_CASE("NXDOMAIN for a name with names below it masks what is there") {
  ObservationBuilder world = quiet_world();
  at(world, kServers[2], kApp, nxdomain(kZone));
  CHECK(caa_told(world) == Told{"notice caa-nxdomain-masks app.shop.example."});
  CHECK(found(world).front().evidence.size() == 2);
}

TEST_CASE("a level that could not be asked leaves the verdict open") {
  ObservationBuilder world = quiet_world();
  everywhere(world, kApp, kZone, no_reply(Outcome::not_asked));
  world.observation.targets.front().caa.front().steps.front().end = StepEnd::limit;
  CHECK(caa_told(world).empty());
  CHECK(evaluate(world.observation).front().verdict == Verdict::unknown);
}

TEST_CASE("a failed look-up is permission only in a zone that is proven to be unsigned") {
  observe::CaProfile lenient = observe::default_profile();
  lenient.failure_may_permit = true;
  ObservationBuilder world = quiet_world();
  everywhere(world, kZone, kZone, servfail());
  const auto ds = [&](const Reply& reply) {
    world.asked(Purpose::ds, "example.", "45.90.0.1", kZone, RecordType::ds, reply);
  };
  ds(nodata("example."));
  CHECK(share(world, lenient) == 1);
  ds(silent());
  world.asked(Purpose::ds, ".", "198.41.0.4", "example.", RecordType::ds, servfail());
  CHECK(share(world, lenient) == 0);
}
