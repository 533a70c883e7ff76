#!/usr/bin/env python3
"""The lab's real resolvers cache, deny and log as the tests of the public eye take for granted; asked
with kdig, which shares no code with dcvtools.

Usage: resolvers.py [CASE...]
"""
import concurrent.futures
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402
from real_lab import await_that, expect  # noqa: E402

MINIMUM = 5    # of the zones' SOA: seconds that a denial lives
OLD_TTL = 6
NXDOMAIN, REFUSED = 3, 5
SLACK = 1.5    # seconds of a slow machine
GOOGLE, CLOUDFLARE, QUAD9, OPENDNS = "8.8.8.8", "1.1.1.1", "9.9.9.9", "208.67.222.222"


def four(lab, **options):
    return lab.launch_all([res.Unbound(lab, [GOOGLE, "2001:4860:4860::8888"], **options),
                           res.KnotResolver(lab, [CLOUDFLARE, "2606:4700:4700::1111"], **options),
                           res.Recursor(lab, [QUAD9, "2620:fe::fe"], **options),
                           res.Bind(lab, [OPENDNS, "2620:119:35::35"], **options)])


def life_of(address, seen, start, longest):
    """Seconds from `start` until the resolver tells something else than `seen`."""
    await_that(lambda: shop.values(address) != seen, longest, f"another answer of {address}", step=0.1)
    return time.monotonic() - start


def lives(resolvers, seen, start, least, most):
    """Demands of each resolver that it tells `seen` for so long, counted from `start`."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        found = pool.map(lambda r: life_of(r.addresses[0], seen, start, most + SLACK), resolvers)
        for resolver, seconds in zip(resolvers, found):
            if not least <= seconds <= most + SLACK:
                raise AssertionError(f"{resolver.name} kept {seen} for {seconds:.1f} s")


def denials_live_as_long_as_the_soa_says(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(minimum=MINIMUM)})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    resolvers = four(lab)
    start = time.monotonic()
    for resolver in resolvers:
        expect(shop.ask(resolver.addresses[0])["RCODE"], NXDOMAIN, f"{resolver.name} at first")
    for name in (shop.NS1, shop.NS2):
        servers[name].add(shop.APEX, shop.record())
    lives(resolvers, [], start, MINIMUM - 1, MINIMUM + 1)
    for resolver in resolvers:
        expect(shop.values(resolver.addresses[1]), [shop.VALUE], f"{resolver.name} at its other address")


def old_values_live_as_long_as_their_ttl(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record(shop.OLD, ttl=OLD_TTL))})
    servers = auth.start(lab, {shop.NS1: auth.Bind, shop.NS2: auth.PowerDns})
    resolvers = four(lab)
    start = time.monotonic()
    for resolver in resolvers:
        expect(shop.values(resolver.addresses[0]), [shop.OLD], f"{resolver.name} at first")
    for name in (shop.NS1, shop.NS2):
        servers[name].remove(shop.APEX, shop.OLD)
        servers[name].add(shop.APEX, shop.record())
    lives(resolvers, [shop.OLD], start, OLD_TTL - 1, OLD_TTL + 1)


def signed_denials_cover_names_never_asked(lab):
    lab.world([*shop.SERVERS, shop.LATER],
              {"shop.example": shop.zone(minimum=MINIMUM),
               "shop.example.later": shop.zone(shop.record(), minimum=MINIMUM, serial=2)},
              sign=shop.SIGNED)
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot}, without=["later.shop.example"])
    resolvers = four(lab)
    start = time.monotonic()
    for resolver in resolvers:
        reply = shop.ask(resolver.addresses[0], "nearby.shop.example", "TXT", "+dnssec")
        expect((reply["RCODE"], reply["AD"]), (NXDOMAIN, 1), resolver.name)
    later = lab.exported("later.shop.example", shop.APEX)
    for name in (shop.NS1, shop.NS2):
        servers[name].load(shop.APEX, later)
    lives(resolvers, [], start, MINIMUM - 1, MINIMUM + 1)


def each_transport_tells_the_same(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {})
    tls = res.Tls(lab, ["dns.google", GOOGLE, "one.one.one.one", CLOUDFLARE])
    resolvers = four(lab, tls=tls)
    for resolver, host in zip(resolvers, ("dns.google", "one.one.one.one")):
        for way in ("+tcp", "+tls", "+https"):
            options = [way, f"+tls-ca={tls.ca}", f"+tls-host={host}"] if way != "+tcp" else [way]
            expect(shop.values(resolver.addresses[0], shop.TOKEN, *options), [shop.VALUE],
                   f"{resolver.name} {way}")
    wrong = [f"+tls-ca={tls.ca}", "+tls-host=dns.quad9.net", "+tls"]
    expect(shop.values(GOOGLE, shop.TOKEN, *wrong), None, "a name that is not in the certificate")


def logs_hold_every_question(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {})
    for resolver in four(lab):
        before = time.time()
        for address in resolver.addresses:  # the second from the cache
            shop.ask(address)
        await_that(lambda: len(resolver.asked()) == 2, 5, f"two questions in the log of {resolver.name}")
        for question in resolver.asked():
            expect((question.name, question.type), (shop.TOKEN, "TXT"), resolver.name)
            expect(before <= question.time <= time.time(), True, "a time in between")
        expect(len(resolver.asked(shop.TOKEN)), 2, f"{resolver.name} was asked for the token")


def dnsdist_is_late_and_loses(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {})
    resolver, = lab.launch_all([res.Unbound(lab, [GOOGLE])])
    lab.launch_all([res.Dnsdist(lab, ["192.0.1.1"], resolver, res.delay(800)),
                    res.Dnsdist(lab, ["192.0.1.2"], resolver, res.loss(1)),
                    res.Dnsdist(lab, ["192.0.1.3"], resolver, res.RD0_REFUSED)])
    start = time.monotonic()
    expect(shop.values("192.0.1.1"), [shop.VALUE], "the late one")
    seconds = time.monotonic() - start
    expect(0.8 <= seconds < 0.8 + SLACK, True, f"{seconds:.2f} s is 800 ms")
    expect(shop.values("192.0.1.2"), None, "the one that loses all")
    expect(shop.values("192.0.1.2", shop.TOKEN, "+tcp"), [shop.VALUE], "the same over TCP")
    expect(shop.ask("192.0.1.3", shop.TOKEN, "TXT", "+norec")["RCODE"], REFUSED, "RD=0")
    expect(shop.values("192.0.1.3"), [shop.VALUE], "RD=1")


if __name__ == "__main__":
    real_lab.main([denials_live_as_long_as_the_soa_says, old_values_live_as_long_as_their_ttl,
                   signed_denials_cover_names_never_asked, each_transport_tells_the_same,
                   logs_hold_every_question, dnsdist_is_late_and_loses],
                  [*auth.PROGRAMS, *res.PROGRAMS, "dnsdist", "openssl"])
