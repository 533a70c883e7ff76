// The trace as a tree that a person reads in five seconds: zone by zone from the root, aliases as
// arrows to the next branch, and at the end the values or what is missing.
#include <algorithm>
#include <map>
#include <set>

#include "observe/interception.h"
#include "report/color.h"
#include "report/render.h"
#include "report/trace.h"
#include "report/tree.h"
#include "report/words.h"

namespace dcv::report {
namespace {

constexpr std::size_t kServersNamed = 6;

// One line of the table of servers under a zone.
using Row = std::vector<std::string>;

std::vector<std::string> aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size() + 2, ' ');
    }
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return lines;
}

std::string transport_flags(const AddressView& view) {
  using observe::EdnsSupport;
  std::string flags;
  const EdnsSupport edns = view.exchange->edns;
  if (edns != EdnsSupport::unknown) flags = edns == EdnsSupport::supported ? "edns" : "no edns";
  if (view.tcp != nullptr && view.tcp->outcome == observe::Outcome::reply) {
    flags += flags.empty() ? "tcp" : ", tcp";
  } else if (view.tcp != nullptr && observe::blames_server(*view.tcp)) {
    flags += flags.empty() ? "no tcp" : ", no tcp";
  }
  return flags;
}

Row address_row(const AddressView& view) {
  const std::string server = view.server->name.lower().prose();
  if (view.exchange == nullptr) return {server, view.address.text(), "not asked"};
  const double milliseconds = view.exchange->duration * 1000;
  return {server, view.address.text(), words(*view.exchange), transport_flags(view),
          fixed(milliseconds, milliseconds < 10 ? 1 : 0) + " ms"};
}

// "ns1", or the whole name where that would be ambiguous.
std::string short_name(const dns::Name& server, const std::set<dns::Name>& all) {
  if (server.is_root()) return server.text();
  const std::string label = server.lower().labels().front();
  const auto like = [&](const dns::Name& other) {
    return !other.is_root() && other.lower().labels().front() == label;
  };
  const auto count = std::count_if(all.begin(), all.end(), like);
  return count > 1 ? server.lower().prose() : dns::escape(label, ".");
}

// "all 4 addresses", "both addresses", "the only address", "1 of 4 addresses"
std::string share(std::size_t part, std::size_t total) {
  if (part == 1 && total == 1) return "the only address";
  if (part == 2 && total == 2) return "both addresses";
  const bool all = part == total;
  return (all ? "all" : std::to_string(part) + " of") + " " + counted(total, "address");
}

class TraceText {
 public:
  explicit TraceText(const TraceStyle& style) : style_(style), painter_(style.color) {}

  std::string document(const Trace& trace) {
    TreeNode tree;
    TreeNode* at = &tree;
    for (const Hop& hop : trace.hops) at = branch(hop, at, &hop == &trace.hops.front());
    ending(trace, *at);
    std::string text = painter_.paint(trace.target->validation_name.lower().prose(), Color::bold) +
                       painter_.paint("  for " + printable(trace.target->identifier), Color::dim) +
                       "\n";
    for (const TreeNode& root : tree.children) text += drawn(root);
    return text;
  }

 private:
  static TreeNode* add(TreeNode& parent, std::string text) {
    parent.children.push_back({std::move(text), {}});
    return &parent.children.back();
  }

  // Zones, then what is said of the name; returns the node where the walk goes on.
  TreeNode* branch(const Hop& hop, TreeNode* at, bool first) {
    const bool new_zone = hop.path.empty() || hop.path.back().zone != last_zone_;
    if (new_zone) at = zones(hop, at, first);
    last_zone_ = hop.path.empty() ? nullptr : hop.path.back().zone;
    const std::string name =
        first ? painter_.paint(hop.step->name.lower().prose(), Color::bold) : "";
    const std::string gap = first ? "  " : "";
    if (hop.said.empty()) {
      return add(*at, name + gap + painter_.paint(words(hop.step->end), Color::red));
    }
    if (hop.said.size() == 1) return add(*at, name + gap + told(hop, hop.said.front()));
    if (first) at = add(*at, name);
    std::size_t onward = 0;
    for (std::size_t i = 0; i < hop.said.size(); ++i) {
      if (hop.step->target && hop.said[i].target == hop.step->target) onward = i;
      add(*at, told(hop, hop.said[i]));
    }
    return hop.step->target ? &at->children[at->children.size() - hop.said.size() + onward] : at;
  }

  // In later branches, what leads to a zone is told in brief: registries and zones seen above.
  TreeNode* zones(const Hop& hop, TreeNode* at, bool first) {
    std::string brief;
    for (std::size_t i = 0; i < hop.path.size(); ++i) {
      const ZoneView& view = hop.path[i];
      const bool last = i + 1 == hop.path.size();
      const bool seen = !shown_.insert(view.zone->apex).second;
      const std::string apex = view.zone->apex.lower().prose();
      const std::string way = brief.empty() ? "" : painter_.paint("(" + brief + ") ", Color::dim);
      if (last && seen) {
        at = add(*at, way + painter_.paint(apex, Color::bold) + ", as above");
      } else if (!first && !last && (seen || !view.zone->probed)) {
        brief += (brief.empty() ? "" : " › ") + apex;
      } else {
        at = add(*at, way + zone_line(view));
        if (style_.servers) servers(view, *at);
        brief.clear();
      }
    }
    return at;
  }

  std::string zone_line(const ZoneView& view) {
    const observe::Zone& zone = *view.zone;
    std::string text = counted(zone.servers.size(), "server");
    bool well = true;
    if (!zone.probed) {
      well = view.addresses_serving > 0 || view.servers_asked == 0;
      text += ", " + std::to_string(view.servers_asked) + " asked" +
              (well            ? ""
               : view.is_heard ? ", none serves it"
                               : ", none answers");
    } else {
      const std::size_t all = view.addresses.size(), serving = view.addresses_serving;
      well = serving == all && all > 0;
      text +=
          ", " + counted(all, "address") + ": " +
          (well           ? "all serve it"
           : serving == 0 ? "none serves it"
                          : std::to_string(serving) + (serving == 1 ? " serves it" : " serve it"));
    }
    if (!zone.referred) text += ", no referral seen";
    return painter_.paint(zone.apex.lower().prose(), Color::bold) + " ── " +
           painter_.paint(text, well ? Color::dim : Color::red);
  }

  void servers(const ZoneView& view, TreeNode& node) {
    std::vector<Row> rows;
    for (const AddressView& each : view.addresses) {
      if (view.zone->probed || each.exchange != nullptr) rows.push_back(address_row(each));
    }
    for (const observe::NameServer& server : view.zone->servers) {
      if (view.zone->probed && server.glue.empty() && server.addresses.empty()) {
        rows.push_back({server.name.lower().prose(), "no address",
                        replaced(std::string(observe::text(server.state)), '_', " ")});
      }
    }
    for (std::string& line : aligned(rows)) add(node, std::move(line));
  }

  // `CNAME → target   said by all 4 addresses: ns1 (2), ns2 (2)`
  std::string told(const Hop& hop, const Saying& saying) {
    std::size_t total = 0;
    std::set<dns::Name> all;
    for (const Saying& each : hop.said) {
      total += each.exchanges.size();
      for (const observe::Exchange* exchange : each.exchanges) all.insert(exchange->server);
    }
    std::map<dns::Name, std::size_t> counts;
    for (const observe::Exchange* exchange : saying.exchanges) ++counts[exchange->server];
    std::string servers;
    std::size_t named = 0;
    for (const auto& [server, count] : counts) {
      if (named++ == kServersNamed) {
        servers += " and " + std::to_string(counts.size() - kServersNamed) + " more";
        break;
      }
      servers += (servers.empty() ? "" : ", ") + short_name(server, all) + " (" +
                 std::to_string(count) + ")";
    }
    const std::size_t said = saying.exchanges.size();
    const bool replied = saying.exchanges.front()->outcome == observe::Outcome::reply;
    const Color color = saying.is_data ? Color::green : saying.target ? Color::cyan : Color::red;
    return painter_.paint(saying.what, color) +
           painter_.paint(
               (replied ? "   said by " : "   at ") + share(said, total) + ": " + servers,
               Color::dim);
  }

  // What the name at the end has of the values expected, or why the walk ended without one.
  void ending(const Trace& trace, TreeNode& node) {
    if (trace.hops.empty()) return;
    const Hop& hop = trace.hops.back();
    const observe::StepEnd end = hop.step->end;
    if (end == observe::StepEnd::loop || end == observe::StepEnd::limit) {
      if (!hop.said.empty()) add(node, painter_.paint(words(end), Color::red));
    }
    std::size_t total = 0;
    for (const Saying& saying : hop.said) total += saying.exchanges.size();
    for (const std::string& value : trace.target->expected) {
      std::size_t having = 0;
      for (const Saying& saying : hop.said) {
        const bool has = std::count(saying.values.begin(), saying.values.end(), value) > 0;
        if (has) having += saying.exchanges.size();
      }
      const bool everywhere = having == total && total > 0;
      add(node, painter_.paint("expected \"" + dns::escape(value, "") + "\": on " +
                                   (having == 0 ? "no address" : share(having, total)),
                               everywhere ? Color::green : Color::red));
    }
  }

  const TraceStyle& style_;
  Painter painter_;
  std::set<dns::Name> shown_;
  const observe::Zone* last_zone_ = nullptr;
};

}  // namespace

std::string render_trace_text(const observe::Observation& observation, const TraceStyle& style) {
  std::string text;
  for (const observe::Target& target : observation.targets) {
    text += TraceText(style).document(trace(observation, target)) + "\n";
  }
  if (observe::interception(observation).is_certain())
    text += Painter(style.color)
                .paint(
                    "Port 53 is intercepted here: a resolver on the way answered in the place of "
                    "the servers named above.\n\n",
                    Color::red);
  return text + Painter(style.color).paint(stats_line(observation.stats), Color::dim) + "\n";
}

}  // namespace dcv::report
