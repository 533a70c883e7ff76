// Values and targets near the right one, each by the slip that made it of that.
#include <algorithm>
#include <array>

#include "check/record.h"
#include "check/value_shape.h"
#include "observe/sight.h"
#include "rules/token_shape.h"

namespace dcv::check::record {
namespace {

struct Slip {
  ValueShape shape;
  std::string_view id;
  std::string_view action;
};
constexpr std::array kSlips = {
    Slip{ValueShape::quoted, "record-quoted",
         "Enter the value without quotes: the panel or API adds those of the zone file itself."},
    Slip{ValueShape::blank, "record-blank", "Enter the value again without blanks and line ends."},
    Slip{ValueShape::case_folded, "record-case-folded", "Publish the value in its own case."},
};

// Quoted or with blanks, a digest is told by itself; any other value only by what is expected.
bool has_shape(const Sight& sight, const std::string& value, ValueShape shape) {
  const std::vector<std::string> missing(sight.missing.begin(), sight.missing.end());
  if (shape_of(value, missing) != shape) return false;
  const auto meant = meant_by(value, shape);
  return !meant || sight.missing.contains(*meant);
}

Values contained(const Sight& sight, bool in_seen) {
  constexpr std::size_t kShortestPart = 8;  // bytes: less may be there by chance
  Values values;
  for (const std::string& value : sight.seen) {
    for (const std::string& wanted : sight.missing) {
      const std::string& whole = in_seen ? value : wanted;
      const std::string& part = in_seen ? wanted : value;
      if (part.size() >= kShortestPart && whole.find(part) != std::string::npos)
        values.insert(value);
    }
  }
  return values;
}

}  // namespace

bool check_slips(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.type() != dns::RecordType::txt) return false;
  const std::size_t before = findings.size();
  const auto tell = [&](std::string_view id, const Values& values, std::string_view action) {
    if (values.empty()) return;
    findings.push_back(found(sight, id, values));
    findings.back().remedy = replacing(sight, values, std::string(action));
  };
  for (const Slip& slip : kSlips) {
    Values values = sight.seen;
    std::erase_if(values, [&](const auto& each) { return !has_shape(sight, each, slip.shape); });
    tell(slip.id, values, slip.action);
  }
  if (findings.size() > before) return true;
  if (const Values mixed = contained(sight, true); !mixed.empty()) {
    findings.push_back(found(sight, "record-mixed", mixed));
    findings.back().remedy =
        replacing(sight, {}, "Publish the token as a TXT record of its own, beside the others.");
  }
  tell("record-incomplete", contained(sight, false), "Publish the whole value.");
  return findings.size() > before;
}

namespace {

// The target that was meant, when `there` has the zone at its end besides.
std::optional<std::string> without_zone(const Sight& sight, const std::string& there) {
  const auto name = dns::Name::parse(there);
  const dns::Name& zone = sight.view.step->zone;
  if (!name || zone.is_root() || !name->is_below(zone)) return std::nullopt;
  std::vector<std::string> labels = name->labels();
  labels.resize(labels.size() - zone.label_count());
  const auto meant = dns::Name::from_labels(std::move(labels));
  if (!meant) return std::nullopt;
  const std::string text = observe::value_expected(meant->text(), dns::RecordType::cname);
  const bool right = sight.expected.empty() ? sight.is_token(text) : sight.missing.contains(text);
  return right ? std::optional(text) : std::nullopt;
}

}  // namespace

bool check_dot(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.type() != dns::RecordType::cname) return false;
  for (const std::string& value : sight.seen) {
    const auto meant = without_zone(sight, value);
    if (!meant || sight.expected.contains(value)) continue;
    findings.push_back(found(sight, "record-dot-lost", {value},
                             {{"meant", shown(*meant, dns::RecordType::cname)},
                              {"zone", sight.view.step->zone.lower().prose()}}));
    findings.back().remedy = {"End the target with a dot, or enter it as the panel wants it: " +
                                  findings.back().arguments.at("meant") + ".",
                              edits_towards(sight.view, {value}, {*meant})};
    return true;
  }
  return false;
}

namespace {

std::string unique_text(const rules::HashTarget& target) {
  return target.unique_value.empty() ? "no unique value"
                                     : "the unique value " + target.unique_value;
}

}  // namespace

bool check_hash(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.type() != dns::RecordType::cname) return false;
  for (const std::string& value : sight.seen) {
    const auto there = rules::hash_target(value);
    if (!there || sight.expected.contains(value)) continue;
    if (!there->cut_in_half) {
      findings.push_back(found(sight, "record-hash-cut", {value}));
      findings.back().remedy = replacing(
          sight, {}, "Put a dot after the first 32 digits of the hash, and no other into it.");
      return true;
    }
    for (const std::string& wanted : sight.missing) {
      const auto right = rules::hash_target(wanted);
      if (!right) continue;
      const bool same = right->hash == there->hash;
      findings.push_back(found(sight, same ? "record-unique-value-differs" : "record-hash-differs",
                               {value}, {{"unique", unique_text(*there)}}));
      findings.back().remedy =
          replacing(sight, {},
                    same ? "Publish the target with the unique value of this order."
                         : "Publish the target of the request that was sent with this order.");
      return true;
    }
  }
  return false;
}

}  // namespace dcv::check::record
