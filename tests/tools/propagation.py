#!/usr/bin/env python3
"""dcv-propagation with real servers' answers: exit statuses, JSON Lines, signals, quiet and saved
runs."""
import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

VALUE = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
NAME = "app.shop.example"
SCHEMA = dcv.ROOT / "docs/schema/propagation-1.json"
SERVER_LATE, THERE, ABSENT = "authority-txt-differs", "ok-direct-txt", "value-none"


def command(scenario, *options):
    return ["dcv-lab", "run", scenario, "--", "dcv-propagation", "--only", "authority",
            "--expect", VALUE, *options]


def run(scenario, *options):
    return dcv.run(*command(scenario, *options))


def check(faults, what, ran, status, out="", err=""):
    if ran.returncode != status or out not in ran.stdout or err not in ran.stderr:
        faults.append(f"{what}: status {ran.returncode}, {ran.stdout[-1500:]!r} {ran.stderr[-500:]!r}")


def check_statuses(faults):
    check(faults, "all have it", run(THERE, NAME), 0, "READY", "")
    check(faults, "some have it", run(SERVER_LATE, NAME), 1, "wait 2 h")
    check(faults, "none has it", run(ABSENT, NAME), 2, "not published yet")
    check(faults, "no network", run("transport-no-network", "--query-timeout", "0.3", NAME), 3, "UNKNOWN")
    check(faults, "the worst of two", run(SERVER_LATE, NAME, "ok.shop.example"), 2, "BLOCKED")
    check(faults, "the validation name itself", run(THERE, f"_acme-challenge.{NAME}."), 0, "READY")
    check(faults, "a name as it is", run(THERE, "--type", "TXT", f"_acme-challenge.{NAME}"), 0, "READY")
    check(faults, "any text is expected",
          dcv.run("dcv-lab", "run", "ok-extra-txt", "--", "dcv-propagation", "--only", "authority",
                  "--expect", "no digest", NAME), 2, "other value")


def check_wait(faults):
    check(faults, "waited for what is there", run(THERE, "--wait", "20", NAME), 0, "READY", "round 3")
    check(faults, "waited in vain", run(SERVER_LATE, "--wait", "2", NAME), 1, "The 2 s to wait are over", "round 2")
    check(faults, "waited without a network",
          run("transport-no-network", "--wait", "2", "--query-timeout", "0.3", NAME), 3, "UNKNOWN", "round 1")
    check(faults, "any server suffices", run(SERVER_LATE, "--wait", "20", "--quorum", "authority=any", NAME), 0, "READY")
    for option in ("-q", "--progress=never"):
        ran = run(THERE, "--wait", "20", option, NAME)
        if ran.returncode != 0 or ran.stderr or not ran.stdout.startswith("READY"):
            faults.append(f"--wait {option}: {ran.returncode} {ran.stdout!r} {ran.stderr!r}")


def check_json(faults, folder):
    path = pathlib.Path(folder) / "lines.jsonl"
    ran = run(SERVER_LATE, "--wait", "2", "--json", "--output", path, NAME, f"*.{NAME}", "x.shop.example")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    documents = [line for line in lines if line["kind"] == "dcv-propagation"]
    rounds = [line for line in lines if line["kind"] == "dcv-propagation-round"]
    if ran.returncode != 2 or ran.stdout or ran.stderr or lines[-2:] != documents or len(rounds) < 4:
        faults.append(f"--json --wait: {ran.returncode}, {len(rounds)} rounds, {len(documents)} documents {ran.stderr!r}")
    if [line["verdict"] for line in documents] != ["at-risk", "blocked"]:
        faults.append(f"--json --wait: verdicts of {documents}")
    if {line["next"] for line in rounds[-2:]} != {"stop"}:
        faults.append(f"--json --wait: the last rounds are {rounds[-2:]}")
    schema = subprocess.run([sys.executable, str(dcv.ROOT / "tests/meta/schema_check.py"), str(path), str(SCHEMA)],
                            capture_output=True, text=True)
    if schema.returncode not in (0, dcv.SKIPPED):
        faults.append(f"--json --wait against the schema: {schema.stdout}")


def check_signals(faults):
    """A signal ends the wait soon, with a document and the verdict of the moment."""
    for number in (signal.SIGINT, signal.SIGTERM):
        environment = {"PATH": f"{dcv.BIN}:/usr/sbin:/usr/bin:/sbin:/bin"}
        wait = " ".join(command(SERVER_LATE, "--wait", "60", "--json", NAME)[4:])
        script = f"{wait} > out & child=$!; until grep -q round out 2>/dev/null; do sleep 0.05; done; " \
                 f"kill -{int(number)} $child; wait $child; echo $? > status"
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            subprocess.run([str(dcv.BIN / "dcv-lab"), "run", SERVER_LATE, "--", "bash", "-c", script],
                           cwd=folder, env=environment, timeout=50, capture_output=True)
            seconds = time.monotonic() - began
            last = json.loads((pathlib.Path(folder) / "out").read_text().splitlines()[-1])
            status = (pathlib.Path(folder) / "status").read_text().strip()
            if status != "1" or seconds > 20 or not last["summary"].startswith("Ended before its time."):
                faults.append(f"signal {number}: status {status} after {seconds:.1f} s, {last}")


CACHED = ["dcv-lab", "run", "visibility-negative-cached", "--", "dcv-propagation", "--resolvers",
          "8.8.8.8,1.1.1.1", "--resolv-conf", "/dev/null", "--expect", VALUE]


def check_resolvers(faults, folder):
    """One of two resolvers keeps a denial."""
    saved = pathlib.Path(folder) / "cached.json"
    ran = dcv.run(*CACHED, "--save", saved, NAME)
    check(faults, "a denial in a cache", ran, 1, "1 of 2 have it")
    again = dcv.run("dcv-replay", "--propagation", saved)
    if (again.stdout, again.returncode) != (ran.stdout, ran.returncode):
        faults.append(f"replay with resolvers: {again.returncode} {again.stderr}\n{ran.stdout}\n{again.stdout}")
    check(faults, "only the authorities", dcv.run(*CACHED, "--only", "authority", NAME), 0, "READY")
    check(faults, "waited for any resolver",
          dcv.run(*CACHED, "--wait", "20", "--public", "--quorum", "public=any", NAME), 0, "1 of 2 have it")
    check(faults, "waited for all resolvers", dcv.run(*CACHED, "--wait", "2", "--public", NAME), 1, "The 2 s to wait are over")
    silent = dcv.run(*CACHED[:5], "--resolvers", "9.9.9.9", "--resolv-conf", "/dev/null", "--expect", VALUE,
                     "--query-timeout", "0.5", "--wait", "2", "--public", NAME)
    check(faults, "no resolver answers", silent, 3, "no resolver answered")


def check_terminal(faults):
    """On a terminal the matrix is drawn in place, and Ctrl-C ends the wait."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ["PATH"] = f"{dcv.BIN}:{os.environ['PATH']}"
        os.execvp("dcv-lab", command(SERVER_LATE, "--wait", "60", NAME))
    shown, asked_to_end = "", False
    while True:
        try:
            shown += os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # the end
            break
        if not asked_to_end and shown.count("Looking again in") >= 2:
            os.write(terminal, b"\x03")
            asked_to_end = True
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    last = shown.rpartition("\x1b[J")[2]
    if status != 1 or "Ctrl-C ends" in last or "Ended before its time." not in last:
        faults.append(f"on a terminal: status {status}, {shown[-2000:]!r}")


def check_replay(faults, folder):
    """A saved run is shown again byte for byte."""
    saved = pathlib.Path(folder) / "seen.json"
    for options in ([], ["--json"], ["--all"], ["-v"], ["-q"]):
        ran = run(SERVER_LATE, "--save", saved, *options, NAME, "*.shop.example")
        again = dcv.run("dcv-replay", "--propagation", "--only", "authority", *options, saved)
        if (again.stdout, again.returncode) != (ran.stdout, ran.returncode) or not ran.stdout:
            faults.append(f"replay {options}: {again.returncode} {again.stderr}\n{ran.stdout}\n{again.stdout}")


def main():
    dcv.require_lab()
    faults = []
    check_statuses(faults)
    check_wait(faults)
    check_signals(faults)
    check_terminal(faults)
    with tempfile.TemporaryDirectory() as folder:
        check_json(faults, folder)
        check_replay(faults, folder)
        check_resolvers(faults, folder)
    print("\n".join(faults) or "dcv-propagation looks, waits, ends and saves as it should")
    return 1 if faults else 0


sys.exit(main())
