// Reads the proof's data out of an observation, address by address, and writes the edits that
// change it.
#include "check/authority_view.h"

#include <algorithm>

#include "observe/lookup.h"
#include "observe/sight.h"

namespace dcv::check {
namespace {

constexpr std::uint32_t kTtlForNewRecord = 60;  // seconds: short, as the value changes each order
constexpr std::size_t kValueBytesShown = 100;   // as Boulder cuts TXT values in its error texts
constexpr std::size_t kValuesShown = 3;
constexpr std::size_t kHostsNamed = 3;

bool ended_at_a_name(const observe::Step& step) {
  using observe::StepEnd;
  return step.end == StepEnd::answer || step.end == StepEnd::nodata ||
         step.end == StepEnd::nxdomain;
}

bool is_denial(dns::ReplyKind kind) {
  using dns::ReplyKind;
  return kind == ReplyKind::nodata || kind == ReplyKind::nxdomain ||
         kind == ReplyKind::nodata_without_soa || kind == ReplyKind::nxdomain_without_soa;
}

// The serial of the copy that the data came from: ZONEVERSION comes with the data itself, the SOA
// was asked for apart.
void note_serial(const Case& test, const observe::Zone& zone, AddressView& view) {
  for (const observe::Exchange* exchange : test.select(
           {.zone = &zone.apex, .purpose = observe::Purpose::zone_soa, .address = &view.address})) {
    if (!exchange->reply || exchange->kind != dns::ReplyKind::answer) continue;
    const auto record = dns::soa_record_in(*exchange->reply);
    const auto soa = record && record->owner == zone.apex ? dns::as_soa(*record) : std::nullopt;
    if (!soa) continue;
    view.serial = soa->serial;
    view.serial_source = exchange;
  }
  const observe::Exchange* proof = view.samples.front().exchange;
  if (!proof->reply->edns) return;
  const auto version = proof->reply->edns->zone_version();
  if (!version || version->label_count != zone.apex.label_count()) return;
  if (view.serial == version->serial) return;
  view.serial = version->serial;
  view.serial_source = proof;
}

std::vector<Sample> samples_at(const Case& test, const observe::Step& step,
                               const dns::IpAddress& address) {
  std::vector<Sample> samples;
  for (const auto purpose :
       {observe::Purpose::proof, observe::Purpose::proof_again, observe::Purpose::proof_tcp}) {
    for (const observe::Exchange* exchange : test.select(
             {.zone = &step.zone, .name = &step.name, .purpose = purpose, .address = &address})) {
      if (auto data = proof_data(*exchange)) samples.push_back({exchange, std::move(*data)});
    }
  }
  return samples;
}

std::uint32_t ttl_for(const ProofView& view, const std::string& value) {
  std::optional<std::uint32_t> any;
  for (const AddressView& each : view.addresses) {
    for (const Sample& sample : each.samples) {
      const auto same = sample.data.records.find(value);
      if (same != sample.data.records.end()) return same->second.ttl;
      if (!any && !sample.data.records.empty()) any = sample.data.records.begin()->second.ttl;
    }
  }
  return any.value_or(kTtlForNewRecord);
}

// What one host needs, seen over all its addresses.
Edit edit_for(const ProofView& view, const dns::Name& host, const std::set<std::string>& wrong,
              const std::set<std::string>& right) {
  std::map<std::string, dns::Record> held;
  std::set<std::string> everywhere = right;
  for (const AddressView& each : view.addresses) {
    if (each.server->name != host) continue;
    for (const Sample& sample : each.samples) {
      held.insert(sample.data.records.begin(), sample.data.records.end());
      std::erase_if(everywhere, [&](const auto& value) { return !sample.data.has(value); });
    }
  }
  const bool single = view.type == dns::RecordType::cname && !right.empty();
  Edit edit{.zone = view.step->zone.text(), .server = host.text(), .remove = {}, .add = {}};
  for (const auto& [value, record] : held)
    if (wrong.contains(value) || (single && !right.contains(value)))
      edit.remove.push_back(dns::zone_line(record));
  for (const std::string& value : right) {
    if (everywhere.contains(value)) continue;
    const auto record = record_of(view.step->name, view.type, ttl_for(view, value), value);
    if (record) edit.add.push_back(dns::zone_line(*record));
  }
  return edit;
}

}  // namespace

std::set<std::string> ProofData::values() const {
  std::set<std::string> values;
  for (const auto& [value, record] : records) values.insert(value);
  return values;
}

std::string ProofData::text() const {
  if (!records.empty()) return dns::text(type) + " " + shown(values(), type);
  return nxdomain ? "NXDOMAIN" : "no " + dns::text(type) + " record";
}

std::string AddressView::label() const {
  return observe::label(server->name, address);
}

bool ProofView::everywhere(const std::string& value) const {
  return std::ranges::all_of(addresses, [&](const AddressView& each) {
    return std::ranges::all_of(each.samples,
                               [&](const Sample& sample) { return sample.data.has(value); });
  });
}

bool ProofView::somewhere(const std::string& value) const {
  return values().contains(value);
}

std::set<std::string> ProofView::values() const {
  std::set<std::string> all;
  for (const AddressView& each : addresses)
    for (const Sample& sample : each.samples) all.merge(sample.data.values());
  return all;
}

std::string place_text(const ProofView& view) {
  std::set<std::string> hosts;
  for (const AddressView& each : view.addresses) hosts.insert(each.server->name.lower().prose());
  std::vector<std::string> named(hosts.begin(), hosts.end());
  if (named.size() > kHostsNamed) {
    named.resize(kHostsNamed);
    named.push_back(std::to_string(hosts.size() - kHostsNamed) + " more");
  }
  return ", in the zone " + view.step->zone.lower().prose() + " on " + joined(named) +
         "; a panel that shows it already edits a zone which " +
         (hosts.size() == 1 ? "this server does" : "these servers do") + " not have";
}

std::optional<ProofData> proof_data(const observe::Exchange& exchange) {
  if (!exchange.reply || !exchange.kind || exchange.reply->truncated) return std::nullopt;
  const bool answered = exchange.kind == dns::ReplyKind::answer;
  if (!answered && !is_denial(*exchange.kind)) return std::nullopt;
  ProofData data;
  data.type = exchange.question.type;
  data.nxdomain = exchange.reply->rcode == dns::Rcode::nxdomain;
  if (!answered) return data;
  for (const dns::Record& record : exchange.reply->answer) {
    if (record.type != data.type || record.owner != exchange.question.name) continue;
    const auto value = observe::value_of(record);
    if (!value) continue;
    dns::Record kept = record;
    kept.owner = exchange.question.name.lower();  // the question was sent in random case
    data.records.emplace(*value, std::move(kept));
  }
  return data;
}

ProofView proof_view(const Case& test) {
  ProofView view;
  if (test.target.steps.empty()) return view;
  view.step = &test.target.steps.back();
  view.type = test.target.type;
  const observe::Zone* zone = observe::find_zone(test.observation, view.step->zone);
  if (!ended_at_a_name(*view.step) || !zone || !zone->probed) return view;
  for (const observe::ServerAddress& each : observe::addresses_of(*zone)) {
    AddressView address{.server = each.server,
                        .address = each.address,
                        .samples = samples_at(test, *view.step, each.address),
                        .serial = std::nullopt,
                        .serial_source = nullptr};
    if (address.samples.empty()) continue;
    note_serial(test, *zone, address);
    view.addresses.push_back(std::move(address));
  }
  return view;
}

std::string shown(const std::string& value) {
  const bool cut = value.size() > kValueBytesShown;
  return "\"" + dns::escape(value.substr(0, kValueBytesShown), "") + (cut ? "..." : "") + "\"";
}

std::string shown(const std::string& value, dns::RecordType type) {
  if (type != dns::RecordType::cname) return shown(value);
  const auto target = dns::Name::parse(value);
  return target ? target->prose() : shown(value);
}

std::string shown(const std::set<std::string>& values, dns::RecordType type) {
  std::string text;
  std::size_t count = 0;
  for (const std::string& value : values) {
    if (count++ == kValuesShown) {
      return text + " and " + std::to_string(values.size() - kValuesShown) + " more";
    }
    text += (text.empty() ? "" : ", ") + shown(value, type);
  }
  return text;
}

std::string shown(const std::set<std::string>& values) {
  return shown(values, dns::RecordType::txt);
}

std::optional<dns::Record> record_of(const dns::Name& owner, dns::RecordType type,
                                     std::uint32_t ttl, const std::string& value) {
  if (type != dns::RecordType::cname) return dns::make_txt(owner, ttl, value);
  const auto target = dns::Name::parse(value);
  if (!target) return std::nullopt;
  return dns::make_target(owner, type, ttl, *target);
}

std::vector<Edit> edits_towards(const ProofView& view, const std::set<std::string>& wrong,
                                const std::set<std::string>& right) {
  std::set<dns::Name> hosts;
  for (const AddressView& each : view.addresses) hosts.insert(each.server->name);
  std::vector<Edit> edits;
  for (const dns::Name& host : hosts) {
    Edit edit = edit_for(view, host, wrong, right);
    if (!edit.remove.empty() || !edit.add.empty()) edits.push_back(std::move(edit));
  }
  const bool all_alike =
      edits.size() == hosts.size() && std::ranges::all_of(edits, [&](const Edit& each) {
        return each.remove == edits.front().remove && each.add == edits.front().add;
      });
  if (!all_alike || edits.empty()) return edits;
  edits.front().server.clear();
  edits.resize(1);
  return edits;
}

}  // namespace dcv::check
