#!/usr/bin/env python3
"""On a terminal reports have colours and lines that fit; in a pipe and in files they have neither."""
import fcntl
import os
import pathlib
import pty
import struct
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

COLOUR, WIDTH = "\x1b[", 60


def on_terminal(*command, **environment):
    """What the command prints on a terminal of WIDTH columns."""
    own, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR" and not k.startswith("DCV_")}
    with subprocess.Popen([dcv.BIN / command[0], *command[1:]], stdin=its, stdout=its, stderr=its,
                          env={**clean, "TERM": "xterm", **environment}) as process:
        os.close(its)
        text = b""
        try:
            while part := os.read(own, 65536):
                text += part
        except OSError:  # the other end is closed
            pass
        process.wait()
    os.close(own)
    return text.decode().replace("\r\n", "\n")


def main():
    dcv.require_lab()
    faults = []

    def expect(what, got, wanted):
        if got != wanted:
            faults.append(f"{what}: {got}, not {wanted}")

    with tempfile.TemporaryDirectory() as folder:
        saved, written = f"{folder}/saved.json", pathlib.Path(folder) / "report"
        dcv.run("dcv-lab", "run", "delegation-server-lame", "--", "dcv-preflight", "-q", "--save", saved,
                "app.shop.example")
        for tool in (["dcv-replay", saved], ["dcv-replay", "--trace", saved]):
            expect(f"{tool} on a terminal", COLOUR in on_terminal(*tool), True)
            expect(f"{tool} with --color never", COLOUR in on_terminal(*tool, "--color", "never"), False)
            expect(f"{tool} with NO_COLOR", COLOUR in on_terminal(*tool, NO_COLOR="1"), False)
            expect(f"{tool} with TERM=dumb", COLOUR in on_terminal(*tool, TERM="dumb"), False)
            expect(f"{tool} in a pipe", COLOUR in dcv.run(*tool).stdout, False)
            expect(f"{tool} in a pipe, always", COLOUR in dcv.run(*tool, "--color", "always").stdout, True)
            on_terminal(*tool, "--output", str(written))
            expect(f"{tool} with --output", written.read_text(), dcv.run(*tool).stdout)
        lines = on_terminal("dcv-replay", "--color", "never", saved).splitlines()
        message = next(i for i, line in enumerate(lines) if line.startswith("warning["))
        expect("the message is folded", lines[message + 1].startswith("  "), True)
        expect("and fits", all(len(line) <= WIDTH for line in lines[message:message + 3]), True)
        whole = dcv.run("dcv-replay", saved).stdout
        expect("the words are the same", " ".join(lines).split(), whole.split())
    print("\n".join(faults) or "colours and widths are as they should be")
    return 1 if faults else 0


sys.exit(main())
