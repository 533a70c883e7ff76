// Reading the name to certify, with a clear sentence for each common slip.

#include "dns/identifier.h"

#include <idn2.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "dns/ip.h"
#include "dns/public_suffix.h"

namespace dcv::dns {
namespace {

constexpr std::string_view kChallengeLabel = "_acme-challenge";
constexpr std::size_t kLongestHostName = 253;  // in text form, without the final dot

struct Idn2Deleter {
  void operator()(char* text) const { idn2_free(text); }
};

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_host_byte(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

// UTS 46: the ideographic full stops separate labels as well.
std::string with_ascii_dots(std::string text) {
  for (std::string_view dot : {"\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"}) {
    for (std::size_t at = 0; (at = text.find(dot, at)) != std::string::npos;)
      text.replace(at, dot.size(), ".");
  }
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> labels(1);
  for (char c : text) {
    if (c == '.') {
      labels.emplace_back();
    } else {
      labels.back() += c;
    }
  }
  return labels;
}

// The host part of a URL, for the hint.
std::string host_of(std::string_view text) {
  if (auto scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (auto user = text.rfind('@'); user != std::string_view::npos) text.remove_prefix(user + 1);
  return std::string(text.substr(0, text.find(':')));
}

bool is_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return static_cast<bool>(IpAddress::parse(text));
}

// What the whole text is instead of a name; empty if it may be one.
std::string slip_of_text(std::string_view text) {
  auto has = [&](std::string_view bytes) {
    return text.find_first_of(bytes) != std::string_view::npos;
  };
  if (text.empty() || text == ".") return "is empty";
  if (is_address(text)) return "is an IP address, not a domain name";
  if (has("/?#")) return "is a URL; give only the host name: " + quoted(host_of(text));
  if (has("@")) return "is an e-mail address; give only the domain: " + quoted(host_of(text));
  if (has(" \t\r\n\v\f")) return "has a space in it";
  if (has(":"))
    return "has a port or scheme in it; give only the host name: " + quoted(host_of(text));
  if (has(",;")) return "has a separator in it; give one name at a time";
  return "";
}

// A label in A-label form, lower case.
Result<std::string> ascii_label(const std::string& label) {
  if (is_ascii(label)) return lower_case(label);
  char* converted = nullptr;
  int status = idn2_to_ascii_8z(label.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  std::unique_ptr<char, Idn2Deleter> holder(converted);
  if (status == IDN2_OK) return lower_case(converted);
  auto message = quoted(label);
  return Error{
      message.append(" is not a valid internationalised label: ").append(idn2_strerror(status))};
}

// What is wrong with a label of a host name; empty if nothing is.
std::string slip_of_label(const std::string& label) {
  if (label.empty()) return "has an empty label (two dots in a row, or a dot in front)";
  if (label.size() > 63) return "has a label longer than 63 bytes";
  if (label.find('*') != std::string::npos)
    return "has a \"*\" elsewhere than alone in front; only \"*.\" before the name is possible";
  if (label.find('_') != std::string::npos)
    return "has an underscore, which host names in certificates cannot have";
  if (!std::ranges::all_of(label, is_host_byte))
    return "has a character that host names cannot have";
  if (label.starts_with('-') || label.ends_with('-'))
    return "has a label that starts or ends with a hyphen";
  return "";
}

std::string joined(const std::vector<std::string>& labels) {
  std::string result;
  for (const auto& label : labels) {
    if (!result.empty()) result += '.';
    result += label;
  }
  return result;
}

std::string slip_of_labels(const std::vector<std::string>& labels) {
  if (labels.front() == kChallengeLabel) {
    std::vector<std::string> rest(labels.begin() + 1, labels.end());
    return "starts with _acme-challenge, which is added here; give " + quoted(joined(rest));
  }
  for (const auto& label : labels) {
    if (auto slip = slip_of_label(label); !slip.empty()) return slip;
  }
  if (labels.size() < 2) return "has only one label; CAs certify names below a registry";
  if (std::ranges::all_of(labels.back(), is_digit)) return "ends in a number, not in a domain";
  if (joined(labels).size() > kLongestHostName) return "is longer than 253 bytes";
  return "";
}

}  // namespace

Result<Identifier> parse_identifier(std::string_view text) {
  auto slip = [&](std::string_view what) {
    return Error{quoted(text.substr(0, 300)).append(" ").append(what)};
  };
  if (auto what = slip_of_text(text); !what.empty()) return slip(what);
  auto labels = split(with_ascii_dots(std::string(text)));
  if (labels.size() > 1 && labels.back().empty()) labels.pop_back();
  Identifier identifier;
  identifier.wildcard = labels.size() > 1 && labels.front() == "*";
  if (identifier.wildcard) labels.erase(labels.begin());
  for (auto& label : labels) {
    auto ascii = ascii_label(label);
    if (!ascii) return slip(ascii.error());
    label = *ascii;
  }
  if (auto what = slip_of_labels(labels); !what.empty()) return slip(what);
  auto host = joined(labels);
  auto name = Name::from_labels(std::move(labels));
  if (!name) return slip(name.error());
  if (is_registry(*name)) return slip("is a registry's own name; CAs certify names below it");
  identifier.name = std::move(name).value();
  identifier.text = identifier.wildcard ? std::string("*.").append(host) : host;
  return identifier;
}

Result<Name> parse_owner(std::string_view text) {
  auto slip = [&](std::string_view what) {
    return Error{quoted(text.substr(0, 300)).append(" ").append(what)};
  };
  if (auto what = slip_of_text(text); !what.empty()) return slip(what);
  auto labels = split(with_ascii_dots(std::string(text)));
  if (labels.size() > 1 && labels.back().empty()) labels.pop_back();
  for (auto& label : labels) {
    if (label.empty()) return slip("has an empty label (two dots in a row, or a dot in front)");
    auto ascii = ascii_label(label);
    if (!ascii) return slip(ascii.error());
    label = *ascii;
  }
  auto name = Name::from_labels(std::move(labels));
  if (!name) return slip(name.error());
  if (name->label_count() < 2 || is_registry(*name))
    return slip("is a registry's own name; give one below it");
  return name;
}

Name host_of(const Name& owner) {
  Name host = owner;
  while (!host.is_root() && host.labels().front().starts_with('_')) host = host.parent();
  return host;
}

Result<Name> acme_challenge_name(const Identifier& identifier) {
  return identifier.name.child(kChallengeLabel);
}

}  // namespace dcv::dns
