// The words for servers and for errors of the network.

#include "net/failure.h"

namespace dcv::net {

using observe::Outcome;

std::string place(const observe::Endpoint& endpoint) {
  return endpoint.address.text() + " (port " + std::to_string(endpoint.port) + ")";
}

std::string reason_not_to_ask(const dns::IpAddress& address, const observe::Settings& settings,
                              bool special_purpose_meant) {
  if (address.is_v4() && !settings.ipv4) return "IPv4 is switched off";
  if (address.is_v6() && !settings.ipv6) return "IPv6 is switched off";
  const std::string_view purpose = address.special_purpose();
  if (special_purpose_meant || purpose.empty() || settings.allow_private) return "";
  return "the address is reserved (" + std::string(purpose) + ")";
}

bool says_unreachable(const ErrorCode& error) {
  return error == asio::error::network_unreachable || error == asio::error::host_unreachable ||
         error == asio::error::network_down || error == asio::error::access_denied ||
         error == asio::error::no_permission ||
         error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

Outcome connect_outcome(const ErrorCode& error) {
  if (says_unreachable(error)) return Outcome::unreachable;
  if (error == asio::error::timed_out) return Outcome::timeout;
  if (error == asio::error::no_descriptors) return Outcome::not_asked;
  return Outcome::refused;
}

}  // namespace dcv::net
