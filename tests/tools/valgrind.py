#!/usr/bin/env python3
"""Every tool under valgrind, once: no invalid access, no leak, and no race where there are threads.

The sanitizer builds see more of our own code; this sees the libraries with it, and the release build.
Usage: valgrind.py [CASE...]
"""
import concurrent.futures
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

FAULT = 99  # valgrind's exit status for any error
MEMORY = ["--leak-check=full", "--errors-for-leak-kinds=definite,possible"]
RACES = ["--tool=helgrind", f"--suppressions={dcv.ROOT}/tests/support/helgrind.supp"]
DNS, WEB = "ok-direct-txt", "ok-web-http-01"  # scenarios
NAME = "app.shop.example"
SLOWER = "60"  # seconds that a run may take
SAVED = dcv.ROOT / "tests/observe/golden/observation.json"
# name: what to look for, the scenario to be in, the tool and its arguments
CASES = {
    "preflight": (MEMORY, DNS, ["dcv-preflight", NAME, "--json", "--timeout", SLOWER]),
    "preflight_http": (MEMORY, WEB, ["dcv-preflight", NAME, "--method", "http-01", "--timeout", SLOWER]),
    "preflight_threads": (RACES, DNS, ["dcv-preflight", NAME, "--timeout", SLOWER]),
    "trace": (MEMORY, DNS, ["dcv-trace", NAME, "--timeout", SLOWER]),
    "propagation": (MEMORY, DNS, ["dcv-propagation", NAME, "--resolvers", "8.8.8.8", "--timeout", SLOWER]),
    "delegate": (MEMORY, DNS, ["dcv-delegate", NAME, "--timeout", SLOWER]),
    "replay": (MEMORY, None, ["dcv-replay", "--format", "html", SAVED]),
    "explain": (MEMORY, None, ["dcv-explain", "alias-loop"]),
    "lab": (MEMORY, None, ["dcv-lab", "export", DNS]),
}


def judge(name, folder):
    looked_for, scenario, (tool, *arguments) = CASES[name]
    log = folder / f"{name}.log"
    command = ["valgrind", "-q", f"--log-file={log}", f"--error-exitcode={FAULT}", *looked_for,
               str(dcv.BIN / tool), *map(str, arguments)]
    if tool == "dcv-lab":
        command.append(str(folder / "zones"))
    if scenario:
        ran = dcv.run("dcv-lab", "run", scenario, "--", *command, timeout=300)
    else:
        ran = dcv.run("/usr/bin/env", *command, timeout=300)
    told = log.read_text() if log.exists() else ""
    if ran.returncode not in dcv.VERDICT_STATUS.values() or told:
        return f"exit status {ran.returncode}\n{told[:4000]}{ran.stderr[:500]}"
    return ""


def main():
    if not shutil.which("valgrind"):
        print("skipped: not installed: valgrind")
        return dcv.SKIPPED
    dcv.require_lab()
    names, failed = sys.argv[1:] or list(CASES), 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(dcv.CORES) as pool:
        for name, fault in zip(names, pool.map(lambda n: judge(n, pathlib.Path(folder)), names)):
            failed += bool(fault)
            print(f"{'FAILED' if fault else 'ok'} {name}", *fault.splitlines(), sep="\n    ", flush=True)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
