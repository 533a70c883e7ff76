// Rounds of fetches: first every address of the names, then what the redirects lead to.

#include "resolve/web_eye.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "resolve/limits.h"
#include "rules/redirect.h"

namespace dcv::resolve {
namespace {

using dns::IpAddress;
using dns::Name;
using observe::Fetch;
using observe::Handshake;
using observe::WebSight;
using rules::Url;

// From one address of a name over redirects. Knows the URLs that came before the next fetch.
struct Course {
  std::size_t target = 0;
  std::size_t number = 0;  // among those of the target and the address family
  rules::RedirectPolicy policy = rules::RedirectPolicy::acme;
  std::vector<Url> way;                       // the last one is next, or was just asked for
  IpAddress address;                          // to ask next
  std::optional<std::size_t> came_from = {};  // index among the target's fetches
};

class WebEye {
 public:
  WebEye(const Plan& plan, net::Web& web, const LookUp& look_up)
      : plan_(plan), web_(web), look_up_(look_up), sights_(plan.targets.size()) {}

  std::vector<WebSight> look();

 private:
  using Visit = std::pair<std::string, IpAddress>;  // URL or name and port, and where

  void look_up(const std::vector<Name>& hosts);
  std::vector<IpAddress> addresses_of(const Url& url) const;
  void begin(std::size_t target, const WebWish& wish);
  void ask(const Url& url, const IpAddress& address);
  void shake(const Name& host, const IpAddress& address, std::uint16_t port);
  void take(Course& course);
  void go_on(std::vector<Course> courses);
  std::optional<IpAddress> choose(const Course& course) const;

  const Plan& plan_;
  net::Web& web_;
  const LookUp& look_up_;
  std::vector<WebSight> sights_;
  std::map<Name, std::vector<IpAddress>> addresses_;  // of the hosts looked up
  std::map<Visit, Fetch> fetched_;
  std::map<Visit, Handshake> shaken_;
  std::vector<Course> courses_;  // whose last URL is to be fetched in this round
};

Url url_of(const PlannedTarget& target, const WebWish& wish) {
  return {wish.scheme, target.identifier.name.lower().prose(), wish.port, wish.path};
}

std::string door(const Name& host, std::uint16_t port) {
  return host.lower().text() + std::to_string(port);
}

std::vector<WebSight> WebEye::look() {
  std::vector<Name> hosts;
  for (const PlannedTarget& target : plan_.targets)
    if (target.web) hosts.push_back(target.identifier.name.lower());
  if (hosts.empty()) return sights_;
  look_up(hosts);
  for (std::size_t i = 0; i < plan_.targets.size(); ++i)
    if (plan_.targets[i].web) begin(i, *plan_.targets[i].web);
  web_.run();
  for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
    const std::optional<WebWish>& wish = plan_.targets[i].web;
    if (!wish || !wish->handshake) continue;
    const Url url = url_of(plan_.targets[i], *wish);
    for (const IpAddress& address : addresses_of(url))
      sights_[i].handshakes.push_back(shaken_.at({door(url.name(), wish->port), address}));
  }
  while (!courses_.empty()) go_on(std::exchange(courses_, {}));
  return std::move(sights_);
}

// All at once, each once in the run.
void WebEye::look_up(const std::vector<Name>& hosts) {
  std::set<Name> wanted;
  for (const Name& host : hosts)
    if (!addresses_.contains(host)) wanted.insert(host);
  if (wanted.empty()) return;
  for (const Name& host : wanted) addresses_[host] = {};
  for (auto& [host, addresses] : look_up_({wanted.begin(), wanted.end()}))
    addresses_[host] = addresses;
}

// IPv6 first, as CAs take them; so many of each family. Those that may not be asked are among them,
// for the record, but behind the others.
std::vector<IpAddress> WebEye::addresses_of(const Url& url) const {
  if (const auto literal = url.address()) return {*literal};
  const auto known = addresses_.find(url.name());
  if (known == addresses_.end()) return {};
  std::vector<IpAddress> chosen;
  for (const bool ipv6 : {true, false}) {
    std::set<std::pair<bool, IpAddress>> family;
    for (const IpAddress& address : known->second) {
      const bool special = !plan_.settings.allow_private && !address.special_purpose().empty();
      if (address.is_v6() == ipv6) family.emplace(special, address);
    }
    std::size_t count = 0;
    for (const auto& [special, address] : family)
      if (count++ < kWebAddresses) chosen.push_back(address);
  }
  return chosen;
}

void WebEye::begin(std::size_t target, const WebWish& wish) {
  const PlannedTarget& planned = plan_.targets[target];
  const Url url = url_of(planned, wish);
  const auto policy = rules::redirect_policy(rules::method_of(planned.method), planned.profile);
  sights_[target].follows_redirects = policy != rules::RedirectPolicy::none;
  if (!wish.path.empty()) sights_[target].url = url.text();
  std::size_t v4 = 0, v6 = 0;
  for (const IpAddress& address : addresses_of(url)) {
    if (wish.handshake) shake(url.name(), address, wish.port);
    if (wish.path.empty()) continue;
    const std::size_t number = address.is_v6() ? v6++ : v4++;
    courses_.push_back({target, number, policy, {url}, address});
    ask(url, address);
  }
}

void WebEye::ask(const Url& url, const IpAddress& address) {
  const Visit visit(url.text(), address);
  if (!fetched_.emplace(visit, Fetch{}).second) return;
  net::WebRequest request;
  request.fetch.url = url.text();
  request.fetch.host = url.name();
  request.fetch.address = address;
  request.fetch.port = url.port;
  request.fetch.tls = url.tls();
  request.target = url.target;
  web_.fetch(std::move(request), [this, visit](const Fetch& fetch) { fetched_[visit] = fetch; });
}

void WebEye::shake(const Name& host, const IpAddress& address, std::uint16_t port) {
  const Visit visit(door(host, port), address);
  if (!shaken_.emplace(visit, Handshake{}).second) return;
  Handshake handshake;
  handshake.host = host;
  handshake.address = address;
  handshake.port = port;
  web_.shake(std::move(handshake), [this, visit](const Handshake& each) { shaken_[visit] = each; });
}

// Notes what was fetched, and prolongs the way when the CA would go on.
void WebEye::take(Course& course) {
  std::vector<Fetch>& fetches = sights_[course.target].fetches;
  Fetch fetch = fetched_.at({course.way.back().text(), course.address});
  fetch.hop = static_cast<int>(course.way.size()) - 1;
  fetch.came_from = course.came_from;
  course.came_from = fetches.size();
  fetches.push_back(fetch);
  const bool leads_on = fetch.outcome == observe::Outcome::reply &&
                        rules::is_redirect(fetch.status) && !fetch.location.empty();
  const bool followed =
      leads_on && !rules::redirect_refusal(course.way, fetch.status, fetch.location, course.policy);
  if (followed) course.way.push_back(*rules::resolve_location(course.way.back(), fetch.location));
}

// One round: what these courses asked for is here; asks for what comes next.
void WebEye::go_on(std::vector<Course> courses) {
  std::vector<Name> hosts;
  for (Course& course : courses) {
    const std::size_t before = course.way.size();
    take(course);
    if (course.way.size() == before) continue;
    if (!course.way.back().address()) hosts.push_back(course.way.back().name());
    courses_.push_back(course);
  }
  look_up(hosts);
  std::erase_if(courses_, [this](Course& course) {
    const std::optional<IpAddress> address = choose(course);
    if (address) course.address = *address;
    return !address;
  });
  if (courses_.empty()) return;
  for (const Course& course : courses_) ask(course.way.back(), course.address);
  web_.run();
}

// After a redirect the CA takes an IPv6 address where there is one, and has no other chance. Which
// of several is up to chance; the courses take turns.
std::optional<IpAddress> WebEye::choose(const Course& course) const {
  std::vector<IpAddress> addresses = addresses_of(course.way.back());
  const bool public_ones = std::ranges::any_of(
      addresses, [](const IpAddress& each) { return each.special_purpose().empty(); });
  if (public_ones && !plan_.settings.allow_private)
    std::erase_if(addresses, [](const IpAddress& each) { return !each.special_purpose().empty(); });
  if (std::ranges::any_of(addresses, &IpAddress::is_v6))
    std::erase_if(addresses, [](const IpAddress& each) { return each.is_v4(); });
  if (addresses.empty()) return std::nullopt;
  return addresses[course.number % addresses.size()];
}

}  // namespace

std::vector<WebSight> look_at_web(const Plan& plan, net::Web& web, const LookUp& look_up) {
  return WebEye(plan, web, look_up).look();
}

}  // namespace dcv::resolve
