// One view of a resolver for each finding of the family "visibility".
#include "check/visibility_findings.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

Reply over(observe::Transport transport, observe::Outcome outcome, const std::string& detail) {
  Reply reply = no_reply(outcome, detail);
  reply.transport = transport;
  return reply;
}

void use(ViewWorld& world, observe::Transport transport, std::uint16_t port) {
  world.observation.resolvers.back().endpoint.transport = transport;
  world.observation.resolvers.back().endpoint.port = port;
}

const std::string kNsec = "_acme-challenge.a.shop.example. 100 IN NSEC www.shop.example. A";
const std::string kWildNsec = "shop.example. 100 IN NSEC _acme-challenge.a.shop.example. A NS SOA";

}  // namespace

TEST_CASE("Nothing is said of resolvers that hold the records, or when none was asked") {
  CHECK(found(ViewWorld()).empty());
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 41));
  world.shows(Purpose::view_control, kControlName, cached(nxdomain(kZone), 200));
  world.shows(Purpose::view_servers, kZone, cached(data({ns_line(kZone, "ns1.shop.example.")}), 60),
              RecordType::ns);
  world.identifies("fra1");
  CHECK(found(world).empty());
}

TEST_CASE("An early question planted the denial: the time left, the clock, the flush page") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 120)).resolver.flush_page =
      "https://dns.google/cache";
  world.resolver("Cloudflare", "1.1.1.1", cached(nxdomain(kZone), 90));
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-negative-cached");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.affects == Affects::client);
  CHECK(finding.subject == kProofName);
  CHECK(finding.message ==
        "Not in the way of Let's Encrypt, whose resolvers cache nothing for more than 1 min: "
        "_acme-challenge.app.shop.example is still denied by Google (8.8.8.8) and Cloudflare "
        "(1.1.1.1), for 2 min more, until 2026-09-21 14:15:20 UTC, since it was asked for before "
        "the records were there");
  CHECK(finding.arguments.at("wait_seconds") == "120");
  CHECK(finding.remedy.action ==
        "Let clients check the authorities instead of these caches, or wait until 2026-09-21 "
        "14:15:20 UTC, or flush _acme-challenge.app.shop.example at https://dns.google/cache "
        "(Google)");
  REQUIRE(finding.evidence.size() == 2);
  CHECK(finding.evidence[0].server == "Google (8.8.8.8)");
  CHECK(finding.evidence[0].question == kProofName + " TXT");
  CHECK(finding.evidence[0].saw == "NXDOMAIN, 120 s left");
}

TEST_CASE("A CA whose resolvers cache is told apart") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 120));
  observe::CaProfile profile = observe::default_profile();
  profile.title = "Other CA";
  profile.cache_seconds = 28800;
  const auto told = [&] { return found(world, {}, profile).front().arguments.at("ca"); };
  CHECK(told() ==
        "In the way of Other CA only if its own resolvers, which cache up to 8 h, asked too early");
  profile.cache_seconds = 0;
  CHECK(told() == "Not in the way of Other CA, whose resolvers cache nothing");
}

TEST_CASE("What the resolvers of a private CA deny, the CA does not see") {
  ViewWorld world;
  world.resolver("", "45.91.10.53", cached(nxdomain(kZone), 120));
  observe::CaProfile profile = observe::default_profile();
  profile.title = "Our CA";
  profile.resolvers = {"45.91.10.53", "45.91.11.53"};
  Finding finding = found(world, {}, profile).front();
  CHECK(finding.affects == Affects::ca);
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("ca") == "In the way of Our CA, which asks 45.91.10.53");
  CHECK(finding.remedy.action.starts_with("Order after 2026-09-21 14:15:20 UTC, or have "));

  world.resolver("", "45.91.11.53", cached_value(kDigest, 41));
  finding = found(world, {}, profile).front();
  CHECK(finding.severity == Severity::warning);
  CHECK(only(world).affects == Affects::client);  // of a CA that asks others
}

TEST_CASE("A private CA fails where none of its resolvers is right, each for a reason of its own") {
  ViewWorld world;
  world.resolver("", "45.91.10.53", cached(nxdomain(kZone), 120));
  world.resolver("", "45.91.11.53", cached_value(kOtherDigest, 60));
  world.resolver("", "45.91.12.53", servfail());
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 41));
  observe::CaProfile profile = observe::default_profile();
  profile.title = "Our CA";
  profile.resolvers = {"45.91.10.53", "45.91.11.53", "45.91.12.53"};
  std::map<std::string, std::string> actions;
  for (const Finding& each : found(world, {}, profile)) {
    CHECK(each.affects == Affects::ca);
    CHECK(each.severity == Severity::error);
    actions[each.id] = each.remedy.action;
  }
  CHECK(actions ==
        std::map<std::string, std::string>{
            {"visibility-negative-cached",
             "Order after 2026-09-21 14:15:20 UTC, or have _acme-challenge.app.shop.example "
             "flushed from the resolvers of Our CA; a lower SOA minimum of shop.example shortens "
             "the next wait."},
            {"visibility-old-value-cached",
             "Order after 2026-09-21 14:14:20 UTC, or have _acme-challenge.app.shop.example "
             "flushed from the resolvers of Our CA; a lower TTL of the records shortens the next "
             "wait."},
            {"visibility-resolver-fails",
             "Order once the resolvers of Our CA show the records of "
             "_acme-challenge.app.shop.example: mend them, or let it ask others."}});
}

TEST_CASE("That the resolver of a private CA refuses us says nothing of the CA") {
  ViewWorld world;
  world.resolver("", "45.91.10.53", refused());
  observe::CaProfile profile = observe::default_profile();
  profile.resolvers = {"45.91.10.53"};
  const Finding finding = found(world, {}, profile).front();
  CHECK(finding.id == "visibility-resolver-refuses");
  CHECK(finding.affects == Affects::client);
  CHECK(finding.severity == Severity::notice);
}

TEST_CASE("The time left counts from when the resolver said it") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 120));
  world.observation.now += 50;
  CHECK(only(world).arguments.at("wait_seconds") == "70");
  world.observation.now += 500;
  CHECK(only(world).arguments.at("wait_seconds") == "0");
}

TEST_CASE("A denial lasts no longer than the resolver keeps one") {
  ViewWorld world;
  Reply long_denial = nxdomain(kZone);
  long_denial.authoritative = false;
  long_denial.authority = {kZone + " 86400 IN SOA ns1.shop.example. h.shop.example. 1 1 1 1 86400"};
  observe::PublicResolver& resolver = world.resolver("Unbound", "9.9.9.10", long_denial);
  CHECK(only(world).arguments.at("wait") == "3 h");
  resolver.resolver.negative_cap = 3600;
  CHECK(only(world).arguments.at("wait") == "1 h");
}

TEST_CASE("The denial of a name that nobody asked for before shows that a site has an old copy") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone, 0), 120));
  world.shows(Purpose::view_control, kControlName, cached(nxdomain(kZone, 0), 300));
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-site-lags");
  CHECK(finding.affects == Affects::ca);
  CHECK(finding.arguments.at("detail") == "serial 0 instead of 1");
}

TEST_CASE("The copy is not old when its SOA record is from a cache, or of the same serial") {
  for (const auto& [serial, left] : {std::pair{0, 299}, std::pair{1, 300}}) {
    ViewWorld world;
    world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone, 0), 120));
    world.shows(Purpose::view_control, kControlName,
                cached(nxdomain(kZone, serial), static_cast<std::uint32_t>(left)));
    CHECK(only_id(world) == "visibility-negative-cached");
  }
}

TEST_CASE("A denial without SOA lasts at most what the zone says") {
  ViewWorld world;
  Reply bare = error(dns::Rcode::nxdomain);
  world.resolver("OpenDNS", "208.67.222.222", bare).resolver.filtering = "none";
  CHECK(only(world).id == "visibility-negative-cached");
  CHECK(only(world).arguments.at("wait_seconds") == "300");
  CHECK(only(world).arguments.at("detail") == "it does not tell how long");
}

TEST_CASE("Denied by a zone above the one that holds the records") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain("example."), 60));
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-parent-negative-cached");
  CHECK(finding.arguments.at("detail") == "example");
}

TEST_CASE("Denied out of a cached NSEC record, as the sibling's equal time left shows") {
  ViewWorld world;
  Reply denial = nxdomain(kZone);
  denial.authority.push_back(kNsec);
  denial.authority.push_back(kWildNsec);
  world.resolver("Quad9", "9.9.9.9", cached(denial, 100));
  CHECK(only_id(world) == "visibility-negative-cached");  // nothing is known of siblings
  world.shows(Purpose::view_control, kControlName, cached(denial, 100));
  CHECK(only_id(world) == "visibility-denied-by-nsec");
  CHECK(only(world).arguments.at("wait_seconds") == "100");

  ViewWorld fresh;  // the sibling's denial is a new one
  fresh.resolver("Quad9", "9.9.9.9", cached(denial, 100));
  fresh.shows(Purpose::view_control, kControlName, cached(denial, 300));
  CHECK(only_id(fresh) == "visibility-negative-cached");
}

TEST_CASE("Values that no authority has any more are an old copy, until its time is over") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kOtherDigest, 200));
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-old-value-cached");
  CHECK(finding.arguments.at("detail") == "\"" + kOtherDigest + "\"");
  CHECK(finding.arguments.at("wait_seconds") == "200");
  CHECK(finding.evidence[0].saw == "TXT \"" + kOtherDigest + "\", 200 s left");
}

TEST_CASE("An old alias that leads nowhere is an old copy too") {
  ViewWorld world;
  Reply old = nxdomain("old.example.");
  old.answer = {cname_line(kProofName, "gone.old.example.")};
  world.resolver("Google", "8.8.8.8", cached(old, 77));
  CHECK(only_id(world) == "visibility-old-value-cached");
  CHECK(only(world).arguments.at("detail") == "CNAME gone.old.example.");
  CHECK(only(world).arguments.at("wait_seconds") == "77");
}

TEST_CASE("An answer that stops at an alias of the way is the resolver's failure") {
  ViewWorld world;
  const std::string end = "app.shop-dcv.example.";
  observe::Target& target = world.target();
  target.steps.insert(target.steps.begin(), target.steps.front());
  target.steps.back().name = dns::Name::of(end);
  world.builder.proof_all(kZone, end, data({txt_line(end, kDigest)}));
  Reply stopped = data({cname_line(kProofName, end)});
  stopped.authoritative = false;
  world.resolver("", "127.0.0.53", stopped);
  CHECK(only_id(world) == "visibility-resolver-fails");
  CHECK(only(world).arguments.at("detail") ==
        "its answer stops at the alias for app.shop-dcv.example");
}

TEST_CASE("A value that no authority has, and no cache can have kept") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kOtherDigest, 0));
  CHECK(only_id(world) == "visibility-other-value");
  ViewWorld capped;
  capped.resolver("OpenDNS", "208.67.222.222", cached_value(kOtherDigest, 4000)).resolver.ttl_cap =
      3600;
  CHECK(only_id(capped) == "visibility-other-value");
}

TEST_CASE("An answer whose time is over: the resolver says so, or it shows the TTL for that") {
  ViewWorld told;
  told.resolver("Google", "8.8.8.8", cached_value(kOtherDigest, 12));
  told.explains(3);
  CHECK(only_id(told) == "visibility-stale-answer");
  ViewWorld denied;
  denied.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 12));
  denied.explains(19);
  CHECK(only_id(denied) == "visibility-stale-answer");
  ViewWorld shown;
  shown.resolver("Google", "8.8.8.8", cached_value(kOtherDigest, 30));
  CHECK(only_id(shown) == "visibility-stale-answer");
  CHECK(only(shown).arguments.at("wait_seconds") == "30");
}

TEST_CASE("SERVFAIL, but with data when validation is off, is DNSSEC: the CA refuses it as well") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", servfail());
  CHECK(only_id(world) == "visibility-resolver-fails");
  world.shows(Purpose::view_unchecked, kProofName, cached_value(kDigest, 60));
  Finding finding = only(world);
  CHECK(finding.id == "visibility-bogus");
  CHECK(finding.affects == Affects::ca);
  CHECK(finding.severity == Severity::error);

  // Others that validate see nothing wrong.
  world.resolver("Quad9", "9.9.9.9", cached_value(kDigest, 60));
  CHECK(only(world).severity == Severity::warning);
  CHECK(only(world).affects == Affects::ca);

  // DNSSEC was judged at the authorities, and nothing is wrong there.
  world.observation.trust_anchors = {dns::make_txt(dns::Name(), 1, "any")};
  CHECK(only(world).affects == Affects::client);
  CHECK(only(world).severity == Severity::warning);
}

TEST_CASE("Extended errors tell of DNSSEC; nothing is said twice") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", servfail());
  world.explains(7);
  CHECK(only(world).id == "visibility-bogus");
  CHECK(only(world).arguments.at("detail") == "Signature Expired");
  Finding said;
  said.id = "dnssec-signature-expired";
  said.affects = Affects::ca;
  CHECK(found(world, {said}).empty());
}

TEST_CASE("A resolver that keeps the name back by its policy") {
  ViewWorld told;
  told.resolver("Google", "8.8.8.8", refused());
  told.explains(15);
  CHECK(only_id(told) == "visibility-filtered");
  CHECK(only(told).severity == Severity::notice);
  ViewWorld quad9;
  quad9.resolver("Quad9", "9.9.9.9", error(dns::Rcode::nxdomain)).resolver.filtering = "malware";
  CHECK(only_id(quad9) == "visibility-filtered");
  CHECK(only(quad9).arguments.at("detail") == "NXDOMAIN without SOA, filter: malware");
  ViewWorld true_denial;
  true_denial.resolver("Quad9", "9.9.9.9", cached(nxdomain(kZone), 60)).resolver.filtering =
      "malware";
  CHECK(only_id(true_denial) == "visibility-negative-cached");
}

TEST_CASE("An address where no host can be is a filter's") {
  ViewWorld world;
  world.target().type = RecordType::a;
  world.target().expected.clear();
  for (const std::string& address : world.builder.addresses(kZone))
    world.builder.asked(Purpose::proof, kZone, address, kProofName, RecordType::a,
                        data({kProofName + " 60 IN A 45.90.28.80"}));
  world.resolver("AdGuard", "94.140.14.14", silent(), 0);
  world.shows(Purpose::view, kProofName, cached(data({kProofName + " 60 IN A 0.0.0.0"}), 60),
              RecordType::a);
  CHECK(only_id(world) == "visibility-filtered");
}

TEST_CASE("A TTL above the authorities' is the resolver's own") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 300));
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-ttl-rewritten");
  CHECK(finding.arguments.at("detail") == "300 s instead of 60 s");
}

TEST_CASE("Data for a sibling that nobody published, unless a wildcard makes them") {
  ViewWorld world;
  world.resolver("ISP", "62.1.1.1", cached_value(kDigest, 60));
  world.shows(Purpose::view_control, kControlName,
              cached(data({txt_line(kControlName, "search here")}), 60));
  CHECK(only_id(world) == "visibility-denials-rewritten");
  CHECK(only(world).arguments.at("detail") ==
        "dcv-control-7f3a.app.shop.example has TXT \"search here\"");
  world.builder.asked_all(Purpose::control, kZone, kControlName, RecordType::txt,
                          data({txt_line(kControlName, "search here")}));
  CHECK(found(world).empty());
}

TEST_CASE("One instance behind addresses of different operators answers in their place") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 60));
  world.identifies("router");
  world.resolver("Google", "8.8.4.4", cached_value(kDigest, 60));
  world.identifies("router");
  CHECK(found(world).empty());
  world.resolver("Cloudflare", "1.1.1.1", cached(nxdomain(kZone), 60));
  world.identifies("router");
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-intercepted");
  CHECK(finding.message ==
        "Port 53 is intercepted on the way to Google (8.8.8.8), Google (8.8.4.4) and Cloudflare "
        "(1.1.1.1): the same instance, \"router\", answers at addresses of different operators");
}

TEST_CASE("An instance that is not called as the operator's are") {
  ViewWorld world;
  world.resolver("Quad9", "9.9.9.9", cached_value(kDigest, 60)).resolver.instance = "*.pch.net";
  world.identifies("res100.fra.rrdns.pch.net");
  CHECK(found(world).empty());
  world.observation.resolvers.back().identity.clear();
  world.identifies("dnsmasq");
  CHECK(only(world).arguments.at("detail") ==
        "what answers is called \"dnsmasq\", Quad9's servers *.pch.net");
}

TEST_CASE("Nobody answers over port 53, but over TLS: the port is blocked here") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", silent());
  world.resolver("Cloudflare", "1.1.1.1", silent());
  CHECK(only_id(world) == "visibility-resolver-silent");
  CHECK(only(world).arguments.at("detail") == "no answer in 3.0 s");
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 60));
  use(world, observe::Transport::tls, 853);
  CHECK(only_id(world) == "visibility-port-53-blocked");
  CHECK(only(world).arguments.at("resolvers") == "Google (8.8.8.8) and Cloudflare (1.1.1.1)");
  world.resolver("", "10.0.0.2", cached_value(kDigest, 60)).resolver.system = true;
  CHECK(only_id(world) == "visibility-port-53-blocked");
  world.resolver("Quad9", "9.9.9.9", cached_value(kDigest, 60));
  CHECK(only_id(world) == "visibility-resolver-silent");
}

TEST_CASE("Several caches behind one address: some hold the records, some still deny them") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 60), 1);
  world.shows(Purpose::view_again, kProofName, cached(nxdomain(kZone), 40));
  world.shows(Purpose::view_again, kProofName, cached(nxdomain(kZone), 90));
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-caches-differ");
  CHECK(finding.arguments.at("detail") == "1 of 3");
  CHECK(finding.arguments.at("wait_seconds") == "90");
}

TEST_CASE("Refusal, failure and TLS are told apart") {
  using observe::Outcome;
  using observe::Transport;
  ViewWorld world;
  world.resolver("Level3", "4.2.2.1", refused());
  CHECK(only_id(world) == "visibility-resolver-refuses");

  ViewWorld unreachable_authority;
  unreachable_authority.resolver("Google", "8.8.8.8", servfail());
  unreachable_authority.explains(22);
  CHECK(only(unreachable_authority).id == "visibility-resolver-fails");
  CHECK(only(unreachable_authority).arguments.at("detail") == "SERVFAIL, No Reachable Authority");

  const std::string wrong =
      "the certificate of dns.google (8.8.8.8) is for dns.test, not dns.google";
  ViewWorld named;
  named.resolver("Google", "8.8.8.8", over(Transport::tls, Outcome::tls_failed, wrong));
  use(named, Transport::tls, 853);
  CHECK(only_id(named) == "visibility-tls-name-wrong");
  CHECK(only(named).message ==
        "The certificate shown by Google (8.8.8.8 over TLS) is for another name: " + wrong);

  ViewWorld expired;
  expired.resolver("Google", "8.8.8.8",
                   over(Transport::tls, Outcome::tls_failed, "the certificate expired"));
  CHECK(only_id(expired) == "visibility-tls-failed");

  ViewWorld http;
  http.resolver("Google", "8.8.8.8",
                over(Transport::https, Outcome::http_failed, "HTTP status 404"));
  CHECK(only_id(http) == "visibility-https-failed");
}

TEST_CASE("Extended errors without end are cut") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", servfail());
  for (std::uint16_t code = 1000; code < 2000; ++code) world.explains(code);
  CHECK(only_id(world) == "visibility-resolver-fails");
  CHECK(only(world).arguments.at("detail").size() < 200);
}

TEST_CASE("A network without IPv6 blames no resolver") {
  ViewWorld world;
  world.resolver("Google", "2001:4860:4860::8888", no_reply(Outcome::unreachable));
  CHECK(found(world).empty());
}

TEST_CASE("While the authorities lack the records no cache is at fault") {
  ViewWorld world;
  world.builder.proof_all(kZone, kProofName, nxdomain(kZone));
  CHECK(found(world).empty());  // resolvers were not wanted
  world.target().views_withheld = "ns1.shop.example (45.90.28.10) has no TXT record there";
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-authority-lacks");
  CHECK(finding.severity == Severity::info);
  CHECK(finding.message ==
        "No wait for caches helps before the authorities of shop.example have the records: "
        "ns1.shop.example (45.90.28.10) has no TXT record there");
  CHECK(finding.evidence.size() == 4);

  world.target().views_withheld.clear();  // asked all the same
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 60));
  CHECK(only(world).id == "visibility-authority-lacks");
  CHECK(only(world).arguments.at("detail") == "4 of 4 addresses lack them");
}

TEST_CASE("A resolver that follows an authority which lags is not at fault") {
  ViewWorld world;
  world.builder.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, kOtherDigest)}));
  world.resolver("Google", "8.8.8.8", cached_value(kOtherDigest, 60));
  CHECK(found(world).empty());
}

TEST_CASE("Every finding of the family has its advice") {
  for (const FindingKind& kind : kVisibilityFamily.kinds) {
    INFO(kind.id);
    CHECK_FALSE(visibility::remedy_text(kind.id, {{"name", "n"}}, {}).empty());
  }
}
