#!/usr/bin/env python3
"""dcv-propagation before the shipped list of resolvers, which are Unbound, Knot Resolver, PowerDNS
Recursor and BIND here, and authorities that are NSD, Knot DNS, BIND and PowerDNS: what each row of
the matrix says, why, and until when.

Usage: public_eye.py [CASE...]
"""
import calendar
import concurrent.futures
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import bad_channels as bad  # noqa: E402
import dcv  # noqa: E402
import public_resolvers as public  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402
from real_lab import await_that, expect  # noqa: E402

NAME = "app.shop.example"
DEAD = "64.6.64.6"
GOOGLE, CLOUDFLARE, QUAD9, OPENDNS = "8.8.8.8", "1.1.1.1", "9.9.9.9", "208.67.222.222"
SUBJECT = f"{shop.TOKEN}."
QUIET = ["--resolv-conf", "/dev/null", "--progress", "never", "--color", "never"]


class Matrix:
    """One run of dcv-propagation, as its JSON tells it."""

    def __init__(self, lab, *options, name=NAME, env=None):
        ran = lab.tool("dcv-propagation", name, "--expect", shop.VALUE, "--json", *QUIET, *options,
                       env=env or {})
        self.status = ran.returncode
        try:
            self.document = json.loads(ran.stdout)
        except ValueError:
            raise AssertionError(f"status {ran.returncode}: {ran.stdout}{ran.stderr}") from None
        self.rows = self.document["rows"]
        self.resolvers = {row["address"]: row for row in self.rows if row["group"] == "public"}

    def reasons(self):
        """The addresses of resolvers by the finding that explains what they show; "" for all well."""
        found = {}
        for address, row in self.resolvers.items():
            found.setdefault(row["reason"], set()).add(address)
        return found

    def findings(self):
        return sorted((finding["id"], finding["subject"]) for finding in self.document["findings"])


def usual(lab, *lines, minimum=300, **options):
    """The usual world with these lines in shop.example; its servers, and the resolvers of @core."""
    lab.world(shop.SERVERS, {"shop.example": shop.zone(*lines, minimum=minimum)})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    return servers, public.start(lab, **options)


def everywhere(servers, change):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(change, (servers[shop.NS1], servers[shop.NS2])))


def addresses(*resolvers):
    return {address for resolver in resolvers for address in resolver.addresses}


def three_views_and_a_dead_resolver(lab):
    servers, resolvers = usual(lab, shop.record(shop.OLD, ttl=14), minimum=5)
    bad.silence([DEAD])
    old, early = resolvers[res.KnotResolver], resolvers[res.Unbound]
    expect(shop.values(CLOUDFLARE), [shop.OLD], "an early question")
    everywhere(servers, lambda server: server.remove(shop.APEX, shop.OLD))
    expect(shop.values(GOOGLE), [], "a question before there is a record")
    everywhere(servers, lambda server: server.add(shop.APEX, shop.record()))

    matrix = Matrix(lab)
    fine = addresses(resolvers[res.Recursor], resolvers[res.Bind]) - {DEAD}
    expect(matrix.reasons(), {"visibility-negative-cached": addresses(early),
                              "visibility-old-value-cached": addresses(old),
                              "visibility-resolver-silent": {DEAD}, "": fine}, "the reasons")
    expect(matrix.findings(), [("visibility-negative-cached", SUBJECT),
                               ("visibility-old-value-cached", SUBJECT),
                               ("visibility-resolver-silent", SUBJECT)], "the findings")
    expect(matrix.document["verdict"], "at-risk", "the verdict")
    waits = {address: matrix.resolvers[address]["wait_seconds"] for address in (GOOGLE, CLOUDFLARE)}
    expect(0 < waits[GOOGLE] <= 5, True, f"{waits[GOOGLE]} s for the denial")
    expect(5 < waits[CLOUDFLARE] <= 14, True, f"{waits[CLOUDFLARE]} s for the old value")
    expect(matrix.document["wait_seconds"], waits[CLOUDFLARE], "the whole wait")

    text = lab.tool("dcv-propagation", NAME, "--expect", shop.VALUE, *QUIET, "--query-timeout", "1").stdout
    for word in (DEAD, "silent", "old value", "NXDOMAIN", "Cloudflare", "Google", "all 4 have it"):
        expect(word in text, True, f"{word} in {text}")

    due = calendar.timegm(time.strptime(matrix.document["agree_at"], "%Y-%m-%dT%H:%M:%SZ"))
    def agree():
        return Matrix(lab, "--query-timeout", "0.5").reasons() == {
            "": fine | addresses(early, old), "visibility-resolver-silent": {DEAD}}
    await_that(agree, due + 2 - time.time(), "agreement 2 s after the time told")
    expect(time.time() > due - 2, True, "agreement is not long before the time told")


def a_denial_cached_for_five_minutes(lab):
    servers, resolvers = usual(lab)
    early = resolvers[res.Bind]
    expect(shop.values(OPENDNS), [], "a question before there is a record")
    everywhere(servers, lambda server: server.add(shop.APEX, shop.record()))
    matrix = Matrix(lab)
    fine = addresses(*resolvers.values()) - addresses(early)
    expect(matrix.reasons(), {"visibility-negative-cached": addresses(early), "": fine}, "the reasons")
    expect(290 < matrix.document["wait_seconds"] <= 300, True, str(matrix.document["wait_seconds"]))
    expect(matrix.findings(), [("visibility-negative-cached", SUBJECT)], "the findings")


def a_denial_by_nsec_of_a_neighbour(lab):
    lab.world([*shop.SERVERS, shop.LATER],
              {"shop.example": shop.zone(), "shop.example.later": shop.zone(shop.record(), serial=2)},
              sign=shop.SIGNED)
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot}, without=["later.shop.example"])
    resolvers = public.start(lab)
    def seconds_left(resolver):  # of a denial that covers the token too
        reply = shop.ask(resolver.addresses[0], "nearby.shop.example", "TXT", "+dnssec")
        return min(record["TTL"] for record in reply["authorityRRs"])
    for resolver in resolvers.values():
        seconds_left(resolver)
    later = lab.exported("later.shop.example", shop.APEX)
    everywhere(servers, lambda server: server.load(shop.APEX, later))
    for resolver in resolvers.values():  # a new denial would look the same
        await_that(lambda: seconds_left(resolver) < 298, 5, f"an aged denial at {resolver.name}")
    matrix = Matrix(lab)
    expect(matrix.reasons(), {"visibility-denied-by-nsec": addresses(*resolvers.values())}, "the reasons")
    expect(280 < matrix.document["wait_seconds"] <= 300, True, str(matrix.document["wait_seconds"]))
    expect(matrix.findings(), [("visibility-denied-by-nsec", SUBJECT)], "the findings")


def no_cache_is_asked_while_an_authority_lacks_it(lab):
    servers, resolvers = usual(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    matrix = Matrix(lab)
    expect(matrix.document["verdict"], "at-risk", "the verdict")
    stale = {(row["who"], row["odd"]) for row in matrix.rows if row["group"] == "authority"}
    expect({(shop.NS1, False), (shop.NS2, True)} <= stale, True, str(stale))
    expect(matrix.findings(), [("authority-txt-differs", SUBJECT), ("visibility-authority-lacks", SUBJECT)],
           "the findings")
    for resolver in resolvers.values():
        expect(resolver.asked(shop.TOKEN), [], f"questions to {resolver.name}")


def port_53_intercepted(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    tls = res.Tls(lab, public.names(public.listed()))
    google = [GOOGLE, "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"]
    gateway = f"{bad.DSCP_OF_UNBOUND}  hide-identity: no\n  identity: gateway\n"
    lab.launch_all([res.Unbound(lab, ["45.91.92.93", "2a0e:1::53"], extra=gateway),
                    res.Unbound(lab, google, extra=bad.DSCP_OF_UNBOUND, tls=tls)])
    bad.intercept_port_53("45.91.92.93", "2a0e:1::53")
    matrix = Matrix(lab, "--resolvers", "google", env=tls.env)
    expect(matrix.document["verdict"], "unknown", "the verdict")
    expect(matrix.findings(), [("transport-intercepted", SUBJECT)], "the findings")
    expect({(row["address"], row["transport"], row["word"]) for row in matrix.rows},
           {(address, "tls", "holds") for address in google}, "the views past the network")
    matrix = Matrix(lab, "--ask-anyway", "--query-timeout", "1")
    expect({("transport-intercepted", SUBJECT), ("visibility-intercepted", SUBJECT)} <=
           set(matrix.findings()), True, str(matrix.findings()))


def port_53_blocked(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    tls = res.Tls(lab, public.names(public.listed()))
    google = [GOOGLE, "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"]
    lab.launch_all([res.Unbound(lab, google, extra=bad.DSCP_OF_UNBOUND, tls=tls)])
    bad.block_port_53()
    matrix = Matrix(lab, "--resolvers", "google", "--query-timeout", "1", env=tls.env)
    expect(matrix.findings(), [("transport-no-network", SUBJECT), ("visibility-port-53-blocked", SUBJECT)],
           "the findings")
    views = {(row["address"], row["transport"]): row["word"] for row in matrix.rows}
    expect(views, {(address, way): word for address in google
                   for way, word in (("udp", "port 53 blocked"), ("tls", "holds"))}, "the views")
    expect("port 53 is blocked" in matrix.document["certainty"], True, matrix.document["certainty"])


def filters_of_two_kinds(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    lab.launch_all([
        res.KnotResolver(lab, [CLOUDFLARE],  # says so (RFC 8914)
                         extra="policy.add(policy.suffix(policy.DENY, {todname('shop.example')}))"),
        res.Unbound(lab, [QUAD9], extra='  local-zone: "shop.example" always_nxdomain\n'),  # as Quad9
        res.Unbound(lab, [GOOGLE])])
    matrix = Matrix(lab, "--resolvers", ",".join([CLOUDFLARE, QUAD9, GOOGLE]))
    expect(matrix.reasons(), {"visibility-filtered": {CLOUDFLARE, QUAD9}, "": {GOOGLE}}, "the reasons")
    expect(matrix.findings(), [("visibility-filtered", SUBJECT)], "the findings")


def every_transport_tells_the_same(lab):
    usual(lab, shop.record(), tls=True)
    both = [row["address"] for row in public.listed() if row["id"] in ("google", "cloudflare")]
    views = {}
    for way in ("udp", "tcp", "tls", "https"):
        matrix = Matrix(lab, "--resolvers", ",".join(both), "--via", way, env=lab.tls.env)
        expect({row["transport"] for row in matrix.resolvers.values()}, {way}, "the transport")
        views[way] = {address: (row["word"], row["reason"], row["values"])
                      for address, row in matrix.resolvers.items()}
    expect(sorted(views["udp"]), sorted(both), "the addresses")
    for way, seen in views.items():
        expect(seen, views["udp"], f"views over {way}")


def a_wrong_certificate_name(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    tls = res.Tls(lab, ["one.one.one.one"])
    lab.launch_all([res.Unbound(lab, [GOOGLE], tls=tls)])
    for url in (f"tls://{GOOGLE}#dns.google", f"https://dns.google/dns-query ip={GOOGLE}"):
        matrix = Matrix(lab, "--resolvers", url, env=tls.env)
        expect(matrix.reasons(), {"visibility-tls-name-wrong": {GOOGLE}}, url)
    matrix = Matrix(lab, "--resolvers", f"tls://{GOOGLE}#one.one.one.one", env=tls.env)
    expect(matrix.reasons(), {"": {GOOGLE}}, "the right name")
    matrix = Matrix(lab, "--resolvers", f"tls://{GOOGLE}#one.one.one.one")
    expect(matrix.reasons(), {"visibility-tls-failed": {GOOGLE}}, "a CA that nobody trusts")


def https_refused_and_goaway(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    refusing, hurried = "45.91.92.94", "45.91.92.95"
    tls = res.Tls(lab, ["dns.google", GOOGLE])
    lab.launch_all([res.Unbound(lab, [GOOGLE], tls=tls)])
    real_lab.own([refusing, hurried])
    bad.OnlyHttp1(refusing, tls)
    bad.GoawayFirst(hurried, tls, GOOGLE)
    url = "https://dns.google/dns-query ip="
    matrix = Matrix(lab, "--resolvers", url + refusing, "--resolvers", url + hurried, env=tls.env)
    expect(matrix.reasons(), {"visibility-https-failed": {refusing}, "": {hurried}}, "the reasons")
    expect(matrix.findings(), [("visibility-https-failed", SUBJECT)], "the findings")


def slow_lossy_and_choosy_resolvers(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    late, lossy, strict, only_tcp = "45.91.92.1", "45.91.92.2", "45.91.92.3", "45.91.92.4"
    google, = lab.launch_all([res.Unbound(lab, [GOOGLE])])
    lab.launch_all([res.Dnsdist(lab, [late], google, res.delay(800)),
                    res.Dnsdist(lab, [lossy], google, res.loss(0.3)),
                    res.Dnsdist(lab, [strict], google, res.RD0_REFUSED),
                    res.Dnsdist(lab, [only_tcp], google, res.UDP_DROPPED)])
    matrix = Matrix(lab, "--resolvers", ",".join([late, lossy, strict, only_tcp, f"tcp://{only_tcp}"]),
                    "--samples", "2")
    rows = {(row["transport"], row["address"]): row for row in matrix.rows if row["group"] == "public"}
    for address in (late, lossy, strict, only_tcp):
        expect(rows["udp", address]["reason"], "", address)
    expect(rows["tcp", only_tcp]["reason"], "", "over TCP")
    expect(rows["udp", late]["milliseconds"] >= 800, True, "the late one")
    expect(matrix.findings(), [], "the findings")


CASES = [three_views_and_a_dead_resolver, a_denial_cached_for_five_minutes,
         a_denial_by_nsec_of_a_neighbour, no_cache_is_asked_while_an_authority_lacks_it,
         port_53_intercepted, port_53_blocked, filters_of_two_kinds, every_transport_tells_the_same,
         a_wrong_certificate_name, https_refused_and_goaway, slow_lossy_and_choosy_resolvers]

if __name__ == "__main__":
    real_lab.main(CASES, [*auth.PROGRAMS, *res.PROGRAMS, "dnsdist", "openssl", "nft"], at_once=dcv.AT_ONCE)
