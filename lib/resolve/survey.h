#pragma once
// The full walk: asks every address of every server of each zone that matters, and follows
// whatever any of them says, until nothing new turns up. One thread, driven by the transport.

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "net/transport.h"
#include "observe/lookup.h"
#include "resolve/asker.h"
#include "resolve/collect.h"
#include "resolve/descent.h"
#include "resolve/zone_table.h"

namespace dcv::resolve {

class Survey {
 public:
  // Keeps references to both arguments.
  Survey(const Plan& plan, net::Transport& transport);

  // Begins the walk of every target.
  void start();
  // Also walks to these records, which turned up in the meantime.
  void look_for(const dns::Question& question);
  // All addresses that any server gave for the host, its aliases followed; sorted.
  std::vector<dns::IpAddress> addresses_of(const dns::Name& host) const;
  // When nothing is under way any more: ends the walks that wait for each other. True if there
  // were any; then the transport has to be run again.
  bool release_stuck();
  // What was seen; ends the survey.
  observe::Observation finish();

  // For Descent.
  ZoneTable& zones() { return zones_; }
  Asker& asker() { return asker_; }
  // Takes over what a referral from a server of `parent` says of the zone below.
  void take_referral(observe::ExchangeId id, const dns::Name& parent, int nest);
  // Starts finding the addresses of the zone's servers, as far as not done yet.
  void look_up_hosts(ZoneState& state);
  void limit_reached(const std::string& words);
  // Looks whether somebody on the way answers in the place of root and registries.
  void suspect_interception(const observe::Exchange& exchange);

 private:
  struct HostLookup;
  struct Wanted {
    const PlannedTarget* plan = nullptr;
    std::vector<dns::Question> places;
  };

  // The way to a name
  void climb(const dns::Identifier& identifier);
  void approach(const dns::Name& name, const Visit& visit);
  void visit(const dns::Name& apex, Visit visit);
  std::optional<dns::AliasHop> hop_in(const dns::Message& reply, const Visit& visit) const;
  void follow(const dns::AliasHop& hop, const Visit& from, const dns::Name& zone, int depth);
  void look_for_twin(const dns::AliasHop& hop, const Visit& from, int depth);
  void light_question(const dns::Name& name, dns::RecordType type, observe::Purpose purpose,
                      int depth);

  // Asking the servers of a zone
  void make_probed(ZoneState& state);
  void probe_zone(ZoneState& state, const KnownAddress& address);
  void probe_visit(ZoneState& state, const KnownAddress& address, std::shared_ptr<Visit> visit);
  void ask(const ZoneState& state, const KnownAddress& address, observe::Purpose purpose,
           const dns::Question& question, int depth, Asker::Done done);
  void probe_more(ZoneState& state, const KnownAddress& address, const Visit& visit,
                  dns::ReplyKind kind, bool truncated, int depth);
  bool expects_digest(const Visit& visit) const;
  void suspect(ZoneState& state, const KnownAddress& address, Visit& visit, int depth);
  void ask_keys(ZoneState& state);
  void ask_ds(const ZoneState& state, const observe::Exchange& asked);

  // Taking in replies
  void visit_below(const dns::Name& child, const Visit& from, int depth);
  void take_server(ZoneState& state, const observe::NameServer& told);
  void too_many_servers();
  void too_many_addresses();
  void on_visit(observe::ExchangeId id, ZoneState& state, const KnownAddress& address,
                const std::shared_ptr<Visit>& visit);
  void on_apex_servers(observe::ExchangeId id, ZoneState& state);
  bool take_hidden_cut(observe::ExchangeId id, ZoneState& state, const KnownAddress& address,
                       const Visit& visit);

  // Name-server hosts (survey_hosts.cpp)
  void add_address(ZoneState& state, const KnownAddress& address);
  void look_up_host(ZoneState& state, const dns::Name& host);
  void look_up_host_type(std::shared_ptr<HostLookup> lookup, const dns::Name& name,
                         dns::RecordType type, int hops, int depth);
  void finish_host(const HostLookup& lookup);
  void wake(ZoneState& state);

  // Where mail goes (survey_mail.cpp)
  using MailKey = std::pair<dns::Name, dns::RecordType>;
  void follow_mail(const observe::Exchange& exchange);
  void look_for_mail(const MailKey& from, const MailKey& what, int depth);
  void look_at_mail(const MailKey& what, int hops, int depth);
  void add_mail_places(observe::Target& target, const observe::Observation& so_far,
                       const observe::Index& exchanges) const;

  observe::Target seen(const Wanted& wanted, const observe::Observation& so_far,
                       const observe::Index& exchanges) const;

  const Plan& plan_;
  net::Transport& transport_;
  Asker asker_;
  ZoneTable zones_;
  std::set<std::tuple<dns::Name, dns::RecordType, observe::Purpose>> approached_;
  std::vector<Wanted> targets_;
  std::string control_label_;
  int alias_targets_ = 0;
  int host_lookups_ = 0;
  std::map<MailKey, std::set<MailKey>> leads_to_;
  int mail_lookups_ = 0;
  std::vector<std::string> limits_;
};

}  // namespace dcv::resolve
