#!/usr/bin/env python3
"""What dcv-preflight --public says of real resolvers: caches that were asked too early, and ways to a
resolver that do not work.

Usage: visibility.py [CASE...]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import bad_channels  # noqa: E402
import dcv  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402
from real_lab import expect  # noqa: E402

GOOGLE, CLOUDFLARE, ADGUARD, OPENDNS = "8.8.8.8", "1.1.1.1", "94.140.14.140", "208.67.222.222"
MINIMUM = 300  # of the zones' SOA: seconds that a denial lives
SHORT = 5


def findings(lab, resolvers, *options, env=None):
    """The findings of the family, by id."""
    ran = lab.tool("dcv-preflight", "app.shop.example", "--expect", shop.VALUE, "--public", "--resolvers",
                   ",".join(resolvers), "--resolv-conf", "/dev/null", "--json", *options, env=env or {})
    try:
        target, = json.loads(ran.stdout)["targets"]
    except ValueError:
        raise AssertionError(f"no report: {ran.stderr}") from None
    return {f["id"]: f for f in target["findings"] if f["id"].startswith("visibility-")}


def world(lab, *lines, minimum=MINIMUM):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(*lines, minimum=minimum)})
    return auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def labels_of(finding):
    return [evidence["server"] for evidence in finding["evidence"]]


def four(lab):
    return lab.launch_all([kind(lab, [address]) for kind, address in
                           ((res.Unbound, GOOGLE), (res.KnotResolver, CLOUDFLARE), (res.Recursor, ADGUARD),
                            (res.Bind, OPENDNS))])


def early_questions_are_told_with_the_time_left(lab):
    servers = world(lab)
    resolvers = four(lab)
    for resolver in resolvers[:2]:
        shop.ask(resolver.addresses[0])
    for name in (shop.NS1, shop.NS2):
        servers[name].add(shop.APEX, shop.record())
    found = findings(lab, [r.addresses[0] for r in resolvers])
    expect(list(found), ["visibility-negative-cached"], "the findings")
    finding = found["visibility-negative-cached"]
    expect(labels_of(finding), ["Google (8.8.8.8)", "Cloudflare (1.1.1.1)"], "who denies it")
    wait = int(finding["arguments"]["wait_seconds"])
    expect(MINIMUM - 60 < wait <= MINIMUM, True, f"{wait} s are left of {MINIMUM}")
    expect("dns.google/cache" in finding["remedy"]["action"], True, "Google's page to flush")


def all_agree_when_the_time_told_is_over(lab):
    servers = world(lab, minimum=SHORT)
    addresses = [resolver.addresses[0] for resolver in four(lab)]
    for address in addresses:
        shop.ask(address)
    for name in (shop.NS1, shop.NS2):
        servers[name].add(shop.APEX, shop.record())
    finding = findings(lab, addresses)["visibility-negative-cached"]
    expect(int(finding["arguments"]["count"]), len(addresses), "how many deny it")
    real_lab.await_that(lambda: all(shop.values(each) == [shop.VALUE] for each in addresses),
                        int(finding["arguments"]["wait_seconds"]) + 2, "agreement two seconds after that time")
    expect(findings(lab, addresses), {}, "the findings then")


def resolvers_that_nobody_asked_agree(lab):
    world(lab, shop.record())
    expect(findings(lab, [r.addresses[0] for r in four(lab)]), {}, "the findings")


def names_in_a_cached_gap_are_denied(lab):
    lab.world([*shop.SERVERS, shop.LATER],
              {"shop.example": shop.zone(minimum=MINIMUM),
               "shop.example.later": shop.zone(shop.record(), minimum=MINIMUM, serial=2)},
              sign=shop.SIGNED)
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot}, without=["later.shop.example"])
    resolver, = lab.launch_all([res.Unbound(lab, [GOOGLE])])
    shop.ask(GOOGLE, "nearby.shop.example", "TXT", "+dnssec")
    asked_at = len(resolver.asked(shop.TOKEN))
    later = lab.exported("later.shop.example", shop.APEX)
    for name in (shop.NS1, shop.NS2):
        servers[name].load(shop.APEX, later)
    real_lab.await_that(lambda: (shop.ask(GOOGLE, "nearby.shop.example") or {}).get("authorityRRs", [{}])[0]
                        .get("TTL", MINIMUM) < MINIMUM - 1, 10, "a TTL that is counted down", step=0.2)
    found = findings(lab, [GOOGLE])
    expect(asked_at, 0, "questions for the token before")
    expect(list(found), ["visibility-denied-by-nsec"], "the findings")


def a_certificate_for_another_name(lab):
    world(lab, shop.record())
    tls = res.Tls(lab, ["dns.test"])
    lab.launch_all([res.Unbound(lab, [GOOGLE], tls=tls)])
    found = findings(lab, [f"tls://{GOOGLE}#dns.google"], env=tls.env)
    expect(list(found), ["visibility-tls-name-wrong"], "the findings")
    expect("dns.test" in found["visibility-tls-name-wrong"]["message"], True, "the name it has")


def a_certificate_of_an_authority_that_nobody_knows(lab):
    world(lab, shop.record())
    lab.launch_all([res.Unbound(lab, [GOOGLE], tls=res.Tls(lab, ["dns.google"]))])
    expect(list(findings(lab, [f"tls://{GOOGLE}#dns.google"])), ["visibility-tls-failed"], "the findings")


def https_without_http_2(lab):
    world(lab, shop.record())
    tls = res.Tls(lab, ["dns.google"])
    real_lab.own([GOOGLE])
    bad_channels.OnlyHttp1(GOOGLE, tls)
    found = findings(lab, [f"https://dns.google/dns-query ip={GOOGLE}"], env=tls.env)
    expect(list(found), ["visibility-https-failed"], "the findings")


def port_53_is_blocked(lab):
    world(lab, shop.record())
    tls = res.Tls(lab, ["dns.google"])
    lab.launch_all([res.Unbound(lab, [GOOGLE], tls=tls, extra=bad_channels.DSCP_OF_UNBOUND)])
    bad_channels.block_port_53()
    found = findings(lab, [GOOGLE, f"tls://{GOOGLE}#dns.google"], "--ask-anyway", "--timeout", "20",
                     env=tls.env)
    expect(list(found), ["visibility-port-53-blocked"], "the findings")


if __name__ == "__main__":
    real_lab.main([early_questions_are_told_with_the_time_left, all_agree_when_the_time_told_is_over,
                   resolvers_that_nobody_asked_agree, names_in_a_cached_gap_are_denied,
                   a_certificate_for_another_name, a_certificate_of_an_authority_that_nobody_knows,
                   https_without_http_2, port_53_is_blocked],
                  [*auth.PROGRAMS, *res.PROGRAMS, "openssl", "nft"], at_once=dcv.AT_ONCE)
