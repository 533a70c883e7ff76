// Requests and responses, field by field.

#include "net/https_message.h"

#include <algorithm>

#include "dns/name.h"
#include "net/limits.h"
#include "observe/base64.h"

namespace dcv::net {
namespace {

using observe::Outcome;

constexpr const char* kMediaType = "application/dns-message";
constexpr std::uint16_t kHttpsPort = 443;

// Base64 for URLs, without padding (RFC 4648 5).
std::string base64_url(std::string_view bytes) {
  std::string text = observe::base64(bytes);
  text.erase(std::min(text.find('='), text.size()));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string authority(const observe::Endpoint& endpoint) {
  std::string host = endpoint.host.empty() ? endpoint.address.text() : endpoint.host;
  const Result<dns::IpAddress> literal = dns::IpAddress::parse(host);
  if (literal && literal->is_v6()) host = "[" + host + "]";
  return endpoint.port == kHttpsPort ? host : host + ":" + std::to_string(endpoint.port);
}

std::string quoted_start(const std::string& text) {
  return dns::quoted(text.substr(0, kFieldShown)) + (text.size() > kFieldShown ? "…" : "");
}

// The media type without its parameters, in lower case.
std::string bare_type(std::string_view value) {
  std::string type(value.substr(0, value.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  for (char& c : type) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  return type;
}

}  // namespace

HttpRequest http_request(const observe::Endpoint& endpoint, std::string_view packet) {
  std::string path = endpoint.path.empty() ? "/" : endpoint.path;
  if (!endpoint.post) {
    path += path.find('?') == std::string::npos ? "?dns=" : "&dns=";
    path += base64_url(packet);
  }
  HttpRequest request;
  request.fields = {{":method", endpoint.post ? "POST" : "GET"},
                    {":scheme", "https"},
                    {":authority", authority(endpoint)},
                    {":path", path},
                    {"accept", kMediaType},
                    {"user-agent", "dcvtools/" DCV_VERSION}};
  if (endpoint.post) {
    request.fields.emplace_back("content-type", kMediaType);
    request.fields.emplace_back("content-length", std::to_string(packet.size()));
    request.body = packet;
  }
  return request;
}

void HttpResponse::take_field(std::string_view name, std::string_view value) {
  const std::string_view start = value.substr(0, kFieldShown + 1);
  if (name == ":status") status = start;
  if (name == "content-type") media_type = start;
  if (name == "location") location = start;
}

void HttpResponse::take_body(std::string_view bytes) {
  too_long = too_long || body.size() + bytes.size() > kMessageSize;
  if (!too_long) body += bytes;
}

std::optional<Failure> fault_of(const HttpResponse& response, const observe::Endpoint& endpoint) {
  const std::string server = place(endpoint);
  const auto failed = [](std::string detail) { return Failure{Outcome::http_failed, detail}; };
  if (response.status.empty())
    return failed(server + " ended the HTTP/2 stream without a response");
  if (response.status != "200") {
    const bool redirects = response.status.front() == '3' && !response.location.empty();
    const std::string where =
        !redirects
            ? ""
            : ": redirects, here to " + quoted_start(response.location) + ", are not followed";
    return failed("HTTP status " + response.status + " from " + server + where);
  }
  if (response.too_long) {
    return failed(server + " sent more than the " + std::to_string(kMessageSize) +
                  " bytes that a DNS message can have");
  }
  if (bare_type(response.media_type) == kMediaType) return std::nullopt;
  const std::string type = response.media_type.empty()
                               ? "no media type"
                               : "the media type " + quoted_start(response.media_type);
  return failed("the answer of " + server + " has " + type + ", not " + kMediaType);
}

}  // namespace dcv::net
