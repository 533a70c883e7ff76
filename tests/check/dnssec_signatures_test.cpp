// How much is verified at most: zones choose how many keys and signatures they have, and of what
// kind (KeyTrap, CVE-2023-50387).
#include "check/dnssec_signatures.h"

#include <chrono>

#include "support/catch.h"

using namespace dcv;
using check::dnssec::SignedSet;
using dns::Name;
using dns::RecordType;

namespace {

constexpr double kNow = 1.8e9;
constexpr std::uint8_t kRsa = 8, kEcdsa = 13;
const Name kZone = Name::of("shop.example");

void append(std::string& bytes, std::uint32_t value, int count) {
  for (int shift = (count - 1) * 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift & 0xff);
}

dns::Record key(std::uint8_t algorithm, const std::string& bytes) {
  std::string rdata;
  append(rdata, 257, 2);
  append(rdata, 3, 1);
  append(rdata, algorithm, 1);
  return {kZone, RecordType::dnskey, dns::kClassIn, 60, rdata + bytes};
}

// A modulus of 3072 bits and an exponent as long: OpenSSL takes both.
dns::Record costly_key() {
  constexpr std::size_t kSize = 384;
  std::string bytes(1, '\0');
  append(bytes, kSize, 2);
  return key(kRsa, bytes + std::string(kSize, '\x7f') + std::string(kSize, '\xf7'));
}

// Record set `number`, with a signature that nobody made.
SignedSet signed_set(std::uint32_t number, const dns::Record& dnskey, std::size_t size) {
  const dns::Dnskey view = *dns::as_dnskey(dnskey);
  const Name owner = *kZone.child("n" + std::to_string(number));
  std::string rdata;
  append(rdata, static_cast<std::uint32_t>(RecordType::txt), 2);
  append(rdata, view.algorithm, 1);
  append(rdata, 3, 1);
  append(rdata, 60, 4);
  append(rdata, static_cast<std::uint32_t>(kNow) + 86400, 4);
  append(rdata, static_cast<std::uint32_t>(kNow) - 86400, 4);
  append(rdata, view.key_tag, 2);
  rdata += kZone.wire() + std::string(size, '\x01');
  return {{dns::make_txt(owner, 60, "x")}, {{owner, RecordType::rrsig, dns::kClassIn, 60, rdata}}};
}

// Sets judged until the limit.
std::uint32_t judged(const dns::Record& dnskey, std::size_t size) {
  check::dnssec::Signatures signatures(kNow);
  std::uint32_t number = 0;
  while (signatures.limit_reached().empty() && number < 5000) {
    const auto report = signatures.judge(signed_set(number++, dnskey, size), {dnskey});
    const bool in_time = signatures.limit_reached().empty();
    REQUIRE(report.fault.has_value() == in_time);
  }
  CHECK(signatures.limit_reached() == "DNSSEC of one name: the work of 1000 signatures");
  return number - 1;
}

}  // namespace

TEST_CASE("a thousand signatures by ordinary keys are verified, no more") {
  CHECK(judged(key(kEcdsa, std::string(64, '\x05')), 64) == 1000);
}

TEST_CASE("keys that take their time count as many") {
  CHECK(judged(costly_key(), 384) == 20);
}
