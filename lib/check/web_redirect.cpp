// The redirects on a course: which of them the CA would not follow, and which lead nowhere.
#include <algorithm>

#include "check/web.h"
#include "rules/redirect.h"

namespace dcv::check::web {
namespace {

using observe::Outcome;

bool redirects(const Fetch& fetch) {
  return fetch.outcome == Outcome::reply && rules::is_redirect(fetch.status) &&
         !fetch.location.empty();
}

Fault refused(const Sight& sight, const Fetch& from, const std::string& reason,
              const std::string& why) {
  const bool follows_none = reason == "none-followed";
  const std::string host = from.host.lower().prose();
  std::string action = "Let " + host + " answer " + from.url + " itself";
  action += follows_none ? " instead of redirecting."
                         : ", or redirect to a URL that CAs follow: http or https, port 80 or 443.";
  if (reason == "missing-slash")
    action = "Put a slash between host and path into the redirect of " + host + ".";
  if (reason == "loop" || reason == "too-many")
    action = "Take what is below /.well-known/ out of the redirects of " + host + ".";
  if (reason == "status")
    action = "Redirect with status 301, 302, 307 or 308, or let " + host + " answer itself.";
  return {"web-redirect-refused",
          {{"from", from.url},
           {"to", dns::escape(from.location, "")},
           {"ca", sight.test.profile.title},
           {"why", why},
           {"reason", reason}},
          action,
          Severity::error,
          "a redirect to " + dns::escape(from.location, "")};
}

// `from` leads to an address that is never asked.
Fault into_private_space(const Sight& sight, const Fetch& from, const Fetch& to) {
  return refused(sight, from, "reserved-address",
                 to.host.lower().prose() + " has the address " + to.address.text() + " (" +
                     std::string(to.address.special_purpose()) + ")");
}

Fault unresolved(const Fetch& from, const rules::Url& to) {
  return {"web-redirect-host-unresolved",
          {{"from", from.url}, {"host", to.host}},
          "Publish A or AAAA records for " + to.host + ", or redirect elsewhere.",
          Severity::error,
          "a redirect to " + to.host + ", which has no address"};
}

}  // namespace

std::optional<Fault> redirect_fault(const Sight& sight, const Course& course) {
  const rules::RedirectPolicy policy =
      rules::redirect_policy(rules::method_of(sight.test.target.method), sight.test.profile.name);
  std::vector<rules::Url> way;
  for (std::size_t i = 0; i < course.way.size(); ++i) {
    const Fetch& fetch = *course.way[i];
    const Result<rules::Url> url = rules::parse_url(fetch.url);
    if (!url || !redirects(fetch)) return std::nullopt;
    way.push_back(*url);
    if (const auto refusal = rules::redirect_refusal(way, fetch.status, fetch.location, policy))
      return refused(sight, fetch, refusal->reason, refusal->sentence);
    if (i + 1 < course.way.size()) {
      const Fetch& next = *course.way[i + 1];
      if (next.outcome == Outcome::not_asked) return into_private_space(sight, fetch, next);
      continue;
    }
    const Result<rules::Url> to = rules::resolve_location(way.back(), fetch.location);
    if (to && sight.test.target.web.follows_redirects) return unresolved(fetch, *to);
  }
  return std::nullopt;
}

}  // namespace dcv::check::web
