// The fetches of a target as courses, and which of them the CA would take; see web.h.
#include <algorithm>
#include <set>

#include "check/web.h"
#include "dns/record.h"
#include "rules/method.h"

namespace dcv::check::web {
namespace {

using observe::Outcome;

constexpr std::size_t kBytesShown = 60;  // of a body

// All ways from `way` to their ends. Of a redirect's addresses the CA takes one of IPv6 if there
// is any, and has no other chance (Boulder va/http.go).
void extend(const std::vector<Fetch>& fetches, const Course& so_far, std::vector<Course>& courses) {
  const std::size_t here = static_cast<std::size_t>(&so_far.last() - fetches.data());
  Fetches next;
  for (const Fetch& fetch : fetches)
    if (fetch.came_from == here && fetch.hop == so_far.last().hop + 1) next.push_back(&fetch);
  if (std::ranges::any_of(next, [](const Fetch* each) { return each->address.is_v6(); }))
    std::erase_if(next, [](const Fetch* each) { return each->address.is_v4(); });
  if (next.empty()) courses.push_back(so_far);
  for (const Fetch* each : next) {
    Course longer = so_far;
    longer.way.push_back(each);
    extend(fetches, longer, courses);
  }
}

bool is_special(const Fetch& fetch) {
  return fetch.outcome == Outcome::not_asked && !fetch.address.special_purpose().empty();
}

std::string bytes_text(const Fetch& fetch) {
  if (fetch.body.empty()) return "an empty body";
  return dns::quoted(fetch.body.substr(0, kBytesShown)) +
         (fetch.body.size() > kBytesShown ? "…" : "");
}

std::string saw(const Fetch& fetch) {
  if (is_special(fetch)) return "not asked: " + std::string(fetch.address.special_purpose());
  if (fetch.outcome != Outcome::reply)
    return fetch.detail.empty() ? std::string(observe::text(fetch.outcome)) : fetch.detail;
  const std::string status = "status " + std::to_string(fetch.status);
  if (!fetch.location.empty()) return status + ", Location: " + dns::escape(fetch.location, "");
  return status + ", " + bytes_text(fetch);
}

// The record that gave this address, as some reply has it.
std::optional<dns::Record> record_of(const Sight& sight, const dns::IpAddress& address) {
  const dns::Name& owner = sight.test.target.steps.back().name;
  for (const observe::Exchange* exchange : sight.test.overview.exchanges.select({.name = &owner})) {
    if (!exchange->reply) continue;
    for (const dns::Record& record : exchange->reply->answer)
      if (dns::as_address(record) == address && record.owner == owner) return record;
  }
  return std::nullopt;
}

}  // namespace

bool has_addresses(const observe::Target& target) {
  const auto found = [](const std::vector<observe::Step>& steps) {
    return !steps.empty() && steps.back().end == observe::StepEnd::answer;
  };
  return found(target.steps) || std::ranges::any_of(target.others, [&](const auto& place) {
           return place.type == dns::RecordType::aaaa && found(place.steps);
         });
}

Sight sight_of(const Case& test) {
  Sight sight{test, {}, {}};
  const std::vector<Fetch>& fetches = test.target.web.fetches;
  for (const Fetch& fetch : fetches) {
    if (fetch.hop != 0) continue;
    if (is_special(fetch)) {
      sight.reserved.push_back({{&fetch}});
    } else {
      extend(fetches, {{&fetch}}, sight.courses);
    }
  }
  return sight;
}

bool is_connected(const Course& course) {
  return course.first().connected || course.first().outcome == Outcome::reply;
}

bool is_unseen(const Sight& sight, const Course& course) {
  for (const Fetch* fetch : course.way)
    if (fetch->outcome == Outcome::not_asked && !is_special(*fetch)) return true;
  return course.first().address.is_v6() && !is_connected(course) && !sight.test.overview.ipv6_works;
}

std::vector<const Course*> chosen(const Sight& sight) {
  std::vector<const Course*> v4, v6;
  for (const Course& course : sight.courses)
    if (!is_unseen(sight, course)) (course.first().address.is_v4() ? v4 : v6).push_back(&course);
  if (v4.empty()) return v6;
  const auto dead = std::erase_if(v6, [](const Course* course) { return !is_connected(*course); });
  if (v6.empty()) return v4;
  if (dead > 0) v6.insert(v6.end(), v4.begin(), v4.end());
  return v6;
}

Fault fault_of(const Sight& sight, const Course& course) {
  if (auto fault = redirect_fault(sight, course)) return *fault;
  if (auto fault = connection_fault(sight, course)) return *fault;
  return reply_fault(sight, course);
}

Finding found(const Sight& sight, std::string_view id,
              std::map<std::string, std::string> arguments) {
  const auto kind = std::ranges::find(kWebFamily.kinds, id, &FindingKind::id);
  return make_finding(*kind, sight.name(), std::move(arguments));
}

Evidence evidence_of(const Sight& sight, const Fetch& fetch) {
  Evidence evidence;
  evidence.server = fetch.host.lower().prose() + " (" + fetch.address.text() + ")";
  evidence.question = "GET " + dns::escape(fetch.url, "");
  evidence.saw = saw(fetch);
  evidence.at = sight.test.observation.started_at + fetch.sent_at + fetch.duration;
  return evidence;
}

std::vector<Evidence> evidence_of(const Sight& sight, const std::vector<const Course*>& courses) {
  std::vector<Evidence> all;
  std::set<const Fetch*> told;
  for (const Course* course : courses)
    for (const Fetch* fetch : course->way)
      if (told.insert(fetch).second) all.push_back(evidence_of(sight, *fetch));
  return all;
}

std::string addresses_text(const std::vector<const Course*>& courses) {
  std::set<dns::IpAddress> addresses;
  for (const Course* course : courses) addresses.insert(course->first().address);
  std::vector<std::string> texts;
  for (const dns::IpAddress& each : addresses) texts.push_back(each.text());
  return joined(texts);
}

std::vector<Edit> edits_without(const Sight& sight, const std::vector<const Course*>& courses) {
  if (sight.test.target.steps.empty()) return {};
  std::set<std::string> lines;
  for (const Course* course : courses)
    if (const auto record = record_of(sight, course->first().address))
      lines.insert(dns::zone_line(*record));
  if (lines.empty()) return {};
  return {
      {sight.test.target.steps.back().zone.lower().text(), "", {lines.begin(), lines.end()}, {}}};
}

bool is_undecided(const Case& test) {
  const Sight sight = sight_of(test);
  if (!sight.courses.empty()) return chosen(sight).empty();
  return sight.reserved.empty();
}

double right_share(const Case& test) {
  const Sight sight = sight_of(test);
  const std::vector<const Course*> courses = chosen(sight);
  if (courses.empty()) return 1;
  const auto right = std::ranges::count_if(courses, [&](const Course* course) {
    const Fault fault = fault_of(sight, *course);
    return fault.id.empty() || fault.severity != Severity::error;
  });
  return naming_share(test) * static_cast<double>(right) / static_cast<double>(courses.size());
}

bool is_for(const Case& test) {
  const rules::Method method = rules::method_of(test.target.method);
  return method == rules::Method::http_01 || method == rules::Method::http_file;
}

}  // namespace dcv::check::web
