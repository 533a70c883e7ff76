// What a CA gets from the web servers of a name: by http-01, or for the file of a CA that is none
// of ACME's. Courses that end well are told from those that do not; the rest is wording.
#include "check/web.h"

#include <algorithm>

namespace dcv::check {
namespace {

using namespace web;

constexpr FindingKind kKinds[] = {
    {"web-no-address", Severity::error, Affects::ca,
     "{name} has neither A nor AAAA records, so the CA has no web server to ask",
     "RFC 8555 8.3, BR 3.2.2.4.19", "0.1.0"},
    {"web-address-missing", Severity::warning, Affects::ca,
     "{servers} have neither A nor AAAA records of {name}, other servers have", "RFC 1034 4.3.5",
     "0.1.0"},
    {"web-address-reserved", Severity::error, Affects::ca,
     "{name} has addresses that no CA asks: {addresses} ({purpose})", "RFC 6890, RFC 8555 10.4",
     "0.1.0"},
    {"web-ipv6-unreachable", Severity::warning, Affects::ca,
     "{name} has IPv6 addresses where no connection stands, {addresses}: {why}; IPv4 works",
     "RFC 8555 8.3", "0.1.0"},
    {"web-unreachable", Severity::error, Affects::ca,
     "No web server can be reached at {addresses}, port {port}: {why}",
     "RFC 8555 8.3, BR 3.2.2.4.19", "0.1.0"},
    {"web-reply-broken", Severity::error, Affects::ca,
     "The server at {addresses}, port {port}, gives no whole HTTP reply: {why}",
     "RFC 9112 2, RFC 8555 8.3", "0.1.0"},
    {"web-tls-failed", Severity::error, Affects::ca,
     "No TLS session stands with {host}, port {port}: {why}", "BR 3.2.2.4.18, BR 3.2.2.4.19",
     "0.1.0"},
    {"web-https-on-http-port", Severity::error, Affects::ca,
     "The server at {addresses} expects TLS on port {port}, where the CA speaks plain HTTP",
     "RFC 9110 4.2.1, RFC 8555 8.3", "0.1.0"},
    {"web-http-on-https-port", Severity::error, Affects::ca,
     "{host} speaks plain HTTP on port {port}, where {url} asks for TLS", "RFC 9110 4.2.2",
     "0.1.0"},
    {"web-redirect-refused", Severity::error, Affects::ca,
     "{from} redirects to {to}, which {ca} does not follow: {why}", "BR 3.2.2.4.18, BR 3.2.2.4.19",
     "0.1.0"},
    {"web-redirect-host-unresolved", Severity::error, Affects::ca,
     "{from} redirects to {host}, for which no address was found", "RFC 8555 8.3", "0.1.0"},
    {"web-redirect-unreachable", Severity::error, Affects::ca,
     "{from} redirects to {host}, where no connection stands at {address}, port {port}: {why}",
     "RFC 8555 8.3", "0.1.0"},
    {"web-status", Severity::error, Affects::ca, "{url} answers with status {status}, not {wanted}",
     "RFC 8555 8.3, BR 3.2.2.4.18", "0.1.0"},
    {"web-body-differs", Severity::error, Affects::ca,
     "{url} holds {got}, where the CA looks for {wanted}", "RFC 8555 8.3, BR 3.2.2.4.18", "0.1.0"},
    {"web-body-too-long", Severity::error, Affects::ca,
     "{url} holds {bytes} bytes; the CA takes fewer than {limit}", "RFC 8555 8.3", "0.1.0"},
    {"web-catch-all", Severity::notice, Affects::ca,
     "{url} was made up, and the server has something for it all the same: status {status}, {got}",
     "RFC 8555 8.3", "0.1.0"},
    {"web-blocked-page", Severity::error, Affects::ca,
     "Something in front of the web server at {addresses} answers in its place: {what}",
     "RFC 8555 8.3", "0.1.0"},
    {"web-addresses-differ", Severity::warning, Affects::ca,
     "The addresses of {name} give different answers: {answers}", "RFC 8555 8.3", "0.1.0"},
    {"web-cdn-in-front", Severity::info, Affects::hygiene,
     "Requests for {name} end at {cdn}, not at your web server", "RFC 8555 8.3", "0.1.0"},
    {"web-name-alone", Severity::info, Affects::hygiene,
     "Over HTTP {name} stands for itself alone: {other} needs a file of its own", "BR 3.2.2.4.18",
     "0.1.0"},
};

constexpr rules::Proof kProofs[] = {rules::Proof::web};

// A course and what stops the CA on it.
struct Outcome {
  const Course* course = nullptr;
  Fault fault;

  bool is_error() const { return !fault.id.empty() && fault.severity == Severity::error; }
};
using Outcomes = std::vector<Outcome>;

std::vector<const Course*> courses_of(const Outcomes& outcomes) {
  std::vector<const Course*> courses;
  for (const Outcome& each : outcomes) courses.push_back(each.course);
  return courses;
}

// "IPv6 is asked first", where the other family would have done.
bool only_ipv4_is_right(const Sight& sight, const Outcomes& wrong) {
  const auto is_v6 = [](const Outcome& each) { return each.course->first().address.is_v6(); };
  return std::ranges::all_of(wrong, is_v6) &&
         std::ranges::any_of(sight.courses, [&](const Course& course) {
           return course.first().address.is_v4() && !is_unseen(sight, course) &&
                  fault_of(sight, course).id.empty();
         });
}

// Outcomes of one kind as one finding.
Finding finding_of(const Sight& sight, const Outcomes& alike) {
  const Fault& fault = alike.front().fault;
  std::map<std::string, std::string> arguments = fault.arguments;
  arguments["name"] = sight.prose();
  arguments["addresses"] = addresses_text(courses_of(alike));
  Finding finding = found(sight, fault.id, std::move(arguments));
  finding.severity = fault.severity;
  finding.evidence = evidence_of(sight, courses_of(alike));
  finding.remedy.action = fault.action;
  if (fault.severity == Severity::error && only_ipv4_is_right(sight, alike)) {
    finding.remedy.action =
        "The CA asks IPv6 first, and over IPv4 all is well: let the server at " +
        addresses_text(courses_of(alike)) +
        " give the same, or take the AAAA records out of the zone.";
    finding.remedy.edits = edits_without(sight, courses_of(alike));
  }
  return finding;
}

std::string brief(const Outcome& outcome) {
  if (!outcome.fault.brief.empty()) return outcome.fault.brief;
  return "status " + std::to_string(outcome.course->last().status);
}

void report_difference(const Sight& sight, const Outcomes& outcomes,
                       std::vector<Finding>& findings) {
  std::map<std::string, Outcomes> by_answer;
  for (const Outcome& each : outcomes) by_answer[brief(each)].push_back(each);
  std::string answers;
  for (const auto& [answer, alike] : by_answer)
    answers +=
        (answers.empty() ? "" : "; ") + answer + " from " + addresses_text(courses_of(alike));
  Finding finding =
      found(sight, "web-addresses-differ", {{"name", sight.prose()}, {"answers", answers}});
  finding.evidence = evidence_of(sight, courses_of(outcomes));
  finding.remedy.action = "Let the servers at all addresses of " + sight.prose() +
                          " give the same, or take out the records of those that cannot.";
  findings.push_back(std::move(finding));
}

// Two answers that the CA takes alike may still come from machines that know nothing of each other.
bool look_like_two_servers(const Outcomes& outcomes) {
  return std::ranges::any_of(outcomes, [&](const Outcome& each) {
    const Fetch &one = each.course->last(), &other = outcomes.front().course->last();
    return one.status != other.status || one.server != other.server;
  });
}

void report(const Sight& sight, const Outcomes& outcomes, std::vector<Finding>& findings) {
  std::vector<Outcomes> kinds;
  for (const Outcome& each : outcomes) {
    if (each.fault.id.empty()) continue;
    const auto same = std::ranges::find_if(
        kinds, [&](const Outcomes& kind) { return kind.front().fault.id == each.fault.id; });
    if (same == kinds.end()) {
      kinds.push_back({each});
    } else {
      same->push_back(each);
    }
  }
  for (const Outcomes& alike : kinds) findings.push_back(finding_of(sight, alike));
}

void judge(const Sight& sight, std::vector<Finding>& findings) {
  Outcomes taken, others;
  const std::vector<const Course*> first = chosen(sight);
  for (const Course* course : first) taken.push_back({course, fault_of(sight, *course)});
  if (taken.empty()) return;
  if (std::ranges::all_of(taken, &Outcome::is_error)) return report(sight, taken, findings);
  // One that does not connect over IPv6 has a finding of its own.
  for (const Course& course : sight.courses)
    if (!is_unseen(sight, course) && (is_connected(course) || course.first().address.is_v4()))
      others.push_back({&course, fault_of(sight, course)});
  const bool differ = std::ranges::any_of(others, &Outcome::is_error) ||
                      (!sight.expects_token() && look_like_two_servers(others));
  if (differ) report_difference(sight, others, findings);
  std::erase_if(taken, &Outcome::is_error);
  report(sight, taken, findings);
}

void check(const Case& test, std::vector<Finding>& findings) {
  if (!is_for(test)) return;
  const Sight sight = sight_of(test);
  check_addresses(sight, findings);
  judge(sight, findings);
  check_hints(sight, findings);
}

}  // namespace

const Family kWebFamily{"web", kKinds, check, kProofs};

}  // namespace dcv::check
