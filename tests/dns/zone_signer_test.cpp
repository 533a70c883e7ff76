// The signer: what gets a signature and what does not. That validators accept the result is
// tested with a real one in tests/lab/signed.py.

#include "dns/zone_signer.h"

#include <algorithm>
#include <map>
#include <set>

#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::dns;

namespace {

const Name kApex = Name::of("shop.example");
constexpr SigningOptions kValidity = {1790000000, 1791000000};

std::vector<Record> records(const std::string& text) {
  const auto parsed = parse_zone("@ IN SOA ns1 h ( 7 1 1 1 300 )\n" + text, kApex);
  REQUIRE(parsed);
  return *parsed;
}

const std::string kZone = R"(@ IN NS ns1
ns1 IN A 45.90.28.10
a.b IN TXT "x"
sub IN NS ns.sub
ns.sub IN A 45.90.28.99
)";

std::vector<Record> sign_one(const std::string& text) {
  const auto result = sign_zones(kApex, {records(text)}, kValidity);
  REQUIRE(result);
  REQUIRE(result->copies.size() == 1);
  return result->copies[0];
}

// "OWNER TYPE" of all that is signed.
std::set<std::string> signed_sets(const std::vector<Record>& zone) {
  std::set<std::string> all;
  for (const Record& record : zone) {
    if (const auto signature = as_rrsig(record)) {
      all.insert(record.owner.text() + " " + text(signature->covered));
    }
  }
  return all;
}

}  // namespace

TEST_CASE("authoritative data is signed, delegations and glue are not") {
  CHECK(signed_sets(sign_one(kZone)) ==
        std::set<std::string>{"shop.example. SOA", "shop.example. NS", "shop.example. DNSKEY",
                              "shop.example. NSEC", "ns1.shop.example. A", "ns1.shop.example. NSEC",
                              "a.b.shop.example. TXT", "a.b.shop.example. NSEC",
                              "sub.shop.example. NSEC"});
}

TEST_CASE("the NSEC records form one ring through all names but empty ones and glue") {
  std::map<Name, Name> next;
  for (const Record& record : sign_one(kZone)) {
    if (const auto nsec = as_nsec(record)) next.emplace(record.owner, nsec->next);
  }
  REQUIRE(next.size() == 4);
  std::vector<Name> ring;
  Name at = kApex;
  do {
    ring.push_back(at);
    at = next.at(at);
  } while (at != kApex && ring.size() < 10);
  CHECK(ring == std::vector<Name>{kApex, Name::of("a.b.shop.example"), Name::of("ns1.shop.example"),
                                  Name::of("sub.shop.example")});
}

TEST_CASE("signatures have the period, the signer and the key asked for") {
  const auto zone = sign_one(kZone);
  const auto key = std::find_if(zone.begin(), zone.end(),
                                [](const Record& r) { return r.type == RecordType::dnskey; });
  REQUIRE(key != zone.end());
  CHECK(as_dnskey(*key)->flags == 257);
  CHECK(as_dnskey(*key)->algorithm == 13);
  for (const Record& record : zone) {
    const auto signature = as_rrsig(record);
    if (!signature) continue;
    CHECK(signature->inception == kValidity.inception);
    CHECK(signature->expiration == kValidity.expiration);
    CHECK(signature->signer == kApex);
    CHECK(signature->key_tag == as_dnskey(*key)->key_tag);
  }
}

TEST_CASE("copies share one key, and its DS comes with them") {
  const auto result = sign_zones(kApex, {records(kZone), records("")}, kValidity);
  REQUIRE(result);
  REQUIRE(result->copies.size() == 2);
  REQUIRE(result->ds.size() == 1);
  CHECK(result->ds[0].owner == kApex);
  CHECK(as_ds(result->ds[0])->digest_type == 2);
  for (const auto& copy : result->copies) {
    for (const Record& record : copy) {
      const auto key = as_dnskey(record);
      if (key) CHECK(key->key_tag == as_ds(result->ds[0])->key_tag);
    }
  }
}

TEST_CASE("the original records stay, in their order") {
  const auto before = records(kZone);
  const auto after = sign_one(kZone);
  REQUIRE(after.size() > before.size());
  CHECK(std::equal(before.begin(), before.end(), after.begin()));
}

TEST_CASE("a zone without its SOA is not signed") {
  const auto parsed = parse_zone("a IN TXT \"x\"\n", kApex);
  const auto result = sign_zones(kApex, {*parsed}, kValidity);
  REQUIRE_FALSE(result);
  CHECK(result.error() == "lacks its SOA record");
}
