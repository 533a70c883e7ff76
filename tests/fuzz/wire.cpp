// Any bytes as a DNS message: the walk over records, the views of their data, ldns behind them, and
// the way back to bytes.

#include "dns/wire.h"

#include <algorithm>

#include "fuzz/message_use.h"
#include "net/packet.h"

using namespace dcv;

namespace {

// What no limit leaves out: header, question and OPT.
std::size_t least_size(dns::Message message) {
  message.answer.clear();
  message.authority.clear();
  message.additional.clear();
  return dns::encode(message).size();
}

void check_round_trip(const dns::Message& message) {
  const std::size_t limit = std::max<std::size_t>(512, least_size(message));
  fuzz::require(dns::encode(message, limit).size() <= limit, "a limit of the size is kept");
  const std::string packet = dns::encode(message);
  const Result<dns::Message> again = dns::decode(packet);
  fuzz::require(static_cast<bool>(again), "what was encoded can be decoded");
  if (again->truncated != message.truncated) return;  // did not fit into 65535 bytes
  fuzz::require(again->answer == message.answer, "the answer survives a round trip");
  fuzz::require(again->authority == message.authority, "the authority survives a round trip");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const Result<dns::Message> message = dns::decode(bytes);
  const Result<dns::Message> reply = dns::decode_reply(bytes);
  fuzz::require(static_cast<bool>(message) == static_cast<bool>(reply),
                "a reply can be read where the message can");
  if (!message) return 0;
  fuzz::use(*message);
  fuzz::use(*reply);
  check_round_trip(*message);
  if (message->question) net::read_reply(bytes, message->id, *message->question);
  return 0;
}
