"""The worlds of negative_caching.json: resolvers that were asked before the record was there. The
authorities have it, and the time that a denial is kept is told."""
import json

import dcv
import real_authorities as auth
import real_lab
import real_resolvers as res
import shop
from real_lab import expect, program

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
    """The run, when it tells a wait that is `most` seconds, less those since."""
    target, = json.loads(ran.stdout)["targets"]
    waits = [int(f["arguments"]["wait_seconds"]) for f in target["findings"] if "wait_seconds" in f["arguments"]]
    expect([most - 60 < wait <= most for wait in waits], [True], f"waits {waits}, of {most} s")
    return ran


class HttpsProxy(res.Dnsdist):
    """Plain DNS in, HTTPS to `backend` out."""

    def __init__(self, lab, address, backend, tls):
        super().__init__(lab, [address], backend)
        self.port, self.authority = 5053, tls.ca

    def is_up(self):
        return real_lab.raw_reply(self.addresses[0], res.UP, real_lab.TXT, port=self.port) is not None

    def command(self):
        return [program("dnsdist"), "--supervised", "--disable-syslog", "-C", self.write("dnsdist.conf", f"""
setSecurityPollSuffix('')
addLocal('{self.addresses[0]}:{self.port}')
newServer({{ address = '{self.backend.addresses[0]}:443', tls = 'openssl', dohPath = '/dns-query',
             subjectName = 'cloudflare-dns.com', caStore = '{self.authority}', healthCheckMode = 'up' }})
addAction(QNameRule('{res.UP}'), RCodeAction(DNSRCode.REFUSED))
""")]


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


def n02_a_day_of_denial_by_acme_dns(lab):
    """acme-dns has 86400 as its SOA minimum, and Infoblox is BIND within."""
    account = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"
    instance = {"name": "auth.shop.example", "addresses": ["45.90.31.10"], "zones": ["auth.shop.example"]}
    zone = """$TTL 86400
@ IN SOA @ hostmaster ( 1 28800 7200 604800 86400 )
@ IN NS @
@ IN A 45.90.31.10
"""
    servers = serve(lab, "auth IN NS auth", "auth IN A 45.90.31.10",
                    f"{shop.TOKEN}. IN CNAME {account}.auth.shop.example.", servers=[instance],
                    zones={"auth.shop.example": zone})
    lab.launch_all([res.Bind(lab, [LOCAL]), res.Unbound(lab, [GOOGLE])])
    ask_too_early(LOCAL)
    servers["auth.shop.example"].add("auth.shop.example.", f'{account} 1 IN TXT "{shop.VALUE}"')
    return told(preflight(lab, LOCAL), 10800)


class Scripted:
    """The world's servers with their misbehaviour, by dcv-lab."""

    name, addresses = "dcv-lab", ()

    def __init__(self, lab):
        self.folder = lab.folder

    def command(self):
        return [str(dcv.BIN / "dcv-lab"), "run", "--here", f"{self.folder}/world/story", "--", "sleep", "1000"]

    def is_up(self):
        return real_lab.raw_reply("45.90.28.10", shop.APEX, real_lab.SOA) is not None


def n03_alias_question_denies_the_name(lab):
    """acme-dns says NXDOMAIN to all types but TXT, which no server does that follows the RFCs."""
    account = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a.auth.shop.example"
    instance = {"name": "auth.shop.example", "addresses": ["45.90.31.10"], "zones": ["auth.shop.example"],
                "behaviour": {"rcode_by_type": {"CNAME": "NXDOMAIN"}}}
    zone = f"""$TTL 3600
@ IN SOA @ hostmaster ( 1 28800 7200 604800 3600 )
@ IN NS @
@ IN A 45.90.31.10
{shop.record(name=account, ttl=1)}
"""
    text = shop.zone("auth IN NS auth", "auth IN A 45.90.31.10", f"{shop.TOKEN}. IN CNAME {account}.")
    lab.world([*shop.SERVERS, instance], {"shop.example": text, "auth.shop.example": zone})
    lab.launch_all([Scripted(lab)])
    lab.launch_all([res.Recursor(lab, [LOCAL]), res.Unbound(lab, [GOOGLE])])
    ask_too_early(LOCAL, account, "CNAME")
    expect((shop.values(LOCAL, account), shop.values("45.90.31.10", account)), ([], [shop.VALUE]),
           "resolver and acme-dns")
    return told(preflight(lab, LOCAL), 3600)


def n05_cache_before_a_proxy(lab):
    """A cache on the machine, and behind it a proxy that asks over HTTPS."""
    local = "127.0.0.1"
    servers = serve(lab, minimum=1800)
    tls = res.Tls(lab, ["cloudflare-dns.com"])
    upstream, = lab.launch_all([res.Unbound(lab, [CLOUDFLARE], tls=tls)])
    forward = f"  do-not-query-localhost: no\nforward-zone:\n  name: .\n  forward-addr: {local}@5053\n"
    lab.launch_all([HttpsProxy(lab, local, upstream, tls), res.Unbound(lab, [local], forward)])
    ask_too_early(local)
    publish(servers)
    lab.stop(upstream)
    lab.launch_all([res.Unbound(lab, [CLOUDFLARE], tls=tls)])  # another of the operator's machines
    return told(preflight(lab, local, public=CLOUDFLARE), 1800)


def n08_private_ca_with_a_cache(lab):
    servers = serve(lab, minimum=3600)
    lab.launch_all([res.Unbound(lab, [LOCAL]), res.KnotResolver(lab, [GOOGLE])])
    ask_too_early(LOCAL)
    publish(servers)
    profiles = lab.folder / "profiles.json"
    profiles.write_text(json.dumps({"kind": "dcv-ca-profiles", "version": 1, "profiles": [
        {"name": "in-house", "title": "The CA in our own network", "identities": ["pki.shop.example"],
         "methods": ["dns-01"], "resolvers": [LOCAL], "quorum": [{"from": 0, "remotes": 0, "may_fail": 0}]}]}))
    return told(preflight(lab, public=f"{LOCAL},{GOOGLE}",
                          options=("--ca", "in-house", "--ca-profiles", profiles)), 3600)


def n09_edges_forget_one_after_another(lab):
    delegation = [f"shop.example. 3600 IN NS {name}." for name in (shop.NS1, shop.NS2)]
    glue = ["ns1.shop.example. 3600 IN A 45.90.28.10", "ns2.shop.example. 3600 IN A 45.90.30.10"]
    servers = serve(lab, shop.record(), zones={"example": shop.registry().replace("900 )", "300 )")})
    edges = lab.launch_all([res.Unbound(lab, ["45.91.10.1"]), res.Unbound(lab, ["45.91.10.2"])])
    lab.launch_all([res.ByTurns(lab, [GOOGLE], edges[0].addresses[0], edges[1].addresses[0])])
    ask_too_early("45.91.10.1", "shop.example", "NS")
    ask_too_early("45.91.10.1")
    registry = servers["a.nic.example"]
    registry.add("example.", *delegation, *glue)
    expect(shop.values("45.91.10.2"), [shop.VALUE], "the other edge")
    return preflight(lab)
