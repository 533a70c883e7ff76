// What one zone answers: cuts, wildcards, empty non-terminals, aliases, denials.

#include "lab/zone.h"

#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;
using dns::RecordType;
using Kind = lab::Lookup::Kind;

namespace {

lab::Zone zone_of(const std::string& text) {
  const Name apex = Name::of("shop.example");
  const auto records = dns::parse_zone(text, apex);
  REQUIRE(records);
  return {apex, *records};
}

// Signatures here only need to be recognisable: the zone does not verify them.
lab::Zone example() {
  return zone_of(R"($TTL 3600
@ 900 IN SOA ns1 hostmaster ( 7 7200 3600 1209600 300 )
@ IN NS ns1
@ IN NS ns.elsewhere.org.
ns1 IN A 45.90.28.10
ns1 IN AAAA 2a07:a8c0::10
www IN CNAME app
app IN A 45.90.29.81
both IN CNAME app
both IN TXT "left"
deep.empty.app IN TXT "deep"
* IN TXT "wild"
*.alias IN CNAME app
blocked.alias IN A 45.90.29.82
sub IN NS ns.sub
sub IN NS ns1
ns.sub IN A 45.90.28.99
*.sub IN TXT "hidden"
tree IN DNAME target.example.
tree IN TXT "at the top"
)");
}

std::string lines(const std::vector<dns::Record>& records) {
  std::string all;
  for (const auto& record : records) {
    all += record.owner.text() + " " + std::to_string(record.ttl) + " " + text(record.type) + " " +
           rdata_text(record) + "\n";
  }
  return all;
}

lab::Lookup ask(const lab::Zone& zone, const char* name, RecordType type, bool dnssec = false) {
  return zone.lookup(Name::of(name), type, dnssec);
}

const std::string kSoa =
    "shop.example. 300 SOA ns1.shop.example. hostmaster.shop.example. 7 7200 3600 1209600 300\n";

}  // namespace

TEST_CASE("each question ends in the right kind with the right data") {
  struct Row {
    const char* name;
    RecordType type;
    Kind kind;
    std::string answer;
  };
  const std::vector<Row> rows = {
      {"app.shop.example", RecordType::a, Kind::answer, "app.shop.example. 3600 A 45.90.29.81\n"},
      {"app.shop.example", RecordType::txt, Kind::nodata, ""},
      {"shop.example", RecordType::txt, Kind::nodata, ""},
      {"www.shop.example", RecordType::a, Kind::alias,
       "www.shop.example. 3600 CNAME app.shop.example.\n"},
      {"www.shop.example", RecordType::cname, Kind::answer,
       "www.shop.example. 3600 CNAME app.shop.example.\n"},
      {"both.shop.example", RecordType::txt, Kind::answer,
       "both.shop.example. 3600 TXT \"left\"\n"},
      {"both.shop.example", RecordType::a, Kind::alias,
       "both.shop.example. 3600 CNAME app.shop.example.\n"},
      {"empty.app.shop.example", RecordType::txt, Kind::nodata, ""},
      {"x.shop.example", RecordType::txt, Kind::answer, "x.shop.example. 3600 TXT \"wild\"\n"},
      {"y.x.shop.example", RecordType::txt, Kind::answer, "y.x.shop.example. 3600 TXT \"wild\"\n"},
      {"x.shop.example", RecordType::a, Kind::nodata, ""},
      {"x.app.shop.example", RecordType::txt, Kind::nxdomain, ""},
      {"x.empty.app.shop.example", RecordType::txt, Kind::nxdomain, ""},
      {"x.alias.shop.example", RecordType::txt, Kind::alias,
       "x.alias.shop.example. 3600 CNAME app.shop.example.\n"},
      {"blocked.alias.shop.example", RecordType::txt, Kind::nodata, ""},
      {"y.blocked.alias.shop.example", RecordType::txt, Kind::nxdomain, ""},
      {"alias.shop.example", RecordType::txt, Kind::nodata, ""},
      {"*.shop.example", RecordType::txt, Kind::answer, "*.shop.example. 3600 TXT \"wild\"\n"},
      {"tree.shop.example", RecordType::txt, Kind::answer,
       "tree.shop.example. 3600 TXT \"at the top\"\n"},
  };
  const lab::Zone zone = example();
  for (const Row& row : rows) {
    INFO(row.name << " " << text(row.type));
    const auto lookup = ask(zone, row.name, row.type);
    CHECK(lookup.kind == row.kind);
    CHECK(lines(lookup.answer) == row.answer);
    const bool negative = row.kind == Kind::nodata || row.kind == Kind::nxdomain;
    CHECK(lines(lookup.authority) == (negative ? kSoa : ""));
  }
}

TEST_CASE("names below a cut, and the cut itself, get a referral with the addresses known here") {
  const lab::Zone zone = example();
  for (const char* name : {"sub.shop.example", "a.b.sub.shop.example", "ns.sub.shop.example"}) {
    INFO(name);
    const auto lookup = ask(zone, name, RecordType::a);
    CHECK(lookup.kind == Kind::referral);
    CHECK(lines(lookup.answer).empty());
    CHECK(lines(lookup.authority) ==
          "sub.shop.example. 3600 NS ns.sub.shop.example.\n"
          "sub.shop.example. 3600 NS ns1.shop.example.\n");
    CHECK(lines(lookup.additional) ==
          "ns.sub.shop.example. 3600 A 45.90.28.99\n"
          "ns1.shop.example. 3600 A 45.90.28.10\n"
          "ns1.shop.example. 3600 AAAA 2a07:a8c0::10\n");
  }
}

TEST_CASE("DS at a cut is answered from the parent's side") {
  CHECK(ask(example(), "sub.shop.example", RecordType::ds).kind == Kind::nodata);
  const auto with_ds = zone_of(
      "@ IN SOA ns1 h ( 7 1 1 1 300 )\n"
      "sub IN NS ns.sub\n"
      "sub IN DS 12345 13 2 0000000000000000000000000000000000000000000000000000000000000000\n");
  CHECK(ask(with_ds, "sub.shop.example", RecordType::ds).kind == Kind::answer);
  CHECK(ask(with_ds, "x.sub.shop.example", RecordType::ds).kind == Kind::referral);
}

TEST_CASE("a DNAME gives itself and the CNAME made from it") {
  const auto lookup = ask(example(), "a.b.tree.shop.example", RecordType::txt);
  CHECK(lookup.kind == Kind::alias);
  CHECK(lookup.target == Name::of("a.b.target.example"));
  CHECK(lines(lookup.answer) ==
        "tree.shop.example. 3600 DNAME target.example.\n"
        "a.b.tree.shop.example. 3600 CNAME a.b.target.example.\n");
}

TEST_CASE("the CNAME made from a DNAME can be asked for itself") {
  const auto lookup = ask(example(), "a.tree.shop.example", RecordType::cname);
  CHECK(lookup.kind == Kind::answer);
  CHECK(lookup.answer.size() == 2);
}

TEST_CASE("a DNAME that makes a name too long says so") {
  const std::string label(60, 'x');
  const auto zone = zone_of("@ IN SOA ns1 h ( 7 1 1 1 300 )\nt IN DNAME " + label + "." + label +
                            "." + label + ".example.\n");
  const std::string name = label + "." + label + ".t.shop.example";
  CHECK(ask(zone, name.c_str(), RecordType::txt).kind == Kind::too_long);
}

TEST_CASE("letters' case does not matter, and the name comes back as it was asked") {
  const auto lookup = ask(example(), "ApP.sHop.eXample", RecordType::a);
  REQUIRE(lookup.answer.size() == 1);
  CHECK(lookup.answer[0].owner.same_case(Name::of("ApP.sHop.eXample")));
}

TEST_CASE("a zone without SOA denies without SOA") {
  const auto lookup = ask(zone_of("a IN TXT \"x\"\n"), "b.shop.example", RecordType::txt);
  CHECK(lookup.kind == Kind::nxdomain);
  CHECK(lookup.authority.empty());
}

namespace {

lab::Zone with_nsec() {
  return zone_of(R"($TTL 300
@ IN SOA ns1 h ( 7 1 1 1 300 )
@ IN NSEC *.fill NS SOA RRSIG NSEC
*.fill IN TXT "w"
*.fill IN NSEC m.shop.example. TXT RRSIG NSEC
m IN A 45.90.29.81
m IN NSEC sub A RRSIG NSEC
sub IN NS ns.sub
sub IN NSEC z NS RRSIG NSEC
ns.sub IN A 45.90.28.99
z IN A 45.90.29.82
z IN NSEC @ A RRSIG NSEC
)");
}

// Owners of the NSEC records given, in order.
std::string denials(const char* name, RecordType type) {
  std::string all;
  for (const auto& record : ask(with_nsec(), name, type, true).authority) {
    if (record.type == RecordType::nsec) all += record.owner.text() + " ";
  }
  return all;
}

}  // namespace

TEST_CASE("NSEC records prove what is not there") {
  CHECK(denials("m.shop.example", RecordType::txt) == "m.shop.example. ");
  CHECK(denials("fill.shop.example", RecordType::txt) == "shop.example. ");  // empty non-terminal
  CHECK(denials("q.shop.example", RecordType::txt) == "m.shop.example. shop.example. ");
  CHECK(denials("x.fill.shop.example", RecordType::txt) == "*.fill.shop.example. ");
  CHECK(denials("x.fill.shop.example", RecordType::a) == "*.fill.shop.example. ");
  CHECK(denials("x.sub.shop.example", RecordType::a) == "sub.shop.example. ");  // no DS
  CHECK(denials("t.shop.example", RecordType::a) == "sub.shop.example. shop.example. ");
}

TEST_CASE("without the DO bit no DNSSEC record is given unasked") {
  for (const auto& record : ask(with_nsec(), "q.shop.example", RecordType::txt).authority) {
    CHECK(record.type == RecordType::soa);
  }
}
