#pragma once
// Resolvers and what they show, added to a hand-made observation.
//
//   ViewWorld world;                                  // the authorities are healthy
//   world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 120));

#include <string>
#include <vector>

#include "check/family.h"
#include "support/observation_builder.h"

namespace dcv::testing {

// The reply as a cache gives it: not authoritative, every TTL counted down to `left`.
inline Reply cached(Reply reply, std::uint32_t left) {
  reply.authoritative = false;
  for (Lines* lines : {&reply.answer, &reply.authority})
    for (std::string& line : *lines) {
      dns::Record record = dns::parse_record(line, dns::Name()).value();
      record.ttl = left;
      line = dns::zone_line(record);
    }
  return reply;
}
inline Reply cached_value(const std::string& value, std::uint32_t left) {
  return cached(data({txt_line(kProofName, value)}), left);
}

struct ViewWorld {
  ObservationBuilder builder = healthy_world();
  // The clock stands where the first question to a resolver is answered.
  observe::Observation& observation = builder.observation;

  observe::Target& target() { return observation.targets.front(); }

  // One more resolver, which answers like this each time it is asked for the records.
  observe::PublicResolver& resolver(const std::string& name, const std::string& address,
                                    const Reply& reply, int samples = 3) {
    observe::PublicResolver added;
    added.resolver.operator_name = name;
    added.endpoint.address = dns::IpAddress::of(address);
    observation.resolvers.push_back(added);
    target().views.push_back({observation.resolvers.size() - 1, {}});
    for (int i = 0; i < samples; ++i)
      shows(i == 0 ? Purpose::view : Purpose::view_again, kProofName, reply);
    return observation.resolvers.back();
  }

  // What the latest resolver says to one more question.
  observe::Exchange& shows(Purpose purpose, const std::string& name, const Reply& reply,
                           RecordType type = RecordType::txt) {
    auto& exchanges = target().views.back().exchanges;
    exchanges.push_back(made(purpose, name, reply, type));
    return exchanges.back();
  }
  // The same for its identity.
  void identifies(const std::string& instance) {
    observation.resolvers.back().identity.push_back(
        made(Purpose::identity, "id.server.", data({txt_line("id.server.", instance, 0)}),
             RecordType::txt));
  }
  // Puts extended errors (RFC 8914) into all that the latest resolver said of the records.
  void explains(std::uint16_t code) {
    for (observe::Exchange& each : target().views.back().exchanges) {
      if (each.purpose != Purpose::view && each.purpose != Purpose::view_again) continue;
      if (!each.reply->edns) each.reply->edns.emplace();
      const std::string data{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
      each.reply->edns->options.push_back({static_cast<std::uint16_t>(dns::EdnsCode::ede), data});
    }
  }

 private:
  observe::Exchange made(Purpose purpose, const std::string& name, const Reply& reply,
                         RecordType type) const {
    ObservationBuilder scratch;
    const std::string address = observation.resolvers.back().endpoint.address.text();
    const observe::ExchangeId id = scratch.asked(purpose, ".", address, name, type, reply);
    observe::Exchange exchange = scratch.observation.exchanges[id];
    exchange.transport = observation.resolvers.back().endpoint.transport;
    return exchange;
  }
};

}  // namespace dcv::testing
