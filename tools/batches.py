#!/usr/bin/env python3
"""Sorts sources into batches that can be compiled as one translation unit each: what one file keeps
to itself (static or in a namespace without a name) must not be defined or used by another.

Usage: batches.py FILE...    Prints a line a batch: its name, then its files, with semicolons between.
"""
import pathlib
import re
import sys

MOST = 8  # files in a batch; more would leave cores idle at the end of a build
COMMENT_OR_STRING = re.compile(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"')
# Not after "." or "->" or "::": calls, types and constants that a name of another file could hijack.
USE = re.compile(r"(?<![\w.:>])(?:([A-Za-z_]\w*)(?=\()|([A-Z]\w*|k[A-Z]\w*)\b)")
UNSCOPED_ENUM = re.compile(r"^enum (?!class)[^{;]*\{([^}]*)\}", re.MULTILINE)
DECLARATOR_END = re.compile(r"[({=;\[]|(?<!:):(?!:)")


def own_names(text):
    """Names defined in namespaces without a name. Such definitions begin at the left margin."""
    names = {word for body in UNSCOPED_ENUM.findall(text) for word in re.findall(r"[A-Za-z_]\w*", body)}
    inside, started = False, ""
    for line in text.splitlines():
        if line == "namespace {":
            inside = True
        elif line == "}  // namespace":
            inside = False
        elif (inside or line.startswith("static ")) and (started or re.match(r"[A-Za-z]", line)):
            started = re.sub(r"^template ?<.*?> ?(?=\w)", "", f"{started} {line}".strip())
            end = DECLARATOR_END.search(started)
            if end:
                names.update(re.findall(r"[A-Za-z_]\w*", started[: end.start()])[-1:])
                started = ""
    return names


def used_names(text):
    return {call or word for call, word in USE.findall(COMMENT_OR_STRING.sub("", text))}


def batches(paths):
    found = []
    for path in paths:
        text = path.read_text()
        own, used = own_names(text), used_names(text)
        for files, all_own, all_used in found:
            if len(files) < MOST and files[0].parent == path.parent and not (
                    own & all_used or all_own & used or own & all_own):
                break
        else:
            files, all_own, all_used = [], set(), set()
            found.append((files, all_own, all_used))
        files.append(path)
        all_own |= own
        all_used |= used
    return [files for files, _, _ in found]


for number, files in enumerate(batches([pathlib.Path(file) for file in sys.argv[1:]])):
    print(";".join([f"{files[0].parent.name}_{number}", *map(str, files)]))
