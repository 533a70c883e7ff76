#pragma once
// URLs of the schemes http and https as CAs' clients read them, that is Go's net/url: they take
// more than RFC 3986 allows (spaces, other bytes than ASCII), for which Boost.URL is too strict.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/ip.h"
#include "dns/name.h"
#include "dns/result.h"

namespace dcv::rules {

struct Url {
  std::string scheme;      // in lower case, perhaps another one than http and https
  std::string host;        // in lower case; an IPv6 address stands in brackets
  std::uint16_t port = 0;  // told, or the scheme's own; 0 for schemes without one
  std::string target;      // path and query as in a request; at least "/"

  // Without the port where it is the scheme's own, without user and fragment.
  std::string text() const;
  std::string path() const { return target.substr(0, target.find('?')); }
  // The host when it is one.
  std::optional<dns::IpAddress> address() const;
  // The host as a name, an address as a label of its own kind; the root when it is no name.
  dns::Name name() const;
  bool tls() const { return scheme == "https"; }

  friend bool operator==(const Url&, const Url&) = default;
};

Result<Url> parse_url(std::string_view text);
// Where the header Location of a reply for `base` leads (RFC 3986 5.2), dots in the path removed.
Result<Url> resolve_location(const Url& base, std::string_view location);

}  // namespace dcv::rules
