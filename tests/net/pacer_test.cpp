#include "net/pacer.h"

#include <string>

#include "support/catch.h"

using dcv::dns::IpAddress;
using dcv::net::Pacer;

namespace {

using Tickets = std::vector<Pacer::Ticket>;

const IpAddress kOne = IpAddress::of("192.0.2.1");
const IpAddress kTwo = IpAddress::of("192.0.2.2");

Pacer pacer(int questions, int in_flight, int per_address, int silences = 100) {
  return Pacer({questions, in_flight, per_address, silences});
}

// All tickets that may go out now.
Tickets drain(Pacer& pacer) {
  Tickets tickets;
  while (const auto ticket = pacer.next()) tickets.push_back(*ticket);
  return tickets;
}

}  // namespace

TEST_CASE("questions go out in the order they came, taking turns among addresses") {
  Pacer all = pacer(100, 100, 100);
  for (Pacer::Ticket ticket : Tickets{1, 2, 3}) all.add(ticket, kOne);
  for (Pacer::Ticket ticket : Tickets{11, 12}) all.add(ticket, kTwo);
  CHECK(drain(all) == Tickets{1, 11, 2, 12, 3});
}

TEST_CASE("one address has no more in flight than its bound, and does not hold up others") {
  Pacer narrow = pacer(100, 100, 2);
  for (Pacer::Ticket ticket : Tickets{1, 2, 3, 4}) narrow.add(ticket, kOne);
  narrow.add(11, kTwo);
  CHECK(drain(narrow) == Tickets{1, 11, 2});
  narrow.finished(kOne, Pacer::Heard::something);
  CHECK(drain(narrow) == Tickets{3});
}

TEST_CASE("the run has no more in flight than its bound") {
  Pacer narrow = pacer(100, 2, 100);
  for (Pacer::Ticket ticket : Tickets{1, 2}) narrow.add(ticket, kOne);
  narrow.add(11, kTwo);
  CHECK(drain(narrow) == Tickets{1, 11});
  narrow.finished(kTwo, Pacer::Heard::something);
  CHECK(drain(narrow) == Tickets{2});
}

TEST_CASE("a run has no more questions than its bound, however many are over") {
  Pacer few = pacer(2, 100, 100);
  CHECK(few.add(1, kOne));
  CHECK(few.add(2, kOne));
  drain(few);
  few.finished(kOne, Pacer::Heard::something);
  CHECK_FALSE(few.add(3, kOne));
  CHECK_FALSE(few.add(4, kTwo));
  CHECK(drain(few).empty());
}

TEST_CASE("an address that never spoke is given up, one that spoke once is not") {
  Pacer strict = pacer(100, 100, 100, 2);
  for (Pacer::Ticket ticket : Tickets{1, 2, 3}) strict.add(ticket, kOne);
  for (Pacer::Ticket ticket : Tickets{11, 12, 13}) strict.add(ticket, kTwo);
  drain(strict);
  strict.finished(kOne, Pacer::Heard::nothing);
  CHECK_FALSE(strict.given_up(kOne));
  strict.finished(kOne, Pacer::Heard::not_asked);
  CHECK_FALSE(strict.given_up(kOne));
  drain(strict);
  strict.finished(kOne, Pacer::Heard::nothing);
  CHECK(strict.given_up(kOne));
  strict.finished(kTwo, Pacer::Heard::something);
  drain(strict);
  strict.finished(kTwo, Pacer::Heard::nothing);
  strict.finished(kTwo, Pacer::Heard::nothing);
  CHECK_FALSE(strict.given_up(kTwo));
  CHECK_FALSE(strict.given_up(IpAddress::of("192.0.2.3")));
}

TEST_CASE("an address yet to be heard gets no more questions than it takes to give it up") {
  Pacer strict = pacer(100, 100, 100, 2);
  for (Pacer::Ticket ticket : Tickets{1, 2, 3, 4}) strict.add(ticket, kOne);
  CHECK(drain(strict) == Tickets{1, 2});
  strict.finished(kOne, Pacer::Heard::nothing);
  CHECK(drain(strict).empty());
  strict.finished(kOne, Pacer::Heard::something);
  CHECK(drain(strict) == Tickets{3, 4});
}

TEST_CASE("withdrawn questions do not go out") {
  Pacer narrow = pacer(100, 1, 1);
  for (Pacer::Ticket ticket : Tickets{1, 2, 3}) narrow.add(ticket, kOne);
  for (Pacer::Ticket ticket : Tickets{11, 12}) narrow.add(ticket, kTwo);
  CHECK(drain(narrow) == Tickets{1});
  CHECK(narrow.withdraw(kOne) == Tickets{2, 3});
  CHECK(narrow.withdraw_all() == Tickets{11, 12});
  narrow.finished(kOne, Pacer::Heard::something);
  CHECK(drain(narrow).empty());
  narrow.add(4, kOne);
  CHECK(drain(narrow) == Tickets{4});
}
