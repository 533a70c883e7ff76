#!/usr/bin/env python3
"""What dcv-delegate prints, pasted into a zone on real NSD and Knot DNS, is what its --verify and
dcv-preflight find right; before that both say exactly what is missing.

Usage: delegate.py [CASE...]
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import shop  # noqa: E402
from real_lab import expect  # noqa: E402

HOST = "app.shop.example"
CLOUDFLARE = ["--to", "cloudflare", "--id", "8a602f2b29d92dc2"]
DESEC = ["--to", "desec", "--id", "validation.shop-validation.dedyn.io"]
TOKENS = {"name": "tokens.shop.example", "addresses": ["45.90.31.10"]}
HEADING = re.compile(r"^; In the (new )?zone ([^ ,:]+)")


class Published:
    """The output of dcv-delegate by zone: the text between its headings, pasted as it is."""

    def __init__(self, lab, *options):
        ran = lab.tool("dcv-delegate", *options, HOST)
        expect((ran.returncode, ran.stderr), (0, ""), "dcv-delegate")
        self.above, self.new, place = {}, {}, None
        for line in ran.stdout.splitlines():
            heading = HEADING.match(line)
            if heading:
                place = (self.new if heading[1] else self.above).setdefault(heading[2] + ".", [])
            elif place is not None:
                place.append(line)


def judged(lab, *command):
    """Exit status and the ids of the findings."""
    ran = lab.tool(*command, "--json", HOST)
    if ran.returncode > 3:
        raise AssertionError(f"{command}: {ran.returncode} {ran.stderr}")
    findings = json.loads(ran.stdout)["targets"][0]["findings"]
    return ran.returncode, [finding["id"] for finding in findings]


def verify(lab, *options):
    return judged(lab, "dcv-delegate", "--verify", *options)


def preflight(lab):
    return judged(lab, "dcv-preflight", "--expect", shop.VALUE)


def start(lab, *more_servers, **more_zones):
    lab.world([*shop.SERVERS, *more_servers],
              {"shop.example": shop.zone(), **{k.replace("__", "."): v for k, v in more_zones.items()}})
    return auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def paste(servers, published):
    for server in (shop.NS1, shop.NS2):
        servers[server].add(shop.APEX, *published.above[shop.APEX])


def both_ways(lab, servers, *options):
    """Before and after the output has been pasted."""
    expect(verify(lab, *options), (2, ["delegate-record-missing"]), "--verify before")
    expect(preflight(lab), (2, ["value-expected-absent"]), "dcv-preflight before")
    paste(servers, Published(lab, *options))
    expect(verify(lab, *options), (0, []), "--verify after")
    expect(verify(lab), (0, []), "--verify of any delegation")
    expect(preflight(lab), (0, []), "dcv-preflight after")


def cloudflare(lab):
    both_ways(lab, start(lab), *CLOUDFLARE)


def desec(lab):
    both_ways(lab, start(lab), *DESEC)


def desec_before_the_first_order(lab):
    """Nothing at the target is right as long as nobody has ordered."""
    servers = start(lab)
    target = "first.shop-validation.dedyn.io"
    paste(servers, Published(lab, "--to", "desec", "--id", target))
    expect(verify(lab, "--to", "desec", "--id", target), (0, []), "--verify")
    expect(judged(lab, "dcv-preflight"), (1, ["alias-target-nxdomain"]), "dcv-preflight")


def acme_dns(lab):
    """An instance of one's own, with its zone in the customer's."""
    account = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"
    instance = {"name": "auth.shop.example", "addresses": ["45.90.31.10"], "zones": ["auth.shop.example"]}
    zone = f"""$TTL 1
@ 1 IN SOA @ hostmaster ( 1 28800 7200 604800 60 )
@ IN NS @
@ IN A 45.90.31.10
{account} IN TXT "{shop.VALUE}"
"""
    servers = start(lab, instance, auth__shop__example=zone)
    both_ways(lab, servers, "--to", "acme-dns", "--id", f"{account}.auth.shop.example",
              "--address", "45.90.31.10")


def name_servers(lab):
    """The new zone is served from what was printed for it, and holds the token besides."""
    options = ["--ns", "--nameserver", "tokens.shop.example"]
    child = f"_acme-challenge.{HOST}"
    server = {**TOKENS, "zones": [child]}
    printed = "\n".join([f'{child}. 60 IN TXT "{shop.VALUE}"', *Published(lab, *options).new[f"{child}."]])
    lab.world([*shop.SERVERS, server],
              {"shop.example": shop.zone("tokens IN A 45.90.31.10"), child: printed + "\n"})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    both_ways(lab, servers, *options)


def glue(lab):
    """A server within the new zone is found by the address printed for the zone above."""
    child = f"_acme-challenge.{HOST}"
    options = ["--ns", "--nameserver", f"ns.{child}", "--address", "45.90.31.10"]
    server = {"name": f"ns.{child}", "addresses": ["45.90.31.10"], "zones": [child]}
    printed = "\n".join([f'{child}. 60 IN TXT "{shop.VALUE}"', *Published(lab, *options).new[f"{child}."]])
    servers = start(lab, server, **{child: printed + "\n"})
    both_ways(lab, servers, *options)


def wrong_targets(lab):
    """What leads elsewhere is told, whether alias or name servers, and so is one server without it."""
    servers = start(lab)
    other = Published(lab, *DESEC)
    paste(servers, other)
    expect(verify(lab, *CLOUDFLARE), (2, ["delegate-target-differs"]), "another alias")
    expect(verify(lab, "--ns", "--nameserver", "tokens.shop.example"), (2, ["delegate-target-differs"]),
           "an alias in place of name servers")
    servers[shop.NS2].remove(shop.APEX, "IN CNAME")
    expect(verify(lab, *DESEC), (1, ["alias-targets-differ"]), "one of two servers has it")


def doubled_name(lab):
    """The trap that the output warns of."""
    servers = start(lab)
    line, = (l for l in Published(lab, *CLOUDFLARE).above[shop.APEX] if " IN CNAME " in l)
    for server in (shop.NS1, shop.NS2):
        servers[server].add(shop.APEX, line.replace(f"{HOST}. 3600", f"{HOST}.shop.example. 3600"))
    expect(verify(lab, *CLOUDFLARE), (2, ["alias-owner-doubled"]), "--verify")


def two_records(lab):
    """The second record of a provider that needs two is looked for as well."""
    options = ["--to", "render", "--id", "shop"]
    servers = start(lab)
    first, second = (l for l in Published(lab, *options).above[shop.APEX] if " IN CNAME " in l)
    for server in (shop.NS1, shop.NS2):
        servers[server].add(shop.APEX, first)
    status, ids = verify(lab, *options)
    assert status == 2 and "delegate-record-missing" in ids, ids
    for server in (shop.NS1, shop.NS2):
        servers[server].add(shop.APEX, second)
    assert "delegate-record-missing" not in verify(lab, *options)[1]


def tokens_of_cas(lab):
    """A CNAME that is the proof itself is judged by its own method and CA, and leads nowhere."""
    md5, half = "d41d8cd98f00b204e9800998ecf8427e", "e3b0c44298fc1c149afbf4c8996fb924"
    rows = {"amazon": ["--to", "aws-acm", "--at", f"_{half}.{HOST}",
                       "--target", f"_{md5}.mhbtsbpdnt.acm-validations.aws"],
            "digicert": ["--to", "digicert-cname", "--id", "8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h"],
            "sectigo": ["--to", "sectigo-cname", "--at", f"_{md5}.{HOST}", "--target", f"{half}.{md5}.sectigo.com"]}
    servers = start(lab)
    for ca, options in rows.items():
        expect(verify(lab, *options), (2, ["delegate-record-missing"]), f"{ca}: --verify before")
        paste(servers, Published(lab, *options))
        target = json.loads(lab.tool("dcv-delegate", "--verify", "--json", *options, HOST).stdout)["targets"][0]
        told = [target[key] for key in ("verdict", "findings", "method", "ca")]
        expect(told, ["ready", [], "dns-cname", ca], f"{ca}: --verify after")
    other = [word.replace(md5, half[::-1]) for word in rows["amazon"]]
    expect(verify(lab, *other), (2, ["delegate-target-differs"]), "another target")


CASES = [tokens_of_cas, cloudflare, desec, desec_before_the_first_order, acme_dns, name_servers, glue, wrong_targets,
         doubled_name, two_records]

if __name__ == "__main__":
    real_lab.main(CASES, ["nsd", "knotd", "kdig"])
