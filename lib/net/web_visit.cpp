// Deadlines, the HTTP request, and the words for what went wrong.

#include "net/web_visit.h"

#include "net/seconds.h"
#include "net/shown_certificate.h"
#include "net/tls_context.h"

namespace dcv::net {
namespace {

using observe::Outcome;

template <typename Seen>
observe::Endpoint endpoint_of(const Seen& seen, bool tls) {
  return {tls ? observe::Transport::tls : observe::Transport::tcp, seen.address, seen.port,
          seen.host.prose()};
}

template <typename Seen, typename End>
void take_end(Seen& seen, const End& end) {
  seen.sent_at = end.sent_at;
  seen.duration = end.duration;
  seen.connected = end.connected;
  seen.outcome = end.failure.outcome;
  seen.detail = end.failure.detail;
}

// RFC 9112 3.2: the port stands there unless it is the scheme's own.
std::string host_field(const observe::Fetch& fetch) {
  const std::uint16_t usual = fetch.tls ? 443 : 80;
  const std::string host = fetch.host.prose();
  return fetch.port == usual ? host : host + ":" + std::to_string(fetch.port);
}

std::string request_text(const WebRequest& request) {
  return "GET " + request.target + " HTTP/1.1\r\nHost: " + host_field(request.fetch) +
         "\r\nUser-Agent: dcvtools/" DCV_VERSION "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

}  // namespace

WebVisit::WebVisit(Run& run, const observe::Endpoint& endpoint, TlsContext* tls)
    : run_(run),
      endpoint_(endpoint),
      stream_(std::make_shared<ByteStream>(
          run.io, endpoint, tls,
          ByteStream::Events{[this] { on_open(); },
                             [this](std::string_view bytes) { on_bytes(bytes); },
                             [this](const Failure& failure) { on_closed(failure); }})),
      timer_(run.io) {}

void WebVisit::start() {
  sent_at_ = run_.elapsed();
  wait(run_.dial_seconds);
  stream_->open();
}

void WebVisit::wait(double seconds) {
  timer_.expires_after(to_duration(seconds));
  timer_.async_wait([this](const ErrorCode& error) {
    if (!error) on_time();  // an error: ended, and perhaps gone
  });
}

void WebVisit::on_time() {
  if (ended_) return;  // this very moment
  const double waited = run_.elapsed() - sent_at_;
  if (stream_->connected() && waited < run_.reply_seconds) return wait(run_.reply_seconds - waited);
  const std::string within =
      " within " + seconds_text(stream_->connected() ? run_.reply_seconds : run_.dial_seconds);
  if (!stream_->connected())
    return end({Outcome::timeout, "no connection to " + server() + within});
  const bool open = stream_->phase() == ByteStream::Phase::open;
  end({Outcome::timeout,
       server() + " " + (open ? missing() : "did not complete the TLS handshake") + within});
}

void WebVisit::end(const Failure& failure) {
  if (ended_) return;
  ended_ = true;
  stream_->close();
  timer_.cancel();
  tell({sent_at_, run_.elapsed() - sent_at_, stream_->connected(), failure});
}

FetchVisit::FetchVisit(Run& run, WebRequest request, TlsContext& tls, Web::Fetched done)
    : WebVisit(run, endpoint_of(request.fetch, request.fetch.tls),
               request.fetch.tls ? &tls : nullptr),
      request_(std::move(request)),
      done_(std::move(done)) {}

void FetchVisit::on_open() {
  stream().send(request_text(request_));
}

void FetchVisit::on_bytes(std::string_view bytes) {
  reply_.take(bytes);
  if (!reply_.over()) return;
  if (reply_.complete()) return end({Outcome::reply, ""});
  end({Outcome::malformed, server() + " " + reply_.fault()});
}

void FetchVisit::on_closed(const Failure& failure) {
  if (failure.outcome != Outcome::closed) return end(failure);
  if (failure.in_good_order) reply_.take_end();
  if (reply_.complete()) return end({Outcome::reply, ""});
  if (reply_.bytes() == 0 && failure.in_good_order)
    return end({Outcome::closed, server() + " closed the connection without a reply"});
  end(failure);
}

std::string FetchVisit::missing() const {
  if (reply_.bytes() == 0) return "sent no reply";
  return reply_.has_head() ? "did not end its reply" : "did not end the header of its reply";
}

void FetchVisit::tell(const End& end) {
  take_end(request_.fetch, end);
  reply_.tell(request_.fetch);
  done_(request_.fetch);
}

ShakeVisit::ShakeVisit(Run& run, observe::Handshake handshake, TlsContext& tls, Web::Shaken done)
    : WebVisit(run, endpoint_of(handshake, true), &tls),
      handshake_(std::move(handshake)),
      done_(std::move(done)) {}

void ShakeVisit::on_open() {
  SSL* const tls = stream().tls();
  handshake_.tls_version = SSL_get_version(tls);
  handshake_.protocol = dns::escape(agreed_protocol(*tls), "");
  handshake_.certificate = shown_certificate(*tls);
  end({Outcome::reply, ""});
}

void ShakeVisit::tell(const End& end) {
  handshake_.alert = end.failure.alert;
  take_end(handshake_, end);
  done_(handshake_);
}

}  // namespace dcv::net
