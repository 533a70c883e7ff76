// How people write a resolver's address.
#include "resolve/endpoint_text.h"

#include <charconv>

namespace dcv::resolve {
namespace {

using observe::Transport;

constexpr struct {
  std::string_view prefix;
  Transport transport;
} kPrefixes[] = {
    {"udp://", Transport::udp},     {"tcp://", Transport::tcp},         {"tls://", Transport::tls},
    {"https://", Transport::https}, {"doh:https://", Transport::https}, {"udp:", Transport::udp},
    {"tcp:", Transport::tcp},       {"dot:", Transport::tls},
};

std::uint16_t usual_port(Transport transport) {
  switch (transport) {
    case Transport::tls:
      return 853;
    case Transport::https:
      return 443;
    case Transport::udp:
    case Transport::tcp:
      break;
  }
  return 53;
}

std::optional<std::uint16_t> port_number(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), port);
  if (error != std::errc() || end != text.end() || port == 0) return std::nullopt;
  return port;
}

// Host or address, and the port behind it; a bare IPv6 address has colons of its own.
bool split_port(std::string_view text, std::string_view& host,
                std::optional<std::string_view>& port) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (rest.empty()) return true;
    port = rest.substr(1);
    return rest.front() == ':';
  }
  const std::size_t colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && colon == text.rfind(':');
  host = one_colon ? text.substr(0, colon) : text;
  if (one_colon) port = text.substr(colon + 1);
  return true;
}

bool is_host_name(std::string_view text) {
  const Result<dns::Name> name = dns::Name::parse(text);
  return name && !name->is_root() &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
             std::string_view::npos;
}

}  // namespace

Result<WrittenEndpoint> parse_endpoint(std::string_view text) {
  const auto fault = [&](const std::string& what) {
    return Error{"\"" + dns::escape(text, "\"") + "\" is not a resolver: " + what};
  };
  WrittenEndpoint result;
  std::string_view rest = text;
  for (const auto& [prefix, transport] : kPrefixes) {
    if (!rest.starts_with(prefix)) continue;
    result.transport = transport;
    result.transport_given = true;
    rest.remove_prefix(prefix.size());
    break;
  }
  result.port = usual_port(result.transport);

  if (result.transport == Transport::https) {
    result.post = text.starts_with("doh:") && rest.ends_with(":post");
    for (const std::string_view method : {":post", ":get"})
      if (text.starts_with("doh:") && rest.ends_with(method)) rest.remove_suffix(method.size());
    const std::size_t slash = rest.find('/');
    result.path = slash == std::string_view::npos ? "/dns-query" : rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  const std::size_t hash = rest.find('#');
  if (hash != std::string_view::npos) {
    if (result.transport != Transport::tls) return fault("only tls:// takes a name behind #");
    result.host = rest.substr(hash + 1);
    if (!is_host_name(result.host)) return fault("the name behind # is no host name");
    rest = rest.substr(0, hash);
  }
  std::string_view host;
  std::optional<std::string_view> port;
  if (!split_port(rest, host, port)) return fault("the brackets around the address do not close");
  if (port) {
    const std::optional<std::uint16_t> number = port_number(*port);
    if (!number) return fault("the port is a number from 1 to 65535");
    result.port = *number;
  }
  const Result<dns::IpAddress> address = dns::IpAddress::parse(host);
  const bool by_name = result.transport == Transport::tls || result.transport == Transport::https;
  if (address) result.address = *address;
  if (!address && !(by_name && result.host.empty() && is_host_name(host)))
    return fault("\"" + dns::escape(host, "\"") + "\" is no IP address");
  if (result.host.empty() && (!address || result.transport == Transport::https))
    result.host = std::string(host);
  return result;
}

}  // namespace dcv::resolve
