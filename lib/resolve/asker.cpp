// The memory of a run: each question to each address once.
#include "resolve/asker.h"

#include <iterator>

namespace dcv::resolve {

void Asker::ask(net::Query query, Done done) {
  const Key key{query.address, query.question.name.lower(), query.question.type, query.tcp_only,
                query.purpose == observe::Purpose::proof_again};
  auto [position, is_new] = entries_.try_emplace(key);
  Entry& entry = position->second;
  const observe::ExchangeId id = id_for(query, entry);
  if (entry.finished) {
    if (exchanges_[id].outcome == observe::Outcome::not_asked) take_over(id, entry.ids.front());
    done(id);
    return;
  }
  entry.waiting.push_back({id, std::move(done)});
  if (!is_new) return;
  transport_.ask(std::move(query),
                 [this, key](observe::Exchange exchange) { finish(key, std::move(exchange)); });
}

// The exchange with the query's purpose, zone and server; a new one if there is none.
observe::ExchangeId Asker::id_for(const net::Query& query, Entry& entry) {
  for (const observe::ExchangeId id : entry.ids) {
    const observe::Exchange& known = exchanges_[id];
    if (known.purpose == query.purpose && known.zone == query.zone && known.server == query.server)
      return id;
  }
  observe::Exchange exchange = net::exchange_for(query);
  exchanges_.push_back(std::move(exchange));
  entry.ids.push_back(exchanges_.size() - 1);
  return entry.ids.back();
}

void Asker::finish(const Key& key, observe::Exchange exchange) {
  Entry& entry = entries_.at(key);
  entry.finished = true;
  exchanges_[entry.ids.front()] = std::move(exchange);
  for (std::size_t i = 1; i < entry.ids.size(); ++i) take_over(entry.ids[i], entry.ids.front());
  const std::vector<Waiter> waiting = std::move(entry.waiting);
  for (const Waiter& waiter : waiting) waiter.done(waiter.id);
}

void Asker::take_over(observe::ExchangeId id, observe::ExchangeId from) {
  observe::Exchange& to = exchanges_[id];
  observe::Exchange copy = exchanges_[from];
  copy.purpose = to.purpose;
  copy.zone = to.zone;
  copy.server = to.server;
  copy.attempts = 0;
  if (copy.reply) copy.kind = dns::classify(*copy.reply, copy.question, copy.zone);
  to = std::move(copy);
}

std::vector<observe::Exchange> Asker::take() {
  entries_.clear();
  return {std::make_move_iterator(exchanges_.begin()), std::make_move_iterator(exchanges_.end())};
}

}  // namespace dcv::resolve
