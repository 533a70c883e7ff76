// Queries and the matching of replies.

#include "net/packet.h"

#include "dns/wire.h"
#include "net/limits.h"
#include "net/random_case.h"

namespace dcv::net {
namespace {

bool has_id(std::string_view bytes, std::uint16_t id) {
  return bytes.size() >= 2 && static_cast<unsigned char>(bytes[0]) == id >> 8 &&
         static_cast<unsigned char>(bytes[1]) == (id & 0xff);
}

bool is_ours(const dns::Message& message, const dns::Question& asked) {
  if (!message.response || message.opcode != dns::Opcode::query) return false;
  if (message.question) return *message.question == asked;
  return message.rcode != dns::Rcode::noerror || message.truncated;
}

}  // namespace

dns::Message query_message(const Query& query) {
  dns::Message message;
  message.recursion_desired = query.recursion_desired;
  message.checking_disabled = query.checking_disabled;
  message.question = query.question;
  message.question->name = mix_case(query.question.name);
  message.edns = dns::Edns{};
  message.edns->udp_size = kEdnsUdpSize;
  message.edns->dnssec_ok = true;
  message.edns->options = {{static_cast<std::uint16_t>(dns::EdnsCode::nsid), {}},
                           {static_cast<std::uint16_t>(dns::EdnsCode::zoneversion), {}}};
  if (query.client_subnet) message.edns->options.push_back(query.client_subnet->option());
  return message;
}

std::string padded(dns::Message query) {
  query.edns->options.push_back({static_cast<std::uint16_t>(dns::EdnsCode::padding), {}});
  const std::size_t size = dns::encode(query).size();
  const std::size_t missing = (kPaddingBlock - size % kPaddingBlock) % kPaddingBlock;
  query.edns->options.back().data.assign(missing, '\0');
  return dns::encode(query);
}

Reading read_reply(std::string_view bytes, std::uint16_t id, const dns::Question& asked) {
  if (!has_id(bytes, id)) return {};
  Result<dns::Message> message = dns::decode_reply(bytes);
  if (!message) return {Fit::unreadable, {}, message.error()};
  if (!is_ours(*message, asked)) return {};
  return {Fit::ours, std::move(message).value(), {}};
}

bool may_blame_edns(dns::Rcode rcode) {
  return rcode == dns::Rcode::formerr || rcode == dns::Rcode::notimp ||
         rcode == dns::Rcode::badvers;
}

observe::EdnsSupport edns_support(const dns::Message& reply) {
  if (reply.edns) return observe::EdnsSupport::supported;
  const bool fine = reply.rcode == dns::Rcode::noerror || reply.rcode == dns::Rcode::nxdomain;
  return fine ? observe::EdnsSupport::ignored : observe::EdnsSupport::unknown;
}

}  // namespace dcv::net
