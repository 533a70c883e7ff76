#!/usr/bin/env python3
"""The lab and NSD, given the same signed zone file, answer alike: rcode, AA, answer and authority.

Not compared: ANY (NSD gives one record set), the additional section, the zone's own NS records that
NSD adds to the authority section of positive answers, and denials behind a DNAME (NSD 4.6 sends
NSEC records for the name before the substitution)."""
import concurrent.futures
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

LAB, NSD = "45.90.28.10", "45.90.30.10"
ZONE = """$TTL 3600
@ 900 IN SOA ns1 hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1
@ IN NS ns.elsewhere.org.
ns1 IN A 45.90.28.10
app IN A 45.90.29.81
www IN CNAME app
lost IN CNAME nowhere
away IN CNAME www.elsewhere.org.
into IN CNAME a.sub
*.wild IN TXT "wild"
*.alias IN CNAME app
deep.empty IN TXT "deep"
tree IN DNAME empty
sub IN NS ns.sub
ns.sub IN A 45.90.28.99
"""
NAMES = ["@", "ns1", "app", "none", "x.none", "x.app", "www", "lost", "away", "into", "wild",
         "x.wild", "y.x.wild", "*.wild", "alias", "x.alias", "deep.empty", "empty", "x.empty",
         "tree", "deep.tree", "x.tree", "sub", "x.sub", "ns.sub"]
DENIED_BEHIND_DNAME = "x.tree"
TYPES = ["A", "TXT", "NS", "DS", "SOA", "CNAME"]
NSD_SETTINGS = """server:
  ip-address: {address}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  database: ""
remote-control:
  control-enable: no
zone:
  name: shop.example
  zonefile: shop.example.zone
"""


def write_scenario(folder, zone, sign):
    folder.mkdir()
    (folder / "shop.example.zone").write_text(zone)
    (folder / "scenario.json").write_text(json.dumps({
        "title": "NSD", "about": "NSD", "command": ["true"],
        "expect": {"verdict": "ready", "findings": []}, "sign": sign,
        "servers": [{"name": "ns1.shop.example", "addresses": [LAB], "zones": ["shop.example"]}]}))


def ask(address, name, qtype, dnssec):
    flags = ["+norecurse", "+noall", "+comments", "+answer", "+authority", "+tries=2", "+time=1"]
    ran = subprocess.run(["dig", *flags, *(["+dnssec"] if dnssec else []), f"@{address}", name, qtype],
                         capture_output=True, text=True, timeout=30)
    sections, section = {"ANSWER": set(), "AUTHORITY": set()}, None
    head = ""
    for line in ran.stdout.splitlines():
        if "status:" in line:
            head = line.split("status: ")[1].split(",")[0]
        elif line.startswith(";; flags:"):
            head += " aa" if " aa" in line.split(";")[2] else ""
        elif line.endswith("SECTION:"):
            section = line.split()[1]
        elif line and not line.startswith(";"):
            sections[section].add(" ".join(line.split()))
    return head, sections["ANSWER"], {
        line for line in sections["AUTHORITY"]
        if not line.startswith("shop.example. 3600 IN NS ")
        and not line.startswith("shop.example. 3600 IN RRSIG NS ")}


def difference(name, qtype, dnssec):
    full = f"{name}.shop.example".lstrip(".")
    ours, theirs = (ask(address, full, qtype, dnssec) for address in (LAB, NSD))
    if ours == theirs:
        return None
    return f"{full} {qtype}{' with DO' if dnssec else ''}\n  lab {ours}\n  NSD {theirs}"


def wait_for_nsd():
    for _ in range(100):
        if ask(NSD, "shop.example", "SOA", False)[0] == "NOERROR aa":
            return
        time.sleep(0.1)
    sys.exit("NSD does not answer")


def inside(folder):
    folder = pathlib.Path(folder)
    (folder / "nsd.conf").write_text(NSD_SETTINGS.format(address=NSD, folder=folder))
    nsd = subprocess.Popen(["nsd", "-d", "-c", folder / "nsd.conf"], stderr=subprocess.DEVNULL)
    try:
        wait_for_nsd()
        questions = [(name if name != "@" else "", qtype, dnssec)
                     for name, qtype, dnssec in itertools.product(NAMES, TYPES, [False, True])
                     if not (dnssec and name == DENIED_BEHIND_DNAME)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            differences = list(filter(None, pool.map(lambda q: difference(*q), questions)))
        print(*differences, sep="\n", end="\n" if differences else "")
        print(f"{len(questions) - len(differences)} alike, {len(differences)} differ")
        return 1 if differences else 0
    finally:
        nsd.terminate()
        nsd.wait()


def main():
    dcv.require_lab()
    missing = [tool for tool in ("nsd", "dig") if not shutil.which(tool)]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed")
        return dcv.SKIPPED
    base = ["--scenarios", dcv.ROOT / "tests/scenarios"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_scenario(folder / "to-sign", ZONE, {"shop.example": "good"})
        dcv.run("dcv-lab", "export", *base, f"{folder}/to-sign", folder / "out", check=True)
        zone = (folder / "out/ns1.shop.example/shop.example.zone").read_text()
        write_scenario(folder / "signed", zone, {})
        ran = dcv.run("dcv-lab", "run", *base, f"{folder}/signed", "--", sys.executable, __file__,
                      "inside", folder / "signed")
        print(ran.stdout + ran.stderr, end="")
        return ran.returncode


sys.exit(inside(sys.argv[2]) if sys.argv[1:2] == ["inside"] else main())
