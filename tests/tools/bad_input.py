#!/usr/bin/env python3
"""Bad input gets one clear sentence on standard error, the right exit status, and no crash; options
about CAs work from the command line, the environment and the configuration file."""
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

PREFLIGHT, PROPAGATION, DELEGATE = "dcv-preflight", "dcv-propagation", "dcv-delegate"
CSR = str(pathlib.Path(__file__).resolve().parents[1] / "rules/samples/shop.csr")
CLOUDFLARE = ["--to", "cloudflare", "--id", "8a602f2b29d92dc2"]
LONG = "a" * 64
# (command, exit status, part of the sentence)
USAGE = [
    ([PREFLIGHT], 64, "usage: dcv-preflight"),
    ([PREFLIGHT, ""], 64, "empty"),
    ([PREFLIGHT, "a..example"], 64, "empty label"),
    ([PREFLIGHT, f"{LONG}.example"], 64, "63"),
    ([PREFLIGHT, ".".join(["a" * 60] * 5)], 64, "253"),
    ([PREFLIGHT, "https://shop.example/x"], 64, "URL"),
    ([PREFLIGHT, "shop example"], 64, "space"),
    ([PREFLIGHT, "user@shop.example"], 64, "mail"),
    ([PREFLIGHT, "192.0.2.1"], 64, "IP address"),
    ([PREFLIGHT, "a.*.example"], 64, "*"),
    ([PREFLIGHT, "_acme-challenge.shop.example"], 64, "_acme-challenge"),
    ([PREFLIGHT, "my_host.shop.example"], 64, "underscore"),
    ([PREFLIGHT, "localhost"], 64, "localhost"),
    ([PREFLIGHT, "--no-such-option", "shop.example"], 64, "no-such-option"),
    ([PREFLIGHT, "--tim", "3", "shop.example"], 64, "tim"),
    ([PREFLIGHT, "--timeout", "0", "shop.example"], 64, "--timeout takes seconds"),
    ([PREFLIGHT, "--timeout", "abc", "shop.example"], 64, '--timeout takes seconds, more than 0 and at most 86400, not "abc"'),
    ([PREFLIGHT, "--output", "/nonexistent/report", "shop.example"], 70, "could not write /nonexistent/report"),
    ([PREFLIGHT, "--format", "xml", "shop.example"], 64, "xml"),
    ([PREFLIGHT, "--save", "--json", "shop.example"], 64, "--json"),
    ([PREFLIGHT, "--expect", "short", "shop.example"], 64, "43 characters"),
    ([PREFLIGHT, "co.uk"], 64, "registry"),
    ([PREFLIGHT, "-4", "-6", "shop.example"], 64, "exclude"),
    ([PREFLIGHT, "--now", "yesterday", "shop.example"], 64, "yesterday"),
    ([PREFLIGHT, "--root-hints", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PREFLIGHT, "--config", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PREFLIGHT, "--config", "/", "shop.example"], 64, "the configuration file: could not read /: a directory"),
    ([PREFLIGHT, "--method", "http01", "shop.example"], 64, "near: http-01"),
    ([PREFLIGHT, "shop.example=dns"], 64, "near: dns-01"),
    ([PREFLIGHT, "shop.example="], 64, '"shop.example=" names no method: NAME=METHOD'),
    ([PREFLIGHT, "*.shop.example=http-01"], 64, "a wildcard needs a method of DNS"),
    ([PREFLIGHT, "--method", "dns-account-01", "shop.example"], 64, "needs --account-uri"),
    ([PREFLIGHT, "--method", "dns-cname", "--ca", "amazon", "shop.example"], 64, "where it does, --at OWNER tells the place"),
    ([PREFLIGHT, "--method", "dns-txt", "--at", "_dnsauth.app.shop.example", "--ca", "digicert", "app.shop.example", "api.shop.example"], 64, "api.shop.example: _dnsauth.app.shop.example is no place for its proof, which stands at or below api.shop.example, or below a name above it with _labels"),
    ([PREFLIGHT, "--at", "_x.shop.example", "shop.example"], 64, "--at goes with dns-txt and dns-cname only"),
    ([PREFLIGHT, "--path", "/x", "shop.example"], 64, "--path goes with http-01 and http-file only"),
    ([PREFLIGHT, "--expect", "", "shop.example"], 64, "--expect is empty; is a variable not set?"),
    ([PREFLIGHT, "--expect=", "shop.example"], 64, "--expect is empty; is a variable not set?"),
    ([PREFLIGHT, "--method", "http-file", "--expect", "abc", "shop.example"], 64, "http-file needs --path"),
    ([PREFLIGHT, "--method", "http-01", "--expect", "abc def", "shop.example"], 64, 'TOKEN.THUMBPRINT, not "abc def"'),
    ([PREFLIGHT, "--method", "dns-cname", "--ca", "digicert", "--expect", "not a name..", "shop.example"], 64, 'the target of the CNAME record, not "not a name.."'),
    ([PREFLIGHT, "--expct", "x", "shop.example"], 64, 'there is no option "--expct"; near: --expect (--help lists all)'),
    ([PREFLIGHT, "-q", "-v", "shop.example"], 64, "-q and -v exclude each other"),
    (["dcv-propagation", "--wait", "", "shop.example"], 64, "--wait is empty; is a variable not set?"),
    (["dcv-propagation", "--wait", "1m", "--expect", "", "shop.example"], 64, "--expect is empty"),
    ([PREFLIGHT, "--method", "http-01", "--https", "shop.example"], 64, "--https goes with http-file, not with http-01"),
    ([PREFLIGHT, "--method", "http-01", "--path", "/a b", "shop.example"], 64, "/a b"),
    ([PREFLIGHT, "--ca", "letsencript", "shop.example"], 64, "near: letsencrypt"),
    ([PREFLIGHT, "--ca", "?", "shop.example"], 64, "there are: letsencrypt, letsencrypt-staging"),
    ([PREFLIGHT, "--ca-profiles", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PREFLIGHT, "--providers", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PREFLIGHT, "--providers", str(dcv.ROOT / "README.md"), "shop.example"], 64, "README.md: this is not JSON"),
    ([PREFLIGHT, "--account-uri", "12345", "shop.example"], 64, "URI"),
    ([PREFLIGHT, "--order", "/nonexistent"], 64, "could not read /nonexistent"),
    ([PREFLIGHT, "--order", str(dcv.ROOT / "README.md")], 64, "README.md: line "),
    ([PREFLIGHT, "--order", "order.tsv", "shop.example"], 64, "--order and NAME exclude each other"),
    ([PREFLIGHT, "--csr", "/nonexistent"], 64, "could not read /nonexistent"),
    ([PREFLIGHT, "--csr", str(dcv.ROOT / "README.md")], 64, "neither in PEM nor in DER"),
    ([PREFLIGHT, "--unique", "Order2", "shop.example"], 64, "--unique goes with --csr only"),
    ([PREFLIGHT, "--previous-csr", "old.csr", "shop.example"], 64, "--previous-csr goes with --csr only"),
    ([PREFLIGHT, "--trust-anchor", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PREFLIGHT, "--trust-anchor", str(dcv.ROOT / "tests/scenarios/base/root.zone"), "shop.example"], 64, "no DS or DNSKEY"),
    (["dcv-replay", "/nonexistent"], 64, "/nonexistent"),
    (["dcv-replay", "/"], 64, "directory"),
    (["dcv-replay", "/dev/zero"], 64, "could not read /dev/zero: it is larger than 256 MB"),
    (["dcv-replay", "--servers", "seen.json"], 64, "--trace"),
    (["dcv-replay", "--all", "seen.json"], 64, "--propagation"),
    (["dcv-replay", "--only", "caches", "--propagation", "seen.json"], 64, 'authority, public or system, not "caches"'),
    (["dcv-replay", "--propagation", "--trace", "seen.json"], 64, "exclude"),
    (["dcv-replay", "--propagation", "--format", "html", "seen.json"], 64, "text and json"),
    (["dcv-replay", "--trace", "--format", "html", "seen.json"], 64, "text and json"),
    ([PROPAGATION], 64, "usage: dcv-propagation"),
    ([PROPAGATION, "a..example"], 64, "empty label"),
    ([PROPAGATION, "--type", "TXT", "example"], 64, "registry"),
    ([PROPAGATION, "--type", "TXTX", "shop.example"], 64, 'such as TXT or CAA, not "TXTX"'),
    ([PROPAGATION, "--type", "DS", "shop.example"], 64, "servers of the parent zone"),
    ([PROPAGATION, "--type", "ANY", "shop.example"], 64, "ANY is no type of records"),
    ([PROPAGATION, "--type", "AXFR", "shop.example"], 64, "is no type of records"),
    ([PROPAGATION, "--wait", "soon", "shop.example"], 64, '90s, 10m, 1h or 7d, at most a week, not "soon"'),
    ([PROPAGATION, "--wait", "10d", "shop.example"], 64, '"10d"'),
    ([PROPAGATION, "--wait", "0", "shop.example"], 64, '"0"'),
    ([PROPAGATION, "--wait", "200h", "shop.example"], 64, '"200h"'),
    ([PROPAGATION, "--wait", "1m", "--now", "0", "shop.example"], 64, "exclude"),
    ([PROPAGATION, "--wait", "1m", "--rounds", "0", "shop.example"], 64, "1 to 100"),
    ([PROPAGATION, "--wait", "1m", "--quorum", "3/2", "shop.example"], 64, '"3/2" is no quorum'),
    ([PROPAGATION, "--wait", "1m", "--quorum", "caches=any", "shop.example"], 64, 'authority and public, not "caches"'),
    ([PROPAGATION, "--rounds", "3", "shop.example"], 64, "--rounds goes with --wait only"),
    ([PROPAGATION, "--quorum", "any", "shop.example"], 64, "--quorum goes with --wait only"),
    ([PROPAGATION, "--public", "shop.example"], 64, "--public goes with --wait only"),
    ([PROPAGATION, "--wait", "1m", "--public", "--only", "authority", "shop.example"], 64, "none is left to ask"),
    ([PROPAGATION, "--only", "caches", "shop.example"], 64, '"caches"'),
    ([PROPAGATION, "--via", "doq", "shop.example"], 64, 'udp, tcp, tls or https, not "doq"'),
    ([PROPAGATION, "--samples", "11", "shop.example"], 64, "1 to 10"),
    ([PROPAGATION, "--ecs", "192.0.2.0/99", "shop.example"], 64, "--ecs: "),
    ([PROPAGATION, "--resolvers", "gogle", "shop.example"], 64, "gogle"),
    ([PROPAGATION, "--resolvers", "@nowhere", "shop.example"], 64, "@nowhere"),
    ([PROPAGATION, "--resolvers", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PROPAGATION, "--resolvers", "/", "shop.example"], 64, "directory"),
    ([PROPAGATION, "--resolvers", "/dev/null", "shop.example"], 64, "/dev/null: there is no resolver in it"),
    ([PROPAGATION, "--resolv-conf", "/nonexistent", "shop.example"], 64, "/nonexistent"),
    ([PROPAGATION, "--save", "/nonexistent/seen", "shop.example"], 70, "could not write /nonexistent/seen"),
    ([PROPAGATION, "--wait", "1m", "--output", "/nonexistent/seen", "shop.example"], 70, "could not write /nonexistent/seen"),
    ([DELEGATE], 64, "usage: dcv-delegate"),
    ([DELEGATE, *CLOUDFLARE], 64, "usage: dcv-delegate"),
    ([DELEGATE, "https://shop.example/", *CLOUDFLARE], 64, "URL"),
    ([DELEGATE, "shop.example", "--to", "cloudfare"], 64, 'there is no provider "cloudfare"; near: cloudflare'),
    ([DELEGATE, "shop.example", "--to", "?"], 64, "there are: cloudflare, "),
    ([DELEGATE, "shop.example", "--to", "github-io"], 64, 'there is no provider "github-io"'),
    ([DELEGATE, "shop.example", "--to", "digicert-cname-old"], 64, "is not taken any more since 2025-10-28"),
    ([DELEGATE, "shop.example", "--to", "cloudflare"], 64, "cloudflare needs an --id: 16 hexadecimal digits"),
    ([DELEGATE, "shop.example", "--to", "cloudflare", "--id", "8a60"], 64, '"8a60" is no --id for cloudflare; wanted: 16 hexadecimal'),
    ([DELEGATE, "shop.example", "--to", "acme-dns", "--id", "auth.shop.example"], 64, "fulldomain"),
    ([DELEGATE, "shop.example", "--to", "desec-ns", "--id", "x"], 64, "desec-ns takes no --id"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--id", "2"], 64, 'more --id than --to that take one: "2"'),
    ([DELEGATE, "shop.example", "--id", "2"], 64, "--id goes with --to only"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--to", "fastly", "--id", "0123456789abcdef12"], 64, "can be one CNAME only, but cloudflare and fastly both want it"),
    ([DELEGATE, "shop.example", "--to", "acme", "--id", "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo", *CLOUDFLARE], 64, "the TXT record of acme and the CNAME record of cloudflare cannot both be at _acme-challenge.shop.example"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--zone", "other.example"], 64, "does not lie in the zone other.example"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--zone", "a..b"], 64, "--zone: "),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--address", "45.90.31.10"], 64, "goes with --ns or --to acme-dns only"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--ns", "--nameserver", "ns.shop.example"], 64, "--ns and --to exclude each other"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--format", "html"], 64, "text or json"),
    ([DELEGATE, "shop.example", "--format", "openmetrics"], 64, "text or json"),
    ([DELEGATE, "shop.example", "--to", "aws-acm"], 64, "aws-acm shows owner and target together: give both, with --at OWNER and --target TARGET"),
    ([DELEGATE, "shop.example", "--to", "aws-acm", "--at", "_a.shop.example"], 64, "--at needs --target TARGET too"),
    ([DELEGATE, "shop.example", "--to", "aws-acm", "--at", "_a.shop.example", "--target", "b.acm-validations.aws"], 64, "is none of aws-acm; copy both names"),
    ([DELEGATE, "shop.example", "--to", "aws-acm", "--at", "_a.other.example", "--target", "b.acm-validations.aws"], 64, "_a.other.example does not lie below shop.example"),
    ([DELEGATE, "shop.example", "--ns"], 64, "--ns needs the zone's servers: --nameserver HOST"),
    ([DELEGATE, "shop.example", "--nameserver", "ns.shop.example"], 64, "--nameserver goes with --ns"),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "ns shop.example"], 64, "--nameserver: "),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "ns._acme-challenge.shop.example"], 64, "so its --address is needed"),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "ns.other.example", "--address", "45.90.31.10"], 64, "leave out --address"),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "ns._acme-challenge.shop.example", "--address", "127.0.0.1"], 64, "127.0.0.1 is for loopback, so no CA reaches"),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "ns._acme-challenge.shop.example", "--address", "45.90.31"], 64, "--address: "),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "a.b.example", "--nameserver", "c.d.example", "--address", "45.90.31.10"], 64, "HOST=45.90.31.10"),
    ([DELEGATE, "shop.example", "--ns", "--nameserver", "a.b.example", "--address", "c.d.example=45.90.31.10"], 64, "c.d.example is no --nameserver"),
    ([DELEGATE, "shop.example", "--providers", "/nonexistent"], 64, "/nonexistent"),
    ([DELEGATE, "shop.example", "--providers", CSR], 64, "shop.csr: "),
    ([DELEGATE, "shop.example", "--csr", CSR, "--ca", "sectigo"], 64, "--csr brings the names itself"),
    ([DELEGATE, "--csr", CSR], 64, "--csr needs --ca sectigo or zerossl"),
    ([DELEGATE, "--csr", CSR, "--ca", "digicert"], 64, "digicert computes no tokens from a CSR"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectgo"], 64, "near: sectigo"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectigo", "--method", "dns-cnam"], 64, "near: dns-cname"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectigo", "--method", "dns-01"], 64, "are for dns-cname and http-file, not for dns-01"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectigo", "--method", "http-file"], 64, "*.shop.example cannot be validated by http-file"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectigo", "--unique", "a-b"], 64, "a-b"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectigo", "--ca", "zerossl"], 64, "--ca names one CA, not 2"),
    ([DELEGATE, "--csr", CSR, "--ca", "zerossl", "--method", "dns-01"], 64, "ZeroSSL's tokens of a CSR are for dns-cname and http-file"),
    ([DELEGATE, "--csr", CSR, "--ca", "sectigo", "--https"], 64, "--https goes with --method http-file"),
    ([DELEGATE, "shop.example", *CLOUDFLARE, "--https"], 64, "--https goes with --csr only"),
    ([DELEGATE, "--csr", "/nonexistent", "--ca", "sectigo"], 64, "/nonexistent"),
    ([DELEGATE, "--csr", str(dcv.ROOT / "README.md"), "--ca", "sectigo"], 64, "README.md: "),
    ([DELEGATE, "--csr", CSR, *CLOUDFLARE], 64, "--to and --csr exclude each other"),
    ([DELEGATE, "shop.example", "--unique", "x"], 64, "--unique goes with --csr only"),
    ([DELEGATE, "shop.example", "--method", "dns-01"], 64, "--method goes with --csr only"),
    ([DELEGATE, "shop.example=http-01"], 64, "shop.example=http-01"),
    ([DELEGATE, "--verify"], 64, "usage: dcv-delegate"),
    ([DELEGATE, "--verify", "a..example"], 64, "empty label"),
    ([DELEGATE, "--verify", "shop.example", "--to", "acme", "--id", "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"], 64, "--verify is for CNAME and NS records"),
    ([DELEGATE, "--verify", "--csr", CSR, "--ca", "sectigo"], 64, "--verify is for delegations"),
    ([DELEGATE, "--verify", "shop.example", "--to", "cloudflare"], 64, "cloudflare needs an --id"),
    ([DELEGATE, "--verify", "shop.example", "--format", "xml"], 64, "xml"),
    ([DELEGATE, "--list", "shop.example"], 64, "usage: dcv-delegate"),
    (["dcv-explain", "alias-lop"], 64, "alias-loop"),
    (["dcv-explain", "--list", "alias-loop"], 64, "usage: dcv-explain"),
    (["dcv-explain", "--symptom", "x", "alias-loop"], 64, "usage: dcv-explain"),
    (["dcv-explain", "--symptom", " "], 64, "--symptom needs the text of a message"),
    (["dcv-explain", "--symptom", "nothing works"], 3, "this is no message that it knows"),
    (["dcv-explain", "--symptom", "looking up TXT gives NXDOMAIN"], 3, "near: Boulder"),
    (["dcv-explain", "--symptom", "\udcff" * 20], 3, "this is no message that it knows"),
    (["dcv-lab", "run", "no-such-scenario", "--", "true"], 64, "no-such-scenario"),
    (["dcv-lab", "run", "alias-lop", "--", "true"], 64, "near: alias-loop"),
    (["dcv-lab", "run", "./nowhere", "--", "true"], 64, "there is no ./nowhere/scenario.json"),
    (["dcv-lab", "frobnicate"], 64, "frobnicate"),
]


def check_usage(faults):
    for command, status, words in USAGE:
        ran = dcv.run(*command)
        sentence = ran.stderr.strip()
        if ran.returncode != status or words not in sentence or "\n" in sentence or ran.stdout:
            faults.append(f"{command}: status {ran.returncode}, said {sentence!r} {ran.stdout[:80]!r}")


def check_saved_files(faults, folder):
    for content, words in [("", "JSON"), ("{", "JSON"), ("[]", "dcv-observation"),
                           ('{"kind": "dcv-report", "version": 1}', "dcv-report"),
                           ('{"kind": "dcv-observation", "version": 999}', "999"),
                           ('{"kind": "dcv-observation", "version": 1}', "missing")]:
        path = pathlib.Path(folder) / "saved.json"
        path.write_text(content)
        ran = dcv.run("dcv-replay", path)
        if ran.returncode != 64 or words not in ran.stderr or ran.stderr.count("\n") != 1:
            faults.append(f"dcv-replay of {content!r}: {ran.returncode} {ran.stderr!r}")


# (content of a configuration file, what is said behind "FILE, line ")
CONFIGURATIONS = [
    ("timeot = 10\n", "1: unrecognised option 'timeot'"),
    ("# mine\ntimeout = 10\ntimeout\n", '3: "option = value" was expected, not "timeout"'),
    ("\ntimeout = soon\n", "2: timeout takes seconds"),
    ("ipv4-only = perhaps\n", "1: the argument ('perhaps')"),
    ("[preflight]\n", "1: there are no sections"),
]


def check_resolver_lists(faults, folder):
    path = pathlib.Path(folder) / "mine.txt"
    for content, words in [("1.1.1.1\n\n# mine\n1.1.1.999\n", "line 4"),
                           ("tls://1.1.1.1#a b c\n", "line 1"), ("\x00\xff\n", "line 1")]:
        path.write_bytes(content.encode("latin-1"))
        ran = dcv.run(PROPAGATION, "--resolvers", path, "shop.example")
        if ran.returncode != 64 or f"{path}: {words}" not in ran.stderr or ran.stderr.count("\n") != 1:
            faults.append(f"--resolvers with {content!r}: {ran.returncode} {ran.stderr!r}")


def check_configuration(faults, folder):
    path = pathlib.Path(folder) / "config"
    for content, words in CONFIGURATIONS:
        path.write_text(content)
        ran = dcv.run(PREFLIGHT, "--config", path, "shop.example")
        if ran.returncode != 64 or f"{path}, line {words}" not in ran.stderr:
            faults.append(f"a slip in the configuration file: {ran.returncode} {ran.stderr!r}")
    path.write_text("timeout = soon\n")
    ran = dcv.run(PREFLIGHT, "--config", path, "shop.example", env={"DCV_TIMEOUT": "later"})
    if ran.returncode != 64 or not ran.stderr.startswith("dcv-preflight: DCV_TIMEOUT takes seconds"):
        faults.append(f"a slip in the environment: {ran.returncode} {ran.stderr!r}")


def check_cas(faults, folder):
    """--ca, its lasting forms, and what a run saves of it."""
    folder = pathlib.Path(folder)
    (folder / "own.json").write_text(json.dumps({
        "kind": "dcv-ca-profiles", "version": 1,
        "profiles": [{"name": "own", "title": "Own"}, {"name": "sectigo", "title": "Mine"}]}))
    (folder / "config").write_text(f"ca = own\nca = sectigo\nca-profiles = {folder}/own.json\n"
                                   "account-uri = https://ca.example/1\n")
    saved = folder / "saved.json"
    run = ["dcv-lab", "run", "ok-direct-txt", "--", PREFLIGHT, "--json", "--save", saved,
           "app.shop.example"]

    def cas(command, **options):
        ran = dcv.run(*command, **options)
        return [t["ca"] for t in json.loads(ran.stdout)["targets"]] if ran.stdout else ran.stderr

    def expect(what, got, wanted):
        if got != wanted:
            faults.append(f"{what}: {got}, not {wanted}")

    expect("no --ca", cas(run), ["letsencrypt"])
    expect("--ca", cas([*run, "--ca", "sectigo,google", "--ca", "strict", "--ca", "google"]),
           ["sectigo", "google", "strict"])
    expect("DCV_CA", cas(run, env={"DCV_CA": "amazon,actalis"}), ["amazon", "actalis"])
    expect("--ca over DCV_CA", cas([*run, "--ca", "sslcom"], env={"DCV_CA": "amazon"}), ["sslcom"])
    expect("configuration", cas([*run, "--config", folder / "config"]), ["own", "sectigo"])
    kept = json.loads(saved.read_text())
    expect("profiles saved", [p["title"] for p in kept["profiles"]], ["Own", "Mine"])
    expect("accounts saved", kept["account_uris"], ["https://ca.example/1"])
    expect("anchors of an unsigned lab", kept["trust_anchors"], [])
    expect("replay", cas(["dcv-replay", "--json", saved]), ["own", "sectigo"])
    expect("replay --ca", cas(["dcv-replay", "--json", "--ca", "zerossl", saved]), ["zerossl"])
    dcv.run(*run, "--trust-anchor", dcv.ROOT / "tests/tools/root.ds")
    anchors = json.loads(saved.read_text())["trust_anchors"]
    expect("--trust-anchor", [a.split()[:5] for a in anchors], [[".", "172800", "IN", "DS", "20326"]])


def check_output(faults, folder):
    saved = pathlib.Path(folder) / "saved.json"
    ran = dcv.run("dcv-lab", "run", "ok-direct-txt", "--", PREFLIGHT, "app.shop.example", "--save", saved)
    if ran.returncode:
        faults.append(f"ok-direct-txt: {ran.returncode} {ran.stderr}")
        return
    with open("/dev/full", "w") as full:
        process = dcv.subprocess.run([dcv.BIN / "dcv-replay", saved], stdout=full,
                                     stderr=dcv.subprocess.PIPE, text=True)
    if process.returncode != 70 or "standard output" not in process.stderr:
        faults.append(f"a full standard output: {process.returncode} {process.stderr!r}")
    ran = dcv.run("dcv-replay", "--output", "/nonexistent/report", saved)
    if ran.returncode != 70 or "/nonexistent/report" not in ran.stderr:
        faults.append(f"--output into nowhere: {ran.returncode} {ran.stderr!r}")


def check_formats(faults):
    """A plug-in ends with a status line whatever is wrong; a format from the environment that does
    not apply gives way to text."""
    ran = dcv.run(PREFLIGHT, "--format", "nagios", "app_shop.example")
    wanted = 'DCV UNKNOWN - dcv-preflight: "app_shop.example" has an underscore'
    if ran.returncode != 3 or not ran.stdout.startswith(wanted) or ran.stdout.count("\n") != 1:
        faults.append(f"a slip of a plug-in: {ran.returncode} {ran.stdout!r} {ran.stderr!r}")
    command = ["dcv-delegate", "app.shop.example", "--to", "cloudflare", "--id", "8a602f2b29d92dc2"]
    plain, inherited = dcv.run(*command), dcv.run(*command, env={"DCV_FORMAT": "nagios"})
    if (inherited.returncode, inherited.stdout) != (0, plain.stdout):
        faults.append(f"DCV_FORMAT=nagios: {inherited.returncode} {inherited.stderr!r}")
    ran = dcv.run(*command, "--format", "html")
    if (ran.returncode, ran.stderr) != (64, "dcv-delegate: records and advice are told as text or json\n"):
        faults.append(f"--format html: {ran.returncode} {ran.stderr!r}")


def check_explained(faults):
    """A finding as a report prints it, in any case, is the finding."""
    page = dcv.run("dcv-explain", "alias-loop").stdout
    for text in ("error[alias-loop]: a leads back", "Alias-Loop", "[ALIAS-LOOP]"):
        if (ran := dcv.run("dcv-explain", text)).stdout != page or not page:
            faults.append(f"dcv-explain {text}: {ran.returncode} {ran.stderr!r}")


def check_no_network(faults):
    """An empty network namespace: nothing is reachable, so the verdict is unknown, at once."""
    script = f"exec {dcv.BIN}/dcv-preflight --json --timeout 5 app.shop.example"
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    ran = dcv.subprocess.run([*unshare, "sh", "-c", script], capture_output=True, text=True, timeout=30)
    if ran.returncode != 3 or json.loads(ran.stdout)["verdict"] != "unknown":
        faults.append(f"no network: {ran.returncode} {ran.stdout[:300]} {ran.stderr}")


def main():
    dcv.require_lab()
    faults = []
    check_usage(faults)
    with tempfile.TemporaryDirectory() as folder:
        check_saved_files(faults, folder)
        check_resolver_lists(faults, folder)
        check_configuration(faults, folder)
        check_cas(faults, folder)
        check_output(faults, folder)
    check_formats(faults)
    check_explained(faults)
    check_no_network(faults)
    print("\n".join(faults) or f"{len(USAGE) + len(CONFIGURATIONS) + 21} inputs, most of them bad, as they should be")
    return 1 if faults else 0


sys.exit(main())
