#!/usr/bin/env python3
"""The output of dcv-delegate as programs read it: every line of its zone files and panels,
JSON by its schema, and Sectigo's tokens by openssl, md5sum and sha256sum."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("skipped: the Python package jsonschema is not installed")
    sys.exit(dcv.SKIPPED)

SCHEMA = json.loads((dcv.ROOT / "docs/schema/delegation-1.json").read_text())
PROVIDERS = ["cloudflare 8a602f2b29d92dc2", "fastly 0123456789abcdef12", "fly abc123", "render shop",
             "akamai 0123456789abcdef0123456789abcdef", "desec shop.dedyn.io", "desec-ns",
             "google-certificate-manager 6a5b4c3d-1234-4abc-8def-0123456789ab.7",
             "acme-dns 8e5700ea-a4bf-41c7-8a77-e990661dcc6a.auth.other.example"]
LINE = re.compile(r"(\S+\.) (\d+) IN (CNAME|NS|A|AAAA|SOA|TXT) (\S.*)")


def document(*arguments):
    ran = dcv.run("dcv-delegate", "--json", *arguments)
    made = json.loads(ran.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def check_provider(words, faults):
    provider, *ids = words.split()
    options = ["--to", provider, *(o for i in ids for o in ("--id", i)), "app.shop.example"]
    made = document(*options)
    records = [r for d in made["delegations"] for z in d["zones"] for r in z["records"]]
    text = dcv.run("dcv-delegate", *options).stdout
    lines = [line for line in text.splitlines() if line and line[0] != ";"]
    if lines != [r["line"] for r in records] or not all(LINE.fullmatch(line) for line in lines):
        faults.append(f"{words}: {lines}")
    for record in records:
        if record["host"] + ".shop.example." != record["owner"]:
            faults.append(f"{words}: {record['host']} for {record['owner']}")
    if not made["next"].startswith(f"dcv-delegate --verify --to {provider}"):
        faults.append(f"{words}: next is {made['next']}")


def check_pasted(faults):
    """The target of another host is never taken for the one asked for in silence."""
    made = document("--to", "cloudflare", "--id", "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com",
                    "shop.example")
    wanted = ("app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com is the target of another host than "
              "shop.example; only the identifier in it is taken.")
    if wanted not in made["notes"]:
        faults.append(f"a pasted target: {made['notes']}")


def output_of(*command, stdin=None):
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def plain_csr(folder, key):
    csr = f"{folder}/plain.csr"
    output_of("openssl", "req", "-new", "-key", key, "-out", csr, "-subj", "/CN=shop.example",
              "-addext", "subjectAltName=DNS:shop.example,DNS:www.shop.example")
    return csr


def check_csr(faults, folder):
    csr, key = f"{folder}/shop.csr", f"{folder}/key.pem"
    output_of("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", csr,
              "-subj", "/CN=shop.example", "-addext", "subjectAltName=DNS:www.shop.example,DNS:shop.example,DNS:*.www.shop.example,DNS:b.example")
    der = output_of("openssl", "req", "-in", csr, "-outform", "DER")
    md5 = output_of("md5sum", stdin=der).decode().split()[0]
    sha256 = output_of("sha256sum", stdin=der).decode().split()[0]
    made = document("--csr", csr, "--ca", "sectigo")
    told = [(d["needed"], d["identifiers"], r["line"]) for d in made["delegations"] for z in d["zones"]
            for r in z["records"]]
    def line(name):
        return f"_{md5}.{name}. 60 IN CNAME {sha256[:32]}.{sha256[32:]}.sectigo.com."
    wanted = [(True, ["shop.example", "www.shop.example", "*.www.shop.example"], line("shop.example")),
              (True, ["b.example"], line("b.example")),
              (False, ["www.shop.example", "*.www.shop.example"], line("www.shop.example"))]
    if told != wanted:
        faults.append(f"--csr: {told}, not {wanted}")
    text = dcv.run("dcv-delegate", "--csr", csr, "--ca", "sectigo").stdout.splitlines()
    if "; " + line("www.shop.example") not in text or line("b.example") not in text:
        faults.append(f"--csr: {text}")
    if text[-1] != f"; Then: dcv-preflight --csr {csr} --ca sectigo --method dns-cname":
        faults.append(f"--csr: {text[-1]}")
    csr = plain_csr(folder, key)
    der = output_of("openssl", "req", "-in", csr, "-outform", "DER")
    md5 = output_of("md5sum", stdin=der).decode().split()[0]
    sha256 = output_of("sha256sum", stdin=der).decode().split()[0]
    for_zerossl = document("--csr", csr, "--ca", "zerossl", "--unique", "u2026")
    lines = [r["line"] for d in for_zerossl["delegations"] for z in d["zones"] for r in z["records"]]
    wanted = f"_{md5}.shop.example. 60 IN CNAME {sha256[:32]}.{sha256[32:]}.u2026.sectigo.com."
    if lines[:1] != [wanted] or for_zerossl["next"].split(" --ca ")[1] != "zerossl --method dns-cname --unique u2026":
        faults.append(f"--ca zerossl: {lines}, {for_zerossl['next']}")
    over_tls = document("--csr", csr, "--ca", "sectigo", "--method", "http-file", "--https")
    url = f"https://shop.example/.well-known/pki-validation/{md5.upper()}.txt"
    if over_tls["files"][0]["url"] != url or not over_tls["next"].endswith("--method http-file --https"):
        faults.append(f"--https: {over_tls['files'][0]['url']}, {over_tls['next']}")
    files = document("--csr", csr, "--ca", "sectigo", "--method", "http-file")["files"]
    wanted = [{"identifier": name,
               "url": f"http://{name}/.well-known/pki-validation/{md5.upper()}.txt",
               "lines": [sha256, "sectigo.com"]} for name in ("shop.example", "www.shop.example")]
    if files != wanted:
        faults.append(f"--method http-file: {files}, not {wanted}")


def check_own_table(faults, folder):
    """What --list prints can be changed and given back."""
    table = json.loads(dcv.run("dcv-delegate", "--list", "--json").stdout)
    row = next(r for r in table["providers"] if r["id"] == "fastly")
    row.update(id="our-cdn", title="Our CDN")
    path = pathlib.Path(folder) / "own.json"
    path.write_text(json.dumps({**table, "providers": [row]}))
    ran = dcv.run("dcv-delegate", "--providers", path, "--to", "our-cdn", "--id", "0123456789abcdef12",
                  "shop.example")
    if "_acme-challenge.shop.example. 3600 IN CNAME 0123456789abcdef12.fastly-validations.com." not in ran.stdout:
        faults.append(f"--providers: {ran.stdout}{ran.stderr}")


def main():
    faults = []
    for words in PROVIDERS:
        check_provider(words, faults)
    check_pasted(faults)
    with tempfile.TemporaryDirectory() as folder:
        check_csr(faults, folder)
        check_own_table(faults, folder)
    print("\n".join(faults) or f"{len(PROVIDERS)} providers, tokens and tables as they should be")
    return 1 if faults else 0


sys.exit(main())
