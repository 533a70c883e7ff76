"""The worlds of value.json: records that are there and hold, or are called, the wrong thing."""
import real_authorities as auth
import shop
from real_lab import expect

NAME = "app.shop.example"
BOTH = ("--expect", shop.VALUE, "--expect", shop.SECOND)


def serve(lab, *lines, first=auth.Nsd, second=auth.Knot, zones=None, servers=()):
    """shop.example with these lines at its two servers."""
    lab.world([*shop.SERVERS, *servers], {"shop.example": shop.zone(*lines), **(zones or {})})
    return auth.start(lab, {shop.NS1: first, shop.NS2: second})


def preflight(lab, *options, name=NAME):
    return lab.tool("dcv-preflight", name, *(options or ("--expect", shop.VALUE)), "--json")


def v01_two_values_at_one_name(lab):
    serve(lab, shop.record(name="_acme-challenge.shop.example"),
          shop.record(shop.SECOND, name="_acme-challenge.shop.example"), second=auth.PowerDns)
    return lab.tool("dcv-preflight", "shop.example", "*.shop.example", *BOTH, "--json")


def v02_provider_keeps_one_value(lab):
    serve(lab, shop.record(shop.SECOND, name=f"*.{NAME}"), shop.record(shop.SECOND, name=NAME), first=auth.PowerDns)
    expect(shop.values("45.90.28.10", f"anything.{NAME}"), [shop.SECOND], "what any name below has")
    return preflight(lab, *BOTH)


def v03_left_overs_of_aborted_runs(lab):
    left = [shop.record(f"{number:02}{shop.OLD[2:]}", ttl=3600) for number in range(12)]
    servers = serve(lab, *left)
    servers[shop.NS1].add(shop.APEX, shop.record())
    return preflight(lab)


def v04_owner_without_final_dot(lab):
    serve(lab, shop.record(name="_acme-challenge.app.shop.example.shop.example"), first=auth.Bind)
    return preflight(lab)


def v05_quotes_within_the_value(lab):
    serve(lab, f'{shop.TOKEN}. 60 IN TXT "\\"{shop.VALUE}\\""', first=auth.PowerDns, second=auth.Bind)
    return preflight(lab)


def v06_old_value_beside_by_design(lab):
    account = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a.auth.shop.example"
    instance = {"name": "auth.shop.example", "addresses": ["45.90.31.10"], "zones": ["auth.shop.example"]}
    zone = f"""$TTL 1
@ 1 IN SOA @ hostmaster ( 1 28800 7200 604800 60 )
@ IN NS @
@ IN A 45.90.31.10
{shop.record(shop.OLD, ttl=1, name=account)}
{shop.record(ttl=1, name=account)}
"""
    serve(lab, "auth IN NS auth", "auth IN A 45.90.31.10", f"{shop.TOKEN}. IN CNAME {account}.",
          servers=[instance], zones={"auth.shop.example": zone})
    return preflight(lab)


def v07_unrelated_value_beside(lab):
    serve(lab, shop.record("google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ", ttl=3600),
          shop.record(), second=auth.Bind)
    return preflight(lab)


def v08_owner_name_as_value(lab):
    serve(lab, shop.record(f"{shop.TOKEN}."), "* IN CNAME lb.shop.example.", "lb IN A 45.90.29.80")
    return preflight(lab)


def v09_target_without_final_dot(lab):
    """Sectigo's record, entered in a panel that appends the zone to what does not end in a dot."""
    owner = "_c9a4cb2e6d1f4a5b8e7d6c5b4a392817"
    target = "3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c.7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a.sectigo.com"
    serve(lab, f"{owner}.app IN CNAME {target}", second=auth.Bind)
    return preflight(lab, "--method", "dns-cname", "--ca", "sectigo", "--at", f"{owner}.{NAME}",
                     "--expect", target)


def v10_label_lost_by_the_client(lab):
    serve(lab, shop.record(name=NAME), second=auth.PowerDns)
    return preflight(lab)
