#pragma once
// How a server of the lab misbehaves, as plain values; docs/lab.md describes each of them.

#include <map>
#include <optional>
#include <string>

#include "dns/codes.h"

namespace dcv::lab {

enum class Transport { udp, tcp };

enum class TcpFault { none, refuse, drop };
enum class EdnsFault { none, formerr, notimp, drop, ignore };

struct Behaviour {
  std::optional<dns::Rcode> rcode;
  std::map<dns::RecordType, dns::Rcode> rcode_by_type;
  bool drop = false;
  bool closed = false;
  double loss = 0;   // share of UDP queries, 0 to 1
  int delay_ms = 0;  // milliseconds
  bool udp_drop = false;
  TcpFault tcp = TcpFault::none;
  bool truncate = false;
  bool lower_case = false;
  bool wrong_id = false;
  bool garbage = false;
  EdnsFault edns = EdnsFault::none;
  bool no_aa = false;
  bool recursion_available = false;
  bool recursive = false;
  bool refuse_non_recursive = false;
  bool no_soa = false;
  bool soa_in_answer = false;
  bool no_denial = false;
  bool upward_referral = false;
  std::string alternate;  // the variant of the second back end; empty for one back end
};

}  // namespace dcv::lab
