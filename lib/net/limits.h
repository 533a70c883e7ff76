#pragma once
// Every bound on what one run may send, in one place, each with its reason.

#include <cstddef>

namespace dcv::net {

// A healthy delegated name takes 50 to 150 questions; ten names in one order stay below this. A
// hostile zone cannot make us send more.
constexpr int kQuestionsPerRun = 4000;

// Enough to ask the whole shipped list of resolvers six questions each in one round trip; bounded
// so that the first-hop router's state stays small. Each may need a socket: where the system grants
// fewer files, fewer are in flight.
constexpr int kQuestionsInFlight = 1800;

// Files of the process that are not sockets of questions: streams, libunbound's, what is inherited.
constexpr int kOtherFiles = 200;

// The probes of one address go out together (about ten kinds); more would look like a flood and
// trip response rate limiting.
constexpr int kQuestionsInFlightPerAddress = 12;

// RFC 8085 3.1 asks for no more than one datagram each round trip without congestion control; few
// retries, spaced out, are what resolvers do. Seconds that each UDP attempt waits for its reply
// until the next one goes out; the last attempt goes without EDNS, and TCP follows it. All of it
// leaves 0.9 s of the default query time-out for TCP; a shorter time-out shrinks them in
// proportion.
constexpr double kUdpRetryAfter[] = {0.5, 0.7, 0.9};
constexpr double kDefaultQueryTimeout = 3;

// An address that never said a word and left this many questions unanswered is not asked again:
// one dead server costs one query time-out, however many questions wait for it.
constexpr int kSilencesPerAddress = 12;

// DNS flag day 2020: no fragments on any path.
constexpr unsigned kEdnsUdpSize = 1232;

// A name server that sends wrong ids or questions, or bytes that are no DNS, is not listened to any
// more after this many in one question.
constexpr int kStrayRepliesPerQuestion = 200;

// A DNS message has at most this many bytes: its length has two bytes (RFC 1035 4.2.2).
constexpr std::size_t kMessageSize = 65'535;

// A question whose connection ends, or that the server puts off, is sent once more: servers close
// idle connections at any time. A connection that brought answers before it ended does not count,
// since some servers close after each.
constexpr int kSendsPerQuestion = 2;

// What waits to be sent on one connection. Questions are far below that; HTTP/2 makes us answer
// PING and SETTINGS frames, also to a server that never reads.
constexpr std::size_t kUnsentBytes = 1'000'000;

// RFC 8467 4.1: queries on encrypted transports are padded to a multiple of this, so that their
// length says nothing.
constexpr std::size_t kPaddingBlock = 128;

// What of an HTTP field is kept and shown: a media type, where a redirect leads.
constexpr std::size_t kFieldShown = 100;

// Web servers. An order of 100 names with two addresses each and a redirect stays below this.
constexpr int kWebConnectionsPerRun = 1000;
// Each may keep 16 KiB of header and a TLS session.
constexpr int kWebConnectionsAtOnce = 100;
// As browsers do.
constexpr int kWebConnectionsPerAddress = 6;
// A dead address costs one wait, however many names have it.
constexpr int kWebSilencesPerAddress = 4;
// Makers of pages may have to start first: Boulder waits 10 s, which is about three times as long
// as we wait for a name server.
constexpr double kWebReplyPatience = 3;
// Browsers and Go's client take more; no CA needs so many fields.
constexpr std::size_t kWebHead = 16'384;
// Replies like "100 Continue" before the real one; as many as Go's client takes.
constexpr int kWebInformational = 5;
// What of a certificate is kept; one for tls-alpn-01 has exactly one name.
constexpr std::size_t kCertificateNames = 100;
constexpr std::size_t kCertificateText = 300;

// What a run keeps of replies. Healthy runs have a few records and some hundred bytes in each
// reply; a hostile server can fit thousands of records with long names into one over TCP, and a
// record takes up to 5 KB of memory.
constexpr std::size_t kRecordsPerRun = 60'000;
constexpr std::size_t kReplyBytesPerRun = 16'000'000;

}  // namespace dcv::net
