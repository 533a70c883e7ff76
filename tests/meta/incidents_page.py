#!/usr/bin/env python3
"""docs/incidents.md is made from the rows in tests/incidents; --update writes it."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/incidents.md"
HEADINGS = {"delegation": "Delegation", "alias": "Aliases", "propagation": "Propagation",
            "negative_caching": "Denials that are remembered", "dnssec": "DNSSEC", "caa": "CAA",
            "value": "Values", "split_horizon": "Split horizon", "transport": "Resolvers and transport",
            "others": "Web, mail and automation"}
WHOSE = {"owner": "The owner of the domain", "provider": "Whoever runs the name servers",
         "client": "The client", "local network": "The network that the client is in", "nobody": "Nobody"}
# What differs from one message to the next: the made-up names, and digests.
NAMES = re.compile(r"(?<![\w.-])[\w*-]+(\.[\w-]+)*\.example\b\.?|\b[\w-]{43}\b")
OPENING = """# Incidents

What people saw when a certificate did not come, what it was, and what mends it. Each incident is a public report, rebuilt on real servers with made-up names; the tests demand of the tools exactly the findings shown here ([testing.md](testing.md)). You have a message: give it to `dcv-explain --symptom 'TEXT'`, look it up in the table, or search this page for a part of it; … stands for a name, a value or a time. You have a name: `dcv-preflight NAME` looks for all of this at once.

Messages tell what a program noticed, not what was wrong: the same one often stands for several incidents. Run `dcv-preflight` with the value that the client published (`--expect VALUE`) to tell them apart; with `--public` where the client waits although the authorities have the record.

## Messages

| Message | From | Findings | Incidents |
|---|---|---|---|
"""


def code(text):
    text = text.replace("\n", " ")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def cell(text):
    return text.replace("|", "\\|")


def in_page(row):
    slug = re.sub(r"[^\w\- ]", "", f"{row['id']} {row['title']}".lower()).replace(" ", "-")
    return f"[{row['id']}](#{slug})"


def prose(text):
    """What a tool says, as Markdown; the rows' own words are Markdown already."""
    return re.sub(r"([<*_])", r"\\\1", text).replace("TIME", "…")


def source(text):
    thread = re.fullmatch(r"([\w.-]+/[\w.-]+)#(\d+)", text)
    if thread:
        return f"[{text}](https://github.com/{thread[1]}/issues/{thread[2]})"
    return f"[{text}](https://{text})" if re.fullmatch(r"[\w-]+(\.[\w-]+)+/\S+", text) else text


def findings(row):
    return list(dict.fromkeys(f["id"] for f in row["expect"]["findings"]))


def linked(ids):
    return ", ".join(f"[{each}](findings/{each}.md)" for each in ids)


def messages(rows):
    """The lines of the table, each message once, without the names and values in it, with the incidents
    that it can stand for."""
    told = {}
    for row in rows:
        for symptom in row["symptoms"]:
            told.setdefault(NAMES.sub("…", symptom["text"]), []).append((symptom["program"], row))
    for text, found in sorted(told.items(), key=lambda item: item[0].lower()):
        programs = dict.fromkeys(program for program, _ in found)
        ids = dict.fromkeys(each for _, row in found for each in findings(row))
        incidents = dict.fromkeys(in_page(row) for _, row in found)
        yield (f"| {cell(code(text))} | {', '.join(programs)} | {linked(ids) or 'none: the CA would pass'} | "
               f"{', '.join(incidents)} |")


def whose(row):
    """Who mends it. A client that left something wrong in DNS is in the CA's way as well."""
    passes = row["whose"] in ("client", "local network") and row["expect"]["verdict"] != "blocked"
    return WHOSE[row["whose"]] + ("; the CA would pass." if passes else ".")


def section(row):
    """What is told of one incident."""
    yield f"### {row['id']} {row['title']}"
    yield row["answer"]
    seen = [f"{code(s['text'])} ({s['program']})" for s in row["symptoms"]]
    lines = [f"- Seen: {'; '.join(seen)}"] if seen else []
    lines += [f"- In DNS: {row['state']}", f"- To be mended by: {whose(row)}",
              f"- `{row['command']}` says **{row['expect']['verdict']}**"
              + (f": {linked(findings(row))}" if findings(row) else ", without a finding") + "."]
    lines += [f"- Fix told first: {prose(row['expect']['fix'])}"] if row["expect"].get("fix") else []
    lines.append(f"- From: {', '.join(map(source, row['sources']))}")
    yield "\n".join(lines)


def not_built(rows):
    if not rows:
        return
    yield "## Not rebuilt"
    yield "\n".join(["| Incident | What it was | Why it is not here | From |", "|---|---|---|---|",
                     *[f"| {row['id']} | {cell(row['title'])} | {cell(row['not_built'])} | "
                       f"{', '.join(map(source, row['sources']))} |" for row in rows]])


def page(categories):
    built = {name: [row for row in rows if "not_built" not in row] for name, rows in categories.items()}
    blocks = [OPENING + "\n".join(messages([row for rows in built.values() for row in rows]))]
    for name, rows in built.items():
        blocks += [f"## {HEADINGS[name]}"] if rows else []
        blocks += [block for row in rows for block in section(row)]
    blocks += not_built([row for rows in categories.values() for row in rows if "not_built" in row])
    return "\n\n".join(blocks) + "\n"


def main():
    files = {path.stem: path for path in (ROOT / "tests/incidents").glob("*.json")}
    categories = {name: json.loads(files[name].read_text()) for name in HEADINGS if name in files}
    wanted = page(categories)
    unknown = [name for name in files if name not in HEADINGS]
    if unknown:
        print(f"no heading for {', '.join(unknown)}")
    elif "--update" in sys.argv:
        PAGE.write_text(wanted)
    elif not PAGE.exists() or PAGE.read_text() != wanted:
        print("docs/incidents.md is not as tests/incidents: tests/meta/incidents_page.py --update")
        return 1
    print(f"{sum(map(len, categories.values()))} incidents are in docs/incidents.md")
    return 1 if unknown else 0


sys.exit(main())
