#!/usr/bin/env python3
"""The Prometheus rules: promtool takes them and their unit tests pass; each alert has a unit test in
which each of its bands fires and one in which it does not; each runbook_url leads to a page."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

FOLDER = dcv.ROOT / "contrib/prometheus"
BASE = "https://runbooks.example/dcvtools/"


def promtool(*words, folder=FOLDER):
    ran = subprocess.run(["promtool", *words], cwd=folder, capture_output=True, text=True)
    return [] if ran.returncode == 0 else [f"promtool {' '.join(words)}: {ran.stdout}{ran.stderr}"]


def alerts_as_read():
    """Name, band and annotations of each rule."""
    groups = yaml.safe_load((FOLDER / "dcv.rules.yml").read_text())["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        yield rule["alert"], rule["labels"]["severity"], rule["annotations"]


def unit_test_faults(alerts):
    tests = yaml.safe_load((FOLDER / "dcv.rules.test.yml").read_text())["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    fired = {(case["alertname"], each["exp_labels"]["severity"]) for case in cases for each in case["exp_alerts"]}
    silent = {case["alertname"] for case in cases if not case["exp_alerts"]}
    for name, band, _ in alerts:
        if (name, band) not in fired:
            yield f"{name}, {band}: no unit test in which it fires"
        if name not in silent:
            yield f"{name}: no unit test in which it does not fire"


def page_faults(alerts):
    """Constant addresses, and those made of the id of the root cause, for each id there is."""
    guide = (dcv.ROOT / "docs/monitoring.md").read_text()
    ids = [each["id"] for each in json.loads(dcv.run("dcv-explain", "--list", "--json").stdout)["findings"]]
    for name, _, annotations in alerts:
        missing = {"summary", "description", "runbook_url"} - annotations.keys()
        yield from (f"{name}: no {each}" for each in sorted(missing))
        url = re.sub(r"\s*\{\{-? with .*?-?\}\}\s*", "", annotations["runbook_url"])
        either = re.sub(r"\{\{ \. \| first \| label \"id\" \}\}", "ID", url).partition("{{ else }}")
        addresses = [either[0], url.partition("findings/")[0] + either[2].removesuffix("{{ end }}")] \
            if either[2] else [url]
        for address in addresses:
            page, _, anchor = address.removeprefix(BASE).partition("#")
            if anchor and f'<a id="{anchor}">' not in guide:
                yield f"{name}: {page} has no place {anchor}"
            for each in ids if "ID" in page else [""]:
                if not address.startswith(BASE) or not (dcv.ROOT / "docs" / page.replace("ID", each)).is_file():
                    yield f"{name}: {address} leads to no page{' for ' + each if each else ''}"
        if f"`{name}`" not in guide:
            yield f"{name}: docs/monitoring.md does not tell of it"


def base_faults():
    """The sed that the rules tell of changes the address everywhere."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        rules = pathlib.Path(folder, "dcv.rules.yml")
        command = re.search(r"^# +(sed -i .*)$", rules.read_text(), re.M)[1]
        subprocess.run(["bash", "-c", command], cwd=folder, check=True)
        if BASE in rules.read_text():
            yield f"{BASE} is still there after: {command}"
        yield from promtool("check", "rules", "dcv.rules.yml", folder=folder)


def main():
    if not shutil.which("promtool"):
        print("skipped: promtool is not installed (Debian: prometheus)")
        return dcv.SKIPPED
    faults = promtool("check", "rules", "dcv.rules.yml")
    faults += promtool("check", "config", "dcv.scrape.yml")
    alerts = list(alerts_as_read())
    faults += [*unit_test_faults(alerts), *page_faults(alerts), *base_faults()]
    faults += promtool("test", "rules", "dcv.rules.test.yml")
    print("\n".join(faults) or f"{len(alerts)} rules")
    return 1 if faults else 0


sys.exit(main())
