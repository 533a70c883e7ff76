#!/usr/bin/env python3
"""dcv-lab itself, over real sockets: misbehaviour that only sockets show, exit statuses, edits.

Outside it writes scenarios and starts `live.py inside CHECK` in the lab; inside it asks."""
import http.client
import json
import os
import pathlib
import socket
import struct
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

FIRST, FIRST_V6, SECOND = "45.90.28.10", "2a07:a8c0::10", "45.90.30.10"
WAIT = 0.3  # seconds: the lab answers in less than one millisecond

ZONE = """$TTL 300
@ IN SOA ns1 hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1
ns1 IN A 45.90.28.10
a IN TXT "value"
"""


def query(name="a.shop.example", identity=7):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", identity, 0, 1, 0, 0, 0) + labels + struct.pack("!xHH", 16, 1)


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def udp(address, packet=None):
    """The reply, "silent" or "refused"."""
    with socket.socket(family(address), socket.SOCK_DGRAM) as s:
        s.settimeout(WAIT)
        s.connect((address, 53))
        try:
            s.send(packet or query())
            return s.recv(65535)
        except socket.timeout:
            return "silent"
        except ConnectionRefusedError:
            return "refused"


def read_message(stream):
    size, = struct.unpack("!H", stream.read(2))
    return stream.read(size)


def tcp(address, packet=None):
    """The reply, "no connection", "refused" or "silent"."""
    packet = packet or query()
    with socket.socket(family(address), socket.SOCK_STREAM) as s:
        s.settimeout(WAIT)
        try:
            s.connect((address, 53))
        except socket.timeout:
            return "no connection"
        except ConnectionRefusedError:
            return "refused"
        try:
            s.sendall(struct.pack("!H", len(packet)) + packet)
            return read_message(s.makefile("rb"))
        except socket.timeout:
            return "silent"


def is_answer(reply):
    return isinstance(reply, bytes) and reply[:2] == b"\0\7" and b"\5value" in reply


def expect(what, got, wanted):
    if got != wanted:
        print(f"{what}: {got!r}, not {wanted!r}")
        sys.exit(1)


def check_fine():
    for address in (FIRST, FIRST_V6):
        expect(f"UDP at {address}", is_answer(udp(address)), True)
        expect(f"TCP at {address}", is_answer(tcp(address)), True)
    expect("UDP where nobody is", udp("9.9.9.9"), "refused")
    expect("TCP where nobody is", tcp("2620:fe::fe"), "refused")


def check_drop():
    expect("UDP", udp(FIRST), "silent")
    expect("TCP", tcp(FIRST), "no connection")
    expect("the other address", is_answer(udp(FIRST_V6)), True)


def check_closed():
    expect("UDP", udp(FIRST), "refused")
    expect("TCP", tcp(FIRST), "refused")


def check_tcp_refuse():
    expect("UDP", is_answer(udp(FIRST)), True)
    expect("TCP", tcp(FIRST), "refused")


def check_tcp_drop():
    expect("TCP", tcp(FIRST), "silent")


def check_udp_drop():
    expect("UDP", udp(FIRST), "silent")
    expect("TCP", is_answer(tcp(FIRST)), True)


def check_loss():
    answered = sum(is_answer(udp(FIRST)) for _ in range(20))
    expect("some of 20 are lost and some are not", 0 < answered < 20, True)
    expect("TCP loses nothing", is_answer(tcp(FIRST)), True)


def check_delay():
    for ask in (udp, tcp):
        start = time.monotonic()
        expect("an answer", is_answer(ask(FIRST)), True)
        expect("100 ms later", 0.1 <= time.monotonic() - start < 0.2, True)


def check_many():
    """A burst is answered without loss, and so are two queries on one connection."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        s.connect((FIRST, 53))
        s.settimeout(2)
        for identity in range(200):
            s.send(query(identity=identity))
        expect("answers", len({s.recv(512)[:2] for _ in range(200)}), 200)
    with socket.create_connection((FIRST, 53), 2) as s:
        packet = struct.pack("!H", len(query())) + query()
        s.sendall(packet + packet)
        stream = s.makefile("rb")
        expect("both", [is_answer(read_message(stream)) for _ in range(2)], [True, True])


def check_no_ipv6():
    expect("IPv4", is_answer(udp(FIRST)), True)
    try:
        udp(FIRST_V6)
        expect("IPv6", "a route", "none")
    except OSError:
        pass


def check_intercepted():
    for address in (FIRST, FIRST_V6, "192.0.2.1", "2001:db8::1"):
        for reply in (udp(address), tcp(address)):
            expect(f"the reply of {address}", is_answer(reply), True)
            expect("its flags RA and AA", reply[2] & 4 or reply[3] & 0x80, 0x80)


def check_recursive():
    for ask in (udp, tcp):
        reply = ask(FIRST, query("www.example", 7))
        expect("NXDOMAIN from another server's zone, with RA", reply[3] & 0x8F, 0x83)


def check_edited():
    expect("the new value", b"\6edited" in udp(FIRST), True)
    expect("the old value", is_answer(udp(FIRST)), False)


def check_environment():
    lab = os.readlink(f"/proc/{os.getppid()}/exe")
    expect("PATH", os.environ["PATH"].split(":")[0], os.path.dirname(lab))
    expect("trust anchors", pathlib.Path(os.environ["DCV_TRUST_ANCHOR"]).read_text(), "")


def check_web():
    """Web servers answer at their addresses, and all that was asked stands in the log."""
    for host in ("104.18.10.5", "2606:4700::5"):
        client = http.client.HTTPConnection(host, 80, timeout=2)
        client.request("GET", "/a?b", headers={"Host": "shop.example"})
        expect(f"the reply of {host}", client.getresponse().read(), b"text")
    expect("port 443", web_connection("104.18.10.5", 443), "refused")
    expect("a black hole", web_connection("104.18.11.5", 80), "no connection")
    udp(FIRST)
    tcp(FIRST)
    log = pathlib.Path(os.environ["LOG"]).read_text().splitlines()
    expect("the log", log, ["http 104.18.10.5 80 shop.example /a?b 200",
                            "http 2606:4700::5 80 shop.example /a?b 200",
                            f"udp {FIRST} a.shop.example. TXT",
                            f"tcp {FIRST} a.shop.example. TXT"])


def web_connection(address, port):
    try:
        socket.create_connection((address, port), WAIT).close()
        return "connected"
    except socket.timeout:
        return "no connection"
    except ConnectionRefusedError:
        return "refused"


# Check, behaviour of the first server, behaviour at its IPv6 address, more options, more fields.
EDIT = """zone shop.example. server ns1.shop.example.
- a.shop.example. 1 IN TXT "value"
+ a.shop.example. 1 IN TXT "edited"
"""
RUNS = [
    ("fine", {}, {}, [], {}),
    ("drop", {"drop": True}, {"drop": False}, [], {}),
    ("closed", {"closed": True}, {}, [], {}),
    ("tcp_refuse", {"tcp": "refuse"}, {}, [], {}),
    ("tcp_drop", {"tcp": "drop"}, {}, [], {}),
    ("udp_drop", {"udp": "drop"}, {}, [], {}),
    ("loss", {"loss": 0.5}, {}, [], {}),
    ("delay", {"delay_ms": 100}, {}, [], {}),
    ("delay", {"delay_ms": 40}, {}, ["--delay", "60"], {}),
    ("many", {}, {}, [], {}),
    ("no_ipv6", {}, {}, [], {"ipv6": False}),
    ("intercepted", {}, {}, [], {"intercepted": True}),
    ("recursive", {"recursive": True}, {}, [], {}),
    ("edited", {}, {}, ["--edit", "EDITS"], {}),
    ("environment", {}, {}, [], {}),
    ("web", {}, {}, ["--log", "LOG"], {"web": [
        {"addresses": ["104.18.10.5", "2606:4700::5"], "replies": {"/a": {"body": "text"}}},
        {"addresses": ["104.18.11.5"], "behaviour": "drop"}]}),
]
# Arguments, exit status, and what the error says.
STATUSES = [
    (["run", "HERE", "--", "sh", "-c", "exit 7"], 7, ""),
    (["run", "HERE", "--", "sh", "-c", "kill -9 $$"], 137, ""),
    (["run", "HERE", "--", "/no/such/program"], 127, "cannot run /no/such/program"),
    (["run", "HERE"], 0, "$ true"),
    (["run", "no-such-scenario", "--", "true"], 64, 'there is no scenario "no-such-scenario"'),
    (["run", "HERE", "--delay", "x", "--", "true"], 64, "option --delay takes milliseconds"),
    (["run", "HERE", "--edit", "/no/such/file", "--", "true"], 64, "cannot be read"),
    (["run", "HERE", "true"], 64, "put -- before the command"),
    (["run", "HERE", "--here", "--", "true"], 70, "every address is local, and 198.41.0.4 is not"),
    (["run", "HERE", "--log", "/no/such/log", "--", "true"], 70, "cannot write /no/such/log"),
    (["show", "HERE", "--here"], 64, "only run takes --here"),
    (["show", "HERE", "--log", "LOG"], 64, "only run and serve take --log"),
    (["list", "--jsno"], 64, "there is no option --jsno"),
    ([], 64, "a command is missing"),
    (["--help"], 0, ""),
    (["--version"], 0, ""),
    (["show", "HERE"], 0, ""),
]


def write_scenario(folder, behaviour, at, more):
    (folder / "scenario.json").write_text(json.dumps({
        "title": "live", "about": "live", "command": ["true"],
        "expect": {"verdict": "ready", "findings": []},
        "servers": [{"name": "ns1.shop.example", "addresses": [FIRST, FIRST_V6],
                     "zones": ["shop.example"], "behaviour": behaviour, "at": {FIRST_V6: at}}],
        **more}))
    (folder / "shop.example.zone").write_text(ZONE)


def in_lab(folder, arguments):
    places = {"HERE": f"{folder}/", "EDITS": f"{folder}/edits", "LOG": f"{folder}/log"}
    arguments = [places.get(argument, argument) for argument in arguments]
    if arguments and arguments[0] in ("run", "show"):  # the base is beside the real scenarios
        arguments[1:1] = ["--scenarios", str(dcv.ROOT / "tests/scenarios")]
    return dcv.run("dcv-lab", *arguments, env={"LOG": places["LOG"]})


def check_serve(folder):
    """The command that `serve` prints enters the lab and finds the tools and the trust anchor."""
    program = [dcv.BIN / "dcv-lab", "serve", f"{folder}/"]
    with dcv.subprocess.Popen(program, stdout=dcv.subprocess.PIPE, text=True) as lab:
        try:
            command = next(line for line in lab.stdout if "nsenter" in line).strip()
            inside = 'dig +short a.shop.example TXT @45.90.28.10; which dcv-lab; cat "$DCV_TRUST_ANCHOR"'
            ran = dcv.subprocess.run(["sh", "-c", f"{command} -c '{inside}'"], capture_output=True,
                                     text=True, timeout=30)
        finally:
            lab.terminate()
    wanted = f'"value"\n{dcv.BIN}/dcv-lab\n'
    return [] if ran.stdout == wanted else [f"serve: {ran.stdout}{ran.stderr}, not {wanted}"]


def main():
    dcv.require_lab()
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "edits").write_text(EDIT)
        for check, behaviour, at, options, more in RUNS:
            write_scenario(folder, behaviour, at, more)
            ran = in_lab(folder, ["run", "HERE", *options, "--", sys.executable, __file__,
                                  "inside", check])
            if ran.returncode:
                faults.append(f"{check} {behaviour}: {ran.stdout}{ran.stderr}")
        write_scenario(folder, {}, {}, {})
        for arguments, status, error in STATUSES:
            ran = in_lab(folder, arguments)
            if ran.returncode != status or error not in ran.stderr or bool(error) != bool(ran.stderr):
                faults.append(f"{arguments}: exit status {ran.returncode}, {ran.stderr.strip()!r}")
        faults += check_serve(folder)
    print("\n".join(faults) or f"{len(RUNS) + len(STATUSES) + 1} passed")
    return 1 if faults else 0


if sys.argv[1:2] == ["inside"]:
    globals()[f"check_{sys.argv[2]}"]()
else:
    sys.exit(main())
