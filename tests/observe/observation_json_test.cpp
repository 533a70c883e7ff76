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

TEST_CASE("a file saved by the first version is still read and written as it was") {
  const std::string saved = testing::golden_text("observe/observation.json");
  const Result<Observation> loaded = from_json(saved);
  if (!loaded) FAIL(loaded.error());
  testing::check_golden("observe/observation.json", to_json(*loaded));
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
  const std::string saved = to_json(testing::healthy_world().observation);
  for (std::size_t size = 0; size < saved.size() - 2; size += 97) {
    CHECK_FALSE(from_json(saved.substr(0, size)));
  }
}
