// The rules of redirects, in the order in which Boulder looks at them.

#include "rules/redirect.h"

#include <algorithm>

#include "dns/public_suffix.h"

namespace dcv::rules {
namespace {

using Refusal = std::optional<RedirectRefusal>;

constexpr std::size_t kShown = 100;

std::string shown(std::string_view text) {
  return dns::quoted(text.substr(0, kShown)) + (text.size() > kShown ? "…" : "");
}

Refusal status_refusal(int status, RedirectPolicy policy) {
  const bool digicert = policy == RedirectPolicy::digicert;
  if (status == 301 || status == 302 || status == 307 || (status == 308 && !digicert))
    return std::nullopt;
  return RedirectRefusal{"status", "status " + std::to_string(status) + " is not followed, only " +
                                       (digicert ? "301, 302 and 307" : "301, 302, 307 and 308")};
}

Refusal port_refusal(const Url& to, RedirectPolicy policy) {
  const bool authorized = policy == RedirectPolicy::file && (to.port == 22 || to.port == 25);
  if (to.port == 80 || to.port == 443 || authorized) return std::nullopt;
  const std::string_view only =
      policy == RedirectPolicy::file ? "80, 443, 22 and 25" : "80 and 443";
  return RedirectRefusal{
      "port", "port " + std::to_string(to.port) + " is not asked, only " + std::string(only)};
}

// `from` stands below a top-level domain that the CA takes for one, whatever lists say.
Refusal host_refusal(const Url& from, const Url& to) {
  constexpr std::string_view kSlashLost = ".well-known";
  if (to.host.ends_with(kSlashLost))
    return RedirectRefusal{"missing-slash", "the host " + shown(to.host) +
                                                " ends in .well-known: the redirect lacks the "
                                                "slash between host and path"};
  if (const auto address = to.address()) {
    const std::string_view purpose = address->special_purpose();
    if (purpose.empty()) return std::nullopt;
    return RedirectRefusal{"reserved-address",
                           address->text() + " is reserved (" + std::string(purpose) + ")"};
  }
  const dns::Name name = to.name();
  if (name.is_root())
    return RedirectRefusal{
        "host", to.host.empty() ? "no host is named" : shown(to.host) + " cannot be a host"};
  const dns::Name ending = name.suffix(1);
  const bool known = dns::has_public_ending(name) || from.name().is_below(ending);
  if (known && name.label_count() > 1) return std::nullopt;
  return RedirectRefusal{"top-level-domain", "the host " + shown(to.host) +
                                                 " does not end in a public top-level domain"};
}

Refusal target_refusal(const std::vector<Url>& way, const Url& to, RedirectPolicy policy) {
  if (to.scheme != "http" && to.scheme != "https")
    return RedirectRefusal{
        "scheme", "the scheme " + shown(to.scheme) + " is not followed, only http and https"};
  if (Refusal refusal = host_refusal(way.front(), to)) return refusal;
  if (Refusal refusal = port_refusal(to, policy)) return refusal;
  if (to.path().size() > kRedirectPath)
    return RedirectRefusal{"path-too-long", "the path has " + std::to_string(to.path().size()) +
                                                " bytes, more than " +
                                                std::to_string(kRedirectPath)};
  const dns::Name domain = dns::registrable_domain(way.front().name());
  if (policy == RedirectPolicy::digicert && !to.name().is_within(domain))
    return RedirectRefusal{"other-domain", shown(to.host) + " is not within " + domain.prose()};
  if (std::ranges::find(way, to) != way.end())
    return RedirectRefusal{"loop", to.text().substr(0, kShown) + " was asked for before"};
  return std::nullopt;
}

}  // namespace

RedirectPolicy redirect_policy(Method method, std::string_view ca) {
  if (method == Method::http_01) return RedirectPolicy::acme;
  if (ca == "sectigo" || ca == "zerossl") return RedirectPolicy::none;
  return ca == "digicert" ? RedirectPolicy::digicert : RedirectPolicy::file;
}

bool is_redirect(int status) {
  // Others Go's client, by which Boulder asks, takes for the end.
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::optional<RedirectRefusal> redirect_refusal(const std::vector<Url>& way, int status,
                                                std::string_view location, RedirectPolicy policy) {
  if (policy == RedirectPolicy::none)
    return RedirectRefusal{"none-followed", "this CA follows no redirect"};
  if (Refusal refusal = status_refusal(status, policy)) return refusal;
  const Result<Url> to = resolve_location(way.back(), location);
  if (!to)
    return RedirectRefusal{"unreadable",
                           "Location " + shown(location) + " cannot be read: " + to.error()};
  if (Refusal refusal = target_refusal(way, *to, policy)) return refusal;
  if (way.size() > kRedirects)
    return RedirectRefusal{"too-many",
                           "more than " + std::to_string(kRedirects) + " redirects in a row"};
  return std::nullopt;
}

}  // namespace dcv::rules
