#pragma once
// DNS messages with two length bytes each, over TCP (RFC 7766) or TLS (RFC 7858), their replies in
// any order.

#include <map>
#include <string>
#include <string_view>

#include "net/connection.h"

namespace dcv::net {

class FramedConnection final : public Connection {
 public:
  using Connection::Connection;

 private:
  void submit(Tag tag, const std::string& packet) override;
  void withdraw(Tag tag) override;
  void receive(std::string_view bytes) override;
  void take_message(std::string_view bytes);

  std::map<std::uint16_t, Tag> ids_;  // under way
  std::string incoming_;              // less than a whole message between calls
};

}  // namespace dcv::net
