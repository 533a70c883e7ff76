#pragma once
// Every bound on what one run may send, in one place, each with its reason.

namespace dcv::net {

// A healthy delegated name takes 50 to 150 questions; ten names in one order stay below this. A
// hostile zone cannot make us send more.
constexpr int kQuestionsPerRun = 4000;

// Enough to ask every address of a large zone at once; bounded so that sockets and the
// first-hop router's state stay small.
constexpr int kQuestionsInFlight = 200;

// The probes of one address go out together (about ten kinds); more would look like a flood and
// trip response rate limiting.
constexpr int kQuestionsInFlightPerAddress = 12;

// RFC 8085 3.1 asks for no more than one datagram each round trip without congestion control; few
// retries, spaced out, are what resolvers do. Seconds until the next UDP attempt; the last one
// waits until TCP is tried.
constexpr double kUdpRetryAfter[] = {0.6, 0.9};

// DNS flag day 2020: no fragments on any path.
constexpr unsigned kEdnsUdpSize = 1232;

// A name server that sends wrong ids or questions is dropped after this many in one question.
constexpr int kMismatchesPerQuestion = 200;

}  // namespace dcv::net
