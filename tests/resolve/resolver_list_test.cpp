// Lists of resolvers, as files and as words on the command line.
#include "resolve/resolver_list.h"

#include <set>

#include "resolve/endpoint_text.h"
#include "support/catch.h"

namespace dcv::resolve {
namespace {

using observe::Endpoint;
using observe::Transport;

Result<dns::IpAddress> nowhere(const std::string& host) {
  return Error{"no address for " + host};
}

std::string show(const Endpoint& endpoint) {
  return std::string(observe::text(endpoint.transport)) + " " + endpoint.address.text() + " " +
         std::to_string(endpoint.port) + " " + endpoint.host + endpoint.path +
         (endpoint.post ? " POST" : "");
}

std::string chosen(const std::vector<std::string>& words) {
  const auto result = choose_resolvers(words, shipped_resolvers(), nowhere);
  if (!result) return result.error();
  std::string text;
  for (const observe::PublicResolver& each : *result)
    text += (text.empty() ? "" : ", ") + show(each.endpoint);
  return text;
}

std::string parsed(std::string_view text) {
  const auto list = parse_resolver_list(text, shipped_resolvers(), nowhere);
  if (!list) return list.error();
  std::string shown;
  for (const ListedResolver& each : *list) {
    shown += (shown.empty() ? "" : ", ") + show(each.endpoints.front());
    if (!each.resolver.operator_name.empty()) shown += " by " + each.resolver.operator_name;
  }
  return shown;
}

TEST_CASE("A plain list of addresses loads, with comments, ports and blank lines") {
  CHECK(parsed(
            "# public\n8.8.8.8\n\n192.0.2.7:5353 # ours\r\n; old\n[2001:db8::1]:53\n2001:db8::2") ==
        "udp 8.8.8.8 53  by Google, udp 192.0.2.7 5353 , udp 2001:db8::1 53 , udp 2001:db8::2 53 ");
}

TEST_CASE("The forms of other tools' lists load") {
  CHECK(parsed("udp:192.0.2.7:53\ntcp:192.0.2.7:53\ndot:192.0.2.7:853\n"
               "doh:https://192.0.2.7/dns-query:post") ==
        "udp 192.0.2.7 53 , tcp 192.0.2.7 53 , tls 192.0.2.7 853 , "
        "https 192.0.2.7 443 192.0.2.7/dns-query POST");
}

TEST_CASE("A line tells what is known of the resolver") {
  const auto list = parse_resolver_list(
      "192.0.2.7 id=own operator=\"Our Own\" service=Cache country=DE filtering=none dnssec=yes "
      "ecs=no tls=dns.example https=https://doh.example/q flush=https://flush.example "
      "ttl_cap=3600 negative_cap=900 set=core twin=2001:db8::7 instance=*.example",
      {}, nowhere);
  REQUIRE(list);
  const ListedResolver& own = list->front();
  CHECK(own.key == "own");
  CHECK(own.groups == std::vector<std::string>{"core", "de", "eu"});
  CHECK(own.resolver == observe::Resolver{.operator_name = "Our Own",
                                          .service = "Cache",
                                          .country = "DE",
                                          .anycast = false,
                                          .filtering = "none",
                                          .validates = "yes",
                                          .client_subnet = "no",
                                          .flush_page = "https://flush.example",
                                          .twin = "2001:db8::7",
                                          .instance = "*.example",
                                          .ttl_cap = 3600,
                                          .negative_cap = 900,
                                          .system = false});
  REQUIRE(own.endpoints.size() == 3);
  CHECK(show(own.endpoints[0]) == "udp 192.0.2.7 53 ");
  CHECK(show(own.endpoints[1]) == "tls 192.0.2.7 853 dns.example");
  CHECK(show(own.endpoints[2]) == "https 192.0.2.7 443 doh.example/q");
}

TEST_CASE("A bad line is named by its number and what is wrong with it") {
  CHECK(parsed("8.8.8.8\n1.1.1\n") ==
        "line 2: \"1.1.1\" is not a resolver: \"1.1.1\" is no IP address");
  CHECK(parsed("\n8.8.8.8:99999") ==
        "line 2: \"8.8.8.8:99999\" is not a resolver: the port is a number from 1 to 65535");
  CHECK(parsed("8.8.8.8 Google") == "line 1: \"Google\" is not of the form key=value");
  CHECK(parsed("8.8.8.8 colour=red") == "line 1: unknown key colour");
  CHECK(parsed("8.8.8.8 id=a id=b") == "line 1: id is given twice");
  CHECK(parsed("8.8.8.8 service=\"a b") == "line 1: a quotation mark is not closed");
  CHECK(parsed("8.8.8.8 ttl_cap=long") == "line 1: ttl_cap is a number of seconds");
  CHECK(parsed("8.8.8.8 udp=no") == "line 1: udp=no leaves no way to ask it");
  CHECK(parsed("tls://dns.example") == "line 1: no address for dns.example");
  CHECK(parsed("[2001:db8::1 x=1") ==
        "line 1: \"[2001:db8::1\" is not a resolver: the brackets around the address do not close");
  CHECK(parsed("8.8.8.8#name") ==
        "line 1: \"8.8.8.8#name\" is not a resolver: only tls:// takes a name behind #");
}

TEST_CASE("A resolver may be written with its transport, name and URL") {
  CHECK(chosen({"1.1.1.1"}) == "udp 1.1.1.1 53 ");
  CHECK(chosen({"tcp://1.1.1.1"}) == "tcp 1.1.1.1 53 ");
  CHECK(chosen({"[2606:4700::1111]:53"}) == "udp 2606:4700::1111 53 ");
  CHECK(chosen({"tls://192.0.2.1#dns.example"}) == "tls 192.0.2.1 853 dns.example");
  CHECK(chosen({"https://doh.example/q ip=192.0.2.1"}) == "https 192.0.2.1 443 doh.example/q");
  CHECK(chosen({"https://doh.example ip=192.0.2.1"}) ==
        "https 192.0.2.1 443 doh.example/dns-query");
}

TEST_CASE("What a resolver's certificate must say is known from the list") {
  CHECK(chosen({"tls://1.1.1.1"}) == "tls 1.1.1.1 853 one.one.one.one");
  CHECK(chosen({"https://dns.google/dns-query"}) == "https 8.8.8.8 443 dns.google/dns-query");
  CHECK(chosen({"tls://192.0.2.1"}) == "tls 192.0.2.1 853 ");
}

TEST_CASE("A host that the list does not know is looked up") {
  const HostLookup look_up = [](const std::string& host) -> Result<dns::IpAddress> {
    return host == "doh.example" ? Result<dns::IpAddress>(dns::IpAddress::of("192.0.2.53"))
                                 : Error{"no address for " + host};
  };
  const auto found = choose_resolvers({"https://doh.example/q"}, shipped_resolvers(), look_up);
  REQUIRE(found);
  CHECK(show(found->front().endpoint) == "https 192.0.2.53 443 doh.example/q");
  CHECK(chosen({"https://doh.example/q"}) == "no address for doh.example");
}

TEST_CASE("Operators and groups stand for their resolvers, each once") {
  CHECK(chosen({"google"}) ==
        "udp 8.8.8.8 53 , udp 8.8.4.4 53 , udp 2001:4860:4860::8888 53 , "
        "udp 2001:4860:4860::8844 53 ");
  CHECK(chosen({"8.8.8.8", "google"}) == chosen({"google"}));
  CHECK(chosen({"tls://he", "tcp://he"}) ==
        "tls 74.82.42.42 853 ordns.he.net, tls 2001:470:20::2 853 ordns.he.net, "
        "tcp 74.82.42.42 53 , tcp 2001:470:20::2 53 ");
  CHECK(choose_resolvers({"@core"}, shipped_resolvers(), nowhere)->size() == 61);
  CHECK(choose_resolvers({"@all"}, shipped_resolvers(), nowhere)->size() == 194);
  CHECK(choose_resolvers({"@cz"}, shipped_resolvers(), nowhere)->size() == 4);
  CHECK(chosen({"tls://verisign"}) == "verisign offers nothing over tls");
  CHECK(chosen({"@mars"}) == "no resolver is in the group @mars");
  CHECK(chosen({"gogle"}) == "\"gogle\" is not a resolver: \"gogle\" is no IP address");
  CHECK(chosen({""}) == "\"\" is not a resolver");
}

TEST_CASE("The shipped list is whole: facts, core first, every resolver once") {
  const std::vector<ListedResolver>& list = shipped_resolvers();
  CHECK(list.size() == 275);
  std::set<std::string> seen;
  int core = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const ListedResolver& each = list[i];
    INFO(each.endpoints.front().address.text());
    CHECK(seen.insert(each.endpoints.front().address.text()).second);
    CHECK_FALSE(each.resolver.operator_name.empty());
    CHECK_FALSE(each.key.empty());
    CHECK(each.endpoints.front().address.special_purpose().empty());
    if (each.groups.front() == "core") {
      CHECK(static_cast<int>(i) == core++);
      CHECK(each.endpoints.front().transport == Transport::udp);
    }
  }
  CHECK(core == 61);
}

TEST_CASE("The system's resolvers are the name servers of resolv.conf") {
  const auto list = system_resolvers(
      "# made by a machine\nsearch example\nnameserver 127.0.0.53\nnameserver\t2001:db8::1 # x\n"
      "nameserver fe80::1%eth0\nnameserver none\nnameservers 192.0.2.1\noptions edns0");
  REQUIRE(list.size() == 3);
  CHECK(show(list[0].endpoint) == "udp 127.0.0.53 53 ");
  CHECK(show(list[1].endpoint) == "udp 2001:db8::1 53 ");
  CHECK(show(list[2].endpoint) == "udp fe80::1 53 ");
  CHECK(list[0].resolver.system);
}

TEST_CASE("Those asked on port 53 have encrypted ways at the same address, as far as known") {
  const auto& known = shipped_resolvers();
  const auto ways = [&](const std::vector<std::string>& words) {
    std::vector<std::string> shown;
    const auto asked = choose_resolvers(words, known, nowhere);
    if (!asked) FAIL(asked.error());
    for (const observe::PublicResolver& each : encrypted_ways(*asked, known))
      shown.push_back(show(each.endpoint));
    return shown;
  };
  CHECK(ways({"8.8.8.8", "192.0.2.1", "tcp://9.9.9.9"}) ==
        std::vector<std::string>{"tls 8.8.8.8 853 dns.google", "tls 9.9.9.9 853 dns.quad9.net"});
  CHECK(ways({"tls://1.1.1.1", "https://google"}).empty());
  auto own = system_resolvers("nameserver 8.8.8.8");
  CHECK(encrypted_ways(own, known).empty());
}

}  // namespace
}  // namespace dcv::resolve
