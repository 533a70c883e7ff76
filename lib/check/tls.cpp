// The family "tls": its rows, and what the handshakes with all addresses come to together.
#include "check/tls.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "check/alias.h"
#include "observe/lookup.h"
#include "rules/method.h"

namespace dcv::check {
namespace tls {
namespace {

constexpr std::string_view kBoulder = "letsencrypt";  // the CA that runs it

constexpr std::array kTlsKinds = {
    FindingKind{.id = "tls-no-address",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{name} has no address at which a CA would look: {reason}",
                .reference = "RFC 8737 3, RFC 6890",
                .since = "0.1.0"},
    FindingKind{.id = "tls-unreachable",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "Port 443 of {name} cannot be reached at {addresses}: {reason}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
    FindingKind{.id = "tls-ipv6-unreachable",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "Port 443 of {name} gives no TLS session over IPv6, at {addresses}, "
                           "though it does over IPv4: {reason}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
    FindingKind{.id = "tls-version-old",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{name} does not offer TLS 1.2 or newer at {addresses}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
    FindingKind{.id = "tls-handshake-failed",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The TLS handshake with {name} fails at {addresses}: {reason}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
    FindingKind{.id = "tls-cdn-in-front",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{front} ends TLS in front of {name} at {addresses}, and does not pass "
                           "acme-tls/1 on: {sign}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
    FindingKind{.id = "tls-certificate-wrong",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The certificate that {name} shows for acme-tls/1 at {addresses} "
                           "{fault}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
    FindingKind{.id = "tls-addresses-differ",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The addresses of {name} differ: at {right} the certificate of "
                           "tls-alpn-01 is shown, at {others} it is not",
                .reference = "RFC 8737 3, BR 3.2.2.4.20",
                .since = "0.1.0"},
    FindingKind{.id = "tls-alpn-missing",
                .severity = Severity::info,
                .affects = Affects::ca,
                .message = "{name} does not select acme-tls/1 at {addresses}",
                .reference = "RFC 8737 3",
                .since = "0.1.0"},
};

const FindingKind& kind(std::string_view id) {
  const auto found = std::ranges::find(kTlsKinds, id, &FindingKind::id);
  if (found == kTlsKinds.end()) throw std::logic_error("no such row: " + std::string(id));
  return *found;
}

std::string saw(const observe::Handshake& handshake) {
  if (handshake.outcome != observe::Outcome::reply) return handshake.detail;
  std::string text = handshake.tls_version;
  text += handshake.protocol.empty() ? ", no protocol selected" : ", " + handshake.protocol;
  if (!handshake.certificate) return text + ", no certificate";
  const observe::ShownCertificate& shown = *handshake.certificate;
  text += ", certificate for ";
  text += shown.dns_names.empty() ? shown.subject : shown.dns_names.front();
  if (shown.dns_names.size() > 1)
    text += " and " + std::to_string(shown.dns_names.size() - 1) + " more";
  if (!shown.self_signed) text += ", issued by " + shown.issuer;
  return shown.acme_digest.empty() ? text : text + ", digest " + shown.acme_digest;
}

Evidence evidence_of(const Case& test, const observe::Handshake& handshake) {
  Evidence evidence;
  evidence.server = observe::label(handshake.host.lower(), handshake.address);
  evidence.question = "TLS port " + std::to_string(handshake.port) + ", ALPN acme-tls/1";
  evidence.saw = saw(handshake);
  evidence.at = test.observation.started_at + handshake.sent_at + handshake.duration;
  return evidence;
}

bool expects(const Case& test) {
  return !test.target.expected.empty();
}

// Those that fit leave `shakes`.
template <typename Fits>
Shakes taken(Shakes& shakes, Fits fits) {
  Shakes fitting;
  std::ranges::copy_if(shakes, std::back_inserter(fitting), fits);
  std::erase_if(shakes, fits);
  return fitting;
}

// Groups of equal words, each told once.
template <typename WordsOf>
std::map<std::string, Shakes> grouped(const Shakes& shakes, WordsOf words_of) {
  std::map<std::string, Shakes> groups;
  for (const Shake& each : shakes) groups[words_of(each)].push_back(each);
  return groups;
}

std::string reason_of(const Shake& shake) {
  return shake.handshake->detail;
}

void check_addresses(const Case& test, std::vector<Finding>& findings) {
  const std::string reason = lack_of_addresses(test);
  if (reason.empty() || alias::is_open_to_takeover(findings)) return;
  Finding finding = found(test, "tls-no-address", {{"reason", reason}}, {});
  const observe::Step& last = test.target.steps.back();
  for (const observe::Exchange* exchange : test.overview.exchanges.select(
           {.zone = &last.zone, .name = &last.name, .purpose = observe::Purpose::proof}))
    finding.evidence.push_back(check::evidence_of(test, *exchange));
  finding.remedy.action = "Publish an A or AAAA record with a public address for " +
                          last.name.lower().prose() + ", or use dns-01.";
  findings.push_back(std::move(finding));
}

void check_ipv6(const Case& test, Shakes& shakes, std::vector<Finding>& findings) {
  const auto is_v6 = [](const Shake& each) { return each.handshake->address.is_v6(); };
  const auto fails_over_v6 = [&](const Shake& each) { return is_v6(each) && each.gave_nothing(); };
  const auto works_over_v4 = [&](const Shake& each) {
    return !is_v6(each) && !each.gave_nothing();
  };
  if (std::ranges::none_of(shakes, works_over_v4)) return;
  const Shakes failing = taken(shakes, fails_over_v6);
  if (failing.empty()) return;
  Finding finding =
      found(test, "tls-ipv6-unreachable", {{"reason", reason_of(failing.front())}}, failing);
  // It tries the first address of IPv4 then; what other CAs do is not known.
  if (test.profile.name == kBoulder) finding.severity = Severity::notice;
  finding.remedy.action = "Let port 443 answer over IPv6, or remove the AAAA records of " +
                          test.target.validation_name.lower().prose() + ".";
  findings.push_back(std::move(finding));
}

// Which certificate the CA gets depends on the address that it takes.
void check_differences(const Case& test, Shakes& shakes, std::vector<Finding>& findings) {
  const auto proof = std::ranges::find(shakes, End::proof, &Shake::end);
  if (proof == shakes.end()) return;
  const std::string digest = proof->handshake->certificate->acme_digest;
  const auto is_right = [&](const Shake& each) {
    return each.end == End::proof &&
           (expects(test) || each.handshake->certificate->acme_digest == digest);
  };
  Shakes all;
  std::ranges::copy_if(shakes, std::back_inserter(all), is_right);
  const std::string right = addresses_text(all);
  const Shakes others = taken(shakes, [&](const Shake& each) {
    return !each.gave_nothing() && each.front == nullptr && !is_right(each);
  });
  if (others.empty()) return;
  all.insert(all.end(), others.begin(), others.end());
  Finding finding = found(test, "tls-addresses-differ",
                          {{"right", right}, {"others", addresses_text(others)}}, all);
  finding.remedy.action =
      "Have the ACME client give its certificate to all servers of the name, or use dns-01.";
  findings.push_back(std::move(finding));
}

// Some other address may be the one that the CA takes.
void soften(Finding& finding, bool others_work) {
  if (others_work && finding.severity == Severity::error) finding.severity = Severity::warning;
}

void check_unreachable(const Case& test, Shakes& shakes, bool others_work,
                       std::vector<Finding>& findings) {
  const Shakes all = taken(shakes, [](const Shake& each) { return each.end == End::unreachable; });
  if (all.empty()) return;
  Finding finding = found(test, "tls-unreachable", {{"reason", reason_of(all.front())}}, all);
  soften(finding, others_work);
  // Some ACME clients open the port themselves, and for the time of the order alone.
  const bool closed = std::ranges::all_of(
      all, [](const Shake& each) { return each.handshake->outcome == observe::Outcome::refused; });
  if (closed && !expects(test)) finding.severity = Severity::warning;
  finding.remedy.action =
      closed ? "Start the server on port 443; an ACME client that opens it during the order has "
               "to listen at these addresses."
             : "Let connections from everywhere to port 443 through, or use dns-01.";
  findings.push_back(std::move(finding));
}

void check_sessions(const Case& test, Shakes& shakes, bool others_work,
                    std::vector<Finding>& findings) {
  const Shakes old = taken(shakes, [](const Shake& each) { return each.end == End::old_version; });
  if (!old.empty()) {
    findings.push_back(found(test, "tls-version-old", {}, old));
    soften(findings.back(), others_work);
    findings.back().remedy.action = "Switch TLS 1.2 and 1.3 on.";
  }
  const Shakes failed = taken(shakes, [](const Shake& each) { return each.end == End::failed; });
  for (const auto& [reason, group] : grouped(failed, reason_of)) {
    Finding finding = found(test, "tls-handshake-failed", {{"reason", reason}}, group);
    // Without an order it may know neither name nor protocol.
    soften(finding, others_work || !expects(test));
    finding.remedy.action =
        "Have port 443 answer a TLS handshake for this name that offers acme-tls/1 only.";
    findings.push_back(std::move(finding));
  }
}

void check_fronts(const Case& test, Shakes& shakes, bool others_work,
                  std::vector<Finding>& findings) {
  const Shakes all = taken(shakes, [](const Shake& each) { return each.front != nullptr; });
  const auto title = [](const Shake& each) { return std::string(each.front->title); };
  for (const auto& [front, group] : grouped(all, title)) {
    Finding finding =
        found(test, "tls-cdn-in-front", {{"front", front}, {"sign", group.front().sign}}, group);
    soften(finding, others_work);
    finding.remedy.action =
        "Use dns-01 or http-01, or point the name past " + front + " for the time of the order.";
    findings.push_back(std::move(finding));
  }
}

void check_certificates(const Case& test, Shakes& shakes, bool others_work,
                        std::vector<Finding>& findings) {
  const Shakes wrong = taken(shakes, [](const Shake& each) { return each.end == End::wrong; });
  const auto fault = [](const Shake& each) { return each.fault; };
  for (const auto& [words, group] : grouped(wrong, fault)) {
    Finding finding = found(test, "tls-certificate-wrong", {{"fault", words}}, group);
    soften(finding, others_work || !expects(test));
    // Without an order the server has none to show.
    const bool of_an_order = group.front().handshake->certificate->acme_identifier;
    if (!expects(test) && !of_an_order) finding.severity = Severity::notice;
    finding.remedy.action =
        "Have the ACME client make the certificate for this name and this order, and the server "
        "show it to those who offer acme-tls/1.";
    findings.push_back(std::move(finding));
  }
}

void check_protocol(const Case& test, const Shakes& shakes, std::vector<Finding>& findings) {
  Shakes missing;
  std::ranges::copy_if(shakes, std::back_inserter(missing),
                       [](const Shake& each) { return each.end == End::not_selected; });
  if (missing.empty()) return;
  Finding finding = found(test, "tls-alpn-missing", {}, missing);
  if (expects(test)) finding.severity = Severity::error;
  finding.remedy.action =
      expects(test)
          ? "Start the order's responder for acme-tls/1 on port 443, or use another method."
          : "Nothing needs to be done before the order, if the ACME client answers acme-tls/1 "
            "then.";
  findings.push_back(std::move(finding));
}

void check(const Case& test, std::vector<Finding>& findings) {
  if (rules::method_of(test.target.method) != rules::Method::tls_alpn_01) return;
  if (test.target.steps.empty()) return;
  check_addresses(test, findings);
  Shakes shakes = shakes_of(test);
  const bool others_work = std::ranges::any_of(shakes, [&](const Shake& each) {
    return each.end == End::proof ||
           (!expects(test) && each.end == End::not_selected && each.front == nullptr);
  });
  check_ipv6(test, shakes, findings);
  check_differences(test, shakes, findings);
  check_unreachable(test, shakes, others_work, findings);
  check_fronts(test, shakes, others_work, findings);
  check_sessions(test, shakes, others_work, findings);
  check_certificates(test, shakes, others_work, findings);
  check_protocol(test, shakes, findings);
}

}  // namespace

bool is_undecided(const Case& test) {
  return rules::method_of(test.target.method) == rules::Method::tls_alpn_01 &&
         shakes_of(test).empty();
}

Finding found(const Case& test, std::string_view id, std::map<std::string, std::string> arguments,
              const Shakes& shown) {
  const dns::Name name = test.target.validation_name.lower();
  arguments.emplace("name", name.prose());
  arguments.emplace("addresses", addresses_text(shown));
  Finding finding = make_finding(kind(id), name.text(), std::move(arguments));
  for (const Shake& each : shown)
    finding.evidence.push_back(tls::evidence_of(test, *each.handshake));
  return finding;
}

}  // namespace tls

const Family kTlsFamily{"tls", tls::kTlsKinds, tls::check};

}  // namespace dcv::check
