#!/usr/bin/env python3
"""What the public eye collects from real resolvers: every question and reply of a saved run.

Usage: public_views.py [CASE...]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import bad_channels  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402
from real_lab import expect  # noqa: E402

MINIMUM = 300  # of the zone's SOA: seconds that a denial lives
GOOGLE, CLOUDFLARE, QUAD9, OPENDNS = "8.8.8.8", "1.1.1.1", "9.9.9.9", "208.67.222.222"
ALL = ",".join((GOOGLE, CLOUDFLARE, QUAD9, OPENDNS))


def four(lab, **options):
    return lab.launch_all([res.Unbound(lab, [GOOGLE], **options),
                           res.KnotResolver(lab, [CLOUDFLARE], **options),
                           res.Recursor(lab, [QUAD9], **options),
                           res.Bind(lab, [OPENDNS], **options)])


def look(lab, *options, resolvers=ALL, env=None):
    """The saved observation of a run. Over UDP alone, since what is at Quad9's address here is not
    called as Quad9's servers are: else all would be asked over TLS as well."""
    saved = lab.folder / "seen.json"
    ran = lab.tool("dcv-propagation", "--expect", shop.VALUE, "--resolvers", resolvers,
                   "--resolv-conf", "/dev/null", "--save", saved, *(options or ("--via", "udp")),
                   "app.shop.example", env=env or {})
    if ran.returncode > 3:
        raise AssertionError(f"status {ran.returncode}: {ran.stderr}")
    return json.loads(saved.read_text())


def first_views(seen):
    """The first exchange with each resolver, by address."""
    return {view["exchanges"][0]["address"]: view["exchanges"][0]
            for view in seen["targets"][0]["views"]}


def shown(exchange):
    """Code and values of an exchange."""
    reply = exchange["reply"]
    if reply is None:
        return exchange["outcome"]
    return reply["rcode"], [line.split('"')[1] for line in reply["answer"] if " IN TXT " in line]


def views_are_what_each_resolver_has(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(minimum=MINIMUM)})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    resolvers = four(lab)
    expect(shop.values(CLOUDFLARE), [], "asked too early")
    expect(shop.values(QUAD9), [], "asked too early")
    for name in (shop.NS1, shop.NS2):
        servers[name].add(shop.APEX, shop.record())
    seen = look(lab)
    views = first_views(seen)
    for address in (GOOGLE, OPENDNS):
        expect(shown(views[address]), ("NOERROR", [shop.VALUE]), address)
    for address in (CLOUDFLARE, QUAD9):
        expect(shown(views[address]), ("NXDOMAIN", []), address)
        soa = next(line.split() for line in views[address]["reply"]["authority"] if " SOA " in line)
        expect(soa[0], shop.APEX, f"who denies at {address}")
        expect(MINIMUM - 60 <= int(soa[1]) <= MINIMUM, True, f"{soa[1]} s left at {address}")
    for view, resolver in zip(seen["targets"][0]["views"], resolvers):
        expect([each["purpose"] for each in view["exchanges"]],
               ["view", "view_again", "view_again", "view_servers", "view_control"], resolver.name)
        servers_told = [line.split()[4] for line in view["exchanges"][3]["reply"]["answer"] if " IN NS " in line]
        expect(sorted(servers_told), [f"{shop.NS1}.", f"{shop.NS2}."], f"servers by {resolver.name}")
        expect(shown(view["exchanges"][4]), ("NXDOMAIN", []), f"a random name at {resolver.name}")


def bogus_data_show_without_validation(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())},
              sign={".": "good", "example": "good", "shop.example": "expired"})
    auth.start(lab, {})
    four(lab)
    seen = look(lab, resolvers=f"{GOOGLE},{OPENDNS}")
    for view in seen["targets"][0]["views"]:
        first, last = view["exchanges"][0], view["exchanges"][-1]
        expect(shown(first), ("SERVFAIL", []), first["address"])
        expect(last["purpose"], "view_unchecked", first["address"])
        expect(shown(last), ("NOERROR", [shop.VALUE]), f"{first['address']} unchecked")


def encrypted_ways_are_taken_where_port_53_is_blocked(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {})
    tls = res.Tls(lab, ["dns.google", GOOGLE])
    lab.launch_all([res.Unbound(lab, [GOOGLE], bad_channels.DSCP_OF_UNBOUND, tls=tls)])
    bad_channels.block_port_53()
    seen = look(lab, "--ask-anyway", "--query-timeout", "1", resolvers=f"{GOOGLE},192.0.1.1", env=tls.env)
    ways = [(each["endpoint"]["transport"], each["endpoint"]["address"]) for each in seen["resolvers"]]
    expect(ways, [("udp", GOOGLE), ("udp", "192.0.1.1"), ("tls", GOOGLE)], "ways")
    views = [view["exchanges"][0] for view in seen["targets"][0]["views"]]
    expect([each["reply"] for each in views[:2]], [None, None], "port 53")
    expect(shown(views[2]), ("NOERROR", [shop.VALUE]), "over TLS")


if __name__ == "__main__":
    real_lab.main([views_are_what_each_resolver_has, bogus_data_show_without_validation,
                   encrypted_ways_are_taken_where_port_53_is_blocked],
                  [*auth.PROGRAMS, *res.PROGRAMS, "nft", "openssl"])
