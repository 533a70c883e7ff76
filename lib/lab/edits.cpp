// Changes to the zones of a scenario before its start; see edits.h.

#include "lab/edits.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "dns/zone_file.h"

namespace dcv::lab {
namespace {

bool same_data(const dns::Record& a, const dns::Record& b) {
  return a.owner == b.owner && a.type == b.type && a.record_class == b.record_class &&
         a.rdata == b.rdata;
}

// "zone APEX [server NAME]", or as a report prints it: "in zone APEX, server NAME:"
Result<Edit> parse_heading(std::string line) {
  if (line.starts_with("in ")) line.erase(0, 3);
  while (line.ends_with(':') || line.ends_with(' ') || line.ends_with('\r')) line.pop_back();
  std::replace(line.begin(), line.end(), ',', ' ');
  std::istringstream words(line);
  std::string zone_word, apex, server_word, server, rest;
  words >> zone_word >> apex >> server_word >> server >> rest;
  const bool with_server = !server_word.empty();
  if (apex.empty() || !rest.empty() ||
      (with_server && (server_word != "server" || server.empty()))) {
    return Error{"is not \"zone APEX\" or \"zone APEX server NAME\""};
  }
  const auto zone = dns::Name::parse(apex);
  if (!zone) return Error{"zone " + apex + ": " + zone.error()};
  Edit heading;
  heading.zone = *zone;
  if (!with_server) return heading;
  const auto host = dns::Name::parse(server);
  if (!host) return Error{"server " + server + ": " + host.error()};
  heading.server = host->lower().prose();
  return heading;
}

Result<Edit> parse_change(const std::string& line, const Edit& heading) {
  const auto start = line.find_first_not_of(" \t", 1);  // a leading blank means "same owner"
  if (start == std::string::npos) return Error{"has no record"};
  auto record = dns::parse_record(line.substr(start), heading.zone);
  if (!record) return Error{record.error()};
  Edit edit = heading;
  edit.add = line.front() == '+';
  edit.record = std::move(record).value();
  return edit;
}

// Returns whether the edit found what it needs.
bool apply(const Edit& edit, std::vector<dns::Record>& records) {
  const auto same = [&](const dns::Record& each) { return same_data(each, edit.record); };
  if (!edit.add) return std::erase_if(records, same) > 0;
  if (std::none_of(records.begin(), records.end(), same)) records.push_back(edit.record);
  return true;
}

}  // namespace

Result<std::vector<Edit>> parse_edits(const std::string& text) {
  std::vector<Edit> edits;
  std::optional<Edit> heading;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto fail = [&](const std::string& why) {
      return Error{"line " + std::to_string(number) + ": " + why};
    };
    line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));  // reports indent
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') continue;
    if (line.starts_with("zone ") || line.starts_with("in zone ")) {
      auto parsed = parse_heading(line);
      if (!parsed) return fail(parsed.error());
      heading = *parsed;
    } else if (line.front() != '+' && line.front() != '-') {
      return fail("starts with none of zone, +, - and #");
    } else if (!heading) {
      return fail("comes before a line with its zone");
    } else {
      auto edit = parse_change(line, *heading);
      if (!edit) return fail(edit.error());
      edits.push_back(std::move(edit).value());
    }
  }
  return edits;
}

Result<bool> apply_edits(const std::vector<Edit>& edits, Scenario& scenario) {
  for (const Edit& edit : edits) {
    bool served = false, found = false;
    for (Server& server : scenario.servers) {
      if (!edit.server.empty() && edit.server != server.name) continue;
      for (ZoneCopy& zone : server.zones) {
        if (zone.apex != edit.zone) continue;
        served = true;
        if (apply(edit, zone.records)) found = true;
        for (auto& [variant, records] : zone.alternates) {
          if (apply(edit, records)) found = true;
        }
      }
    }
    const std::string who = edit.server.empty() ? "no server has" : edit.server + " lacks";
    if (!served) return Error{who + " the zone " + edit.zone.text() + " of an edit"};
    if (!found) return Error{"the line to remove is not there: " + dns::zone_line(edit.record)};
  }
  return true;
}

}  // namespace dcv::lab
