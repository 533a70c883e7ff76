"""The worlds of transport.json."""
import json

import bad_channels
import fronts
import real_authorities as auth
import real_resolvers as res
import shop
from real_lab import expect

NAME = "app.shop.example"
GOOGLE, CLOUDFLARE = "8.8.8.8", "1.1.1.1"
GATEWAY, GATEWAY6 = "192.168.1.1", "fd00::1"
INPUT = "type filter hook input priority 0"
SERVICES = "meta l4proto { udp, tcp } th dport { 53, 443, 853 }"


def world(lab, *lines):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record(), *lines)})
    return auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def preflight(lab, *options, env=None):
    return lab.tool("dcv-preflight", NAME, "--expect", shop.VALUE, "--json", *options, env=env or {})


def with_resolvers(lab, *resolvers, system="", env=None):
    conf = fronts.resolv_conf(lab, system) if system else "/dev/null"
    return preflight(lab, "--public", "--resolvers", ",".join(resolvers), "--resolv-conf", conf,
                     "--query-timeout", "2", "--no-ca-eye", env=env)


def t01_gateway_redirects_all_of_port_53(lab):
    world(lab)
    local = '  local-zone: "shop.example" static\n  local-data: "app.shop.example A 192.168.1.10"\n'
    lab.launch_all([res.Unbound(lab, [GATEWAY, GATEWAY6], bad_channels.DSCP_OF_UNBOUND + local)])
    tls = res.Tls(lab, ["one.one.one.one", CLOUDFLARE])
    lab.launch_all([res.Unbound(lab, [CLOUDFLARE], bad_channels.DSCP_OF_UNBOUND, tls=tls)])
    bad_channels.intercept_port_53(GATEWAY, GATEWAY6)
    expect(shop.ask(CLOUDFLARE, NAME, "SOA")["RCODE"], 0, "what 1.1.1.1 seems to say")
    return with_resolvers(lab, CLOUDFLARE, env=tls.env)


def t02_ipv6_leads_nowhere_from_here(lab):
    world(lab)
    bad_channels.load_rules(INPUT, [f"meta nfproto ipv6 {bad_channels.PORT_53} drop"])
    return preflight(lab, "--query-timeout", "2", "--no-ca-eye")


def t03_only_the_resolver_of_the_company_is_let_out(lab):
    world(lab)
    company = "10.0.0.2"
    lab.launch_all([res.Unbound(lab, [company], extra=bad_channels.DSCP_OF_UNBOUND)])
    bad_channels.load_rules(INPUT, [*bad_channels.EXEMPTED, f"ip daddr {company} accept",
                                    f"{SERVICES} drop"])
    ran = lab.tool("dcv-propagation", NAME, "--expect", shop.VALUE, "--resolvers", CLOUDFLARE,
                   "--resolv-conf", fronts.resolv_conf(lab, company), "--query-timeout", "2", "--json")
    seen = json.loads(ran.stdout)
    words = [row["word"] for row in seen["rows"] if row["address"] == company]
    expect(words, ["holds"], "what the resolver of the company shows")
    expect(seen["certainty"].startswith("no authority could be asked from here"), True, "the certainty")
    return ran


def t04_one_resolver_denies_and_the_last_is_silent(lab):
    servers = world(lab)
    for name in (shop.NS1, shop.NS2):
        servers[name].remove(shop.APEX, "_acme-challenge")
    lab.launch_all([res.Unbound(lab, [GOOGLE])])
    expect(shop.values(GOOGLE), [], "a question before there is a record")
    for name in (shop.NS1, shop.NS2):
        servers[name].add(shop.APEX, shop.record())
    bad_channels.silence([CLOUDFLARE])
    return with_resolvers(lab, GOOGLE, CLOUDFLARE)


def t05_content_filter_answers_for_the_resolver_over_https(lab):
    world(lab)
    tls = res.Tls(lab, ["filter.shop.example"])
    lab.launch_all([res.Unbound(lab, [GOOGLE], tls=tls)])
    return with_resolvers(lab, f"https://dns.google/dns-query ip={GOOGLE}")


def t07_answer_is_too_large_and_tcp_is_closed(lab):
    world(lab, *[shop.record(f"{shop.OLD[:-2]}{n:02}") for n in range(20)])
    bad_channels.load_rules(INPUT, [f"{'ip6' if ':' in address else 'ip'} daddr {address} tcp dport 53 "
                                    "reject with tcp reset" for address in fronts.SHOP_ADDRESSES])
    return preflight(lab)


ACME_DNS = "auth.shop.example"


def t08_acme_dns_listens_on_loopback_only(lab):
    local = {"name": f"ns.{ACME_DNS}", "addresses": ["127.0.0.1"], "zones": [ACME_DNS]}
    target = f"d420c923.{ACME_DNS}"
    glue = f"ns.{ACME_DNS}. IN A 45.90.29.53"
    alias = f"{shop.TOKEN}. IN CNAME {target}."
    lab.world([*shop.SERVERS, local],
              {"shop.example": shop.zone(alias, f"{ACME_DNS}. IN NS ns.{ACME_DNS}.", glue),
               ACME_DNS: "$TTL 300\n@ IN SOA ns hostmaster 1 7200 900 1209600 300\n@ IN NS ns\n"
                         f"{glue}\n{shop.record(name=target)}\n"})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot, local["name"]: auth.Nsd})
    expect(shop.values("127.0.0.1", target), [shop.VALUE], "what the machine itself sees")
    return preflight(lab)


def t09_resolver_refuses_questions_without_recursion(lab):
    world(lab)
    stub = "127.0.0.53"
    lab.launch_all([res.Unbound(lab, [stub])])
    codes = [shop.ask(stub, shop.TOKEN, "TXT", option)["RCODE"] for option in ("+rec", "+norec")]
    expect(codes, [0, 5], "the codes with and without RD")
    return with_resolvers(lab, stub, system=stub)
