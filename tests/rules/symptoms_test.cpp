// Reading pasted messages of CAs and ACME clients.
#include "rules/symptoms.h"

#include "support/catch.h"

using namespace dcv::rules;

namespace {

std::vector<Reading> read(std::string_view text) {
  return read_messages(text);
}

// "program: command" of each message.
std::vector<std::string> commands(std::string_view text) {
  std::vector<std::string> found;
  for (const Reading& each : read(text))
    found.push_back(each.symptom->program + ": " + each.command);
  return found;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each row of the table reads its own example, and no other row does") {
  for (const Symptom& symptom : shipped_symptoms()) {
    CAPTURE(symptom.example);
    const std::vector<Reading> readings = read(symptom.example);
    REQUIRE(readings.size() == 1);
    CHECK(readings.front().symptom == &symptom);
  }
}

TEST_CASE("a problem document tells name and cause") {
  CHECK(commands(R"({"type": "urn:ietf:params:acme:error:dns", "status": 400,
      "detail": "DNS problem: NXDOMAIN looking up TXT for _acme-challenge.app.shop.example - check that a DNS record exists for this domain"})") ==
        Lines{"Boulder, Let's Encrypt's CA software: dcv-preflight app.shop.example"});
}

TEST_CASE("quotes that JSON has escaped are read as such") {
  const auto readings = read(
      R"("detail":"Incorrect TXT record \"gfj9Xq8Rg85nM1C2cJ0dN3s0PZ0b2aT4hEYV5rDk7wM\" (and 1 more) found at _acme-challenge.app.shop.example")");
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].name == "_acme-challenge.app.shop.example");
  CHECK(readings[0].value.empty());  // what was found is not what is expected
}

TEST_CASE("a message over several lines is read as one") {
  const auto readings = read(
      "Certbot failed to authenticate some domains (authenticator: dns-rfc2136).\n"
      "The Certificate Authority reported these problems:\n"
      "  Domain: app.shop.example\n  Type:   dns\n"
      "  Detail: DNS problem: SERVFAIL looking up\n"
      "   TXT for _acme-challenge.app.shop.example - the domain's\n   nameservers may be "
      "malfunctioning\n");
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].symptom->failed == "ca");
  CHECK(readings[0].host == "app.shop.example");
}

TEST_CASE("the value that a client looks for goes into the command") {
  CHECK(commands("NS ns1.shop.example.:53 did not return the expected TXT record [fqdn: "
                 "_acme-challenge.app.shop.example., value: "
                 "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo]: ") ==
        Lines{"lego (also Traefik and others): dcv-preflight app.shop.example --expect "
              "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo --public"});
  CHECK(commands("Please deploy a DNS TXT record under the name:\n\n"
                 "_acme-challenge.shop.example.\n\nwith the following value:\n\n"
                 "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo\n") ==
        Lines{"certbot: dcv-preflight shop.example --expect "
              "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"});
}

TEST_CASE("a CAA message is about the name that is ordered, not the level that failed") {
  const auto readings = read(
      "While processing CAA for *.sub.shop.example: DNS problem: SERVFAIL looking up CAA for "
      "shop.example - the domain's nameservers may be malfunctioning");
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].name == "shop.example");
  CHECK(readings[0].command == "dcv-preflight '*.sub.shop.example'");
}

TEST_CASE("a wrapper is told only where nothing in it says more") {
  CHECK(read("Some challenges have failed.").size() == 1);
  const auto readings =
      read("Some challenges have failed. No TXT record found at _acme-challenge.app.shop.example");
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].text == "No TXT record found at _acme-challenge.app.shop.example");
}

TEST_CASE("a failed look-up of an address is about http-01") {
  for (const char* problem : {"NXDOMAIN", "REFUSED", "query timed out", "server failure"})
    for (const char* type : {"A", "AAAA"})
      CHECK(commands("DNS problem: " + std::string(problem) + " looking up " + type +
                     " for app.shop.example") ==
            Lines{"Boulder, Let's Encrypt's CA software: dcv-preflight app.shop.example --method "
                  "http-01"});
  CHECK(read("DNS problem: query timed out looking up TXT for a.example")[0].command ==
        "dcv-preflight a.example");
}

TEST_CASE("certbot's plug-ins say by several words that they found no zone") {
  for (const char* what : {"base domain", "zone identifier"})
    CHECK(commands("Unable to determine " + std::string(what) +
                   " for app.shop.example using names: ['app.shop.example', 'shop.example']") ==
          Lines{"certbot: dcv-preflight app.shop.example"});
}

TEST_CASE("the label of the challenge is none of the host's") {
  CHECK(commands("DNS record for \"_acme-challenge.app.shop.example\" not yet propagated") ==
        Lines{"cert-manager: dcv-preflight app.shop.example --public"});
}

TEST_CASE("a message without a name leaves its place open") {
  CHECK(commands("Not valid yet, let\u2019s wait for 10 seconds then check the next one.") ==
        Lines{"acme.sh: dcv-preflight NAME --public"});
}

TEST_CASE("the name may stand beside the message") {
  CHECK(commands("[app.shop.example] acme: error: could not find zone for domain") ==
        Lines{"lego (also Traefik and others): dcv-preflight app.shop.example --public"});
  CHECK(commands("[app.shop.example] Preliminary validation failed: no TXT records found") ==
        Lines{"win-acme (simple-acme): dcv-preflight app.shop.example --public"});
  CHECK(commands(R"({"identifier":"app.shop.example","error":"[app.shop.example] solving challenges:
      timed out waiting for record to fully propagate"})") ==
        Lines{"Caddy (certmagic): dcv-preflight app.shop.example --public"});
  CHECK(commands(R"({"identifier": {"type": "dns", "value": "app.shop.example"}, "error":
      {"type": "urn:ietf:params:acme:error:unauthorized"}})") ==
        Lines{"Boulder, Let's Encrypt's CA software: dcv-preflight app.shop.example"});
}

TEST_CASE("a part of a message is read, in any case of its letters") {
  for (const char* part :
       {"NXDOMAIN looking up TXT", "nxdomain looking up txt for", "SERVFAIL looking up TXT",
        "No TXT record found", "query timed out", "Incorrect TXT record",
        "looking up TXT for _acme-challenge.app.shop.example - check that a DNS record exists"}) {
    CAPTURE(part);
    const auto readings = read(part);
    REQUIRE(readings.size() == 1);
    CHECK(readings[0].symptom->failed == "ca");
  }
}

TEST_CASE("the names of an order that got the same message go into one command") {
  const std::string message = "DNS problem: NXDOMAIN looking up TXT for _acme-challenge.";
  CHECK(commands("[a.shop.example] acme: error: 400 :: " + message + "a.shop.example - check\n" +
                 "[b.shop.example] acme: error: 400 :: " + message + "b.shop.example - check\n" +
                 "[a.shop.example] acme: error: 400 :: " + message + "a.shop.example - check\n") ==
        Lines{"Boulder, Let's Encrypt's CA software: dcv-preflight a.shop.example b.shop.example"});
}

TEST_CASE("a message that another one holds is read where it stands alone") {
  CHECK(
      commands("DNS problem: query timed out looking up A for web.shop.example\n"
               "DNS problem: query timed out looking up TXT for _acme-challenge.shop.example") ==
      Lines{"Boulder, Let's Encrypt's CA software: dcv-preflight web.shop.example --method http-01",
            "Boulder, Let's Encrypt's CA software: dcv-preflight shop.example"});
}

TEST_CASE("what stands behind the name is no part of the message") {
  const auto readings =
      read(R"({"detail":"No TXT record found at _acme-challenge.app.shop.example","status":403}})");
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].text == "No TXT record found at _acme-challenge.app.shop.example");
}

TEST_CASE("an answer of the CA's own address is none of the web server") {
  CHECK(commands("Invalid response from https://acme-v02.api.letsencrypt.org/acme/authz-v3/1.\n"
                 "Detail: No TXT record found at _acme-challenge.shop.example") ==
        Lines{"Boulder, Let's Encrypt's CA software: dcv-preflight shop.example"});
}

TEST_CASE("what kubectl describes is one message") {
  CHECK(commands("  Reason:      Waiting for DNS-01 challenge propagation: DNS record for "
                 "\"app.shop.example\" not yet propagated\n  State:       pending\n") ==
        Lines{"cert-manager: dcv-preflight app.shop.example --public"});
}

TEST_CASE("quotes that were escaped twice, or by HTML, are read as such") {
  for (const char* quote : {R"(\\\")", "&quot;", "\u201e"}) {
    CAPTURE(quote);
    const auto readings = read("Incorrect TXT record " + std::string(quote) + "x" + quote +
                               " found at _acme-challenge.app.shop.example");
    REQUIRE(readings.size() == 1);
    CHECK(readings[0].text ==
          "Incorrect TXT record \"x\" found at _acme-challenge.app.shop.example");
  }
}

TEST_CASE("of a long log the end is read") {
  CHECK(read(std::string(1 << 20, '-') +
             " DNS problem: SERVFAIL looking up TXT for _acme-challenge.shop.example")
            .size() == 1);
}

TEST_CASE("what is no name does not get into a command") {
  for (const char* name : {"$(reboot)", "`id`", ";reboot", "-rf", "..", "\x1b[2J", "\xff"}) {
    CAPTURE(name);
    const auto readings =
        read("DNS problem: NXDOMAIN looking up TXT for " + std::string(name) + " - check");
    REQUIRE(readings.size() == 1);
    for (const char bad : {'$', '`', ';', '\x1b', '('})
      CHECK(readings[0].command.find(bad) == std::string::npos);
    CHECK(readings[0].command.find(" -rf") == std::string::npos);
  }
}

TEST_CASE("a long text without any message is given up soon") {
  CHECK(read(std::string(1 << 20, 'a')).empty());
  CHECK(read("read udp " + std::string(1 << 20, ':')).empty());
  CHECK(read("").empty());
}

TEST_CASE("near a text that is no message are those with the same words") {
  const auto near = near_symptoms("nxdomain when looking up txt record");
  REQUIRE(!near.empty());
  CHECK(near.size() <= 3);
  CHECK(near.front()->example.find("looking up TXT") != std::string::npos);
  CHECK(near_symptoms("hello world").empty());
}

TEST_CASE("a slip in the table of messages is named") {
  const auto error = [](const std::string& row) {
    const auto table = symptoms_from_json(
        R"({"kind": "dcv-symptoms", "version": 1, "programs": {"lego": "lego"}, "symptoms": [)" +
        row + "]}");
    return table ? std::string("none") : table.error();
  };
  const std::string rest =
      R"("says": "s", "findings": ["alias-loop"], "command": "c", "example": "e"})";
  CHECK(error(R"({"program": "lego", "failed": "ca", "pattern": "p", )" + rest) == "none");
  CHECK(error(R"({"program": "lego", "failed": "ca", "pattern": "(", )" + rest) ==
        "symptoms[0].pattern: is no expression");
  CHECK(error(R"({"program": "dig", "failed": "ca", "pattern": "p", )" + rest) ==
        "programs.dig is missing");
  CHECK(error(R"({"program": "lego", "failed": "me", "pattern": "p", )" + rest) ==
        "symptoms[0].failed: is ca, client or nobody");
  CHECK(!symptoms_from_json("[]"));
  CHECK(!symptoms_from_json("{"));
}
