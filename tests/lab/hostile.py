#!/usr/bin/env python3
"""A hostile authority costs no more than the named limits, and the report says which one was hit.

Each attack is a server of its own making (tests/support/hostile_authority.py) in a network of its own;
the real dcv-preflight asks it. Prints a table: attack, what the report says, seconds, peak memory,
questions that came to the servers. The limits: docs/limits.md."""
import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
import struct
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / part) for part in ("support", "meta")]
import dcv  # noqa: E402
import html_check  # noqa: E402
import measured  # noqa: E402
import real_lab  # noqa: E402
from real_lab import expect  # noqa: E402

import dns.edns  # noqa: E402
import dns.flags  # noqa: E402
import dns.rcode  # noqa: E402
import dns.rdata  # noqa: E402
import dns.rrset  # noqa: E402
import hostile_authority  # noqa: E402
from hostile_authority import (APEX, OURS, REGISTRY, SILENCE, TRICKLE, Authority, Server, Zone, name,  # noqa: E402
                               rrset, trickle)

TARGET = "app.shop.example"
TOKEN = name("_acme-challenge.app.shop.example.")
VALUE = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
MEGABYTES = 250  # peak of any run; docs/limits.md
QUESTIONS = 5 * 4000 + 2000  # kQuestionsPerRun, each three times over UDP and twice over TCP; the CA eye's
JUDGING_SECONDS = 20  # on top of --timeout, on a busy machine
EVIL = b"\x1b[31m\x1b]0;x\x07\x00\r\n\x7f\x9b<script>alert(1)</script>&\"'\\\"]}{%s$(id)`id`\xff\xfe\xe2\x80\xae"


class Attack(Authority):
    tells = None   # an expression that the findings must contain
    timeout = 60   # --timeout; shorter where that is the limit
    words = ["--query-timeout", "10"]  # more of the command line; long, so that a busy machine is no fault


class AliasLoop(Attack):
    """a -> b -> c -> a"""
    tells = "alias-loop"
    records = {("_acme-challenge.app", "CNAME"): ["a"], ("a", "CNAME"): ["b"], ("b", "CNAME"): ["c"],
               ("c", "CNAME"): ["a"]}


class EndlessAliases(Attack):
    """Every name leads to a new one."""
    tells = "aliases in one chain: 16"

    def from_shop(self, ask):
        if ask.name.is_subdomain(TOKEN) or ask.name.labels[0].startswith(b"to-"):
            fresh = hashlib.sha1(ask.name.to_wire()).hexdigest()
            return ask.answer(rrset(ask.name, "CNAME", f"to-{fresh}.shop.example."))
        return super().from_shop(ask)


class AliasesFreshEachTime(EndlessAliases):
    """Every name leads to another new one each time that it is asked for."""
    tells = "names reached through aliases: 200|aliases in one chain: 16"
    cached = False
    timeout = 12
    numbers = itertools.count()

    def from_shop(self, ask):
        if ask.name.is_subdomain(TOKEN) or ask.name.labels[0].startswith(b"to-"):
            return ask.answer(rrset(ask.name, "CNAME", f"to-{next(self.numbers)}.shop.example."))
        return super().from_shop(ask)


class ReferralLoop(Attack):
    """Each server sends everybody to the other zone, up and down."""
    by_address = True
    tells = "delegation-"

    def from_shop(self, ask):
        down = ask.address == "45.90.28.10"
        ask.refer(name("app") if down else APEX, ["ns2" if down else "ns1"],
                  [("ns2", ["45.90.28.20"]) if down else ("ns1", ["45.90.28.10"])])


class EndlessReferrals(Attack):
    """Every label of a name with 110 labels is a zone cut."""
    tells = "zone cuts on the way to one name: 20"
    by_address = True
    depth = 110
    records = {("_acme-challenge.app", "CNAME"): ["a." * (depth - 2) + "shop.example."]}

    def from_shop(self, ask):
        deep = int(ask.address.split(".")[3]) if ask.address.startswith("45.91.0.") else 0
        apex = name("a." * deep + "shop.example.")
        if ask.name.is_subdomain(name("a." + apex.to_text())):
            cut = ask.name.split(len(apex.labels) + 1)[1]
            host = f"ns.{cut.to_text()}"
            return ask.refer(cut, [host], [(host, [f"45.91.0.{deep + 1}"])])
        if deep == 0:
            return super().from_shop(ask)
        soa = f"ns.{apex} hostmaster.shop.example. 1 7200 3600 1209600 300"
        datas = {"SOA": soa, "NS": f"ns.{apex}"} if ask.name == apex else {}
        if ask.name == name(f"ns.{apex}"):
            datas = {"A": ask.address}
        if ask.type in datas:
            return ask.answer(rrset(ask.name, ask.type, datas[ask.type]))
        ask.reply.authority.append(rrset(apex, "SOA", soa))
        return None


class FloodOfServers(Attack):
    """A delegation to 300 servers."""
    tells = "name servers of one zone: 40"
    servers = {f"ns{i}.shop.example.": f"45.92.{i // 250}.{i % 250 + 1}" for i in range(300)}
    records = {("_acme-challenge.app", "TXT"): [VALUE]}


class FloodOfAddresses(Attack):
    """40 servers with as many addresses each, all of which answer; three names are asked for."""
    tells = "questions a run was reached|the run's time-out"
    timeout = 12
    words = [*Attack.words, "www.shop.example", "mail.shop.example"]
    hosts = {f"ns{i}.shop.example.": [f"45.93.{i}.{j + 1}" for j in range(40)] for i in range(40)}
    records = {("_acme-challenge.app", "TXT"): [VALUE]}

    def from_registry(self, ask):
        ask.refer(APEX, self.hosts, self.hosts.items())

    def from_shop(self, ask):
        if str(ask.name) in self.hosts and ask.type == "A":
            return ask.answer(rrset(ask.name, "A", *self.hosts[str(ask.name)]))
        return super().from_shop(ask)


class Nxns(Attack):
    """A delegation to 500 servers at a victim's, without glue (NXNSAttack, CVE-2020-8616)."""
    tells = "look-ups of name-server hosts of one zone: 20"

    def from_registry(self, ask):
        if ask.name.is_subdomain(APEX):
            return ask.refer(APEX, [f"v{i}.victim.example." for i in range(500)])
        ask.refer(name("victim.example."), ["ns.victim.example."], [("ns.victim.example.", ["45.94.0.1"])])

    def from_shop(self, ask):
        ask.reply.set_rcode(dns.rcode.NXDOMAIN)
        ask.reply.authority.append(rrset(name("victim.example."), "SOA", self.soa()))


class NxnsTree(Attack):
    """Each zone has its servers in four other zones, and so on without end."""
    tells = "name servers found through name servers: 5 deep|look-ups of name-server hosts: 200"

    def from_registry(self, ask):
        cut = ask.name.split(3)[1]
        seed = hashlib.sha1(cut.to_wire()).hexdigest()[:8]
        ask.refer(cut, [f"ns.z{seed}{i}.example." for i in range(4)])


class GiantSets(Attack):
    """Every reply brings 60 KB of TXT along, 40 servers of them."""
    tells = "16 MB of replies"
    servers = {f"ns{i}.shop.example.": f"45.95.0.{i + 1}" for i in range(40)}
    giant = dns.rrset.from_text_list(name("big"), 300, "IN", "TXT", [" ".join(
        ["x" * 255] * 15 + [f"number-{i}"]) for i in range(15)])

    def from_shop(self, ask):
        super().from_shop(ask)
        ask.reply.additional.append(self.giant)


class ThousandsOfTxt(Attack):
    """3500 TXT records at the validation name, on 12 servers."""
    tells = "60000 records a run"
    servers = {f"ns{i}.shop.example.": f"45.95.0.{i + 1}" for i in range(12)}
    many = dns.rrset.from_text_list(TOKEN, 300, "IN", "TXT", [f'"{i}"' for i in range(3500)])

    def from_shop(self, ask):
        if (ask.name, ask.type) == (TOKEN, "TXT"):
            return ask.answer(self.many)
        return super().from_shop(ask)


class KeyTrap(Attack):
    """80 keys of one tag, 80 signatures by none of them over every set (KeyTrap, CVE-2023-50387)."""
    tells = "keys of one zone: 32"
    signed = True
    records = {("_acme-challenge.app", "TXT"): [VALUE]}

    def __init__(self):
        super().__init__()
        key = self.shop.key.key
        words = [key[i:i + 2] for i in range(0, len(key), 2)]
        self.keys = [self.shop.key]  # words of the key in another order have the same sum: the tag
        for i, j in itertools.islice(itertools.combinations(range(len(words)), 2), 80):
            swapped = list(words)
            swapped[i], swapped[j] = words[j], words[i]
            self.keys.append(self.shop.key.replace(key=b"".join(swapped)))

    def sign(self, ask, zone, *more):
        super().sign(ask, zone, *more)
        if zone is not self.shop:
            return
        for section in (ask.reply.answer, ask.reply.authority):
            for each in section:
                if each.rdtype == dns.rdatatype.DNSKEY:
                    each.update(dns.rrset.from_rdata_list(APEX, 300, self.keys))
                if each.rdtype == dns.rdatatype.RRSIG:
                    good = each[0]
                    each.clear()
                    for i in range(80):
                        each.add(good.replace(signature=bytes([i + 1]) * len(good.signature)))


class CostlyKeys(Attack):
    """24 RSA keys of one tag with the costliest exponents, new signatures in each reply of 40 servers."""
    tells = "work of 1000 signatures|run's time-out"
    timeout = 10
    signed = True
    cached = False
    servers = {f"ns{i}.shop.example.": f"45.97.0.{i + 1}" for i in range(40)}
    records = {("_acme-challenge.app", "TXT"): [VALUE]}
    bits = 3072  # up to here OpenSSL takes exponents of any size

    def __init__(self):
        super().__init__()
        size = self.bits // 8
        draw = random.Random(1)
        modulus = bytearray(b"\xff" + draw.randbytes(size - 2) + b"\x01")
        exponent = b"\x7f" + draw.randbytes(size - 2) + b"\x01"
        self.costly = []
        for i in range(24):  # two words swapped: the same sum, which is the tag
            swapped = bytearray(modulus)
            at = 2 + 2 * i
            swapped[at:at + 2], swapped[at + 100:at + 102] = modulus[at + 100:at + 102], modulus[at:at + 2]
            key = b"\0" + struct.pack("!H", size) + exponent + bytes(swapped)
            self.costly.append(self.shop.key.replace(algorithm=8, key=key))
        self.key_set = dns.rrset.from_rdata_list(APEX, 300, [self.shop.key, *self.costly])

    def sign(self, ask, zone, *more):
        if zone is self.shop and ask.type == "DNSKEY" and ask.reply.answer:
            ask.reply.answer = [self.key_set]
        super().sign(ask, zone, *more)
        if zone is not self.shop or ask.type in ("DNSKEY", "SOA"):
            return
        for section in (ask.reply.answer, ask.reply.authority):
            for each in section:
                if each.rdtype == dns.rdatatype.RRSIG:
                    section[section.index(each)] = dns.rrset.from_rdata_list(each.name, 300, [each[0].replace(
                        algorithm=8, key_tag=dns.dnssec.key_id(self.costly[0]),
                        signature=b"\0" + random.randbytes(self.bits // 8 - 1)) for _ in range(8)])


class ManyIterations(Attack):
    """Denials by NSEC3 records with 65535 iterations (RFC 9276)."""
    tells = "dnssec-iterations-high"
    signed = True
    iterations = 65535
    salt = "AABBCCDD" * 30

    def deny(self, ask, exists):
        super().deny(ask, exists)
        for i in range(8):
            label = hashlib.sha1(bytes([i])).hexdigest()[:32].replace("8", "v").replace("9", "u")
            ask.reply.authority.append(rrset(name(label), "NSEC3",
                                             f"1 0 {self.iterations} {self.salt} {'0' * 32} A RRSIG"))


class ManyLabelsToHash(ManyIterations):
    """As many iterations as validators compute, for a name of 110 labels (CVE-2023-50868), 40 servers."""
    tells = "work of 1000 signatures|run's time-out"
    iterations = 150
    timeout = 15
    servers = {f"ns{i}.shop.example.": f"45.98.0.{i + 1}" for i in range(40)}
    records = {("_acme-challenge.app", "CNAME"): ["a." * 108 + "shop.example."]}


class SelfSigned(Attack):
    """Every zone is signed, by keys that only it vouches for."""
    tells = "dnssec-ds-mismatch"
    signed = True
    records = {("_acme-challenge.app", "TXT"): [VALUE]}

    def __init__(self):
        super().__init__()
        self.vouched = Zone(APEX).ds()  # another key of the zone's name

    def sign(self, ask, zone, *more):
        ask.reply.answer = [self.vouched if each.rdtype == dns.rdatatype.DS and each.name == APEX else each
                            for each in ask.reply.answer]
        super().sign(ask, zone, *[self.vouched if each.name == APEX else each for each in more])


class TcpTrickle(Attack):
    """Every reply is truncated, and over TCP comes a byte a second."""
    tells = "delegation-all-unreachable|the run's time-out|transport-tcp"
    timeout = 8
    words = ["--query-timeout", "2"]

    def from_shop(self, ask):
        if ask.tcp:
            return TRICKLE
        ask.reply.flags |= dns.flags.TC
        return None


class Silent(Attack):
    """40 servers that never answer."""
    tells = "delegation-all-unreachable|the run's time-out"
    timeout = 8
    words = ["--query-timeout", "1"]
    servers = {f"ns{i}.shop.example.": f"45.92.0.{i + 1}" for i in range(40)}

    def from_shop(self, ask):
        return SILENCE


class StrayReplies(Attack):
    """300 replies with wrong ids before each right one."""
    tells = "transport-mismatched-replies"
    cached = False
    words = ["--query-timeout", "1"]
    timeout = 10
    records = {("_acme-challenge.app", "TXT"): [VALUE]}

    def from_shop(self, ask):
        super().from_shop(ask)
        right = hostile_authority.packet(ask.reply, 1232)
        number = struct.unpack("!H", right[:2])[0]
        strays = [struct.pack("!H", (number + i) % 65536) + right[2:] for i in range(1, 301)]
        return [right] if ask.tcp else [*strays, right]


class EveryByte(Attack):
    """Names with every byte value; terminal escapes, HTML and JSON breakers in TXT, CAA, NSID and EDE."""
    tells = "caa-critical-unknown"
    byte_names = ["".join(f"\\{b:03}" for b in range(start, start + 32)) for start in range(0, 256, 32)]
    evil = '"' + "".join(f"\\{b:03}" for b in EVIL) + '"'
    records = {
        ("_acme-challenge.app", "CNAME"): [f"{byte_names[0]}.{byte_names[4]}"],
        (f"{byte_names[0]}.{byte_names[4]}", "CNAME"): [f"{byte_names[1]}.{byte_names[2]}.{byte_names[7]}"],
        (f"{byte_names[1]}.{byte_names[2]}.{byte_names[7]}", "TXT"): [evil, VALUE, f"{evil} {evil}"],
        ("app", "CAA"): [f"0 issue {evil}", f"128 {'x' * 15} {evil}"],
        ("app", "TXT"): [evil], ("app", "A"): ["45.90.29.81"]}
    servers = {**Attack.servers, f"{byte_names[3]}.{byte_names[5]}.shop.example.": "45.90.28.30",
               "\\<b\\>x\\\"\\'.shop.example.": "45.90.28.40"}

    def from_shop(self, ask):
        super().from_shop(ask)
        ask.reply.use_edns(0, payload=1232, options=[
            dns.edns.GenericOption(dns.edns.NSID, EVIL),
            dns.edns.GenericOption(15, struct.pack("!H", 22) + EVIL)])


class WebTrickle(Attack):
    """A web server that sends a byte a second."""
    tells = "web-"
    timeout = 10
    words = ["--method", "http-01", "--query-timeout", "1"]
    records = {("app", "A"): ["45.90.29.81"]}

    def web(self, client):
        client.recv(4096)
        trickle(client, b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4000)


class WebEndlessHead(WebTrickle):
    """An HTTP header without end."""

    def web(self, client):
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            client.sendall(b"X-More: " + b"y" * 8000 + b"\r\n")


class WebEndlessBody(WebTrickle):
    """A body without end, of what a terminal and a browser would obey."""

    def web(self, client):
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 " + EVIL.replace(b"\r\n", b"") + b"\r\nServer: \x1b[31m<b>\r\n\r\n")
        while True:
            client.sendall(EVIL * 100)


class WebRedirects(WebTrickle):
    """Each URL redirects to a new one."""
    tells = "web-redirect-"

    def web(self, client):
        path = client.recv(4096).split(b" ")[1]
        to = f"http://app.shop.example/{hashlib.sha1(path).hexdigest()}"
        client.sendall(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())


class AtRandom(Attack):
    """Any of the above, drawn anew for each question."""
    seed = 1
    cached = False
    timeout = 12
    words = ["--query-timeout", "1"]
    numbers = itertools.count()

    def __init__(self):
        super().__init__()
        self.draw = random.Random(self.seed)

    def fresh(self):
        return f"r{next(self.numbers)}"

    def some_name(self):
        return self.draw.choice([f"{self.fresh()}.shop.example.", "shop.example.", "example.", ".",
                                 "app.shop.example.", f"ns.{self.fresh()}.example.", TOKEN.to_text()])

    def from_shop(self, ask):
        draw = self.draw
        kind = draw.choice(["right", "right", "alias", "cut", "rcode", "empty", "giant", "denial", "bytes",
                            "truncated", "silence", "dname"])
        if kind == "right":
            super().from_shop(ask)
        elif kind == "alias":
            ask.answer(rrset(ask.name, "CNAME", self.some_name()))
        elif kind == "dname":
            ask.answer(rrset(ask.name.parent(), "DNAME", self.some_name()))
        elif kind == "cut":
            cut = ask.name.split(draw.randint(1, len(ask.name.labels)))[1]
            hosts = [self.some_name() for _ in range(draw.choice([1, 3, 100]))]
            ask.refer(cut, hosts, [(h, [f"45.96.0.{draw.randint(1, 250)}"]) for h in hosts[:draw.randint(0, 20)]])
        elif kind == "rcode":
            ask.reply.set_rcode(draw.randint(1, 10))
        elif kind == "giant":
            ask.answer(rrset(ask.name, "TXT", *[f'"{"y" * 200}" "{i}"' for i in range(draw.randint(1, 250))]))
        elif kind == "denial":
            self.deny(ask, draw.random() < 0.5)
        elif kind == "bytes":
            return draw.randbytes(draw.randint(0, 600))
        elif kind == "truncated":
            ask.reply.flags |= dns.flags.TC
        elif kind == "silence":
            return SILENCE if draw.random() < 0.3 else None
        return None


class AtRandom2(AtRandom):
    """The same, drawn otherwise."""
    seed = 2


class AtRandom3(AtRandom):
    """The same, drawn otherwise again."""
    seed = 3


ATTACKS = [each for each in list(globals().values())
           if isinstance(each, type) and issubclass(each, Attack) and each is not Attack]


def check_text(text, what):
    bad = [c for c in text if (ord(c) < 32 and c != "\n") or 0x7f <= ord(c) < 0xa0 or ord(c) in (0x202e, 0xfffd)]
    expect(bad, [], f"bytes in the {what} that a terminal may obey")


def check_forms(saved, folder):
    """Whatever was seen can be told in every form."""
    for form in ("text", "nagios", "openmetrics", "html", "json"):
        ran = dcv.run("dcv-replay", saved, "--format", form, *(["-v"] if form == "text" else []))
        expect(ran.stderr, "", f"errors of dcv-replay --format {form}")
        check_text(ran.stdout, form)
        if form == "json":
            list(documents(ran.stdout))
        if form == "html":
            page = folder / "page.html"
            page.write_text(ran.stdout)
            expect(html_check.faults_of(page), [], "faults of the page")
    for words in (["--trace", "--servers"], ["--propagation", "--all"]):
        check_text(dcv.run("dcv-replay", saved, *words).stdout, " ".join(words))


def documents(text):
    """JSON documents one after the other: a run with several names writes one for each."""
    while text.strip():
        document, end = json.JSONDecoder().raw_decode(text)
        yield document
        text = text[end:].lstrip()


def told(report, expected):
    """What the report says in one line: the limits, else the finding expected, else the first."""
    findings = [f for t in report["targets"] for f in t["findings"]]
    limits = [f["arguments"]["limit"] for f in findings if f["id"] == "transport-limit-reached"]
    ids = [f["id"] for f in findings]
    wanted = [each for each in ids if expected and re.match(expected, each)]
    return "; ".join(dict.fromkeys(limits)) or (wanted + ids + ["nothing"])[0]


def run_attack(lab, attack):
    authority = attack()
    server = Server(authority)
    hints, saved = lab.hints, lab.folder / "saved.json"
    hints.write_text(f". 3600 IN NS a.root-servers.net.\na.root-servers.net. 3600 IN A "
                     f"{hostile_authority.ROOT_ADDRESS}\n")
    lab.anchor.write_text(authority.root.ds().to_text() + "\n" if attack.signed else "")
    ran = subprocess.run(
        [*measured.MEASURED, dcv.BIN / "dcv-preflight", TARGET, "--json", "--save", saved, "-4",
         "--root-hints", hints, "--trust-anchor", lab.anchor, "--timeout", str(attack.timeout), *attack.words],
        capture_output=True, text=True, timeout=attack.timeout + 30)
    seconds, megabytes = measured.seconds_and_megabytes(ran.stderr)
    asked = server.questions
    expect(server.fault, None, "the attack's own fault")
    expect(ran.returncode in dcv.VERDICT_STATUS.values(), True, f"exit status {ran.returncode} of a verdict")
    report = {"targets": [target for each in documents(ran.stdout) for target in each["targets"]]}
    print(f"{told(report, attack.tells)}\t{seconds:.1f}\t{megabytes:.0f}\t{asked}")
    found = " ".join(f"{f['id']} {f['message']}" for t in report["targets"] for f in t["findings"])
    if attack.tells and not re.search(attack.tells, found):
        raise AssertionError(f"the report does not tell {attack.tells!r}: {found[:2000]}")
    expect(seconds <= attack.timeout + JUDGING_SECONDS, True, f"within {attack.timeout} s: {seconds}")
    expect(megabytes <= MEGABYTES, True, f"{megabytes} MB within {MEGABYTES}")
    expect(asked <= QUESTIONS, True, f"{asked} questions within {QUESTIONS}")
    check_forms(saved, lab.folder)


def case_of(attack):
    def case(lab):
        run_attack(lab, attack)
    case.__name__ = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", attack.__name__).lower()
    return case


def main():
    cases = {case_of(attack).__name__: case_of(attack) for attack in ATTACKS}
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(real_lab.inside(cases[sys.argv[2]]))
    real_lab.require([])
    names = sys.argv[1:] or list(cases)
    failures = 0
    print(f"{'attack':24} {'seconds':>7} {'MB':>5} {'questions':>9}  what the report says")
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for each, (failed, told, _) in zip(names, pool.map(real_lab.run_case, names)):
            row, *rest = told.strip().splitlines() or [""]
            said, seconds, megabytes, asked = (row.split("\t") + ["", "", ""])[:4]
            print(f"{each:24} {seconds:>7} {megabytes:>5} {asked:>9}  {said}", flush=True)
            if failed:
                failures += 1
                print("    FAILED", *rest, sep="\n    ", flush=True)
    print(f"{len(names) - failures} passed, {failures} failed")
    sys.exit(1 if failures else 0)


main()
