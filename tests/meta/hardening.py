#!/usr/bin/env python3
"""The release binaries have what the compiler and the linker can do against memory errors."""
import os
import pathlib
import platform
import re
import subprocess
import sys

BIN = pathlib.Path(os.environ.get("DCV_BIN", "build/release/bin"))
ENDBR64 = bytes.fromhex("f30f1efa")  # where indirect branches may land (-fcf-protection)
FUNCTIONS = 100  # a tool has many more; the start-up code of the C library has a few


def readelf(path):
    ran = subprocess.run(["readelf", "--wide", "--file-header", "--program-headers", "--dynamic",
                          "--dyn-syms", path], capture_output=True, text=True, check=True)
    return ran.stdout


def faults(path):
    told = readelf(path)
    wanted = {
        "position independent (-pie)": r"Type: +DYN \(Position-Independent Executable",
        "relocations read-only (-z relro)": r"GNU_RELRO",
        "symbols bound at the start (-z now)": r"FLAGS.*\bNOW\b",
        "stack not executable (-z noexecstack)": r"GNU_STACK +(0x\w+ +){5}RW ",
        "stack protector (-fstack-protector-strong)": r"\b__stack_chk_fail@",
        "checked library functions (_FORTIFY_SOURCE)": r"\b__(?!stack)\w+_chk@",
        "checked containers (_GLIBCXX_ASSERTIONS)": r"__glibcxx_assert_fail",
    }
    for what, pattern in wanted.items():
        if not re.search(pattern, told):
            yield f"{path.name}: {what}: no"
    if platform.machine() == "x86_64" and path.read_bytes().count(ENDBR64) < FUNCTIONS:
        yield f"{path.name}: marked branch targets (-fcf-protection): no"


def main():
    tools = sorted([*BIN.glob("dcv-*"), *BIN.glob("check_*")])
    found = [fault for tool in tools for fault in faults(tool)]
    print("\n".join(found) or f"{len(tools)} binaries are hardened")
    return 1 if found or not tools else 0


sys.exit(main())
