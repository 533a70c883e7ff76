"""A mini-Internet of real servers, one for each test case, in a network of its own.

A test script hands its cases to `main`, which runs each in a network namespace where every address
is local, several at a time. A case gets a `Lab`: it writes down a world (zones and servers, as in a
scenario folder), starts authorities and resolvers (real_authorities.py, real_resolvers.py), changes
zones while they run, and reads what each resolver was asked. All ends with the namespace.
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import dcv

SBIN = f"{os.environ['PATH']}:/usr/sbin:/sbin"  # where Debian puts servers and ip
START_SECONDS = 20
CASE_SECONDS = 110
TXT, SOA = 16, 6
BASE = dcv.ROOT / "tests/scenarios/base"


def program(name):
    return shutil.which(name, path=SBIN)


def await_that(condition, seconds, what, step=0.02):
    """Waits until `condition()` is true and returns its value; says `what` did not come in time."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(step)


def expect(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, not {wanted!r}")


def raw_reply(address, name, qtype, port=53, timeout=0.5):
    """The header flags of the reply over UDP; None when nothing comes."""
    query = struct.pack("!6H", 0x6463, 0, 1, 0, 0, 0)
    query += b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
    query += struct.pack("!BHH", 0, qtype, 1)
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as ask:
        ask.settimeout(timeout)
        try:
            ask.connect((address, port))
            ask.send(query)
            return struct.unpack("!2H", ask.recv(4096)[:4])[1]
        except OSError:
            return None


class Process:
    """A server in the foreground. Its output is kept line by line, with the time of each."""

    def __init__(self, command, folder, env=None):
        self.lines = []  # (time, text)
        self.folder = folder
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace",
                                        cwd=folder, env={**os.environ, **(env or {})})
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append((time.time(), line.rstrip("\n")))

    def alive(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def end(self, timeout):
        """Waits until it ends by itself; its exit status, and when that was."""
        status, time_of_end = self.process.wait(timeout), time.time()
        self.reader.join(timeout)
        return status, time_of_end

    def output(self):
        return "\n".join(text for _, text in list(self.lines)[-30:])


class Lab:
    """What one case has: a folder, a world, and the servers started in it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.running = []      # everything started: authorities, resolvers, others
        self.authorities = {}  # by name of the lab's server
        self.servers = []
        self.anchor = self.folder / "trust-anchor"  # DS of the root; empty when it is not signed
        self.anchor.touch()
        self.hints = self.folder / "root.hints"
        self._numbers = iter(range(10000))

    def new_folder(self, name):
        folder = self.folder / f"{next(self._numbers)}-{name}"
        folder.mkdir()
        return folder

    def world(self, servers, zones, sign=None):
        """Writes the world down as a scenario on the base of the scenarios and exports its zone
        files. `zones` are texts by file name without ".zone" ("shop.example", "example.zone.add")."""
        story = self.folder / "world" / "story"
        story.mkdir(parents=True)
        (story.parent / "base").symlink_to(BASE)
        for name, text in zones.items():
            (story / (name if name.endswith(".add") else f"{name}.zone")).write_text(text)
        (story / "scenario.json").write_text(json.dumps({
            "title": "t", "about": "a", "command": ["true"],
            "expect": {"verdict": "ready", "findings": []},
            "servers": servers, **({"sign": sign} if sign else {})}))
        exported = self.folder / "zones"
        self.check(dcv.run("dcv-lab", "export", story, exported), "dcv-lab export")
        self.servers = json.loads((exported / "servers.json").read_text())
        for server in self.servers:
            for zone in server["zones"]:
                zone["path"] = exported / zone["file"]
        root = exported / "root" / "root.zone"
        self.hints.write_text("\n".join(
            line for line in root.read_text().splitlines()
            if line.split()[3] in ("A", "AAAA") and "root-servers" in line.split()[0]
            or line.split()[3] == "NS" and line.split()[0] == ".") + "\n")
        if sign and sign.get("."):
            made = subprocess.run([program("dnssec-dsfromkey"), "-2", "-f", str(root), "."],
                                  capture_output=True, text=True)
            self.check(made, "dnssec-dsfromkey")
            self.anchor.write_text(made.stdout)

    def exported(self, server, apex):
        """The text of a server's zone file as the world has it at the start."""
        zones = next(each["zones"] for each in self.servers if each["name"] == server)
        return next(zone["path"] for zone in zones if zone["apex"] == apex).read_text()

    @staticmethod
    def check(ran, what):
        if ran.returncode:
            raise RuntimeError(f"{what}: {ran.stdout}{ran.stderr}")

    def launch(self, server):
        """Starts a server: something with folder, command(), is_up() and process."""
        own(server.addresses)
        server.process = Process(server.command(), server.folder)
        self.running.append(server)
        return server

    def launch_all(self, servers):
        """Starts them side by side and waits until all answer."""
        for server in servers:
            self.launch(server)
        for server in servers:
            self.wait_until_up(server)
        return servers

    def wait_until_up(self, server):
        def is_up():
            if not server.process.alive():
                raise RuntimeError(f"{server.name} ended:\n{server.process.output()}")
            return server.is_up()
        try:
            await_that(is_up, START_SECONDS, "an answer", step=0.01)
        except AssertionError:
            raise RuntimeError(f"{server.name} does not answer:\n{server.process.output()}") from None

    def stop(self, server):
        server.process.stop()
        self.running.remove(server)

    def network(self, up):
        """Takes the network away from everybody, or gives it back."""
        ip("link", "set", "lo", "up" if up else "down")
        if up:
            routes()
            own([address for server in self.running for address in server.addresses])

    def tool(self, *command, timeout=60, **options):
        """Runs one of our tools here, in the world's trust."""
        options["env"] = {"DCV_TRUST_ANCHOR": str(self.anchor), **options.get("env", {})}
        return dcv.run(*command, timeout=timeout, **options)

    def end(self):
        for server in self.running:
            server.process.process.kill()
        for server in self.running:
            server.process.process.wait()


def ip(*words, batch=None):
    subprocess.run([program("ip"), *words], check=True, input=batch, text=True)


def routes():
    """Makes every address local."""
    for family, everything in (("-4", "0.0.0.0/0"), ("-6", "::/0")):
        ip(family, "route", "replace", "local", everything, "dev", "lo")


def own(addresses):
    """Gives lo the addresses: some servers listen only on what an interface has."""
    lines = [f"addr replace {a}/{128 if ':' in a else 32} dev lo" + (" nodad" if ":" in a else "")
             for a in addresses]
    ip("-batch", "-", batch="\n".join(lines) + "\n")


def prepare_network():
    socket.sethostname("here")
    for scope in ("all", "default", "lo"):
        with contextlib.suppress(OSError):  # where /proc is read-only, ip tells below
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{scope}/disable_ipv6").write_text("0")
    ip("link", "set", "lo", "up")
    routes()


def namespace():
    """The start of a command that runs in a network of its own; its processes end with it."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [program("unshare"), *users, "--net", "--pid", "--uts", "--fork", "--kill-child",
            "--mount-proc"]


def require(programs):
    """Ends the test as skipped, saying why, where a server or namespaces are missing."""
    missing = [name for name in ("ip", "unshare", *programs) if not program(name)]
    reason = f"not installed: {', '.join(missing)}" if missing else ""
    if not missing:  # whether the system lets us, and its kernel can
        probe = [program("nft"), "add", "table", "inet", "probe"] if "nft" in programs else ["true"]
        reason = subprocess.run([*namespace(), *probe], capture_output=True, text=True).stderr.strip()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(dcv.SKIPPED)


def inside(case):
    prepare_network()
    with tempfile.TemporaryDirectory(prefix="dcv-") as folder:
        os.chmod(folder, 0o755)
        lab = Lab(folder)
        try:
            case(lab)
            return 0
        except Exception as error:  # the case failed: say why, and what the servers said
            trace = traceback.extract_tb(error.__traceback__)
            place = next((f for f in reversed(trace) if f.name == case.__name__), trace[-1])
            print(f"line {place.lineno}: {error}")
            if not isinstance(error, (AssertionError, RuntimeError)):
                traceback.print_exc(file=sys.stdout)
            return 1
        finally:
            lab.end()


def run_case(name):
    start = time.monotonic()
    try:
        ran = subprocess.run([*namespace(), sys.executable, os.path.abspath(sys.argv[0]), "--inside", name],
                             capture_output=True, text=True, errors="replace", timeout=CASE_SECONDS)
        failed, told = ran.returncode != 0, ran.stdout + ran.stderr
    except subprocess.TimeoutExpired:
        failed, told = True, f"not done after {CASE_SECONDS} s"
    return failed, told, time.monotonic() - start


def main(cases, programs=(), at_once=None):
    """Runs the cases (functions that take a Lab), or those named on the command line; exits."""
    by_name = {case.__name__: case for case in cases}
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(inside(by_name[sys.argv[2]]))
    require(programs)
    failures = 0
    names = sys.argv[1:] or list(by_name)
    with concurrent.futures.ThreadPoolExecutor(at_once or dcv.CORES) as pool:
        for name, (failed, told, seconds) in zip(names, pool.map(run_case, names)):
            failures += failed
            print(f"{'FAILED' if failed else 'ok'} {name} ({seconds:.1f} s)", *told.strip().splitlines(),
                  sep="\n    ", flush=True)
    print(f"{len(names) - failures} passed, {failures} failed")
    sys.exit(1 if failures else 0)
