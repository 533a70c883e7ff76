#!/usr/bin/env python3
"""dcv-preflight --public: resolvers are asked only when it is given, and only when no cache could
learn a denial from it."""
import json
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

VALUE = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
RESOLVERS = ("--resolvers", "8.8.8.8,9.9.9.9,1.1.1.1", "--resolv-conf", "/dev/null")


def with_resolvers(folder, name):
    """The scenario `name` with two resolvers that answer and one that is dead."""
    scenarios = dcv.ROOT / "tests/scenarios"
    shutil.copytree(scenarios / "base", folder / "base", dirs_exist_ok=True)
    made = pathlib.Path(shutil.copytree(scenarios / name, folder / name))
    content = json.loads((made / "scenario.json").read_text())
    for address, behaviour in (("8.8.8.8", {"recursive": True}), ("9.9.9.9", {"recursive": True}),
                               ("1.1.1.1", {"drop": True})):
        content["servers"].append({"name": f"r{address}.example", "addresses": [address],
                                   "zones": [], "behaviour": behaviour})
    (made / "scenario.json").write_text(json.dumps(content))
    return made


def seen_by(scenario, *options):
    """Exit status and saved observation of a run."""
    saved = scenario / "seen.json"
    ran = dcv.run("dcv-lab", "run", scenario, "--", "dcv-preflight", "--expect", VALUE,
                  "--query-timeout", "1", "--save", saved, *options, "app.shop.example")
    return ran, json.loads(saved.read_text())


def asked_in(observation):
    views = observation["targets"][0]["views"]
    exchanges = [each for view in views for each in view["exchanges"]]
    return exchanges + [each for resolver in observation["resolvers"] for each in resolver["identity"]]


def check_there(faults, scenario):
    ran, seen = seen_by(scenario)
    if ran.returncode != 0 or seen["resolvers"] or asked_in(seen):
        faults.append(f"without --public: status {ran.returncode}, {len(asked_in(seen))} questions")
    ran, seen = seen_by(scenario, "--public", *RESOLVERS)
    target = seen["targets"][0]
    first = [view["exchanges"][0] for view in target["views"]]
    if ran.returncode != 0 or [each["address"] for each in first[:3]] != ["8.8.8.8", "9.9.9.9", "1.1.1.1"]:
        faults.append(f"--public: status {ran.returncode}, first questions {first} {ran.stderr}")
    for each in first[:2]:
        if each["outcome"] != "reply" or VALUE not in str(each["reply"]["answer"]):
            faults.append(f"--public: {each['address']} shows {each['reply']}")
    if first[2]["outcome"] != "timeout":
        faults.append(f"--public: the dead resolver ended with {first[2]['outcome']}")
    if not all(resolver["identity"] for resolver in seen["resolvers"]):
        faults.append("--public: not every resolver was asked who it is")
    if seen["stats"]["seconds"] > 4:
        faults.append(f"--public: one dead resolver made it {seen['stats']['seconds']} s")


def check_implied(faults, scenario):
    ran, seen = seen_by(scenario, "--resolvers", "8.8.8.8")
    if not asked_in(seen):
        faults.append(f"--resolvers alone asks nobody: status {ran.returncode}")
    os.environ["DCV_RESOLVERS"] = "8.8.8.8"
    _, seen = seen_by(scenario)
    del os.environ["DCV_RESOLVERS"]
    if seen["resolvers"] or asked_in(seen):
        faults.append("resolvers are asked since the environment names them")


def check_withheld(faults, scenario):
    ran, seen = seen_by(scenario, "--public", *RESOLVERS)
    withheld = seen["targets"][0]["views_withheld"]
    if ran.returncode != 1 or asked_in(seen) or "ns2.shop.example" not in withheld:
        faults.append(f"authorities differ: status {ran.returncode}, {len(asked_in(seen))} questions, {withheld!r}")
    _, seen = seen_by(scenario, "--public", "--ask-anyway", *RESOLVERS)
    if len(seen["targets"][0]["views"]) < 3 or seen["targets"][0]["views_withheld"]:
        faults.append("--ask-anyway asked nobody")


def main():
    dcv.require_lab()
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        there = with_resolvers(folder, "ok-direct-txt")
        check_there(faults, there)
        check_implied(faults, there)
        check_withheld(faults, with_resolvers(folder, "authority-txt-differs"))
    ran = dcv.run("dcv-preflight", "--public", "--resolvers", "@nowhere", "app.shop.example")
    if ran.returncode != 64 or "@nowhere" not in ran.stderr:
        faults.append(f"an unknown group: {ran.returncode} {ran.stderr!r}")
    print("\n".join(faults) or "resolvers are asked when wanted, and when it does no harm")
    return 1 if faults else 0


sys.exit(main())
