// Bytes to message and back, and what happens with broken bytes.

#include "dns/wire.h"

#include "support/catch.h"

using namespace dcv::dns;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (int value : values) result += static_cast<char>(value);
  return result;
}

// A reply header with the four section counts.
std::string header(int questions, int answers, int authorities, int additionals) {
  return bytes({0x12, 0x34, 0x84, 0x00, 0, questions, 0, answers, 0, authorities, 0, additionals});
}

std::string question_bytes() {
  return bytes({1, 'a', 2, 'b', 'c', 0, 0, 16, 0, 1});
}

Message reply() {
  Message message;
  message.id = 4711;
  message.response = message.authoritative = true;
  message.question = Question{Name::of("wWw.shop.Example"), RecordType::txt, kClassIn};
  message.answer = {make_txt(Name::of("wWw.shop.Example"), 60, "token")};
  message.authority = {
      make_target(Name::of("shop.example"), RecordType::ns, 3600, Name::of("ns1.shop.example"))};
  message.additional = {
      make_address(Name::of("ns1.shop.example"), 3600, IpAddress::of("192.0.2.1"))};
  return message;
}

void check_same(const Message& a, const Message& b) {
  CHECK(a.id == b.id);
  CHECK(a.response == b.response);
  CHECK(a.authoritative == b.authoritative);
  CHECK(a.truncated == b.truncated);
  CHECK(a.recursion_desired == b.recursion_desired);
  CHECK(a.recursion_available == b.recursion_available);
  CHECK(a.authentic_data == b.authentic_data);
  CHECK(a.checking_disabled == b.checking_disabled);
  CHECK(a.opcode == b.opcode);
  CHECK(a.rcode == b.rcode);
  CHECK(a.question == b.question);
  CHECK(a.answer == b.answer);
  CHECK(a.authority == b.authority);
  CHECK(a.additional == b.additional);
  REQUIRE(a.edns.has_value() == b.edns.has_value());
  if (!a.edns) return;
  CHECK(a.edns->udp_size == b.edns->udp_size);
  CHECK(a.edns->version == b.edns->version);
  CHECK(a.edns->dnssec_ok == b.edns->dnssec_ok);
  REQUIRE(a.edns->options.size() == b.edns->options.size());
  for (std::size_t i = 0; i < a.edns->options.size(); ++i) {
    CHECK(a.edns->options[i].code == b.edns->options[i].code);
    CHECK(a.edns->options[i].data == b.edns->options[i].data);
  }
}

}  // namespace

TEST_CASE("a message survives encoding and decoding, every flag and EDNS included") {
  auto message = reply();
  message.recursion_desired = message.checking_disabled = true;
  message.rcode = Rcode::badvers;
  message.opcode = Opcode::notify;
  message.edns = Edns{4096, 1, true, {{3, "server-1"}, {65001, bytes({0, 255})}, {15, ""}}};
  auto decoded = decode(encode(message));
  REQUIRE(decoded);
  CHECK(decoded->faults.empty());
  check_same(*decoded, message);

  Message other;
  other.truncated = other.recursion_available = other.authentic_data = true;
  decoded = decode(encode(other));
  REQUIRE(decoded);
  check_same(*decoded, other);
}

TEST_CASE("compression keeps the case of every name") {
  auto message = reply();
  message.answer.push_back(make_target(Name::of("www.shop.example"), RecordType::cname, 60,
                                       Name::of("WWW.SHOP.EXAMPLE")));
  auto packet = encode(message);
  auto decoded = decode(packet);
  REQUIRE(decoded);
  CHECK(decoded->question->name.same_case(Name::of("wWw.shop.Example")));
  CHECK(decoded->answer[0].owner.same_case(Name::of("wWw.shop.Example")));
  CHECK(decoded->answer[1].owner.same_case(Name::of("www.shop.example")));
  CHECK(as_target(decoded->answer[1])->same_case(Name::of("WWW.SHOP.EXAMPLE")));
  CHECK(decoded->authority[0].owner.same_case(Name::of("shop.example")));
  // The owner of the first answer is a pointer to the question.
  auto question_end = 12 + message.question->name.wire().size() + 4;
  CHECK(packet.substr(question_end, 2) == bytes({0xc0, 12}));
}

TEST_CASE("the letters of a question in random case do not turn up in other names of the reply") {
  // NS a.bc behind "A.bC", as servers compress it; then the same name spelled out.
  auto packet = header(1, 2, 0, 0) + bytes({1, 'A', 2, 'b', 'C', 0, 0, 16, 0, 1}) +
                bytes({0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, 4, 1, 'N', 0xc0, 14}) +
                bytes({1, 'A', 0, 0, 16, 0, 1, 0, 0, 0, 60, 0, 2, 1, 'T'});
  auto reply = decode_reply(packet);
  REQUIRE(reply);
  CHECK(reply->faults.empty());
  CHECK(reply->question->name.same_case(Name::of("A.bC")));
  CHECK(reply->answer[0].owner.same_case(Name::of("a.bc")));
  CHECK(as_target(reply->answer[0])->same_case(Name::of("N.bc")));
  CHECK(reply->answer[1].owner.same_case(Name::of("A")));
  CHECK(as_txt_strings(reply->answer[1])->front() == "T");
}

TEST_CASE("a reply whose question is compressed or cut off decodes as any message does") {
  // A question that points into the header: at byte 6, which is the root.
  auto odd = decode_reply(header(1, 0, 0, 0) + bytes({1, 'A', 0xc0, 6, 0, 16, 0, 1}));
  REQUIRE(odd);
  CHECK(odd->question->name.same_case(Name::of("A")));
  CHECK(decode_reply(header(0, 0, 0, 0)));
  CHECK_FALSE(decode_reply("short"));
}

TEST_CASE("a query has the question, the RD bit and EDNS as given") {
  Question question{Name::of("a.bc"), RecordType::txt, kClassIn};
  CHECK(encode_query(0x1234, question, true, std::nullopt) ==
        bytes({0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0}) + question_bytes());
  Edns edns;
  edns.dnssec_ok = true;
  edns.options = {{3, ""}};
  CHECK(encode_query(0x1234, question, false, edns) ==
        bytes({0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1}) + question_bytes() +
            bytes({0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 4, 0, 3, 0, 0}));
}

TEST_CASE("records beyond the limit are left out from the end, OPT stays") {
  auto message = reply();
  message.edns = Edns{};
  auto whole = encode(message);
  CHECK(encode(message, whole.size()) == whole);

  auto without_glue = decode(encode(message, whole.size() - 1));
  REQUIRE(without_glue);
  CHECK(without_glue->additional.empty());
  CHECK(without_glue->authority.size() == 1);
  CHECK_FALSE(without_glue->truncated);
  CHECK(without_glue->edns);
  CHECK(without_glue->faults.empty());

  auto tiny = decode(encode(message, 50));
  REQUIRE(tiny);
  CHECK(tiny->answer.empty());
  CHECK(tiny->authority.empty());
  CHECK(tiny->truncated);
  CHECK(tiny->edns);
  CHECK(tiny->question == message.question);
  CHECK(tiny->faults.empty());

  message.answer.assign(100, make_txt(Name::of("www.shop.example"), 60, std::string(40, 'x')));
  for (std::size_t limit = 100; limit < 1500; limit += 97) {
    auto packet = encode(message, limit);
    CHECK(packet.size() <= limit);
    CHECK(packet.size() + 60 > limit);
    CHECK(decode(packet)->truncated);
  }
}

TEST_CASE("the extended rcode is merged from OPT") {
  auto packet = header(0, 0, 0, 1) + bytes({0, 0, 41, 0x10, 0, 0x01, 0, 0, 0, 0, 0});
  packet[3] = 7;
  auto message = decode(packet);
  REQUIRE(message);
  CHECK(message->rcode == Rcode::badcookie);
  CHECK(message->edns->udp_size == 4096);
  CHECK(message->additional.empty());
}

TEST_CASE("names in the data of known types come out uncompressed, unknown types stay raw") {
  auto packet = header(1, 3, 0, 0) + question_bytes() +
                bytes({0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 9, 0, 6, 0, 10, 1, 'm', 0xc0, 14}) +
                bytes({0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 9, 0, 8, 0, 1, 0, 2, 0, 3, 0xc0, 14}) +
                bytes({0xc0, 12, 0xff, 0, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 14});
  auto message = decode(packet);
  REQUIRE(message);
  CHECK(message->faults.empty());
  REQUIRE(message->answer.size() == 3);
  CHECK(rdata_text(message->answer[0]) == "10 m.bc.");
  CHECK(message->answer[1].rdata == bytes({0, 1, 0, 2, 0, 3, 2, 'b', 'c', 0}));
  CHECK(message->answer[2].rdata == bytes({0xc0, 14}));
  CHECK(message->answer[2].owner == Name::of("a.bc"));
}

TEST_CASE("one bad record is told and does not hide the rest") {
  auto good = bytes({0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1});
  auto short_address = bytes({0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 3, 192, 0, 2});
  auto forward = bytes({0xc0, 0xff, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1});
  auto looping_target = bytes({0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 81});
  auto packet =
      header(1, 4, 0, 0) + question_bytes() + short_address + forward + looping_target + good;
  REQUIRE((22 + short_address.size() + forward.size() + 12) == 65);
  packet[22 + short_address.size() + forward.size() + 13] = 65;  // points to itself
  auto message = decode(packet);
  REQUIRE(message);
  REQUIRE(message->answer.size() == 1);
  CHECK(as_address(message->answer[0]) == IpAddress::of("192.0.2.1"));
  CHECK(message->faults ==
        std::vector<std::string>{"record 1 of the answer section has malformed A data",
                                 "record 2 of the answer section has a malformed owner name",
                                 "record 3 of the answer section has malformed CNAME data"});
}

TEST_CASE("a message that ends early keeps what came before") {
  auto whole = encode(reply());
  auto message = decode(std::string_view(whole).substr(0, whole.size() - 1));
  REQUIRE(message);
  CHECK(message->authority.size() == 1);
  CHECK(message->additional.empty());
  CHECK(message->faults ==
        std::vector<std::string>{"record 1 of the additional section is cut off"});
}

TEST_CASE("leftovers, second questions and doubled or misplaced OPT records are told") {
  auto opt = bytes({0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0});
  CHECK(decode(header(1, 0, 0, 0) + question_bytes() + "xyz")->faults ==
        std::vector<std::string>{"3 bytes follow the last record"});
  CHECK(decode(header(2, 0, 0, 0) + question_bytes() + question_bytes())->faults ==
        std::vector<std::string>{"the message has 2 questions"});
  CHECK(decode(header(2, 1, 0, 0) + question_bytes())->faults ==
        std::vector<std::string>{"the message has 2 questions", "the question section is cut off"});
  CHECK(decode(header(0, 0, 0, 2) + opt + opt)->faults ==
        std::vector<std::string>{"record 2 of the additional section is a second OPT record"});
  CHECK(decode(header(0, 1, 0, 0) + opt)->faults ==
        std::vector<std::string>{"record 1 of the answer section is OPT, which belongs in the "
                                 "additional section"});
  auto bad_options = bytes({0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 9, 0, 3, 0, 1, 'n', 0, 9, 0, 7});
  auto message = decode(header(0, 0, 0, 1) + bad_options);
  REQUIRE(message);
  CHECK(message->edns->nsid() == "n");
  CHECK(message->edns->options.size() == 1);
  CHECK(message->faults == std::vector<std::string>{
                               "record 1 of the additional section is OPT with malformed options"});
}

TEST_CASE("decoding fails only without a header or with a malformed question") {
  CHECK(decode("").error() == "a DNS message has at least 12 bytes, this has 0");
  CHECK(decode(header(0, 0, 0, 0).substr(1)).error() ==
        "a DNS message has at least 12 bytes, this has 11");
  CHECK(decode(header(1, 0, 0, 0) + bytes({1, 'a'})).error() ==
        "the question of the DNS message is malformed");
  CHECK_FALSE(decode(header(1, 0, 0, 0) + bytes({0xc0, 12, 0, 1, 0, 1})));
  auto bare = decode(header(1, 0, 0, 0));
  REQUIRE(bare);
  CHECK_FALSE(bare->question);
  CHECK(bare->faults.size() == 1);
  CHECK(decode(header(0, 0, 0, 0))->faults.empty());
}

TEST_CASE("views of EDNS options") {
  Edns edns;
  CHECK_FALSE(edns.nsid());
  CHECK_FALSE(edns.zone_version());
  CHECK(edns.extended_errors().empty());
  edns.options = {{15, bytes({0, 6, 'b', 'a', 'd', 0})},
                  {3, "ns1"},
                  {10, "12345678"},
                  {15, bytes({0, 22})},
                  {15, "x"},
                  {19, bytes({2, 0, 0, 0, 1, 2})}};
  CHECK(edns.nsid() == "ns1");
  CHECK(edns.cookie() == "12345678");
  auto errors = edns.extended_errors();
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].code == 6);
  CHECK(errors[0].text == "bad");
  CHECK(errors[1].code == 22);
  REQUIRE(edns.zone_version());
  CHECK(edns.zone_version()->label_count == 2);
  CHECK(edns.zone_version()->serial == 258);
  edns.options = {{19, bytes({2, 1, 0, 0, 1, 2})}};
  CHECK_FALSE(edns.zone_version());
  edns.options = {{19, ""}};
  CHECK_FALSE(edns.zone_version());
}
