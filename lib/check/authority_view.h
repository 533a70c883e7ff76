#pragma once
// What each address of the last zone says of the proof: the view that the checks of data and of
// values share. Knows no findings; judges nothing.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/family.h"

namespace dcv::check {

// The data of one type in one reply. Whether absence is NXDOMAIN or NODATA makes no difference to
// it.
struct ProofData {
  dns::RecordType type = dns::RecordType::txt;
  std::map<std::string, dns::Record> records;  // by value, as observe::value_of() writes it
  bool nxdomain = false;

  bool has(const std::string& value) const { return records.contains(value); }
  std::set<std::string> values() const;
  std::string text() const;  // `TXT "a", "b"`, `no TXT record` or `NXDOMAIN`; safe to print
};

struct Sample {
  const observe::Exchange* exchange = nullptr;
  ProofData data;
};

// One address of one server, with at least one usable reply to the proof question.
struct AddressView {
  const observe::NameServer* server = nullptr;
  dns::IpAddress address;
  std::vector<Sample> samples;
  std::optional<std::uint32_t> serial;               // of its copy of the zone
  const observe::Exchange* serial_source = nullptr;  // where that stands; set with `serial`

  const ProofData& data() const { return samples.front().data; }
  std::string label() const;
};

// The last step of the walk. No addresses when the walk did not come to an end at a name, or when
// no address of the zone gave a usable reply. Points into the observation.
struct ProofView {
  const observe::Step* step = nullptr;
  dns::RecordType type = dns::RecordType::txt;  // of the records looked for
  std::vector<AddressView> addresses;           // by server, then address

  // True if every sample of every address has the value; if at least one has.
  bool everywhere(const std::string& value) const;
  bool somewhere(const std::string& value) const;
  std::set<std::string> values() const;  // of all samples
};

ProofView proof_view(const Case& test);

// Goes on after advice to publish what nobody has, since the owner may see it in a panel: ", in the
// zone shop.example on ns1.shop.example; a panel that shows it already …".
std::string place_text(const ProofView& view);

// The data of the type asked for at the name asked for, if the reply is complete and usable.
std::optional<ProofData> proof_data(const observe::Exchange& exchange);

// A TXT value in quotes with everything unusual escaped; several of them in a row.
std::string shown(const std::string& value);
std::string shown(const std::set<std::string>& values);

// A value as people read it: a CNAME's target without its final dot, all else as shown() does.
std::string shown(const std::string& value, dns::RecordType type);
std::string shown(const std::set<std::string>& values, dns::RecordType type);

// The record that has `value`, written as observe::value_of() writes it, as its data.
std::optional<dns::Record> record_of(const dns::Name& owner, dns::RecordType type,
                                     std::uint32_t ttl, const std::string& value);

// The changes that take the values of `wrong` away and put those of `right` there, server by
// server where a copy needs it; one change without a server if all copies need the same. A name has
// room for one CNAME, so there whatever is not right goes.
std::vector<Edit> edits_towards(const ProofView& view, const std::set<std::string>& wrong,
                                const std::set<std::string>& right);

}  // namespace dcv::check
