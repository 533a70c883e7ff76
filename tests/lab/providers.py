#!/usr/bin/env python3
"""Every row of tools/providers.json before the real binary: a record as the provider gives it out is
known by the row's title and needs no word; a wrong one gets its finding. Two orders, one a world.

Usage: providers.py [ROW...]
"""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

VALUE = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
HEX16, HEX32, OTHER32 = "8a602f2b29d92dc2", "d41d8cd98f00b204e9800998ecf8427e", "e3b0c44298fc1c149afbf4c8996fb924"
UUID = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"
TOKEN = "8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h"
CUSTOMER = {"ns1.shop.example": ["45.90.28.10", "2a07:a8c0::10"], "ns2.shop.example": ["45.90.30.10", "2a07:a8c1::10"]}
# As in the base of the scenarios, to which they add zones.
DESEC = {"ns1.desec.io": ["45.54.76.1", "2607:f740:e633:deec::2"],
         "ns2.desec.org": ["157.53.224.1", "2607:f740:e00a:deec::2"]}
PARTIES, ADDRESS = "ns.parties.example", "185.136.98.77"
UNCLAIMED = ["provider-zone-unclaimed", "delegation-all-lame"]  # the second is explained by the first
# Rows whose whole world is a scenario, right and wrong.
SCENARIOS = {"acme": ("ok-direct-txt", "value-hex"), "acme-account": ("ok-account", "value-account-label-delegated"),
             "acme-persist": ("ok-persist", "persist-issuer-differs"),
             "contact-email": ("ok-email-contact", "mail-contact-malformed")}


class Row:
    """A record at `owner` of a host, right and wrong, and the findings of both. `more` are further
    records of the host, `lame` is a zone that is delegated to servers that refuse it."""

    def __init__(self, owner, right, wrong, findings, method="dns-01", ca=None, kind="CNAME", known=(), more=(),
                 lame=""):
        self.owner, self.data = owner, {"right": right, "wrong": wrong}
        self.findings = {"right": list(known), "wrong": findings}
        self.method, self.ca, self.kind, self.more, self.lame = method, ca, kind, more, lame


def alias(right, wrong, findings, **options):
    return Row("_acme-challenge", right, wrong, findings, **options)


def refused(target, **options):
    """The zone of the target is nobody's at the provider's servers in the wrong world."""
    return alias(target, target, UNCLAIMED, **options)


def by_ns(*hosts):
    return Row("_acme-challenge", hosts, hosts, UNCLAIMED, kind="NS")


def claimable(zone):
    """A name that anybody may register, and nobody has in the wrong world."""
    return alias(f"shop.{zone}", f"gone.{zone}", ["provider-name-unclaimed"])


def token(owner, right, wrong, findings, ca, **options):
    method = "dns-cname" if options.get("kind", "CNAME") == "CNAME" else "dns-txt"
    return Row(owner, right, wrong, findings, method=method, ca=ca, **options)


def text(owner, right, wrong, findings, ca="digicert", **options):
    return token(owner, right, wrong, findings, ca, kind="TXT", **options)


def ownership(owner, right, wrong, findings=("record-not-token",)):
    return text(owner, right, wrong, list(findings), known=["provider-ownership-only"])


HOSTS_DIFFER, MALFORMED, NOT_TOKEN = ["provider-host-differs"], ["provider-target-malformed"], ["record-not-token"]
ROWS = {
    "cloudflare": alias(f"{{host}}.{HEX16}.dcv.cloudflare.com", f"other.{HEX16}.dcv.cloudflare.com", HOSTS_DIFFER),
    "aws-acm": token(f"_{OTHER32}", f"_{HEX32}.mhbtsbpdnt.acm-validations.aws", f"_{HEX32[1:]}.acm-validations.aws",
                     NOT_TOKEN, "amazon"),
    "google-certificate-manager": alias(f"{UUID}.7.authorize.certificatemanager.goog",
                                        "shop.authorize.certificatemanager.goog", MALFORMED),
    "google-certificate-manager-project": Row(
        "_acme-challenge_c5xklnwtsay5pclz", f"{UUID}.11.authorize.certificatemanager.goog",
        "absent.authorize.certificatemanager.goog", ["alias-target-on-demand", "record-missing"],
        method="dns-txt", ca="google"),
    "fastly": alias("0123456789abcdef12.fastly-validations.com", "shop.fastly-validations.com", MALFORMED),
    "akamai": alias(f"ac.{HEX32}.{{host}}.validate-akdv.net", f"ac.{HEX32}.other.validate-akdv.net", HOSTS_DIFFER),
    "fly": alias("{host}.abc123.flydns.net", "other.abc123.flydns.net", HOSTS_DIFFER),
    "render": alias("shop.verify.renderdns.com", "a_b.verify.renderdns.com", MALFORMED,
                    more=["_cf-custom-hostname CNAME shop.hostname.renderdns.com."]),
    "aptible": refused("endpoint.on.aptible.in"),
    "f5-xc": alias(f"{HEX32}.autocerts.ves.volterra.io", "shop.autocerts.ves.volterra.io", MALFORMED),
    "certify-dns": alias(f"{HEX32}.auth.certifytheweb.com", "a_b.auth.certifytheweb.com", MALFORMED),
    "acme-dns-io": alias(f"{UUID}.auth.acme-dns.io", "shop.auth.acme-dns.io", MALFORMED),
    "desec": alias("_acme-challenge.{host}.shop-validation.dedyn.io", "_acme-challenge.{host}.shop-gone.dedyn.io",
                   ["provider-name-unclaimed"]),
    "duckdns": claimable("duckdns.org"),
    "sslmate": alias("0a1b2c.dcv.sslmate.com", "0a1b2c.gone.sslmate.com", UNCLAIMED, lame="gone.sslmate.com"),
    "sslmate-ns": by_ns("ns1.dns.sslmate.com"),
    "desec-ns": by_ns("ns1.desec.io", "ns2.desec.org"),
    "vercel": by_ns("ns1.vercel-dns.com"),
    "netlify": by_ns("dns1.p01.nsone.net"),
    "digicert-cname-old": token(f"_{TOKEN}", "dcv.digicert.com", "dcv.digicert.net", NOT_TOKEN, "digicert",
                                known=["record-form-retired"]),
    "digicert-cname": token("_dnsauth", f"{TOKEN}.dcv.digicert.com", "short.dcv.digicert.com", NOT_TOKEN, "digicert"),
    "sectigo-cname": token(f"_{HEX32}", f"{OTHER32}.{HEX32}.sectigo.com", f"{OTHER32}.sectigo.com", NOT_TOKEN, "sectigo"),
    "zerossl-cname": token(f"_{HEX32}", f"{OTHER32}.{HEX32}.u7.comodoca.com", f"{OTHER32}.comodoca.com", NOT_TOKEN, "zerossl"),
    "sectigo-cname-old": token(HEX32, f"{OTHER32}12345678.comodoca.com", "shop.comodoca.com", NOT_TOKEN, "sectigo",
                               known=["record-form-retired"]),
    "sectigo-txt": text("_pki-validation", "MIAGCSqGSIb3DQEHAqCAMIA=", "MIAG SqGSIb3DQEHAqCAMIA=", NOT_TOKEN, "sectigo"),
    "quovadis-txt": text("_dnsauth", f"QuoVadis={UUID}", f"Quovadis={UUID}", NOT_TOKEN),
    "globalsign-txt": text("", f"_globalsign-domain-verification={HEX32}", f"_globalsign-domain-verification:{HEX32}",
                           ["record-missing"], "globalsign"),
    "azure-front-door": text("_dnsauth", f"_{TOKEN}", f"_{TOKEN[:20]}", NOT_TOKEN),
    "digicert-txt": text("_dnsauth", TOKEN, TOKEN[:20], NOT_TOKEN),
    "contact-phone": ownership("_validation-contactphone", "+49 30 901820", "tel:030"),
    "cloudflare-hostname": ownership("_cf-custom-hostname", UUID, HEX16),
    "render-hostname": token("_cf-custom-hostname", "shop.hostname.renderdns.com", "a_b.hostname.renderdns.com", NOT_TOKEN,
                             "digicert", known=["provider-ownership-only"]),
    "azure-app-service": ownership("asuid", HEX32.upper(), "shop", ["record-missing"]),
    "akamai-ownership": ownership("_akamai-host-challenge", "akamai-token.1", "two words"),
    "fly-ownership": ownership("_fly-ownership", "app-4d5e6f7a", "two words"),
    "github-pages": ownership("_github-pages-challenge-shop", HEX32[:30], HEX16),
    "github-organisation": ownership("_gh-challenge-shop", "4d5e6f7a8b", "two words"),
    "azure-websites": claimable("azurewebsites.net"),
    "azure-cloudapp": claimable("westeurope.cloudapp.azure.com"),
    "azure-cloudapp-classic": claimable("cloudapp.net"),
    "azure-traffic-manager": claimable("trafficmanager.net"),
    "azure-blob": claimable("blob.core.windows.net"),
    "azure-cdn": claimable("azureedge.net"),
    "azure-api": claimable("azure-api.net"),
    "azure-container": claimable("westeurope.azurecontainer.io"),
    "aws-elastic-beanstalk": claimable("us-east-1.elasticbeanstalk.com"),
    "aws-s3": claimable("s3.amazonaws.com"),
    "github-io": claimable("github.io"),
    "heroku": claimable("herokuapp.com"),
    "acme-dns": refused(f"{UUID}.auth.tokens.example"),
}


def host_of(row_id):
    return f"{row_id}.shop.example"


def zone_text(server, lines=()):
    return "\n".join(["$TTL 3600", f"@ IN SOA {server}. hostmaster.parties.example. 1 7200 3600 1209600 300",
                      f"@ IN NS {server}.", *lines]) + "\n"


def registrable(name):
    return ".".join(name.split(".")[-2:])


class World:
    """The zones of the customer and of all providers, on a server each of theirs."""

    def __init__(self, folder, world, rows):
        self.folder, self.world = pathlib.Path(folder), world
        self.folder.mkdir()
        self.customer, self.adds, self.zones, self.servers = [], {}, {}, {}
        for row_id, row in rows.items():
            self.add(row_id, row)

    def add(self, row_id, row):
        host = host_of(row_id)
        owner = f"{row.owner}.{host}." if row.owner else f"{host}."
        data = row.data[self.world]
        if row.kind == "NS":
            self.customer += [f"{owner} IN NS {server}." for server in data]
            for server in data:
                self.serve(server, owner[:-1])
            return
        target = data.format(host=host)
        shown = f"{target}." if row.kind == "CNAME" else f'"{data}"'
        self.customer.append(f"{owner} 300 IN {row.kind} {shown}")
        for line in row.more:
            label, rest = line.split(" ", 1)
            self.customer.append(f"{label}.{host}. 300 IN {rest}")
        if row.kind == "CNAME" and row.method != "dns-cname":  # there the record is the proof
            self.provide(target, row)

    def provide(self, target, row):
        """The target's zone, with the proof where all is right."""
        zone = registrable(target)
        if zone in ("cloudflare.com", "dedyn.io"):
            zone = {"cloudflare.com": "dcv.cloudflare.com", "dedyn.io": "shop-validation.dedyn.io"}[zone]
            if self.world == "right":
                self.adds.setdefault(zone, []).append(f'{target}. 60 IN TXT "{VALUE}"')
            return
        self.adds.setdefault(zone.split(".")[-1], []).append(f"{zone}. 3600 IN NS {PARTIES}.")
        right = self.world == "right"
        if not right and row.findings["wrong"] == UNCLAIMED and not row.lame:
            return  # whoever asks for it there is refused
        lines = [f'{target}. 60 IN TXT "{VALUE}"'] if right else []
        lines += [f"{row.lame}. IN NS ns1.shop.example."] if row.lame else []
        self.zones.setdefault(zone, []).extend(lines)
        self.servers.setdefault(PARTIES, [ADDRESS, ["parties.example"]])[1].append(zone)

    def serve(self, server, child):
        """A name server of a provider, with the zone that is delegated to it where all is right."""
        if server in DESEC:
            entry = self.servers.setdefault(
                server, [DESEC[server], ["desec.io", "desec.org", "dedyn.io", "shop-validation.dedyn.io"]])
        else:
            own, address = registrable(server), f"185.136.99.{10 + len(self.servers)}"
            known = own in self.zones  # another row's: only the host is new
            entry = self.servers.setdefault(server, [address, [] if known else [own]])
            self.zones.setdefault(own, []).append(f"{server}. IN A {address}")
            if not known:
                self.zones[own].insert(0, f"@ IN NS {server}.")
                self.adds.setdefault(own.split(".")[-1], []).extend(
                    [f"{own}. 3600 IN NS {server}.", f"{server}. 3600 IN A {address}"])
        if self.world == "right":
            entry[1].append(child)
            self.zones.setdefault(child, []).append(f'@ 60 IN TXT "{VALUE}"')
            self.zones[child].append(f"@ IN NS {server}.")

    def write(self):
        self.write_zones()
        self.write_servers()

    def write_zones(self):
        own = [*(f"{name.split('.')[0]} IN {'AAAA' if ':' in address else 'A'} {address}"
                 for name, addresses in CUSTOMER.items() for address in addresses), "@ IN NS ns2", *self.customer]
        self.file("shop.example.zone", zone_text("ns1.shop.example", own))
        self.file("parties.example.zone", zone_text(PARTIES, [f"ns IN A {ADDRESS}"]))
        self.adds.setdefault("example", []).extend(
            [f"parties.example. 3600 IN NS {PARTIES}.", f"{PARTIES}. 3600 IN A {ADDRESS}"])
        for zone, lines in self.zones.items():
            servers = [line.split()[-1][:-1] for line in lines if line.startswith("@ IN NS")] or [PARTIES]
            rest = dict.fromkeys(line for line in lines if line != f"@ IN NS {servers[0]}.")
            self.file(f"{zone}.zone", zone_text(servers[0], rest))

    def write_servers(self):
        servers = [{"name": name, "addresses": addresses, "zones": ["shop.example"]}
                   for name, addresses in CUSTOMER.items()]
        servers += [{"name": name, "addresses": address if isinstance(address, list) else [address], "zones": list(dict.fromkeys(zones))}
                    for name, (address, zones) in self.servers.items()]
        new = [zone for zone in ("goog", "in") if zone in self.adds]
        if new:
            servers.append({"name": "a.nic.example", "addresses": ["194.0.25.29"], "zones": ["example", *new]})
            self.adds["."] = [f"{zone}. 86400 IN NS a.nic.example." for zone in new]
        for zone, lines in self.adds.items():
            lines = "\n".join(dict.fromkeys(lines)) + "\n"
            if zone in new:
                self.file(f"{zone}.zone", zone_text("a.nic.example") + lines)
            else:
                self.file(f"{'root' if zone == '.' else zone}.zone.add", lines)
        self.file("scenario.json", json.dumps({
            "title": "t", "about": "a", "command": ["true"], "expect": {"verdict": "ready", "findings": []},
            "servers": servers}))

    def file(self, name, content):
        (self.folder / name).write_text(content)


def order_of(rows):
    names = []
    for row_id, row in rows.items():
        line = {"name": host_of(row_id), "method": row.method}
        if row.ca:
            line["ca"] = row.ca
        if row.method in ("dns-txt", "dns-cname"):
            line["owner"] = f"{row.owner}.{host_of(row_id)}" if row.owner else host_of(row_id)
        names.append(line)
    return names


def judged(folder, world, rows):
    place = pathlib.Path(folder) / world
    World(place, world, rows).write()
    order = pathlib.Path(folder) / f"{world}.json"
    order.write_text(json.dumps(order_of(rows)))
    ran = dcv.run("dcv-lab", "run", place, "--", "dcv-preflight", "--order", order, "--json", "--no-ca-eye")
    if ran.returncode > 3:
        raise AssertionError(f"{world}: {ran.stderr}")
    return {target["identifier"]: target for target in json.loads(ran.stdout)["targets"]}


def faults_of(row_id, row, title, targets, world):
    target = targets[host_of(row_id)]
    ids = [finding["id"] for finding in target["findings"]]
    if ids != row.findings[world]:
        yield f"{row_id}, {world}: {ids}, not {row.findings[world]}: {[f['message'] for f in target['findings']]}"
    told = {target.get("provider", "")} | {f["arguments"].get("provider", "") for f in target["findings"]}
    silent = not title or row_id in SILENT
    if world == "right" and not silent and title not in told:
        yield f"{row_id}: known as {sorted(told)}, not as {title}"


# Nobody delegates validation to these on purpose: they are told by name only when they are a danger.
SILENT = {row_id for row_id, row in ROWS.items() if row.findings["wrong"] == ["provider-name-unclaimed"]} - {"desec", "duckdns"}


def main():
    dcv.require_lab()
    table = {row["id"]: row["title"] for row in
             json.loads((dcv.ROOT / "tools/providers.json").read_text())["providers"]}
    faults = [f"{row}: no record of it here" for row in table if row not in ROWS and row not in SCENARIOS]
    faults += [f"{row}: no scenario {name}" for row, pair in SCENARIOS.items() for name in pair
               if not (dcv.ROOT / "tests/scenarios" / name).is_dir()]
    rows = {i: r for i, r in ROWS.items() if not sys.argv[1:] or i in sys.argv[1:]}
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "base").symlink_to(dcv.ROOT / "tests/scenarios/base")
        for world in ("right", "wrong"):
            targets = judged(folder, world, rows)
            for row_id, row in rows.items():
                faults += faults_of(row_id, row, table.get(row_id), targets, world)
    print("\n".join(faults) or f"{len(rows)} rows, right and wrong, are told as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
