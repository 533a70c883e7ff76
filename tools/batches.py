#!/usr/bin/env python3
"""Sorts sources into batches that can be compiled as one translation unit each: what one file keeps
to itself (static or in a namespace without a name) must not be defined or used by another.

Usage: batches.py FILE...    Prints a line a batch: its name, then its files, with semicolons between.
"""
import pathlib
import re
import sys

MOST = 20  # files in a batch; more would leave cores idle at the end of a build
COMMENT_OR_STRING = re.compile(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"')
# Not after "." or "->" or "::": calls, types and constants that a name of another file could hijack.
USE = re.compile(r"(?<![\w.:>])(?:([A-Za-z_]\w*)(?=\()|([A-Z]\w*|k[A-Z]\w*)\b)")
# What several files may say of the same name, if it is the same.
SAYS_AGAIN = re.compile(r"^(?:using|namespace) (?:(\w+) = [^;]*|[\w:]+::(\w+));", re.MULTILINE)
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


class Source:
    def __init__(self, path):
        text = path.read_text()
        self.path, self.own, self.used = path, own_names(text), used_names(text)
        said = {found[1] or found[2]: found[0] for found in SAYS_AGAIN.finditer(text)}
        self.again = {(name, said[name]) for name in self.own & said.keys()}

    def conflicts(self, other):
        agreed = {name for name, _ in self.again & other.again}
        return bool((self.own & (other.own | other.used) | other.own & self.used) - agreed)


def batches(paths):
    found, sources = [], [Source(path) for path in paths]
    # Those with most conflicts first: the others fit in between.
    for source in sorted(sources, key=lambda each: -sum(map(each.conflicts, sources))):
        for batch in found:
            if len(batch) < MOST and batch[0].path.parent == source.path.parent and not any(
                    map(source.conflicts, batch)):
                batch.append(source)
                break
        else:
            found.append([source])
    return [[source.path for source in batch] for batch in found]


for number, files in enumerate(batches([pathlib.Path(file) for file in sys.argv[1:]])):
    print(";".join([f"{files[0].parent.name}_{number}", *map(str, files)]))
