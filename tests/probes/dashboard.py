#!/usr/bin/env python3
"""The Grafana dashboard can be imported anywhere: no data source of one installation, panels with ids
of their own that do not overlap, no variable that is not declared, expressions that Prometheus can
read. That each is answered shows monitoring.py."""
import collections
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
import grafana  # noqa: E402

MEASURED = ["chance_ratio", "agreement_ratio", "signature_end_timestamp_seconds", "finding", "slowest_reply_seconds",
            "verdict", "probe_duration_seconds", "exporter_probes_total"]  # what people look for


def nodes_of(value):
    """Every object in the document."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from nodes_of(child)


def form_faults(board):
    if board["schemaVersion"] != 39 or board["id"] is not None or not board["uid"] or not board["title"]:
        yield "schemaVersion 39, no id, a uid and a title are needed"
    ids = collections.Counter(panel["id"] for panel in board["panels"])
    yield from (f"panel id {each} is there {count} times" for each, count in ids.items() if count > 1)
    taken = {}
    for panel in board["panels"]:
        grid = panel["gridPos"]
        for place in ((x, y) for x in range(grid["x"], grid["x"] + grid["w"])
                      for y in range(grid["y"], grid["y"] + grid["h"])):
            if place[0] >= 24 or taken.setdefault(place, panel["id"]) != panel["id"]:
                yield f"{panel['title']} lies outside or over panel {taken.get(place)}"
                break
        if panel["type"] != "row" and not panel.get("description"):
            yield f"{panel['title']} does not say what it shows"
        refs = [target["refId"] for target in panel.get("targets", [])]
        if panel["type"] != "row" and (not refs or len(set(refs)) != len(refs)):
            yield f"{panel['title']}: targets {refs}"


def variable_faults(board):
    variables = [variable["name"] for variable in board["templating"]["list"]]
    if variables[:4] != ["datasource", "name", "ca", "method"] or len(set(variables)) != len(variables):
        yield f"the variables are {variables}"
    text = json.dumps(board)
    for used in set(re.findall(r"\$\{?([a-z_]+)\b", text)) - {"__all", "__rate_interval"}:
        if used not in variables:
            yield f"${used} is no variable"
    yield from (f"${each} is not used" for each in variables if not re.search(rf"\$\{{?{each}\b", text))
    for node in nodes_of(board):
        source = node.get("datasource", {"uid": "${datasource}"})
        if source.get("uid") != "${datasource}":
            yield f"a data source of one installation: {source}"


def expression_faults():
    """As promtool reads them, each a recording rule; and what is measured is shown."""
    asked = grafana.expressions()
    rules = [{"record": f"panel:{n}", "expr": expression} for n, (_, expression) in enumerate(asked)]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
        file.flush()
        ran = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
    if ran.returncode:
        yield f"promtool: {ran.stdout}{ran.stderr}"
    every = " ".join(expression for _, expression in asked)
    yield from (f"dcv_{each} is nowhere shown" for each in MEASURED if not re.search(rf"\bdcv_{each}\b", every))


def main():
    if not shutil.which("promtool"):
        print("skipped: promtool is not installed (Debian: prometheus)")
        return dcv.SKIPPED
    board = grafana.dashboard()
    faults = [*form_faults(board), *variable_faults(board), *expression_faults()]
    print("\n".join(faults) or f"{len(board['panels'])} panels, {len(grafana.expressions())} expressions")
    return 1 if faults else 0


sys.exit(main())
