// What delegations want that do not go together, and what is to be known of them besides.

#include <algorithm>
#include <map>
#include <set>

#include "rules/delegation_form.h"

namespace dcv::rules {
namespace {

using dns::Name;
using dns::RecordType;

const dns::Record& first_record(const Delegation& delegation) {
  return delegation.parts.front().records.front();
}

void add(std::vector<std::string>& notes, std::string note) {
  if (!note.empty() && std::ranges::find(notes, note) == notes.end())
    notes.push_back(std::move(note));
}

// "a, b and c"
std::string listed(const std::set<std::string>& words) {
  std::string list;
  std::size_t left = words.size();
  for (const std::string& word : words) {
    list += word;
    --left;
    if (left > 0) list += left == 1 ? " and " : ", ";
  }
  return list;
}

// Where several hosts lead to one name.
struct Shared {
  std::set<std::string> owners, identifiers;
  std::optional<int> values;  // that the provider keeps there
};

void add_shared_targets(const std::vector<Delegation>& delegations, const Providers& own,
                        std::vector<std::string>& notes) {
  std::map<Name, Shared> targets;
  for (const Delegation& each : delegations) {
    const auto target = dns::as_target(first_record(each));
    if (!target || first_record(each).type != RecordType::cname) continue;
    Shared& shared = targets[*target];
    shared.owners.insert(first_record(each).owner.prose());
    shared.identifiers.insert(each.identifiers.begin(), each.identifiers.end());
    const observe::Provider* row = find_provider(each.provider, own);
    if (row != nullptr) shared.values = row->values;
  }
  for (const auto& [target, shared] : targets) {
    const int names = static_cast<int>(shared.identifiers.size());
    if (shared.values && names > *shared.values)
      add(notes, target.prose() + " keeps " + std::to_string(*shared.values) +
                     (*shared.values == 1 ? " value" : " values") +
                     ", so one order cannot be for " + std::to_string(names) +
                     " names that lead there.");
    if (shared.owners.size() > 1)
      add(notes, listed(shared.owners) + " share the target " + target.prose() +
                     ": two orders at once take each other's value away unless the client adds "
                     "its own beside what is there.");
  }
}

struct Wanted {
  const Delegation* by = nullptr;
  const dns::Record* record = nullptr;
};

// What another party wants at the name and leaves no room for this record: beside a CNAME there is
// none, name servers take the name away, and only TXT records may be several.
const Wanted* in_the_way(const std::vector<Wanted>& there, const Wanted& more) {
  const auto is_same = [&](const Wanted& each) {
    return each.record->type == more.record->type && each.record->rdata == more.record->rdata;
  };
  const auto shuts_out = [&](const Wanted& each) {
    return each.by != more.by &&
           (each.record->type != RecordType::txt || more.record->type != RecordType::txt);
  };
  if (std::ranges::any_of(there, is_same)) return nullptr;
  const auto other = std::ranges::find_if(there, shuts_out);
  return other == there.end() ? nullptr : &*other;
}

std::string clash_between(const Wanted& one, const Wanted& other) {
  const std::string owner = one.record->owner.prose();
  const bool aliases =
      one.record->type == RecordType::cname && other.record->type == RecordType::cname;
  const std::string both = aliases ? owner + " can be one CNAME only, but " + one.by->provider +
                                         " and " + other.by->provider + " both want it"
                                   : "the " + dns::text(one.record->type) + " record of " +
                                         one.by->provider + " and the " +
                                         dns::text(other.record->type) + " record of " +
                                         other.by->provider + " cannot both be at " + owner;
  return both +
         ": let one validate otherwise, by a record at a label of its own "
         "(google-certificate-manager-project, dns-account-01, dns-persist-01), a TXT token or "
         "HTTP";
}

}  // namespace

std::string clash_of(const std::vector<Delegation>& delegations) {
  std::map<Name, std::vector<Wanted>> wanted;
  for (const Delegation& each : delegations) {
    for (const dns::Record& record : each.parts.front().records) {
      std::vector<Wanted>& there = wanted[record.owner];
      const Wanted* other = in_the_way(there, {&each, &record});
      if (other != nullptr) return clash_between(*other, {&each, &record});
      there.push_back({&each, &record});
    }
  }
  return "";
}

std::vector<std::string> notes_of(const std::vector<Delegation>& delegations,
                                  const Providers& own) {
  std::vector<std::string> notes;
  std::set<std::string> aliases;
  for (const Delegation& each : delegations) {
    if (const observe::Provider* row = find_provider(each.provider, own)) {
      add(notes, row->note);
      if (row->most_aliases)
        add(notes, "At most " + std::to_string(*row->most_aliases) +
                       " aliases may lead from the owner to the proof.");
    }
    const dns::Record& first = first_record(each);
    if (first.type == RecordType::cname) aliases.insert(first.owner.prose());
    if (first.type == RecordType::ns)
      add(notes, "No DS record for " + first.owner.prose() + " belongs into " +
                     each.parts.front().zone.prose() +
                     ", unless the delegated zone is signed; then it must be there.");
  }
  if (!aliases.empty())
    add(notes, "Nothing else may stand at " + listed(aliases) +
                   ": take away a TXT record that an earlier order has left there.");
  add_shared_targets(delegations, own, notes);
  return notes;
}

}  // namespace dcv::rules
