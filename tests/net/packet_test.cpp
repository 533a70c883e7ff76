#include "net/packet.h"

#include "dns/wire.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;
using net::Fit;

namespace {

const dns::Question kAsked{Name::of("www.example.org"), dns::RecordType::txt};

dns::Message reply_to(const dns::Question& question) {
  dns::Message reply;
  reply.id = 0x1234;
  reply.response = true;
  reply.question = question;
  return reply;
}

Fit fit(const dns::Message& reply, std::uint16_t id = 0x1234) {
  return net::read_reply(dns::encode(reply), id, kAsked).fit;
}

}  // namespace

TEST_CASE("a reply fits by id, question and the response bit") {
  CHECK(fit(reply_to(kAsked)) == Fit::ours);
  CHECK(fit(reply_to({Name::of("WWW.example.ORG"), dns::RecordType::txt})) == Fit::ours);
  CHECK(fit(reply_to(kAsked), 0x1235) == Fit::foreign);
  CHECK(fit(reply_to(kAsked), 0x3412) == Fit::foreign);
  CHECK(fit(reply_to({Name::of("example.org"), dns::RecordType::txt})) == Fit::foreign);
  CHECK(fit(reply_to({kAsked.name, dns::RecordType::caa})) == Fit::foreign);
  CHECK(fit(reply_to({kAsked.name, dns::RecordType::txt, 3})) == Fit::foreign);
  dns::Message query = reply_to(kAsked);
  query.response = false;
  CHECK(fit(query) == Fit::foreign);
  dns::Message update = reply_to(kAsked);
  update.opcode = dns::Opcode::update;
  CHECK(fit(update) == Fit::foreign);
}

TEST_CASE("without a question only an error or a truncated reply fits") {
  dns::Message bare = reply_to(kAsked);
  bare.question.reset();
  CHECK(fit(bare) == Fit::foreign);
  bare.truncated = true;
  CHECK(fit(bare) == Fit::ours);
  bare.truncated = false;
  bare.rcode = dns::Rcode::formerr;
  CHECK(fit(bare) == Fit::ours);
}

TEST_CASE("bytes that cannot be read are ours only by their id") {
  CHECK(net::read_reply("", 0x1234, kAsked).fit == Fit::foreign);
  CHECK(net::read_reply("\x12", 0x1234, kAsked).fit == Fit::foreign);
  CHECK(net::read_reply("\x12\x35", 0x1234, kAsked).fit == Fit::foreign);
  const net::Reading reading = net::read_reply("\x12\x34\x80", 0x1234, kAsked);
  CHECK(reading.fit == Fit::unreadable);
  CHECK_FALSE(reading.fault.empty());
}

TEST_CASE("a reply tells what it knows of EDNS") {
  dns::Message reply = reply_to(kAsked);
  CHECK(net::edns_support(reply) == observe::EdnsSupport::ignored);
  reply.rcode = dns::Rcode::refused;
  CHECK(net::edns_support(reply) == observe::EdnsSupport::unknown);
  reply.edns = dns::Edns{};
  CHECK(net::edns_support(reply) == observe::EdnsSupport::supported);
}
