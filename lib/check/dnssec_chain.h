#pragma once
// Private to the DNSSEC family: the chain of trust from the anchors down to the target's zones, as
// each server gives it. Judges replies; makes no findings.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "check/dnssec_signatures.h"
#include "check/family.h"

namespace dcv::check::dnssec {

using Exchanges = std::vector<const observe::Exchange*>;

enum class Trust {
  secure,    // validators demand signatures, and the keys are good
  insecure,  // proven to be outside the chain: signatures do not count
  bogus,     // validators refuse everything
  unknown,   // below a bogus zone, or nothing came back
};

// Why a zone is insecure, bogus or unknown, where no signature is to blame. `no_reply`: its servers
// answer, but not the question for its keys.
enum class ChainFault { none, no_key, no_match, unsupported, no_ds, no_reply };

// Something wrong in the reply of one server.
struct Problem {
  Fault fault = Fault::wrong;
  const observe::Exchange* exchange = nullptr;
  dns::Name name;  // of the set whose signature it is, or of what is denied
  dns::RecordType type = dns::RecordType::a;
  std::uint16_t key_tag = 0;  // 0: no signature
  double date = 0;            // Unix seconds
};

// A reply that was judged; `sound` if validators accept it.
struct Judged {
  const observe::Exchange* exchange = nullptr;
  bool sound = true;
};

struct KeyReply {
  const observe::Exchange* exchange = nullptr;
  std::vector<dns::Record> keys;  // empty: the server has none
  bool matches = false;           // a DS record of the parent fits one of them
  bool cut = false;               // there were more
};

struct ZoneView {
  const observe::Zone* zone = nullptr;
  Trust trust = Trust::unknown;
  ChainFault fault = ChainFault::none;
  std::vector<dns::Record> ds;  // at the parent; the trust anchors for the root
  Exchanges ds_exchanges;       // that gave or denied them
  std::vector<KeyReply> key_replies;
  Exchanges asked_for_keys;                // in vain; only with ChainFault::no_reply
  std::vector<dns::Record> keys;           // by which its records are judged
  std::set<dns::IpAddress> signing;        // addresses that gave any signature of the zone
  std::set<std::uint16_t> used_tags;       // of keys that made any signature seen
  std::vector<Problem> problems;           // in replies of its servers
  std::vector<Judged> judged;              // of the replies of its servers
  std::uint16_t iterations = 0;            // the most in any NSEC3 record of a denial
  const observe::Exchange* iterated_in{};  // where; null for none
  std::set<std::string> limits;            // of judging it, that were reached, in words
};

// The zones on the target's way and on that of its CAA records, parents first.
std::vector<ZoneView> chain_of(const Case& test);

}  // namespace dcv::check::dnssec
