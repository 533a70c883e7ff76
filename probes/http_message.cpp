// Decodes what a client sends in a request's line and fields.
#include "http_message.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "dns/name.h"

namespace dcv::probes {
namespace {

std::optional<int> hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex(text[i + 1]), low = hex(text[i + 2]);
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return bytes;
}

// Cuts the text up to the next separator off its front.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// One element of an Accept field.
struct MediaRange {
  std::string type;     // "text/plain", in lower case
  std::string version;  // its parameter; empty: any
  double quality = 1;
};

std::string lower(std::string_view text) {
  std::string made;
  for (const char c : text) made += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return made;
}

MediaRange media_range(std::string_view text) {
  MediaRange range{lower(trimmed(cut(text, ';'))), ""};
  while (!text.empty()) {
    std::string_view value = cut(text, ';');
    const std::string name = lower(trimmed(cut(value, '=')));
    value = trimmed(value);
    if (name == "version") range.version = value;
    if (name == "q") {
      const char* const end = value.data() + value.size();
      if (std::from_chars(value.data(), end, range.quality).ec != std::errc()) range.quality = 0;
    }
  }
  return range;
}

}  // namespace

Result<HttpRequest> request_of(std::string_view method, std::string_view target) {
  HttpRequest request{std::string(method), ""};
  // A server has to take an absolute URL, too (RFC 9112 3.2.2).
  if (const std::size_t scheme = target.find("://"); scheme == 4 || scheme == 5) {
    const std::size_t path = target.find('/', scheme + 3);
    const std::string name = lower(target.substr(0, scheme));
    if (name == "http" || name == "https")
      target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  std::string_view query = target;
  const auto path = decoded(cut(query, '?'));
  if (!path || !path->starts_with('/')) return Error{"the path cannot be read"};
  request.path = *path;
  while (!query.empty()) {
    std::string_view value = cut(query, '&');
    if (value.empty()) continue;
    const auto name = decoded(cut(value, '=')), text = decoded(value);
    if (!name || !text) return Error{"the query has a % without two hexadecimal digits"};
    if (request.parameters.size() == kParameters) return Error{"the query has too many parameters"};
    request.parameters.emplace_back(*name, *text);
  }
  return request;
}

Result<std::string> parameter(const HttpRequest& request, std::string_view name) {
  std::string found;
  bool seen = false;
  for (const auto& [key, value] : request.parameters) {
    if (key != name) continue;
    if (seen) return Error{"the parameter " + std::string(name) + " stands there twice"};
    seen = true;
    found = value;
  }
  return found;
}

report::MetricsForm preferred_form(std::string_view accept) {
  double openmetrics = 0, classic = 0;
  while (!accept.empty()) {
    const MediaRange range = media_range(cut(accept, ','));
    if (range.type == "application/openmetrics-text" &&
        (range.version.empty() || range.version == "1.0.0"))
      openmetrics = std::max(openmetrics, range.quality);
    if (range.type == "text/plain" && (range.version.empty() || range.version == "0.0.4"))
      classic = std::max(classic, range.quality);
  }
  return openmetrics > 0 && openmetrics >= classic ? report::MetricsForm::openmetrics
                                                   : report::MetricsForm::classic;
}

}  // namespace dcv::probes
