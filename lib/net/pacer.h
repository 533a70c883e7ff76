#pragma once
// Who may be asked next: bounds the questions of a run, in flight at once, and in flight to one
// address and port; gives up those that stay silent. Free of sockets and clocks.

#include <compare>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "net/limits.h"
#include "observe/resolver.h"

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

  // One way to one server: where UDP is silent, TLS may still answer.
  struct Door {
    dns::IpAddress address;
    std::uint16_t port = 53;
    observe::Transport transport = observe::Transport::udp;

    Door(const dns::IpAddress& of, std::uint16_t at = 53) : address(of), port(at) {}
    explicit Door(const observe::Endpoint& endpoint)
        : address(endpoint.address), port(endpoint.port), transport(endpoint.transport) {}
    friend auto operator<=>(const Door&, const Door&) = default;
  };

  Pacer() = default;
  explicit Pacer(const Bounds& bounds) : bounds_(bounds) {}

  // Puts a question in the queue of its door; false when the run has had all its questions.
  bool add(Ticket ticket, const Door& door);
  // The next question that may go out now, taking turns among the doors; in flight from here.
  std::optional<Ticket> next();
  // A question handed out by next() is over.
  void finished(const Door& door, Heard heard);

  // The server left too many questions unanswered and never said anything.
  bool given_up(const Door& door) const;
  // Takes the waiting questions of one door, or of all, out of the queue.
  std::vector<Ticket> withdraw(const Door& door);
  std::vector<Ticket> withdraw_all();

 private:
  struct Lane {
    std::deque<Ticket> waiting;
    int in_flight = 0;
    int silences = 0;
    bool heard = false;
    bool in_turn = false;  // listed in turns_: has a question waiting and room to send it
  };
  void take_turn(const Door& door, Lane& lane);

  Bounds bounds_;
  std::map<Door, Lane> lanes_;
  std::deque<Door> turns_;
  int questions_ = 0;
  int in_flight_ = 0;
};

}  // namespace dcv::net
