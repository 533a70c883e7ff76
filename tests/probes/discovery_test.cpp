// Zabbix' list of what there is to watch.
#include "discovery.h"

#include "observe/ca_profile.h"
#include "support/catch.h"

using namespace dcv;

TEST_CASE("each name is listed for each CA, or for the one that it is meant for") {
  resolve::Plan plan;
  observe::CaProfile first = observe::default_profile(), second = first;
  second.name = "sectigo";
  plan.profiles = {first, second};
  const auto apex = dns::parse_identifier("*.shop.example");
  const auto host = dns::parse_identifier("app.shop.example");
  REQUIRE(apex);
  REQUIRE(host);
  plan.targets = {{.identifier = *apex}, {.identifier = *host, .profile = "sectigo"}};
  CHECK(probes::zabbix_discovery(plan) ==
        R"([{"{#DCV.NAME}":"*.shop.example","{#DCV.METHOD}":"dns-01","{#DCV.CA}":"letsencrypt",)"
        R"("{#DCV.VALIDATION_NAME}":"_acme-challenge.shop.example."},)"
        R"({"{#DCV.NAME}":"*.shop.example","{#DCV.METHOD}":"dns-01","{#DCV.CA}":"sectigo",)"
        R"("{#DCV.VALIDATION_NAME}":"_acme-challenge.shop.example."},)"
        R"({"{#DCV.NAME}":"app.shop.example","{#DCV.METHOD}":"dns-01","{#DCV.CA}":"sectigo",)"
        R"("{#DCV.VALIDATION_NAME}":"_acme-challenge.app.shop.example."}])"
        "\n");
}
