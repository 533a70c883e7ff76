// Edits: the form, and what they do to the copies of a zone.

#include "lab/edits.h"

#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;

namespace {

const std::string kOld = R"(_acme-challenge.app.shop.example. 60 IN TXT "old")";
const std::string kNew = R"(_acme-challenge.app.shop.example. 60 IN TXT "new")";

lab::Server server(const std::string& name, const std::string& zone) {
  const auto records = dns::parse_zone(zone, Name::of("shop.example"));
  REQUIRE(records);
  lab::Server made;
  made.name = name;
  made.zones.push_back({Name::of("shop.example"), "", *records, {}});
  return made;
}

lab::Scenario two_servers() {
  lab::Scenario scenario;
  scenario.servers.push_back(server("ns1.shop.example", kOld + "\n"));
  scenario.servers.push_back(server("ns2.shop.example", kNew + "\n"));
  return scenario;
}

// The TXT values of each server after the edits, or the error.
std::string after(const std::string& text) {
  const auto edits = lab::parse_edits(text);
  if (!edits) return edits.error();
  lab::Scenario scenario = two_servers();
  const auto applied = lab::apply_edits(*edits, scenario);
  if (!applied) return applied.error();
  std::string values;
  for (const auto& each : scenario.servers) {
    for (const auto& record : each.zones[0].records) values += dns::as_txt(record).value() + " ";
    values += "| ";
  }
  return values;
}

}  // namespace

TEST_CASE("edits add and remove, at all copies or at one server's") {
  CHECK(after("zone shop.example.\n+ " + kNew + "\n") == "old new | new | ");
  CHECK(after("zone shop.example\n- " + kOld + "\n+ " + kNew) == "new | new | ");
  CHECK(after("zone shop.example. server ns1.shop.example.\n+ a 60 IN TXT \"x\"") ==
        "old x | new | ");
  CHECK(after("# nothing\n\n") == "old | new | ");
}

TEST_CASE("edits may be pasted as a report prints them") {
  CHECK(after("     in zone shop.example:\n     - " + kOld + "\n     + " + kNew) == "new | new | ");
  CHECK(after("     in zone shop.example, server ns1.shop.example:\n     + a 60 IN TXT \"x\"") ==
        "old x | new | ");
}

TEST_CASE("a line to remove must be there, TTL aside") {
  CHECK(after("zone shop.example.\n- _acme-challenge.app 9999 IN TXT \"old\"\n") == "| new | ");
  CHECK(after("zone shop.example. server ns2.shop.example.\n- " + kOld) ==
        "the line to remove is not there: " + kOld);
}

TEST_CASE("edits that fit nowhere are errors") {
  CHECK(after("zone shop.org.\n+ a IN A 45.90.28.1") ==
        "no server has the zone shop.org. of an edit");
  CHECK(after("zone shop.example. server ns9.shop.example\n+ a IN A 45.90.28.1") ==
        "ns9.shop.example lacks the zone shop.example. of an edit");
}

TEST_CASE("errors of form name the line") {
  CHECK(after("+ " + kNew) == "line 1: comes before a line with its zone");
  CHECK(after("\nzone shop.example. at ns1") ==
        "line 2: is not \"zone APEX\" or \"zone APEX server NAME\"");
  CHECK(after("zone shop.example.\nadd x") == "line 2: starts with none of zone, +, - and #");
  CHECK(after("zone shop.example.\n+ a IN A 1.2.3").starts_with("line 2: "));
}

TEST_CASE("an alternate back end is edited too") {
  lab::Scenario scenario = two_servers();
  auto& zone = scenario.servers[0].zones[0];
  zone.alternates["stale"] = {};
  const auto edits = lab::parse_edits("zone shop.example.\n+ " + kNew);
  REQUIRE(edits);
  REQUIRE(lab::apply_edits(*edits, scenario));
  CHECK(zone.alternates["stale"].size() == 1);
}
