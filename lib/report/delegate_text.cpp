// Records to publish as a zone file has them, and as the fields of a panel.

#include <algorithm>
#include <map>

#include "report/delegate.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using dns::Name;
using dns::Record;
using rules::ZonePart;

constexpr std::size_t kCommentWidth = 100;  // columns

// "; " in front of each line of a sentence.
std::string comment(const std::string& sentence, const std::string& indent = "; ") {
  const std::string lines = folded(printable(sentence), kCommentWidth, columns(indent), 0);
  return indent +
         replaced(lines, '\n',
                  "\n" + std::string(1, indent[0]) + std::string(indent.size() - 1, ' ')) +
         "\n";
}

// Parts for one zone, put together in the order met.
std::vector<ZonePart> by_zone(const std::vector<rules::Delegation>& delegations) {
  std::vector<ZonePart> zones;
  for (const rules::Delegation& each : delegations) {
    if (!each.needed) continue;
    for (const ZonePart& part : each.parts) {
      auto zone = std::ranges::find_if(zones, [&](const ZonePart& known) {
        return known.zone == part.zone && known.theirs == part.theirs;
      });
      if (zone == zones.end()) {
        zones.push_back(part);
        continue;
      }
      for (const Record& record : part.records)
        if (std::ranges::find(zone->records, record) == zone->records.end())
          zone->records.push_back(record);
    }
  }
  return zones;
}

// One row of a panel's form for each record.
std::string panel(const ZonePart& part) {
  std::string text;
  for (const Record& record : part.records) {
    text += ";   " + padded(dns::text(record.type), 7) + "host   " +
            rules::name_within(record.owner, part.zone) + "\n";
    text += ";   " + std::string(7, ' ') + "value  " + dns::rdata_text(record) + "\n";
  }
  return text;
}

std::string doubled_name_trap(const ZonePart& part) {
  const Name& owner = part.records.front().owner;
  return "A panel adds " + part.zone.prose() +
         " to the host by itself. With the whole name in that field the record would stand at " +
         owner.prose() + "." + part.zone.prose() + ", where nobody looks.";
}

std::string zone_text(const ZonePart& part) {
  std::string text =
      comment(part.theirs ? "In the new zone " + part.zone.prose() + ", on its own name servers:"
                          : "In the zone " + part.zone.prose() + ":");
  for (const Record& record : part.records) text += dns::zone_line(record) + "\n";
  return text + "\n";
}

std::string titles(const std::vector<rules::Delegation>& delegations) {
  std::string text;
  for (const rules::Delegation& each : delegations)
    if (each.needed)
      text += comment(listed(each.identifiers) + ": " + each.title +
                      (each.identifiers.size() > 1 ? "; one record serves them all" : ""));
  return text;
}

std::string panels(const std::vector<ZonePart>& zones) {
  std::string text;
  for (const ZonePart& part : zones) {
    if (part.theirs) continue;
    text += comment("In the panel of " + part.zone.prose() + ":") + panel(part) +
            comment(doubled_name_trap(part));
    if (part.assumed)
      text += comment("That " + part.zone.prose() +
                      " is the zone is taken from the public suffix list; --zone names another.");
    text += "\n";
  }
  return text;
}

// Lines that may be left out; in comments, so that pasting all publishes what is needed.
std::string spare(const std::vector<rules::Delegation>& delegations) {
  std::string text;
  for (const rules::Delegation& each : delegations)
    for (const ZonePart& part : each.parts)
      for (const Record& record : part.records)
        if (!each.needed) text += "; " + dns::zone_line(record) + "\n";
  if (text.empty()) return text;
  return comment("Not needed beside that, since over DNS a record proves the names below it too:") +
         text + "\n";
}

std::string file_text(const TokenFile& file) {
  std::string text = "# " + file.identifier + "\n" + file.url + "\n";
  for (const std::string& line : file.lines) text += "    " + printable(line) + "\n";
  return text + "\n";
}

}  // namespace

std::string render_forms_text(const DelegationForms& forms) {
  const std::vector<ZonePart> zones = by_zone(forms.delegations);
  const std::string mark = forms.delegations.empty() ? "# " : "; ";
  std::string text = titles(forms.delegations);
  for (const ZonePart& part : zones) text += zone_text(part);
  text += spare(forms.delegations) + panels(zones);
  for (const TokenFile& file : forms.files) text += file_text(file);
  for (const std::string& note : forms.notes) text += comment(note, mark + "- ");
  if (!forms.next.empty()) text += mark + "Then: " + printable(forms.next) + "\n";
  return text;
}

std::string render_providers_text(const rules::Providers& own) {
  std::size_t width = 0;
  rules::Providers rows = own;
  for (const observe::Provider& row : rules::shipped_providers())
    if (std::ranges::find(own, row.id, &observe::Provider::id) == own.end()) rows.push_back(row);
  std::erase_if(rows, [](const auto& row) { return !rules::can_be_published(row); });
  for (const observe::Provider& row : rows) width = std::max(width, columns(row.id));
  std::string text;
  for (const observe::Provider& row : rows) {
    const std::string id = !rules::has_forms(row) ? "as shown: --at OWNER --target TARGET"
                           : row.id_hint.empty()  ? "no --id"
                                                  : "--id: " + row.id_hint;
    text +=
        padded(printable(row.id), width + 2) + printable(row.title) + "; " + printable(id) + "\n";
  }
  return text;
}

}  // namespace dcv::report
