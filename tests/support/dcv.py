"""What the script tests share: where the binaries are, running them, and skipping aloud."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("DCV_BIN", ROOT / "build/release/bin"))
VERDICT_STATUS = {"ready": 0, "at-risk": 1, "blocked": 2, "unknown": 3}
SKIPPED = 77
CORES = len(os.sched_getaffinity(0))  # that we may use
# How many cases run side by side. Most of the time they wait for servers that are silent or late;
# under the sanitizers it is the tools that take long.
AT_ONCE = CORES * (1 if "DCV_SANITIZED" in os.environ else 3)


def run(*command, timeout=120, **options):
    """Runs one of our binaries by name; returns the completed process with text output."""
    program, *arguments = command
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DCV_")}
    environment["PATH"] = f"{BIN}:{environment['PATH']}"
    environment.update(options.pop("env", {}))
    return subprocess.run([str(BIN / program), *map(str, arguments)], capture_output=True,
                          text=True, errors="surrogateescape", timeout=timeout, env=environment,
                          **options)


def require_lab():
    """Ends the test as skipped, saying why, where no network namespace can be made."""
    probe = run("dcv-lab", "run", "ok-direct-txt", "--", "true")
    if probe.returncode:
        print(f"skipped: {probe.stderr.strip()}")
        sys.exit(SKIPPED)


def scenarios():
    """The scenarios by name, as their scenario.json says."""
    folder = ROOT / "tests/scenarios"
    return {p.parent.name: json.loads(p.read_text()) for p in sorted(folder.glob("*/scenario.json"))}


def edits_of(report):
    """The edits of all remedies in a report, in the form of dcv-lab's --edit file.

    A finding may ask for what another one that it explains asks for too: each line comes once."""
    blocks = {}
    for target in report["targets"]:
        for finding in target["findings"]:
            for edit in finding["remedy"]["edits"]:
                server = f" server {edit['server']}" if edit["server"] else ""
                lines = blocks.setdefault(f"zone {edit['zone']}{server}", {})
                lines.update(dict.fromkeys(f"- {line}" for line in edit["remove"]))
                lines.update(dict.fromkeys(f"+ {line}" for line in edit["add"]))
    return "".join("\n".join([zone, *lines]) + "\n" for zone, lines in blocks.items()) or "\n"
