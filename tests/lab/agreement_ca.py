"""The CA of the agreement test: a real Pebble that asks a real, cold Unbound, in the network
namespace this process is in. The resolver's settings are those that Let's Encrypt publishes."""
import contextlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import time

import acme

SBIN = f"{os.environ['PATH']}:/usr/sbin:/sbin"  # where Debian puts servers and ip
START_SECONDS = 20
DECISION_SECONDS = 60
RESOLVER = "127.0.0.1"
# Boulder asks its Unbound over a stream and gives up after some tries of a second; Go's own
# resolver, which Pebble uses, does the same with these settings. Unbound forgets a question after
# 1.9 seconds.
RESOLV_CONF = f"nameserver {RESOLVER}\noptions use-vc attempts:1 timeout:5\n"
# Special-purpose addresses (RFC 6890): never asked, never taken from an answer.
SPECIAL = """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
  192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24
  203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/128 ::1/128 ::ffff:0:0/96 64:ff9b:1::/48 100::/64
  2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8""".split()
SETTINGS = """  use-caps-for-id: yes
  qname-minimisation: no
  harden-glue: yes
  harden-dnssec-stripped: yes
  harden-below-nxdomain: no
  edns-buffer-size: 1232
  cache-min-ttl: 0
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  neg-cache-size: 0
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  val-log-level: 2
  ede: yes
  unwanted-reply-threshold: 10000
  val-clean-additional: yes
  prefetch: no
  module-config: "validator iterator"
"""
SOA, TXT, CAA = 6, 16, 257
SERVFAIL, NXDOMAIN = 2, 3
LOOKS_FOR_SOA = 20  # each at a random server
FIRST_PORT = 5400  # of the resolvers that look only once


def program(name):
    return shutil.which(name, path=SBIN)


def ip(*words):
    subprocess.run([program("ip"), *words], check=True)


def prepare_network(folder):
    """Makes every address local, and our resolver the one of this (mount) namespace."""
    socket.sethostname("ca")  # without a domain, which Go would append to names it does not find
    for scope in ("all", "default", "lo"):
        with contextlib.suppress(OSError):  # where /proc is read-only, ip tells below
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{scope}/disable_ipv6").write_text("0")
    ip("link", "set", "lo", "up")
    make_local()
    settings = folder / "resolv.conf"
    settings.write_text(RESOLV_CONF)
    subprocess.run(["mount", "--bind", str(settings), "/etc/resolv.conf"], check=True)


def make_local():
    """Also undoes what a scenario's command did to the routes."""
    for family, everything in (("-4", "0.0.0.0/0"), ("-6", "::/0")):
        ip(family, "route", "replace", "local", everything, "dev", "lo")


def wait_for_port(port, process, log):
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return socket.create_connection((RESOLVER, port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{process.args[0]} does not start: {log.read_text()}") from None
        time.sleep(0.01)


@contextlib.contextmanager
def started(command, port, log, **options):
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **options)
    try:
        wait_for_port(port, process, log)
        yield
    finally:
        process.kill()
        process.wait()


def root_hints(folder):
    """The lab's root servers, in the format of named.root."""
    lines = (folder / "root-servers.net.zone").read_text().split("\n")
    records = [line.split() for line in lines]
    servers = sorted({words[-1] for words in records if words[1:3] == ["IN", "NS"]})
    hints = [f". 3600000 NS {server}" for server in servers]
    hints += [f"{words[0]} 3600000 {words[-2]} {words[-1]}"
              for words in records if len(words) > 2 and words[-2] in ("A", "AAAA")]
    return "\n".join(hints) + "\n"


class Resolver:
    """The CA's Unbound; each start is cold. `anchor` is a file with the root's DS, empty when the
    root is not signed."""

    def __init__(self, folder, base, anchor, port=53):
        self.settings = (folder, base, anchor)
        self.port, self.log = port, folder / f"unbound-{port}.log"
        hints, self.config = folder / "root.hints", folder / f"unbound-{port}.conf"
        hints.write_text(root_hints(base))
        lists = "".join(f"  private-address: {net}\n  do-not-query-address: {net}\n" for net in SPECIAL)
        self.config.write_text(f"""server:
  interface: {RESOLVER}@{port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  root-hints: "{hints}"
  trust-anchor-file: "{anchor}"
{SETTINGS}{lists}remote-control:
  control-enable: no
""")

    def another(self, port):
        """The same, cold."""
        return Resolver(*self.settings, port)

    def running(self):
        return started([program("unbound"), "-c", str(self.config)], self.port, self.log)

    def caa(self, name):
        """Rcode and records of the CAA question. Let's Encrypt's Unbound is newer than Debian's: to
        it a denial without SOA is no answer, so it asks the next server, and fails if all do that."""
        rcode, found, has_soa = self.ask(name, CAA)
        for number in range(LOOKS_FOR_SOA):
            if found or has_soa or rcode not in (0, NXDOMAIN):
                return rcode, found
            another = self.another(FIRST_PORT + number)
            with another.running():
                rcode, found, has_soa = another.ask(name, CAA)
        return SERVFAIL, []

    def ask(self, name, qtype, timeout=5):
        """The rcode, the data of all records of the type, and whether there is an SOA record beside
        them; no answer in time is TimeoutError."""
        labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
        query = struct.pack("!6H", 0x6463, 0x0120, 1, 0, 0, 1) + labels + struct.pack("!xHH", qtype, 1)
        query += struct.pack("!xHHIH", 41, 4096, 0, 0)
        with socket.create_connection((RESOLVER, self.port), timeout) as stream:
            stream.sendall(struct.pack("!H", len(query)) + query)
            try:
                file = stream.makefile("rb")
                return read_answer(file.read(struct.unpack("!H", file.read(2))[0]), qtype)
            except (socket.timeout, struct.error):  # silence, or the connection was closed
                raise TimeoutError from None


def skip_name(packet, at):
    while packet[at]:
        if packet[at] >= 0xC0:
            return at + 2
        at += packet[at] + 1
    return at + 1


def read_answer(packet, qtype):
    _, flags, _, answers, authority, _ = struct.unpack_from("!6H", packet)
    at, found, has_soa = skip_name(packet, 12) + 4, [], False
    for _ in range(answers + authority):
        at = skip_name(packet, at)
        rtype, _, _, size = struct.unpack_from("!HHIH", packet, at)
        if rtype == qtype:
            found.append(packet[at + 10:at + 10 + size])
        has_soa |= rtype == SOA
        at += 10 + size
    return flags & 15, found, has_soa


def txt_value(data):
    """The strings of a TXT record, joined."""
    value, at = b"", 0
    while at < len(data):
        value += data[at + 1:at + 1 + data[at]]
        at += 1 + data[at]
    return value.decode("latin-1")


@contextlib.contextmanager
def pebble(folder):
    """A running Pebble; yields a function that opens an account."""
    certificate, key, config = (folder / name for name in ("ca.pem", "ca.key", "pebble.json"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", "/CN=pebble", "-addext",
                    f"subjectAltName=IP:{RESOLVER}", "-keyout", str(key), "-out", str(certificate)],
                   check=True, capture_output=True)
    config.write_text(f"""{{"pebble": {{"listenAddress": "{RESOLVER}:14000",
      "certificate": "{certificate}", "privateKey": "{key}", "httpPort": 80, "tlsPort": 443}}}}""")
    settings = {**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0",
                "PEBBLE_AUTHZREUSE": "0"}
    with started([program("pebble"), "-config", str(config), "-strict=false"], 14000,
                 folder / "pebble.log", env=settings):
        yield lambda: acme.Client(f"https://{RESOLVER}:14000/dir", str(certificate))
