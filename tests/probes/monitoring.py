#!/usr/bin/env python3
"""A real Prometheus, with the rules and the scrape configuration of contrib/, scrapes dcv-exporter,
which looks at real name servers: the alert fires while one of them is stale and resolves when it
heals, and every expression of the dashboard is answered.

Only intervals, time-outs, targets and the rules' `for` are shortened, in copies.

Usage: monitoring.py [CASE...]
"""
import json
import pathlib
import re
import sys
import urllib.parse
import urllib.request

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
import grafana  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import shop  # noqa: E402
from real_lab import await_that, expect, program  # noqa: E402

CONTRIB = dcv.ROOT / "contrib"
NAME, WILDCARD, NO_NAME = "app.shop.example", "*.shop.example", "app..example"
OLD = {"name": "old.shop.example", "addresses": ["45.90.31.10"], "zones": ["shop.example:old"]}
PAGES = "https://runbooks.example/dcvtools/findings"
SECONDS = 25  # at most until a change of the zone is an alert; usually 5: a scrape, an evaluation, `for`
METRIC = re.compile(r"\b(?:dcv|process)_[a-z_]+\b")


class Service:
    """A program that answers HTTP, as Lab.launch() wants it."""

    addresses = []

    def __init__(self, lab, command, ready):
        self.name, self.folder = str(command[0]), lab.new_folder("service")
        self.words, self.ready = list(map(str, command)), ready

    def command(self):
        return self.words

    def is_up(self):
        try:
            with urllib.request.urlopen(self.ready, timeout=1) as reply:
                return reply.status == 200
        except OSError:
            return False


def exporter(lab):
    config = lab.folder / "exporter.yml"
    config.write_text(yaml.safe_dump({"modules": {"dns-01": {
        "expect": [shop.VALUE], "trust_anchor": str(lab.anchor), "ca_eye": False}}}))
    return Service(lab, [dcv.BIN / "dcv-exporter", "--config", config, "--listen", "127.0.0.1:9947"],
                   "http://127.0.0.1:9947/-/healthy")


class Prometheus(Service):
    def __init__(self, lab):
        rules = (CONTRIB / "prometheus/dcv.rules.yml").read_text()
        (lab.folder / "dcv.rules.yml").write_text(re.sub(r"\bfor: \w+", "for: 2s", rules))
        config = yaml.safe_load((CONTRIB / "prometheus/dcv.scrape.yml").read_text())
        config["global"] = {"evaluation_interval": "1s", "scrape_interval": "3s", "scrape_timeout": "3s"}
        for job in config["scrape_configs"]:
            job.pop("scrape_interval", None), job.pop("scrape_timeout", None)
        config["scrape_configs"][0]["static_configs"] = [{"targets": [NAME, WILDCARD, NO_NAME]}]
        file = lab.folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(config))
        super().__init__(lab, [program("prometheus"), f"--config.file={file}", "--log.level=error",
                               f"--storage.tsdb.path={lab.folder}/series",
                               "--web.listen-address=127.0.0.1:9090"], "http://127.0.0.1:9090/-/ready")

    @staticmethod
    def get(path, **parameters):
        url = f"http://127.0.0.1:9090/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=10) as reply:
            return json.loads(reply.read())["data"]

    def query(self, expression):
        return self.get("query", query=expression)["result"]

    def verdict(self):
        seen = self.query(f'dcv_verdict{{identifier="{NAME}"}} == 1')
        return seen[0]["metric"]["verdict"] if seen else None

    def scrape_errors(self):
        return [each["lastError"] for each in self.get("targets")["activeTargets"]]

    def alerts(self, instance=NAME):
        """The annotations of those that fire for it; by name and band."""
        return {(each["labels"]["alertname"], each["labels"]["severity"]): each["annotations"]
                for each in self.get("alerts")["alerts"]
                if each["state"] == "firing" and each["labels"].get("instance") == instance}


def soon(prometheus, condition, what):
    """Waits for what a scrape and an evaluation bring; a machine that is busy takes several."""
    try:
        await_that(condition, SECONDS, what, step=0.2)
    except AssertionError as error:
        raise AssertionError(f"{error}; verdict {prometheus.verdict()}, alerts {prometheus.alerts()}, "
                             f"scrapes {prometheus.scrape_errors()}") from None


def answers_everything(prometheus):
    names = set(prometheus.get("label/__name__/values"))
    rules = (CONTRIB / "prometheus/dcv.rules.yml").read_text()
    expect(sorted(set(METRIC.findall(rules)) - names), [], "metrics of the rules that nobody has")
    open_ones = grafana.expressions()
    def all_were_answered():
        open_ones[:] = [each for each in open_ones if not prometheus.query(each[1])]
        return not open_ones
    try:
        await_that(all_were_answered, SECONDS, "all expressions answered", step=0.5)
    except AssertionError:
        raise AssertionError(f"expressions of the dashboard without an answer: {open_ones}") from None
    for label in ("identifier", "ca", "method"):
        expect(bool(prometheus.get(f"label/{label}/values", **{"match[]": "dcv_verdict"})), True,
               f"values for the dashboard's variable of {label}")


def a_stale_server_is_an_alert_until_it_heals(lab):
    lab.world([*shop.SERVERS, OLD], {"shop.example": shop.zone(shop.record(), serial=2),
                                     "shop.example.old": shop.zone()}, sign=shop.SIGNED)
    servers = auth.start(lab, {shop.NS1: auth.Knot, shop.NS2: auth.Nsd}, without=[OLD["name"]])
    current, old = lab.exported(shop.NS2, shop.APEX), lab.exported(OLD["name"], shop.APEX)
    _, prometheus = lab.launch_all([exporter(lab), Prometheus(lab)])
    def told(alert, band, annotation, instance=NAME):
        return prometheus.alerts(instance).get((alert, band), {}).get(annotation, "")
    def all_is_well():
        return prometheus.verdict() == "ready" and not prometheus.alerts()
    soon(prometheus, all_is_well, "ready, and no alert")

    servers[shop.NS2].load(shop.APEX, old)
    page = f"{PAGES}/authority-txt-differs.md"
    soon(prometheus, lambda: told("DcvAtRisk", "warning", "runbook_url") == page, "DcvAtRisk with the page of its cause")
    soon(prometheus, lambda: told("DcvAuthoritiesDiffer", "warning", "runbook_url") == page, "DcvAuthoritiesDiffer")
    soon(prometheus, lambda: WILDCARD in told("DcvBlocked", "warning", "summary", WILDCARD), "DcvBlocked of a wildcard")
    soon(prometheus, lambda: "bad_target" in told("DcvProbeFailing", "warning", "description", NO_NAME),
         "DcvProbeFailing with its reason")
    answers_everything(prometheus)

    servers[shop.NS2].load(shop.APEX, current)
    soon(prometheus, all_is_well, "ready again, and the alerts resolved")


if __name__ == "__main__":
    real_lab.main([a_stale_server_is_an_alert_until_it_heals], ["nsd", "knotd", "kdig", "prometheus"])
