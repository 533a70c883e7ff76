// Saving and loading without loss, and what is said of files that cannot be loaded.
#include "observe/observation_json.h"

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/golden.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::observe;
using nlohmann::ordered_json;
using testing::kProofName;

namespace {

// An exchange with bytes that no text format likes, in the name and in the TXT value.
Exchange hostile_exchange() {
  Exchange exchange;
  exchange.zone = dns::Name::of("shop.example.");
  exchange.server = dns::Name::of("ns1.shop.example.");
  exchange.question = {*dns::Name::from_labels({"<b>\x1b[2J", "sHoP", "example"}),
                       static_cast<dns::RecordType>(65280), 3};
  dns::Message reply;
  reply.response = reply.authoritative = true;
  reply.question = exchange.question;
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  reply.answer = {dns::make_txt(exchange.question.name, 60, bytes + "</script>")};
  exchange.outcome = Outcome::reply;
  exchange.bytes = dns::encode(reply) + "left over";
  exchange.reply = *dns::decode_reply(exchange.bytes);
  exchange.kind = dns::classify(*exchange.reply, exchange.question, exchange.zone);
  return exchange;
}

CaProfile hostile_profile() {
  CaProfile profile;
  profile.name = "own";
  profile.title = "Soci\xc3\xa9t\xc3\xa9 \"\x1b\"";
  profile.identities = {"ca.example", "old.ca.example"};
  profile.methods = {"dns-01"};
  profile.quorum = {{0, 2, 0}, {1797292800.5, 5, 1}};
  profile.random_case = profile.soa_required = profile.honours_accounturi = false;
  profile.honours_validationmethods = profile.exact_identity = profile.asks_top_level = false;
  profile.minimises_names = profile.critical_flag_1 = profile.failure_may_permit = true;
  profile.edns_size = 4096;
  profile.most_aliases = 5;
  profile.cache_seconds = 60;
  profile.account_prefix = "https://ca.example/acct/";
  profile.token_days = 30;
  profile.resolvers = {"192.0.2.53"};
  profile.sources = {"https://ca.example/cps"};
  return profile;
}

CaAnswer hostile_answer() {
  CaAnswer answer;
  answer.profile = "own";
  answer.perspective = 3;
  answer.question = hostile_exchange().question;
  answer.duration = 0.25;
  answer.finished = answer.bogus = true;
  answer.rcode = static_cast<dns::Rcode>(3841);
  answer.reason = "no signature\n\xff from 192.0.2.1";
  answer.extended_error = 9;
  answer.bytes = hostile_exchange().bytes;
  answer.reply = *dns::decode_reply(answer.bytes);
  return answer;
}

PublicResolver hostile_resolver() {
  PublicResolver made;
  made.resolver = {.operator_name = "Soci\xc3\xa9t\xc3\xa9 \"\x1b\"",
                   .service = "Public <DNS>",
                   .country = "FR",
                   .anycast = true,
                   .filtering = "malware",
                   .validates = "yes",
                   .client_subnet = "selective",
                   .flush_page = "https://resolver.example/flush",
                   .twin = "2001:db8::8",
                   .instance = "*.pch.net",
                   .ttl_cap = 21600.5,
                   .negative_cap = std::nullopt,
                   .system = true};
  made.endpoint = {.transport = Transport::https,
                   .address = dns::IpAddress::of("2a07:a8c0::53"),
                   .port = 8443,
                   .host = "resolver.example",
                   .path = "/dns-query",
                   .post = true};
  made.identity = {hostile_exchange()};
  made.identity[0].purpose = Purpose::identity;
  return made;
}

WebSight hostile_web() {
  Fetch first{.url = "http://app.shop.example/\x1b",
              .host = dns::Name::of("app.shop.example."),
              .address = dns::IpAddress::of("2001:db8::80"),
              .port = 80,
              .sent_at = 0.5,
              .duration = 0.25,
              .connected = true,
              .outcome = Outcome::reply,
              .status = 301,
              .location = "https://other.example/\xff",
              .server = "\x1b[31m",
              .content_type = "text/html",
              .body = std::string("a\0\xff", 3),
              .body_cut = true};
  Fetch second = first;
  second.tls = true;
  second.port = 443;
  second.hop = 1;
  second.came_from = 0;
  second.outcome = Outcome::timeout;
  second.detail = "no answer within 3 s";
  const ShownCertificate certificate{.subject = "CN=a",
                                     .issuer = "CN=b\n",
                                     .self_signed = true,
                                     .dns_names = {"a.example", "\xff"},
                                     .other_names = 2,
                                     .acme_identifier = true,
                                     .acme_critical = true,
                                     .acme_digest = "00ff"};
  const Handshake shaken{.host = dns::Name::of("app.shop.example."),
                         .address = dns::IpAddress::of("192.0.2.80"),
                         .sent_at = 0.5,
                         .duration = 0.125,
                         .connected = true,
                         .outcome = Outcome::reply,
                         .tls_version = "TLSv1.3",
                         .protocol = "acme-tls/1",
                         .certificate = certificate};
  Handshake failed = shaken;
  failed.alert = 120;
  failed.outcome = Outcome::tls_failed;
  failed.detail = "no shared cipher";
  failed.certificate = std::nullopt;
  return {.url = first.url,
          .follows_redirects = false,
          .fetches = {first, second},
          .handshakes = {shaken, failed}};
}

// Something in every field.
Observation hostile_observation() {
  auto world = testing::healthy_world({"plain", std::string("\x00\x1b\"\\\xff", 5)});
  world.asked(Purpose::proof, "shop.example.", "45.90.30.10", kProofName, dns::RecordType::txt,
              testing::silent());
  world.step("alias.shop.example.", "shop.example.", StepEnd::alias, "Target.Example.");
  world.observation.stats = {.queries = 42, .seconds = 0.31, .round_trips = 6, .limits = {"time"}};
  NameServer& server = world.server_at("shop.example.", "ns1.shop.example.");
  server.state = HostState::alias;
  server.alias_target = *dns::Name::from_labels({"a.b", "\x01\xff", "example"});
  world.observation.exchanges.push_back(hostile_exchange());
  Target& target = world.observation.targets[0];
  target.caa = {{dns::Name::of("app.shop.example."), target.steps},
                {dns::Name::of("example."), {}}};
  world.observation.profiles = {hostile_profile()};
  world.observation.account_uris = {"https://ca.example/acct/1\x1b"};
  CaAnswer unfinished;
  unfinished.profile = "own";
  world.observation.ca_answers = {hostile_answer(), unfinished};
  world.observation.trust_anchors = {
      *dns::parse_record(". 3600 IN DS 20326 8 2 " + std::string(64, 'A'), dns::Name())};
  Exchange unheard;
  unheard.purpose = Purpose::view;
  unheard.transport = Transport::tls;
  unheard.outcome = Outcome::tls_failed;
  unheard.detail = "the certificate is for another name";
  world.observation.resolvers = {{}, hostile_resolver()};
  world.observation.client_subnet = *dns::ClientSubnet::parse("2001:db8::/56");
  target.type = static_cast<dns::RecordType>(65280);
  target.views = {{1, {unheard, hostile_exchange()}}, {0, {}}};
  target.views_withheld = "ns2 lacks \"it\"";
  target.profile = "own";
  target.others = {{dns::Name::of("_dnsauth.shop.example."), dns::RecordType::cname, target.steps}};
  target.web = hostile_web();
  target.csr_key = "0123456789abcdef";
  target.delegation = {dns::make_target(dns::Name::of("_acme-challenge.app.shop.example"),
                                        dns::RecordType::cname, 3600, dns::Name::of("b.example"))};
  target.previous_csr_key = "fedcba9876543210";
  target.csr_other_names = {"the IP address 192.0.2.1", "the URI \"x\xff\""};
  return world.observation;
}

// The error for the saved healthy world after `change`.
template <typename Change>
std::string error_after(Change change) {
  ordered_json document = ordered_json::parse(to_json(testing::healthy_world().observation));
  change(document);
  const Result<Observation> loaded = from_json(document.dump());
  return loaded ? "no error" : loaded.error();
}

}  // namespace

TEST_CASE("an observation comes back as it was, hostile bytes included") {
  const Observation before = hostile_observation();
  const std::string saved = to_json(before);
  const Result<Observation> after = from_json(saved);
  if (!after) FAIL(after.error());
  CHECK(to_json(*after) == saved);
  CHECK(after->targets[0].expected == before.targets[0].expected);
  CHECK(after->targets[0].steps.back().target->same_case(dns::Name::of("Target.Example.")));
  const Exchange& was = before.exchanges.back();
  const Exchange& is = after->exchanges.back();
  CHECK(is.question.name.same_case(was.question.name));
  CHECK(is.question == was.question);
  CHECK(is.bytes == was.bytes);
  CHECK(is.reply->answer == was.reply->answer);
  CHECK(is.reply->faults == was.reply->faults);
  CHECK(is.kind == was.kind);
}

TEST_CASE("what is said of CAs comes back as it was") {
  const Observation before = hostile_observation();
  const Result<Observation> after = from_json(to_json(before));
  if (!after) FAIL(after.error());
  CHECK(after->account_uris == before.account_uris);
  REQUIRE(after->targets[0].caa.size() == 2);
  CHECK(after->targets[0].caa[0].steps.size() == 2);
  CHECK(after->trust_anchors == before.trust_anchors);
  REQUIRE(after->profiles.size() == 1);
  CHECK(after->profiles[0].title == before.profiles[0].title);
  CHECK(after->profiles[0].quorum[1].from == before.profiles[0].quorum[1].from);
  CHECK(after->profiles[0].quorum[1].remotes == 5);
  CHECK_FALSE(after->profiles[0].exact_identity);
  REQUIRE(after->ca_answers.size() == 2);
  const CaAnswer& is = after->ca_answers[0];
  const CaAnswer& was = before.ca_answers[0];
  CHECK(is.rcode == was.rcode);
  CHECK(is.reason == was.reason);
  CHECK(is.extended_error == 9);
  CHECK(is.bytes == was.bytes);
  CHECK(is.reply->answer == was.reply->answer);
  CHECK(after->ca_answers[1].extended_error == -1);
  CHECK_FALSE(after->ca_answers[1].reply);
}

TEST_CASE("the public eye comes back as it was") {
  const Observation before = hostile_observation();
  const Result<Observation> after = from_json(to_json(before));
  if (!after) FAIL(after.error());
  REQUIRE(after->resolvers.size() == 2);
  CHECK(after->resolvers[0].resolver == before.resolvers[0].resolver);
  CHECK(after->resolvers[0].endpoint == before.resolvers[0].endpoint);
  CHECK(after->resolvers[1].resolver == before.resolvers[1].resolver);
  CHECK(after->resolvers[1].endpoint == before.resolvers[1].endpoint);
  REQUIRE(after->resolvers[1].identity.size() == 1);
  CHECK(after->resolvers[1].identity[0].bytes == before.resolvers[1].identity[0].bytes);
  REQUIRE(after->client_subnet);
  CHECK(after->client_subnet->text() == "2001:db8::/56");
  const Target& target = after->targets[0];
  CHECK(target.type == static_cast<dns::RecordType>(65280));
  CHECK(target.views_withheld == "ns2 lacks \"it\"");
  CHECK(target.profile == "own");
  REQUIRE(target.others.size() == 1);
  CHECK(target.others[0].name == dns::Name::of("_dnsauth.shop.example."));
  CHECK(target.others[0].type == dns::RecordType::cname);
  CHECK(target.others[0].steps.size() == target.steps.size());
  const WebSight web = hostile_web();
  CHECK(target.web.url == web.url);
  CHECK_FALSE(target.web.follows_redirects);
  CHECK(target.web.fetches == web.fetches);
  CHECK(target.web.handshakes == web.handshakes);
  CHECK(target.csr_key == "0123456789abcdef");
  REQUIRE(target.delegation);
  REQUIRE(target.delegation->size() == 1);
  CHECK(dns::zone_line(target.delegation->front()) ==
        "_acme-challenge.app.shop.example. 3600 IN CNAME b.example.");
  CHECK(target.previous_csr_key == "fedcba9876543210");
  CHECK(target.csr_other_names ==
        std::vector<std::string>{"the IP address 192.0.2.1", "the URI \"x\xff\""});
  REQUIRE(target.views.size() == 2);
  CHECK(target.views[0].resolver == 1);
  REQUIRE(target.views[0].exchanges.size() == 2);
  CHECK(target.views[0].exchanges[0].purpose == Purpose::view);
  CHECK(target.views[0].exchanges[0].outcome == Outcome::tls_failed);
  CHECK(target.views[0].exchanges[1].reply->answer ==
        before.targets[0].views[0].exchanges[1].reply->answer);
}

TEST_CASE("a saved file is still read and written as it was") {
  const std::string saved = testing::golden_text("observe/observation.json");
  const Result<Observation> loaded = from_json(saved);
  if (!loaded) FAIL(loaded.error());
  testing::check_golden("observe/observation.json", to_json(*loaded));
}

TEST_CASE("a file from before CA profiles is still read") {
  const Result<Observation> loaded =
      from_json(testing::golden_text("observe/observation-without-profiles.json"));
  if (!loaded) FAIL(loaded.error());
  CHECK(loaded->exchanges.size() == 5);
  CHECK(loaded->profiles.empty());
  CHECK(loaded->ca_answers.empty());
  CHECK(loaded->trust_anchors.empty());
  CHECK(loaded->targets[0].caa.empty());
  CHECK(loaded->account_uris.empty());
}

TEST_CASE("a file from before the public eye is still read") {
  const Result<Observation> loaded =
      from_json(testing::golden_text("observe/observation-without-views.json"));
  if (!loaded) FAIL(loaded.error());
  CHECK(loaded->exchanges.size() == 5);
  CHECK(loaded->resolvers.empty());
  CHECK_FALSE(loaded->client_subnet);
  CHECK(loaded->targets[0].type == dns::RecordType::txt);
  CHECK(loaded->targets[0].views.empty());
  CHECK(loaded->targets[0].views_withheld.empty());
}

TEST_CASE("the decoded reply is for readers only: the bytes are what counts") {
  ordered_json document = ordered_json::parse(to_json(testing::healthy_world().observation));
  const std::string untouched = document.dump();
  for (ordered_json& exchange : document["exchanges"]) {
    exchange["reply"] = "forged";
    exchange["kind"] = "nxdomain";
  }
  const Result<Observation> loaded = from_json(document.dump());
  REQUIRE(loaded);
  CHECK(ordered_json::parse(to_json(*loaded)).dump() == untouched);
}

TEST_CASE("a saved observation is plain ASCII without control bytes") {
  for (const char letter : to_json(hostile_observation())) {
    const bool harmless = (letter >= ' ' && letter <= '~') || letter == '\n';
    if (!harmless) FAIL("byte " << static_cast<int>(letter));
  }
}

TEST_CASE("what is no saved observation is refused in plain words") {
  const auto error = [](const std::string& text) { return from_json(text).error(); };
  CHECK(error("") == "this is not JSON (wrong at byte 1)");
  CHECK(error("{\"kind\":") == "this is not JSON (wrong at byte 9)");
  CHECK(error("{\"kind\": 1e999}") == "a number in this JSON is too large");
  CHECK(error("[1]") ==
        "this is JSON without a \"kind\", not a saved observation (dcv-observation)");
  CHECK(error("{\"kind\":\"dcv-report\",\"version\":1}") ==
        "this is a \"dcv-report\" file, not a saved observation (dcv-observation)");
  CHECK(error("{\"kind\":\"\\u001b[2J\"}") ==
        "this is a \"\\027[2J\" file, not a saved observation (dcv-observation)");
  CHECK(error("{\"kind\":\"dcv-observation\"}") == "version is missing");
  CHECK(error("{\"kind\":\"dcv-observation\",\"version\":0}") ==
        "version must be a whole number from 1");
  CHECK(error("{\"kind\":\"dcv-observation\",\"version\":7}") ==
        "was saved by a newer dcvtools (observation version 7, this tool reads version 1)");
}

TEST_CASE("every field is required and an error names its place") {
  CHECK(error_after([](auto& d) { d.erase("stats"); }) == "stats is missing");
  CHECK(error_after([](auto& d) { d["exchanges"][3].erase("depth"); }) ==
        "exchanges[3].depth is missing");
  CHECK(error_after([](auto& d) { d["settings"]["ipv4"] = 1; }) ==
        "settings.ipv4 must be true or false");
  CHECK(
      error_after([](auto& d) { d["zones"][1]["apex"] = "a..b"; }).starts_with("zones[1].apex: "));
  CHECK(error_after([](auto& d) {
          d["zones"][2]["servers"][0]["glue"][0] = "1.2.3";
        }).starts_with("zones[2].servers[0].glue[0]: "));
  CHECK(error_after([](auto& d) { d["zones"][2]["delegation"][0] = 99999; }) ==
        "zones[2].delegation[0]: there is no such exchange");
  CHECK(error_after([](auto& d) { d["targets"][0]["steps"] = ordered_json::array(); }) ==
        "targets[0].steps: must not be empty");
  CHECK(error_after([](auto& d) { d["targets"] = 5; }) == "targets must be a list");
  CHECK(error_after([](auto& d) { d["exchanges"][0]["outcome"] = "fine"; }) ==
        "exchanges[0].outcome: \"fine\" is not a word that this tool knows here");
  CHECK(error_after([](auto& d) { d["exchanges"][0]["attempts"] = -1; }) ==
        "exchanges[0].attempts must be a whole number from 0 to 2147483647");
  CHECK(error_after([](auto& d) { d["now"] = 9e300; }) == "now must be before the year 10000");
  CHECK(error_after([](auto& d) {
          d["profiles"] = {{{"name", "x"}}};
        }) == "profiles[0].quorum is missing");
  CHECK(error_after([](auto& d) {
          d["profiles"] = {{{"name", "x"}, {"quorum", {{{"from", 0}, {"remotes", "4"}}}}}};
        }) == "profiles[0].quorum[0].remotes must be a whole number from 0 to 100");
  CHECK(error_after([](auto& d) { d["trust_anchors"] = {"?"}; }).starts_with("trust_anchors[0]: "));
  CHECK(error_after([](auto& d) { d["ca_answers"] = {5}; }) == "ca_answers[0] must be an object");
  CHECK(error_after([](auto& d) { d["targets"][0]["type"] = "?"; }) ==
        "targets[0].type: not a record type");
  CHECK(error_after([](auto& d) {
          d["targets"][0]["views"] = {{{"resolver", 0}, {"exchanges", ordered_json::array()}}};
        }) == "targets[0].views[0].resolver: there is no such resolver");
  CHECK(error_after([](auto& d) {
          d["resolvers"] = ordered_json::array({ordered_json::object()});
        }) == "resolvers[0].resolver is missing");
  CHECK(error_after([](auto& d) {
          d["exchanges"][0]["bytes"] = "?";
        }).starts_with("exchanges[0].bytes: "));
  CHECK(error_after([](auto& d) {
          d["exchanges"][0]["bytes"] = "";
        }).starts_with("exchanges[0].bytes: "));
}

TEST_CASE("fields that this version does not know are passed over") {
  CHECK(error_after([](auto& d) { d["later"] = 1; }) == "no error");
}

TEST_CASE("no saved file makes loading crash, wherever it is cut off") {
  const std::string saved = to_json(hostile_observation());
  for (std::size_t size = 0; size < saved.size() - 2; size += 97) {
    CHECK_FALSE(from_json(saved.substr(0, size)));
  }
}
