// One lane a door; lanes that can move take turns.

#include "net/pacer.h"

namespace dcv::net {

bool Pacer::add(Ticket ticket, const Door& door) {
  if (questions_ >= bounds_.questions) return false;
  ++questions_;
  Lane& lane = lanes_[door];
  lane.waiting.push_back(ticket);
  take_turn(door, lane);
  return true;
}

std::optional<Pacer::Ticket> Pacer::next() {
  while (in_flight_ < bounds_.in_flight && !turns_.empty()) {
    const Door door = turns_.front();
    turns_.pop_front();
    Lane& lane = lanes_.at(door);
    lane.in_turn = false;
    if (lane.waiting.empty()) continue;  // withdrawn
    const Ticket ticket = lane.waiting.front();
    lane.waiting.pop_front();
    ++lane.in_flight;
    ++in_flight_;
    take_turn(door, lane);
    return ticket;
  }
  return std::nullopt;
}

void Pacer::finished(const Door& door, Heard heard) {
  Lane& lane = lanes_.at(door);
  --lane.in_flight;
  --in_flight_;
  if (heard == Heard::something) lane.heard = true;
  if (heard == Heard::nothing) ++lane.silences;
  take_turn(door, lane);
}

bool Pacer::given_up(const Door& door) const {
  const auto lane = lanes_.find(door);
  return lane != lanes_.end() && !lane->second.heard &&
         lane->second.silences >= bounds_.silences_per_address;
}

std::vector<Pacer::Ticket> Pacer::withdraw(const Door& door) {
  std::deque<Ticket>& waiting = lanes_[door].waiting;
  std::vector<Ticket> tickets(waiting.begin(), waiting.end());
  waiting.clear();
  return tickets;
}

std::vector<Pacer::Ticket> Pacer::withdraw_all() {
  std::vector<Ticket> tickets;
  for (auto& [door, lane] : lanes_) {
    tickets.insert(tickets.end(), lane.waiting.begin(), lane.waiting.end());
    lane.waiting.clear();
  }
  return tickets;
}

void Pacer::take_turn(const Door& door, Lane& lane) {
  // A door yet to be heard gets no more questions than it takes to give it up.
  const bool worth_asking =
      lane.heard || lane.in_flight + lane.silences < bounds_.silences_per_address;
  const bool room = worth_asking && lane.in_flight < bounds_.in_flight_per_address;
  if (lane.in_turn || lane.waiting.empty() || !room) return;
  lane.in_turn = true;
  turns_.push_back(door);
}

}  // namespace dcv::net
