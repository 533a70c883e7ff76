#!/usr/bin/env python3
"""check_dcv in the lab: status line and exit status of each kind of answer, every output read by a
parser of the plug-in guidelines' grammar, and by Icinga's where it is installed."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

NAME = "app.shop.example"
READY = f"{NAME}: Nothing stands in the way of an order."
STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"]

NUMBER = r"-?\d+(?:\.\d+)?"
RANGE = rf"@?(?:(?:{NUMBER}|~):(?:{NUMBER})?|{NUMBER})"
DATUM = re.compile(rf"(?:'(?P<quoted>[^'=|]+)'|(?P<bare>[^'=|\s]+))=(?P<value>{NUMBER})(?P<unit>s|%|B|c)?"
                   rf"(?:;(?P<warning>{RANGE})?(?:;(?P<critical>{RANGE})?(?:;(?P<least>{NUMBER})?"
                   rf"(?:;(?P<most>{NUMBER})?)?)?)?)?(?: |$)")
STATUS = re.compile(r"DCV (?P<state>OK|WARNING|CRITICAL|UNKNOWN) - (?P<text>[^|\n]+?)"
                    r"(?: \| (?P<numbers>[^|\n]+))?")


class Slip(Exception):
    pass


def parsed(ran):
    """(text, {label: value}, further lines) of a plug-in's output; raises Slip."""
    if ran.stderr:
        raise Slip(f"writes to stderr: {ran.stderr!r}")
    if not ran.stdout.endswith("\n") or not ran.stdout.replace("\n", "").isprintable():
        raise Slip(f"is no clean text: {ran.stdout!r}")
    first, *more = ran.stdout[:-1].split("\n")
    status = STATUS.fullmatch(first)
    if not status:
        raise Slip(f"begins with no status line: {first!r}")
    if any("|" in line for line in more):
        raise Slip(f"has a bar below the status line: {more}")
    numbers, rest = {}, status["numbers"] or ""
    while rest:
        datum = DATUM.match(rest)
        if not datum:
            raise Slip(f"has bad performance data from here on: {rest!r}")
        label = datum["quoted"] or datum["bare"]
        if label in numbers:
            raise Slip(f"has {label} twice")
        numbers[label] = datum["value"]
        rest = rest[datum.end():]
    return status["state"], status["text"], numbers, more


def in_lab(scenario, *options, lab=()):
    return dcv.run("dcv-lab", "run", *lab, scenario, "--", "check_dcv", *options)


class Faults(list):
    def answer(self, what, ran, state, text):
        """The state and the text of the status line; returns numbers and further lines."""
        try:
            said, line, numbers, more = parsed(ran)
        except Slip as slip:
            self.append(f"{what}: {slip}")
            return {}, []
        if (said, STATES[ran.returncode] if ran.returncode < 4 else ran.returncode) != (state, state):
            self.append(f"{what}: {said}, status {ran.returncode}, not {state}: {line}")
        if line != text:
            self.append(f"{what}:\n  {line}\n  is not\n  {text}")
        return numbers, more

    def same(self, what, seen, wanted):
        if seen != wanted:
            self.append(f"{what}: {seen!r}, not {wanted!r}")


DOT_LOST = (f"_acme-challenge.{NAME} is an alias for app.shop-dcv.example.shop.example, which holds no TXT; "
            "app.shop-dcv.example was probably meant")
DIFFERS = (f"{NAME}: Servers of zone shop.example give different data for _acme-challenge.{NAME} at the same SOA "
           "serial 2026112102: NXDOMAIN at ns2.shop.example, TXT \"LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo\" "
           "at ns1.shop.example")


def check_states(faults):
    numbers, more = faults.answer("ready", in_lab("ok-direct-txt", "-H", NAME), "OK", READY)
    for label, value in {"chance": "1.0000", "agreement": "1.0000", "aliases": "0", "longest_ttl": "60",
                         "negative_ttl": "300"}.items():
        faults.same(f"ready: {label}", numbers.get(label), value)
    faults.same("ready: labels", sorted(numbers), sorted(
        ["queries", "round_trips", "time", "chance", "agreement", "aliases", "longest_ttl", "negative_ttl",
         "slowest_reply"]))
    faults.same("ready: further lines", more, [])
    faults.answer("at risk", in_lab("authority-serial-same-data-differs", NAME), "WARNING", DIFFERS)
    numbers, _ = faults.answer("blocked", in_lab("alias-target-dot-lost", "-H", NAME), "CRITICAL",
                               f"{NAME}: {DOT_LOST}")
    faults.same("blocked: chance and aliases", (numbers["chance"], numbers["aliases"]), ("0.0000", "1"))
    faults.same("--exit-ok", in_lab("alias-target-dot-lost", "--exit-ok", "-H", NAME).returncode, 0)
    alone = subprocess.run(["unshare", "-n", dcv.BIN / "check_dcv", "-H", NAME], capture_output=True, text=True)
    faults.answer("no network", alone, "UNKNOWN",
                  f"{NAME}: No root server answered, addresses asked: 26; nothing can be told from here")


def check_limits(faults):
    limits = ("-w", "signature_days=7:", "-c", "signature_days=3:")
    numbers, _ = faults.answer("signed", in_lab("ok-signed", "-H", NAME, *limits), "OK", READY)
    faults.same("days of the lab's signatures", numbers.get("signature_days"), "14.00")
    faults.answer("signed for too short", in_lab("ok-signed", "-H", NAME, "-w", "signature_days=60:", "-c",
                                                 "signature_days=30:"),
                  "CRITICAL", f"{NAME}: signature_days 14.00 is out of 30:")
    faults.answer("unsigned", in_lab("ok-direct-txt", "-H", NAME, *limits), "OK",
                  f"{READY} (not measured: signature_days)")
    faults.answer("unsigned, but required", in_lab("ok-direct-txt", "-H", NAME, "--require", "signature_days"),
                  "UNKNOWN", f"{NAME}: signature_days could not be measured")
    faults.answer("a TTL too long", in_lab("ok-direct-txt", "-H", NAME, "-w", "longest_ttl=30", "-w", "aliases=0"),
                  "WARNING", f"{NAME}: longest_ttl 60s is out of 30")
    faults.answer("blocked goes before a warning", in_lab("alias-target-dot-lost", "-H", NAME, "-w", "aliases=0"),
                  "CRITICAL", f"{NAME}: {DOT_LOST}")
    _, more = faults.answer("worse than at risk", in_lab("authority-serial-same-data-differs", "-H", NAME, "-c",
                                                         "agreement=1:", "-v"),
                            "CRITICAL", f"{NAME}: agreement 0.5000 is out of 1:")
    faults.same("both are told below", more, [
        "CRITICAL: agreement 0.5000 is out of 1:",
        f"{NAME}: warning[authority-serial-same-data-differs]" + DIFFERS[len(NAME):]])


def check_time_out(faults):
    """Silence at the root; silence of the domain's servers, which may be cut in any later stage."""
    began = os.times().elapsed
    faults.answer("silent root", in_lab("ok-direct-txt", "-H", NAME, "-t", "1", lab=("--delay", "5000")), "UNKNOWN",
                  "the time-out of 1 s was reached during: the delegation walk, the CA's resolver")
    if os.times().elapsed - began > 4:
        faults.append(f"a time-out of 1 s took {os.times().elapsed - began} s")
    ran = in_lab("delegation-all-unreachable", "-H", NAME, "-t", "1s", "--no-ca-eye")
    state, text, *_ = parsed(ran)
    stages = re.match(r"the time-out of 1 s was reached during: (?P<stages>[^;]+)", text)
    if (state, ran.returncode) != ("UNKNOWN", 3) or not stages or "the proof" not in stages["stages"]:
        faults.append(f"silent servers: {ran.returncode} {text}")
    ran = in_lab("visibility-resolver-silent", "-H", NAME, "-t", "3", "--query-timeout", "30", "--no-ca-eye",
                 "--resolvers", "8.8.8.8,1.1.1.1", "--resolv-conf", "/dev/null")
    faults.answer("a silent resolver", ran, "UNKNOWN", "the time-out of 3 s was reached during: public resolvers")


def check_verbosity(faults):
    status, *rest = in_lab("alias-target-dot-lost", "-H", NAME).stdout.splitlines()
    faults.same("one line", rest, [])
    finding = f"{NAME}: error[alias-target-dot-lost]: {DOT_LOST}"
    _, more = faults.answer("-v", in_lab("alias-target-dot-lost", "-H", NAME, "-v"), "CRITICAL", f"{NAME}: {DOT_LOST}")
    faults.same("-v", more, [finding])
    *_, two = parsed(in_lab("alias-target-dot-lost", "-H", NAME, "-vv"))
    for line in (finding,
                 "  + _acme-challenge.app.shop.example. 3600 IN CNAME app.shop-dcv.example."):
        if line not in two:
            faults.append(f"-vv has no line {line!r}: {two}")
    *_, three = parsed(in_lab("alias-target-dot-lost", "-H", NAME, "-v", "-vv"))
    faults.same("-vvv begins as -vv", three[:len(two)], two)
    if not any("CNAME → app.shop-dcv.example.shop.example" in line for line in three[len(two):]):
        faults.append(f"-vvv shows no walk: {three}")


def check_several(faults):
    ran = in_lab("alias-target-dot-lost", "-H", NAME, "-H", "shop.example", "--ca", "letsencrypt,sectigo", "-w",
                 "aliases=0")
    try:
        state, text, numbers, _ = parsed(ran)
    except Slip as slip:
        return faults.append(f"several names: {slip}")
    faults.same("several names", (state, text.partition("; ")[2]),
                ("CRITICAL", f"{NAME} at letsencrypt: {DOT_LOST}"))
    for label in (f"{NAME} letsencrypt chance", f"{NAME} sectigo aliases", "shop.example sectigo aliases", "time"):
        if label not in numbers:
            faults.append(f"several names: no number {label!r} among {sorted(numbers)}")
    check_by_icinga(faults, ran.stdout.partition(" | ")[2].splitlines()[0], numbers)
    ran = in_lab("alias-target-dot-lost", "-H", NAME, "-H", "shop.example", "--format", "checkmk", "-w", "aliases=0")
    lines = ran.stdout.splitlines()
    local = re.compile(rf'([0-3]) "(DCV [^"]+)" ([\w.]+={NUMBER}(?:;[\d.:-]*)*(?:\|[\w.]+={NUMBER}(?:;[\d.:-]*)*)*) (.+)')
    read = [local.fullmatch(line) for line in lines]
    faults.same("checkmk", (ran.returncode, ran.stderr, [m and m.group(1, 2) for m in read][:1], len(lines)),
                (0, "", [("2", f"DCV {NAME}")], 2))
    if not all(read):
        faults.append(f"checkmk: no local check: {lines}")
    ran = dcv.run("check_dcv", "-H", NAME, "-H", "*.shop.example", "--ca", "sectigo", "--format", "zabbix-lld")
    faults.same("zabbix-lld", json.loads(ran.stdout), [
        {"{#DCV.NAME}": name, "{#DCV.METHOD}": "dns-01", "{#DCV.CA}": "sectigo",
         "{#DCV.VALIDATION_NAME}": f"_acme-challenge.{name.removeprefix('*.')}."} for name in (NAME, "*.shop.example")])


def check_by_icinga(faults, text, numbers):
    if not shutil.which("icinga2"):
        print("Icinga is not installed, so its parser was not asked")
        return
    script = f"var all = []; for (each in [{','.join(json.dumps(d[0]) for d in data_of(text))}]) " \
             "{ var p = parse_performance_data(each); all.add([p.label, p.value]) }; Json.encode(all)"
    ran = subprocess.run(["icinga2", "console", "--eval", script], capture_output=True, text=True)
    faults.same("as Icinga reads it", json.loads(json.loads(ran.stdout.splitlines()[-1])),
                [[label, float(value)] for label, value in numbers.items()])


def data_of(text):
    while text:
        datum = DATUM.match(text)
        yield datum[0].rstrip(), datum
        text = text[datum.end():]


def check_slips(faults):
    for words, text in {
        (): "usage: check_dcv [options] -H NAME... (--help says more)",
        ("--hostnames", NAME): 'there is no option "--hostnames"; near: --hostname (--help lists all)',
        ("-H", "app_shop.example"): '"app_shop.example" has an underscore, which host names in certificates cannot have',
        ("-H", NAME, "-w", "ttl=5"): '--warning: there is no metric "ttl"; there are chance, wait, agreement, aliases, '
                                     "longest_ttl, negative_ttl, signature_days, slowest_reply, queries, "
                                     "round_trips, time",
        ("-H", NAME, "-c", "time=20:10"): '--critical time: "20:10" is no range: it ends before it starts',
        ("-H", NAME, "-w", "time=1|2"): '--warning time: "1/2" is no range: its end is no number',
        ("-H", NAME, "-t", "soon"): '--timeout takes a duration such as 90s, 10m, 1h or 7d, at most a week, not "soon"',
        ("-H", NAME, "--format", "json"): '--format takes nagios, checkmk or zabbix-lld, not "json"',
        ("-H", NAME, "--root-hints", "/nonexistent"): "could not read /nonexistent: No such file or directory",
        ("-H", NAME, "--save", "/nonexistent/x"): "could not write /nonexistent/x: No such file or directory",
    }.items():
        ran = dcv.run("check_dcv", *words)
        faults.same(f"{words}", (ran.returncode, ran.stdout, ran.stderr),
                    (3, f"DCV UNKNOWN - check_dcv: {text}\n", ""))
    ran = dcv.run("check_dcv", "--format", "checkmk", "--hostnames")
    faults.same("a slip in a local check", (ran.returncode, ran.stdout),
                (3, '3 "DCV" - check_dcv: there is no option "--hostnames"; near: --hostname (--help lists all)\n'))
    for words, begins in ((["-V"], "check_dcv (dcvtools) "), (["--version"], "check_dcv (dcvtools) "),
                          (["-h"], "Usage: check_dcv "), (["--help"], "Usage: check_dcv ")):
        ran = dcv.run("check_dcv", *words)
        faults.same(f"{words}", (ran.returncode, ran.stdout[:len(begins)], ran.stderr), (3, begins, ""))


def check_nowhere_to_write(faults):
    with open("/dev/full", "w") as full:
        ran = subprocess.run([dcv.BIN / "check_dcv", "--version"], stdout=full, stderr=subprocess.PIPE, text=True)
    faults.same("a full standard output", (ran.returncode, ran.stderr),
                (3, "check_dcv: could not write to standard output\n"))


def check_shared_config(faults):
    """A configuration file that other tools use: its format is not for plug-ins, the rest is."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "config"
        config.write_text("format = json\ncolor = always\nca = sectigo\n")
        ran = in_lab("alias-target-dot-lost", "-H", NAME, "--config", config)
    faults.answer("configured", ran, "CRITICAL", f"{NAME}: {DOT_LOST}")


def main():
    dcv.require_lab()
    faults = Faults()
    for check in (check_states, check_limits, check_time_out, check_verbosity, check_several, check_slips,
                  check_nowhere_to_write, check_shared_config):
        check(faults)
    print("\n".join(faults) or "check_dcv keeps the guidelines")
    return 1 if faults else 0


sys.exit(main())
