// DNSSEC primitives over zones that the signer signed and answers that the lab's zones give.

#include "dns/dnssec.h"

#include <algorithm>

#include "dns/zone_file.h"
#include "dns/zone_signer.h"
#include "lab/zone.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::dns;

namespace {

const Name kApex = Name::of("shop.example");
constexpr double kInception = 1790000000, kExpiration = 1791000000, kNow = 1790500000;

const std::string kZone = R"(@ 3600 IN SOA ns1 h ( 7 1 1 1 300 )
@ IN NS ns1
ns1 IN A 45.90.28.10
App IN A 45.90.29.81
_acme-challenge.app 60 IN TXT "one"
_acme-challenge.app 60 IN TXT "two"
a.empty IN TXT "x"
*.wild IN TXT "w"
www IN CNAME app
signed IN NS ns1
signed IN DS 1 13 2 0000000000000000000000000000000000000000000000000000000000000000
unsigned IN NS ns1
tree IN DNAME other.example.
)";

std::vector<Record> signed_records(std::optional<Nsec3Options> nsec3 = {}) {
  const auto parsed = parse_zone(kZone, kApex);
  REQUIRE(parsed);
  SigningOptions options{static_cast<std::uint32_t>(kInception),
                         static_cast<std::uint32_t>(kExpiration), std::move(nsec3)};
  const auto made = sign_zones(kApex, {*parsed}, options);
  REQUIRE(made);
  return made->copies[0];
}

const Nsec3Options kNsec3{1, "\xAB\xCD", false};

std::vector<Record> set_of(const std::vector<Record>& records, const char* owner, RecordType type) {
  std::vector<Record> set;
  for (const Record& record : records)
    if (record.owner == Name::of(owner) && record.type == type) set.push_back(record);
  REQUIRE_FALSE(set.empty());
  return set;
}

Record signature_of(const std::vector<Record>& records, const char* owner, RecordType type) {
  for (const Record& record : records) {
    const auto rrsig = as_rrsig(record);
    if (rrsig && record.owner == Name::of(owner) && rrsig->covered == type) return record;
  }
  FAIL("no signature of " << owner << " " << text(type));
  return {};
}

Record key_of(const std::vector<Record>& records) {
  return set_of(records, "shop.example", RecordType::dnskey).front();
}

// The verdict on the TXT set of the validation name, signature and records free to be changed.
struct Signed {
  std::vector<Record> zone = signed_records();
  std::vector<Record> set = set_of(zone, "_acme-challenge.app.shop.example", RecordType::txt);
  Record rrsig = signature_of(zone, "_acme-challenge.app.shop.example", RecordType::txt);
  Record key = key_of(zone);

  SignatureState state(double now = kNow) const { return verify_signature(set, rrsig, key, now); }
};

Message reply_of(const std::vector<Record>& records, const char* name, RecordType type) {
  const lab::Lookup lookup = lab::Zone(kApex, records).lookup(Name::of(name), type, true);
  Message reply;
  reply.response = true;
  reply.authoritative = lookup.kind != lab::Lookup::Kind::referral;
  if (lookup.kind == lab::Lookup::Kind::nxdomain) reply.rcode = Rcode::nxdomain;
  reply.answer = lookup.answer;
  reply.authority = lookup.authority;
  return reply;
}

DenialState denial(const std::vector<Record>& records, const char* name, RecordType type) {
  return check_denial(reply_of(records, name, type), Name::of(name), type, kApex);
}

void drop(Message& reply, RecordType type, std::size_t which) {
  std::size_t seen = 0;
  std::erase_if(reply.authority,
                [&](const Record& each) { return each.type == type && seen++ == which; });
}

std::ptrdiff_t count(const Message& reply, RecordType type) {
  return std::ranges::count(reply.authority, type, &Record::type);
}

}  // namespace

namespace Catch {
template <>
struct StringMaker<DenialState> {
  static std::string convert(DenialState state) {
    constexpr const char* kTexts[] = {"proven", "missing", "wrong", "insecure"};
    return kTexts[static_cast<int>(state)];
  }
};
template <>
struct StringMaker<SignatureState> {
  static std::string convert(SignatureState state) {
    constexpr const char* kTexts[] = {"valid", "expired", "not yet valid", "wrong", "unsupported"};
    return kTexts[static_cast<int>(state)];
  }
};
}  // namespace Catch

TEST_CASE("a signature holds whatever the order, the TTL and the case of names") {
  Signed test;
  REQUIRE(test.set.size() == 2);
  CHECK(test.state() == SignatureState::valid);
  std::swap(test.set[0], test.set[1]);
  for (Record& record : test.set) {
    record.ttl = 3;
    record.owner = Name::of("_ACME-Challenge.aPP.shop.EXAMPLE");
  }
  test.set.push_back(test.set[0]);  // repeated records count once
  CHECK(test.state() == SignatureState::valid);
}

TEST_CASE("names within the data are signed in lower case") {
  const auto zone = signed_records();
  auto set = set_of(zone, "www.shop.example", RecordType::cname);
  set[0].rdata =
      make_target(set[0].owner, RecordType::cname, 1, Name::of("APP.shop.example")).rdata;
  CHECK(verify_signature(set, signature_of(zone, "www.shop.example", RecordType::cname),
                         key_of(zone), kNow) == SignatureState::valid);
}

TEST_CASE("the dates of a signature count to the second") {
  const Signed test;
  CHECK(test.state(kInception - 1) == SignatureState::not_yet_valid);
  CHECK(test.state(kInception) == SignatureState::valid);
  CHECK(test.state(kExpiration) == SignatureState::valid);
  CHECK(test.state(kExpiration + 1) == SignatureState::expired);
  // 2^32 seconds on, the dates of RFC 4034 3.1.5 are the same.
  CHECK(test.state(kNow + 4294967296.0) == SignatureState::valid);
}

TEST_CASE("a changed, missing or foreign record makes a signature wrong") {
  Signed changed;
  changed.set[0].rdata.back() ^= 1;
  CHECK(changed.state() == SignatureState::wrong);
  Signed fewer;
  fewer.set.pop_back();
  CHECK(fewer.state() == SignatureState::wrong);
  Signed none;
  none.set.clear();
  CHECK(none.state() == SignatureState::wrong);
  Signed mixed;
  mixed.set[0].owner = Name::of("app.shop.example");
  CHECK(mixed.state() == SignatureState::wrong);
  Signed broken;
  broken.rrsig.rdata.back() ^= 1;
  CHECK(broken.state() == SignatureState::wrong);
  Signed cut;
  cut.rrsig.rdata.resize(20);
  CHECK(cut.state() == SignatureState::wrong);
  Signed other_key;
  other_key.key = key_of(signed_records());
  CHECK(other_key.state() == SignatureState::wrong);
}

TEST_CASE("a zone with names in capitals is signed, and verified, in lower case") {
  const auto zone = signed_records();
  auto set = set_of(zone, "app.shop.example", RecordType::a);
  REQUIRE(set[0].owner.labels()[0] == "App");
  const Record rrsig = signature_of(zone, "app.shop.example", RecordType::a);
  CHECK(verify_signature(set, rrsig, key_of(zone), kNow) == SignatureState::valid);
  set[0].owner = set[0].owner.lower();
  CHECK(verify_signature(set, rrsig, key_of(zone), kNow) == SignatureState::valid);
}

TEST_CASE("a key that is no zone key, or revoked, signs nothing") {
  Signed no_zone_key;
  no_zone_key.key.rdata[0] = 0;
  CHECK(no_zone_key.state() == SignatureState::wrong);
  Signed revoked;
  revoked.key.rdata[1] |= static_cast<char>(0x80);
  CHECK(revoked.state() == SignatureState::wrong);
}

TEST_CASE("an algorithm not known here says so") {
  Signed test;
  test.key.rdata[3] = 99;
  const auto key = as_dnskey(test.key);
  test.rrsig.rdata[2] = 99;
  test.rrsig.rdata[16] = static_cast<char>(key->key_tag >> 8);
  test.rrsig.rdata[17] = static_cast<char>(key->key_tag & 0xff);
  CHECK(test.state() == SignatureState::unsupported);
  CHECK(algorithm_text(99) == "algorithm 99");
  CHECK(algorithm_text(13) == "ECDSAP256SHA256");
  CHECK_FALSE(is_supported_algorithm(99));
  CHECK_FALSE(is_supported_algorithm(1));
  for (const int algorithm : {5, 7, 8, 10, 13, 14, 15, 16})
    CHECK(is_supported_algorithm(static_cast<std::uint8_t>(algorithm)));
}

TEST_CASE("keys and signatures of any bytes and any length are wrong, and nothing worse") {
  Signed test;
  const std::string key = test.key.rdata, rrsig = test.rrsig.rdata;
  const auto judge = [&](std::uint8_t algorithm) {
    test.key.rdata[3] = static_cast<char>(algorithm);
    test.rrsig.rdata[2] = static_cast<char>(algorithm);
    const std::uint16_t tag = as_dnskey(test.key)->key_tag;
    test.rrsig.rdata[16] = static_cast<char>(tag >> 8);
    test.rrsig.rdata[17] = static_cast<char>(tag & 0xff);
    return test.state();
  };
  const std::size_t signature_at = rrsig.size() - 64;
  for (const std::uint8_t algorithm :
       std::initializer_list<std::uint8_t>{5, 7, 8, 10, 13, 14, 15, 16}) {
    for (std::size_t size = 4; size < key.size() + 70; ++size) {
      test.rrsig.rdata = rrsig;
      test.key.rdata = key;
      test.key.rdata.resize(size, '\x01');
      if (size == key.size() && algorithm == 13) continue;
      CHECK(judge(algorithm) == SignatureState::wrong);
    }
    test.key.rdata = key;
    for (std::size_t size = signature_at; size < rrsig.size() + 70; ++size) {
      test.rrsig.rdata = rrsig;
      test.rrsig.rdata.resize(size, '\xff');
      if (size == rrsig.size() && algorithm == 13) continue;
      CHECK(judge(algorithm) == SignatureState::wrong);
    }
    for (std::size_t at = 4; at < key.size(); ++at) {
      test.rrsig.rdata = rrsig;
      test.key.rdata = key;
      test.key.rdata[at] = static_cast<char>(test.key.rdata[at] ^ 0x55);
      CHECK(judge(algorithm) == SignatureState::wrong);
    }
  }
}

TEST_CASE("a wildcard's signature covers the names made from it, and none above") {
  const auto zone = signed_records();
  const Message reply = reply_of(zone, "Some.name.wild.shop.example", RecordType::txt);
  REQUIRE(reply.answer.size() == 2);
  CHECK(verify_signature({reply.answer[0]}, reply.answer[1], key_of(zone), kNow) ==
        SignatureState::valid);
  auto above = reply.answer;
  above[0].owner = above[1].owner = Name::of("shop.example");
  CHECK(verify_signature({above[0]}, above[1], key_of(zone), kNow) == SignatureState::wrong);
}

TEST_CASE("a DS record matches its key by owner, tag, algorithm and digest") {
  // RFC 4509 2.3 (SHA-256) and RFC 4034 5.4 (SHA-1), the same key.
  const auto record = [](const std::string& line) { return *parse_record(line, Name()); };
  const Record key = record(
      "DSKEY.example.com. 86400 IN DNSKEY 256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/"
      "2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM"
      "9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==");
  const std::string sha256 = "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A";
  CHECK(ds_matches(record("dskey.example.com. 86400 IN DS 60485 5 2 " + sha256), key));
  CHECK(ds_matches(
      record("dskey.example.com. 86400 IN DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"),
      key));
  CHECK_FALSE(ds_matches(record("other.example.com. 86400 IN DS 60485 5 2 " + sha256), key));
  CHECK_FALSE(ds_matches(record("dskey.example.com. 86400 IN DS 60486 5 2 " + sha256), key));
  CHECK_FALSE(ds_matches(record("dskey.example.com. 86400 IN DS 60485 8 2 " + sha256), key));
  CHECK_FALSE(ds_matches(record("dskey.example.com. 86400 IN DS 60485 5 4 " + sha256), key));
  CHECK_FALSE(ds_matches(record("dskey.example.com. 86400 IN DS 60485 5 3 " + sha256), key));
  CHECK_FALSE(is_supported_digest(3));
  const auto parsed = parse_zone(kZone, kApex);
  const auto made = sign_zones(kApex, {*parsed}, {1790000000, 1791000000, {}});
  REQUIRE(made);
  CHECK(ds_matches(made->ds[0], key_of(made->copies[0])));
  CHECK(make_ds(key_of(made->copies[0]), made->ds[0].ttl) == made->ds[0]);
}

TEST_CASE("names are hashed as in RFC 5155 appendix A") {
  const std::string salt = "\xaa\xbb\xcc\xdd";
  CHECK(nsec3_label(Name::of("example"), salt, 12) == "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom");
  CHECK(nsec3_label(Name::of("A.Example"), salt, 12) == "35mthgpgcu1qg68fab165klnsnk3dpvl");
  CHECK(nsec3_label(Name::of("*.w.example"), salt, 12) == "r53bq7cc2uvmubfu5ocmm6pers9tk9en");
}

TEST_CASE("denials that servers give are proofs, with NSEC and with NSEC3") {
  const auto [label, nsec3] = GENERATE(
      table<std::string, std::optional<Nsec3Options>>({{"NSEC", std::nullopt}, {"NSEC3", kNsec3}}));
  INFO(label);
  const auto zone = signed_records(nsec3);
  // no such type, at the apex too, and under a name in mixed case
  CHECK(denial(zone, "app.shop.example", RecordType::caa) == DenialState::proven);
  CHECK(denial(zone, "shop.example", RecordType::caa) == DenialState::proven);
  CHECK(denial(zone, "_aCME-cHALLENGE.aPP.shop.EXAMPLE", RecordType::caa) == DenialState::proven);
  // no such name
  CHECK(denial(zone, "aaa.shop.example", RecordType::caa) == DenialState::proven);
  CHECK(denial(zone, "zzz.Shop.Example", RecordType::caa) == DenialState::proven);
  CHECK(denial(zone, "deep.under.app.shop.example", RecordType::txt) == DenialState::proven);
  // an empty non-terminal, and one that only a wildcard makes
  CHECK(denial(zone, "empty.shop.example", RecordType::txt) == DenialState::proven);
  CHECK(denial(zone, "wild.shop.example", RecordType::txt) == DenialState::proven);
  // a wildcard without the type
  CHECK(denial(zone, "x.y.wild.shop.example", RecordType::caa) == DenialState::proven);
  // an unsigned delegation: in the referral, and asked for the DS
  const Message referral = reply_of(zone, "x.unsigned.shop.example", RecordType::txt);
  CHECK_FALSE(referral.authoritative);
  CHECK(check_denial(referral, Name::of("unsigned.shop.example"), RecordType::ds, kApex) ==
        DenialState::proven);
  CHECK(denial(zone, "unsigned.shop.example", RecordType::ds) == DenialState::proven);
}

TEST_CASE("what exists is not denied by the records around it") {
  const auto nsec3 = GENERATE(as<std::optional<Nsec3Options>>(), std::nullopt, kNsec3);
  const auto zone = signed_records(nsec3);
  const auto denies = [&](const Message& reply, const char* name, RecordType type) {
    return check_denial(reply, Name::of(name), type, kApex);
  };
  // the span of one name used for another
  const Message other = reply_of(zone, "app.shop.example", RecordType::caa);
  CHECK(denies(other, "app.shop.example", RecordType::a) == DenialState::wrong);
  CHECK(denies(other, "ns1.shop.example", RecordType::caa) == DenialState::wrong);
  CHECK(denies(other, "empty.shop.example", RecordType::caa) == DenialState::wrong);
  // an alias, a signed delegation, data below a cut or a DNAME
  Message alias = reply_of(zone, "aaa.shop.example", RecordType::caa);
  const auto hash = [&](const char* name) {
    return nsec3_label(Name::of(name), kNsec3.salt, kNsec3.iterations) + ".shop.example";
  };
  alias.rcode = Rcode::noerror;
  alias.authority = nsec3 ? set_of(zone, hash("www.shop.example").c_str(), RecordType::nsec3)
                          : set_of(zone, "www.shop.example", RecordType::nsec);
  CHECK(denies(alias, "www.shop.example", RecordType::txt) == DenialState::wrong);
  Message cut = reply_of(zone, "unsigned.shop.example", RecordType::ds);
  CHECK(denies(cut, "unsigned.shop.example", RecordType::txt) == DenialState::wrong);
  cut.rcode = Rcode::nxdomain;
  CHECK(denies(cut, "x.unsigned.shop.example", RecordType::txt) == DenialState::wrong);
  // an NXDOMAIN for a name that a wildcard makes
  Message wildcard = reply_of(zone, "x.wild.shop.example", RecordType::caa);
  wildcard.rcode = Rcode::nxdomain;
  CHECK(denies(wildcard, "x.wild.shop.example", RecordType::txt) == DenialState::wrong);
}

TEST_CASE("NODATA with the records of NXDOMAIN is wrong; NXDOMAIN with those of NODATA will do") {
  const auto nsec3 = GENERATE(as<std::optional<Nsec3Options>>(), std::nullopt, kNsec3);
  const auto zone = signed_records(nsec3);
  Message absent = reply_of(zone, "aaa.shop.example", RecordType::txt);
  absent.rcode = Rcode::noerror;
  CHECK(check_denial(absent, Name::of("aaa.shop.example"), RecordType::txt, kApex) ==
        DenialState::wrong);
  Message empty = reply_of(zone, "empty.shop.example", RecordType::txt);
  empty.rcode = Rcode::nxdomain;
  CHECK(check_denial(empty, Name::of("empty.shop.example"), RecordType::txt, kApex) ==
        DenialState::proven);
}

TEST_CASE("every record of a denial of a name is needed") {
  const auto nsec3 = GENERATE(as<std::optional<Nsec3Options>>(), std::nullopt, kNsec3);
  const auto zone = signed_records(nsec3);
  const RecordType type = nsec3 ? RecordType::nsec3 : RecordType::nsec;
  const char* name = "bbb.app.shop.example";
  const Message whole = reply_of(zone, name, RecordType::txt);
  const auto records = count(whole, type);
  REQUIRE(records >= 1);
  for (std::size_t i = 0; i < static_cast<std::size_t>(records); ++i) {
    Message reply = whole;
    drop(reply, type, i);
    const auto left = records == 1 ? DenialState::missing : DenialState::wrong;
    CHECK(check_denial(reply, Name::of(name), RecordType::txt, kApex) == left);
  }
}

TEST_CASE("a denial without NSEC and NSEC3 is missing") {
  const auto parsed = parse_zone(kZone, kApex);
  CHECK(denial(*parsed, "app.shop.example", RecordType::caa) == DenialState::missing);
  CHECK(denial(*parsed, "zzz.shop.example", RecordType::caa) == DenialState::missing);
}

TEST_CASE("the child's records do not deny a DS") {
  const auto nsec3 = GENERATE(as<std::optional<Nsec3Options>>(), std::nullopt, kNsec3);
  const auto zone = signed_records(nsec3);
  const Message reply = reply_of(zone, "shop.example", RecordType::caa);
  CHECK(check_denial(reply, kApex, RecordType::ds, kApex) == DenialState::wrong);
  CHECK(check_denial(reply, kApex, RecordType::ds, Name::of("example")) == DenialState::wrong);
}

TEST_CASE("a record made from a wildcard denies nothing") {
  const auto zone = signed_records();
  Message reply = reply_of(zone, "x.wild.shop.example", RecordType::caa);
  REQUIRE(check_denial(reply, Name::of("x.wild.shop.example"), RecordType::caa, kApex) ==
          DenialState::proven);
  for (Record& record : reply.authority)
    if (record.owner.is_wildcard()) record.owner = Name::of("app.wild.shop.example");
  CHECK(check_denial(reply, Name::of("app.wild.shop.example"), RecordType::caa, kApex) ==
        DenialState::wrong);
}

TEST_CASE("opt-out spans and too many iterations prove nothing") {
  const auto optional = signed_records(Nsec3Options{0, "", true});
  CHECK(denial(optional, "unsigned.shop.example", RecordType::ds) == DenialState::insecure);
  CHECK(denial(optional, "shop.example", RecordType::caa) == DenialState::proven);
  const auto costly = signed_records(Nsec3Options{151, "", false});
  CHECK(denial(costly, "shop.example", RecordType::caa) == DenialState::insecure);
  CHECK(denial(costly, "zzz.shop.example", RecordType::caa) == DenialState::insecure);
  const auto most = signed_records(Nsec3Options{150, "", false});
  CHECK(denial(most, "shop.example", RecordType::caa) == DenialState::proven);
}

TEST_CASE("an answer from a wildcard comes with proof that no nearer name exists") {
  const auto nsec3 = GENERATE(as<std::optional<Nsec3Options>>(), std::nullopt, kNsec3);
  const auto zone = signed_records(nsec3);
  const Name name = Name::of("x.wild.shop.example");
  Message reply = reply_of(zone, "x.wild.shop.example", RecordType::txt);
  CHECK(check_expansion(reply, name, 3, kApex) == DenialState::proven);
  CHECK(check_expansion(reply, name, 2, kApex) == DenialState::wrong);
  CHECK(check_expansion(reply_of(zone, "app.shop.example", RecordType::caa), name, 3, kApex) ==
        DenialState::wrong);
  reply.authority.clear();
  CHECK(check_expansion(reply, name, 3, kApex) == DenialState::missing);
}

TEST_CASE("a date of 32 bits is the one nearest to the clock, in whole seconds") {
  CHECK(date_near(1790000000, 1789999000.75) == 1790000000);
  CHECK(date_near(1790000000, 1790000100.25) == 1790000000);
  CHECK(date_near(10, 4294967290.5) == 4294967306);  // past the year 2106
  CHECK(date_near(4294967290, 4294967306.5) == 4294967290);
}
