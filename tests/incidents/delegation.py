"""The worlds of delegation.json."""
import bad_channels
import real_authorities as auth
import real_resolvers as res
import shop
from real_lab import expect
from zone_text import delegation, servers, zone

NAME = "app.shop.example"
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
# The DNS provider that most customers here are with.
OLD = {"dns1.hoster.net": "89.207.128.10", "dns2.hoster.net": "89.207.129.10"}
NEW = {"dns3.hoster.net": "89.207.130.10", "dns4.hoster.net": "89.207.131.10"}
HOSTER = {"hoster.net": zone("hoster.net", {**OLD, **NEW}), "net.zone.add": delegation("hoster.net", OLD)}
OWN = {shop.NS1: "45.90.28.10", shop.NS2: "45.90.30.10"}
TOKENS = {"tokens.shop.example": "45.90.31.10"}
APP = "app IN A 45.90.29.81"
MIXED = {shop.NS1: auth.Nsd, shop.NS2: auth.Knot}


def preflight(lab, name, *options):
    return lab.tool("dcv-preflight", name, "--json", *options)


def expecting(lab, name, *options):
    return preflight(lab, name, "--expect", shop.VALUE, *options)


def moved(lab, old_zone, new_zone):
    """The registry names the old servers, and the customer works on the new ones."""
    old = ["hoster.net", *(["shop.example:old"] if old_zone else [])]
    lab.world([*servers(OLD, *old), *servers(NEW, "hoster.net", "shop.example")],
              {**HOSTER, "example": shop.registry(delegation("shop.example", OLD)),
               **({"shop.example.old": old_zone} if old_zone else {}), "shop.example": new_zone})
    auth.start(lab, {"dns1.hoster.net": auth.PowerDns, "dns2.hoster.net": auth.Bind})


def d01_zone_edited_is_not_delegated(lab):
    owner, target = f"_424c7224e9b0146f9a8808af955727d0.{NAME}", \
        "_9d2b8a6f7c2e4d1f8a3b5c7d9e1f2a4b.hkmpvcwbzw.acm-validations.aws"
    moved(lab, zone("shop.example", OLD, APP), zone("shop.example", NEW, APP, f"{owner}. IN CNAME {target}."))
    expect(shop.ask(NEW["dns3.hoster.net"], owner)["answerRRs"][0]["rdataCNAME"], f"{target}.",
           "what the console shows")
    return preflight(lab, NAME, "--method", "dns-cname", "--ca", "amazon", "--at", owner, "--expect", target)


def d02_delegation_set_made_anew(lab):
    moved(lab, None, zone("shop.example", NEW, APP, shop.record()))
    expect(shop.ask(OLD["dns1.hoster.net"])["RCODE"], REFUSED, "what the old set says")
    expect(shop.values(NEW["dns3.hoster.net"]), [shop.VALUE], "what the new set has")
    return expecting(lab, NAME)


def d03_child_zone_never_delegated(lab):
    child = "lf.shop.example"
    lab.world([*shop.SERVERS, *servers(OLD, "hoster.net", child)],
              {**HOSTER, "shop.example": shop.zone(),
               child: zone(child, OLD, f"_424c7224e9b0146f9a8808af955727d0.{child}. IN CNAME "
                           "_9d2b8a6f7c2e4d1f8a3b5c7d9e1f2a4b.hkmpvcwbzw.acm-validations.aws.")})
    auth.start(lab, MIXED)
    return preflight(lab, child, "--method", "dns-cname", "--ca", "amazon",
                     "--at", f"_424c7224e9b0146f9a8808af955727d0.{child}",
                     "--expect", "_9d2b8a6f7c2e4d1f8a3b5c7d9e1f2a4b.hkmpvcwbzw.acm-validations.aws")


def d04_servers_of_another_hosted_zone(lab):
    child = "md.shop.example"
    names = [*OLD, "web.shop.example"]
    lab.world([*shop.SERVERS, *servers(OLD, "hoster.net"), *servers(NEW, "hoster.net", child)],
              {**HOSTER, child: zone(child, NEW, f'_acme-challenge 60 IN TXT "{shop.VALUE}"'),
               "shop.example": shop.zone("web IN A 45.90.29.80", *[f"md IN NS {name}." for name in names])})
    auth.start(lab, MIXED)
    expect(shop.values(NEW["dns3.hoster.net"], f"_acme-challenge.{child}"), [shop.VALUE], "the real zone")
    return expecting(lab, child)


def d05_denial_from_before_the_delegation(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record()), "example": shop.registry()})
    authorities = auth.start(lab, {**MIXED, "a.nic.example": auth.Bind, "b.nic.example": auth.Nsd})
    resolver, = lab.launch_all([res.Unbound(lab, ["192.168.1.1"])])
    expect(shop.ask("192.168.1.1")["RCODE"], NXDOMAIN, "before the delegation")
    for registry in ("a.nic.example", "b.nic.example"):
        authorities[registry].add("example.", delegation("shop.example", OWN))
    expect(shop.ask("192.168.1.1")["RCODE"], NXDOMAIN, "after it, at the local resolver")
    expect(len(resolver.asked(shop.TOKEN)), 2, "questions")
    return expecting(lab, NAME, *local(lab, "192.168.1.1"))


def local(lab, address):
    """Options that have this machine's resolver looked at, and no public one; what CAs see is not
    in question."""
    file = lab.folder / "resolv.conf"
    file.write_text(f"nameserver {address}\n")
    return ["--public", "--resolvers", address, "--resolv-conf", str(file), "--no-ca-eye"]


def d06_subzone_delegated_during_the_wait(lab):
    child = "g.shop.example"
    lab.world([*shop.SERVERS, *servers(OLD, "hoster.net"), *servers(NEW, "hoster.net", child)],
              {**HOSTER, "shop.example": shop.zone(*delegation(child, NEW).splitlines()),
               child: zone(child, NEW, f'_acme-challenge 60 IN TXT "{shop.VALUE}"')})
    auth.start(lab, {**MIXED, **dict.fromkeys(NEW, auth.PowerDns)})
    expect(shop.values(OWN[shop.NS1], f"_acme-challenge.{child}"), [], "what the checker sees for ever")
    return expecting(lab, child)


def d07_challenge_name_is_a_zone(lab):
    child = f"_acme-challenge.{NAME}"
    lab.world([*shop.SERVERS, *servers(TOKENS, child)],
              {"shop.example": shop.zone("tokens IN A 45.90.31.10", *delegation(child, TOKENS).splitlines()),
               child: zone(child, TOKENS, f'@ 60 IN TXT "{shop.VALUE}"')})
    auth.start(lab, MIXED)
    expect(shop.values(OWN[shop.NS1]), [], "what the checker sees at the parent's servers")
    return expecting(lab, NAME)


def d08_zone_of_the_domain_itself_is_missing(lab):
    child = "sub.shop.example"
    lab.world([{**server, "zones": [child]} for server in shop.SERVERS],
              {child: zone(child, OWN, "@ IN A 45.90.29.80", f'_acme-challenge 60 IN TXT "{shop.VALUE}"')})
    auth.start(lab, MIXED)
    expect(shop.values(OWN[shop.NS1], f"_acme-challenge.{child}"), [shop.VALUE], "the token")
    expect(shop.ask(OWN[shop.NS1], "shop.example", "CAA")["RCODE"], REFUSED, "CAA one label up")
    return expecting(lab, child)


def d09_zone_cut_at_the_alias_target(lab):
    cdn, target = {"ns1.cdn.net": "89.207.140.10"}, f"{NAME}.cdn.net"
    backend = {"back.cdn.net": "89.207.141.10"}
    lab.world([*shop.SERVERS, *servers(cdn), *servers(backend, "cdn.net")],
              {"cdn.net": zone("cdn.net", cdn, f"{target}. IN NS ns1.cdn.net."),
               "net.zone.add": delegation("cdn.net", cdn),
               "shop.example": shop.zone(shop.record()).replace(APP, f"app IN CNAME {target}.")})
    auth.start(lab, MIXED, without=[*cdn])
    spoof = f"addAction(AndRule({{QNameRule('{target}'), QTypeRule(DNSQType.A)}}), " \
        "SpoofAction({'89.207.142.10'}, {aa=true}))"
    lab.launch_all([res.Dnsdist(lab, list(cdn.values()), lab.authorities["back.cdn.net"], spoof)])
    lab.launch_all([res.Recursor(lab, ["192.168.1.1"])])
    expect([shop.ask("192.168.1.1", NAME, qtype)["RCODE"] for qtype in ("A", "CAA")], [NOERROR, SERVFAIL],
           "A and CAA at a resolver")
    return expecting(lab, NAME)


def d10_no_glue_at_the_registry(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record()),
                             "example": shop.registry(*[f"shop.example. IN NS {host}." for host in OWN])})
    auth.start(lab, MIXED)
    return expecting(lab, NAME)


def d11_server_in_its_own_zone_without_address(lab):
    zone_apex, account = "auth.shop.example", "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"
    lab.world([*shop.SERVERS, {"name": zone_apex, "addresses": ["45.90.31.10"], "zones": [zone_apex]}],
              {"shop.example": shop.zone(f"auth IN NS {zone_apex}.",
                                         f"_acme-challenge.app IN CNAME {account}.{zone_apex}."),
               zone_apex: zone(zone_apex, {zone_apex: "45.90.31.10"}, f'{account} 1 IN TXT "{shop.VALUE}"')})
    auth.start(lab, MIXED)
    return expecting(lab, NAME)


def d12_address_in_place_of_a_delegation(lab):
    zone_apex, account = "acmedns1.shop.example", "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"
    lab.world([*shop.SERVERS, {"name": zone_apex, "addresses": ["45.90.31.10"], "zones": [zone_apex]}],
              {"shop.example": shop.zone("acmedns1 IN A 45.90.31.10",
                                         f"_acme-challenge.app IN CNAME {account}.{zone_apex}."),
               zone_apex: zone(zone_apex, {zone_apex: "45.90.31.10"}, f'{account} 1 IN TXT "{shop.VALUE}"')})
    auth.start(lab, MIXED)
    expect(shop.values("45.90.31.10", f"{account}.{zone_apex}"), [shop.VALUE], "asked directly")
    return expecting(lab, NAME)


def d13_web_server_among_the_name_servers(lab):
    hosts = {**OWN, "shop.example": "45.90.29.80"}
    text = shop.zone("@ IN NS shop.example.", shop.record())
    lab.world(shop.SERVERS, {"shop.example": text, "example": shop.registry(delegation("shop.example", hosts))})
    auth.start(lab, MIXED)
    bad_channels.silence(["45.90.29.80"])
    expect(shop.ask("45.90.29.80"), None, "what the checker sees there")
    return expecting(lab, NAME)
