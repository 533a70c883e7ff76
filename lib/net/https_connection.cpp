// nghttp2's session between the questions and the stream of bytes.

#include "net/https_connection.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <iterator>
#include <new>

#include "net/https_message.h"
#include "net/limits.h"

namespace dcv::net {

using observe::Outcome;

struct HttpsConnection::Exchange {
  Tag tag;
  HttpRequest request;
  std::size_t body_sent = 0;
  HttpResponse response = {};
  std::string fault = {};  // why the stream ended early; empty: it did not
  bool again = false;      // the server has not worked on it
};

namespace {

const char* const kGoaway = "ended the HTTP/2 connection before it came to the question";

std::string error_text(std::uint32_t code) {
  return nghttp2_http2_strerror(code);
}

}  // namespace

// They take notes only: nghttp2 must not be called from inside.
struct HttpsCallbacks {
  static HttpsConnection& connection(void* user_data) {
    return *static_cast<HttpsConnection*>(user_data);
  }
  static HttpsConnection::Exchange* exchange(void* user_data, std::int32_t stream) {
    auto& streams = connection(user_data).streams_;
    const auto found = streams.find(stream);
    return found == streams.end() ? nullptr : &found->second;
  }
  static std::string_view text(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user_data) {
    if (auto* found = exchange(user_data, frame->hd.stream_id)) {
      found->response.take_field(text(name, name_size), text(value, value_size));
    }
    return 0;
  }

  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t stream,
                     const std::uint8_t* bytes, std::size_t size, void* user_data) {
    auto* found = exchange(user_data, stream);
    if (!found) return 0;
    found->response.take_body(text(bytes, size));
    if (found->response.too_long) {
      nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
      connection(user_data).on_stream_end(stream, "", false);
    }
    return 0;
  }

  static int on_stream_close(nghttp2_session*, std::int32_t stream, std::uint32_t error_code,
                             void* user_data) {
    const std::string why =
        error_code == NGHTTP2_NO_ERROR
            ? ""
            : "ended the HTTP/2 stream with the error " + error_text(error_code);
    connection(user_data).on_stream_end(stream, why, error_code == NGHTTP2_REFUSED_STREAM);
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      connection(user_data).on_goaway(frame->goaway.last_stream_id, frame->goaway.error_code);
    }
    return 0;
  }

  // A request that the server's GOAWAY left no time for.
  static int on_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* user_data) {
    if (frame->hd.type == NGHTTP2_HEADERS) {
      connection(user_data).on_stream_end(frame->hd.stream_id, kGoaway, true);
    }
    return 0;
  }

  static ssize_t read_body(nghttp2_session*, std::int32_t stream, std::uint8_t* buffer,
                           std::size_t room, std::uint32_t* flags, nghttp2_data_source*,
                           void* user_data) {
    auto* found = exchange(user_data, stream);
    if (!found) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string& body = found->request.body;
    const std::size_t size = std::min(room, body.size() - found->body_sent);
    std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(found->body_sent), size, buffer);
    found->body_sent += size;
    if (found->body_sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }

  static nghttp2_session* make_session(HttpsConnection* connection) {
    nghttp2_session_callbacks* calls = nullptr;
    if (nghttp2_session_callbacks_new(&calls) != 0) throw std::bad_alloc();
    nghttp2_session_callbacks_set_on_header_callback(calls, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(calls, on_stream_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(calls, on_frame);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(calls, on_not_sent);
    nghttp2_session* session = nullptr;
    const int error = nghttp2_session_client_new(&session, calls, connection);
    nghttp2_session_callbacks_del(calls);
    if (error != 0) throw std::bad_alloc();
    return session;
  }
};

void HttpsConnection::FreeSession::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

HttpsConnection::HttpsConnection(asio::io_context& io, const observe::Endpoint& endpoint,
                                 TlsContext* tls, Events events)
    : Connection(io, endpoint, tls, std::move(events)),
      session_(HttpsCallbacks::make_session(this)) {}

HttpsConnection::~HttpsConnection() = default;

void HttpsConnection::begin() {
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings, std::size(settings));
  work();
}

void HttpsConnection::submit(Tag tag, const std::string& packet) {
  Exchange exchange{tag, http_request(endpoint_, packet)};
  std::vector<nghttp2_nv> fields;
  for (auto& [name, value] : exchange.request.fields) {
    fields.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                      reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(),
                      NGHTTP2_NV_FLAG_NONE});
  }
  const nghttp2_data_provider body{{}, HttpsCallbacks::read_body};
  const std::int32_t stream =
      nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(),
                             exchange.request.body.empty() ? nullptr : &body, nullptr);
  if (stream < 0) {
    retire();
    const std::string why = nghttp2_strerror(stream);
    return fail(
        tag, {Outcome::http_failed, "no HTTP/2 request to " + place(endpoint_) + ": " + why}, true);
  }
  streams_.emplace(stream, std::move(exchange));
  work();
}

void HttpsConnection::withdraw(Tag tag) {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [tag](const auto& each) { return each.second.tag == tag; });
  if (found == streams_.end()) return;
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, found->first, NGHTTP2_CANCEL);
  streams_.erase(found);
  work();
}

void HttpsConnection::receive(std::string_view bytes) {
  working_ = true;
  const ssize_t taken = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  working_ = false;
  work();
  if (!open_now()) return;
  if (unsent() > kUnsentBytes) {
    return end({Outcome::http_failed, place(endpoint_) + " sends without reading our replies"},
               false);
  }
  const bool over = nghttp2_session_want_read(session_.get()) == 0 &&
                    nghttp2_session_want_write(session_.get()) == 0;
  if (taken < 0) {
    const std::string why = nghttp2_strerror(static_cast<int>(taken));
    end({Outcome::http_failed, place(endpoint_) + " does not speak HTTP/2: " + why}, false);
  } else if (over) {
    end({Outcome::http_failed, place(endpoint_) + " broke the rules of HTTP/2"}, false);
  }
}

void HttpsConnection::on_stream_end(std::int32_t stream, const std::string& fault, bool again) {
  auto ended = streams_.extract(stream);
  if (ended.empty()) return;
  ended.mapped().fault = fault;
  ended.mapped().again = again;
  ended_.push_back(std::move(ended.mapped()));
}

void HttpsConnection::on_goaway(std::int32_t last_stream, std::uint32_t error_code) {
  retire();
  const std::string code =
      error_code == NGHTTP2_NO_ERROR ? "" : ", with the error " + error_text(error_code);
  while (!streams_.empty() && streams_.rbegin()->first > last_stream) {
    on_stream_end(streams_.rbegin()->first, kGoaway + code, true);
  }
}

void HttpsConnection::work() {
  if (working_ || !open_now()) return;
  working_ = true;
  while (flush() || !ended_.empty()) {
    for (const Exchange& each : std::exchange(ended_, {})) settle(each);
  }
  working_ = false;
}

bool HttpsConnection::flush() {
  bool sent = false;
  const std::uint8_t* bytes = nullptr;
  for (;;) {
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size <= 0) return sent;
    send({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
    sent = true;
  }
}

void HttpsConnection::settle(const Exchange& ended) {
  if (!ended.fault.empty()) {
    const Failure failure{Outcome::http_failed, place(endpoint_) + " " + ended.fault};
    return fail(ended.tag, failure, ended.again);
  }
  if (const std::optional<Failure> fault = fault_of(ended.response, endpoint_)) {
    return fail(ended.tag, *fault, false);
  }
  deliver(ended.tag, 0, ended.response.body);
}

}  // namespace dcv::net
