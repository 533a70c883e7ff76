"""The worlds of alias.json."""
import json

import real_authorities as auth
import real_resolvers as res
import shop
from real_lab import expect
from zone_text import delegation, servers, zone

NAME = "app.shop.example"
NS1 = "45.90.28.10"
MIXED = {shop.NS1: auth.Nsd, shop.NS2: auth.Knot}
ACCOUNT = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"
# Who runs the load balancers and CDNs that names here are aliases for.
HOSTING = {"ns1.shop-hosting.example": "185.136.96.20", "ns2.shop-hosting.example": "185.136.97.20"}
BALANCER = "lb.shop-hosting.example"
DCV = {"ns1.shop-dcv.example": "185.136.98.20"}
FRONT = {"ns1.shop.example": "45.90.28.10"}
NEW = {"ns1.shop-new.example": "185.136.99.20"}


def preflight(lab, name, *options):
    return lab.tool("dcv-preflight", name, "--json", *options)


def expecting(lab, name, *options):
    return preflight(lab, name, "--expect", shop.VALUE, *options)


def start(lab, text, parties, casting=MIXED):
    """The customer's zone with `text`, and other parties: {apex: (hosts, lines of their zone)}."""
    lab.world([*shop.SERVERS, *[each for apex, (hosts, _) in parties.items() for each in servers(hosts, apex)]],
              {"shop.example": text,
               **{apex: zone(apex, hosts, *lines) for apex, (hosts, lines) in parties.items()},
               "example.zone.add": "\n".join(delegation(apex, hosts) for apex, (hosts, _) in parties.items()) + "\n"})
    return auth.start(lab, casting)


def alias_at(address, name):
    """What the server tells who asks for a CNAME there."""
    return [record["rdataCNAME"] for record in shop.ask(address, name, "CNAME").get("answerRRs", [])]


def c01_wildcard_alias_swallows_the_challenge(lab):
    start(lab, shop.zone(f"* IN CNAME {BALANCER}."), {"shop-hosting.example": (HOSTING, ["lb IN A 185.136.96.80"])})
    expect(alias_at(NS1, "_acme-challenge.web.shop.example"), [f"{BALANCER}."], "the alias that a client finds")
    return expecting(lab, "web.shop.example")


def c02_wildcard_alias_added_after_the_first_order(lab):
    authorities = start(lab, shop.zone(), {"shop-hosting.example": (HOSTING, ["lb IN A 185.136.96.80"])})
    first = preflight(lab, "web.apps.shop.example")
    expect(json.loads(first.stdout)["verdict"], "ready", "the first order")
    for name in MIXED:
        authorities[name].add(shop.APEX, f"*.apps IN CNAME {BALANCER}.")
    return preflight(lab, "web.apps.shop.example")


def c03_host_is_an_alias_into_another_zone(lab):
    start(lab, shop.zone("libs IN CNAME www.shop-hosting.example."),
          {"shop-hosting.example": (HOSTING, ["www IN A 185.136.96.80"])})
    lab.launch_all([res.Unbound(lab, ["192.168.1.1"])])
    reply = shop.ask("192.168.1.1", "libs.shop.example", "SOA")
    expect([record["NAME"] for record in reply["authorityRRs"]], ["shop-hosting.example."],
           "the zone that the client takes the host to be in")
    return preflight(lab, "libs.shop.example")


def c04_two_aliases_over_three_zones(lab):
    start(lab, shop.zone("_acme-challenge.app IN CNAME _acme-challenge.app.shop-new.example."),
          {"shop-new.example": (NEW, [f"_acme-challenge.app IN CNAME {ACCOUNT}.shop-dcv.example."]),
           "shop-dcv.example": (DCV, [f'{ACCOUNT} 1 IN TXT "{shop.VALUE}"'])})
    expect(shop.values(NEW["ns1.shop-new.example"], "_acme-challenge.app.shop-new.example"), [],
           "what a checker sees that follows one alias")
    return expecting(lab, NAME)


def c05_alias_into_the_same_zone(lab):
    start(lab, shop.zone("tools IN A 45.90.29.82",
                         f"_acme-challenge.tools 3600 IN CNAME {ACCOUNT}.tools.shop.example."), {})
    expect(alias_at(NS1, "_acme-challenge.tools.shop.example"), [f"{ACCOUNT}.tools.shop.example."],
           "what the client compares")
    return expecting(lab, "tools.shop.example")


def c06_no_alias_at_the_name_itself(lab):
    start(lab, shop.zone(), {"shop-dcv.example": (DCV, [f'_acme-challenge 60 IN TXT "{shop.VALUE}"'])})
    expect(shop.values(DCV["ns1.shop-dcv.example"], "_acme-challenge.shop-dcv.example"), [shop.VALUE],
           "what the self-check looks at")
    return expecting(lab, NAME)


def c07_alias_of_the_parent_only(lab):
    start(lab, shop.zone("_acme-challenge.local IN CNAME local.shop-dcv.example.", "test.local IN A 45.90.29.82"),
          {"shop-dcv.example": (DCV, [f'local 60 IN TXT "{shop.VALUE}"'])})
    return expecting(lab, "test.local.shop.example")


def c08_token_server_without_soa(lab):
    apex = "acmedns.shop-dcv.example"
    host, backend = {f"internal.{apex}": "45.90.31.10"}, {"back.shop-dcv.example": "45.90.32.10"}
    lab.world([*shop.SERVERS, *servers(DCV, "shop-dcv.example"), *servers(host), *servers(backend, apex)],
              {"shop.example": shop.zone(f"_acme-challenge.app IN CNAME {ACCOUNT}.{apex}."),
               "shop-dcv.example": zone("shop-dcv.example", DCV, *delegation(apex, host).splitlines()),
               apex: zone(apex, host, f'{ACCOUNT} 1 IN TXT "{shop.VALUE}"'),
               "example.zone.add": delegation("shop-dcv.example", DCV)})
    authorities = auth.start(lab, MIXED, without=list(host))
    no_soa = "addAction(QTypeRule(DNSQType.SOA), RCodeAction(DNSRCode.NOERROR, {aa=true}))"
    lab.launch_all([res.Dnsdist(lab, list(host.values()), authorities["back.shop-dcv.example"], no_soa)])
    expect(shop.ask("45.90.31.10", apex, "SOA").get("answerRRs", []), [], "SOA at the apex")
    return expecting(lab, NAME)


def c09_challenge_name_belongs_to_a_cdn(lab):
    start(lab, shop.zone("_acme-challenge.app IN CNAME app.shop-hosting.example."),
          {"shop-hosting.example": (HOSTING, [f'app 60 IN TXT "{shop.OLD}"'])})
    return expecting(lab, NAME)


def c10_old_value_in_place_of_the_alias(lab):
    start(lab, shop.zone(shop.record(shop.OLD, 300)), {})
    return lab.tool("dcv-delegate", "--verify", "--to", "cloudflare", "--id", "8a602f2b29d92dc2", "--json", NAME)


def c11_alias_or_value_by_type(lab):
    back = {"back.shop.example": "45.90.32.10"}
    lab.world([*servers(FRONT), *servers(back, "shop.example"), *servers(DCV, "shop-dcv.example")],
              {"shop.example": zone("shop.example", FRONT, "app IN A 45.90.29.81",
                                    "_acme-challenge.app 300 IN CNAME app.shop-dcv.example."),
               "shop-dcv.example": zone("shop-dcv.example", DCV, f'app 60 IN TXT "{shop.VALUE}"'),
               "example": shop.registry(delegation("shop.example", FRONT), delegation("shop-dcv.example", DCV))})
    authorities = auth.start(lab, {}, without=list(FRONT))
    by_type = f"addAction(AndRule({{QNameRule('{shop.TOKEN}'), QTypeRule(DNSQType.TXT)}}), " \
        f"SpoofRawAction('{chr(len(shop.OLD))}{shop.OLD}', {{aa=true, ttl=300}}))"
    lab.launch_all([res.Dnsdist(lab, list(FRONT.values()), authorities["back.shop.example"], by_type)])
    address, = FRONT.values()
    expect((alias_at(address, shop.TOKEN), shop.values(address)), (["app.shop-dcv.example."], [shop.OLD]),
           "what is told by type")
    return expecting(lab, NAME)


def c12_aliases_in_a_circle(lab):
    text = shop.zone(shop.record()).replace("app IN A 45.90.29.81", "app IN CNAME jp\njp IN CNAME app")
    start(lab, text, {})
    return expecting(lab, NAME)


def c13_stub_that_stops_after_one_alias(lab):
    start(lab, shop.zone("_acme-challenge.app IN CNAME app.shop-new.example."),
          {"shop-new.example": (NEW, ["app IN CNAME app.shop-dcv.example."]),
           "shop-dcv.example": (DCV, [f'app 60 IN TXT "{shop.VALUE}"'])})
    stub = res.Unbound(lab, ["127.0.0.53"], extra='  local-zone: "_acme-challenge.app.shop.example." static\n'
                       f'  local-data: "{shop.TOKEN}. 3600 IN CNAME app.shop-new.example."')
    lab.launch_all([stub, res.Unbound(lab, ["8.8.8.8"])])
    expect((shop.values("127.0.0.53"), shop.values("8.8.8.8")), ([], [shop.VALUE]), "stub and full resolver")
    file = lab.folder / "resolv.conf"
    file.write_text("nameserver 127.0.0.53\n")
    return expecting(lab, NAME, "--public", "--resolvers", "8.8.8.8", "--resolv-conf", file, "--no-ca-eye")
