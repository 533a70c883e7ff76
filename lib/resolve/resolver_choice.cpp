// What the words for resolvers on a command line stand for.
#include <algorithm>

#include "resolve/resolver_list.h"

namespace dcv::resolve {
namespace {

using observe::Endpoint;
using observe::PublicResolver;
using observe::Transport;

// "tls://google" is a transport and what it is wanted for; "tls://1.1.1.1" is a resolver.
struct Wanted {
  std::string name;
  std::optional<Transport> transport;
};

Wanted split(const std::string& word) {
  for (const Transport transport :
       {Transport::udp, Transport::tcp, Transport::tls, Transport::https}) {
    const std::string prefix = std::string(observe::text(transport)) + "://";
    if (word.starts_with(prefix)) return {word.substr(prefix.size()), transport};
  }
  return {word, std::nullopt};
}

bool is_in(const ListedResolver& listed, const std::string& group) {
  const auto has = [&](const std::string& each) {
    return std::find(listed.groups.begin(), listed.groups.end(), each) != listed.groups.end();
  };
  return group == "all" ? !has("off") : has(group);
}

std::vector<ListedResolver> named(const std::string& name,
                                  const std::vector<ListedResolver>& known) {
  std::vector<ListedResolver> found;
  const bool group = name.starts_with('@');
  std::copy_if(known.begin(), known.end(), std::back_inserter(found), [&](const auto& listed) {
    return group ? is_in(listed, name.substr(1)) : !name.empty() && listed.key == name;
  });
  return found;
}

}  // namespace

std::vector<PublicResolver> over(const std::vector<ListedResolver>& list,
                                 std::optional<Transport> transport) {
  std::vector<PublicResolver> result;
  for (const ListedResolver& listed : list) {
    const auto offered =
        std::find_if(listed.endpoints.begin(), listed.endpoints.end(), [&](const Endpoint& each) {
          // Who answers over UDP answers over TCP (RFC 7766 5).
          return !transport || each.transport == *transport ||
                 (each.transport == Transport::udp && *transport == Transport::tcp);
        });
    if (offered == listed.endpoints.end()) continue;
    result.push_back({listed.resolver, *offered, {}});
    if (transport) result.back().endpoint.transport = *transport;
  }
  return result;
}

Result<std::vector<PublicResolver>> choose_resolvers(const std::vector<std::string>& words,
                                                     const std::vector<ListedResolver>& known,
                                                     const HostLookup& look_up) {
  std::vector<PublicResolver> chosen;
  for (const std::string& word : words) {
    const Wanted wanted = split(word);
    std::vector<ListedResolver> list = named(wanted.name, known);
    std::vector<PublicResolver> meant = over(list, wanted.transport);
    if (list.empty()) {
      if (wanted.name.starts_with('@'))
        return Error{"no resolver is in the group " + dns::escape(wanted.name, "")};
      const Result<std::vector<ListedResolver>> written = parse_resolver_list(word, known, look_up);
      if (!written) return Error{written.error().substr(written.error().find(": ") + 2)};
      if (written->empty()) return Error{"\"" + dns::escape(word, "\"") + "\" is not a resolver"};
      meant = over(*written, std::nullopt);
    } else if (meant.empty()) {
      return Error{wanted.name + " offers nothing over " +
                   std::string(observe::text(*wanted.transport))};
    }
    for (PublicResolver& each : meant) {
      const bool again = std::any_of(chosen.begin(), chosen.end(), [&](const auto& other) {
        return other.endpoint == each.endpoint;
      });
      if (!again) chosen.push_back(std::move(each));
    }
  }
  return chosen;
}

std::vector<PublicResolver> encrypted_ways(const std::vector<PublicResolver>& resolvers,
                                           const std::vector<ListedResolver>& known) {
  std::vector<PublicResolver> result;
  for (const PublicResolver& each : resolvers) {
    const Endpoint& plain = each.endpoint;
    if (plain.transport == Transport::tls || plain.transport == Transport::https) continue;
    const auto listed = std::find_if(known.begin(), known.end(), [&](const auto& candidate) {
      return candidate.endpoints.front().address == plain.address;
    });
    if (listed == known.end() || each.resolver.system) continue;
    std::vector<PublicResolver> way = over({*listed}, Transport::tls);
    if (way.empty()) way = over({*listed}, Transport::https);
    result.insert(result.end(), way.begin(), way.end());
  }
  return result;
}

std::vector<PublicResolver> system_resolvers(std::string_view resolv_conf) {
  constexpr std::string_view kSpace = " \t\r";
  std::vector<PublicResolver> result;
  while (!resolv_conf.empty()) {
    const std::size_t end = resolv_conf.find('\n');
    std::string_view line = resolv_conf.substr(0, end);
    resolv_conf.remove_prefix(end == std::string_view::npos ? resolv_conf.size() : end + 1);
    if (!line.starts_with("nameserver")) continue;
    line.remove_prefix(std::string_view("nameserver").size());
    const std::size_t start = line.find_first_not_of(kSpace);
    if (start == 0 || start == std::string_view::npos) continue;
    line = line.substr(start);
    line = line.substr(0, line.find_first_of(" \t\r#;%"));  // %: a scope (RFC 4007)
    const Result<dns::IpAddress> address = dns::IpAddress::parse(line);
    if (!address) continue;
    PublicResolver resolver;
    resolver.endpoint.address = *address;
    resolver.resolver.system = true;
    result.push_back(std::move(resolver));
  }
  return result;
}

}  // namespace dcv::resolve
