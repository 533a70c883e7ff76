// The memory of a run: each question to each address once.
#include "resolve/asker.h"

#include <iterator>

namespace dcv::resolve {

void Asker::ask(net::Query query, Done done) {
  const Key key{query.address, query.question.name.lower(), query.question.type, query.tcp_only,
                query.purpose == observe::Purpose::proof_again};
  const observe::ExchangeId id = reserve(query);
  auto [position, is_new] = entries_.try_emplace(key);
  Entry& entry = position->second;
  if (entry.finished) {
    take_over(id, entry.first);
    done(id);
    return;
  }
  entry.waiting.push_back({id, std::move(done)});
  if (!is_new) return;
  entry.first = id;
  transport_.ask(std::move(query),
                 [this, key](observe::Exchange exchange) { finish(key, std::move(exchange)); });
}

observe::ExchangeId Asker::reserve(const net::Query& query) {
  observe::Exchange exchange;
  exchange.purpose = query.purpose;
  exchange.zone = query.zone;
  exchange.server = query.server;
  exchange.address = query.address;
  exchange.question = query.question;
  exchange.depth = query.depth;
  exchanges_.push_back(std::move(exchange));
  return exchanges_.size() - 1;
}

void Asker::finish(const Key& key, observe::Exchange exchange) {
  Entry& entry = entries_.at(key);
  entry.finished = true;
  exchanges_[entry.first] = std::move(exchange);
  const std::vector<Waiter> waiting = std::move(entry.waiting);
  for (const Waiter& waiter : waiting) {
    if (waiter.id != entry.first) take_over(waiter.id, entry.first);
    waiter.done(waiter.id);
  }
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
