#!/usr/bin/env python3
"""Sources open with a sentence, stay short, promise nothing for later, have no coroutines, and use what
they are using: clang-tidy, which reads them in batches, takes what another file uses for used."""
import pathlib
import re
import statistics
import sys

CEILING = 500  # lines
MEDIAN = 150
COROUTINE = re.compile(r"\bco_(await|return|yield)\b")  # why: docs/contributing.md
COMMENT_OR_STRING = re.compile(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"')
USING = re.compile(r"^using (?:(\w+) = [^;]*|[\w:]+::(\w+));", re.MULTILINE)
LATER = re.compile(r"\b(TODO|FIXME|XXX)\b")


def unused(text):
    """Names that a source is using for nothing: they come nowhere else unqualified."""
    code = USING.sub("", COMMENT_OR_STRING.sub("", text))
    names = [found[1] or found[2] for found in USING.finditer(text)]
    return [name for name in names if not re.search(rf"(?<![\w:]){name}\b", code)]


def main():
    faults, lengths = [], []
    for top in ("lib", "tools", "probes"):
        for path in sorted(pathlib.Path(top).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            text = path.read_text()
            lines = text.splitlines()
            lengths.append(len(lines))
            if len(lines) > CEILING:
                faults.append(f"{path}: {len(lines)} lines, more than {CEILING}")
            opening = lines[1] if lines[0] == "#pragma once" else lines[0]
            if not opening.startswith("//"):
                faults.append(f"{path}: does not open with a sentence that says what it is")
            if path.suffix == ".h" and lines[0] != "#pragma once":
                faults.append(f"{path}: does not begin with #pragma once")
            if path.suffix == ".cpp":
                faults += [f"{path}: is using {name} for nothing" for name in unused(text)]
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
