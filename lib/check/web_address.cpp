// The addresses of a name by themselves, and the connections to them.
#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/web.h"

namespace dcv::check::web {
namespace {

using observe::Outcome;

std::string port_text(const Fetch& fetch) {
  return std::to_string(fetch.port);
}

// Why no connection stands.
std::string why_unconnected(const Fetch& fetch) {
  switch (fetch.outcome) {
    case Outcome::refused:
      return "the connection is refused";
    case Outcome::timeout:
      return "nothing answers";
    case Outcome::unreachable:
      return "no route leads there";
    default:
      return fetch.detail.empty() ? "the connection fails" : fetch.detail;
  }
}

void check_missing(const Sight& sight, std::vector<Finding>& findings) {
  const observe::Target& target = sight.test.target;
  if (has_addresses(target) || target.steps.empty()) return;
  const auto denied = [](const std::vector<observe::Step>& steps) {
    return !steps.empty() && (steps.back().end == observe::StepEnd::nodata ||
                              steps.back().end == observe::StepEnd::nxdomain);
  };
  if (!denied(target.steps) || alias::is_open_to_takeover(findings)) return;
  for (const observe::Place& place : target.others)
    if (place.type == dns::RecordType::aaaa && !denied(place.steps)) return;
  Finding finding = found(sight, "web-no-address", {{"name", sight.prose()}});
  const dns::Name& last = target.steps.back().name;
  for (const observe::Exchange* exchange :
       sight.test.select({.name = &last, .purpose = observe::Purpose::proof}))
    finding.evidence.push_back(check::evidence_of(sight.test, *exchange));
  finding.remedy.action = "Publish an A or AAAA record at " + last.lower().prose() +
                          " that leads to the web server, or validate by DNS.";
  findings.push_back(std::move(finding));
}

// Which addresses of the last zone's servers have A or AAAA records, and which deny both.
struct Copies {
  std::set<dns::IpAddress> having;
  std::map<dns::IpAddress, std::vector<const observe::Exchange*>> denying;
};

Copies copies(const Case& test) {
  Copies found;
  if (test.target.steps.empty()) return found;
  const observe::Step& last = test.target.steps.back();
  for (const dns::RecordType type : {dns::RecordType::a, dns::RecordType::aaaa}) {
    for (const observe::Exchange* exchange : test.overview.exchanges.select({.zone = &last.zone,
                                             .name = &last.name,
                                             .purpose = observe::Purpose::proof,
                                             .type = type})) {
      if (exchange->kind == dns::ReplyKind::answer) found.having.insert(exchange->address);
      if (exchange->kind == dns::ReplyKind::nodata || exchange->kind == dns::ReplyKind::nxdomain)
        found.denying[exchange->address].push_back(exchange);
    }
  }
  std::erase_if(found.denying, [&](const auto& each) {
    return found.having.contains(each.first) || each.second.size() < 2;
  });
  return found;
}

// One server's copy of the zone may lack what the others have: a resolver that asks it finds none.
void check_servers(const Sight& sight, std::vector<Finding>& findings) {
  const auto& [having, denials] = copies(sight.test);
  if (having.empty() || denials.empty()) return;
  const observe::Step& last = sight.test.target.steps.back();
  std::vector<std::string> servers;
  std::vector<Evidence> evidence;
  for (const auto& [address, exchanges] : denials) {
    servers.push_back(observe::label(*exchanges.front()));
    for (const observe::Exchange* each : exchanges)
      evidence.push_back(check::evidence_of(sight.test, *each));
  }
  const std::string name = last.name.lower().prose();
  Finding finding =
      found(sight, "web-address-missing", {{"servers", joined(servers)}, {"name", name}});
  finding.evidence = std::move(evidence);
  finding.remedy.action = "Bring the zone at " + joined(servers) +
                          " up to date: it lacks the A and " + "AAAA records of " + name +
                          " that other servers have.";
  findings.push_back(std::move(finding));
}

std::vector<const Course*> pointers(const std::vector<Course>& courses) {
  std::vector<const Course*> all;
  for (const Course& each : courses) all.push_back(&each);
  return all;
}

void check_reserved(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.reserved.empty()) return;
  const std::vector<const Course*> reserved = pointers(sight.reserved);
  Finding finding =
      found(sight, "web-address-reserved",
            {{"name", sight.prose()},
             {"addresses", addresses_text(reserved)},
             {"purpose", std::string(sight.reserved.front().first().address.special_purpose())}});
  finding.evidence = evidence_of(sight, reserved);
  if (sight.courses.empty()) {
    finding.remedy.action = "Publish the web server's public address at " + sight.prose() +
                            ", or validate by DNS, which needs no address.";
  } else {
    finding.severity = Severity::warning;
    finding.remedy.action = "Take " + addresses_text(reserved) + " out of the zone.";
    finding.remedy.edits = edits_without(sight, reserved);
  }
  findings.push_back(std::move(finding));
}

// The CA comes to IPv4 all the same; others may not.
void check_ipv6(const Sight& sight, std::vector<Finding>& findings) {
  std::vector<const Course*> dead;
  bool has_ipv4 = false;
  for (const Course& course : sight.courses) {
    if (is_unseen(sight, course)) continue;
    if (course.first().address.is_v4()) {
      has_ipv4 = has_ipv4 || is_connected(course);
    } else if (!is_connected(course)) {
      dead.push_back(&course);
    }
  }
  if (dead.empty() || !has_ipv4) return;
  Finding finding = found(sight, "web-ipv6-unreachable",
                          {{"name", sight.prose()},
                           {"addresses", addresses_text(dead)},
                           {"why", why_unconnected(dead.front()->first())}});
  finding.evidence = evidence_of(sight, dead);
  finding.remedy.action = "Let the web server listen at " + addresses_text(dead) +
                          ", or take the AAAA records out of the zone.";
  finding.remedy.edits = edits_without(sight, dead);
  findings.push_back(std::move(finding));
}

Fault unconnected(const Sight& sight, const Course& course) {
  const Fetch& last = course.last();
  const std::string why = why_unconnected(last), port = port_text(last);
  if (last.hop == 0)
    return {"web-unreachable",
            {{"port", port}, {"why", why}},
            "Let a web server listen on port " + port + " of the addresses of " + sight.prose() +
                ", and let firewalls and port forwarding pass it on, or validate by DNS.",
            Severity::error,
            "no connection"};
  const Fetch& from = *course.way[course.way.size() - 2];
  const std::string host = last.host.lower().prose();
  return {"web-redirect-unreachable",
          {{"from", from.url},
           {"host", host},
           {"address", last.address.text()},
           {"port", port},
           {"why", why}},
          "Let the web server at " + host + " answer on port " + port + " of " +
              last.address.text() + ", or do not redirect what is below /.well-known/.",
          Severity::error,
          "a redirect to " + host + ", which cannot be reached"};
}

Fault tls_fault(const Fetch& last) {
  const std::string host = last.host.lower().prose(), port = port_text(last);
  if (last.detail.find("does not speak TLS") != std::string::npos)
    return {"web-http-on-https-port",
            {{"host", host}, {"port", port}, {"url", last.url}},
            "Turn TLS on for port " + port + " of " + host + ", or redirect to http:// there.",
            Severity::error,
            "plain HTTP on port " + port};
  return {"web-tls-failed",
          {{"host", host}, {"port", port}, {"why", last.detail}},
          "Mend TLS at " + host + ", any certificate will do, or serve " + last.url +
              " over plain HTTP without a redirect.",
          Severity::error,
          "a failed TLS handshake"};
}

Fault broken(const Fetch& last) {
  const std::string port = port_text(last);
  if (last.detail.find("speaks TLS") != std::string::npos) return tls_on_plain_port(last);
  return {"web-reply-broken",
          {{"port", port}, {"why", last.detail}},
          "See in the web server's log why it does not answer GET " + last.url + ".",
          Severity::error,
          "no whole HTTP reply"};
}

}  // namespace

double naming_share(const Case& test) {
  const Copies found = copies(test);
  if (found.having.empty()) return 1;
  const auto all = static_cast<double>(found.having.size() + found.denying.size());
  return static_cast<double>(found.having.size()) / all;
}

Fault tls_on_plain_port(const Fetch& fetch) {
  const std::string port = port_text(fetch);
  return {"web-https-on-http-port",
          {{"port", port}},
          "Let port " + port + " answer plain HTTP; TLS belongs on port 443.",
          Severity::error,
          "TLS on port " + port};
}

std::optional<Fault> connection_fault(const Sight& sight, const Course& course) {
  const Fetch& last = course.last();
  if (last.outcome == Outcome::reply || last.outcome == Outcome::not_asked) return std::nullopt;
  if (!last.connected) return unconnected(sight, course);
  return last.outcome == Outcome::tls_failed ? tls_fault(last) : broken(last);
}

void check_addresses(const Sight& sight, std::vector<Finding>& findings) {
  check_missing(sight, findings);
  check_servers(sight, findings);
  check_reserved(sight, findings);
  check_ipv6(sight, findings);
}

}  // namespace dcv::check::web
