// Reads handshakes as a CA does that looks for the certificate of tls-alpn-01.
#include <algorithm>
#include <iterator>
#include <set>

#include "check/tls.h"
#include "observe/lookup.h"
#include "rules/key_digest.h"
#include "rules/method.h"

namespace dcv::check::tls {
namespace {

using observe::Handshake;
using observe::Outcome;
using observe::ShownCertificate;

// TLS alerts (RFC 8446 6.2).
constexpr int kProtocolVersion = 70;
constexpr int kNoApplicationProtocol = 120;

constexpr std::size_t kNamesShown = 3;

// Our own network or run kept it from being seen.
bool is_unseen(const Case& test, const Handshake& handshake) {
  if (handshake.outcome == Outcome::not_asked || handshake.outcome == Outcome::unreachable)
    return true;
  return handshake.address.is_v6() && !handshake.connected && !test.overview.ipv6_works;
}

End end_of(const Handshake& handshake) {
  if (handshake.outcome == Outcome::reply)
    return handshake.protocol == kProtocol && handshake.certificate ? End::proof
                                                                    : End::not_selected;
  if (!handshake.connected) return End::unreachable;
  if (handshake.alert == kNoApplicationProtocol) return End::not_selected;
  return handshake.alert == kProtocolVersion ? End::old_version : End::failed;
}

bool is_absent(const observe::Step& last) {
  return last.end == observe::StepEnd::nodata || last.end == observe::StepEnd::nxdomain;
}

// The surest sign first.
void recognise_front(const Case& test, Shake& shake) {
  const auto note = [&](const rules::Front* front, const std::string& sign) {
    if (shake.front != nullptr || front == nullptr) return;
    shake.front = front;
    shake.sign = sign;
  };
  const Handshake& handshake = *shake.handshake;
  if (handshake.certificate)
    for (const std::string& name : handshake.certificate->dns_names)
      note(rules::front_of_certificate(name), "it shows a certificate for " + name);
  for (const observe::Step& step : test.target.steps)
    if (step.target)
      note(rules::front_of_alias(*step.target),
           "the name is an alias for " + step.target->lower().prose());
  note(rules::front_of_address(handshake.address),
       "the address " + handshake.address.text() + " is one of its network");
}

std::string names_text(const ShownCertificate& certificate) {
  std::vector<std::string> names = certificate.dns_names;
  if (names.size() > kNamesShown) {
    const std::size_t more = names.size() - kNamesShown;
    names.resize(kNamesShown);
    names.push_back(std::to_string(more) + " more");
  }
  if (certificate.other_names > 0)
    names.push_back(std::to_string(certificate.other_names) + " that are no DNS names");
  return joined(names);
}

bool is_for(const ShownCertificate& certificate, const dns::Name& host) {
  const Result<dns::Name> name = dns::Name::parse(certificate.dns_names.front());
  return name && *name == host;
}

std::string digest_fault(const Case& test, const std::string& digest) {
  if (test.target.expected.empty()) return "";
  for (const std::string& value : test.target.expected)
    if (rules::key_digest(value) == digest) return "";
  return "has the digest " + digest + ", not the one expected";
}

}  // namespace

std::string certificate_fault(const Case& test, const ShownCertificate& certificate) {
  if (!certificate.acme_identifier) return "has no acmeIdentifier extension";
  if (!certificate.acme_critical) return "has its acmeIdentifier extension not marked critical";
  if (certificate.acme_digest.empty())
    return "has no SHA-256 digest in its acmeIdentifier extension";
  if (certificate.dns_names.size() != 1 || certificate.other_names > 0)
    return "has not exactly one subject alternative name: " + names_text(certificate);
  if (!is_for(certificate, test.target.validation_name))
    return "is for " + certificate.dns_names.front() + ", not for " +
           test.target.validation_name.lower().prose();
  if (!certificate.self_signed) return "is not self-signed, but issued by " + certificate.issuer;
  return digest_fault(test, certificate.acme_digest);
}

Shakes shakes_of(const Case& test) {
  Shakes shakes;
  for (const Handshake& handshake : test.target.web.handshakes) {
    if (is_unseen(test, handshake)) continue;
    Shake shake{&handshake, end_of(handshake), {}, nullptr, {}};
    if (shake.end == End::proof) {
      shake.fault = certificate_fault(test, *handshake.certificate);
      if (!shake.fault.empty()) shake.end = End::wrong;
    }
    if (shake.end == End::not_selected || shake.end == End::failed) recognise_front(test, shake);
    shakes.push_back(std::move(shake));
  }
  return shakes;
}

std::string lack_of_addresses(const Case& test) {
  const observe::Target& target = test.target;
  std::vector<std::string> reserved;
  for (const Handshake& each : target.web.handshakes) {
    const std::string_view purpose = each.address.special_purpose();
    if (purpose.empty() || each.outcome != Outcome::not_asked) return "";
    reserved.push_back(each.address.text() + " (" + std::string(purpose) + ")");
  }
  if (!reserved.empty()) return "its addresses are not public: " + joined(reserved);
  if (target.steps.empty() || !is_absent(target.steps.back())) return "";
  for (const observe::Place& place : target.others)
    if (!place.steps.empty() && !is_absent(place.steps.back())) return "";
  return "it has neither A nor AAAA records";
}

std::string addresses_text(const Shakes& shakes) {
  std::vector<std::string> texts;
  for (const Shake& each : shakes) texts.push_back(each.handshake->address.text());
  return joined(texts);
}

bool is_for(const Case& test) {
  return rules::method_of(test.target.method) == rules::Method::tls_alpn_01;
}

// As Boulder chooses: IPv6 where there is some, IPv4 only after one that gave nothing.
double right_share(const Case& test) {
  const auto is_v6 = [](const Shake& each) { return each.handshake->address.is_v6(); };
  const auto is_right = [](const Shake& each) { return each.end == End::proof; };
  Shakes v4 = shakes_of(test);
  if (v4.empty() || test.target.expected.empty()) return 1;
  const Shakes v6 = [&] {
    Shakes taken;
    std::ranges::copy_if(v4, std::back_inserter(taken), is_v6);
    std::erase_if(v4, is_v6);
    return taken;
  }();
  const auto share = [](auto right, const Shakes& of) {
    return of.empty() ? 0 : static_cast<double>(right) / static_cast<double>(of.size());
  };
  const double by_v4 = share(std::ranges::count_if(v4, is_right), v4);
  if (v6.empty()) return by_v4;
  return share(std::ranges::count_if(v6, is_right), v6) +
         by_v4 * share(std::ranges::count_if(v6, &Shake::gave_nothing), v6);
}

}  // namespace dcv::check::tls
