#!/usr/bin/env python3
"""A real CA decides on every scenario, and dcv-preflight must have said so before.

For each scenario: an order at Pebble, its digest published in the scenario's zones where they hold
the usual one, dcv-preflight, then the CA looks: Pebble asks the TXT record through a cold Unbound
with Let's Encrypt's settings; CAA, which Pebble leaves out, is asked through the same Unbound and
judged by Boulder's rules. "ready" must be accepted and "blocked" refused; any other verdict promises
neither. Where the report gives a chance between 0 and 1, cold resolvers look many times, each as one
perspective, and the share of right answers must fit. Prints the table of all decisions.
Usage: agreement.py [SCENARIO...]
"""
import base64
import collections
import concurrent.futures
import contextlib
import json
import math
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import agreement_caa  # noqa: E402
import dcv  # noqa: E402
try:
    import agreement_ca as ca
except ModuleNotFoundError:
    ca = None  # require() tells

NEEDED = ["pebble", "unbound", "openssl", "ip", "mount", "unshare"]
LEAST = 60  # decisions that the whole run must compare
LANES = 6   # networks in which scenarios run side by side
TRIES = 40  # cold looks at a scenario whose servers differ
MORE_TRIES = 160  # if those few do not fit: bad luck happens
STANDARD_ERRORS = 3
END_OF_ENVIRONMENT = "=="
SCENARIOS = dcv.ROOT / "tests/scenarios"
# What scenarios publish when all is well; the second one is that of a second name.
DIGESTS = ["LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"]
TAKES_VALUE = {"--account-uri", "--ca", "--ca-profiles", "--expect", "--method", "--query-timeout",
               "--resolv-conf", "--resolvers", "--via",
               "--timeout", "--trust-anchor"}
DROPPED = {"--ca", "--expect"}  # the test says these itself
# Let's Encrypt's quorum, for turning a chance into that of one perspective.
FIFTH_REMOTE_FROM = 1797292800  # 2026-12-15


def forms(digest):
    """The digest, and the wrong ways to write it that scenarios publish."""
    data = base64.urlsafe_b64decode(digest + "=")
    return [digest, base64.b64encode(data).decode(), data.hex(), digest.lower()]


def split(command):
    """What comes before the words for dcv-preflight, the names, and the options."""
    start = command.index("dcv-preflight") + 1 if command[0] == "dcv-preflight" else 4
    names, options, words = [], [], iter(command[start:])
    for word in words:
        if not word.startswith("-"):
            names.append(word)
        elif word not in TAKES_VALUE:
            options.append((word,))
        else:
            value = next(words)
            if word not in DROPPED:
                options.append((word, value))
    return command[:start], names, options


def unsuitable(scenario):
    """Why the CA cannot be asked about the scenario, or ""."""
    command = scenario["command"]
    if command[0] not in ("sh", "dcv-preflight"):
        return f"is about {command[0]}"
    if scenario.get("intercepted"):
        return "the CA would sit in the network that intercepts"
    options = dict(option for option in split(command)[2] if len(option) == 2)
    if options.get("--method", "dns-01") != "dns-01":
        return f"is about {options['--method']}"
    if any(finding["id"] == "method-name-too-deep" for finding in scenario["expect"]["findings"]):
        return "Pebble knows no limit of labels, as Boulder does"
    return ""


def published(name, digests, folder):
    """A copy of the scenario, its base beside it, with these digests for the usual ones."""
    pairs = [pair for old, new in zip(DIGESTS, digests) for pair in zip(forms(old), forms(new))]
    for part in ("base", name):
        shutil.copytree(SCENARIOS / part, folder / part)
        for path in (folder / part).iterdir():
            text = path.read_text()
            for old, new in pairs:
                text = text.replace(old, new)
            path.write_text(text)
    return folder / name


@contextlib.contextmanager
def lab(scenario):
    """The scenario's servers, in this network; yields the environment of commands in it."""
    script = f"env -0 && echo '{END_OF_ENVIRONMENT}' && exec cat >/dev/null"
    with subprocess.Popen([str(dcv.BIN / "dcv-lab"), "run", "--here", str(scenario), "--", "sh", "-c",
                           script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        text = ""
        while not text.endswith(END_OF_ENVIRONMENT + "\n"):
            text += process.stdout.readline()
            if process.poll() is not None:
                raise RuntimeError("dcv-lab did not start")
        yield dict(line.split("=", 1) for line in text.split("\0")[:-1])
        process.stdin.close()


def preflight(command, digests, environment):
    before, names, options = split(command)
    words = [*before, *names, *(word for option in options for word in option), "--json"]
    for digest in digests:
        words += ["--expect", digest]
    ran = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=60)
    if ran.stderr:  # no complaint of a sanitizer goes by unseen
        raise RuntimeError(ran.stderr)
    reports = [json.loads(line) for line in ran.stdout.splitlines()] if len(names) > 1 else [
        json.loads(ran.stdout)]
    verdicts = sorted((report["verdict"] for report in reports), key=dcv.VERDICT_STATUS.get)
    return verdicts[-1], [target["chance"] for report in reports for target in report["targets"]]


class Lane:
    """A network with a Pebble, in which scenarios run one after the other."""

    def __init__(self, folder, new_account):
        self.folder, self.new_account = folder, new_account

    def result(self, name, scenario):
        names = split(scenario["command"])[1]
        client = self.new_account()  # a known one may be spared the challenge
        orders = client.order(names)
        digests = [each.digest for each in orders]
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            folder = pathlib.Path(folder)
            with lab(published(name, digests, folder)) as environment:
                resolver = ca.Resolver(folder, folder / "base", environment["DCV_TRUST_ANCHOR"])
                verdict, chances = preflight(scenario["command"], digests, environment)
                ca.make_local()
                complaint = self.complaint(scenario, client, orders, resolver)
                result = {"name": name, "verdict": verdict, "chances": chances, "complaint": complaint}
                if len(names) == 1 and chances[0] is not None and 0 < chances[0] < 1:
                    result.update(self.odds(chances[0], names[0], digests[0], resolver,
                                              accounts_of(scenario)))
        return result

    def complaint(self, scenario, client, orders, resolver):
        """What the CA says against the order; "" if it would issue."""
        with resolver.running():
            for authorization in orders:
                said = client.decision(authorization, ca.DECISION_SECONDS)
                said = said or agreement_caa.complaint(authorization.name, resolver.caa,
                                                       accounts_of(scenario))
                if said:
                    return said
        return ""

    def odds(self, chance, name, digest, resolver, accounts):
        """How often one perspective sees the digest and may issue, and how often it should."""
        share = share_of(chance)
        for tries in (TRIES, MORE_TRIES):
            seen = sum(self.passes(name, digest, resolver.another(ca.FIRST_PORT + i), accounts)
                       for i in range(tries))
            error = math.sqrt(share * (1 - share) / tries)
            fits = abs(seen / tries - share) <= STANDARD_ERRORS * error
            if fits:
                break
        return {"share": share, "seen": seen, "tries": tries, "fits": fits}

    def passes(self, name, digest, resolver, accounts):
        with resolver.running(), contextlib.suppress(TimeoutError):
            _, found, _ = resolver.ask(f"_acme-challenge.{name.removeprefix('*.')}", ca.TXT)
            return (digest in map(ca.txt_value, found) and
                    not agreement_caa.complaint(name, resolver.caa, accounts))
        return False


def accounts_of(scenario):
    """The accounts that may issue; None where the scenario does not say, and any may."""
    named = [o[1] for o in split(scenario["command"])[2] if o[0] == "--account-uri"]
    return named or None


def pass_probability(share):
    """That an order passes: the primary perspective and all remote ones but one see the digest."""
    remotes = 4 if time.time() < FIFTH_REMOTE_FROM else 5
    return share * (share ** remotes + remotes * share ** (remotes - 1) * (1 - share))


def share_of(chance):
    """The inverse: what one perspective must see for this chance."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if pass_probability(middle) < chance else (low, middle)
    return low


def lane(folder):
    """Inside a network of its own: reads names of scenarios, writes a line of JSON for each."""
    ca.prepare_network(folder)
    scenarios = dcv.scenarios()
    with ca.pebble(folder) as new_account:
        here = Lane(folder, new_account)
        for name in map(str.strip, sys.stdin):
            try:
                result = here.result(name, scenarios[name])
            except Exception as error:  # the other scenarios go on
                result = {"name": name, "error": f"{type(error).__name__}: {error}"}
            print(json.dumps(result), flush=True)


def namespace():
    """The start of a command that runs in a network of its own; its processes end with it."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *users, "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child",
            "--mount-proc"]


def drive(names, folder, results):
    """One lane: hands it the names that are left, one by one."""
    folder.mkdir()
    with subprocess.Popen([*namespace(), sys.executable, __file__, "--lane", str(folder)],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        while True:
            try:
                name = names.get_nowait()
            except queue.Empty:
                process.stdin.close()
                return
            process.stdin.write(name + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            results[name] = json.loads(line) if line else {"name": name, "error": "the lane ended"}
            if not line:
                return


def words_of(complaint):
    """Without what Pebble says around it every time."""
    return re.sub(r'^unauthorized: (Error retrieving TXT records .*: (.*)"\)|(.*) for DNS challenge.*)$',
                  lambda match: match[2] or match[3], complaint)


def fault(result):
    if "error" in result:
        return result["error"]
    if result["verdict"] == "ready" and result["complaint"]:
        return "FALSE READY"
    if result["verdict"] == "blocked" and not result["complaint"]:
        return "FALSE BLOCKED"
    return "" if result.get("fits", True) else "THE ODDS DO NOT FIT"


def row(result):
    if "error" in result:
        return f"{result['name']:40} {result['error']}"
    chances = ", ".join("-" if c is None else f"{c:.2f}" for c in result["chances"])
    decision = "refused" if result["complaint"] else "accepted"
    odds = (f"one perspective: {result['seen']} of {result['tries']} looks see it, expected "
            f"{result['share']:.0%}; " if "share" in result else "")
    told = fault(result) and f"  <== {fault(result)}"
    return (f"{result['name']:40} {result['verdict']:8} {chances:10} {decision:8}  "
            f"{odds}{words_of(result['complaint'])}{told}")


def require():
    dcv.require_lab()
    os.environ["PATH"] += ":/usr/sbin:/sbin"  # where Debian puts servers and ip
    missing = [name for name in NEEDED if not shutil.which(name)]
    if ca is None:
        missing.append("python3-cryptography")
    reason = f"not installed: {', '.join(missing)}" if missing else subprocess.run(
        [*namespace(), "mount", "--bind", "/etc/resolv.conf", "/etc/resolv.conf"],
        capture_output=True, text=True).stderr.strip()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(dcv.SKIPPED)


def main():
    require()
    chosen = sys.argv[1:]
    scenarios = {n: s for n, s in dcv.scenarios().items() if not chosen or n in chosen}
    left_out = {name: unsuitable(s) for name, s in scenarios.items() if unsuitable(s)}
    names, results = queue.Queue(), {}
    for name in scenarios:
        if name not in left_out:
            names.put(name)
    with tempfile.TemporaryDirectory(prefix="dcv-") as folder, \
            concurrent.futures.ThreadPoolExecutor(LANES) as pool:
        lanes = [pool.submit(drive, names, pathlib.Path(folder, str(i)), results) for i in range(LANES)]
        for each in lanes:
            each.result()
    print(f"{'scenario':40} {'verdict':8} {'chance':10} {'the CA':8}")
    for name in scenarios:
        print(row(results[name]) if name in results else f"{name:40} not asked: {left_out[name]}")
    failed = [name for name in results if fault(results[name])]
    for name in failed:  # once more, last, where they are seen
        print(row(results[name]))
    verdicts = collections.Counter(result.get("verdict", "failed") for result in results.values())
    unknown = verdicts.pop("unknown", 0)  # predicts nothing, so the CA can neither agree nor not
    decisions = len(results) - unknown
    print(f"{decisions} decisions ({', '.join(f'{n} {v}' for v, n in sorted(verdicts.items()))}): "
          f"{decisions - len(failed)} agree, {len(failed)} do not; {unknown} unknown")
    if not chosen and decisions < LEAST:
        print(f"fewer than {LEAST}")
        return 1
    return 1 if failed or len(results) + len(left_out) < len(scenarios) or not results else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--lane"]:
        lane(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(main())
