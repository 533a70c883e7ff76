// What is worth knowing of a name's web servers where nothing is wrong.
#include <algorithm>
#include <array>
#include <set>

#include "check/web.h"
#include "dns/public_suffix.h"

namespace dcv::check::web {
namespace {

struct Cdn {
  std::string_view server, name;  // the header's value begins so
};
constexpr std::array<Cdn, 9> kCdns = {{{"cloudflare", "Cloudflare"},
                                       {"CloudFront", "Amazon CloudFront"},
                                       {"AkamaiGHost", "Akamai"},
                                       {"BunnyCDN", "bunny.net"},
                                       {"KeyCDN", "KeyCDN"},
                                       {"Sucuri", "Sucuri"},
                                       {"Fly/", "Fly.io"},
                                       {"Vercel", "Vercel"},
                                       {"Netlify", "Netlify"}}};

void check_cdn(const Sight& sight, std::vector<Finding>& findings) {
  for (const Cdn& cdn : kCdns) {
    std::vector<const Course*> behind;
    for (const Course& course : sight.courses)
      if (course.first().server.starts_with(cdn.server)) behind.push_back(&course);
    if (behind.empty()) continue;
    Finding finding =
        found(sight, "web-cdn-in-front", {{"name", sight.prose()}, {"cdn", std::string(cdn.name)}});
    for (const Course* course : behind)
      finding.evidence.push_back(evidence_of(sight, course->first()));
    finding.remedy.action = "Let " + std::string(cdn.name) +
                            " pass requests below /.well-known/ on to your web server without "
                            "caching or redirecting them, or let it get the certificate.";
    findings.push_back(std::move(finding));
  }
}

// CAs add "www." to an order for the name itself, and the other way round.
std::string counterpart(const dns::Name& name) {
  const dns::Name domain = dns::registrable_domain(name);
  if (name == domain) return "www." + name.lower().prose();
  const std::string text = name.lower().prose();
  return text == "www." + domain.lower().prose() ? domain.lower().prose() : "";
}

void check_alone(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.is_acme()) return;  // an ACME client names all that it wants
  const std::string other = counterpart(sight.host());
  if (other.empty()) return;
  for (const observe::Target& target : sight.test.observation.targets)
    if (target.identifier == other) return;
  Finding finding = found(sight, "web-name-alone", {{"name", sight.prose()}, {"other", other}});
  finding.remedy.action = "If the certificate is for " + other +
                          " too, check that name as well, or validate by DNS, where a record of " +
                          dns::registrable_domain(sight.host()).lower().prose() + " covers both.";
  findings.push_back(std::move(finding));
}

}  // namespace

void check_hints(const Sight& sight, std::vector<Finding>& findings) {
  check_cdn(sight, findings);
  check_alone(sight, findings);
}

}  // namespace dcv::check::web
