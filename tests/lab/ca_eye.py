#!/usr/bin/env python3
"""The CA eye answers what a real Unbound with Let's Encrypt's settings answers to the same questions
in the same lab: rcode, records, and the extended error that a CA would print. Where servers differ,
its answer is one of those that the real one gives in several tries. And it keeps to the time-out.

Usage: ca_eye.py [SCENARIO...]
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

ROOT_HINTS = "/usr/share/dns/root.hints"
TRIES = 60    # of the real one, each with nothing cached: what one server of four says shows in all but one run of 30 million
PATIENCE = 6  # seconds that the CA eye waits for an answer
QUERY_TIMEOUT = 3  # seconds, the default of --query-timeout
OVERRUN = 0.5  # seconds that a run may outlast its time-out
DEAD = ("delegation-all-unreachable", "transport-no-network")  # scenarios where nobody answers
PORT = 5301

# discard-timeout: the CA eye sees slow answers too, and says that they are slow.
CONFIG = """server:
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: "{folder}/unbound.log"
  interface: 127.0.0.1@{port}
  module-config: "validator iterator"
  root-hints: "{hints}"
  {anchor}
  use-caps-for-id: yes
  qname-minimisation: no
  edns-buffer-size: 1232
  harden-glue: yes
  harden-dnssec-stripped: yes
  harden-below-nxdomain: no
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  neg-cache-size: 0
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  ede: yes
  val-log-level: 2
  discard-timeout: 0
  private-address: 10.0.0.0/8
  private-address: 172.16.0.0/12
  private-address: 192.168.0.0/16
  private-address: fd00::/8
  do-not-query-address: 10.0.0.0/8
  do-not-query-address: 172.16.0.0/12
  do-not-query-address: 192.168.0.0/16
  do-not-query-address: fd00::/8
remote-control:
  control-enable: no
"""

# By the reason: the extended errors of Unbound 1.17 where newer ones, such as CAs run, send others,
# which the CA eye tells.
FORMER_CODES = {"no keys have a DS": 9, "no DNSSEC records": 12}
OWN_ANCHORS = "dnssec-anchor-outdated"  # its command brings wrong keys along, Unbound has the right

SIGNED_ZONE = """$TTL 300
@ IN SOA ns1 hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1
@ IN NS ns2
ns1 IN A 45.90.28.10
ns1 IN AAAA 2a07:a8c0::10
ns2 IN A 45.90.30.10
ns2 IN AAAA 2a07:a8c1::10
app IN A 45.90.29.81
_acme-challenge.app IN TXT "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
"""
ADDRESSES = [["45.90.28.10", "2a07:a8c0::10"], ["45.90.30.10", "2a07:a8c1::10"]]
WAYS = ["good", "expired", "not-yet", "wrong-ds", "no-ds", "unsigned-with-ds"]


def signed_scenario(folder, way):
    folder.mkdir()
    servers = [{"name": f"ns{i}.shop.example", "addresses": addresses, "zones": ["shop.example"]}
               for i, addresses in enumerate(ADDRESSES, 1)]
    (folder / "scenario.json").write_text(json.dumps({
        "title": "signed", "about": "signed", "command": ["dcv-preflight", "app.shop.example"],
        "expect": {"verdict": "ready", "findings": []}, "servers": servers,
        "sign": {".": "good", "example": "good", "shop.example": way}}))
    (folder / "shop.example.zone").write_text(SIGNED_ZONE)
    return f"{folder}/"


def meaning_of_eye(answer):
    """Rcode, sorted answer and extended error; None when there was no answer in time."""
    if not answer["finished"]:
        return None
    records = (answer["reply"] or {}).get("answer", [])
    former = [code for words, code in FORMER_CODES.items() if words in answer["reason"]]
    return (answer["rcode"], data_of(records, answer["rcode"]),
            former[0] if former else answer["extended_error"])


def meaning_of_real(text):
    rcode = re.search(r"status: (\w+)", text)
    if not rcode:
        return None
    section = re.search(r";; ANSWER SECTION:\n(.*?)\n\n", text + "\n\n", re.S)
    ede = re.search(r";; EDE: (\d+)", text)
    return (rcode[1], data_of(section[1].splitlines() if section else [], rcode[1]),
            int(ede[1]) if ede else None)


def data_of(lines, rcode):
    records = [line.strip().split(None, 4) for line in lines] if rcode != "SERVFAIL" else []
    # The target of a synthesised alias shows the letters of the question as it was sent.
    return sorted(f"{r[0].lower()} {r[3]} {r[4].lower() if r[3] == 'CNAME' else r[4]}"
                  for r in records if r[3] != "RRSIG")


def ask_real(folder, questions):
    """What a fresh Unbound answers to each question, all at once as the CA eye asks them."""
    server = subprocess.Popen(["unbound", "-c", str(folder / "unbound.conf")])
    try:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", PORT), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        asked = {q: subprocess.Popen(["kdig", "@127.0.0.1", "-p", str(PORT), "+tcp", "+retry=0",
                                      f"+timeout={PATIENCE}", "+edns", *q.split()],
                                     stdout=subprocess.PIPE, text=True) for q in questions}
        return {q: meaning_of_real(process.communicate()[0]) for q, process in asked.items()}
    finally:
        server.terminate()
        server.wait()


def inside(folder, command):
    """In the lab: the CA eye, then the real one until it has given all the same answers."""
    saved = folder / "seen.json"
    subprocess.run([*command, "-q", "--save", str(saved)], stdout=subprocess.DEVNULL, check=False)
    anchor = os.environ.get("DCV_LAB_TRUST_ANCHOR")
    (folder / "unbound.conf").write_text(CONFIG.format(
        folder=folder, hints=ROOT_HINTS, port=PORT,
        anchor=f'trust-anchor-file: "{anchor}"' if anchor else ""))
    answers = json.loads(saved.read_text())["ca_answers"]
    key = {id(a): f"{a['question']['name']} {a['question']['type']}" for a in answers}
    possible = {question: [] for question in key.values()}
    for _ in range(TRIES):
        for question, meaning in ask_real(folder, possible).items():
            possible[question].append(meaning)
        left = [a for a in answers if meaning_of_eye(a) not in possible[key[id(a)]]]
        if not left:
            break
    for a in left:
        said = {str(meaning) for meaning in possible[key[id(a)]]}
        print(f"{key[id(a)]} (perspective {a['perspective']}): {meaning_of_eye(a)} {a['reason']}, "
              f"but Unbound says {' or '.join(sorted(said))}")
    print(f"{len(answers)} answers")


def compare(scenario, command):
    with tempfile.TemporaryDirectory() as folder:
        ran = dcv.run("dcv-lab", "run", "--scenarios", dcv.ROOT / "tests/scenarios", scenario, "--",
                      sys.executable, __file__, "--inside", folder, *command, timeout=600)
    lines = ran.stdout.splitlines()
    if not lines or not re.fullmatch(r"[1-9]\d* answers", lines[-1]):
        return [*lines, ran.stderr]
    return lines[:-1]


def time_out(scenario):
    """With all servers dead a run ends when it should."""
    for seconds, most in ((2, 2), (30, QUERY_TIMEOUT)):
        begin = time.monotonic()
        dcv.run("dcv-lab", "run", scenario, "--", "dcv-preflight", "--timeout", seconds,
                "app.shop.example")
        took = time.monotonic() - begin
        if took > most + OVERRUN:
            yield f"{scenario}: --timeout {seconds} took {took:.2f} s, not {most}"


def main():
    if sys.argv[1:2] == ["--inside"]:
        return inside(pathlib.Path(sys.argv[2]), sys.argv[3:])
    dcv.require_lab()
    for needed in ("unbound", "kdig"):
        if not shutil.which(needed, path=os.environ["PATH"] + ":/usr/sbin"):
            print(f"skipped: {needed} is not there")
            return dcv.SKIPPED
    chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(dcv.CORES) as pool:
        # Where port 53 is intercepted, what a resolver makes of it is luck, and nobody relies on it.
        cases = {name: (name, scenario["command"]) for name, scenario in dcv.scenarios().items()
                 if name in (chosen or dcv.scenarios().keys() - {OWN_ANCHORS})
                 and not scenario.get("intercepted")}
        for way in WAYS:
            if not chosen or f"signed-{way}" in chosen:
                cases[f"signed-{way}"] = (signed_scenario(pathlib.Path(folder) / way, way),
                                          ["dcv-preflight", "app.shop.example"])
        runs = {name: pool.submit(compare, *case) for name, case in cases.items()}
        faults = {name: run.result() for name, run in runs.items()}
        # No answer in time says more of a machine busy with the others: once more, alone.
        for name, lines in faults.items():
            if any(": None " in line for line in lines):
                faults[name] = compare(*cases[name])
        faults["time-out"] = [line for lines in pool.map(lambda each: list(time_out(each)), DEAD)
                              for line in lines]
    for name, lines in faults.items():
        if lines:
            print(name, *lines, sep="\n    ")
    failed = sum(1 for lines in faults.values() if lines)
    print(f"{len(faults) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin"
    sys.exit(main())
