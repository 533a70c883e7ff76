#!/usr/bin/env python3
"""A real validator (unbound-host) judges what the lab signs: good zones are secure down to every
kind of denial, and each way of signing badly has the end that docs/lab.md promises."""
import json
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

VALIDATOR = "unbound-host"
ROOT_HINTS = "/usr/share/dns/root.hints"

ZONE = """$TTL 300
@ IN SOA ns1 hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1
@ IN NS ns2
ns1 IN A 45.90.28.10
ns2 IN A 45.90.30.10
app IN A 45.90.29.81
www IN CNAME app
*.wild IN TXT "wild"
*.alias IN CNAME app
deep.empty IN TXT "deep"
tree IN DNAME wild
out IN CNAME ns3.cloudflare.com.
unsigned IN NS ns1
"""
CHILD = """@ IN SOA ns1.shop.example. hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1.shop.example.
a IN A 45.90.29.82
"""
# Name, type, and how the lines of the answer must end.
SECURE = [
    ("app", "A", ["secure"]),
    ("www", "A", ["secure", "secure"]),
    ("app", "TXT", ["secure"]),                # no such type
    ("none", "A", ["secure"]),                 # no such name
    ("none.app", "A", ["secure"]),
    ("empty", "TXT", ["secure"]),              # an empty non-terminal
    ("x.wild", "TXT", ["secure"]),             # made from a wildcard
    ("y.x.wild", "TXT", ["secure"]),
    ("x.wild", "A", ["secure"]),               # the wildcard has no such type
    ("x.alias", "A", ["secure", "secure"]),
    ("x.tree", "TXT", ["secure", "secure"]),   # DNAME, then a wildcard
    ("unsigned", "DS", ["secure"]),            # the parent proves that there is no DS
    ("a.unsigned", "A", ["insecure"]),
    ("out", "A", ["insecure", "insecure"]),    # a signed alias into an unsigned zone
]
WAYS = {
    "good": "secure",
    "expired": "BOGUS",
    "broken-signatures": "BOGUS",
    "not-yet": "BOGUS",
    "wrong-ds": "BOGUS",
    "no-ds": "insecure",
    "unknown-algorithm": "insecure",
    "expiring": "secure",
    "unsigned-with-ds": "BOGUS",
}


def write_scenario(folder, way):
    servers = [{"name": "ns1.shop.example", "addresses": ["45.90.28.10", "2a07:a8c0::10"],
                "zones": ["shop.example", "unsigned.shop.example"]},
               {"name": "ns2.shop.example", "addresses": ["45.90.30.10", "2a07:a8c1::10"],
                "zones": ["shop.example"]}]
    (folder / "scenario.json").write_text(json.dumps({
        "title": "signed", "about": "signed", "command": ["true"],
        "expect": {"verdict": "ready", "findings": []}, "servers": servers,
        "sign": {".": "good", "example": "good", "com": "good", "shop.example": way}}))
    (folder / "shop.example.zone").write_text(ZONE)
    (folder / "unsigned.shop.example.zone").write_text(CHILD)


def endings(folder, name, qtype):
    """The last words of the validator's lines: secure, insecure or BOGUS."""
    settings = folder / "unbound.conf"
    script = f"""cat > {settings} <<END
server:
  trust-anchor-file: "$DCV_LAB_TRUST_ANCHOR"
  root-hints: "{ROOT_HINTS}"
  module-config: "validator iterator"
END
{VALIDATOR} -C {settings} -v -t {qtype} {name}.shop.example"""
    ran = dcv.run("dcv-lab", "run", "--scenarios", dcv.ROOT / "tests/scenarios", f"{folder}/",
                  "--", "sh", "-c", script)
    lines = [line for line in ran.stdout.splitlines() if line.endswith(")")
             or "(BOGUS" in line]
    return ["BOGUS" if "(BOGUS" in line else line.rsplit("(", 1)[1].rstrip(")")
            for line in lines] or [ran.stdout + ran.stderr]


def main():
    dcv.require_lab()
    if not shutil.which(VALIDATOR) or not pathlib.Path(ROOT_HINTS).exists():
        print(f"skipped: {VALIDATOR} or {ROOT_HINTS} is not there (Debian: unbound-host, "
              "dns-root-data)")
        return dcv.SKIPPED
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_scenario(folder, "good")
        cases = [(n, t, e, "good") for n, t, e in SECURE]
        cases += [("app", "A", [end], way) for way, end in WAYS.items()]
        cases += [("none", "A", [end], way) for way, end in WAYS.items()]
        # Hashed names; the unsigned delegation lies in an opt-out span or has its own record.
        cases += [(n, t, e, {"nsec3": {}}) for n, t, e in SECURE]
        cases += [("none", "A", [end], {"nsec3": {"iterations": n}})
                  for n, end in ((150, "secure"), (151, "insecure"))]
        cases += [("a.unsigned", "A", ["insecure"], {"nsec3": {"opt_out": True}}),
                  ("empty", "TXT", ["secure"], {"nsec3": {"opt_out": True}}),
                  ("app", "TXT", ["BOGUS"], "unrectified"),
                  ("app", "TXT", ["BOGUS"], {"way": "unrectified", "nsec3": {}})]
        for query, qtype, expected, way in cases:
            write_scenario(folder, way)
            got = endings(folder, query, qtype)
            failed += got != expected
            if got != expected:
                print(f"{query} {qtype}, signed {way}: {got}, not {expected}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
