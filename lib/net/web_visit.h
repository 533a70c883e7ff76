#pragma once
// One connection to a web server, from the dial to its outcome: for one HTTP request, or for a look
// at the certificate.

#include <memory>
#include <string>
#include <string_view>

#include "net/byte_stream.h"
#include "net/http_reply.h"
#include "net/web.h"

namespace dcv::net {

class WebVisit {
 public:
  // What the visits of a run share; it outlives them.
  struct Run {
    asio::io_context& io;
    std::function<double()> elapsed;
    double dial_seconds;
    double reply_seconds;
  };

  WebVisit(Run& run, const observe::Endpoint& endpoint, TlsContext* tls);
  virtual ~WebVisit() { stream_->close(); }
  WebVisit(const WebVisit&) = delete;
  WebVisit& operator=(const WebVisit&) = delete;

  const observe::Endpoint& endpoint() const { return endpoint_; }
  // Once; the end comes from the event loop, or from abandon().
  void start();
  void abandon(const Failure& failure) { end(failure); }

 protected:
  // What every look at a web server comes to, kept in an observe::Fetch or observe::Handshake.
  struct End {
    double sent_at, duration;
    bool connected;
    const Failure& failure;
  };

  virtual void on_open() = 0;
  virtual void on_bytes(std::string_view) {}
  virtual void on_closed(const Failure& failure) { end(failure); }
  // What has not happened when time is up: "sent no reply".
  virtual std::string missing() const = 0;
  virtual void tell(const End& end) = 0;  // at the end, once

  void end(const Failure& failure);
  std::string server() const { return place(endpoint_); }
  ByteStream& stream() { return *stream_; }

 private:
  void wait(double seconds);
  void on_time();

  Run& run_;
  const observe::Endpoint endpoint_;
  const std::shared_ptr<ByteStream> stream_;
  asio::steady_timer timer_;
  double sent_at_ = 0;
  bool ended_ = false;
};

class FetchVisit final : public WebVisit {
 public:
  FetchVisit(Run& run, WebRequest request, TlsContext& tls, Web::Fetched done);

 private:
  void on_open() override;
  void on_bytes(std::string_view bytes) override;
  void on_closed(const Failure& failure) override;
  std::string missing() const override;
  void tell(const End& end) override;

  WebRequest request_;
  const Web::Fetched done_;
  HttpReply reply_;
};

class ShakeVisit final : public WebVisit {
 public:
  ShakeVisit(Run& run, observe::Handshake handshake, TlsContext& tls, Web::Shaken done);

 private:
  void on_open() override;
  std::string missing() const override { return ""; }
  void tell(const End& end) override;

  observe::Handshake handshake_;
  const Web::Shaken done_;
};

}  // namespace dcv::net
