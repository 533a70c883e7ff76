#!/usr/bin/env python3
"""dcv-watch under load: 5,000 names on a 5-minute schedule on real name servers. Prints CPU time,
memory and how many names were seen, once in 30 seconds. Ends with status 1 if looks were late, or if
at the end a name was not seen in the last interval.

Usage: [NAMES=5000] [EVERY=300] [SECONDS=900] watch_load.py
"""
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[1] / "probes")]
import real_lab  # noqa: E402
import watch  # noqa: E402

NAMES, EVERY, SECONDS = (int(os.environ.get(*default)) for default in
                         (("NAMES", "5000"), ("EVERY", "300"), ("SECONDS", "900")))
PERIOD = 30
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_and_memory(pid):
    """Seconds of CPU time so far, and megabytes that are resident."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * os.sysconf("SC_PAGESIZE") / 1e6


def load(lab):
    watch.usual(lab, *(f'_acme-challenge.h{n} 60 IN TXT "a note"' for n in range(NAMES)))
    watching = watch.Watching(lab, *(f"h{n}.shop.example" for n in range(NAMES)))
    watching.start("--at-once", "16", every=f"{EVERY}s")
    start, before, recent = time.monotonic(), 0.0, 0
    while time.monotonic() - start < SECONDS:
        time.sleep(PERIOD)
        cpu, memory = cpu_and_memory(watching.process.process.pid)
        file = sqlite3.connect(f"file:{watching.database}?mode=ro", uri=True)
        recent, = file.execute("SELECT count(*) FROM snapshot WHERE last_seen > ?",
                               (time.time() - EVERY * 1.1 - 10,)).fetchone()
        file.close()
        print(f"{time.monotonic() - start:5.0f} s: CPU {(cpu - before) / PERIOD:.2f} cores, {memory:.0f} MB, "
              f"{recent} of {NAMES} seen in the last interval", flush=True)
        before = cpu
    print(f"{watching.database.stat().st_size / 1e6:.1f} MB of database")
    late = [text for _, text in watching.process.lines if " late: " in text]
    watching.process.stop()
    real_lab.expect(late, [], "what was told of late looks")
    real_lab.expect(recent, NAMES, "names seen in the last interval")


if __name__ == "__main__":
    if sys.argv[1:] == ["--inside"]:
        sys.exit(real_lab.inside(load))
    real_lab.require(["nsd", "knotd", "kdig"])
    command = [*real_lab.namespace(), sys.executable, str(HERE), "--inside"]
    sys.exit(subprocess.run(command).returncode)  # not by real_lab.main, which keeps the output back
