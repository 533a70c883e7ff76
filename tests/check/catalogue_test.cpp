#include "check/catalogue.h"

#include <set>

#include "support/catch.h"

using namespace dcv::check;

TEST_CASE("the families come in the order of cause and effect") {
  std::vector<std::string_view> names;
  for (const Family* family : families()) names.push_back(family->name);
  CHECK(names == std::vector<std::string_view>{"method", "delegation", "transport", "dnssec",
                                               "provider", "alias", "delegate", "authority",
                                               "value", "persist", "record", "web", "tls", "mail",
                                               "caa", "ca", "visibility", "csr"});
}

TEST_CASE("every id is unique and begins with its family's name") {
  std::set<std::string_view> ids;
  for (const Family* family : families()) {
    for (const FindingKind& kind : family->kinds) {
      INFO(kind.id);
      CHECK(ids.insert(kind.id).second);
      CHECK(kind.id.starts_with(std::string(family->name) + "-"));
      CHECK_FALSE(kind.message.empty());
      CHECK_FALSE(kind.message.ends_with('.'));
      CHECK(kind.since == "0.1.0");
    }
  }
  CHECK(ids.size() == kinds().size());
}

TEST_CASE("a kind is found by its id") {
  const FindingKind* kind = find_kind("transport-truncated");
  REQUIRE(kind != nullptr);
  CHECK(kind->severity == Severity::notice);
  CHECK(find_kind("transport") == nullptr);
}

TEST_CASE("near ids mend slips and complete parts, nearest first, at most three") {
  CHECK(near_ids("transport-truncatd") == std::vector<std::string_view>{"transport-truncated"});
  CHECK(near_ids("tcp-refused") == std::vector<std::string_view>{"transport-tcp-refused"});
  CHECK(near_ids("transport").size() == 3);
  CHECK(near_ids("").empty());
  CHECK(near_ids("qqqqqqqqqq").empty());
}
