#!/usr/bin/env python3
"""Real incidents, each rebuilt on real servers, and what our tools must say of it.

<category>.json has the rows; the world of row D01 "zone-edited-…" is made by the function
d01_zone_edited_… of <category>.py, which takes a Lab (tests/support/real_lab.py) and returns the
completed run of a tool with --json. A row may name a scenario of the lab instead, or say why it is
not built. Where a tool tells a time, the row has TIME. docs/incidents.md is made from the rows (tests/meta/incidents_page.py).
Usage: suite.py [ID...]
"""
import concurrent.futures
import difflib
import importlib
import json
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "support")]
import dcv  # noqa: E402
import real_authorities  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers  # noqa: E402

PROGRAMS = [*real_authorities.PROGRAMS, *real_resolvers.PROGRAMS, "dnsdist", "nft", "nginx", "openssl"]
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")
WORLD = re.compile(r"[a-z]\d\d_\w+")
FEW = 8  # rows that may be played again
# Of a finding; what a row leaves out may be anything, but a cause has to be expected.
KEYS = ("id", "severity", "affects", "subject", "cause")


def load():
    """The rows by category, each with its "world" (a function, or None), and what is amiss with them."""
    rows, faults = {}, []
    for file in sorted(HERE.glob("*.json")):
        script = file.with_suffix(".py")
        worlds = vars(importlib.import_module(file.stem)) if script.exists() else {}
        worlds = {name: world for name, world in worlds.items() if WORLD.fullmatch(name)}
        rows[file.stem] = json.loads(file.read_text())
        for row in rows[file.stem]:
            row["world"] = worlds.pop(f"{row['id']}_{row.get('name', '')}".lower().replace("-", "_"), None)
            if sum(map(bool, (row["world"], row.get("scenario"), row.get("not_built")))) != 1:
                faults.append(f"{row['id']}: needs one of a function, a scenario and a reason why it is not built")
        faults += [f"{script.name}: {name} has no row" for name in worlds]
    return rows, faults


def report_of(ran):
    """Verdict and findings of a run, of all its documents."""
    try:
        documents = [json.loads(ran.stdout)]
    except ValueError:
        documents = [json.loads(line) for line in ran.stdout.splitlines()]
    documents = [d for d in documents if d["kind"] in ("dcv-report", "dcv-propagation")]
    worst = max((d["verdict"] for d in documents), key=dcv.VERDICT_STATUS.get)
    return worst, [f for d in documents for part in d.get("targets", [d]) for f in part["findings"]]


def normal(value):
    """As JSON, without the clock's words."""
    return TIME.sub("TIME", json.dumps(value))


def told(finding, like):
    """The finding as lines, with as much as the row says of it."""
    lines = [f"{finding['severity']} {finding['id']}"]
    lines += [f"  {key}: {finding.get(key)}" for key in KEYS[2:] if key in like or key == "cause"]
    lines += [f"  {key}: {normal(finding.get('arguments', {}).get(key))}" for key in sorted(like.get("arguments", {}))]
    return lines


def compare(expect, ran):
    """Lines that say how the run differs from what the row expects."""
    try:
        verdict, findings = report_of(ran)
    except ValueError:
        return [f"no report; exit status {ran.returncode}: {ran.stderr.strip()} {ran.stdout[:200]}"]
    faults = [f"verdict {verdict}, not {expect['verdict']}"] if verdict != expect["verdict"] else []
    if ran.returncode != dcv.VERDICT_STATUS[verdict]:
        faults.append(f"exit status {ran.returncode} for {verdict}")
    rest = len(findings) - len(expect["findings"])
    likes = [*expect["findings"], *[dict.fromkeys(KEYS)] * rest]
    wanted = [line for f in expect["findings"] for line in told(f, f)]
    got = [line for f, like in zip(findings, likes) for line in told(f, like)]
    faults += [line for line in difflib.ndiff(wanted, got) if line[0] != "?"] if wanted != got else []
    remedy = findings[0]["remedy"] if findings else {}
    for key, of_remedy in (("fix", remedy.get("action") or None), ("edits", remedy.get("edits"))):
        if key in expect and normal(expect[key]) != normal(of_remedy):
            faults.append(f"{key}: {normal(of_remedy)}, not {json.dumps(expect[key])}")
    return faults


def inside(row):
    """In a network of its own: makes the world, and prints how the tool's answer differs."""
    faults = []
    def case(lab):
        faults.extend(compare(row["expect"], row["world"](lab)))
    case.__name__ = row["world"].__name__
    failed = real_lab.inside(case)
    print(*faults, sep="\n")
    return 1 if failed or faults else 0


def play(row):
    """Whether the row is right, what is printed of it, and how long it took."""
    if row["world"]:
        failed, text, seconds = real_lab.run_case(row["id"])
        return not failed, text.strip(), seconds
    start = time.monotonic()
    command = dcv.scenarios()[row["scenario"]]["command"]
    faults = compare(row["expect"], dcv.run("dcv-lab", "run", row["scenario"], "--", *command, "--json"))
    return not faults, "\n".join(faults), time.monotonic() - start


def play_all(rows, at_once):
    """Prints how each fared; the ids of those that are right."""
    right = set()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for row, (is_right, text, seconds) in zip(rows, pool.map(play, rows)):
            right.update([row["id"]] if is_right else [])
            print(f"{'ok' if is_right else 'FAILED'} {row['id']} {row['title']} ({seconds:.1f} s)",
                  *text.splitlines(), sep="\n    ", flush=True)
    return right


def table(rows, right):
    """The lines of the table: rows known, built, right and not buildable, by category."""
    yield f"{'':17} known built right not buildable"
    sums = [0, 0, 0, 0]
    for category, listed in rows.items():
        built = [row["id"] for row in listed if "not_built" not in row]
        counts = [len(listed), len(built), sum(each in right for each in built), len(listed) - len(built)]
        sums = [a + b for a, b in zip(sums, counts)]
        yield "{:17} {:5} {:5} {:5} {:13}".format(category, *counts)
    yield "{:17} {:5} {:5} {:5} {:13}".format("all", *sums)


def main():
    rows, faults = load()
    by_id = {row["id"]: row for listed in rows.values() for row in listed}
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(inside(by_id[sys.argv[2]]))
    real_lab.require(PROGRAMS)
    chosen = [by_id[each] for each in sys.argv[1:] or by_id]
    chosen = [row for row in chosen if "not_built" not in row]
    right = play_all(chosen, dcv.CORES)
    left = [row for row in chosen if row["id"] not in right]
    if left and len(left) <= FEW and len(left) < len(chosen):
        print("again, one at a time: on a busy machine servers are late")
        right |= play_all(left, 1)
    print("", *table(rows, right), *faults, sep="\n")
    sys.exit(1 if faults or len(right) < len(chosen) else 0)


if __name__ == "__main__":
    main()
