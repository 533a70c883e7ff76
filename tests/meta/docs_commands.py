#!/usr/bin/env python3
"""Runs the commands in README.md and docs/ and compares what they print with what the page shows.

A block fenced as ```console holds lines "$ command" and the output below each. Times differ from
run to run, so numbers of seconds and dates are compared as such only. A line "…" in the page
stands for any number of lines. Commands that start with ./quickstart, git, cmake or apt are not
run here: the quick start is tested by being the way in which these tests are started.
"""
import difflib
import pathlib
import re
import subprocess
import sys
import os

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)
NOT_RUN = ("./quickstart", "git ", "cmake ", "sudo ", "apt", "cd ")


def commands_in(page):
    """Pairs of command and expected output lines."""
    for block in BLOCK.findall(page.read_text()):
        command, output = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line[2:], []
            else:
                output.append(line)
        if command:
            yield command, output


def normal(line):
    line = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", line.rstrip())
    line = re.sub(r"\b\d+(\.\d+)? (m?s)\b", r"N \2", line)
    return re.sub(r'("(seconds|at|chance|sent_at|duration)": )[\d.e-]+', r"\1N", line)


def matches(expected, printed):
    """True if the lines are equal, a line … standing for any number of lines."""
    if not expected:
        return not printed
    if expected[0].strip() == "…":
        return any(matches(expected[1:], printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and expected[0] == printed[0] and matches(expected[1:], printed[1:])


def main():
    dcv.require_lab()
    environment = {**os.environ, "PATH": f"{dcv.BIN}:{os.environ['PATH']}", "NO_COLOR": "1"}
    pages = [dcv.ROOT / "README.md", *sorted((dcv.ROOT / "docs").rglob("*.md"))]
    ran, failed = 0, 0
    for page in pages:
        for command, output in commands_in(page):
            if command.startswith(NOT_RUN):
                continue
            ran += 1
            done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60,
                                  env=environment, cwd=dcv.ROOT)
            printed = [normal(line) for line in (done.stdout + done.stderr).splitlines()]
            expected = [normal(line) for line in output]
            while printed and not printed[-1]:
                printed.pop()
            if expected and not matches(expected, printed):
                failed += 1
                print(f"{page.relative_to(dcv.ROOT)}: $ {command}")
                print("\n".join(difflib.unified_diff(expected, printed, "page", "printed", lineterm="")))
    print(f"{ran - failed} passed, {failed} failed")
    return 1 if failed or ran == 0 else 0


sys.exit(main())
