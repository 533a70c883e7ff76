#pragma once
// The server's side of HTTP/2 on a TLS connection, with nghttp2 and blocking; what each request
// gets, a test says.

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/tls_peer.h"

namespace dcv::testing {

class Http2Peer {
 public:
  struct Request {
    std::int32_t stream = 0;
    std::map<std::string, std::string> fields;
    std::string body;
  };
  using Fields = std::vector<std::pair<std::string, std::string>>;
  using OnRequest = std::function<void(Http2Peer&, const Request&)>;

  Http2Peer(TlsPeer& client, OnRequest on_request)
      : client_(client), on_request_(std::move(on_request)), session_(make(this)) {}
  Http2Peer(const Http2Peer&) = delete;
  Http2Peer& operator=(const Http2Peer&) = delete;

  void limit_streams(std::uint32_t most) {
    settings_.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, most});
  }
  // Until the client is gone, or hang_up().
  void serve() {
    nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings_.data(), settings_.size());
    flush();
    while (!over_) {
      const std::string bytes = client_.read_some();
      if (bytes.empty()) return;
      if (nghttp2_session_mem_recv(session_.get(),
                                   reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   bytes.size()) < 0) {
        return;
      }
      for (const Request& request : std::exchange(complete_, {})) {
        if (!over_) on_request_(*this, request);
      }
      if (!over_) flush();
    }
  }
  void respond(std::int32_t stream, const Fields& fields, const std::string& body) {
    std::vector<nghttp2_nv> values;
    for (const auto& [name, value] : fields) {
      values.push_back(
          {bytes_of(name), bytes_of(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    bodies_[stream] = body;
    const nghttp2_data_provider provider{{}, read_body};
    nghttp2_submit_response(session_.get(), stream, values.data(), values.size(), &provider);
  }
  void reset(std::int32_t stream, std::uint32_t error) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, error);
  }
  void say_goaway(std::int32_t last_stream, std::uint32_t error) {
    nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last_stream, error, nullptr, 0);
  }
  // After what is to be sent.
  void hang_up() {
    flush();
    client_.hang_up();
    over_ = true;
  }
  TlsPeer& client() { return client_; }
  void flush() {
    const std::uint8_t* bytes = nullptr;
    for (ssize_t size = 0; (size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0;) {
      client_.send({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
    }
  }

 private:
  struct Free {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };
  static Http2Peer& self(void* user_data) { return *static_cast<Http2Peer*>(user_data); }
  static std::uint8_t* bytes_of(const std::string& text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user_data) {
    self(user_data).open_[frame->hd.stream_id].fields.emplace(
        std::string(reinterpret_cast<const char*>(name), name_size),
        std::string(reinterpret_cast<const char*>(value), value_size));
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t size, void* user_data) {
    self(user_data).open_[stream].body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    const bool of_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (!of_request || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    Request request = std::move(self(user_data).open_[frame->hd.stream_id]);
    request.stream = frame->hd.stream_id;
    self(user_data).complete_.push_back(std::move(request));
    return 0;
  }
  static ssize_t read_body(nghttp2_session*, std::int32_t stream, std::uint8_t* buffer,
                           std::size_t room, std::uint32_t* flags, nghttp2_data_source*,
                           void* user_data) {
    std::string& body = self(user_data).bodies_[stream];
    const std::size_t size = std::min(room, body.size());
    std::copy_n(body.begin(), size, buffer);
    body.erase(0, size);
    if (body.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }
  static nghttp2_session* make(Http2Peer* peer) {
    nghttp2_session_callbacks* calls = nullptr;
    nghttp2_session_callbacks_new(&calls);
    nghttp2_session_callbacks_set_on_header_callback(calls, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(calls, on_frame);
    nghttp2_session* session = nullptr;
    nghttp2_session_server_new(&session, calls, peer);
    nghttp2_session_callbacks_del(calls);
    return session;
  }

  TlsPeer& client_;
  const OnRequest on_request_;
  const std::unique_ptr<nghttp2_session, Free> session_;
  std::vector<nghttp2_settings_entry> settings_;
  std::map<std::int32_t, Request> open_;
  std::map<std::int32_t, std::string> bodies_;
  std::vector<Request> complete_;
  bool over_ = false;
};

}  // namespace dcv::testing
