// Choosing CA profiles by name.
#include "ca.h"

#include <algorithm>
#include <sstream>

#include "dns/name.h"
#include "observe/ca_profile_json.h"
#include "rules/near.h"
#include "rules/providers.h"
#include "run.h"

namespace dcv::tools {
namespace {

using Profiles = std::vector<observe::CaProfile>;

Profiles::const_iterator named(const Profiles& profiles, const std::string& name) {
  return std::find_if(profiles.begin(), profiles.end(),
                      [&](const observe::CaProfile& each) { return each.name == name; });
}

Result<Profiles> all_profiles(const std::string& path) {
  const observe::CaTable& shipped = observe::shipped_ca_table();
  Profiles all = shipped.profiles;
  if (path.empty()) return all;
  const Result<std::string> text = read_file(path);
  if (!text) return Error{text.error()};
  const Result<observe::CaTable> own = observe::ca_table_from_json(*text, shipped.defaults);
  if (!own) return Error{path + ": " + own.error()};
  for (const observe::CaProfile& profile : own->profiles) {
    const auto known = named(all, profile.name);
    if (known != all.end()) {
      all[static_cast<std::size_t>(known - all.begin())] = profile;
    } else {
      all.push_back(profile);
    }
  }
  return all;
}

// "a, b"
std::string listed(const std::vector<std::string_view>& words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

std::vector<std::string_view> names_of(const Profiles& profiles) {
  std::vector<std::string_view> names;
  for (const observe::CaProfile& each : profiles) names.push_back(each.name);
  return names;
}

}  // namespace

Result<Profiles> choose_profiles(const std::vector<std::string>& names, const std::string& table) {
  const Result<Profiles> all = all_profiles(table);
  if (!all) return Error{all.error()};
  Profiles chosen;
  for (const std::string& text : names) {
    std::istringstream words(text);
    for (std::string name; std::getline(words, name, ',');) {
      const auto found = named(*all, name);
      if (found == all->end())
        return Error{rules::unknown_word("CA profile", name, names_of(*all))};
      if (named(chosen, name) == chosen.end()) chosen.push_back(*found);
    }
  }
  if (chosen.empty()) chosen.push_back(*named(*all, observe::default_profile().name));
  return chosen;
}

Result<std::vector<observe::Provider>> own_providers(const std::string& path) {
  if (path.empty()) return std::vector<observe::Provider>{};
  const Result<std::string> text = read_file(path);
  if (!text) return Error{text.error()};
  Result<rules::Providers> own = rules::providers_from_json(*text);
  if (!own) return Error{path + ": " + own.error()};
  return own;
}

std::string shipped_profile_names() {
  return listed(names_of(observe::shipped_ca_table().profiles));
}

}  // namespace dcv::tools
