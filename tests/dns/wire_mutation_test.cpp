// Whatever bytes arrive, decoding ends without harm, and what it yields can be shown and sent.

#include <algorithm>
#include <random>
#include <stdexcept>

#include "dns/reply_kind.h"
#include "dns/wire.h"
#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv::dns;

namespace {

Message rich_message() {
  auto zone = Name::of("shop.example");
  auto records = parse_zone(
      "@ SOA ns1 host 1 2 3 4 5\n"
      "@ NS ns1\n"
      "@ MX 10 mail\n"
      "a TXT \"token\" \"more\"\n"
      "a A 192.0.2.1\n"
      "a AAAA 2001:db8::1\n"
      "b CNAME c.other.example.\n"
      "d DNAME other.example.\n"
      "c CAA 0 issue \"letsencrypt.org\"\n"
      "s SRV 1 2 3 target\n"
      "k DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+\n"
      "k DS 2371 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
      "k RRSIG A 13 2 60 20300101000000 20240229235959 2371 shop.example. AAECAwQ=\n"
      "k NSEC l A TXT TYPE1234\n"
      "n NSEC3 1 1 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG\n"
      "@ NSEC3PARAM 1 0 5 ABCD\n",
      zone);
  if (!records) throw std::runtime_error(records.error());
  Message message;
  message.response = message.authoritative = true;
  message.question = Question{Name::of("a.shop.example"), RecordType::txt, kClassIn};
  message.answer.assign(records->begin(), records->begin() + 8);
  message.authority.assign(records->begin() + 8, records->end());
  message.additional = {make_address(zone, 60, IpAddress::of("192.0.2.1"))};
  message.edns = Edns{};
  message.edns->options = {{3, "server"}, {15, std::string("\0\6bogus", 7)}, {10, "12345678"}};
  return message;
}

// Uses everything that decoding yields, as the tools do.
std::size_t use(const Message& message) {
  std::size_t length = encode(message, 512).size();
  for (const auto* section : {&message.answer, &message.authority, &message.additional}) {
    for (const auto& record : *section) {
      length += zone_line(record).size();
      if (auto hop = alias_at(message, record.owner)) length += hop->target.text().size();
    }
  }
  if (message.edns) {
    length += message.edns->extended_errors().size();
    if (auto version = message.edns->zone_version()) length += version->label_count;
  }
  if (message.question)
    length += text(classify(message, *message.question, Name::of("example"))).size();
  return length;
}

bool is_printable(const std::string& line) {
  return std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

TEST_CASE("mutated packets never do harm") {
  const auto original = encode(rich_message());
  std::mt19937 random(20260101);
  auto below = [&](std::size_t limit) { return random() % limit; };
  std::size_t decoded_count = 0;
  std::size_t with_faults = 0;
  for (int round = 0; round < 30000; ++round) {
    auto packet = original;
    for (auto edits = 1 + below(8); edits > 0; --edits) {
      auto at = below(packet.size());
      switch (below(5)) {
        case 0:
          packet[at] = static_cast<char>(below(256));
          break;
        case 1:
          packet[at] = static_cast<char>(packet[at] ^ (1 << below(8)));
          break;
        case 2:  // a pointer to anywhere
          packet[at] = static_cast<char>(0xc0 | below(2));
          break;
        case 3:
          packet.erase(at, below(4));
          break;
        default:
          packet.insert(at, below(4), static_cast<char>(below(256)));
          break;
      }
      if (packet.empty()) packet = "x";
    }
    if (below(10) == 0) packet.resize(below(packet.size()) + 1);
    auto message = decode(packet);
    if (!message) continue;
    ++decoded_count;
    if (!message->faults.empty()) ++with_faults;
    if (round % 4 != 0) continue;  // using all of it takes long under the sanitizers
    if (use(*message) < 12) FAIL("nothing was encoded");
    for (const auto& record : message->answer) {
      if (!is_printable(zone_line(record))) FAIL("a line is not safe to print");
    }
  }
  CHECK(decoded_count > 22000);
  CHECK(with_faults > 8000);
}

TEST_CASE("what was decoded survives another round") {
  const auto original = encode(rich_message());
  auto first = decode(original);
  REQUIRE(first);
  CHECK(first->faults.empty());
  CHECK(first->answer == rich_message().answer);
  CHECK(first->authority == rich_message().authority);
  CHECK(encode(*first) == original);
}

TEST_CASE("a chain of pointers as long as the packet allows ends") {
  // Each pointer leads to the one before it; the records behind start at the last one.
  std::string packet("\x12\x34\x84\x00\0\0\x0f\xff\0\0\0\0", 12);
  packet += std::string("\0\0", 2);
  while (packet.size() < 16000) {
    auto target = packet.size() - 2;
    packet += static_cast<char>(0xc0 | target >> 8);
    packet += static_cast<char>(target & 0xff);
  }
  auto message = decode(packet);
  REQUIRE(message);
  CHECK_FALSE(message->faults.empty());
}

TEST_CASE("random bytes never do harm") {
  std::mt19937 random(7);
  for (int round = 0; round < 10000; ++round) {
    std::string packet(random() % 200, '\0');
    for (char& c : packet) c = static_cast<char>(random());
    if (packet.size() > 12) packet[4] = packet[6] = packet[8] = packet[10] = 0;
    auto message = decode(packet);
    if (message && use(*message) < 12) FAIL("nothing was encoded");
  }
  SUCCEED();
}
