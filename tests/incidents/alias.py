"""The worlds of alias.json."""
import real_authorities as auth
import shop
from real_lab import expect

BALANCER = "lb.shop-hosting.example"


def preflight(lab, name, *options):
    return lab.tool("dcv-preflight", name, "--expect", shop.VALUE, "--json", *options)


def c01_wildcard_alias_swallows_the_challenge(lab):
    lab.world([*shop.SERVERS, {"name": f"ns1.{BALANCER[3:]}", "addresses": ["185.136.96.20"],
                               "zones": ["shop-hosting.example"]}],
              {"shop.example": shop.zone(f"* IN CNAME {BALANCER}."),
               "shop-hosting.example": """$TTL 3600
@ IN SOA ns1 hostmaster 1 7200 900 1209600 300
@ IN NS ns1
ns1 IN A 185.136.96.20
lb IN A 185.136.96.80
""",
               "example.zone.add": "shop-hosting.example. IN NS ns1.shop-hosting.example.\n"
                                   "ns1.shop-hosting.example. IN A 185.136.96.20\n"})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    alias, = shop.ask("45.90.28.10", "_acme-challenge.web.shop.example", "CNAME")["answerRRs"]
    expect(alias["rdataCNAME"], f"{BALANCER}.", "the alias that a client finds")
    return preflight(lab, "web.shop.example")
