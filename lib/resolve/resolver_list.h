#pragma once
// Lists of resolvers: reading resolvers.txt and what people write on the command line. Opens no
// file and asks nothing. The format: docs/resolvers.md.

#include <functional>
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
  std::string key;                           // the operator's short name: "google"; or empty
  std::vector<std::string> groups;           // "core", "extended", "off", "eu", "de", "anycast"
};

// The address of a host that a URL names without one; the error says why there is none.
using HostLookup = std::function<Result<dns::IpAddress>(const std::string& host)>;

// Empty lines and comments (# and ; at the start of a line, # behind a space) are skipped. Errors
// name the line's number. `known` gives addresses and facts for what a line leaves out.
Result<std::vector<ListedResolver>> parse_resolver_list(std::string_view text,
                                                        const std::vector<ListedResolver>& known,
                                                        const HostLookup& look_up);

// The list shipped with the tools (resolvers.txt).
const std::vector<ListedResolver>& shipped_resolvers();

// What each word stands for, in their order, each endpoint once. A word is a resolver as in a list,
// the key of an operator, "@" and a group ("@all": every one but those of "@off"), or one of the
// latter two behind a transport: "tls://google", "https://@core", then only those that offer it.
// Without a transport it is the first endpoint that each offers. Errors name the word.
Result<std::vector<observe::PublicResolver>> choose_resolvers(
    const std::vector<std::string>& words, const std::vector<ListedResolver>& known,
    const HostLookup& look_up);

// Each listed resolver as one of the public eye: over `transport`, or left out where it is not
// offered. Without a transport: over its first endpoint.
std::vector<observe::PublicResolver> over(const std::vector<ListedResolver>& list,
                                          std::optional<observe::Transport> transport);

// TLS, or else HTTPS, to those that are asked on port 53, as far as `known` has them at the same
// address: for networks that block or intercept that port.
std::vector<observe::PublicResolver> encrypted_ways(
    const std::vector<observe::PublicResolver>& resolvers,
    const std::vector<ListedResolver>& known);

// The name servers of a resolv.conf(5) as resolvers marked `system`; lines that are no address are
// passed over, as the C library does.
std::vector<observe::PublicResolver> system_resolvers(std::string_view resolv_conf);

}  // namespace dcv::resolve
