// NAMEs, the lines of an order, or the names of a CSR.
#include "wishes.h"

#include <algorithm>
#include <map>
#include <set>

#include "ca.h"
#include "csr_wishes.h"
#include "rules/order_file.h"
#include "run.h"

namespace dcv::tools {
namespace {

using Profiles = std::vector<observe::CaProfile>;

// Each name and method once, however it is written.
Result<std::vector<Wish>> wishes_of_names(const std::vector<std::string>& names) {
  std::vector<Wish> wishes;
  std::set<std::pair<std::string, std::string>> seen;
  for (const std::string& text : names) {
    if (text.ends_with('=')) return Error{dns::quoted(text) + " names no method: NAME=METHOD"};
    Wish wish = wish_of(text);
    const auto name = dns::parse_identifier(wish.name);
    if (seen.insert({name ? name->text : wish.name, wish.method}).second)
      wishes.push_back(std::move(wish));
  }
  return wishes;
}

Wish wish_of(const rules::OrderLine& line, const std::string& ca) {
  Wish wish;
  wish.name = line.name;
  wish.method = line.method;
  wish.expected = line.expected;
  (line.owner.starts_with('/') ? wish.path : wish.owner) = line.owner;
  wish.ca = ca;
  wish.every = line.every;
  return wish;
}

// Puts those that are not there yet behind the others.
void add(Profiles& profiles, const Profiles& more) {
  for (const observe::CaProfile& profile : more)
    if (std::ranges::count(profiles, profile.name, &observe::CaProfile::name) == 0)
      profiles.push_back(profile);
}

// A line that names no CA is for those of --ca.
Result<Wishes> wishes_of_order(const Options& options, const Profiles& chosen) {
  const Result<std::string> text = read_file(options.order.file);
  if (!text) return Error{text.error()};
  const auto lines = rules::parse_order(*text, options.order.file, options.order.bounds);
  if (!lines) return Error{lines.error()};
  Wishes all;
  std::map<std::string, Profiles> known = {{"", chosen}};
  for (const rules::OrderLine& line : *lines) {
    if (!known.contains(line.ca)) {
      Result<Profiles> named = choose_profiles({line.ca}, options.ca_profiles);
      if (!named) return Error{options.order.file + ": " + line.name + ": " + named.error()};
      known[line.ca] = std::move(named).value();
    }
    add(all.profiles, known[line.ca]);
    for (const observe::CaProfile& profile : known[line.ca])
      all.wishes.push_back(wish_of(line, profile.name));
  }
  return all;
}

}  // namespace

Result<Wishes> wishes_of(const Options& options, Profiles chosen) {
  Wishes all;
  if (options.order.file.empty()) {
    Result<std::vector<Wish>> named = wishes_of_names(options.positional);
    if (!named) return Error{named.error()};
    all.wishes = std::move(named).value();
    all.profiles = std::move(chosen);
  } else {
    Result<Wishes> order = wishes_of_order(options, chosen);
    if (!order) return order;
    all = std::move(order).value();
  }
  if (options.order.csr.empty()) return all;
  const std::string slip = add_csr(options, all.profiles, all.wishes);
  if (!slip.empty()) return Error{slip};
  return all;
}

}  // namespace dcv::tools
