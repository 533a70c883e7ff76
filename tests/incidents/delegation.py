"""The worlds of delegation.json."""
import real_authorities as auth
import shop
from real_lab import expect

NAME = "app.shop.example"
# The customer's domain is at the DNS provider hoster.net; each set has two servers there.
OLD = {"dns1": "89.207.128.10", "dns2": "89.207.129.10"}
NEW = {"dns3": "89.207.130.10", "dns4": "89.207.131.10"}


def at_hoster(hosts, *zones):
    return [{"name": f"{host}.hoster.net", "addresses": [address], "zones": ["hoster.net", *zones]}
            for host, address in hosts.items()]


def hoster_zones():
    """The provider's own zone, and its delegation."""
    addresses = [f"{host}.hoster.net. 3600 IN A {address}" for host, address in {**OLD, **NEW}.items()]
    zone = ["$TTL 3600", "@ IN SOA dns1 hostmaster 1 7200 3600 1209600 300", "@ IN NS dns1", "@ IN NS dns2"]
    delegation = [f"hoster.net. 3600 IN NS {host}.hoster.net." for host in OLD]
    return {"hoster.net": "\n".join([*zone, *addresses, ""]),
            "net.zone.add": "\n".join([*delegation, *addresses, ""])}


def zone_of(hosts, *lines):
    """The text of shop.example at these servers of the provider."""
    return "\n".join(["$TTL 3600", f"@ IN SOA {min(hosts)}.hoster.net. hostmaster 1 7200 3600 1209600 300",
                      *[f"@ IN NS {host}.hoster.net." for host in hosts], "@ IN A 45.90.29.80",
                      "app IN A 45.90.29.81", *lines, ""])


def delegated_to(hosts):
    return shop.registry(*[f"shop.example. 3600 IN NS {host}.hoster.net." for host in hosts])


def preflight(lab, *options):
    return lab.tool("dcv-preflight", NAME, "--expect", shop.VALUE, "--json", *options)


def d02_delegation_set_made_anew(lab):
    lab.world([*at_hoster(OLD), *at_hoster(NEW, "shop.example")],
              {**hoster_zones(), "example": delegated_to(OLD), "shop.example": zone_of(NEW, shop.record())})
    auth.start(lab, {"dns1.hoster.net": auth.PowerDns, "dns2.hoster.net": auth.Bind})
    expect(shop.ask(OLD["dns1"])["RCODE"], 5, "what the old set says")
    expect(shop.values(NEW["dns3"]), [shop.VALUE], "what the new set has")
    return preflight(lab)
