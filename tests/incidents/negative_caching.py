"""The worlds of negative_caching.json: resolvers that were asked before the record was there. The
authorities have it, and the time that a denial is kept is told."""
import json

import real_authorities as auth
import real_resolvers as res
import shop
from real_lab import expect

NAME = "app.shop.example"
LOCAL, SECOND, THIRD = "45.91.10.53", "45.91.11.53", "45.91.12.53"  # resolvers of the user's network
GOOGLE, CLOUDFLARE = "8.8.8.8", "1.1.1.1"


def serve(lab, *lines, minimum=300, servers=(), zones=None, soa_ttl=3600):
    text = shop.zone(*lines, minimum=minimum).replace("@ 3600 IN SOA", f"@ {soa_ttl} IN SOA")
    lab.world([*shop.SERVERS, *servers], {"shop.example": text, **(zones or {})})
    return auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def publish(servers, *lines):
    for name in (shop.NS1, shop.NS2):
        servers[name].add(shop.APEX, *(lines or (shop.record(),)))


def ask_too_early(address, name=shop.TOKEN, qtype="TXT"):
    expect((shop.ask(address, name, qtype) or {}).get("RCODE"), 3, f"what {address} says too early")


def preflight(lab, *addresses, public=None, options=()):
    """What a user says whose machine asks the resolvers at `addresses`; `public` are asked besides."""
    file = lab.folder / "resolv.conf"
    file.write_text("".join(f"nameserver {address}\n" for address in addresses))
    resolvers = ["--resolvers", public] if public else ["--resolvers", GOOGLE]
    return lab.tool("dcv-preflight", NAME, "--expect", shop.VALUE, "--public", *resolvers,
                    "--resolv-conf", file, "--json", *options)


def told(ran, most):
    """The run, when its first finding tells a wait that is `most` seconds, less those since."""
    wait = int(json.loads(ran.stdout)["targets"][0]["findings"][0]["arguments"]["wait_seconds"])
    expect(most - 60 < wait <= most, True, f"{wait} s of {most}")
    return ran


def n01_polled_before_it_was_there(lab):
    servers = serve(lab, minimum=3600, soa_ttl=300)
    lab.launch_all([res.Unbound(lab, [LOCAL]), res.KnotResolver(lab, [GOOGLE])])
    ask_too_early(LOCAL)
    publish(servers)
    return told(preflight(lab, LOCAL), 300)


def n04_one_of_three_resolvers_denies(lab):
    servers = serve(lab, minimum=900)
    lab.launch_all([res.Bind(lab, [LOCAL]), res.Unbound(lab, [SECOND]), res.Recursor(lab, [THIRD]),
                    res.KnotResolver(lab, [GOOGLE])])
    ask_too_early(LOCAL)
    publish(servers)
    expect([shop.values(each) for each in (LOCAL, SECOND, THIRD)], [[], [shop.VALUE], [shop.VALUE]],
           "what the three say")
    return told(preflight(lab, LOCAL, SECOND, THIRD), 900)


def n06_public_resolver_asked_at_once(lab):
    servers = serve(lab, minimum=1800)
    lab.launch_all([res.Unbound(lab, [GOOGLE]), res.KnotResolver(lab, [CLOUDFLARE])])
    ask_too_early(GOOGLE)
    ask_too_early(CLOUDFLARE)
    publish(servers)
    return told(preflight(lab, public=f"{CLOUDFLARE},{GOOGLE}"), 1800)


def n07_stub_on_this_machine(lab):
    stub = "127.0.0.53"
    servers = serve(lab, minimum=1800)
    lab.launch_all([res.Unbound(lab, [stub]), res.Recursor(lab, [GOOGLE])])
    ask_too_early(stub)
    publish(servers)
    return told(preflight(lab, stub), 1800)


def n10_zone_finder_asked_for_soa(lab):
    servers = serve(lab, minimum=86400, soa_ttl=86400)
    lab.launch_all([res.Recursor(lab, [LOCAL]), res.KnotResolver(lab, [GOOGLE])])
    for qtype in ("SOA", "NS"):
        ask_too_early(LOCAL, qtype=qtype)
    publish(servers)
    expect(shop.values(LOCAL), [], "TXT, which nobody had asked for")
    return told(preflight(lab, LOCAL), 3600)
