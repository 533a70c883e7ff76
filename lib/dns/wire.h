#pragma once
// Bytes to message and back. Own code, because ldns gives up a whole packet for one bad record:
// a tolerant walk from record to record keeps what can be read and tells what cannot.

#include <cstddef>
#include <string>
#include <string_view>

#include "dns/message.h"

namespace dcv::dns {

// Fails only when not even a header can be read, or the question does not parse; everything else
// that is wrong goes into Message::faults with what could be read (a bare header, as some servers
// send with an error, is a message without question). Never throws on any bytes.
Result<Message> decode(std::string_view bytes);

// The same for a reply to a question in random case (0x20). Servers compress names of any case
// against the question, so that our letters would turn up in NS names and alias targets: all names
// that lean on the question are given in lower case. The question itself stays as it came.
Result<Message> decode_reply(std::string_view bytes);

// The packet. Names keep their case: they are compressed only against names of equal case.
// Records that would make it longer than `limit` bytes are left out from the end and TC is set
// when one of the answer or authority section is. OPT always stays, even where it alone is longer.
std::string encode(const Message& message, std::size_t limit = 65535);

// A query with a fresh header: RD as given, EDNS as given in `edns` (absent: none).
std::string encode_query(std::uint16_t id, const Question& question, bool recursion_desired,
                         const std::optional<Edns>& edns);

}  // namespace dcv::dns
