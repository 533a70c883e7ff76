#pragma once
// A request and a reply as the exporter's pages see them. No sockets.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dns/result.h"
#include "report/metrics.h"

namespace dcv::probes {

// Limits of one request. A name has at most 253 characters, a module's 64.
inline constexpr std::size_t kTargetBytes = 2048;  // of the request line's path and query
inline constexpr std::size_t kHeaderBytes = 8192;
inline constexpr std::size_t kBodyBytes = 1024;  // which is thrown away
inline constexpr std::size_t kParameters = 16;

struct HttpRequest {
  std::string method;  // "GET"
  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters = {};  // decoded, in order
  std::string accept = {}, authorization = {}, scrape_timeout = {};  // fields; empty: not there
};

struct HttpReply {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> fields = {};
  bool is_last = false;  // the connection ends with it
};

// Path and query decoded (application/x-www-form-urlencoded). An error is one sentence.
Result<HttpRequest> request_of(std::string_view method, std::string_view target);

// The only value of a parameter; empty where it is absent. A repeated one is an error.
Result<std::string> parameter(const HttpRequest& request, std::string_view name);

// What a client with this Accept field (RFC 9110 12.5.1) prefers; without a preference the classic
// form, which all read.
report::MetricsForm preferred_form(std::string_view accept);

}  // namespace dcv::probes
