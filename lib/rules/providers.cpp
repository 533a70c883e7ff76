// Matching of records with the table's expressions. Names and values come from anywhere: they are
// cut off at a length, and an expression that takes too long on one does not match it.
#include "rules/providers.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "rules/method.h"

namespace dcv::rules {
namespace {

using dns::RecordType;
using observe::Provider;

constexpr std::size_t kLongestText = 1024;  // bytes; names and values that mean something are short

// The groups of an expression that matched a whole text.
class Groups {
 public:
  explicit Groups(boost::smatch match) : match_(std::move(match)) {}
  std::string operator[](const char* name) const {
    try {
      return match_[name].str();  // empty too when the expression has no such group
    } catch (const std::logic_error&) {
      return "";
    }
  }

 private:
  boost::smatch match_;
};

std::optional<Groups> match(const std::string& expression, const std::string& text) {
  if (text.size() > kLongestText) return {};
  try {
    boost::smatch found;
    if (!boost::regex_match(text, found, boost::regex(expression))) return {};
    return Groups(std::move(found));
  } catch (const std::runtime_error&) {
    return {};  // no expression, or one that runs wild on this text
  }
}

std::string text_of(const dns::Name& name) {
  return name.lower().prose();
}

bool ends_with_suffix(const Provider& row, const dns::Name& target) {
  if (row.suffix.empty()) return false;
  const Result<dns::Name> suffix = dns::Name::parse(row.suffix);
  return suffix && target.is_within(*suffix);
}

// Nothing when the target tells nothing of this row.
std::optional<Match> match_target(const Provider& row, const std::string& owner,
                                  const dns::Name& target) {
  Match found{.provider = &row};
  const bool near = ends_with_suffix(row, target);
  if (!near && !row.suffix.empty()) return {};
  const std::string text = text_of(target);
  if (const auto groups = match(row.target, text)) {
    found.target_fits = true;
    found.target_host = (*groups)["host"];
    found.id = (*groups)["id"];
    found.zone = (*groups)["zone"];
  } else if (!near) {
    return {};
  }
  if (const auto groups = match(row.owner, owner)) {
    found.owner_fits = true;
    found.host = (*groups)["host"];
  }
  return found;
}

int rank(const Match& found) {
  return (found.target_fits ? 2 : 0) + (found.owner_fits ? 1 : 0);
}

// Calls visit(row) for the rows of the type: one's own, then the shipped ones that they do not
// replace.
template <typename Visit>
void each_row(const Providers& own, RecordType type, const Visit& visit) {
  for (const Provider& row : own)
    if (row.type == type) visit(row);
  for (const Provider& row : shipped_providers()) {
    if (row.type == type && std::ranges::find(own, row.id, &Provider::id) == own.end()) visit(row);
  }
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::string fault_of_expression(const char* field, const std::string& expression) {
  if (expression.empty()) return std::string(field) + " is missing";
  try {
    const boost::regex compiled(expression);
    return "";
  } catch (const boost::regex_error& problem) {
    std::string reason = problem.what();
    // Boost repeats the expression in its second sentence.
    reason.resize(std::min(reason.size(), reason.find(". ")));
    return std::string(field) + ": is no regular expression: " + reason;
  }
}

// What is filled in with samples must be a name, and no brace may be left.
std::string fault_of_form(const char* field, const std::string& form, bool is_name) {
  const std::string text = filled(form, "app.shop.example", "shop.example");
  if (text.find_first_of("{}") != std::string::npos)
    return std::string(field) + ": only {host} and {id} can be filled in";
  if (form.empty() || !is_name) return "";
  const Result<dns::Name> name = dns::Name::parse(text);
  return name ? "" : std::string(field) + ": " + name.error();
}

std::string fault_of_forms(const Provider& row) {
  if (row.owner_form.empty() != row.target_form.empty())
    return "owner_form and target_form go together";
  if (row.twin_owner.empty() != row.twin_target.empty())
    return "twin_owner and twin_target go together";
  const bool is_name = row.type != RecordType::txt;
  for (const std::string& fault : {fault_of_form("owner_form", row.owner_form, true),
                                   fault_of_form("target_form", row.target_form, is_name),
                                   fault_of_form("twin_owner", row.twin_owner, true),
                                   fault_of_form("twin_target", row.twin_target, is_name)}) {
    if (!fault.empty()) return fault;
  }
  return "";
}

bool is_usable_id(const std::string& id) {
  return std::ranges::all_of(
      id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::vector<Match> recognise(const dns::Name& owner, RecordType type, const dns::Name& target,
                             const Providers& own) {
  std::vector<Match> found;
  const std::string text = text_of(owner);
  each_row(own, type, [&](const Provider& row) {
    if (auto one = match_target(row, text, target)) found.push_back(std::move(*one));
  });
  std::ranges::stable_sort(found, std::greater{}, rank);
  return found;
}

std::vector<Match> recognise(const dns::Name& owner, const std::string& value,
                             const Providers& own) {
  std::vector<Match> found;
  const std::string text = text_of(owner);
  each_row(own, RecordType::txt, [&](const Provider& row) {
    const auto at = match(row.owner, text);
    const auto holds = at ? match(row.target, value) : std::nullopt;
    if (!holds) return;
    found.push_back({.provider = &row,
                     .host = (*at)["host"],
                     .target_host = "",
                     .id = (*holds)["id"],
                     .zone = "",
                     .owner_fits = true,
                     .target_fits = true});
  });
  return found;
}

const Provider* find_provider(std::string_view id, const Providers& own) {
  for (const Providers* table : {&own, &shipped_providers()}) {
    const auto row = std::ranges::find(*table, id, &Provider::id);
    if (row != table->end()) return &*row;
  }
  return nullptr;
}

std::optional<dns::Record> twin_of(const dns::Name& owner, const dns::Name& target,
                                   const Providers& own) {
  const auto matches = recognise(owner, RecordType::cname, target, own);
  if (matches.empty()) return {};
  const Match& best = matches.front();
  if (!best.owner_fits || !best.target_fits || best.provider->twin_owner.empty()) return {};
  const auto twin_owner = dns::Name::parse(filled(best.provider->twin_owner, best.host, best.id));
  const auto twin_target = dns::Name::parse(filled(best.provider->twin_target, best.host, best.id));
  if (!twin_owner || !twin_target) return {};
  return dns::make_target(twin_owner->lower(), RecordType::cname, 0, twin_target->lower());
}

std::string filled(std::string_view form, std::string_view host, std::string_view id) {
  return replaced(replaced(std::string(form), "{host}", host), "{id}", id);
}

std::string fault_of(const Provider& row) {
  if (row.id.empty()) return "id is missing";
  if (!is_usable_id(row.id)) return "id must be of lower-case letters, digits and hyphens";
  if (row.title.empty()) return "title is missing";
  if (!row.method.empty()) {
    if (const Result<Method> method = parse_method(row.method); !method)
      return "method: " + method.error();
  }
  if (row.type != RecordType::cname && row.type != RecordType::txt && row.type != RecordType::ns)
    return "type must be CNAME, NS or TXT";
  for (const std::string& fault :
       {fault_of_expression("owner", row.owner), fault_of_expression("target", row.target)}) {
    if (!fault.empty()) return fault;
  }
  if (!row.suffix.empty()) {
    const Result<dns::Name> suffix = dns::Name::parse(row.suffix);
    if (!suffix) return "suffix: " + suffix.error();
  }
  if (row.claimable && row.target.find("(?<zone>") == std::string::npos)
    return "target: a claimable name needs a group zone";
  if (row.same_host && row.target.find("(?<host>") == std::string::npos)
    return "target: without a group host it cannot be the same";
  return fault_of_forms(row);
}

}  // namespace dcv::rules
