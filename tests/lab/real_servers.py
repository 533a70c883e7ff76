#!/usr/bin/env python3
"""Runs scenarios on real NSD and Knot DNS servers and demands the report of the embedded lab.

For each scenario and each of two castings (who is NSD, who is Knot): one real server process for
each server of the lab, root and registries included, in a network namespace where every address is
local. The reports may differ in times only, and in the order of the evidence: who answers first.
Usage: real_servers.py [SCENARIO...]
"""
import concurrent.futures
import contextlib
import difflib
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

# Defects that zone files alone can have: no server misbehaves on purpose.
SCENARIOS = [
    "ok-cname-cloudflare",
    "alias-loop",
    "alias-target-nxdomain",
    "alias-wildcard",
    "authority-serial-same-data-differs",
    "authority-txt-differs",
    "delegation-domain-missing",
    "delegation-glue-differs",
    "delegation-ns-sets-differ",
    "delegation-server-lame",
    "delegation-wrong-zone",
    "value-quoted",
]
START_SECONDS = 20
CONTROL = re.compile(r"_dcv-[a-z0-9]{8}\.")  # the random sibling that shows wildcards
SBIN = f"{os.environ['PATH']}:/usr/sbin:/sbin"  # where Debian puts servers and ip


def program(name):
    return shutil.which(name, path=SBIN)


def start_nsd(server, folder):
    """The command that serves `server`; its configuration goes into `folder`."""
    addresses = "".join(f"  ip-address: {address}\n" for address in server["addresses"])
    zones = "".join(f'zone:\n  name: "{zone["apex"]}"\n  zonefile: "{zone["path"]}"\n'
                    for zone in server["zones"])
    config = folder / "nsd.conf"
    config.write_text(f"""server:
{addresses}  ip-freebind: yes
  server-count: 1
  username: ""
  database: ""
  pidfile: ""
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
{zones}""")
    return [program("nsd"), "-d", "-c", str(config)]


def start_knot(server, folder):
    """The same with Knot DNS."""
    addresses = ", ".join(f"{address}@53" for address in server["addresses"])
    zones = "".join(f'  - domain: "{zone["apex"]}"\n    file: "{zone["path"]}"\n'
                    for zone in server["zones"])
    config = folder / "knot.conf"
    config.write_text(f"""server:
  rundir: "{folder}"
  listen: [ {addresses} ]
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: "{folder}"
template:
  - id: default
    journal-content: none
    zonefile-sync: -1
{"zone:" if zones else ""}
{zones}""")
    return [program("knotd"), "-c", str(config)]


CASTINGS = {"NSD first": (start_nsd, start_knot), "Knot first": (start_knot, start_nsd)}


def is_up(address, apex):
    """Whether the server at `address` answers for its zone; without a zone, whether at all."""
    query = struct.pack("!6H", 0x6463, 0, 1, 0, 0, 0)
    query += b"".join(bytes([len(label)]) + label.encode() for label in (apex or "").split(".") if label)
    query += struct.pack("!BHH", 0, 6, 1)  # SOA IN
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as ask:
        ask.settimeout(0.5)
        try:
            ask.connect((address, 53))
            ask.send(query)
            _, flags = struct.unpack("!2H", ask.recv(512)[:4])
        except OSError:
            return False
    return apex is None or (flags & 0x040F) == 0x0400  # AA and NOERROR


def wait_until_up(servers, processes):
    until = time.monotonic() + START_SECONDS
    for server, process in zip(servers, processes):
        for address in server["addresses"]:
            for apex in [zone["apex"] for zone in server["zones"]] or [None]:
                while not is_up(address, apex):
                    if process.poll() is not None or time.monotonic() > until:
                        log = pathlib.Path(server["folder"], "log").read_text()
                        sys.exit(f"{server['name']} does not serve {apex} at {address}\n{log}")
                    time.sleep(0.02)


def inside(folder, casting, command):
    """In the namespace: starts all servers, then becomes the command. Whoever made the namespace
    ends, and with it every process in it."""
    for scope in ("all", "default", "lo"):
        with contextlib.suppress(OSError):  # where /proc is read-only, ip tells below
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{scope}/disable_ipv6").write_text("0")
    subprocess.run([program("ip"), "link", "set", "lo", "up"], check=True)
    for option, everything in (("-4", "0.0.0.0/0"), ("-6", "::/0")):
        subprocess.run([program("ip"), option, "route", "add", "local", everything, "dev", "lo"],
                       check=True)
    servers = json.loads((folder / "servers.json").read_text())
    processes = []
    for number, server in enumerate(servers):
        server["folder"] = folder / f"run{number}"
        server["folder"].mkdir()
        for zone in server["zones"]:
            zone["path"] = folder / zone["file"]
        words = CASTINGS[casting][number % 2](server, server["folder"])
        with open(server["folder"] / "log", "wb") as log:
            processes.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
    wait_until_up(servers, processes)
    return subprocess.run(command, timeout=60).returncode


def namespace():
    """The start of a command that runs in a network of its own; its processes end with it."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [program("unshare"), *users, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]


def on_real_servers(scenario, casting, command):
    """The completed run of the command, with the servers of the scenario played by real ones."""
    with tempfile.TemporaryDirectory(prefix="dcv-") as folder:
        dcv.run("dcv-lab", "export", scenario, folder).check_returncode()
        anchors = pathlib.Path(folder, "no-trust-anchor")  # these roots are not signed
        anchors.touch()
        return subprocess.run(
            [*namespace(), sys.executable, __file__, "--inside", folder, casting,
             str(dcv.BIN / command[0]), *command[1:]],
            capture_output=True, text=True, timeout=120,
            env={**os.environ, "DCV_TRUST_ANCHOR": str(anchors)})


def without_times(report):
    """The report as text, without what differs from run to run: times, order, random labels."""
    del report["at"]
    for target in report["targets"]:
        del target["stats"]["seconds"], target["stats"]["queries"]  # a busy machine asks again
        del target["measures"]["slowest_reply_seconds"]
        for finding in target["findings"]:
            for evidence in finding["evidence"]:
                del evidence["at"]
                evidence["question"] = CONTROL.sub("_dcv-control.", evidence["question"])
            finding["evidence"].sort(key=lambda e: (e["server"], e["question"], e["saw"]))
    return json.dumps(report, indent=1)


def judge(name, casting):
    """Lines that say how the reports differ."""
    command = [*dcv.scenarios()[name]["command"], "--json"]
    embedded = dcv.run("dcv-lab", "run", name, "--", *command)
    real = on_real_servers(name, casting, command)
    try:
        wanted, got = (without_times(json.loads(run.stdout)) for run in (embedded, real))
    except json.JSONDecodeError:
        return [f"no report: {embedded.stderr.strip()} {real.stderr.strip()}"]
    if embedded.returncode != real.returncode:
        return [f"exit status {real.returncode}, not {embedded.returncode}"]
    return list(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "embedded lab",
                                     "real servers", lineterm=""))


def require_servers():
    missing = [name for name in ("nsd", "knotd", "ip", "unshare") if not program(name)]
    reason = f"not installed: {', '.join(missing)}" if missing else ""
    if not missing:
        reason = subprocess.run([*namespace(), "true"], capture_output=True, text=True).stderr.strip()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(dcv.SKIPPED)


def main():
    dcv.require_lab()
    require_servers()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(dcv.CORES) as pool:
        runs = {(name, casting): pool.submit(judge, name, casting)
                for name in sys.argv[1:] or SCENARIOS for casting in CASTINGS}
        for (name, casting), future in runs.items():
            faults = future.result()
            failed += bool(faults)
            print(f"{'FAILED' if faults else 'ok'} {name} ({casting})", *faults, sep="\n    ", flush=True)
    print(f"{len(runs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if sys.argv[1:2] == ["--inside"]:
    sys.exit(inside(pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
sys.exit(main())
