#pragma once
// Who may be asked next: bounds the questions of a run, in flight at once, and in flight to one
// address; gives up addresses that stay silent. Free of sockets and clocks.

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "dns/ip.h"
#include "net/limits.h"

namespace dcv::net {

class Pacer {
 public:
  using Ticket = std::size_t;
  struct Bounds {
    int questions = kQuestionsPerRun;
    int in_flight = kQuestionsInFlight;
    int in_flight_per_address = kQuestionsInFlightPerAddress;
    int silences_per_address = kSilencesPerAddress;
  };
  enum class Heard { something, nothing, not_asked };

  Pacer() = default;
  explicit Pacer(const Bounds& bounds) : bounds_(bounds) {}

  // Puts a question in the queue of its address; false when the run has had all its questions.
  bool add(Ticket ticket, const dns::IpAddress& address);
  // The next question that may go out now, taking turns among the addresses; in flight from here.
  std::optional<Ticket> next();
  // A question handed out by next() is over.
  void finished(const dns::IpAddress& address, Heard heard);

  // The address left too many questions unanswered and never said anything.
  bool given_up(const dns::IpAddress& address) const;
  // Takes the waiting questions of one address, or of all, out of the queue.
  std::vector<Ticket> withdraw(const dns::IpAddress& address);
  std::vector<Ticket> withdraw_all();

 private:
  struct Lane {
    std::deque<Ticket> waiting;
    int in_flight = 0;
    int silences = 0;
    bool heard = false;
    bool in_turn = false;  // listed in turns_: has a question waiting and room to send it
  };
  void take_turn(const dns::IpAddress& address, Lane& lane);

  Bounds bounds_;
  std::map<dns::IpAddress, Lane> lanes_;
  std::deque<dns::IpAddress> turns_;
  int questions_ = 0;
  int in_flight_ = 0;
};

}  // namespace dcv::net
