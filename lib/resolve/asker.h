#pragma once
// Asks through the transport, keeps every exchange, and sends no question twice to one address.
// Knows nothing of zones or of what replies mean.

#include <deque>
#include <functional>
#include <map>
#include <tuple>
#include <vector>

#include "net/transport.h"
#include "observe/observation.h"

namespace dcv::resolve {

class Asker {
 public:
  using Done = std::function<void(observe::ExchangeId)>;

  explicit Asker(net::Transport& transport) : transport_(transport) {}

  // `done` gets the exchange's id: later when the question goes out or is under way, at once when
  // it was answered before. An earlier reply to the same question is taken over as an exchange with
  // this query's purpose, zone and server, so that each reader finds it under its own.
  // Purpose::proof_again counts as another question: repeating is what it is for.
  void ask(net::Query query, Done done);

  // References stay valid while the Asker lives.
  const observe::Exchange& operator[](observe::ExchangeId id) const { return exchanges_[id]; }

  const std::deque<observe::Exchange>& exchanges() const { return exchanges_; }

  // The exchanges in the order of asking; empties the Asker.
  std::vector<observe::Exchange> take();

 private:
  using Key = std::tuple<dns::IpAddress, dns::Name, dns::RecordType, bool, bool>;
  struct Waiter {
    observe::ExchangeId id;
    Done done;
  };
  struct Entry {
    std::vector<observe::ExchangeId> ids;  // the first is the one sent
    bool finished = false;
    std::vector<Waiter> waiting;
  };

  observe::ExchangeId id_for(const net::Query& query, Entry& entry);
  void finish(const Key& key, observe::Exchange exchange);
  void take_over(observe::ExchangeId id, observe::ExchangeId from);

  net::Transport& transport_;
  std::deque<observe::Exchange> exchanges_;
  std::map<Key, Entry> entries_;
};

}  // namespace dcv::resolve
