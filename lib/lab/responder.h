#pragma once
// One address of one server: packet in, packet out, with the misbehaviour asked for. Knows no
// sockets and no clock; delays and losses happen in server.cpp.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lab/behaviour.h"
#include "lab/zone_set.h"

namespace dcv::lab {

class Responder {
 public:
  // `alternate` holds the zones of the second back end; null for one back end.
  Responder(std::string server_name, std::shared_ptr<const ZoneSet> zones,
            std::shared_ptr<const ZoneSet> alternate, Behaviour behaviour);

  const Behaviour& behaviour() const { return behaviour_; }

  // The answer to one query packet; nothing where the server keeps silent.
  std::optional<std::string> respond(std::string_view packet, Transport transport);

 private:
  dns::Message reply_to(const dns::Message& query);
  void answer_question(const dns::Message& query, dns::Message& reply);
  void answer_from_zones(const dns::Message& query, dns::Message& reply);
  void add_soa(const dns::Message& query, dns::Message& reply) const;
  void refer_upward(dns::Message& reply) const;
  void add_edns(const dns::Message& query, const ZoneSet& zones, dns::Message& reply) const;
  const ZoneSet& next_back_end(const dns::Question& question);

  std::string server_name_;
  std::shared_ptr<const ZoneSet> zones_, alternate_;
  Behaviour behaviour_;
  std::map<std::pair<dns::Name, dns::RecordType>, unsigned> asked_;  // for `alternate`
};

}  // namespace dcv::lab
