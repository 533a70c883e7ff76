#!/usr/bin/env python3
"""Records the seeds of the fuzz targets into a folder: replies of real NSD, Knot DNS, BIND, PowerDNS,
Unbound and nginx, runs of the tools before them and in the lab, and the samples of the other tests.

Usage: seed.py FOLDER. Afterwards tests/fuzz/run packs what adds coverage (tests/fuzz/corpus)."""
import base64
import hashlib
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402

FOLDER = "DCV_FUZZ_SEEDS"  # the environment's variable that names the folder to the cases
SERVERS = [{"name": f"ns{i}.shop.example", "addresses": [f"45.90.28.{i}0"], "zones": ["shop.example"]}
           for i in (1, 2, 3, 4)]
ZONE = """$TTL 3600
@ 3600 IN SOA ns1 hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1
@ IN NS ns2
@ IN NS ns3
@ IN NS ns4
ns1 IN A 45.90.28.10
ns2 IN A 45.90.28.20
ns3 IN A 45.90.28.30
ns4 IN A 45.90.28.40
@ IN A 45.90.29.80
@ IN AAAA 2a07:a8c0::80
@ IN MX 10 mail
@ IN CAA 0 issue "letsencrypt.org; validationmethods=dns-01"
@ IN CAA 128 iodef "mailto:a@shop.example"
@ IN TXT "v=spf1 -all" "second \\"string\\" \\000\\255"
app IN A 45.90.29.81
www IN CNAME app
lost IN CNAME nowhere
away IN CNAME www.elsewhere.org.
tree IN DNAME empty
*.wild IN TXT "wild"
deep.empty IN TXT "deep"
_acme-challenge.app IN TXT "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
_sip._tcp IN SRV 1 2 5060 app
_443._tcp IN TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
sub IN NS ns.sub
ns.sub IN A 45.90.28.99
""" + "".join(f'many IN TXT "record {i} {"x" * 60}"\n' for i in range(20))
NAMES = ["@", "ns1", "app", "none", "x.app", "www", "lost", "away", "x.wild", "empty", "x.tree", "x.sub",
         "sub", "_acme-challenge.app", "_sip._tcp", "_443._tcp", "many"]
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "DS": 43,
         "DNSKEY": 48, "TLSA": 52, "ANY": 255, "CAA": 257}
NGINX = {
    "whole": "return 200 'token.thumbprint';", "moved": "return 301 https://$host$request_uri;",
    "missing": "return 404;", "chunked": "gzip off; add_header X-Long $request_uri; autoindex on; "
    "alias %(folder)s/;", "empty": "return 204;", "error": "return 503 '<h1>\\x1b[31m</h1>';"}


def keep(target, data):
    folder = pathlib.Path(os.environ[FOLDER]) / target
    folder.mkdir(parents=True, exist_ok=True)
    data = data if isinstance(data, bytes) else data.encode()
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def block(data):
    return struct.pack("!H", len(data)) + data


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def query(name, qtype, recursive, edns):
    message = struct.pack("!6H", 0x6463, 0x0100 if recursive else 0, 1, 0, 0, int(edns))
    message += wire_name(name) + struct.pack("!HH", qtype, 1)
    options = struct.pack("!HH", 3, 0) + struct.pack("!HH8s", 10, 8, b"dcvtools")
    return message + (b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, len(options)) + options
                      if edns else b"")


def ask(address, message):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(3)
        udp.connect((address, 53))
        udp.send(message)
        try:
            return udp.recv(65535)
        except TimeoutError:
            return None


def keep_replies(address, recursive):
    for owner in NAMES:
        name = "shop.example" if owner == "@" else f"{owner}.shop.example"
        for number, qtype in enumerate(TYPES.values()):
            reply = ask(address, query(name, qtype, recursive, edns=number % 4 != 3))
            if reply is None:
                continue
            keep("wire", reply)
            keep("replies", struct.pack("BBB", 0, 2, 0) + reply)
            keep("names", block(name.encode()) + wire_name(name))


def keep_observation(path):
    """Without what is made anew from the bytes when it is loaded."""
    seen = json.loads(path.read_text())
    exchanges = seen["exchanges"] + [e for t in seen["targets"] for v in t.get("views", [])
                                     for e in v["exchanges"]]
    for exchange in exchanges + seen.get("ca_answers", []):
        for made in ("reply", "kind"):
            exchange.pop(made, None)
    keep("observation", json.dumps(seen, separators=(",", ":")))
    replies = [base64.b64decode(e["bytes"]) for e in seen["exchanges"] if e["bytes"]]
    keep("walk", b"".join(block(reply) for reply in dict.fromkeys(replies)))
    for reply in replies:
        keep("wire", reply)
        keep("replies", b"\0\2\0" + reply)


def replies_of_real_servers(lab, sign):
    lab.world(SERVERS, {"shop.example": ZONE}, sign=sign)
    casting = {"ns1.shop.example": auth.Nsd, "ns2.shop.example": auth.Knot,
               "ns3.shop.example": auth.Bind, "ns4.shop.example": auth.PowerDns}
    auth.start(lab, casting)
    lab.launch_all([res.Unbound(lab, ["8.8.8.8"])])
    for server in SERVERS:
        keep_replies(server["addresses"][0], recursive=False)
    keep_replies("8.8.8.8", recursive=True)
    for tool, name in (("dcv-preflight", "app.shop.example"), ("dcv-propagation", "www.shop.example")):
        saved = lab.folder / "saved.json"
        lab.tool(tool, name, "--save", saved, *(["--resolvers", "8.8.8.8"] if "prop" in tool else []))
        keep_observation(saved)


def plain(lab):
    replies_of_real_servers(lab, None)


def signed(lab):
    replies_of_real_servers(lab, shop.SIGNED)


def web(lab):
    places = "".join(f"location /{name} {{ {what % {'folder': lab.folder}} }}\n"
                     for name, what in NGINX.items())
    config = lab.folder / "nginx.conf"
    config.write_text(f"""daemon off; pid {lab.folder}/pid; error_log stderr; events {{ }}
http {{ access_log off; default_type text/plain; server {{ listen 127.0.0.1:80; {places} }} }}""")
    nginx = subprocess.Popen([real_lab.program("nginx"), "-p", str(lab.folder), "-c", str(config)],
                             stderr=subprocess.DEVNULL)

    def fetched(path, version):
        try:
            with socket.create_connection(("127.0.0.1", 80), timeout=2) as tcp:
                tcp.send(f"GET {path} HTTP/{version}\r\nHost: a.example\r\nConnection: close\r\n\r\n".encode())
                return b"".join(iter(lambda: tcp.recv(65536), b""))
        except ConnectionRefusedError:
            return b""

    real_lab.await_that(lambda: fetched("/whole", "1.1"), 10, "nginx")
    for name in NGINX:
        for version in ("1.0", "1.1"):
            keep("http", b"\7" + fetched(f"/{name}{'/' if name == 'chunked' else ''}", version))
    nginx.kill()


def runs_in_the_lab():
    """A saved run of every seventh scenario: all families of findings are among them."""
    saved = pathlib.Path(os.environ[FOLDER]) / "saved.json"
    for name, scenario in list(dcv.scenarios().items())[::7]:
        tool, *words = scenario["command"]
        ran = dcv.run("dcv-lab", "run", name, "--", tool, *words, "--save", saved)
        if ran.returncode <= 3 and saved.exists():
            keep_observation(saved)
            saved.unlink()


def samples():
    tests = dcv.ROOT / "tests"
    for path in (tests / "rules/samples").iterdir():
        keep("tables" if path.suffix in (".json", ".tsv") else "csr", path.read_bytes())
    for path in (dcv.ROOT / "tools").glob("*.json"):
        keep("tables", path.read_bytes())
    for row in json.loads((dcv.ROOT / "tools/symptoms.json").read_text())["symptoms"]:
        keep("messages", row["example"])
    for path in sorted(tests.glob("scenarios/*/scenario.json"))[::5]:
        keep("tables", path.read_bytes())
    keep("tables", (tests / "scenarios/base/base.json").read_bytes())
    for path in (tests / "observe/golden").iterdir():
        keep("observation", path.read_bytes())
    for path in sorted(tests.glob("scenarios/*/*.zone"))[::5]:
        keep("lists", path.read_bytes())
    resolvers = (dcv.ROOT / "resolvers.txt").read_text().splitlines()
    for start in range(0, len(resolvers), 40):
        keep("lists", "\n".join(resolvers[start:start + 10]))
    keep("lists", "nameserver 127.0.0.53\nnameserver fe80::1%eth0\nsearch example\n")
    keep("lists", "tls://google\n@core\nhttps://dns.google/dns-query\n[2606:4700::1]:5353\n")
    keep("lists", ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n")
    for name in ("*.shop.example", "m\\195\\188nchen.example", "münchen.example", "a\\.b.example.",
                 "http://shop.example:8080/a/../b?c#d", "//[2001:db8::1]/x", "user@shop.example"):
        keep("names", block(name.encode()) + b"example")
    keep("http", b"\2HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                 b"2\r\nbo\r\n2;x\r\ndy\r\n0\r\nTrailer: x\r\n\r\n")
    keep("http", b"\1" + block(b"200") + block(b"application/dns-message") + block(b"/x") + b"body")


def main():
    if sys.argv[1:2] != ["--inside"]:
        os.environ[FOLDER] = os.path.abspath(sys.argv.pop())
        os.makedirs(os.environ[FOLDER], exist_ok=True)
        samples()
        runs_in_the_lab()
    real_lab.main([plain, signed, web], ["unbound", "nginx", *auth.PROGRAMS])


main()
