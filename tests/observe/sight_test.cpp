// What one reply shows of the records, and whether the authorities agree on them.
#include "observe/sight.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::observe;
using dns::Name;
using dns::RecordType;
using testing::kDigest;
using testing::kOtherDigest;
using testing::kProofName;
using testing::kZone;
using testing::Reply;
using testing::txt_line;

namespace {

using Values = std::vector<std::string>;

Reply from_cache(Reply reply) {
  reply.authoritative = false;
  return reply;
}

// What a resolver shows with this reply.
Seen seen(const Reply& reply, const Values& expected = {}, RecordType type = RecordType::txt) {
  testing::ObservationBuilder world;
  const ExchangeId id =
      world.asked(Purpose::view, ".", "8.8.8.8", kProofName, type, from_cache(reply));
  return see(world.observation.exchanges[id], expected);
}

// What an authority shows with it.
Seen seen_at_authority(const Reply& reply) {
  testing::ObservationBuilder world = testing::healthy_world();
  const ExchangeId id =
      world.asked(Purpose::proof, kZone, "45.90.28.10", kProofName, RecordType::txt, reply);
  return see(world.observation.exchanges[id], {});
}

bool agree(const testing::ObservationBuilder& world) {
  return authorities_agree(world.observation, world.observation.targets.front());
}

// app.shop.example delegates its proof to acme.hosting.example by CNAME.
testing::ObservationBuilder aliased_world() {
  testing::ObservationBuilder world = testing::healthy_world();
  const std::string there = "app.acme.hosting.example.";
  world.zone("hosting.example.", "example.").server("ns1.hosting.example.", {"45.90.29.1"});
  world.observation.targets.front().steps.clear();
  world.step(kProofName, kZone, StepEnd::alias, there)
      .step(there, "hosting.example.", StepEnd::answer);
  world.proof_all(kZone, kProofName, testing::data({testing::cname_line(kProofName, there)}));
  world.proof_all("hosting.example.", there, testing::data({txt_line(there, kDigest)}));
  return world;
}

}  // namespace

TEST_CASE("values are sorted, without repetition, with the least time to live") {
  const Seen two = seen(testing::data({txt_line(kProofName, "b", 50), txt_line(kProofName, "a", 40),
                                       txt_line("other.example.", "c", 1)}));
  CHECK(two.sight == Sight::holds);
  CHECK(two.values == Values{"a", "b"});
  CHECK(two.ttl == 40);
  CHECK(!two.negative_ttl);
  CHECK(!two.denied_by);
}

TEST_CASE("the strings of a TXT record are one value, and escapes are the bytes they stand for") {
  const Seen joined = seen(testing::data({kProofName + R"( 60 IN TXT "ab" "c\"d" "\000\255")"}));
  CHECK(joined.values == Values{std::string("abc\"d") + '\0' + '\xff'});
}

TEST_CASE("an empty TXT record is a value") {
  const Reply reply = testing::data({kProofName + " 60 IN TXT \"\""});
  CHECK(seen(reply).sight == Sight::holds);
  CHECK(seen(reply).values == Values{""});
  CHECK(seen(reply, {kDigest}).sight == Sight::other);
}

TEST_CASE("expected values are all there, in part, or not at all") {
  const Reply reply =
      testing::data({txt_line(kProofName, kDigest), txt_line(kProofName, "something else")});
  CHECK(seen(reply, {kDigest}).sight == Sight::holds);
  CHECK(seen(reply, {kDigest, kOtherDigest}).sight == Sight::partial);
  CHECK(seen(reply, {kOtherDigest}).sight == Sight::other);
}

TEST_CASE("aliases inside a reply are followed, and the shortest time to live on the way counts") {
  const Seen away =
      seen(testing::data({txt_line("c.example.", kDigest, 90), "b.example. 20 IN CNAME c.example.",
                          kProofName + " 300 IN CNAME B.example."}),
           {kDigest});
  CHECK(away.sight == Sight::holds);
  CHECK(away.values == Values{kDigest});
  CHECK(away.ttl == 20);
}

TEST_CASE("a DNAME in a reply is followed") {
  const Seen away = seen(testing::data({"app.shop.example. 30 IN DNAME proofs.example.",
                                        kProofName + " 30 IN CNAME _acme-challenge.proofs.example.",
                                        txt_line("_acme-challenge.proofs.example.", kDigest, 90)}));
  CHECK(away.values == Values{kDigest});
  CHECK(away.ttl == 30);
}

TEST_CASE("aliases in a circle end") {
  const Seen circle = seen(testing::data(
      {kProofName + " 60 IN CNAME b.example.", "b.example. 60 IN CNAME " + kProofName}));
  CHECK(circle.sight == Sight::nodata);
  CHECK(circle.values.empty());
}

TEST_CASE("a question for the CNAME itself is answered by the CNAME, in any case of letters") {
  const Reply reply = testing::data({kProofName + " 60 IN CNAME Proofs.Example."});
  CHECK(seen(reply, {}, RecordType::cname).values == Values{"proofs.example."});
  CHECK(seen(reply, {"PROOFS.example"}, RecordType::cname).sight == Sight::holds);
  CHECK(seen(reply, {"other.example"}, RecordType::cname).sight == Sight::other);
}

TEST_CASE("other types show their data in presentation form") {
  const Reply mail = testing::data({kProofName + " 60 IN MX 10 Mail.example."});
  CHECK(seen(mail, {}, RecordType::mx).values == Values{"10 mail.example."});
  CHECK(seen(mail, {"10 mail.example"}, RecordType::mx).sight == Sight::holds);
  const Reply issuers = testing::data({kProofName + " 60 IN CAA 0 issue \"Letsencrypt.org\""});
  CHECK(seen(issuers, {"0 issue \"Letsencrypt.org\""}, RecordType::caa).sight == Sight::holds);
  CHECK(seen(issuers, {"0 issue \"letsencrypt.org\""}, RecordType::caa).sight == Sight::other);
  const Reply address = testing::data({kProofName + " 60 IN AAAA 2001:db8::1"});
  CHECK(seen(address, {"2001:0db8:0::1"}, RecordType::aaaa).sight == Sight::holds);
  CHECK(seen(address, {"no address\nat all"}, RecordType::aaaa).sight == Sight::other);
}

TEST_CASE("a denial lasts as long as the lesser of the SOA's own time to live and its minimum") {
  Reply denial = testing::nxdomain(kZone);
  denial.authority = {"shop.example. 17 IN SOA ns1.shop.example. h.shop.example. 1 2 3 4 300"};
  const Seen absent = seen(denial);
  CHECK(absent.sight == Sight::nxdomain);
  CHECK(absent.negative_ttl == 17);
  CHECK(absent.denied_by == Name::of(kZone));
  CHECK(!absent.ttl);
  denial.authority = {"shop.example. 3600 IN SOA ns1.shop.example. h.shop.example. 1 2 3 4 300"};
  denial.rcode = dns::Rcode::noerror;
  CHECK(seen(denial).sight == Sight::nodata);
  CHECK(seen(denial).negative_ttl == 300);
}

TEST_CASE("a denial behind an alias tells whose zone denies and how long the alias lasts") {
  Reply denial = testing::nxdomain("hosting.example.");
  denial.answer = {kProofName + " 45 IN CNAME app.hosting.example."};
  const Seen absent = seen(denial);
  CHECK(absent.sight == Sight::nxdomain);
  CHECK(absent.denied_by == Name::of("hosting.example."));
  CHECK(absent.ttl == 45);
}

TEST_CASE("a denial without an SOA has no time to live") {
  const Seen absent = seen(Reply{});
  CHECK(absent.sight == Sight::nodata);
  CHECK(!absent.negative_ttl);
}

TEST_CASE("a resolver that denies with the SOA of a zone of its own denies all the same") {
  testing::ObservationBuilder world;
  const ExchangeId id = world.asked(Purpose::view, ".", "8.8.8.8", kProofName, RecordType::txt,
                                    testing::nxdomain("filter.invalid."));
  const Seen absent = see(world.observation.exchanges[id], {});
  CHECK(absent.sight == Sight::nxdomain);
  CHECK(absent.denied_by == Name::of("filter.invalid."));
}

TEST_CASE("errors, referrals and silence show nothing of the records") {
  CHECK(seen(testing::servfail()).sight == Sight::fails);
  CHECK(seen(testing::refused()).sight == Sight::fails);
  CHECK(seen(testing::referral({"example. 60 IN NS a.nic.example."})).sight == Sight::fails);
  CHECK(seen(testing::silent()).sight == Sight::silent);
  CHECK(seen(testing::no_reply(Outcome::tls_failed, "wrong name")).sight == Sight::silent);
  CHECK(seen(testing::no_reply(Outcome::not_asked, "before its time")).sight == Sight::not_asked);
}

TEST_CASE("an authority that answers for another zone, or from nowhere, fails") {
  CHECK(seen_at_authority(testing::nxdomain("other.example.")).sight == Sight::fails);
  CHECK(seen_at_authority(from_cache(Reply{})).sight == Sight::fails);
  CHECK(seen_at_authority(from_cache(testing::nxdomain(kZone))).sight == Sight::nxdomain);
}

TEST_CASE("an authority's alias into a zone of others is something else than the records") {
  const Reply alias = testing::data({testing::cname_line(kProofName, "app.hosting.example.")});
  CHECK(seen_at_authority(alias).sight == Sight::other);
  CHECK(seen(alias).sight == Sight::nodata);
}

TEST_CASE("the authorities' sights are one for each address, in the order sent") {
  testing::ObservationBuilder world = testing::healthy_world();
  world.asked(Purpose::proof, kZone, "45.90.30.10", kProofName, RecordType::txt,
              testing::nxdomain(kZone));
  Exchange repeated = world.observation.exchanges.front();
  for (const Exchange& each : world.observation.exchanges)
    if (each.purpose == Purpose::proof) repeated = each;
  world.observation.exchanges.push_back(repeated);
  const auto sights = [&] {
    return authorities(world.observation, world.observation.targets.front());
  };
  REQUIRE(sights().size() == 4);
  CHECK(sights()[0].exchange->address == dns::IpAddress::of("45.90.28.10"));
  CHECK(sights()[0].seen.sight == Sight::holds);
  CHECK(sights()[2].exchange->address == dns::IpAddress::of("45.90.30.10"));
  CHECK(sights()[2].seen.sight == Sight::nxdomain);
  world.observation.settings.ipv6 = false;
  CHECK(sights().size() == 2);
}

TEST_CASE("authorities agree when all that answer hold what is expected") {
  testing::ObservationBuilder world = testing::healthy_world();
  CHECK(agree(world));
  world.asked(Purpose::proof, kZone, "45.90.30.10", kProofName, RecordType::txt, testing::silent());
  world.asked(Purpose::proof, kZone, "45.90.28.10", kProofName, RecordType::txt,
              testing::refused());
  CHECK(agree(world));
  world.asked(Purpose::proof, kZone, "2a07:a8c1::10", kProofName, RecordType::txt,
              testing::nxdomain(kZone));
  CHECK_FALSE(agree(world));
}

TEST_CASE("authorities that all deny, or are all silent, do not agree on any record") {
  testing::ObservationBuilder world = testing::healthy_world({});
  world.proof_all(kZone, kProofName, testing::nxdomain(kZone));
  CHECK_FALSE(agree(world));
  world.proof_all(kZone, kProofName, testing::silent());
  CHECK_FALSE(agree(world));
}

TEST_CASE("without expected values the authorities must hold the same ones") {
  testing::ObservationBuilder world = testing::healthy_world({});
  CHECK(agree(world));
  world.proof(kZone, "45.90.30.10", kProofName,
              testing::data({txt_line(kProofName, kOtherDigest)}));
  CHECK_FALSE(agree(world));
}

TEST_CASE("for types that differ by nature it is enough that nobody denies") {
  testing::ObservationBuilder world = testing::healthy_world({});
  world.observation.targets.front().type = RecordType::a;
  world.observation.exchanges.clear();
  const auto say = [&](const std::string& address, const Reply& reply) {
    world.asked(Purpose::proof, kZone, address, kProofName, RecordType::a, reply);
  };
  int host = 0;
  for (const std::string& address : world.addresses(kZone))
    say(address, testing::data({kProofName + " 60 IN A 45.90.1." + std::to_string(++host)}));
  CHECK(agree(world));
  say("45.90.30.10", testing::nodata(kZone));
  CHECK_FALSE(agree(world));
}

TEST_CASE("authorities agree on the way, too: every server that answers gives the alias") {
  testing::ObservationBuilder world = aliased_world();
  CHECK(agree(world));
  world.proof(kZone, "45.90.30.10", kProofName,
              testing::data({testing::cname_line(kProofName, "old.hosting.example.")}));
  CHECK_FALSE(agree(world));
  world.proof(kZone, "45.90.30.10", kProofName, testing::nxdomain(kZone));
  CHECK_FALSE(agree(world));
  world.proof(kZone, "45.90.30.10", kProofName, testing::silent());
  CHECK(agree(world));
}

TEST_CASE("a server of the zone above that lacks the delegation denies what stands below") {
  testing::ObservationBuilder world = testing::healthy_world();
  world.zone(kProofName, kZone).server("ns1.hosting.example.", {"45.90.29.1"});
  world.observation.targets.front().steps.front().zone = Name::of(kProofName);
  world.proof_all(kProofName, kProofName, testing::data({txt_line(kProofName, kDigest)}));
  world.proof_all(kZone, kProofName,
                  testing::referral({testing::ns_line(kProofName, "ns1.hosting.example.")}));
  CHECK(agree(world));
  world.proof(kZone, "45.90.30.10", kProofName, testing::nxdomain(kZone));
  CHECK_FALSE(agree(world));
}
