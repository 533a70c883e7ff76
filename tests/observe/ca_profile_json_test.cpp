// Tables of CA profiles: the shipped one, and what is said of slips in one's own.
#include "observe/ca_profile_json.h"

#include <algorithm>

#include "support/catch.h"

using namespace dcv;
using namespace dcv::observe;

namespace {

const CaProfile& shipped(const std::string& name) {
  const std::vector<CaProfile>& all = shipped_ca_table().profiles;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

Result<CaTable> table(const std::string& defaults, const std::string& profiles) {
  return ca_table_from_json("{\"kind\":\"dcv-ca-profiles\",\"version\":1,\"defaults\":" + defaults +
                                ",\"profiles\":[" + profiles + "]}",
                            shipped_ca_table().defaults);
}

// The error for one profile with these fields besides name and title.
std::string error_with(const std::string& fields) {
  const auto read = table("{}", R"({"name":"own","title":"Own")" + fields + "}");
  return read ? "no error" : read.error();
}

}  // namespace

TEST_CASE("the shipped table has the big CAs, Let's Encrypt first") {
  std::vector<std::string> names;
  for (const CaProfile& each : shipped_ca_table().profiles) {
    INFO(each.name);
    names.push_back(each.name);
    CHECK_FALSE(each.sources.empty());
    CHECK_FALSE(each.methods.empty());
    CHECK(each.identities.empty() == (each.name == "strict"));
  }
  CHECK(names == std::vector<std::string>{"letsencrypt", "letsencrypt-staging", "google", "sectigo",
                                          "zerossl", "digicert", "amazon", "globalsign", "sslcom",
                                          "actalis", "strict"});
  CHECK(default_profile().name == "letsencrypt");
}

TEST_CASE("the quorum of the Baseline Requirements grows with time") {
  const std::vector<Quorum>& quorum = shipped("sectigo").quorum;
  REQUIRE(quorum.size() == 4);
  CHECK(quorum[1].from == 1773532800);  // 2026-03-15
  CHECK(quorum[1].remotes == 3);
  CHECK(quorum[2].from == 1781481600);  // 2026-06-15
  CHECK(quorum[2].remotes == 4);
  CHECK(quorum[3].from == 1797292800);  // 2026-12-15
  CHECK(quorum[3].remotes == 5);
  for (const Quorum& each : quorum) CHECK(each.may_fail == 1);
}

TEST_CASE("the facts that decide verdicts are those of each CA") {
  CHECK(shipped("letsencrypt").random_case);
  CHECK_FALSE(shipped("letsencrypt").minimises_names);
  CHECK(shipped("letsencrypt").critical_flag_1);
  CHECK_FALSE(shipped("letsencrypt").failure_may_permit);
  CHECK(shipped("letsencrypt").exact_identity);
  CHECK_FALSE(shipped("sectigo").exact_identity);
  CHECK(shipped("sectigo").failure_may_permit);
  CHECK(shipped("google").identities == std::vector<std::string>{"pki.goog"});
  CHECK(shipped("zerossl").identities.front() == "sectigo.com");
  CHECK(shipped("amazon").most_aliases == 5);
  CHECK(shipped("sslcom").token_days == 14);
  CHECK(shipped("strict").honours_accounturi);
  CHECK_FALSE(shipped("strict").failure_may_permit);
}

TEST_CASE("a profile says what it knows and takes the rest from the defaults") {
  const auto read = table(R"({"edns_size":4096,"token_days":1})",
                          R"({"name":"own","title":"Own CA","identities":["ca.example"],)"
                          R"("token_days":2,"quorum":[{"from":"1970-01-02","remotes":6,)"
                          R"("may_fail":2}]},{"name":"other","title":"Other"})");
  if (!read) FAIL(read.error());
  REQUIRE(read->profiles.size() == 2);
  const CaProfile& own = read->profiles[0];
  CHECK(own.identities == std::vector<std::string>{"ca.example"});
  CHECK(own.edns_size == 4096);
  CHECK(own.token_days == 2);
  REQUIRE(own.quorum.size() == 1);
  CHECK(own.quorum[0].from == 86400);
  CHECK(own.quorum[0].may_fail == 2);
  CHECK(read->profiles[1].token_days == 1);
  CHECK(read->profiles[1].quorum.size() == 4);
  CHECK(read->profiles[1].identities.empty());
}

TEST_CASE("errors in a table name the profile and the field") {
  CHECK(error_with("") == "no error");
  CHECK(error_with(R"(,"edns_size":"big")") ==
        "profile \"own\": edns_size must be a whole number from 0 to 2147483647");
  CHECK(error_with(R"(,"edns_size":100)") == "profile \"own\": edns_size: must be at least 512");
  CHECK(error_with(R"(,"edns_sise":1232)") ==
        "profile \"own\": \"edns_sise\" is no field of a profile");
  CHECK(error_with(R"(,"identities":["Ca.Example."])") ==
        "profile \"own\": identities[0]: \"Ca.Example.\" is not a domain name in lower case "
        "without final dot");
  CHECK(error_with(R"(,"resolvers":["192.0.2.53","2001:db8::53"])") == "no error");
  CHECK(error_with(R"(,"resolvers":["ns.ca.example"])") ==
        "profile \"own\": resolvers[0]: \"ns.ca.example\" is not an IP address as 192.0.2.53 or "
        "2001:db8::53");
  CHECK(error_with(R"(,"quorum":[])") == "profile \"own\": quorum: must not be empty");
  CHECK(error_with(R"(,"quorum":[{"from":"2026-02-30","remotes":4,"may_fail":1}])") ==
        "profile \"own\": quorum[0].from: \"2026-02-30\" is not a day such as 2026-12-15");
  CHECK(error_with(R"(,"quorum":[{"from":0,"remotes":1,"may_fail":2}])") ==
        "profile \"own\": quorum[0].may_fail: is more than there are remotes");
  CHECK(error_with(R"(,"quorum":[{"from":1,"remotes":4,"may_fail":1},)"
                   R"({"from":0,"remotes":4,"may_fail":1}])") ==
        "profile \"own\": quorum: must have the earliest first");
  CHECK(table("{}", R"({"title":"Nameless"})").error() == "profiles[0]: name is missing");
  CHECK(table("{}", R"({"name":"Own","title":"Own"})").error() ==
        "profile \"Own\": name must be of lower-case letters, digits and hyphens");
  CHECK(table("{}", R"({"name":"own"})").error() == "profile \"own\": title is missing");
  CHECK(table("{}", R"({"name":"own","title":"A"},{"name":"own","title":"B"})").error() ==
        "profile \"own\": is there twice");
  CHECK(table("{}", "5").error() == "profiles[0]: the document must be an object");
  CHECK(table(R"({"token_days":0})", "").error() == "defaults: token_days: must be at least 1");
  CHECK(table(R"({"name":"own"})", "").error() == "defaults: name is each profile's own");
}

TEST_CASE("what is no table of profiles is refused in plain words") {
  const auto error = [](const std::string& text) {
    return ca_table_from_json(text, CaProfile{}).error();
  };
  CHECK(error("") == "this is not JSON (wrong at byte 1)");
  CHECK(error("[]") == "not a table of CA profiles (kind \"dcv-ca-profiles\")");
  CHECK(error(R"({"kind":"dcv-ca-profiles","version":2,"profiles":[]})") == "version must be 1");
  CHECK(error(R"({"kind":"dcv-ca-profiles","version":1})") == "profiles must be a list");
  CHECK(error(R"({"kind":"dcv-ca-profiles","version":1,"profiles":[],"default":{}})") ==
        "\"default\" is no field of the table");
}
