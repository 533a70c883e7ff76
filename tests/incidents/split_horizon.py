"""The worlds of split_horizon.json."""
import bad_channels
import fronts
import real_authorities as auth
import real_resolvers as res
import shop
from real_lab import expect

NAME = "app.shop.example"
INSIDE = "10.0.0.2"  # the resolver of the cloud, the company or the house
OUTSIDE = "1.1.1.1"
PRIVATE_SERVERS = ["ns-0.awsdns-00.com", "ns-512.awsdns-00.net", "ns-1024.awsdns-00.org",
                   "ns-1536.awsdns-00.co.uk"]  # of every private zone of Route 53


def zone(apex_servers, *lines):
    """A private shop.example with these name servers."""
    servers = "".join(f"@ IN NS {name}.\n" for name in apex_servers)
    return ("$TTL 300\n@ IN SOA " + apex_servers[0] + ". hostmaster 1 7200 900 1209600 300\n" + servers
            + "app IN A 10.0.1.81\n" + "".join(f"{line}\n" for line in lines))


OFFICE = zone(["dc1.shop.example"], "dc1 IN A 10.0.0.10")


class ResolverWithZones(res.Bind):
    """BIND that resolves for the inside and has zones of its own: texts by apex."""

    def __init__(self, lab, addresses, zones, extra=""):
        super().__init__(lab, addresses, extra)
        self.zones = zones

    def command(self):
        ran = super().command()
        own = ""
        for apex, text in self.zones.items():
            own += f'zone "{apex}" {{ type primary; notify no; file "{self.write(apex, text)}"; }};\n'
        path = self.folder / "named.conf"
        path.write_text(path.read_text().replace('view "internet" IN {', f'view "internet" IN {{\n{own}'))
        return ran


def world(lab, *lines):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(*lines)})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def cloudflare(lab):
    """A resolver outside that no network is in the way of, with TLS; what makes clients trust it."""
    tls = res.Tls(lab, ["one.one.one.one", OUTSIDE])
    lab.launch_all([res.Unbound(lab, [OUTSIDE], tls=tls, extra=bad_channels.DSCP_OF_UNBOUND)])
    return tls


def both_views(lab, *options, name=NAME, env=None):
    """With the machine's own resolver inside, and one outside. What CAs see is not in question."""
    return lab.tool("dcv-preflight", name, "--expect", shop.VALUE, "--public", "--resolvers", OUTSIDE,
                    "--resolv-conf", fronts.resolv_conf(lab, INSIDE), "--no-ca-eye", "--json", *options,
                    env=env or {})


def h01_private_zone_of_route53_shadows_the_public_one(lab):
    refusing = {"name": PRIVATE_SERVERS[1], "addresses": ["205.251.194.0"], "zones": []}
    world(lab, shop.record())
    lab.launch_all([ResolverWithZones(lab, [INSIDE], {"shop.example": zone(PRIVATE_SERVERS)}),
                    res.Unbound(lab, [OUTSIDE]), auth.Nsd(lab, refusing)])
    expect(shop.ask(*refusing["addresses"])["RCODE"], 5, "what the servers of the private zone say to anyone")
    return both_views(lab)


def h02_port_53_is_open_to_the_inner_resolver_only(lab):
    world(lab, shop.record())
    lab.launch_all([ResolverWithZones(lab, [INSIDE], {"shop.example": OFFICE})])
    tls = cloudflare(lab)
    fronts.block_port_53_but(INSIDE)
    return both_views(lab, "--query-timeout", "2", env=tls.env)


def h03_local_resolver_answers_without_soa(lab):
    world(lab, shop.record())
    local = '  local-zone: "shop.example" redirect\n  local-data: "shop.example A 192.168.1.10"\n'
    lab.launch_all([res.Unbound(lab, [INSIDE], local), res.Unbound(lab, [OUTSIDE])])
    expect("authorityRRs" in shop.ask(INSIDE, NAME, "SOA"), False, "whether an SOA comes with nothing")
    return both_views(lab)


def h04_active_directory_serves_the_same_name(lab):
    world(lab, shop.record())
    lab.launch_all([ResolverWithZones(lab, [INSIDE], {"shop.example": OFFICE}), res.Unbound(lab, [OUTSIDE])])
    expect(shop.values(INSIDE), [], "what the inside sees")
    return both_views(lab)


def h05_inner_view_has_a_zone_of_its_own_for_the_subdomain(lab):
    name = "app.sub.shop.example"
    world(lab, shop.record(name=f"_acme-challenge.{name}"))
    inner = {"shop.example": shop.zone("sub IN NS ns1"), "sub.shop.example": zone(["ns1.shop.example"])}
    lab.launch_all([ResolverWithZones(lab, [INSIDE], inner), res.Unbound(lab, [OUTSIDE])])
    soa = shop.ask(INSIDE, f"_acme-challenge.{name}", "SOA")["authorityRRs"][0]
    expect(soa["NAME"], "sub.shop.example.", "the zone that a client finds inside")
    return both_views(lab, name=name)


def h06_router_answers_in_the_place_of_all_resolvers(lab):
    world(lab, shop.record())
    lab.launch_all([ResolverWithZones(lab, ["10.0.0.1", "fd00::1"], {"shop.example": OFFICE})])
    tls = cloudflare(lab)
    bad_channels.intercept_port_53("10.0.0.1", "fd00::1")
    return both_views(lab, env=tls.env)


def h07_record_was_written_to_the_private_twin(lab):
    world(lab)
    twin = {"shop.example": zone(PRIVATE_SERVERS, shop.record())}
    lab.launch_all([ResolverWithZones(lab, [INSIDE], twin), res.Unbound(lab, [OUTSIDE])])
    expect(shop.values(INSIDE), [shop.VALUE], "what the inside sees")
    return both_views(lab)
