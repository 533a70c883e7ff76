#!/usr/bin/env python3
"""Every finding has its page, a scenario that yields exactly it, and an ok- scenario without it."""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

HEADINGS = ["What we saw", "Why it breaks validation", "See it yourself", "How to fix",
            "When it is harmless", "Example", "Since"]
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
EXAMPLE = re.compile(r"Scenario `([a-z0-9-]+)` yields it, `(ok-[a-z0-9-]+)` stays silent")
# What needs TLS or a firewall, which the lab's own servers have not.
REAL_EXAMPLE = re.compile(r"Test `(tests/lab/[a-z_]+\.py) ([a-z0-9_]+)` yields it, `(ok-[a-z0-9-]+)` stays silent")


def ids_of(scenario):
    return {finding["id"] for finding in scenario["expect"]["findings"]}


def faults_of_real_example(name, script, case, silent, scenarios):
    path = dcv.ROOT / script
    body = re.search(rf"^def {case}\(.*?(?=^def |^if )", path.read_text() if path.exists() else "", re.M | re.S)
    if not body or f'"{name}"' not in body.group(0):
        yield f"{script} has no case {case} that demands it"
    if silent not in scenarios or name in ids_of(scenarios[silent]):
        yield f"{silent} does not exist or is not silent"


def faults_of(finding, scenarios, changelog):
    name = finding["id"]
    if not ID.fullmatch(name):
        yield "the id is not family-problem in kebab case"
    page = dcv.ROOT / f"docs/findings/{name}.md"
    if not page.exists():
        yield "has no page"
        return
    text = page.read_text()
    if not text.startswith(f"# {name}\n"):
        yield "the page does not begin with the id"
    if re.findall(r"^## (.*)$", text, re.M) != HEADINGS:
        yield f"the page's headings are not {HEADINGS}"
    if f"`{name}`" not in changelog:
        yield "CHANGELOG.md does not list it"
    if REAL_EXAMPLE.search(text):
        yield from faults_of_real_example(name, *REAL_EXAMPLE.search(text).groups(), scenarios)
        return
    example = EXAMPLE.search(text)
    if not example:
        yield "the page names no scenarios under Example"
        return
    yields, silent = (scenarios.get(s) for s in example.groups())
    if yields is None or silent is None:
        yield f"a scenario of {example.groups()} does not exist"
        return
    if name not in ids_of(yields):
        yield f"{example.group(1)} does not expect it"
    if ids_of(yields) != {name} and "also" not in yields["about"]:
        yield f"{example.group(1)} expects {sorted(ids_of(yields))} and does not say why (\"also\")"
    if name in ids_of(silent):
        yield f"{example.group(2)} is not silent"


def main():
    listed = dcv.run("dcv-explain", "--list", "--json")
    findings = json.loads(listed.stdout)["findings"]
    scenarios = dcv.scenarios()
    changelog = (dcv.ROOT / "CHANGELOG.md").read_text()
    faults = [f"{f['id']}: {fault}" for f in findings for fault in faults_of(f, scenarios, changelog)]
    ids = [f["id"] for f in findings]
    faults += [f"{i}: twice in the catalogue" for i in set(ids) if ids.count(i) > 1]
    faults += [f"{p.name}: a page of no finding" for p in (dcv.ROOT / "docs/findings").glob("*.md")
               if p.stem not in ids]
    faults += [f"{name}: expects {i}, which is no finding" for name, s in scenarios.items()
               for i in ids_of(s) if i not in ids]
    print("\n".join(faults) or f"{len(ids)} findings have page and scenarios")
    return 1 if faults or len(ids) < 40 else 0


sys.exit(main())
