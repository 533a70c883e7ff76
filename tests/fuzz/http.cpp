// Any bytes as what web servers and DoH resolvers send: an HTTP/1 reply in pieces, its redirect,
// and the fields of an HTTP/2 response.

#include "fuzz/input.h"
#include "net/http_reply.h"
#include "net/https_message.h"
#include "net/web.h"
#include "rules/url.h"

using namespace dcv;

namespace {

observe::Fetch read_reply(std::string_view bytes, std::size_t piece) {
  net::HttpReply reply;
  while (!bytes.empty() && !reply.over()) {
    reply.take(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (!reply.over()) reply.take_end();
  observe::Fetch fetch;
  reply.tell(fetch);
  fuzz::require(fetch.body.size() <= net::kWebBody, "no more of a body is kept than may be");
  if (!reply.complete()) fetch = {};
  return fetch;
}

void read_as_doh(std::string_view bytes) {
  fuzz::Parts parts(bytes);
  net::HttpResponse response;
  response.take_field(":status", parts.block());
  response.take_field("content-type", parts.block());
  response.take_field("location", parts.block());
  response.take_body(parts.rest());
  const observe::Endpoint endpoint{.transport = observe::Transport::https,
                                   .address = dns::IpAddress::of("8.8.8.8")};
  net::fault_of(response, endpoint);
}

}  // namespace

// Input: the size of the pieces; the reply.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts(fuzz::text_of(data, size));
  const std::size_t piece = std::size_t{1} + parts.byte();
  const std::string_view bytes = parts.rest();
  const observe::Fetch whole = read_reply(bytes, bytes.size() + 1);
  fuzz::require(read_reply(bytes, piece) == whole, "where a reply is cut makes no difference");
  const auto base = rules::parse_url("http://app.shop.example/.well-known/acme-challenge/x");
  const auto next = rules::resolve_location(*base, whole.location);
  if (next) next->name();
  read_as_doh(bytes);
  return 0;
}
