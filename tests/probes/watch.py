#!/usr/bin/env python3
"""dcv-watch on real name servers that are changed under it: each change is an event, is in the
history, and runs the hook; a watcher that is killed loses nothing that it has told.

Usage: watch.py [CASE...]
"""
import datetime
import json
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import shop  # noqa: E402
from real_lab import await_that, expect  # noqa: E402

NAME = "app.shop.example"
SCHEMA = json.loads((dcv.ROOT / "docs/schema/watch-event-1.json").read_text())
TOKEN = f"{shop.TOKEN}."
DS = "shop.example. 3600 IN DS 12345 13 2 " + "AB" * 32
REGISTRY = shop.registry("shop.example. IN NS ns1.shop.example.", "shop.example. IN NS ns2.shop.example.",
                         "ns1.shop.example. IN A 45.90.28.10", "ns1.shop.example. IN AAAA 2a07:a8c0::10",
                         "ns2.shop.example. IN A 45.90.30.10", "ns2.shop.example. IN AAAA 2a07:a8c1::10")
HOOK = """#!/bin/sh
{ echo "$DCV_EVENT $DCV_NAME $DCV_SUBJECT $DCV_AFTER"; cat; } >> "$0.log"
"""


def usual(lab, *lines, sign=None, more=None):
    """The servers of shop.example (the first of them) and of its registry; `more`: casting."""
    lab.world(shop.SERVERS, {"shop.example": shop.zone(*lines), "example": REGISTRY}, sign=sign)
    servers = auth.start(lab, {shop.NS1: auth.Knot, **(more or {})})
    registry = next(s for s in servers.values() if "example." in s.zones)
    both = [s for s in servers.values() if "shop.example." in s.zones]
    return both, registry


def add(servers, *lines):
    for server in servers:
        server.add(shop.APEX, *lines)


def swap(servers, old, new):
    for server in servers:
        server.load(shop.APEX, server.text(shop.APEX).replace(old, new))


class Watching:
    """A database, its list and, from start() on, a watcher under way."""

    def __init__(self, lab, *lines):
        self.lab, self.list = lab, lab.folder / "names.tsv"
        self.list.write_text("name\tmethod\tca\n" + "".join(f"{line}\n" for line in lines or [NAME]))
        self.database, self.hook = lab.folder / "watch.db", lab.folder / "hook"
        self.hook.write_text(HOOK)
        self.hook.chmod(0o755)
        self.process = None

    def once(self, *options):
        """The events of one pass, as (kind, subject, before, after)."""
        ran = self.lab.tool("dcv-watch", "run", "--once", "--database", self.database, *options, self.list)
        expect(ran.returncode, 0, ran.stderr)
        events = [json.loads(line) for line in ran.stdout.splitlines()]
        return [(e["event"], e["subject"], e["before"], e["after"]) for e in events]

    def start(self, *options, every="1s"):
        command = [dcv.BIN / "dcv-watch", "run", "--every", every, "--database", self.database, *options,
                   self.list]
        self.process = real_lab.Process(list(map(str, command)), self.lab.folder,
                                        env={"DCV_TRUST_ANCHOR": str(self.lab.anchor)})
        return self

    def read(self, *words, statuses=(0,)):
        ran = self.lab.tool("dcv-watch", words[0], "--database", self.database, *words[1:])
        expect(ran.returncode in statuses, True, ran.stdout + ran.stderr)
        return ran.stdout

    def events(self, *words):
        events = [json.loads(line) for line in self.read("history", "--json", *words).splitlines()]
        for event in events:
            jsonschema.validate(event, SCHEMA)
        return events

    def kinds(self):
        return [event["event"] for event in self.events()]

    def wait_for(self, kind):
        self.wait_for_look()
        await_that(lambda: kind in self.kinds(), 20, kind, step=0.1)

    def forecast(self):
        """Empty before the first look; its status is that of the verdict."""
        return self.read("forecast", statuses=(0, 1, 2, 3, 64))

    def wait_for_look(self):
        await_that(self.forecast, 20, "a look", step=0.1)


PROVIDER = "_acme-challenge.www.shop.example."
OF_BOTH_NAMES = [("ns-set-changed", shop.APEX), ("soa-minimum-changed", shop.APEX), ("ds-changed", shop.APEX),
                 ("glue-changed", "ns2.shop.example."), *[("finding-appeared", "ns2.shop.example.")] * 2,
                 ("finding-appeared", shop.APEX)]
WANTED = [*OF_BOTH_NAMES * 2, ("caa-changed", f"{NAME}."),
          ("alias-target-changed", TOKEN), ("ttl-changed", TOKEN), ("value-first-seen", TOKEN),
          ("value-last-seen", TOKEN), ("finding-gone", "app.dcv.shop.example."),
          ("alias-target-changed", PROVIDER), ("provider-identifier-changed", PROVIDER),
          ("finding-gone", "www.shop.example.0123456789abcdef.dcv.cloudflare.com."),
          ("finding-appeared", "www.shop.example.fedcba9876543210.dcv.cloudflare.com."),
          ("verdict-changed", PROVIDER)]


def every_change_is_an_event(lab):
    both, registry = usual(lab, f'{TOKEN} 60 IN CNAME app.dcv', 'app.dcv 60 IN TXT "a note"',
                           f"{PROVIDER} 60 IN CNAME www.shop.example.0123456789abcdef.dcv.cloudflare.com.")
    watching = Watching(lab, NAME, "www.shop.example")
    expect(watching.once(), [], "events of the first look")
    await_that(lambda: watching.once() == [], 20, "a look without a change")
    before = watching.read("at", "2100-01-01T00:00:00Z", NAME)

    swap(both, "60 IN CNAME app.dcv.", "300 IN CNAME new.dcv.")
    swap(both, "0123456789abcdef", "fedcba9876543210")
    add(both, f'new.dcv 60 IN TXT "{shop.OLD}"', 'app 300 IN CAA 0 issue "letsencrypt.org"')
    swap(both, "1209600 300\n", "1209600 1800\n")
    add(both, "@ IN NS ns3", "ns3 IN A 45.90.30.10")
    events = watching.once()
    registry.load("example.", registry.text("example.").replace(
        "ns2.shop.example. 3600 IN A 45.90.30.10", "ns2.shop.example. 3600 IN A 45.90.30.11") + DS + "\n")
    events += watching.once()
    expect(sorted((kind, subject) for kind, subject, _, _ in events), sorted(WANTED), "all events")
    alias = next(e for e in events if e[:2] == ("alias-target-changed", TOKEN))
    expect(alias[2:], (["app.dcv.shop.example."], ["new.dcv.shop.example."]), "the alias target")
    told = [event["event"] for event in watching.events()]
    expect(told, [kind for kind, _, _, _ in events], "the history")
    moment = watching.events(NAME)[0]["at"]
    expect("new.dcv.shop.example." in watching.read("at", "2100-01-01T00:00:00Z", NAME), True, "at the end")
    first, last = sqlite3.connect(watching.database).execute(
        "SELECT first_seen, last_seen FROM snapshot JOIN watch ON watch.id = watch WHERE name = ? ORDER BY snapshot.id",
        (NAME,)).fetchone()
    expect(watching.read("at", str(last), NAME), before, f"what it looked like before {moment}")
    difference = watching.read("diff", NAME, str(first))
    expect("alias-target-changed" in difference, True, difference)
    expect("nothing differs" in watching.read("diff", NAME, str(first), str(last)), True, "the same stay")


def registry_servers_that_disagree_make_no_event(lab):
    usual(lab, shop.record(), more={"a.nic.example": auth.Nsd, "b.nic.example": auth.Nsd})
    watching = Watching(lab)
    watching.once()
    old = lab.authorities["a.nic.example"].text("example.")
    new = old.replace("ns2.shop.example. 3600 IN A 45.90.30.10", "ns2.shop.example. 3600 IN A 45.90.30.11") + DS
    lab.authorities["b.nic.example"].load("example.", new + "\n")
    told = [each for _ in range(3) for each in watching.once() if each[0] in ("glue-changed", "ds-changed")]
    expect(told, [], "events while one lags")
    lab.authorities["a.nic.example"].load("example.", new + "\n")
    told = {kind for kind, _, _, _ in watching.once()}
    expect({"glue-changed", "ds-changed"} <= told, True, f"events when both have it: {told}")


def a_zone_signed_anew_is_no_change_but_for_the_finding(lab):
    late = {"way": "good", "at": {shop.NS1: "expiring", shop.NS2: "expiring"}}
    lab.world([*shop.SERVERS, shop.LATER],
              {"shop.example": shop.zone(shop.record()), "shop.example.later": shop.zone(shop.record(), serial=2),
               "example": REGISTRY}, sign={**shop.SIGNED, "shop.example": late})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Nsd}, without=["later.shop.example"])
    watching = Watching(lab)
    expect(watching.once(), [], "events of the first look")
    watching.read("forecast", NAME, statuses=(2,))  # the signer is late
    for name in (shop.NS1, shop.NS2):
        servers[name].load(shop.APEX, lab.exported("later.shop.example", shop.APEX))
    events = watching.once()
    expect([(kind, after) for kind, _, _, after in events], [("verdict-changed", ["ready"]), ("finding-gone", [])],
           "events")
    expect("unless signed anew  BLOCKED" in watching.read("forecast", NAME), True, "status 0")


def the_hook_runs_for_each_event(lab):
    both, _ = usual(lab)
    watching = Watching(lab).start("--exec", str(lab.folder / "hook"))
    watching.wait_for_look()
    add(both, shop.record())
    watching.wait_for("value-first-seen")
    log = lab.folder / "hook.log"
    line = f"value-first-seen {NAME} {TOKEN} {shop.VALUE}"
    await_that(lambda: log.exists() and line in log.read_text(), 20, "the hook's run")
    given = [json.loads(text) for text in log.read_text().splitlines() if text.startswith("{")]
    expect(given[0]["event"], "value-first-seen", "standard input of the hook")
    watching.process.signal(signal.SIGTERM)
    expect(watching.process.end(10)[0], 0, watching.process.output())


def a_token_left_behind_is_told(lab):
    usual(lab, shop.record(shop.OLD))
    watching = Watching(lab).start("--stray-after", "2s")
    watching.wait_for("stray-token-left")
    expect(watching.events()[-1]["after"], [shop.OLD], "the token")
    watching.process.stop()


def a_server_that_falls_silent_takes_nothing_away(lab):
    both, _ = usual(lab, shop.record())
    watching = Watching(lab)
    watching.once()
    lab.stop(both[1])
    kinds = {event[0] for event in watching.once("--query-timeout", "0.3")}
    expect(kinds - {"verdict-changed", "finding-appeared"}, set(), "events")


def looks_without_a_network_do_not_count(lab):
    both, _ = usual(lab)
    watching = Watching(lab).start(every="0.2s")
    watching.wait_for_look()
    lab.network(False)
    told = watching.process.output
    await_that(lambda: "no look counts since" in told(), 20, "word of the outage")
    time.sleep(1)  # nothing tells of the looks meanwhile
    lab.network(True)
    await_that(lambda: re.search(r"looks count again since .*: [1-9]\d* (was|were) void", told()), 20, "its end")
    expect(watching.events(), [], "events of the outage")
    add(both, shop.record())
    watching.wait_for("value-first-seen")
    expect("transport-" in watching.read("history", "--json"), False, "findings of the outage")
    watching.process.stop()


def the_list_is_read_again_and_a_bad_one_is_not_taken(lab):
    usual(lab)
    watching = Watching(lab).start()
    watching.wait_for_look()
    watching.list.write_text("name\tmetod\n")
    watching.process.signal(signal.SIGHUP)
    await_that(lambda: "the list that was read before is kept" in watching.process.output(), 10, "a refusal")
    watching.list.write_text(f"name\n{NAME}\nshop.example\n")
    watching.process.signal(signal.SIGHUP)
    await_that(lambda: "\nshop.example  (dns-01" in watching.forecast(), 20, "the other name")
    watching.list.write_text("name\nshop.example\n")
    watching.process.signal(signal.SIGHUP)
    await_that(lambda: NAME not in watching.forecast(), 20, "a list without the first name")
    first, = sqlite3.connect(watching.database).execute("SELECT min(first_seen) FROM snapshot").fetchone()
    expect([NAME in watching.read("at", time) for time in (str(first), "2100-01-01T00:00:00Z")], [True, False],
           "the name while it was there and later")
    watching.read("diff", NAME, str(first))
    watching.process.signal(signal.SIGTERM)
    expect(watching.process.end(10)[0], 0, watching.process.output())


def the_list_says_how_often(lab):
    """And the file of --output is opened again with it."""
    both, _ = usual(lab)
    watching, output, app, www = Watching(lab), lab.folder / "events", NAME, "www.shop.example"
    watching.list.write_text(f"name\tevery\n{app}\t0.5s\n{www}\n")
    watching.start("--output", str(output), every="24h")
    watching.wait_for_look()

    def last_seen():
        file = sqlite3.connect(watching.database)
        return dict(file.execute("SELECT name, max(last_seen) FROM watch, snapshot ON watch.id = watch GROUP BY name"))
    first = last_seen()
    expect(set(first), {app}, "looked at")
    await_that(lambda: last_seen()[app] > first[app] + 1, 10, "more looks")
    add(both, shop.record())
    await_that(lambda: "value-first-seen" in output.read_text(), 10, "an event")
    output.rename(lab.folder / "events.1")
    watching.list.write_text(f"name\tevery\n{app}\t0.5s\n{www}\t0.5s\n")
    watching.process.signal(signal.SIGHUP)
    await_that(lambda: www in last_seen(), 10, "a look at the other one")
    add(both, shop.record(shop.SECOND))
    await_that(lambda: output.exists() and shop.SECOND in output.read_text(), 10, "the new file")
    watching.process.stop()


def a_signal_ends_a_look_at_a_web_server_that_trickles(lab):
    usual(lab)
    server = socket.create_server(("", 80))
    server.settimeout(20)
    watching = Watching(lab)
    watching.list.write_text(f"name\tmethod\n{NAME}\thttp-01\n")
    watching.start()
    client = server.accept()[0]
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 87\r\n\r\nx")
    start = time.monotonic()
    watching.process.signal(signal.SIGTERM)
    expect(watching.process.end(10)[0], 0, watching.process.output())
    expect(time.monotonic() - start < 5, True, "its end within 5 seconds")
    client.close()


def a_hook_that_was_killed_with_us_runs_again(lab):
    both, _ = usual(lab)
    watching = Watching(lab)
    slow = lab.folder / "slow"
    slow.write_text("#!/bin/sh\nexec > /dev/null 2>&1\necho started >> \"$0.log\"\n[ -e \"$0.go\" ] || sleep 60\n"
                    "echo \"$DCV_EVENT_ID\" >> \"$0.done\"\n")
    slow.chmod(0o755)
    watching.once()
    add(both, shop.record())
    watching.start("--exec", str(slow))
    started = lab.folder / "slow.log"
    await_that(started.exists, 20, "the hook's start")
    watching.process.process.send_signal(signal.SIGKILL)
    watching.process.end(10)
    (lab.folder / "slow.go").touch()
    watching.start("--exec", str(slow))
    done = lab.folder / "slow.done"
    await_that(done.exists, 20, "the hook's second run")
    expect(done.read_text().split()[0], str(watching.events()[0]["id"]), "the event")
    watching.process.stop()


def the_forecast_tells_when_signatures_end_and_what_is_in_the_way(lab):
    account = "https://acme-v02.api.letsencrypt.org/acme/acct/"
    usual(lab, shop.record(), f'www IN CAA 0 issue "letsencrypt.org; accounturi={account}1"', sign=shop.SIGNED)
    watching = Watching(lab, NAME, "www.shop.example")
    expect(watching.once("--account-uri", f"{account}2"), [], "events of the first look")
    ends = [datetime.datetime.strptime(end, "%Y%m%d%H%M%S").replace(tzinfo=datetime.UTC)
            for path in (lab.folder / "zones").rglob("*.zone")
            for end in re.findall(r"\sRRSIG\s+\S+ \d+ \d+ \d+ (\d{14}) ", path.read_text())]
    day = min(ends) + datetime.timedelta(seconds=1)
    app, www = (json.loads(line) for line in watching.read("forecast", "--json", statuses=(2,)).splitlines())
    late, over = (each for each in app["ahead"] if each["unless_signed_anew"])
    expect((late["verdict"], late["unless_signed_anew"]), ("at-risk", True), "when the signer is late")
    expect((over["from"], over["verdict"]), (day.isoformat().replace("+00:00", "Z"), "blocked"), "the outlook")
    expect({each["id"] for each in over["findings"]}, {"dnssec-signature-expired"}, "findings")
    expect([each["id"] for each in www["now"]["findings"] if each["affects"] == "ca"], ["caa-account-differs"],
           "in the way of www")
    before = (day - datetime.timedelta(days=3)).isoformat()
    early = json.loads(watching.read("forecast", "--json", "--at", before, NAME))["ahead"]
    expect([each for each in early if each["unless_signed_anew"]], [], "days earlier")
    watching.read("forecast", NAME)
    watching.read("forecast", "--at", (day - datetime.timedelta(hours=1)).isoformat(), NAME, statuses=(1,))
    watching.read("forecast", "--at", day.isoformat(), NAME, statuses=(2,))
    ran = lab.tool("dcv-watch", "forecast", "--database", watching.database, "--at", "2100-01-01T00:00:00Z")
    expect((ran.returncode, "no further than 400 days" in ran.stderr), (64, True), ran.stderr)


def a_question_without_an_answer_says_why(lab):
    both, _ = usual(lab)
    watching = Watching(lab)
    watching.once()
    begin, = sqlite3.connect(watching.database).execute("SELECT min(first_seen) FROM snapshot").fetchone()
    first = datetime.datetime.fromtimestamp(int(begin), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    slip = 'takes a time such as 2026-12-15T00:00:00Z or Unix seconds, not "now"'
    for words, text in [(("history", "app.shop.exmaple"), "app.shop.exmaple was never watched"),
                        (("history", "--since", "2", "--until", "1"), "--since is later than --until"),
                        (("at", "now"), f"TIME {slip}"),
                        (("diff", NAME, "now"), f"TIME {slip}"),
                        (("at", "1", NAME), f"the first look at {NAME} was at {first}"),
                        (("diff", NAME, "1"), f"the first look at {NAME} was at {first}"),
                        (("diff", NAME, "2", "1"), "FROM is later than TO"),
                        (("forecast", "--at", "1"), f"--at is before the last look, at {first}; "
                                                    "dcv-watch at tells what was seen then")]:
        ran = lab.tool("dcv-watch", words[0], "--database", watching.database, *words[1:])
        expect((ran.returncode, ran.stderr), (64, f"dcv-watch {words[0]}: {text}\n"), f"{words}")
    expect("seen so from " + first in watching.read("at", first, NAME), True, "the second in which it began")


def the_last_change_has_what_confirmed_it(lab):
    both, _ = usual(lab)
    watching = Watching(lab)
    watching.once()
    add(both, "app 300 IN CAA 0 issue \"other.example\"")
    watching.once()
    kinds = [json.loads(line)["event"] for line in watching.read("diff", "--json", NAME).splitlines()]
    expect(kinds, ["caa-changed", "verdict-changed", "finding-appeared"], "the last change")


def until_it_tells(watching):
    await_that(lambda: watching.process.lines, 20, "an event")


def expect_whole(file, events):
    """Events have their numbers without a gap, their look's stay, and are in what the next look goes on from."""
    expect(events, set(range(1, len(events) + 1)), "numbers of events")
    alone = file.execute("SELECT id FROM event WHERE NOT EXISTS (SELECT 1 FROM snapshot WHERE snapshot.watch = "
                         "event.watch AND first_seen = event.at)").fetchall()
    expect(alone, [], "events without a stay")
    values = file.execute("SELECT after, state FROM event JOIN watch ON watch.id = event.watch WHERE kind = "
                          "'value-first-seen'")
    expect([after for after, state in values if json.loads(after)[0] not in state], [], "values not in the state")


def killed_in_mid_write_it_loses_nothing_told(lab, times=3, wait=until_it_tells):
    both, _ = usual(lab)
    watching = Watching(lab)
    told = set()
    for number in range(times):
        value = f"{number:04}{shop.VALUE[4:]}"
        watching.start(every="0.05s")
        watching.wait_for_look()
        add(both, shop.record(value))
        wait(watching)
        watching.process.process.send_signal(signal.SIGKILL)
        watching.process.end(10)
        told |= {json.loads(text)["id"] for _, text in watching.process.lines if text.endswith("}")}
        file = sqlite3.connect(watching.database)
        expect(file.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "integrity")
        kept = {row[0] for row in file.execute("SELECT id FROM event")}
        expect(told - kept, set(), "events that were told and are lost")
        expect_whole(file, kept)
        file.close()
    return len(told)


if __name__ == "__main__":
    real_lab.main([every_change_is_an_event, registry_servers_that_disagree_make_no_event,
                   a_zone_signed_anew_is_no_change_but_for_the_finding,
                   the_hook_runs_for_each_event, a_token_left_behind_is_told,
                   a_server_that_falls_silent_takes_nothing_away, looks_without_a_network_do_not_count,
                   the_list_is_read_again_and_a_bad_one_is_not_taken, the_list_says_how_often,
                   a_signal_ends_a_look_at_a_web_server_that_trickles,
                   a_hook_that_was_killed_with_us_runs_again,
                   the_forecast_tells_when_signatures_end_and_what_is_in_the_way,
                   a_question_without_an_answer_says_why, the_last_change_has_what_confirmed_it,
                   killed_in_mid_write_it_loses_nothing_told],
                  ["nsd", "knotd", "kdig"])
