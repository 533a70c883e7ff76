#!/usr/bin/env python3
"""dcv-watch under load: 5,000 names on a 5-minute schedule on real name servers. Prints CPU time,
memory and how late looks are, once in 30 seconds.

Usage: [NAMES=5000] [EVERY=300] [SECONDS=900] watch_load.py
"""
import os
import pathlib
import sqlite3
import sys
import time

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[1] / "probes")]
import real_lab  # noqa: E402
import watch  # noqa: E402

NAMES, EVERY, SECONDS = (int(os.environ.get(*default)) for default in
                         (("NAMES", "5000"), ("EVERY", "300"), ("SECONDS", "900")))
real_lab.CASE_SECONDS = SECONDS + 600
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_and_memory(pid):
    """Seconds of CPU time so far, and megabytes that are resident."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * os.sysconf("SC_PAGESIZE") / 1e6


def load(lab):
    watch.usual(lab, *(f'_acme-challenge.h{n} 60 IN TXT "a note"' for n in range(NAMES)))
    watching = watch.Watching(lab, *(f"h{n}.shop.example" for n in range(NAMES)))
    watching.start("--at-once", "16", every=f"{EVERY}s")
    start, before = time.monotonic(), 0.0
    while time.monotonic() - start < SECONDS:
        time.sleep(30)
        cpu, memory = cpu_and_memory(watching.process.process.pid)
        file = sqlite3.connect(f"file:{watching.database}?mode=ro", uri=True)
        recent, = file.execute("SELECT count(*) FROM snapshot WHERE last_seen > ?",
                               (time.time() - EVERY * 1.1,)).fetchone()
        file.close()
        print(f"{time.monotonic() - start:5.0f} s: CPU {(cpu - before) / 30:.2f} cores, {memory:.0f} MB, "
              f"{recent} of {NAMES} seen in the last interval", flush=True)
        before = cpu
    print("\n".join(text for _, text in watching.process.lines if "late" in text) or "no look was late")
    print(f"{watching.database.stat().st_size / 1e6:.1f} MB of database")
    watching.process.stop()


if __name__ == "__main__":
    real_lab.main([load], ["nsd", "knotd", "kdig"])
