"""How long a command takes and how much memory it needs."""
import subprocess
import sys

# Ends as the command does. A small process of its own, since a child starts out with its parent's peak.
MEASURE = """
import os, sys, time
start = time.monotonic()
child = os.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(time.monotonic() - start, usage.ru_maxrss / 1024, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
"""
MEASURED = [sys.executable, "-ISEc", MEASURE]  # put before a command


def seconds_and_megabytes(stderr):
    """What MEASURE wrote, from the end of the error output."""
    seconds, megabytes = stderr.splitlines()[-1].split()
    return float(seconds), float(megabytes)
