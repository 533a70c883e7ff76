// HTTP replies cut and spoiled anywhere.

#include "net/http_reply.h"

#include <random>

#include "net/limits.h"
#include "net/web.h"
#include "support/catch.h"

using namespace dcv;

namespace {

const std::string kReplies[] = {
    "HTTP/1.1 200 OK\r\nServer: one\r\nContent-Length: 4\r\n\r\nbody",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: "
    "two\r\n\r\n2\r\nbo\r\n2;x\r\ndy\r\n0\r\n"
    "Trailer: x\r\n\r\n",
    "HTTP/1.0 301 Moved\nServer: three\nLocation: http://a.example/\n\nbody",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: four\r\n\r\nbody",
};

observe::Fetch read_in_pieces(const std::string& bytes, const std::vector<std::size_t>& cuts) {
  net::HttpReply reply;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    reply.take(std::string_view(bytes).substr(from, cut - from));
    from = cut;
  }
  reply.take(std::string_view(bytes).substr(from));
  reply.take_end();
  observe::Fetch fetch;
  if (reply.complete()) reply.tell(fetch);
  return fetch;
}

}  // namespace

TEST_CASE("a body of no chunk but the last may come byte by byte") {
  const std::string bytes = "HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1; at < bytes.size(); ++at) cuts.push_back(at);
  CHECK(read_in_pieces(bytes, cuts).status == 204);
}

TEST_CASE("where a reply is cut into pieces makes no difference") {
  for (const std::string& bytes : kReplies) {
    const observe::Fetch whole = read_in_pieces(bytes, {});
    CHECK(whole.status > 0);
    CHECK_FALSE(whole.server.empty());
    CHECK(whole.body == "body");
    for (std::size_t first = 0; first < bytes.size(); ++first) {
      CHECK(read_in_pieces(bytes, {first}) == whole);
      CHECK(read_in_pieces(bytes, {first, first + (bytes.size() - first) / 2}) == whole);
    }
  }
}

TEST_CASE("a spoiled reply is taken or refused, and never more is kept than may be") {
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = kReplies[random() % 4];
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % bytes.size();
      if (random() % 4 == 0) {
        bytes.insert(at, random() % 3000, static_cast<char>(random()));
      } else {
        bytes[at] = static_cast<char>(random());
      }
    }
    net::HttpReply reply;
    for (std::size_t at = 0; at < bytes.size(); at += 1000)
      reply.take(std::string_view(bytes).substr(at, 1000));
    reply.take_end();
    observe::Fetch fetch;
    reply.tell(fetch);
    refused += !reply.fault().empty();
    REQUIRE(fetch.body.size() <= net::kWebBody);
    REQUIRE(fetch.server.size() <= net::kFieldShown);
    REQUIRE_FALSE((reply.complete() && !reply.fault().empty()));
  }
  CHECK(refused > 1000);
}
