// Which finding explains which, and the order that follows.
#include "check/causes.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "check/catalogue.h"
#include "support/catch.h"

using namespace dcv::check;

namespace {

Finding made(std::string id, std::string subject, Severity severity) {
  Finding finding;
  finding.id = std::move(id);
  finding.subject = std::move(subject);
  finding.severity = severity;
  return finding;
}

Evidence said(std::string server, std::string saw) {
  return {std::move(server), "app.shop.example. TXT", std::move(saw), 0};
}

std::vector<std::string> in_order(std::vector<Finding> findings) {
  find_causes(findings);
  std::vector<const Finding*> all;
  for (const Finding& each : findings) all.push_back(&each);
  std::vector<std::string> ids;
  for (const std::size_t index : order_by_cause(all)) {
    const Finding& each = findings[index];
    ids.push_back(each.id + (each.cause ? " < " + each.cause->id : ""));
  }
  return ids;
}

Finding old_provider() {
  Finding finding = made("delegation-old-provider", "shop.example.", Severity::warning);
  finding.arguments["only_parent"] = "old1.example.net and old2.example.net";
  return finding;
}

Finding txt_differs(std::vector<Evidence> evidence) {
  Finding finding = made("authority-txt-differs", "app.shop.example.", Severity::warning);
  finding.evidence = std::move(evidence);
  return finding;
}

// "cause < effect" of every expectation of a scenario.
std::set<std::string> shown_by_scenarios() {
  std::set<std::string> shown;
  for (const auto& entry : std::filesystem::directory_iterator(DCV_SOURCE_DIR "/tests/scenarios")) {
    std::ifstream file(entry.path() / "scenario.json");
    if (!file) continue;
    const nlohmann::json scenario = nlohmann::json::parse(file);
    for (const auto& each : scenario.at("expect").at("findings"))
      if (each.contains("cause"))
        shown.insert(each.at("cause").get<std::string>() + " < " +
                     each.at("id").get<std::string>());
  }
  return shown;
}

}  // namespace

TEST_CASE("every rule names findings of the catalogue, and a scenario shows it") {
  const std::set<std::string> shown = shown_by_scenarios();
  for (const Rule& rule : cause_rules()) {
    CAPTURE(rule.cause, rule.effect);
    CHECK(find_kind(rule.cause) != nullptr);
    CHECK(find_kind(rule.effect) != nullptr);
    CHECK(shown.contains(std::string(rule.cause) + " < " + std::string(rule.effect)));
  }
}

TEST_CASE("the rules of causes make no circle") {
  std::set<std::string_view> harmless;  // what explains nothing, or only what is harmless
  bool more = true;
  while (more) {
    more = false;
    for (const FindingKind* kind : kinds()) {
      const bool ends = std::ranges::all_of(cause_rules(), [&](const Rule& rule) {
        return rule.cause != kind->id || harmless.contains(rule.effect);
      });
      if (ends && harmless.insert(kind->id).second) more = true;
    }
  }
  CHECK(harmless.size() == kinds().size());
}

TEST_CASE("a consequence stands right behind its root, and a root of errors before its equals") {
  CHECK(in_order({made("caa-forbids", "shop.example.", Severity::error),
                  made("delegation-domain-missing", "shop.example.", Severity::error),
                  made("web-no-address", "app.shop.example.", Severity::error),
                  made("alias-chain-long", "app.shop.example.", Severity::warning)}) ==
        std::vector<std::string>{"delegation-domain-missing",
                                 "web-no-address < delegation-domain-missing", "caa-forbids",
                                 "alias-chain-long"});
}

TEST_CASE("a consequence of a consequence names the root") {
  CHECK(in_order({made("delegation-all-lame", "shop.agency.example.", Severity::error),
                  made("provider-zone-unclaimed", "shop.agency.example.", Severity::error),
                  made("visibility-authority-lacks", "app.shop.example.", Severity::info)}) ==
        std::vector<std::string>{"provider-zone-unclaimed",
                                 "delegation-all-lame < provider-zone-unclaimed",
                                 "visibility-authority-lacks < provider-zone-unclaimed"});
}

TEST_CASE("nothing is explained by what is about another zone") {
  CHECK(in_order({made("delegation-domain-missing", "shop.example.", Severity::error),
                  made("web-no-address", "workshop.example.", Severity::error)}) ==
        std::vector<std::string>{"delegation-domain-missing", "web-no-address"});
}

TEST_CASE("servers that only the parent lists explain a difference that is theirs alone") {
  const Evidence old = said("old1.example.net (192.0.2.1)", "NXDOMAIN");
  const Evidence right = said("ns1.shop.example (192.0.2.3)", "TXT \"new\"");
  CHECK(in_order({old_provider(), txt_differs({old, right})})[1] ==
        "authority-txt-differs < delegation-old-provider");
  CHECK(in_order(
            {old_provider(),
             txt_differs({old, right, said("old2.example.net (192.0.2.2)", "TXT \"new\"")})})[1] ==
        "authority-txt-differs < delegation-old-provider");
  // One of the present servers is behind as well.
  CHECK(
      in_order({old_provider(),
                txt_differs({old, right, said("ns2.shop.example (192.0.2.4)", "NXDOMAIN")})})[1] ==
      "authority-txt-differs");
  // The former provider is right, and the present servers differ.
  CHECK(in_order({old_provider(),
                  txt_differs({said("old1.example.net (192.0.2.1)", "TXT \"new\""), right,
                               said("ns2.shop.example (192.0.2.4)", "NXDOMAIN")})})[1] ==
        "authority-txt-differs");
}

TEST_CASE("a failure at several servers is explained when each of them has the cause's fault") {
  Finding first = made("transport-udp-silent", "ns1.shop.example.", Severity::error);
  first.evidence = {said("ns1.shop.example (192.0.2.1)", "TXT, silent over UDP")};
  Finding second = made("transport-udp-silent", "ns2.shop.example.", Severity::error);
  second.evidence = {said("ns2.shop.example (192.0.2.2)", "TXT, silent over UDP")};
  Finding caa = made("caa-lookup-fails", "app.shop.example.", Severity::error);
  caa.arguments["servers"] = "ns1.shop.example and ns2.shop.example";
  CHECK(in_order({first, second, caa}) ==
        std::vector<std::string>{"transport-udp-silent", "caa-lookup-fails < transport-udp-silent",
                                 "transport-udp-silent"});
  CHECK(in_order({first, caa}) ==
        std::vector<std::string>{"transport-udp-silent", "caa-lookup-fails"});
}

TEST_CASE("a warning that explains an error comes before other warnings, after other errors") {
  Finding soa = made("delegation-soa-missing", "ns1.shop.example.", Severity::warning);
  soa.evidence = {said("ns1.shop.example (192.0.2.1)", "NXDOMAIN without SOA")};
  Finding caa = made("caa-lookup-fails", "app.shop.example.", Severity::error);
  caa.arguments["servers"] = "ns1.shop.example (192.0.2.1)";
  CHECK(in_order({caa, made("value-none", "app.shop.example.", Severity::error),
                  made("alias-chain-long", "app.shop.example.", Severity::warning), soa}) ==
        std::vector<std::string>{"value-none", "delegation-soa-missing",
                                 "caa-lookup-fails < delegation-soa-missing", "alias-chain-long"});
}

TEST_CASE("an answer that fits UDP is not truncated because of leftover values") {
  Finding extra = made("value-extra", "app.shop.example.", Severity::notice);
  Finding cut = made("transport-truncated", "app.shop.example.", Severity::notice);
  cut.arguments["bytes"] = "1300";
  CHECK(in_order({cut, extra})[1] == "transport-truncated < value-extra");
  cut.arguments["bytes"] = "300";
  CHECK(in_order({cut, extra})[1] == "value-extra");
}

TEST_CASE("the finding to act on is the root") {
  std::vector<Finding> findings{made("delegation-domain-missing", "shop.example.", Severity::error),
                                made("tls-no-address", "app.shop.example.", Severity::error)};
  find_causes(findings);
  CHECK(root_of(findings[1], findings).id == "delegation-domain-missing");
  CHECK(root_of(findings[0], findings).id == "delegation-domain-missing");
}
