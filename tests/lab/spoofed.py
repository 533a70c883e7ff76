#!/usr/bin/env python3
"""Forged replies change no result, and those that reach us are counted.

The forgers see every question at once and are there before the true reply, which the lab delays.
Usage: spoofed.py [CASE...]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
from real_lab import expect, main  # noqa: E402
from spoofer import Flood, Spoofer, forged, other_question  # noqa: E402

SCENARIO = "ok-direct-txt"
DELAY = "100"  # milliseconds: time for a forger to be first
RATE = 10_000  # forged replies a second
NOTICED = "transport-mismatched-replies"
NS1, US = "45.90.28.10", "127.0.0.1"


def look(lab):
    """The target's part of the report, and the exchanges of the run."""
    saved = lab.new_folder("run") / "saved.json"
    command = dcv.scenarios()[SCENARIO]["command"]
    ran = lab.tool("dcv-lab", "run", "--here", "--delay", DELAY, SCENARIO, "--", *command, "-4",
                   "--json", "--save", saved)
    if ran.stderr:
        raise AssertionError(ran.stderr)
    observation = json.loads(saved.read_text())
    return json.loads(ran.stdout)["targets"][0], observation["exchanges"]


def findings(target, without=None):
    return [(f["id"], f["subject"], f["severity"]) for f in target["findings"] if f["id"] != without]


def outcomes(exchanges):
    """Names have letters in random case, and some a random label; addresses are chosen at random."""
    return sorted((e["question"]["type"], e["outcome"], e["reply"]["rcode"]) for e in exchanges)


def counted_and_told(target, exchanges, spoofer):
    """Forgeries that reach our sockets, about one a question, are in the observation and the report."""
    counted, asked = sum(e["mismatched"] for e in exchanges), sum(e["attempts"] for e in exchanges)
    if counted < asked / 2:
        raise AssertionError(f"{counted} counted in {asked} questions; {spoofer.sent} sent")
    told = {f["subject"] for f in target["findings"] if f["id"] == NOTICED}
    expect(told, {"ns1.shop.example.", "ns2.shop.example."}, "servers whose name was taken")


def forged_at_each_question(lab):
    def lie(spoofer, query, server, client):
        identity = int.from_bytes(query[:2], "big")
        spoofer.send(forged(query, identity ^ 0x5555), server, client)
        spoofer.send(forged(query), (server[0], 54), client)
        spoofer.send(forged(query), (server[0][:3] + bytes([server[0][3] ^ 1]), 53), client)
        spoofer.send_late(forged(query), server, client)

    honest, honest_exchanges = look(lab)
    expect(honest["verdict"], "ready", "verdict without forged replies")
    spoofer = Spoofer(lie)
    lied_to, exchanges = look(lab)
    spoofer.end()
    expect(findings(lied_to, NOTICED), findings(honest), "findings")
    expect(outcomes(exchanges), outcomes(honest_exchanges), "outcomes")
    counted_and_told(lied_to, exchanges, spoofer)


def other_question_under_the_right_id(lab):
    """Only somebody on the way can do that. The walk passes it over; Unbound, and with it a CA, takes
    it for a broken server, and the report says so."""
    def lie(spoofer, query, server, client):
        spoofer.send(forged(query, question=other_question(query)), server, client)

    honest, honest_exchanges = look(lab)
    spoofer = Spoofer(lie)
    lied_to, exchanges = look(lab)
    spoofer.end()
    told = [(f[0], f[2]) for f in findings(lied_to, NOTICED)]
    expect(told, [("ca-resolver-fails", "error")], "findings")
    expect(outcomes(exchanges), outcomes(honest_exchanges), "outcomes")
    counted_and_told(lied_to, exchanges, spoofer)


def flood_at_random_ports(lab):
    query = bytes.fromhex("000000000001000000000000") + \
        b"\x0f_acme-challenge\3app\4shop\7example\0" + b"\0\x10\0\1"
    honest, honest_exchanges = look(lab)
    spoofer = Spoofer(lambda *_: None)
    flood = Flood(spoofer, RATE, query, NS1, US)
    flooded, exchanges = look(lab)
    seconds = flood.end()
    spoofer.end()
    print(f"{spoofer.sent} forged replies, {spoofer.sent / seconds:.0f} a second")
    if spoofer.sent / seconds < RATE / 2:
        raise AssertionError("too few to be called a flood")
    expect(flooded["verdict"], "ready", "verdict")
    expect(findings(flooded), findings(honest), "findings")
    expect(outcomes(exchanges), outcomes(honest_exchanges), "outcomes")


def flood_at_each_question(lab):
    def drown(spoofer, query, server, client):
        identity = int.from_bytes(query[:2], "big")
        for wrong in range(1, 251):
            spoofer.send(forged(query, identity ^ wrong), server, client)

    honest, honest_exchanges = look(lab)
    spoofer = Spoofer(drown)
    drowned, exchanges = look(lab)
    spoofer.end()
    expect(findings(drowned, NOTICED), findings(honest), "findings")
    expect(outcomes(exchanges), outcomes(honest_exchanges), "outcomes")
    counted_and_told(drowned, exchanges, spoofer)


if __name__ == "__main__":
    main([forged_at_each_question, other_question_under_the_right_id, flood_at_random_ports,
          flood_at_each_question])
