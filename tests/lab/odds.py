#!/usr/bin/env python3
"""The odds by experiment: where servers differ, the CA eye asks 200 times, each time cold, and the
frequency of the right answer must be within three standard errors of the share that the report's
chance is made from; where it is not, 800 more decide. Prints the table.

Usage: odds.py [SCENARIO...]
"""
import concurrent.futures
import json
import math
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

SAMPLES = 200
MORE = 800  # where these are out of bound, which happens once in 60 runs by chance alone
BOUND = 3  # standard errors


def chance(share, remotes, may_fail):
    """As pass_probability() in lib/check/chance.cpp."""
    return share * sum(math.comb(remotes, k) * share ** (remotes - k) * (1 - share) ** k
                       for k in range(may_fail + 1))


def share_of(stated, remotes, may_fail):
    """The share that makes this chance."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle, remotes, may_fail) < stated else (low, middle)
    return low


def one_run(scenario, command):
    """The chance stated, and for each perspective whether it got what was expected."""
    expected = command[command.index("--expect") + 1]
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder) / "seen.json"
        ran = dcv.run("dcv-lab", "run", scenario, "--", *command, "--json", "--query-timeout", "1",
                      "--save", str(saved))
        answers = json.loads(saved.read_text())["ca_answers"]
    proofs = [a for a in answers if a["question"]["type"] == "TXT" and a["finished"]]
    right = [any(expected in record for record in (a["reply"] or {}).get("answer", []))
             for a in proofs]
    return json.loads(ran.stdout)["targets"][0]["chance"], right


def asked(name, scenario, samples, pool):
    """The chance stated, the number of remote perspectives, and who got what was expected."""
    first_chance, right = one_run(name, scenario["command"])
    remotes = len(right) - 1
    more = [pool.submit(one_run, name, scenario["command"])
            for _ in range(math.ceil(samples / len(right)) - 1)]
    for run in more:
        right += run.result()[1]
    return first_chance, remotes, right


def within_bound(name, stated, remotes, right):
    share = share_of(stated, remotes, 1)
    frequency = sum(right) / len(right)
    error = math.sqrt(share * (1 - share) / len(right))
    off = abs(frequency - share) / error
    print(f"{name:18} {stated:7.3f} {share:7.3f} {frequency:10.3f} {len(right):8} "
          f"{error:7.3f} {off:5.1f}", flush=True)
    return off <= BOUND


def experiment(name, scenario, pool):
    stated, remotes, right = asked(name, scenario, SAMPLES, pool)
    if within_bound(name, stated, remotes, right):
        return True
    right += asked(name, scenario, MORE, pool)[2]
    return within_bound(name, stated, remotes, right)


def main():
    dcv.require_lab()
    chosen = sys.argv[1:]
    scenarios = {n: s for n, s in dcv.scenarios().items()
                 if (n in chosen if chosen else n.startswith("odds-"))}
    print(f"{'scenario':18} {'chance':>7} {'share':>7} {'frequency':>10} {'samples':>8} "
          f"{'error':>7} {'off':>5}")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        held = [experiment(name, scenario, pool) for name, scenario in scenarios.items()]
    return 0 if held and all(held) else 1


sys.exit(main())
