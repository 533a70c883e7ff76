// Which reply a request gets; see web.h.

#include "lab/web.h"

#include <ostream>  // Boost's string_view wants it

#include <boost/beast/http/status.hpp>

namespace dcv::lab {
namespace {

using Found = std::map<std::string, WebReply>::const_iterator;

// The reply by its exact key, or that of the longest prefix.
Found find(const WebServer& server, const std::string& place) {
  const Found exact = server.replies.find(place);
  if (exact != server.replies.end()) return exact;
  for (std::size_t size = place.size() + 1; size > 0; --size) {
    const Found prefix = server.replies.find(place.substr(0, size - 1) + "*");
    if (prefix != server.replies.end()) return prefix;
  }
  return server.replies.end();
}

void fill_in(std::string& text, std::string_view hole, std::string_view value) {
  for (auto at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size()))
    text.replace(at, hole.size(), value);
}

}  // namespace

WebReply reply_for(const WebServer& server, std::string_view host, std::string_view path) {
  const std::string plain(path.substr(0, path.find('?')));
  const std::string name(host.substr(0, host.find(':')));
  Found found = find(server, name + plain);
  if (found == server.replies.end()) found = find(server, plain);
  if (found == server.replies.end()) return {404, {}, "Not Found\n", WebFault::none};
  WebReply reply = found->second;
  for (auto& [key, value] : reply.headers) {
    fill_in(value, "{host}", name);
    fill_in(value, "{path}", path);
  }
  return reply;
}

std::string reply_head(const WebReply& reply) {
  namespace http = boost::beast::http;
  const auto status = static_cast<unsigned>(reply.status);
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " " +
                     std::string(http::obsolete_reason(http::int_to_status(status))) + "\r\n";
  std::map<std::string, std::string> headers = reply.headers;
  headers.try_emplace("Server", "dcv-lab");
  headers.try_emplace("Content-Type", "text/plain");
  headers.try_emplace("Connection", "close");
  const bool without_length = reply.fault == WebFault::trickle || reply.fault == WebFault::endless;
  const std::size_t missing = reply.fault == WebFault::cut ? 100 : 0;
  if (!without_length)
    headers.try_emplace("Content-Length", std::to_string(reply.body.size() + missing));
  for (const auto& [key, value] : headers) head += key + ": " + value + "\r\n";
  return head + "\r\n";
}

}  // namespace dcv::lab
