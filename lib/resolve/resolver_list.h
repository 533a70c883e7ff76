#pragma once
// Lists of resolvers: reading resolvers.txt and what people write on the command line. Pure; opens
// no file. The format: docs/resolvers.md.

#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"
#include "observe/resolver.h"

namespace dcv::resolve {

// One line of a list.
struct ListedResolver {
  observe::Resolver resolver;
  std::vector<observe::Endpoint> endpoints;  // at least one; UDP first where it is offered
  std::string key;                           // the operator's short name: "google", "quad9"
  std::vector<std::string> groups;           // "core", "extended", "eu", "de", …
};

// Empty lines and comments (# and ;) are skipped. Errors name the line's number.
Result<std::vector<ListedResolver>> parse_resolver_list(std::string_view text);

// The list shipped with the tools (resolvers.txt).
const std::vector<ListedResolver>& shipped_resolvers();

// One resolver as people write it: "1.1.1.1", "1.1.1.1:5353", "[2606:4700::1111]:53",
// "udp://…", "tcp://…", "tls://1.1.1.1#one.one.one.one",
// "https://dns.google/dns-query ip=8.8.8.8". Known facts are taken from `known` by address.
Result<ListedResolver> parse_resolver(std::string_view text,
                                      const std::vector<ListedResolver>& known);

// What `words` (each a resolver, an operator's key, "@group", or "transport://" before either of
// the last two: "tls://google", "https://@core") stand for, in this order, each endpoint once.
// Without a transport it is the first endpoint of each. Errors name the word and near ones.
Result<std::vector<observe::PublicResolver>> choose_resolvers(
    const std::vector<std::string>& words, const std::vector<ListedResolver>& known);

// The name servers of a resolv.conf(5) as resolvers marked `system`.
std::vector<observe::PublicResolver> system_resolvers(std::string_view resolv_conf);

}  // namespace dcv::resolve
