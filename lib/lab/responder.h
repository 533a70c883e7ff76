#pragma once
// One address of one server: packet in, packet out, with the misbehaviour asked for. Knows no
// sockets and no clock; delays and losses happen in server.cpp.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/behaviour.h"
#include "lab/recursor.h"
#include "lab/zone_set.h"

namespace dcv::lab {

class Responder {
 public:
  // `alternate` holds the zones of the second back end; null for one back end. `internet` is what a
  // recursive server looks things up in; others need none.
  Responder(std::string server_name, std::shared_ptr<const ZoneSet> zones,
            std::shared_ptr<const ZoneSet> alternate, Behaviour behaviour,
            std::shared_ptr<const Internet> internet = nullptr);

  const Behaviour& behaviour() const { return behaviour_; }

  // The answer to one query packet; nothing where the server keeps silent.
  std::optional<std::string> respond(std::string_view packet, Transport transport);

 private:
  dns::Message reply_to(const dns::Message& query);
  void answer_question(const dns::Message& query, dns::Message& reply);
  void answer_from_zones(const dns::Message& query, dns::Message& reply);
  bool is_refused_recursion(const dns::Message& query) const;
  void answer_recursively(const dns::Message& query, dns::Message& reply);
  void add_soa(const dns::Message& query, dns::Message& reply) const;
  void refer_upward(dns::Message& reply) const;
  void add_edns(const dns::Message& query, const ZoneSet& zones, dns::Message& reply) const;
  const ZoneSet& next_back_end(const dns::Question& question);

  std::string server_name_;
  std::shared_ptr<const ZoneSet> zones_, alternate_;
  Behaviour behaviour_;
  std::optional<Recursor> recursor_;
  std::map<std::pair<dns::Name, dns::RecordType>, unsigned> asked_;  // for `alternate`
};

// One address of the lab and what answers there.
struct Host {
  std::string server;
  dns::IpAddress address;
  Responder responder;
};

// All addresses of a scenario's servers.
std::vector<Host> make_hosts(const Scenario& scenario);

// The resolver that answers in the place of all servers of a scenario that is intercepted.
Responder make_interceptor(const Scenario& scenario);

}  // namespace dcv::lab
