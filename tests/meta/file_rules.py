#!/usr/bin/env python3
"""Sources open with a sentence, stay short, promise nothing for later, and have no coroutines."""
import pathlib
import re
import statistics
import sys

CEILING = 500  # lines
MEDIAN = 150
COROUTINE = re.compile(r"\bco_(await|return|yield)\b")  # why: docs/contributing.md
LATER = re.compile(r"\b(TODO|FIXME|XXX)\b")


def main():
    faults, lengths = [], []
    for top in ("lib", "tools", "probes"):
        for path in sorted(pathlib.Path(top).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            lines = path.read_text().splitlines()
            lengths.append(len(lines))
            if len(lines) > CEILING:
                faults.append(f"{path}: {len(lines)} lines, more than {CEILING}")
            opening = lines[1] if lines[0] == "#pragma once" else lines[0]
            if not opening.startswith("//"):
                faults.append(f"{path}: does not open with a sentence that says what it is")
            if path.suffix == ".h" and lines[0] != "#pragma once":
                faults.append(f"{path}: does not begin with #pragma once")
            faults += [f"{path}:{n}: promises later work" for n, line in enumerate(lines, 1)
                       if LATER.search(line)]
            faults += [f"{path}:{n}: a coroutine" for n, line in enumerate(lines, 1)
                       if COROUTINE.search(line)]
    median = statistics.median(lengths)
    if median > MEDIAN:
        faults.append(f"the median file has {median} lines, more than {MEDIAN}")
    print("\n".join(faults) or f"{len(lengths)} files, median {median} lines, longest {max(lengths)}")
    return 1 if faults else 0


sys.exit(main())
