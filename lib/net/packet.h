#pragma once
// What is sent, and whether what came back belongs to it. Free of sockets.

#include <cstdint>
#include <string>
#include <string_view>

#include "dns/message.h"
#include "net/transport.h"
#include "observe/exchange.h"

namespace dcv::net {

// The query as first sent, but for its id and cookie: the letters of the question mixed (0x20),
// EDNS with DO, NSID and ZONEVERSION asked for, and RD, CD and client subnet as told.
dns::Message query_message(const Query& query);

// The bytes of a query with EDNS for an encrypted transport, its length hidden (RFC 8467).
std::string padded(dns::Message query);

enum class Fit {
  ours,        // a reply to this question
  unreadable,  // the right id, but not to be read as DNS
  foreign,     // anything else: wrong id or question, or not a reply
};
struct Reading {
  Fit fit = Fit::foreign;
  dns::Message message;  // when ours
  std::string fault;     // when unreadable
};
// Whether `bytes`, which came from the right address, answer the question `asked` with this id.
// Letter case is ignored. Without a question only an error or a truncated reply is ours: servers
// that cannot read a query, or have no room, leave it out.
Reading read_reply(std::string_view bytes, std::uint16_t id, const dns::Question& asked);

// FORMERR, NOTIMP and BADVERS: what servers say that do not know EDNS.
bool may_blame_edns(dns::Rcode rcode);

// What a reply to a query with EDNS says about it.
observe::EdnsSupport edns_support(const dns::Message& reply);

}  // namespace dcv::net
