#!/usr/bin/env python3
"""dcv-propagation --wait on real name servers: it ends soon after the last authority has the record,
poisons no cache meanwhile, and outlives signals and the loss of the network.

Usage: wait.py [CASE...]
"""
import json
import pathlib
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
import public_resolvers as public  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402
from real_lab import await_that, expect  # noqa: E402

NAME = "app.shop.example"
SOON = 2   # seconds from the last authority to the end of the wait
QUIET = ["--resolv-conf", "/dev/null", "--color", "never"]


class Waiting:
    """A dcv-propagation --wait under way."""

    def __init__(self, lab, *options):
        command = [dcv.BIN / "dcv-propagation", NAME, "--expect", shop.VALUE, *QUIET, *options]
        self.process = real_lab.Process(list(map(str, command)), lab.folder,
                                        env={"DCV_TRUST_ANCHOR": str(lab.anchor)})

    def end(self, timeout):
        """Its exit status, and when it ended."""
        return self.process.end(timeout)

    def lines(self):
        return [text for _, text in list(self.process.lines)]


def usual(lab, *lines):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(*lines)})
    return auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def load_later(server, seconds):
    """Loads the record that much later; gives the time at which it stands."""
    loaded = []
    def load():
        server.add(shop.APEX, shop.record())
        loaded.append(time.time())
    threading.Timer(seconds, load).start()
    return loaded


def the_last_of_two_servers_is_20_seconds_late(lab):
    servers = usual(lab)
    resolvers = public.start(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    loaded = load_later(servers[shop.NS2], 20)
    waiting = Waiting(lab, "--wait", "60s", "--public")
    status, end = waiting.end(50)
    expect(status, 0, "\n".join(waiting.lines()))
    expect(0 <= end - loaded[0] <= SOON, True, f"ended {end - loaded[0]:.2f} s after the last one")
    for resolver in resolvers.values():
        early = [q for q in resolver.asked(shop.TOKEN) if q.time < loaded[0]]
        expect(early, [], f"early questions to {resolver.name}")
        expect(len(resolver.asked(shop.TOKEN)) > 0, True, f"{resolver.name} was asked at last")


def without_public_no_resolver_is_asked(lab):
    servers = usual(lab)
    resolvers = public.start(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    loaded = load_later(servers[shop.NS2], 3)
    waiting = Waiting(lab, "--wait", "60s")
    status, end = waiting.end(30)
    expect(status, 0, "\n".join(waiting.lines()))
    expect(0 <= end - loaded[0] <= SOON, True, f"ended {end - loaded[0]:.2f} s after the last one")
    for resolver in resolvers.values():
        expect(resolver.asked(), [], f"questions to {resolver.name}")


def patience_ends(lab):
    servers = usual(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    start = time.time()
    status, end = Waiting(lab, "--wait", "4s").end(30)
    expect(status, 1, "some have it")
    expect(3.5 <= end - start <= 7, True, f"{end - start:.1f} s")


def json_lines_tell_the_rounds(lab):
    servers = usual(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    loaded = load_later(servers[shop.NS2], 4)
    waiting = Waiting(lab, "--wait", "60s", "--json")
    status, _ = waiting.end(30)
    documents = [json.loads(line) for line in waiting.lines()]
    expect(status, 0, "the status")
    expect({d["kind"] for d in documents[:-1]}, {"dcv-propagation-round"}, "all but the last line")
    expect(documents[-1]["kind"], "dcv-propagation", "the last line")
    expect(documents[-1]["verdict"], "ready", "its verdict")


def an_interrupt_prints_what_is_known(lab):
    servers = usual(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    waiting = Waiting(lab, "--wait", "60s")
    await_that(waiting.lines, 10, "the line of a round")
    waiting.process.signal(signal.SIGINT)
    status, _ = waiting.end(5)
    text = "\n".join(waiting.lines())
    expect(status, 1, text)
    for word in (shop.NS1, shop.NS2, "45.90.30.10"):
        expect(word in text, True, f"{word} in {text}")


def the_network_goes_away_for_a_while(lab):
    servers = usual(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    waiting = Waiting(lab, "--wait", "60s", "--query-timeout", "1")
    await_that(waiting.lines, 10, "the line of a round")
    lab.network(up=False)
    lines = len(waiting.lines())
    await_that(lambda: len(waiting.lines()) > lines + 1, 15, "rounds without network")
    lab.network(up=True)
    servers[shop.NS2].add(shop.APEX, shop.record())
    status, _ = waiting.end(30)
    expect(status, 0, "\n".join(waiting.lines()))


def a_suspended_machine_goes_on(lab):
    servers = usual(lab)
    servers[shop.NS1].add(shop.APEX, shop.record())
    waiting = Waiting(lab, "--wait", "60s")
    await_that(waiting.lines, 10, "the line of a round")
    waiting.process.signal(signal.SIGSTOP)
    servers[shop.NS2].add(shop.APEX, shop.record())
    waiting.process.signal(signal.SIGCONT)
    status, _ = waiting.end(15)
    expect(status, 0, "\n".join(waiting.lines()))


CASES = [the_last_of_two_servers_is_20_seconds_late, without_public_no_resolver_is_asked, patience_ends,
         json_lines_tell_the_rounds, an_interrupt_prints_what_is_known, the_network_goes_away_for_a_while,
         a_suspended_machine_goes_on]

if __name__ == "__main__":
    real_lab.main(CASES, [*auth.PROGRAMS, *res.PROGRAMS])
