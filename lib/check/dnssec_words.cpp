// Words, lines and edits that the DNSSEC checks put into their findings.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "check/dnssec.h"

namespace dcv::check::dnssec {
namespace {

constexpr std::size_t kEvidenceShown = 6;
constexpr std::uint16_t kSepFlag = 1;      // RFC 4034 2.1.1: the key that the parent names
constexpr std::uint32_t kUsualTtl = 3600;  // seconds, where no DS record shows one

}  // namespace

void add_evidence(const Case& test, const Exchanges& exchanges, Finding& finding) {
  std::set<std::pair<dns::IpAddress, std::pair<dns::Name, dns::RecordType>>> seen;
  for (const observe::Exchange* exchange : exchanges) {
    const auto asked = std::pair(exchange->question.name, exchange->question.type);
    if (!seen.insert({exchange->address, asked}).second) continue;
    if (seen.size() > kEvidenceShown) return;
    finding.evidence.push_back(evidence_of(test, *exchange));
  }
}

std::string zone_text(const dns::Name& apex) {
  return apex.is_root() ? "the root zone" : apex.lower().prose();
}

std::string date_text(double unix_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(static_cast<std::int64_t>(unix_seconds))};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d UTC",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::string tags_text(const std::set<std::uint16_t>& tags) {
  std::vector<std::string> parts;
  for (const std::uint16_t tag : tags) parts.push_back(std::to_string(tag));
  return joined(parts);
}

std::string servers_text(const Exchanges& exchanges) {
  std::map<dns::Name, std::set<dns::IpAddress>> addresses;
  for (const observe::Exchange* exchange : exchanges)
    addresses[exchange->server].insert(exchange->address);
  std::vector<std::string> parts;
  for (const auto& [server, own] : addresses) {
    std::string text;
    for (const dns::IpAddress& address : own) text += (text.empty() ? "" : ", ") + address.text();
    parts.push_back(server.lower().prose() + " (" + text + ")");
  }
  return joined(parts);
}

std::string keys_text(const std::vector<dns::Record>& records) {
  std::vector<std::string> parts;
  for (const dns::Record& record : records) {
    const auto ds = dns::as_ds(record);
    const auto key = dns::as_dnskey(record);
    if (!ds && !key) continue;
    const std::string text = std::to_string(ds ? ds->key_tag : key->key_tag) + " (" +
                             dns::algorithm_text(ds ? ds->algorithm : key->algorithm) +
                             (ds && !dns::is_supported_digest(ds->digest_type)
                                  ? ", digest type " + std::to_string(ds->digest_type)
                                  : "") +
                             ")";
    if (std::ranges::find(parts, text) == parts.end()) parts.push_back(text);
  }
  std::ranges::sort(parts);
  return joined(parts);
}

Remedy not_yours(const ZoneView& view) {
  return {"Wait, or tell the operator of " + zone_text(view.zone->apex) +
              ": this zone lies above the domain, and only its operator can mend it",
          {}};
}

Edit ds_edit(const ZoneView& view, const std::vector<dns::Record>& remove,
             const std::vector<dns::Record>& add) {
  Edit edit{view.zone->parent.lower().text(), {}, {}, {}};
  const auto line = [](dns::Record record) {
    record.owner = record.owner.lower();
    return dns::zone_line(record);
  };
  for (const dns::Record& record : remove) edit.remove.push_back(line(record));
  for (const dns::Record& record : add) edit.add.push_back(line(record));
  return edit;
}

std::vector<dns::Record> wanted_ds(const ZoneView& view) {
  const std::uint32_t ttl = view.ds.empty() ? kUsualTtl : view.ds.front().ttl;
  std::vector<dns::Record> entry_points, all;
  for (const KeyReply& reply : view.key_replies) {
    for (const dns::Record& record : reply.keys) {
      const auto key = dns::as_dnskey(record);
      if (!key || !view.used_tags.contains(key->key_tag)) continue;
      const dns::Record ds = dns::make_ds(record, ttl);
      const auto add_to = [&](std::vector<dns::Record>& list) {
        if (std::ranges::find(list, ds.rdata, &dns::Record::rdata) == list.end())
          list.push_back(ds);
      };
      add_to(all);
      if ((key->flags & kSepFlag) != 0) add_to(entry_points);
    }
  }
  return entry_points.empty() ? all : entry_points;
}

}  // namespace dcv::check::dnssec
