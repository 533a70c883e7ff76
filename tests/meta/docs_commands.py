#!/usr/bin/env python3
"""README.md and docs/ show what the tools do: commands are run, options and links compared.

A block fenced as ```console holds lines "$ command", each followed by exactly what it prints. All
blocks of a page run in one folder, empty at first. A line "…" stands for any number of lines. Clock
times and durations are the only other things that may differ. An exit status is shown with
"echo $?". A command that ends with a backslash or has a here-document goes on in lines that begin
with "> ".

A page docs/tools/TOOL.md or docs/probes/PROBE.md has a section "Options" whose table names exactly the options that
it prints for `--help`. What else looks like an option there must be one of some tool.

Usage: docs_commands.py [--update] [PAGE...]
--update writes what the commands print into the pages, up to a final line "…" where one is shown.
"""
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

TOOLS = ["dcv-preflight", "dcv-trace", "dcv-propagation", "dcv-delegate", "dcv-replay", "dcv-explain", "dcv-lab"]
PROBES = ["check_dcv", "dcv-exporter", "dcv-watch"]
PAGES = {tool: f"docs/{folder}/{tool}.md" for folder, tools in (("tools", TOOLS), ("probes", PROBES))
         for tool in tools}
KINDS = ["dcv-report", "dcv-trace", "dcv-observation", "dcv-ca-profiles",
         "dcv-propagation-round", "dcv-delegation", "dcv-providers", "dcv-order",
         "dcv-order-file", "dcv-watch-event", "dcv-watch-snapshot",
         "dcv-watch-forecast"]  # of JSON documents
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z0-9](?:[a-z0-9-]*[a-z0-9])?(?![\w-])")
NAME = re.compile(r"(?<![\w-])(?:dcv|delegation|transport|dnssec|alias|authority|value|caa|visibility|provider|ok)"
                  r"-[a-z0-9-]*[a-z0-9]")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
VARYING = [  # what may differ from run to run
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME"),
    (r"\b\d\d:\d\d:\d\dZ", "CLOCK"),
    (r"\b(5 min( \d s)?|4 min 5\d s)(?! \d)", "5 min"),
    (r"  \d+(\.\d+)? ms +(?=until )", "  N ms  "),
    (r"^\d+ questions?, (\d+ round trips?, )\d+(\.\d+)? s$", r"N questions, \1N s"),  # a busy machine asks again
    (r"  \d+(\.\d+)? ms$", "  N ms"),
    (r"\b(time|slowest_reply'?)=\d+(\.\d+)?(s?)(?=[ ;|]|$)", r"\1=N\3"),
    (r'^( *"(seconds|milliseconds)": )[\d.e-]+(,?)$', r"\1N\3"),
    (r"^(dcv_((probe_)?duration_seconds|observation_timestamp_seconds|slowest_reply_seconds\{.*\}) )[\d.e+-]+$", r"\1N"),
]


def normal(line):
    for pattern, replacement in VARYING:
        line = re.sub(pattern, replacement, line)
    return line.rstrip()


def blocks_of(page, language):
    return [text for name, text in BLOCK.findall(page.read_text()) if name == language]


def goes_on(command, output):
    return not output and (command.endswith("\\") or "<<" in command)


def commands_of(block):
    """[command, lines of output] of a console block."""
    commands = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append([line[2:], []])
        elif commands and goes_on(*commands[-1]) and line.startswith("> "):
            commands[-1][0] += "\n" + line[2:]
        elif commands:
            commands[-1][1].append(line)
        else:
            raise ValueError(f'a console block begins with "{line}"')
    return commands


def matches(expected, printed):
    """True if the lines are equal, a line … standing for any number of lines."""
    if not expected:
        return not printed
    if expected[0].strip() == "…":
        return any(matches(expected[1:], printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and expected[0] == printed[0] and matches(expected[1:], printed[1:])


def trimmed(lines):
    """Without the empty lines at the end."""
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


# One shell for a block, so that $? of one command is there for the next.
def run_block(commands, folder):
    mark = "=== next command ==="
    script = "".join(f"{command}\ndcv_status=$?; echo; echo '{mark}'; (exit $dcv_status)\n"
                     for command, _ in commands)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DCV_")}
    environment.update(PATH=f"{dcv.BIN}:{os.environ['PATH']}", LC_ALL="C.UTF-8", HOME=folder)
    ran = subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         stdin=subprocess.DEVNULL, text=True, timeout=120, env=environment,
                         cwd=folder)
    return [part.splitlines() for part in ran.stdout.split(f"\n{mark}\n")]


def run_page(page):
    """For each console block its commands with (command, lines shown, lines printed)."""
    with tempfile.TemporaryDirectory() as folder:
        for block in blocks_of(page, "console"):
            commands = commands_of(block)
            outputs = run_block(commands, folder)
            if len(outputs) != len(commands) + 1:
                raise ValueError(f"{page}: the block of $ {commands[0][0]} did not run to its end")
            yield block, [(*shown, trimmed(printed)) for shown, printed in zip(commands, outputs)]


def command_faults(page):
    for _, commands in run_page(page):
        for command, shown, printed in commands:
            shown, printed = [normal(l) for l in trimmed(shown)], [normal(l) for l in printed]
            if not matches(shown, printed):
                diff = difflib.unified_diff(shown, printed, "page", "printed", lineterm="")
                yield "\n".join([f"$ {command}", *diff])


def updated(shown, printed):
    """What a page should show: the new lines, or as many as it showed before a final …

    Lines that differ only in what may vary stay as they are."""
    known = {normal(line): line for line in shown}
    printed = [known.get(normal(line), line) for line in printed]
    if not shown or shown[-1] != "…":
        return printed
    return [*printed[:len(shown) - 1], "…"]


def update(page):
    text = page.read_text()
    for block, commands in run_page(page):
        lines = []
        for command, shown, printed in commands:
            lines += ["$ " + command.replace("\n", "\n> "), *updated(trimmed(shown), printed)]
        text = text.replace(f"```console\n{block}```", "```console\n" + "\n".join(lines) + "\n```", 1)
    page.write_text(text)


def options_of_help(tool):
    lines = dcv.run(tool, "--help").stdout.splitlines()
    return {option for line in lines if line.startswith("  ") for option in OPTION.findall(line)}


def option_faults(page, options):
    """The page of a tool against its --help; `options` by tool."""
    text = page.read_text()
    section = re.search(r"^## Options\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    rows = re.findall(r"^\| (`-.*?) \|", section[1] if section else "", re.M)
    listed = {option for row in rows for option in OPTION.findall(row)}
    printed = options[page.stem]
    yield from (f"{option} is missing under Options" for option in sorted(printed - listed))
    yield from (f"{option} is no option of {page.stem}" for option in sorted(listed - printed))
    prose = BLOCK.sub("", text)
    every = set().union(*options.values())
    yield from (f"no tool has an option {option}" for code in re.findall(r"`([^`\n]+)`", prose)
                for option in OPTION.findall(code) if option not in every)


def text_faults(page, names):
    """Links to nothing, names of nothing, commands that are not run."""
    text = BLOCK.sub("", page.read_text())
    yield from (f"{name} does not exist" for code in re.findall(r"`([^`\n]+)`", text)
                for name in NAME.findall(code) if name not in names)
    for link in LINK.findall(text):
        if not (page.parent / link).exists():
            yield f"links to {link}, which does not exist"
    for name, block in BLOCK.findall(page.read_text()):
        if name != "console" and re.search(r"^\$ ", block, re.M):
            yield "a block with a command line is not fenced as console, so it is not run"


def main():
    arguments = [a for a in sys.argv[1:] if a != "--update"]
    pages = [pathlib.Path(p).resolve() for p in arguments] or [
        *sorted(dcv.ROOT.glob("*.md")), *sorted((dcv.ROOT / "docs").rglob("*.md"))]
    options = {tool: options_of_help(tool) for tool in PAGES}
    findings = (page.stem for page in (dcv.ROOT / "docs/findings").glob("*.md"))
    ready_made = (re.split("[@.]", path.name)[0] for path in (dcv.ROOT / "contrib").rglob("*"))
    events = json.loads((dcv.ROOT / "docs/schema/watch-event-1.json").read_text())["properties"]["event"]["enum"]
    names = {*PAGES, *dcv.scenarios(), *KINDS, *findings, *ready_made, *events}
    faults = [(page, fault) for page in pages for fault in text_faults(page, names)]
    faults += [(page, fault) for page in pages if page.stem in PAGES
               for fault in option_faults(page, options)]
    faults += [(dcv.ROOT / page, f"{tool} has no page") for tool, page in PAGES.items()
               if not arguments and not (dcv.ROOT / page).exists()]
    if not faults:
        dcv.require_lab()
        for page in pages if "--update" in sys.argv else []:
            update(page)
        faults = [(page, fault) for page in pages for fault in command_faults(page)]
    for page, fault in faults:
        print(f"{page.relative_to(dcv.ROOT)}: {fault}")
    ran = sum(len(commands_of(b)) for page in pages for b in blocks_of(page, "console"))
    print(f"{ran} commands, {len(faults)} faults")
    return 1 if faults or ran == 0 else 0


sys.exit(main())
