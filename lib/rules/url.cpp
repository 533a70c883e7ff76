// Takes URLs apart and puts relative ones together.

#include "rules/url.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace dcv::rules {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return result;
}

std::uint16_t usual_port(std::string_view scheme) {
  return scheme == "http" ? 80 : scheme == "https" ? 443 : 0;
}

// Bytes that no URL has are percent-encoded, as Go's client does before it asks.
std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kUnwise = "\"<>\\^`{|}";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && kUnwise.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    }
  }
  return result;
}

// RFC 3986 5.2.4
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = path.substr(at, end - at);  // with its slash
    const bool last = end == path.size();
    if (segment == "/..") {
      if (!kept.empty()) kept.pop_back();
      if (last) kept.push_back("/");
    } else if (segment == "/.") {
      if (last) kept.push_back("/");
    } else {
      kept.push_back(segment);
    }
    at = end;
  }
  std::string result;
  for (const std::string_view segment : kept) result += segment;
  return result;
}

// The parts of RFC 3986 5.2; the fragment is dropped.
struct Parts {
  std::optional<std::string_view> scheme, authority, query;
  std::string_view path;
};

Parts parts_of(std::string_view text) {
  Parts parts;
  text = text.substr(0, text.find('#'));
  const std::size_t colon = text.find(':');
  const std::string_view before = text.substr(0, std::min(colon, text.size()));
  const auto in_scheme = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  if (colon != std::string_view::npos && !before.empty() && is_letter(before.front()) &&
      std::ranges::all_of(before, in_scheme)) {
    parts.scheme = before;
    text.remove_prefix(colon + 1);
  }
  if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    parts.authority = text.substr(0, text.find('/'));
    text.remove_prefix(parts.authority->size());
  }
  parts.path = text;
  return parts;
}

std::optional<Error> read_authority(std::string_view authority, Url& url) {
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0
  const std::size_t bracket = authority.rfind(']');
  const std::size_t from = bracket == std::string_view::npos ? 0 : bracket;
  const std::size_t colon = authority.find(':', from);
  url.host = lower(authority.substr(0, colon));
  if (url.host.starts_with('[') && !url.address())
    return Error{dns::quoted(url.host) + " is no IPv6 address"};
  const bool odd = std::ranges::any_of(url.host, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '%' || c == '\\';
  });
  if (odd) return Error{"the host " + dns::quoted(url.host) + " cannot be one"};
  if (colon == std::string_view::npos || colon + 1 == authority.size()) return std::nullopt;
  const std::string_view digits = authority.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
  if (error != std::errc() || end != digits.data() + digits.size())
    return Error{dns::quoted(digits) + " is no port"};
  return std::nullopt;
}

void set_target(std::string_view path, const std::optional<std::string_view>& query, Url& url) {
  url.target = encoded(without_dots(path));
  if (url.target.empty()) url.target = "/";
  if (query) url.target += "?" + encoded(*query);
}

std::optional<Error> unreadable(std::string_view text) {
  const bool control = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control) return Error{"a URL has no control characters"};
  return std::nullopt;
}

}  // namespace

std::string Url::text() const {
  const std::string at = port == usual_port(scheme) ? "" : ":" + std::to_string(port);
  return scheme + "://" + host + at + target;
}

std::optional<dns::IpAddress> Url::address() const {
  std::string_view literal = host;
  if (literal.starts_with('[') && literal.ends_with(']'))
    literal = literal.substr(1, literal.size() - 2);
  const Result<dns::IpAddress> read = dns::IpAddress::parse(literal);
  if (!read || read->is_v6() != host.starts_with('[')) return std::nullopt;
  return *read;
}

dns::Name Url::name() const {
  const Result<dns::Name> read =
      host.starts_with('[') ? dns::Name::from_labels({host}) : dns::Name::parse(host);
  return read ? *read : dns::Name();
}

Result<Url> parse_url(std::string_view text) {
  if (const auto fault = unreadable(text)) return *fault;
  const Parts parts = parts_of(text);
  if (!parts.scheme) return Error{"a URL begins with a scheme, as http://"};
  Url url;
  url.scheme = lower(*parts.scheme);
  url.port = usual_port(url.scheme);
  if (const auto fault = read_authority(parts.authority.value_or(""), url)) return *fault;
  set_target(parts.path, parts.query, url);
  return url;
}

Result<Url> resolve_location(const Url& base, std::string_view location) {
  if (const auto fault = unreadable(location)) return *fault;
  const Parts parts = parts_of(location);
  if (parts.scheme) return parse_url(location);
  if (parts.authority) return parse_url(base.scheme + ":" + std::string(location));
  Url url = base;
  if (parts.path.empty()) {
    const bool keeps_query = !parts.query && base.target.find('?') != std::string::npos;
    const std::string path = base.path();
    const std::string query = keeps_query ? base.target.substr(path.size() + 1) : "";
    set_target(path, keeps_query ? std::optional<std::string_view>(query) : parts.query, url);
  } else if (parts.path.starts_with('/')) {
    set_target(parts.path, parts.query, url);
  } else {
    const std::string path = base.path();
    set_target(path.substr(0, path.rfind('/') + 1) + std::string(parts.path), parts.query, url);
  }
  return url;
}

}  // namespace dcv::rules
