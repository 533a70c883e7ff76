// What to do about each finding of the family "visibility".
#include <algorithm>

#include "check/visibility.h"

namespace dcv::check::visibility {
namespace {

struct Advice {
  std::string_view id;
  std::string_view text;  // with {arguments}
  bool flush = false;     // the operators' pages help
};

constexpr Advice kAdvice[] = {
    {"visibility-authority-lacks",
     "Publish the records at every server of {zone}, then ask the caches"},
    {"visibility-bogus",
     "Ask with the +cd flag and without it, and mend the DNSSEC records that the reason names"},
    {"visibility-site-lags",
     "Wait until all sites of the name servers of {zone} have the change, and look again before "
     "the "
     "CA does: each of its perspectives may reach another site"},
    {"visibility-negative-cached",
     "Let clients check the authorities instead of these caches, or wait until {until}", true},
    {"visibility-parent-negative-cached",
     "Let clients check the authorities instead of these caches, or wait until {until}", true},
    {"visibility-denied-by-nsec",
     "Let clients check the authorities instead of these caches, or wait until {until}; a lower "
     "SOA minimum of {zone} shortens the next wait",
     true},
    {"visibility-old-value-cached",
     "Let clients check the authorities instead of these caches, or wait until {until}", true},
    {"visibility-stale-answer",
     "Find out why these resolvers do not reach the name servers of {zone}", true},
    {"visibility-caches-differ",
     "Let clients check the authorities instead of these caches, or wait until {until}", true},
    {"visibility-other-value",
     "Find out who answers there: ask for the NS records of {zone} at the same resolvers", true},
    {"visibility-split-horizon",
     "Give the ACME client a public resolver for its checks, and let it write to the public zone"},
    {"visibility-intercepted",
     "Ask over TLS or HTTPS (tls://1.1.1.1#one.one.one.one), or from another network"},
    {"visibility-filtered", "Use a resolver without a filter for checks of this name"},
    {"visibility-denials-rewritten", "Use another resolver for checks: this one invents data"},
    {"visibility-ttl-rewritten", "Count with the longer time when the records change"},
    {"visibility-port-53-blocked",
     "Ask over TLS or HTTPS (tls://1.1.1.1#one.one.one.one), or from another network"},
    {"visibility-resolver-fails",
     "Ask it again after five minutes, which a failure may be cached; if it goes on, use another "
     "resolver for checks"},
    {"visibility-resolver-refuses", "Ask a resolver that is open to this network"},
    {"visibility-resolver-silent", "Ask other resolvers, or these ones from another network"},
    {"visibility-tls-name-wrong",
     "Correct the host name in the list of resolvers; if it is right, another one answers there"},
    {"visibility-tls-failed", "Ask over another transport, or mend what the reason names"},
    {"visibility-https-failed", "Check the URL, which has to speak HTTP/2, or use TLS"},
};

std::string filled(std::string_view text, const std::map<std::string, std::string>& arguments) {
  std::string result(text);
  for (const auto& [key, value] : arguments) {
    const std::string place = "{" + key + "}";
    const std::size_t at = result.find(place);
    if (at != std::string::npos) result.replace(at, place.size(), value);
  }
  return result;
}

// "https://dns.google/cache (Google)"
std::string flush_pages(const std::vector<const observe::PublicResolver*>& by) {
  std::vector<std::string> pages;
  for (const observe::PublicResolver* each : by) {
    if (each->resolver.flush_page.empty()) continue;
    std::string page = each->resolver.flush_page + " (" + operator_text(*each) + ")";
    if (std::ranges::find(pages, page) == pages.end()) pages.push_back(std::move(page));
  }
  return pages.empty() ? "" : joined(pages);
}

}  // namespace

std::string remedy_text(std::string_view id, const std::map<std::string, std::string>& arguments,
                        const std::vector<const observe::PublicResolver*>& by) {
  const auto* advice = std::ranges::find(kAdvice, id, &Advice::id);
  if (advice == std::end(kAdvice)) return "";
  const std::string text = filled(advice->text, arguments);
  const std::string pages = advice->flush ? flush_pages(by) : "";
  const bool own =
      advice->flush && std::ranges::any_of(by, [](const observe::PublicResolver* each) {
        return each->resolver.system;
      });
  if (pages.empty() && !own) return text;
  std::string flush = own ? "in the cache of this machine's resolver" : "";
  if (!pages.empty()) flush += (own ? " and at " : "at ") + pages;
  return text + ", or flush " + arguments.at("name") + " " + flush;
}

}  // namespace dcv::check::visibility
