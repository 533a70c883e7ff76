// How a server picks among its zones and follows aliases through them.

#include "lab/zone_set.h"

#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;
using dns::Rcode;
using dns::RecordType;

namespace {

lab::Zone zone_of(const char* apex, const std::string& text) {
  const auto records = dns::parse_zone("@ IN SOA ns h ( 7 1 1 1 300 )\n" + text, Name::of(apex));
  REQUIRE(records);
  return {Name::of(apex), *records};
}

lab::ZoneSet zones() {
  return lab::ZoneSet({zone_of("example", "shop IN NS ns1.shop\nother IN NS ns.other\n"),
                       zone_of("shop.example",
                               "a IN CNAME b\nb IN TXT \"x\"\nc IN CNAME nothing\n"
                               "loop IN CNAME pool\npool IN CNAME loop\n"
                               "out IN CNAME a.b.com.\nacross IN CNAME t.provider.io.\n"
                               "away IN CNAME x.other.example.\n"),
                       zone_of("provider.io", "t IN TXT \"token\"\n")});
}

dns::Message ask(const char* name, RecordType type = RecordType::txt) {
  dns::Message reply;
  zones().answer({Name::of(name), type}, false, reply);
  return reply;
}

}  // namespace

TEST_CASE("the deepest zone answers") {
  CHECK(zones().zone_for(Name::of("b.shop.example"), RecordType::txt)->apex() ==
        Name::of("shop.example"));
  CHECK(zones().zone_for(Name::of("x.example"), RecordType::txt)->apex() == Name::of("example"));
  CHECK(zones().zone_for(Name::of("b.org"), RecordType::txt) == nullptr);
}

TEST_CASE("DS is the parent's, and the child answers it only without the parent") {
  CHECK(zones().zone_for(Name::of("shop.example"), RecordType::ds)->apex() == Name::of("example"));
  CHECK(zones().zone_for(Name::of("provider.io"), RecordType::ds)->apex() ==
        Name::of("provider.io"));
}

TEST_CASE("outside of all zones the answer is REFUSED without AA") {
  const auto reply = ask("b.org");
  CHECK(reply.rcode == Rcode::refused);
  CHECK_FALSE(reply.authoritative);
}

TEST_CASE("aliases are followed as far as this server's zones go") {
  struct Row {
    const char* name;
    std::size_t answers;
    Rcode rcode;
    std::size_t authority;
  };
  const std::vector<Row> rows = {
      {"a.shop.example", 2, Rcode::noerror, 0},       // alias and data
      {"c.shop.example", 1, Rcode::nxdomain, 1},      // the rcode is that of the last name
      {"loop.shop.example", 2, Rcode::noerror, 0},    // once around
      {"out.shop.example", 1, Rcode::noerror, 0},     // the target is not ours
      {"across.shop.example", 2, Rcode::noerror, 0},  // another zone of this server
      {"away.shop.example", 1, Rcode::noerror, 1},    // the target's servers
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto reply = ask(row.name);
    CHECK(reply.authoritative);
    CHECK(reply.rcode == row.rcode);
    CHECK(reply.answer.size() == row.answers);
    CHECK(reply.authority.size() == row.authority);
  }
}

TEST_CASE("a referral has no AA") {
  const auto reply = ask("x.other.example");
  CHECK_FALSE(reply.authoritative);
  CHECK(reply.rcode == Rcode::noerror);
  REQUIRE(reply.authority.size() == 1);
  CHECK(reply.authority[0].owner == Name::of("other.example"));
}
