// How the findings of the family "visibility" name resolvers, replies and times.
#include <algorithm>
#include <cmath>

#include "check/dnssec.h"
#include "check/visibility.h"

namespace dcv::check::visibility {
namespace {

constexpr int kShort = 60;  // seconds; over before anybody has asked the CA again
constexpr std::size_t kNamesShown = 6;
constexpr std::size_t kValuesShown = 3;
constexpr std::size_t kValueBytesShown = 100;  // as Boulder cuts TXT values in its error texts

constexpr std::uint16_t usual_port(observe::Transport transport) {
  switch (transport) {
    case observe::Transport::tls:
      return 853;
    case observe::Transport::https:
      return 443;
    default:
      return 53;
  }
}

std::string_view way(observe::Transport transport) {
  switch (transport) {
    case observe::Transport::tcp:
      return " over TCP";
    case observe::Transport::tls:
      return " over TLS";
    case observe::Transport::https:
      return " over HTTPS";
    default:
      return "";
  }
}

std::string first_of(const std::vector<std::string>& parts, std::size_t most) {
  if (parts.empty()) return "none";
  const std::size_t rest = parts.size() > most + 1 ? parts.size() - most : 0;
  std::string text;
  for (std::size_t i = 0; i + rest < parts.size(); ++i) {
    const bool last = rest == 0 && i + 1 == parts.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + parts[i];
  }
  return rest == 0 ? text : text + " and " + std::to_string(rest) + " more";
}

std::string with_left(std::string text, const std::optional<std::uint32_t>& ttl) {
  return ttl.value_or(0) > 0 ? text + ", " + std::to_string(*ttl) + " s left" : text;
}

}  // namespace

std::string address_text(const observe::Endpoint& endpoint) {
  const std::string address = endpoint.address.text();
  if (endpoint.port == usual_port(endpoint.transport)) return address;
  const std::string port = std::to_string(endpoint.port);
  return endpoint.address.is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

std::string operator_text(const observe::PublicResolver& by) {
  if (by.resolver.system) return "this machine's resolver";
  return by.resolver.operator_name.empty() ? by.resolver.service : by.resolver.operator_name;
}

std::string label(const observe::PublicResolver& by) {
  const std::string who = operator_text(by);
  const std::string where = address_text(by.endpoint) + std::string(way(by.endpoint.transport));
  return who.empty() ? where : who + " (" + where + ")";
}

std::string joined(const std::vector<std::string>& parts) {
  return first_of(parts, kNamesShown);
}

std::string values_text(const std::vector<std::string>& values, dns::RecordType type) {
  std::vector<std::string> shown;
  for (const std::string& value : values) {
    std::string text = value.size() > kValueBytesShown ? value.substr(0, kValueBytesShown) : value;
    text = type == dns::RecordType::txt ? dns::quoted(text) : text;
    shown.push_back(text + (value.size() > kValueBytesShown ? "…" : ""));
  }
  return first_of(shown, kValuesShown);
}

std::string reply_text(const Sample& sample, dns::RecordType type) {
  using observe::Sight;
  const observe::Seen& seen = sample.seen;
  std::string text;
  switch (seen.sight) {
    case Sight::nxdomain:
      text = with_left("NXDOMAIN", seen.negative_ttl);
      break;
    case Sight::nodata:
      text = with_left("no " + dns::text(type) + " record", seen.negative_ttl);
      break;
    case Sight::fails:
      text = dns::text(sample.exchange->reply->rcode);
      break;
    default:
      text = with_left(dns::text(type) + " " + values_text(seen.values, type), seen.ttl);
  }
  for (const std::uint16_t code : extended_errors(*sample.exchange))
    text += ", " + dns::extended_error_text(code);
  return text;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(std::clamp(seconds, 0.0, 1e9)));
  const auto two = [](long big, const char* unit, long small, const char* smaller) {
    const std::string text = std::to_string(big) + unit;
    return small == 0 ? text : text + " " + std::to_string(small) + smaller;
  };
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return two(whole / 60, " min", whole % 60, " s");
  return two(whole / 3600, " h", whole % 3600 / 60, " min");
}

std::string clock_text(double unix_seconds) {
  return dnssec::date_text(std::ceil(std::clamp(unix_seconds, 0.0, 253402300799.0)));
}

bool is_of_ca(const observe::CaProfile& profile, const observe::PublicResolver& by) {
  return std::ranges::find(profile.resolvers, by.endpoint.address.text()) !=
         profile.resolvers.end();
}

std::string ca_text(const observe::CaProfile& profile) {
  const std::string title = profile.title.empty() ? profile.name : profile.title;
  const std::string most = duration_text(profile.cache_seconds);
  if (profile.cache_seconds <= 0)
    return "Not in the way of " + title + ", whose resolvers cache nothing";
  if (profile.cache_seconds <= kShort)
    return "Not in the way of " + title + ", whose resolvers cache nothing for more than " + most;
  return "In the way of " + title + " only if its own resolvers, which cache up to " + most +
         ", asked too early";
}

}  // namespace dcv::check::visibility
