#!/usr/bin/env python3
"""dcv-watch under Helgrind: what its threads share."""
import os
import pathlib
import shutil
import signal
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
from real_lab import Process, await_that, expect  # noqa: E402

NAMES = ["app.shop.example", "www.shop.example", "shop.example"]
SECONDS = 60  # for each step; a few are enough on an idle machine


def inside(folder):
    names, database, log = folder / "names.tsv", folder / "watch.db", folder / "helgrind"

    def seen():
        try:
            file = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
            return {name for name, in file.execute("SELECT name FROM watch, snapshot ON watch.id = watch")}
        except sqlite3.OperationalError:
            return set()  # no tables yet

    def wait_for(names):
        await_that(lambda: seen() == set(names) or not watcher.alive(), SECONDS, f"looks at {names}")
        expect(watcher.alive(), True, f"{watcher.output()}{log.read_text()}")

    # One name at first: Helgrind does not see that tables are made by one thread only.
    names.write_text(f"name\n{NAMES[0]}\n")
    watcher = Process(["valgrind", "-q", "--tool=helgrind", f"--log-file={log}", "--error-exitcode=99",
                       f"--suppressions={dcv.ROOT}/tests/support/helgrind.supp", str(dcv.BIN / "dcv-watch"), "run",
                       "--every", "1s", "--at-once", "3", "--timeout", "60", "--query-timeout", "20",
                       "--database", str(database), str(names)], folder,
                      # Else a thread has the stack of one that ended, which Helgrind takes for a race.
                      env={"GLIBC_TUNABLES": "glibc.pthread.stack_cache_size=0"})
    wait_for(NAMES[:1])
    names.write_text("name\n" + "".join(f"{name}\n" for name in NAMES))
    watcher.signal(signal.SIGHUP)
    wait_for(NAMES)
    watcher.signal(signal.SIGTERM)
    status, _ = watcher.end(SECONDS)
    expect((status, log.read_text()), (0, ""), watcher.output())


def main():
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed")
        return dcv.SKIPPED
    dcv.require_lab()
    with tempfile.TemporaryDirectory() as folder:
        ran = dcv.run("dcv-lab", "run", "ok-direct-txt", "--", "/usr/bin/python3", __file__, "--inside", folder,
                      env={"DCV_BIN": str(dcv.BIN)}, timeout=3 * SECONDS)
    print(ran.stdout + ran.stderr)
    return ran.returncode


if sys.argv[1:2] == ["--inside"]:
    inside(pathlib.Path(sys.argv[2]))
else:
    sys.exit(main())
