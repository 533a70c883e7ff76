// All resolvers at once: what each shows of each target, and who it is.
#include "resolve/public_eye.h"

#include <algorithm>
#include <map>
#include <string>

#include "observe/interception.h"
#include "observe/lookup.h"
#include "observe/sight.h"
#include "resolve/control_label.h"
#include "resolve/limits.h"

namespace dcv::resolve {
namespace {

using dns::Name;
using observe::Exchange;
using observe::Observation;
using observe::PublicResolver;
using observe::Purpose;
using observe::Target;
using observe::View;

constexpr std::uint16_t kClassChaos = 3;

struct Wanted {
  Purpose purpose = Purpose::view;
  dns::Question question;
};

// A name that nobody has published: beside the records, or below the apex if they stand there.
std::optional<Name> control_name(const Target& target, const std::string& label) {
  const observe::Step& last = target.steps.back();
  const Name& above = last.name == last.zone ? last.name : last.name.parent();
  Result<Name> name = above.child(label);
  if (!name) return std::nullopt;
  return *name;
}

std::vector<Wanted> questions_for(const Observation& observation, const Target& target, int samples,
                                  const std::string& control_label) {
  const dns::Question records{target.validation_name, target.type};
  std::vector<Wanted> wanted = {{Purpose::view, records}};
  for (int i = 1; i < samples; ++i) wanted.push_back({Purpose::view_again, records});
  const observe::Zone* zone = observe::find_zone(observation, target.steps.back().zone);
  if (zone == nullptr || !zone->probed) return wanted;
  wanted.push_back({Purpose::view_servers, {zone->apex, dns::RecordType::ns}});
  if (const auto control = control_name(target, control_label))
    wanted.push_back({Purpose::view_control, {*control, target.type}});
  return wanted;
}

bool same_records(const Target& a, const Target& b) {
  return a.validation_name == b.validation_name && a.type == b.type;
}

bool uses_port_53(const observe::Endpoint& endpoint) {
  return endpoint.transport == observe::Transport::udp ||
         endpoint.transport == observe::Transport::tcp;
}

// What the resolver says that it is called (RFC 4892); empty if nothing.
std::string said_name(const PublicResolver& resolver) {
  for (const Exchange& exchange : resolver.identity) {
    if (!exchange.reply) continue;
    for (const dns::Record& record : exchange.reply->answer) {
      const auto text = dns::as_txt(record);
      if (text && !text->empty()) return *text;
    }
  }
  return "";
}

// The same said with EDNS (RFC 5001), in the bytes that the operator chose.
std::string name_server_id(const View& view) {
  for (const Exchange& exchange : view.exchanges) {
    if (!exchange.reply || !exchange.reply->edns) continue;
    const std::optional<std::string> id = exchange.reply->edns->nsid();
    if (id && !id->empty()) return *id;
  }
  return "";
}

// Resolver::instance is "*" and an ending, or empty where nothing is known.
bool may_be_called(const observe::Resolver& resolver, const std::string& name) {
  const std::string& known = resolver.instance;
  if (known.empty() || name.empty()) return true;
  return known.starts_with('*') ? name.ends_with(known.substr(1)) : name == known;
}

// On the way there lies nothing of the Internet.
bool is_inside(const PublicResolver& resolver) {
  return resolver.resolver.system || !resolver.endpoint.address.special_purpose().empty();
}

bool nobody_heard(const Observation& observation) {
  return std::none_of(observation.exchanges.begin(), observation.exchanges.end(),
                      [](const Exchange& exchange) { return exchange.reply.has_value(); });
}

class Eye {
 public:
  Eye(const PublicPlan& plan, Observation& observation, net::Transport& transport)
      : plan_(plan),
        observation_(observation),
        transport_(transport),
        control_label_(random_label()),
        depth_(observation.stats.round_trips + 1),
        blocked_(nobody_heard(observation)),
        intercepted_(observe::interception(observation).is_certain()) {}

  void look();

 private:
  struct Asked {
    std::size_t target = 0;
    std::vector<Wanted> questions;  // the first is Purpose::view
  };

  void admit(std::size_t target);
  void ask_all(const std::vector<PublicResolver>& resolvers);
  void ask_for_servers_inside(Target& target);
  void ask_view(std::size_t resolver, const Asked& asked, std::size_t slot);
  void ask_unchecked(std::size_t resolver, std::size_t target);
  void ask_identity(std::size_t resolver);
  net::Query query(std::size_t resolver, const Wanted& wanted, int depth) const;
  const View& view_of(std::size_t resolver) const;
  bool answered(std::size_t resolver) const;
  bool needs_fallback() const;
  void share_views();
  void count();
  void limit_reached(const std::string& words);

  const PublicPlan& plan_;
  Observation& observation_;
  net::Transport& transport_;
  const std::string control_label_;
  const int depth_;
  const bool blocked_, intercepted_;  // port 53: no authority can be asked from here
  std::vector<Asked> asked_;          // their views are those of all resolvers, in the same order
};

void Eye::look() {
  observation_.resolvers.clear();
  observation_.client_subnet = plan_.client_subnet;
  for (std::size_t i = 0; i < observation_.targets.size(); ++i) admit(i);
  std::vector<PublicResolver> resolvers = plan_.resolvers;
  if (intercepted_ && !plan_.ask_anyway)
    std::erase_if(resolvers, [](const auto& each) { return uses_port_53(each.endpoint); });
  ask_all(resolvers);
  if (resolvers.size() < plan_.resolvers.size() || needs_fallback()) ask_all(plan_.fallback);
  share_views();
  for (Target& target : observation_.targets) ask_for_servers_inside(target);
  transport_.run();
  count();
}

// Asking a cache for records that some authority still denies would plant that denial. Where no
// authority can be asked at all, resolvers are all there is to see by.
void Eye::admit(std::size_t index) {
  Target& target = observation_.targets[index];
  target.views.clear();
  target.views_withheld.clear();
  if (!plan_.ask_anyway && !blocked_ && !intercepted_)
    target.views_withheld = observe::disagreement(observation_, target);
  const bool asked_before = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& other) {
    return same_records(observation_.targets[other.target], target);
  });
  if (!target.views_withheld.empty() || asked_before) return;
  asked_.push_back({index, questions_for(observation_, target, plan_.samples, control_label_)});
}

// Every resolver gets its first question before any gets its last: the transport has room for some
// hundred at once, and dead ones keep theirs for long.
void Eye::ask_all(const std::vector<PublicResolver>& resolvers) {
  const std::size_t first = observation_.resolvers.size();
  const std::size_t room = kResolvers - first;
  if (resolvers.size() > room) limit_reached("resolvers: " + std::to_string(kResolvers));
  const std::size_t end = first + std::min(room, resolvers.size());
  std::size_t slots = 0;
  for (const Asked& each : asked_) {
    slots = std::max(slots, each.questions.size());
    std::vector<View>& views = observation_.targets[each.target].views;
    for (std::size_t resolver = first; resolver < end; ++resolver)
      views.push_back({resolver, std::vector<Exchange>(each.questions.size())});
  }
  observation_.resolvers.insert(observation_.resolvers.end(), resolvers.begin(),
                                resolvers.begin() + static_cast<std::ptrdiff_t>(end - first));
  for (std::size_t slot = 0; slot < slots; ++slot) {
    for (std::size_t resolver = first; resolver < end; ++resolver) {
      for (const Asked& each : asked_) ask_view(resolver, each, slot);
      if (slot == 0) ask_identity(resolver);
    }
  }
  transport_.run();
}

// A private zone of the same name shows by its name servers, and to ask for those plants no denial.
// The record may have been written there instead.
void Eye::ask_for_servers_inside(Target& target) {
  if (target.views_withheld.empty() || target.steps.empty()) return;
  const observe::Zone* zone = observe::find_zone(observation_, target.steps.back().zone);
  if (zone == nullptr || !zone->probed) return;
  for (std::size_t i = 0; i < observation_.resolvers.size(); ++i)
    if (is_inside(observation_.resolvers[i])) target.views.push_back({i, std::vector<Exchange>(1)});
  for (View& view : target.views)
    transport_.ask(
        query(view.resolver, {Purpose::view_servers, {zone->apex, dns::RecordType::ns}}, depth_),
        [&view](Exchange exchange) { view.exchanges.front() = std::move(exchange); });
}

void Eye::ask_view(std::size_t resolver, const Asked& asked, std::size_t slot) {
  if (slot >= asked.questions.size()) return;
  const std::size_t target = asked.target;
  transport_.ask(query(resolver, asked.questions[slot], depth_), [this, resolver, target,
                                                                  slot](Exchange exchange) {
    const bool failed = exchange.reply && exchange.reply->rcode == dns::Rcode::servfail;
    auto& exchanges = observation_.targets[target].views[resolver].exchanges;
    exchanges[slot] = std::move(exchange);
    if (failed && slot == 0) ask_unchecked(resolver, target);
  });
}

// SERVFAIL may be DNSSEC's: with CD the resolver shows what it has.
void Eye::ask_unchecked(std::size_t resolver, std::size_t target) {
  const Exchange& failed = observation_.targets[target].views[resolver].exchanges.front();
  net::Query unchecked =
      query(resolver, {Purpose::view_unchecked, failed.question}, failed.depth + 1);
  unchecked.checking_disabled = true;
  transport_.ask(std::move(unchecked), [this, resolver, target](Exchange exchange) {
    observation_.targets[target].views[resolver].exchanges.push_back(std::move(exchange));
  });
}

void Eye::ask_identity(std::size_t resolver) {
  const dns::Question who{Name::of("id.server"), dns::RecordType::txt, kClassChaos};
  net::Query identity = query(resolver, {Purpose::identity, who}, depth_);
  identity.client_subnet.reset();
  transport_.ask(std::move(identity), [this, resolver](Exchange exchange) {
    observation_.resolvers[resolver].identity.push_back(std::move(exchange));
  });
}

net::Query Eye::query(std::size_t resolver, const Wanted& wanted, int depth) const {
  const observe::Endpoint& endpoint = observation_.resolvers[resolver].endpoint;
  net::Query made;
  made.purpose = wanted.purpose;
  made.address = endpoint.address;
  made.question = wanted.question;
  made.endpoint = endpoint;
  made.recursion_desired = true;
  made.client_subnet = plan_.client_subnet;
  made.depth = depth;
  return made;
}

// Of the first target that is asked for.
const View& Eye::view_of(std::size_t resolver) const {
  return observation_.targets[asked_.front().target].views[resolver];
}

bool Eye::answered(std::size_t resolver) const {
  const auto has_reply = [](const Exchange& exchange) { return exchange.reply.has_value(); };
  return std::any_of(asked_.begin(), asked_.end(), [&](const Asked& each) {
    const View& view = observation_.targets[each.target].views[resolver];
    return std::any_of(view.exchanges.begin(), view.exchanges.end(), has_reply);
  });
}

// Nobody out there answers on port 53, or somebody answers who is not who was asked.
bool Eye::needs_fallback() const {
  if (asked_.empty()) return false;
  int asked = 0, silent = 0;
  std::map<std::string, std::string> operators;  // by the name that an instance gives itself
  for (std::size_t i = 0; i < observation_.resolvers.size(); ++i) {
    const PublicResolver& each = observation_.resolvers[i];
    const std::string& by = each.resolver.operator_name;
    if (is_inside(each) || !uses_port_53(each.endpoint)) continue;
    ++asked;
    if (!answered(i)) ++silent;
    if (by.empty()) continue;
    std::string name = said_name(each);
    if (!may_be_called(each.resolver, name)) return true;
    if (name.empty()) name = name_server_id(view_of(i));
    if (!name.empty() && operators.try_emplace(name, by).first->second != by) return true;
  }
  return asked > 0 && silent == asked;
}

// Targets proved by the same records, as a name and its wildcard, have the same views.
void Eye::share_views() {
  for (Target& target : observation_.targets) {
    if (!target.views.empty() || !target.views_withheld.empty()) continue;
    for (const Asked& each : asked_) {
      const Target& asked = observation_.targets[each.target];
      if (same_records(asked, target)) target.views = asked.views;
    }
  }
}

void Eye::count() {
  observe::Stats& stats = observation_.stats;
  stats.queries = transport_.sent();
  stats.seconds = transport_.elapsed();
  for (const Asked& each : asked_) {
    for (const View& view : observation_.targets[each.target].views) {
      for (const Exchange& exchange : view.exchanges) {
        if (exchange.outcome != observe::Outcome::not_asked)
          stats.round_trips = std::max(stats.round_trips, exchange.depth);
      }
    }
  }
  for (const std::string& limit : transport_.limits_reached()) limit_reached(limit);
}

void Eye::limit_reached(const std::string& words) {
  std::vector<std::string>& limits = observation_.stats.limits;
  if (std::find(limits.begin(), limits.end(), words) == limits.end()) limits.push_back(words);
}

}  // namespace

void look(const PublicPlan& plan, observe::Observation& observation, net::Transport& transport) {
  Eye(plan, observation, transport).look();
}

}  // namespace dcv::resolve
