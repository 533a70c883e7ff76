#pragma once
// The TLS side of a web server of the lab: a certificate made on the spot, protocols and versions
// as its scenario wants them. Private to the lab; knows no sockets.

#include <boost/asio/ssl/context.hpp>

#include "lab/web.h"

namespace dcv::lab {

class WebIdentity {
 public:
  explicit WebIdentity(WebTls wish);  // throws std::runtime_error
  WebIdentity(const WebIdentity&) = delete;
  WebIdentity& operator=(const WebIdentity&) = delete;

  boost::asio::ssl::context& context() { return context_; }
  const WebTls& wish() const { return wish_; }

 private:
  const WebTls wish_;
  boost::asio::ssl::context context_;
};

}  // namespace dcv::lab
