// Scenario folders: the overlay on the base, and errors that name file and field.

#include "lab/scenario.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "lab/scenario_export.h"
#include "support/catch.h"

using namespace dcv;
namespace fs = std::filesystem;

namespace {

// A folder of files that goes away with the object.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "dcv-scenario-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const std::string kSoa = "@ IN SOA ns1 h ( 7 1 1 1 300 )\n";

std::string scenario_json(const std::string& servers, const std::string& more = "") {
  return R"({"title": "t", "about": "a", "command": ["true"],
             "expect": {"verdict": "ready", "findings": [{"id": "x-y", "subject": "a.", "severity": "notice"}]},)" +
         more + R"("servers": [)" + servers + "]}";
}

// A base of two servers with one zone each, and a scenario with one server and one zone.
Folder world(const std::string& servers, const std::string& more = "") {
  Folder folder;
  folder.write("base/base.json", R"({"servers": [
    {"name": "ns1.example", "addresses": ["192.5.6.30"], "zones": ["example"]},
    {"name": "ns.provider.io", "addresses": ["192.33.14.30"], "zones": ["provider.io"]}]})");
  folder.write("base/example.zone", kSoa + "old IN TXT \"base\"\n");
  folder.write("base/provider.io.zone", kSoa);
  folder.write("case/scenario.json", scenario_json(servers, more));
  folder.write("case/shop.example.zone", kSoa + "a IN TXT \"plain\"\n");
  return folder;
}

const std::string kShop = R"({"name": "ns1.shop.example", "addresses": ["45.90.28.10",
  "2a07:a8c0::10"], "zones": ["shop.example"])";

Result<lab::Scenario> load(const Folder& folder) {
  return lab::load_scenario(folder.path() / "case", folder.path() / "base");
}

// The error without the folder's own path.
std::string error_of(const Folder& folder) {
  const auto scenario = load(folder);
  REQUIRE_FALSE(scenario);
  std::string error = scenario.error();
  const std::string own = folder.path().string() + "/";
  for (auto at = error.find(own); at != std::string::npos; at = error.find(own)) {
    error.erase(at, own.size());
  }
  return error;
}

}  // namespace

TEST_CASE("a scenario's servers stand beside those of the base") {
  const auto scenario = load(world(kShop + "}"));
  REQUIRE(scenario);
  CHECK(scenario->story.id == "case");
  CHECK(scenario->story.command == std::vector<std::string>{"true"});
  CHECK(scenario->story.verdict == "ready");
  REQUIRE(scenario->story.findings.size() == 1);
  CHECK(scenario->story.findings[0].severity == "notice");
  REQUIRE(scenario->servers.size() == 3);
  CHECK(scenario->servers[2].name == "ns1.shop.example");
  REQUIRE(scenario->servers[2].zones.size() == 1);
  CHECK(scenario->servers[2].zones[0].records.size() == 2);
  CHECK(scenario->ipv6);
}

TEST_CASE("a server of the same name replaces the base's") {
  const auto scenario = load(
      world(kShop + R"(}, {"name": "NS1.example.", "addresses": ["192.5.6.31"], "zones": []})"));
  REQUIRE(scenario);
  REQUIRE(scenario->servers.size() == 3);
  CHECK(scenario->servers[0].name == "ns1.example");
  CHECK(scenario->servers[0].zones.empty());
}

TEST_CASE("a zone file replaces the base's, and .zone.add is appended") {
  const auto folder = world(kShop + "}");
  folder.write("case/provider.io.zone.add", "new IN TXT \"added\"\n");
  folder.write("case/example.zone", kSoa);
  const auto scenario = load(folder);
  REQUIRE(scenario);
  CHECK(scenario->servers[0].zones[0].records.size() == 1);
  CHECK(scenario->servers[1].zones[0].records.size() == 2);
}

TEST_CASE("a variant is read from its own file, and so is the alternate back end") {
  const auto folder = world(
      R"({"name": "ns1.shop.example", "addresses": ["45.90.28.10"], "zones": ["shop.example:stale"],
          "behaviour": {"alternate": "other"}},
         {"name": "ns2.shop.example", "addresses": ["45.90.30.10"], "zones": ["shop.example"]})");
  folder.write("case/shop.example.stale.zone", kSoa);
  folder.write("case/shop.example.other.zone", kSoa + "b IN TXT \"1\"\nb IN TXT \"2\"\n");
  const auto scenario = load(folder);
  REQUIRE(scenario);
  const auto& zone = scenario->servers[2].zones.at(0);
  CHECK(zone.variant == "stale");
  CHECK(zone.records.size() == 1);
  CHECK(zone.alternates.at("other").size() == 3);
}

TEST_CASE("behaviour holds for all addresses, `at` adds to it for one") {
  const auto scenario = load(world(kShop + R"(, "behaviour": {"delay_ms": 20, "edns": "formerr",
      "rcode_by_type": {"CAA": "SERVFAIL"}}, "at": {"2A07:A8C0:0::10": {"drop": true}}})"));
  REQUIRE(scenario);
  const auto& addresses = scenario->servers[2].addresses;
  REQUIRE(addresses.size() == 2);
  for (const auto& each : addresses) {
    CHECK(each.behaviour.delay_ms == 20);
    CHECK(each.behaviour.edns == lab::EdnsFault::formerr);
    CHECK(each.behaviour.rcode_by_type.at(dns::RecordType::caa) == dns::Rcode::servfail);
  }
  CHECK_FALSE(addresses[0].behaviour.drop);
  CHECK(addresses[1].behaviour.drop);
}

TEST_CASE("errors name the file and the field") {
  CHECK(error_of(world(kShop + R"(, "behavior": {}})")) ==
        "case/scenario.json: servers[0].behavior is not a known key");
  CHECK(error_of(world(kShop + R"(, "behaviour": {"tcp": "reject"}})")) ==
        "case/scenario.json: servers[0].behaviour.tcp is \"reject\", not one of drop, refuse");
  CHECK(error_of(world(kShop + R"(, "behaviour": {"loss": 2}})")) ==
        "case/scenario.json: servers[0].behaviour.loss is out of range");
  CHECK(error_of(world(kShop + R"(, "behaviour": {"drop": 1}})")) ==
        "case/scenario.json: servers[0].behaviour.drop is neither true nor false");
  CHECK(error_of(world(kShop + R"(, "behaviour": {"rcode_by_type": {"CAB": "REFUSED"}}})")) ==
        "case/scenario.json: servers[0].behaviour.rcode_by_type.CAB is not for a record type");
  CHECK(error_of(world(kShop + R"(, "at": {"1.2.3.4": {}}})")) ==
        "case/scenario.json: servers[0].at.1.2.3.4 is not for an address of the server");
  CHECK(error_of(world(R"({"name": "a.example"})")) ==
        "case/scenario.json: servers[0] lacks \"addresses\"");
  CHECK(error_of(world(kShop + "}", R"("sign": {"example": "bad"},)")) ==
        "case/scenario.json: sign.example is \"bad\", not one of broken-signatures, "
        "expired, expiring, good, no-ds, not-yet, unknown-algorithm, unrectified, "
        "unsigned-with-ds, wrong-ds");
  CHECK(
      error_of(world(kShop + "}", R"("sign": {"example": {"at": {"x": "no-ds"}}},)")) ==
      "case/scenario.json: sign.example.at.x is \"no-ds\", not one of broken-signatures, expired, "
      "expiring, good, not-yet, other-key, unrectified, unsigned");
  CHECK(error_of(world(R"({"name": "x.example", "addresses": ["192.5.6.30"], "zones":
        ["shop.example"]})")) ==
        "case/scenario.json: 192.5.6.30 belongs to both ns1.example and x.example");
}

TEST_CASE("web servers are read with their replies and certificates") {
  const auto scenario = load(world(kShop + "}", R"("web": [
      {"addresses": ["104.18.10.5", "2606:4700::5"], "delay_ms": 20, "replies": {
        "/a": {"body": "text", "headers": {"Server": "nginx"}},
        "www.shop.example/*": {"status": 301, "location": "https://{host}{path}"},
        "/slow": {"behaviour": "trickle"}}},
      {"addresses": ["104.18.10.5"], "port": 443, "behaviour": "stall",
       "tls": {"names": ["shop.example"], "alpn": ["acme-tls/1"],
               "acme": {"digest": "00fF", "critical": false}}}],)"));
  REQUIRE(scenario);
  REQUIRE(scenario->web.size() == 2);
  const lab::WebServer& plain = scenario->web[0];
  CHECK(plain.addresses.size() == 2);
  CHECK(plain.port == 80);
  CHECK(plain.delay_ms == 20);
  CHECK(plain.replies.at("/a").body == "text");
  CHECK(plain.replies.at("/a").status == 200);
  CHECK(plain.replies.at("/a").headers.at("Server") == "nginx");
  CHECK(plain.replies.at("www.shop.example/*").headers.at("Location") == "https://{host}{path}");
  CHECK(plain.replies.at("/slow").fault == lab::WebFault::trickle);
  const lab::WebServer& tls = scenario->web[1];
  CHECK(tls.fault == lab::WebFault::stall);
  REQUIRE(tls.tls);
  CHECK(tls.tls->alpn == std::vector<std::string>{"acme-tls/1"});
  REQUIRE(tls.tls->acme);
  CHECK(tls.tls->acme->digest == std::string("\0\xff", 2));
  CHECK_FALSE(tls.tls->acme->critical);
}

TEST_CASE("errors in the web part name the scenario and the key") {
  const auto error = [](const std::string& server) {
    return error_of(
        world(kShop + "}", R"("web": [{"addresses": ["104.18.10.5"], )" + server + "}],"));
  };
  CHECK(error(R"("prot": 80)") == "case/scenario.json: web[0].prot is not a known key");
  CHECK(error(R"("port": 0)") == "case/scenario.json: web[0].port is out of range");
  CHECK(error(R"("behaviour": "trickle")") ==
        "case/scenario.json: web[0].behaviour is \"trickle\", not one of close, drop, garbage, "
        "reset, stall");
  CHECK(
      error(R"("replies": {"index.html": {}})") ==
      "case/scenario.json: web[0].replies.index.html is not for a path; it needs a \"/\", with or "
      "without the host before it");
  CHECK(error(R"("replies": {"/a": {"status": 42}})") ==
        "case/scenario.json: web[0].replies./a.status is out of range");
  CHECK(error(R"("tls": {"names": []})") == "case/scenario.json: web[0].tls lacks names");
  CHECK(error(R"("tls": {"names": ["a.example"], "acme": {"digest": "0g"}})") ==
        "case/scenario.json: web[0].tls.acme.digest is not hexadecimal");
  CHECK(error(R"("port": 80}, {"addresses": ["104.18.10.5"])") ==
        "case/scenario.json: two web servers have port 80 of 104.18.10.5");
}

TEST_CASE("errors name the zone file that is missing, wrong or unused") {
  const auto missing = world(R"({"name": "a.example", "addresses": [], "zones": ["b.example"]})");
  CHECK(error_of(missing) == "server a.example: base/b.example.zone cannot be read");
  const auto wrong = world(kShop + "}");
  wrong.write("case/shop.example.zone", kSoa + "a IN A 1.2.3\n");
  CHECK(error_of(wrong).find("case/shop.example.zone: line 2") != std::string::npos);
  const auto unused = world(kShop + "}");
  unused.write("case/shop.exmaple.zone", kSoa);
  CHECK(error_of(unused) == "case/shop.exmaple.zone is a zone that no server has");
  const auto alternate = world(kShop + R"(, "behaviour": {"alternate": "none"}})");
  CHECK(error_of(alternate) ==
        "server ns1.shop.example: alternate \"none\" is no variant of its zones");
  const auto no_json = world("");
  no_json.write("case/scenario.json", "{");
  CHECK(error_of(no_json).starts_with("case/scenario.json: no JSON: "));
}

TEST_CASE("every scenario of this repository loads, and the list has them all") {
  const fs::path all = fs::path(DCV_SOURCE_DIR) / "tests" / "scenarios";
  const auto stories = lab::list_stories(all);
  REQUIRE(stories);
  CHECK(stories->size() >= 2);
  for (const lab::Story& story : *stories) {
    const auto scenario = lab::load_scenario(all / story.id, all / "base");
    INFO(story.id << ": " << (scenario ? "" : scenario.error()));
    CHECK(scenario);
  }
}

TEST_CASE("no address of the base Internet is of special purpose, except by intention") {
  const fs::path all = fs::path(DCV_SOURCE_DIR) / "tests" / "scenarios";
  const auto scenario = lab::load_scenario(all / "ok-direct-txt", all / "base");
  REQUIRE(scenario);
  for (const lab::Server& server : scenario->servers) {
    for (const auto& each : server.addresses) {
      INFO(server.name << " " << each.address.text());
      CHECK(each.address.special_purpose().empty());
    }
  }
}

TEST_CASE("an exported scenario can be read by other name servers") {
  const auto folder = world(kShop + "}");
  const auto scenario = load(folder);
  REQUIRE(scenario);
  REQUIRE(lab::export_scenario(*scenario, folder.path() / "out"));
  std::ifstream zone(folder.path() / "out/ns1.shop.example/shop.example.zone");
  const std::string text{std::istreambuf_iterator<char>(zone), {}};
  CHECK(text.starts_with("shop.example."));
  CHECK(text.find("SOA") < text.find("\"plain\""));
  CHECK(fs::exists(folder.path() / "out/servers.json"));
}
