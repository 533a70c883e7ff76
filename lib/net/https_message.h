#pragma once
// A DNS message as an HTTP request, and an HTTP response as a DNS message or the reason why it is
// none (RFC 8484). Free of sockets and of HTTP's framing.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/failure.h"

namespace dcv::net {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  HttpFields fields;  // ":method" and so on first
  std::string body;   // of a POST
};
// `packet` has the id 0, so that caches on the way know equal questions.
HttpRequest http_request(const observe::Endpoint& endpoint, std::string_view packet);

struct HttpResponse {
  std::string status, media_type, location;
  std::string body;
  bool too_long = false;  // longer than a DNS message can be

  void take_field(std::string_view name, std::string_view value);
  void take_body(std::string_view bytes);
};
// Why there is no DNS message in the body; nothing when there should be one.
std::optional<Failure> fault_of(const HttpResponse& response, const observe::Endpoint& endpoint);

}  // namespace dcv::net
