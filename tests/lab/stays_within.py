#!/usr/bin/env python3
"""The tools stay within what they were asked for, in every scenario of the lab.

Each runs as nobody, without any capability, on a file system that is read-only throughout, and must
come to its verdict all the same. A capture of all packets shows that none begins a conversation with
an address of special purpose (loopback, private, reserved), but where --allow-private was given; and
but for the two where no server can be, whose answers show that port 53 is intercepted.
Usage: stays_within.py [SCENARIO...]
"""
import concurrent.futures
import ctypes
import ipaddress
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
import real_lab  # noqa: E402

EVERY_PROTOCOL = 3  # ETH_P_ALL
BUFFER = 8 << 20
UDP, TCP = 17, 6
SYN_ACK, SYN = 0x12, 0x02
TOOLS = ("dcv-preflight", "dcv-delegate")
NEW_NETWORK = 0x40000000  # CLONE_NEWNET
NO_SERVERS = {ipaddress.ip_address(text) for text in ("192.0.2.1", "2001:db8::1")}

# Run as root in the lab's network; ends as the tool without any privilege.
CONFINED = """
chmod a+r "$DCV_TRUST_ANCHOR" || exit 70
mount --make-rprivate / || exit 70
while read -r _ at _; do mount -o remount,bind,ro "$at" 2>/dev/null; done </proc/self/mounts
for folder in / /tmp /dev/shm "$HOME" "$PWD"; do
  if touch "$folder/written" 2>/dev/null; then echo "$folder is writable" >&2; exit 70; fi
done
export PATH="$HOME:$PATH"
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all \\
  --inh-caps=-all --ambient-caps=-all "$@"
"""


class Capture(threading.Thread):
    """Whom the packets that begin a conversation go to: (protocol, address, port)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(EVERY_PROTOCOL))
        self.socket.setsockopt(socket.SOL_SOCKET, 33, BUFFER)  # SO_RCVBUFFORCE
        self.socket.bind(("lo", EVERY_PROTOCOL))
        self.socket.settimeout(0.02)
        self.begun, self.flows, self.packets = set(), set(), 0
        self.ended = threading.Event()
        self.start()

    def run(self):
        while True:
            try:
                packet, (_, _, kind, _, _) = self.socket.recvfrom(65535)
            except TimeoutError:
                if self.ended.is_set():
                    return
                continue
            if kind == socket.PACKET_OUTGOING:  # on lo each comes in as well
                self.packets += 1
                self.take(packet)

    def take(self, packet):
        if packet[0] >> 4 == 4:
            protocol, rest = packet[9], packet[(packet[0] & 15) * 4:]
            source, target = packet[12:16], packet[16:20]
        else:
            protocol, rest = packet[6], packet[40:]
            source, target = packet[8:24], packet[24:40]
        if protocol not in (UDP, TCP):
            return
        from_port, to_port = struct.unpack("!HH", rest[:4])
        if protocol == TCP and rest[13] & SYN_ACK != SYN:
            return
        if (protocol, target, to_port, source, from_port) in self.flows:
            return  # a reply
        self.flows.add((protocol, source, from_port, target, to_port))
        self.begun.add((protocol, ipaddress.ip_address(target), to_port))

    def end(self):
        """Dropped packets would be an omission: there must be none."""
        self.ended.set()
        self.join()
        _, dropped = struct.unpack("II", self.socket.getsockopt(263, 6, 8))  # PACKET_STATISTICS
        self.socket.close()
        return dropped


def is_special(address):
    return address not in NO_SERVERS and (address.is_multicast or not address.is_global)


def judge(name, scenario, tools):
    command = scenario["command"]
    capture = Capture()
    ran = dcv.run("dcv-lab", "run", "--here", name, "--", "unshare", "--mount", "sh", "-c", CONFINED,
                  "confined", *command,
                  env={"HOME": str(tools), "XDG_CONFIG_HOME": str(tools)}, cwd=dcv.ROOT)
    dropped = capture.end()
    wanted = scenario["expect"]["verdict"]
    if ran.returncode != dcv.VERDICT_STATUS[wanted]:
        yield f"exit status {ran.returncode}, not that of {wanted}: {ran.stderr.strip()[:300]}"
    if ran.stderr:
        yield f"said {ran.stderr.strip()[:300]}"
    if dropped:
        yield f"{dropped} packets were not captured"
    if not capture.begun:
        yield "no packet was seen"
    if "--allow-private" not in command:
        yield from (f"asked {address} port {port}" for _, address, port in sorted(capture.begun, key=str)
                    if is_special(address))


def inside(names, tools):
    libc, scenarios = ctypes.CDLL(None, use_errno=True), dcv.scenarios()
    for name in names:
        if libc.unshare(NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "no network of its own")
        real_lab.prepare_network()
        print(json.dumps([name, list(judge(name, scenarios[name], tools))]), flush=True)


def share(names, tools):
    """Runs them one after the other, each in a network of its own."""
    command = [*real_lab.namespace(), sys.executable, __file__, "--inside", tools, *names]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=600)
    judged = dict(json.loads(line) for line in ran.stdout.splitlines())
    missing = f"was not run: {ran.stderr.strip()[-600:]}"
    return {name: judged.get(name, [missing]) for name in names}


def main():
    if os.geteuid() != 0:
        print("skipped: only root can become nobody")
        return dcv.SKIPPED
    real_lab.require(["setpriv", "mount"])
    names = sys.argv[1:] or [name for name, scenario in dcv.scenarios().items()
                             if scenario["command"][0] in TOOLS]  # the others are scripts
    jobs = dcv.AT_ONCE
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for tool in dcv.BIN.glob("dcv-*"):
            shutil.copy(tool, folder)  # to where nobody may go
        os.chmod(folder, 0o755)
        shares = [names[n::jobs] for n in range(jobs) if names[n::jobs]]
        faults = {}
        for judged in pool.map(lambda share_of: share(share_of, folder), shares):
            faults.update(judged)
    for name in names:
        if faults[name]:
            print(f"FAILED {name}", *faults[name], sep="\n    ")
    failed = sum(map(bool, faults.values()))
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if sys.argv[1:2] == ["--inside"]:
    inside(sys.argv[3:], pathlib.Path(sys.argv[2]))
else:
    sys.exit(main())
