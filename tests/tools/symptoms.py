#!/usr/bin/env python3
"""dcv-explain --symptom reads every message of the incident suite and names its first finding.

Left out are rows whose fault is no finding, and what people said in their own words."""
import json
import re
import sys
import pathlib

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

# No program prints these.
OWN_WORDS = {"N02", "N05", "N08", "V06", "A11"}
# What the row expects is beside the matter: the CA would pass, or DNS is not at fault.
NO_FAULT = {"V07"}
SCHEMA = json.loads((dcv.ROOT / "docs/schema/symptom-1.json").read_text())


def rows():
    for path in sorted((dcv.ROOT / "tests/incidents").glob("*.json")):
        yield from (row for row in json.loads(path.read_text()) if "not_built" not in row)


def faults_of(row, text):
    ran = dcv.run("dcv-explain", "--symptom", text, "--json")
    if ran.returncode:
        yield f"not read ({ran.returncode}): {ran.stderr.strip()}"
        return
    document = json.loads(ran.stdout)
    yield from (e.message for e in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document))
    found = [f["id"] for message in document["messages"] for f in message["findings"]]
    expected = [f["id"] for f in row["expect"]["findings"]][:1]
    if row["id"] not in NO_FAULT:
        yield from (f"does not name {i}" for i in expected if i not in found)
    for message in document["messages"]:
        if not re.match(r"dcv-(preflight|propagation|trace) \S", message["command"]):
            yield f"no command: {message['command']}"


def main():
    texts = [(row, s["text"]) for row in rows() if row["id"] not in OWN_WORDS for s in row["symptoms"]]
    faults = [f"{row['id']} {text[:70]}: {fault}" for row, text in texts for fault in faults_of(row, text)]
    print("\n".join(faults) or f"{len(texts)} messages are read")
    return 1 if faults or len(texts) < 40 else 0


sys.exit(main())
