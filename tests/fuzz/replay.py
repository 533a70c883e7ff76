#!/usr/bin/env python3
"""Replays the corpus of a fuzz target and what once did harm. Usage: replay.py TARGET PROGRAM"""
import pathlib
import subprocess
import sys
import tempfile

import corpora

target, program = sys.argv[1:]
with tempfile.TemporaryDirectory(prefix="dcv-fuzz-") as folder:
    corpora.unpack(target, pathlib.Path(folder))
    regressions = corpora.REGRESSIONS / target
    ran = subprocess.run([program, folder, *([regressions] if regressions.exists() else [])],
                         capture_output=True, text=True, errors="replace")
print(ran.stdout, end="")
if ran.returncode:
    print(*ran.stderr.splitlines()[-60:], sep="\n")  # the input, and what the sanitizer says
sys.exit(ran.returncode)
