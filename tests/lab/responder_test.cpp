// Packet in, packet out: the ordinary answer, and each misbehaviour of docs/lab.md.

#include "lab/responder.h"

#include "dns/reply_kind.h"
#include "dns/wire.h"
#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;
using dns::Rcode;
using dns::RecordType;
using lab::Behaviour;
using lab::Transport;

namespace {

std::shared_ptr<const lab::ZoneSet> zones(const std::string& value) {
  std::string text = "@ IN SOA ns1 h ( 42 1 1 1 300 )\na IN TXT \"" + value + "\"\n";
  for (int i = 0; i < 30; ++i) {
    text += "many IN TXT \"" + std::to_string(i) + std::string(50, 'x') + "\"\n";
  }
  const auto records = dns::parse_zone(text, Name::of("shop.example"));
  REQUIRE(records);
  return std::make_shared<lab::ZoneSet>(
      std::vector<lab::Zone>{{Name::of("shop.example"), *records}});
}

lab::Responder responder(const Behaviour& behaviour = {}) {
  return {"ns1.shop.example", zones("first"), nullptr, behaviour};
}

std::string query(const char* name, bool edns = true, RecordType type = RecordType::txt) {
  std::optional<dns::Edns> options;
  if (edns) options.emplace();
  return dns::encode_query(77, {Name::of(name), type}, false, options);
}

std::optional<dns::Message> ask(lab::Responder& server, const std::string& packet,
                                Transport transport = Transport::udp) {
  const auto bytes = server.respond(packet, transport);
  if (!bytes) return std::nullopt;
  auto reply = dns::decode(*bytes);
  REQUIRE(reply);
  CHECK(reply->response);
  return std::move(reply).value();
}

std::optional<dns::Message> ask(const Behaviour& behaviour, const char* name = "a.shop.example",
                                Transport transport = Transport::udp) {
  auto server = responder(behaviour);
  return ask(server, query(name), transport);
}

}  // namespace

TEST_CASE("an ordinary answer keeps id and question, has AA and echoes EDNS") {
  const auto reply = ask(Behaviour{}, "A.shop.example");
  REQUIRE(reply);
  CHECK(reply->id == 77);
  CHECK(reply->authoritative);
  CHECK_FALSE(reply->recursion_available);
  CHECK(reply->rcode == Rcode::noerror);
  CHECK(reply->question->name.same_case(Name::of("A.shop.example")));
  REQUIRE(reply->answer.size() == 1);
  CHECK(dns::as_txt(reply->answer[0]) == "first");
  REQUIRE(reply->edns);
  CHECK(reply->edns->udp_size == 1232);
  CHECK(reply->edns->options.empty());
  CHECK(reply->faults.empty());
}

TEST_CASE("without EDNS in the query there is none in the reply") {
  auto server = responder();
  CHECK_FALSE(ask(server, query("a.shop.example", false))->edns);
}

TEST_CASE("NSID is the server's name and ZONEVERSION the serial") {
  dns::Edns edns;
  edns.options = {{3, ""}, {19, ""}};
  auto server = responder();
  const auto packet =
      dns::encode_query(1, {Name::of("a.shop.example"), RecordType::txt}, false, edns);
  const auto reply = ask(server, packet);
  REQUIRE(reply->edns);
  CHECK(reply->edns->nsid() == "ns1.shop.example");
  REQUIRE(reply->edns->zone_version());
  CHECK(reply->edns->zone_version()->serial == 42);
  CHECK(reply->edns->zone_version()->label_count == 2);
}

TEST_CASE("another EDNS version is BADVERS") {
  dns::Edns edns;
  edns.version = 1;
  auto server = responder();
  const auto packet =
      dns::encode_query(1, {Name::of("a.shop.example"), RecordType::a}, false, edns);
  CHECK(ask(server, packet)->rcode == Rcode::badvers);
}

TEST_CASE("a large answer is truncated over UDP to what both sides take, never over TCP") {
  auto server = responder();
  const auto small = server.respond(query("many.shop.example", false), Transport::udp);
  const auto large = server.respond(query("many.shop.example"), Transport::udp);
  CHECK(small->size() <= 512);
  CHECK(large->size() <= 1232);
  CHECK(large->size() > 512);
  CHECK(dns::decode(*large)->truncated);
  const auto whole = ask(server, query("many.shop.example"), Transport::tcp);
  CHECK_FALSE(whole->truncated);
  CHECK(whole->answer.size() == 30);
}

TEST_CASE("a packet that is no query gets nothing, other opcodes NOTIMP, other classes REFUSED") {
  auto server = responder();
  CHECK_FALSE(server.respond("short", Transport::udp));
  dns::Message message;
  message.response = true;
  message.question = dns::Question{Name::of("a.shop.example"), RecordType::a};
  CHECK_FALSE(server.respond(dns::encode(message), Transport::udp));
  message.response = false;
  message.opcode = dns::Opcode::update;
  CHECK(ask(server, dns::encode(message))->rcode == Rcode::notimp);
  message.opcode = dns::Opcode::query;
  message.question->record_class = 3;
  CHECK(ask(server, dns::encode(message))->rcode == Rcode::refused);
  message.question.reset();
  CHECK(ask(server, dns::encode(message))->rcode == Rcode::formerr);
}

TEST_CASE("a question for a zone that is not there gets REFUSED and says why") {
  auto server = responder();
  const auto elsewhere = ask(server, query("a.elsewhere.example"));
  CHECK(elsewhere->rcode == Rcode::refused);
  REQUIRE(elsewhere->edns->extended_errors().size() == 1);
  CHECK(elsewhere->edns->extended_errors()[0].code == 20);
  CHECK(ask(server, query("a.shop.example"))->edns->extended_errors().empty());
}

TEST_CASE("rcode replaces every answer, rcode_by_type those of some types") {
  Behaviour all;
  all.rcode = Rcode::refused;
  const auto refused = ask(all);
  CHECK(refused->rcode == Rcode::refused);
  CHECK(refused->answer.empty());
  CHECK_FALSE(refused->authoritative);
  Behaviour some;
  some.rcode_by_type[RecordType::caa] = Rcode::servfail;
  auto server = responder(some);
  CHECK(ask(server, query("a.shop.example", true, RecordType::caa))->rcode == Rcode::servfail);
  CHECK(ask(server, query("a.shop.example"))->rcode == Rcode::noerror);
}

TEST_CASE("NXDOMAIN for some types is a denial with the zone's SOA") {
  Behaviour behaviour;
  behaviour.rcode_by_type[RecordType::caa] = Rcode::nxdomain;
  auto server = responder(behaviour);
  const auto denial = ask(server, query("a.shop.example", true, RecordType::caa));
  CHECK(denial->rcode == Rcode::nxdomain);
  CHECK(denial->authoritative);
  CHECK(dns::zone_in(*denial) == dns::Name::of("shop.example"));
}

TEST_CASE("silence: on all transports, or on one") {
  Behaviour all, no_udp, no_tcp;
  all.drop = true;
  no_udp.udp_drop = true;
  no_tcp.tcp = lab::TcpFault::drop;
  CHECK_FALSE(ask(all, "a.shop.example", Transport::udp));
  CHECK_FALSE(ask(all, "a.shop.example", Transport::tcp));
  CHECK_FALSE(ask(no_udp, "a.shop.example", Transport::udp));
  CHECK(ask(no_udp, "a.shop.example", Transport::tcp));
  CHECK(ask(no_tcp, "a.shop.example", Transport::udp));
  CHECK_FALSE(ask(no_tcp, "a.shop.example", Transport::tcp));
}

TEST_CASE("truncate empties UDP answers only") {
  Behaviour behaviour;
  behaviour.truncate = true;
  const auto udp = ask(behaviour);
  CHECK(udp->truncated);
  CHECK(udp->answer.empty());
  CHECK(ask(behaviour, "a.shop.example", Transport::tcp)->answer.size() == 1);
}

TEST_CASE("lower_case changes the question's case, wrong_id the id") {
  Behaviour behaviour;
  behaviour.lower_case = true;
  behaviour.wrong_id = true;
  const auto reply = ask(behaviour, "A.ShoP.example");
  CHECK(reply->question->name.same_case(Name::of("a.shop.example")));
  CHECK(reply->id != 77);
  CHECK(reply->answer.size() == 1);
}

TEST_CASE("garbage has the query's id and cannot be read") {
  Behaviour behaviour;
  behaviour.garbage = true;
  auto server = responder(behaviour);
  const auto packet = query("a.shop.example");
  const auto bytes = server.respond(packet, Transport::udp);
  REQUIRE(bytes);
  CHECK(bytes->substr(0, 2) == packet.substr(0, 2));
  CHECK_FALSE(dns::decode(*bytes));
}

TEST_CASE("a server that does not bear EDNS answers plain queries") {
  using lab::EdnsFault;
  for (const auto fault :
       {EdnsFault::formerr, EdnsFault::notimp, EdnsFault::drop, EdnsFault::ignore}) {
    Behaviour behaviour;
    behaviour.edns = fault;
    auto server = responder(behaviour);
    CHECK(ask(server, query("a.shop.example", false))->answer.size() == 1);
    const auto reply = ask(server, query("a.shop.example"));
    REQUIRE(reply.has_value() == (fault != EdnsFault::drop));
    if (!reply) continue;
    CHECK_FALSE(reply->edns);
    CHECK(reply->answer.size() == (fault == EdnsFault::ignore ? 1 : 0));
    if (fault == EdnsFault::formerr) CHECK(reply->rcode == Rcode::formerr);
    if (fault == EdnsFault::notimp) CHECK(reply->rcode == Rcode::notimp);
  }
}

TEST_CASE("header flags and the SOA as the behaviour says") {
  Behaviour behaviour;
  behaviour.no_aa = true;
  behaviour.recursion_available = true;
  const auto flags = ask(behaviour);
  CHECK_FALSE(flags->authoritative);
  CHECK(flags->recursion_available);
  CHECK(ask(Behaviour{}, "none.shop.example")->authority.size() == 1);
  behaviour = {};
  behaviour.no_soa = true;
  const auto denial = ask(behaviour, "none.shop.example");
  CHECK(denial->rcode == Rcode::nxdomain);
  CHECK(denial->authority.empty());
  behaviour = {};
  behaviour.soa_in_answer = true;
  const auto misplaced = ask(behaviour, "none.shop.example");
  CHECK(misplaced->rcode == Rcode::nxdomain);
  CHECK(misplaced->authority.empty());
  REQUIRE(misplaced->answer.size() == 1);
  CHECK(misplaced->answer[0].type == RecordType::soa);
}

TEST_CASE("upward_referral sends strangers to the root") {
  Behaviour behaviour;
  behaviour.upward_referral = true;
  const auto reply = ask(behaviour, "other.example");
  CHECK(reply->rcode == Rcode::noerror);
  CHECK_FALSE(reply->authoritative);
  CHECK(reply->authority.size() == 13);
  CHECK(reply->authority[0].owner.is_root());
  CHECK(ask(behaviour)->answer.size() == 1);
}

TEST_CASE("alternate: every second repetition of a question comes from the other back end") {
  Behaviour behaviour;
  behaviour.alternate = "stale";
  lab::Responder server("ns1.shop.example", zones("first"), zones("second"), behaviour);
  const auto value = [&](const char* name) {
    return dns::as_txt(ask(server, query(name))->answer.at(0)).value();
  };
  CHECK(value("a.shop.example") == "first");
  CHECK(value("A.shop.example") == "second");
  CHECK(value("a.shop.example") == "first");
  CHECK(ask(server, query("a.shop.example", true, RecordType::a))->answer.empty());
  CHECK(value("a.shop.example") == "second");
}

TEST_CASE("a server that stumbles over a type still refers to others") {
  Behaviour behaviour;
  behaviour.rcode_by_type[RecordType::caa] = Rcode::servfail;
  const std::vector<dns::Record> records =
      dns::parse_zone(
          "@ IN SOA ns1.nic hostmaster.nic 1 2 3 4 5\n@ IN NS ns1.nic\nshop IN NS ns1.shop\n",
          dns::Name::of("example"))
          .value();
  const auto zones = std::make_shared<const lab::ZoneSet>(
      std::vector<lab::Zone>{lab::Zone(dns::Name::of("example"), records)});
  lab::Responder server("a.nic.example", zones, nullptr, behaviour);
  CHECK(ask(server, query("app.shop.example", true, RecordType::caa))->rcode == Rcode::noerror);
  CHECK(ask(server, query("example", true, RecordType::caa))->rcode == Rcode::servfail);
}
