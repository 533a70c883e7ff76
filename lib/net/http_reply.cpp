// Beast's parser, fed by hand: it stops when enough of the body is there, lets pass what CAs let
// pass, and says what else came when it was not HTTP.

#include "net/http_reply.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>

#include "net/asio.h"
#include "net/limits.h"
#include "net/web.h"

namespace dcv::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;

constexpr std::string_view kStart = "HTTP/1.";
constexpr std::size_t kGarbageShown = 40;
// "0" and two line ends: nothing shorter ends a chunked body, and Beast asserts as much when it
// sees the beginning of the last chunk once more.
constexpr std::size_t kLeastOfChunks = 5;

bool is_informational(int status) {
  return status >= 100 && status < 200 && status != 101;
}

// What it is that does not begin as HTTP does.
std::string strange_start(std::string_view bytes) {
  constexpr char kAlert = 0x15, kHandshake = 0x16, kTls = 0x03;
  const bool record = bytes[0] == kAlert || bytes[0] == kHandshake;
  if (record && bytes.size() > 1 && bytes[1] == kTls)
    return "speaks TLS where plain HTTP was asked for";
  const std::string shown = dns::quoted(bytes.substr(0, kGarbageShown));
  return "does not answer in HTTP/1: its reply begins with " + shown +
         (bytes.size() > kGarbageShown ? "…" : "");
}

// Where the head ends, behind its empty line; npos when it has not come so far.
std::size_t head_end(std::string_view bytes) {
  const std::size_t end = std::min(bytes.find("\n\n"), bytes.find("\n\r\n"));
  if (end == std::string_view::npos) return end;
  return end + (bytes[end + 1] == '\n' ? 2 : 3);
}

// Lines that end in LF alone are wrong (RFC 9112 2.2), but Go's HTTP client, by which CAs ask,
// takes them; Beast does not.
std::string with_whole_line_ends(std::string_view head) {
  std::string whole;
  for (const char c : head) {
    if (c == '\n' && (whole.empty() || whole.back() != '\r')) whole += '\r';
    whole += c;
  }
  return whole;
}

}  // namespace

class HttpReply::Parser final : public http::basic_parser<false> {
 public:
  Parser() {
    eager(true);
    header_limit(2 * kWebHead);  // ours is counted before
    body_limit(boost::none);     // ours cuts
  }

  observe::Fetch seen;

 private:
  void on_request_impl(http::verb, string_view, string_view, int, ErrorCode&) override {}
  void on_response_impl(int status, string_view, int, ErrorCode&) override { seen.status = status; }
  void on_field_impl(http::field name, string_view, string_view value, ErrorCode&) override {
    if (is_header_done()) return;  // a trailer
    std::string* const kept = name == http::field::location       ? &seen.location
                              : name == http::field::server       ? &seen.server
                              : name == http::field::content_type ? &seen.content_type
                                                                  : nullptr;
    if (!kept || !kept->empty()) return;
    // Where a redirect leads has to be whole.
    const std::size_t size = name == http::field::location ? value.size() : kFieldShown;
    kept->assign(value.data(), std::min(size, value.size()));
  }
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(string_view body, ErrorCode& error) override {
    const std::size_t room = kWebBody - seen.body.size();
    seen.body.append(body.data(), std::min(room, body.size()));
    seen.body_cut = body.size() > room;
    if (seen.body_cut) error = http::error::body_limit;
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(ErrorCode&) override {}
};

HttpReply::HttpReply() : parser_(std::make_unique<Parser>()) {}
HttpReply::~HttpReply() = default;

void HttpReply::take(std::string_view bytes) {
  if (over() || bytes.empty()) return;
  bytes_ += bytes.size();
  waiting_ += bytes;
  take_head();
  if (has_head_ && !over()) take_body();
}

void HttpReply::take_head() {
  while (!has_head_ && fault_.empty() && !waiting_.empty()) {
    const std::size_t known = std::min(waiting_.size(), kStart.size());
    if (waiting_.compare(0, known, kStart, 0, known) != 0) {
      fault_ = strange_start(waiting_);
      return;
    }
    const std::size_t end = head_end(waiting_);
    if (std::min(end, waiting_.size()) > kWebHead) {
      fault_ = "sent a header of more than " + std::to_string(kWebHead / 1024) + " KiB";
      return;
    }
    if (end == std::string::npos) return;
    const std::string head = with_whole_line_ends(std::string_view(waiting_).substr(0, end));
    waiting_.erase(0, end);
    ErrorCode error;
    parser_->put(asio::buffer(head), error);
    if (error && error != http::error::need_more) {
      fault_ = "sent an HTTP header that cannot be read (" + error.message() + ")";
    } else if (is_informational(parser_->seen.status) && ++informational_ <= kWebInformational) {
      parser_ = std::make_unique<Parser>();
    } else {
      has_head_ = true;
      complete_ = parser_->is_done();
    }
  }
}

void HttpReply::take_body() {
  if (waiting_.empty() || (chunk_begun_ && waiting_.size() < kLeastOfChunks)) return;
  ErrorCode error;
  waiting_.erase(0, parser_->put(asio::buffer(waiting_), error));
  chunk_begun_ = !waiting_.empty();
  complete_ = parser_->is_done() || parser_->seen.body_cut;
  if (complete_) return;
  const bool endless = waiting_.size() > kWebHead;  // the extension of a chunk, a trailer
  if (endless || (error && error != http::error::need_more)) {
    fault_ = "sent an HTTP body that cannot be read (" +
             (endless ? "a chunk's header without end" : error.message()) + ")";
  }
}

void HttpReply::take_end() {
  if (over() || !has_head_) return;
  ErrorCode error;
  parser_->put_eof(error);
  complete_ = !error && parser_->is_done();
}

void HttpReply::tell(observe::Fetch& fetch) const {
  if (!has_head_) return;
  const observe::Fetch& seen = parser_->seen;
  fetch.status = seen.status;
  fetch.location = seen.location;
  fetch.server = seen.server;
  fetch.content_type = seen.content_type;
  fetch.body = seen.body;
  fetch.body_cut = seen.body_cut;
}

}  // namespace dcv::net
