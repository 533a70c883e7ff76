#!/usr/bin/env python3
"""Runs every scenario of the lab with the real binaries and demands the exact findings.

For each: verdict, exit status and the exact set of findings; the report against its JSON schema;
the same report again, byte for byte, from the saved observation; and where the scenario says what
the remedies mend, those are pasted into the zones and the scenario runs again.
Usage: scenarios.py [SCENARIO...]
"""
import concurrent.futures
import json
import pathlib
import sys
import tempfile

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402


def schema(name):
    return json.loads((dcv.ROOT / "docs/schema" / name).read_text())


MOST_AGAIN = 4  # scenarios that differ are run once more by themselves
REPORT = jsonschema.Draft202012Validator(schema("report-1.json"))
OBSERVATION = jsonschema.Draft202012Validator(schema("observation-1.json"))


def in_lab(name, command, *options):
    return dcv.run("dcv-lab", "run", name, *options, "--", *command)


def documents(text):
    """One JSON document, or JSON Lines; raises json.JSONDecodeError."""
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def report_of(text):
    """The report of a run; several documents as one."""
    reports = documents(text)
    if not reports:
        raise json.JSONDecodeError("no document", text, 0)
    return {**reports[0], "targets": [t for r in reports for t in r["targets"]]}


def findings_of(report):
    return [f for target in report["targets"] for f in target["findings"]]


def described(finding, like):
    return tuple((key, finding.get(key)) for key in ("id", "subject", "severity") if key in like)


def cause_of(finding):
    return (finding["cause"] or {}).get("id")


def compare_causes(expected, findings):
    """Lines that say where causes are others, or the order where there are some."""
    wanted = [(w["id"], w["subject"], w.get("cause")) for w in expected]
    found = [(f["id"], f["subject"], cause_of(f)) for f in findings]
    some = any(cause for *_, cause in wanted + found)
    if some and wanted != found:
        yield f"causes or their order: {found}, not {wanted}"


def compare(expected, findings):
    """Lines that say which findings are missing and which are not expected."""
    left = list(findings)
    for wanted in expected:
        match = next((f for f in left if described(f, wanted) == described(wanted, wanted)), None)
        if match is None:
            yield f"missing: {wanted}"
        else:
            left.remove(match)
    for finding in left:
        yield (f"not expected: {finding['severity']} {finding['id']} {finding['subject']} "
               f"{finding['message']}")


def judge(name, scenario, folder):
    saved = folder / f"{name}.json"
    ran = in_lab(name, [*scenario["command"], "--json", "--save", str(saved)])
    try:
        report = report_of(ran.stdout)
    except json.JSONDecodeError:
        yield f"no report; exit status {ran.returncode}: {ran.stderr.strip()} {ran.stdout[:200]}"
        return
    expect = scenario["expect"]
    if report["verdict"] != expect["verdict"]:
        yield f"verdict {report['verdict']}, not {expect['verdict']}"
    if ran.returncode != dcv.VERDICT_STATUS[report["verdict"]]:
        yield f"exit status {ran.returncode} for {report['verdict']}"
    yield from compare(expect["findings"], findings_of(report))
    yield from compare_causes(expect["findings"], findings_of(report))
    yield from (f"no sentence: {f['remedy']['action']}" for f in findings_of(report)
                if not f["remedy"]["action"].endswith("."))
    for document in documents(ran.stdout):
        yield from (f"schema: {e.json_path}: {e.message}" for e in REPORT.iter_errors(document))
    yield from (f"schema of the observation: {e.json_path}: {e.message[:200]}"
                for e in OBSERVATION.iter_errors(json.loads(saved.read_text())))
    if dcv.run("dcv-replay", "--json", saved).stdout != ran.stdout:
        yield "dcv-replay gives another report than dcv-preflight gave"
    if "mend" in scenario:
        yield from mend(name, scenario, report, folder)


def mend(name, scenario, report, folder):
    edits = folder / f"{name}.edits"
    edits.write_text(dcv.edits_of(report))
    ran = in_lab(name, [*scenario["command"], "--json"], "--edit", str(edits))
    try:
        mended = report_of(ran.stdout)
    except json.JSONDecodeError:
        yield f"remedies pasted: no report: {ran.stderr.strip()}\n{edits.read_text()}"
        return
    if mended["verdict"] != scenario["mend"]:
        left = [f["id"] for f in findings_of(mended)]
        yield f"remedies pasted: {mended['verdict']} {left}, not {scenario['mend']}\n{edits.read_text()}"


def main():
    dcv.require_lab()
    chosen = sys.argv[1:]
    scenarios = {n: s for n, s in dcv.scenarios().items() if not chosen or n in chosen}
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(dcv.AT_ONCE) as pool:
        folder = pathlib.Path(folder)
        runs = {name: pool.submit(lambda n=name, s=s: list(judge(n, s, folder)))
                for name, s in scenarios.items()}
        faults = {name: future.result() for name, future in runs.items()}
        differing = [name for name in faults if faults[name]]
        # A busy machine makes servers slow. More than a few are no matter of that.
        for name in differing if len(differing) <= MOST_AGAIN else []:
            print(f"again, alone: {name}", *faults[name], sep="\n    ", flush=True)
            faults[name] = list(judge(name, scenarios[name], folder))
    for name in scenarios:
        print(f"{'FAILED' if faults[name] else 'ok'} {name}", *faults[name], sep="\n    ", flush=True)
    failed = sum(map(bool, faults.values()))
    print(f"{len(scenarios) - failed} passed, {failed} failed")
    return 1 if failed or not scenarios else 0


sys.exit(main())
