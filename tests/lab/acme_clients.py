#!/usr/bin/env python3
"""certbot, lego and dehydrated obtain certificates from Pebble, with dcv-propagation --wait in their
hooks as the check before the CA looks; the hooks are those of docs/hooks.

The zone is unkind: validation is delegated with a CNAME, denials live for five minutes, and one of
two servers gets each change 15 seconds late. The CA asks through a real Unbound with Let's Encrypt's
settings. Usage: acme_clients.py [CASE...]
"""
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import agreement_ca as ca  # noqa: E402
import dcv  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import shop  # noqa: E402
from real_lab import await_that, expect  # noqa: E402

LATE = 15  # seconds
DELEGATED = "app.validation.example"
PRIMARY, SECONDARY = "ns1.validation.example", "ns2.validation.example"
VALIDATION = "validation.example."
SERVERS = [*shop.SERVERS,
           {"name": PRIMARY, "addresses": ["45.91.28.10", "2a07:a8c2::10"], "zones": ["validation.example"]},
           {"name": SECONDARY, "addresses": ["45.91.30.10", "2a07:a8c3::10"], "zones": ["validation.example"]}]
VALIDATION_ZONE = """$TTL 3600
@ IN SOA ns1 hostmaster ( 1 7200 3600 1209600 300 )
@ IN NS ns1
@ IN NS ns2
ns1 IN A 45.91.28.10
ns1 IN AAAA 2a07:a8c2::10
ns2 IN A 45.91.30.10
ns2 IN AAAA 2a07:a8c3::10
"""
REGISTRY = """validation.example. 3600 IN NS ns1.validation.example.
validation.example. 3600 IN NS ns2.validation.example.
ns1.validation.example. 3600 IN A 45.91.28.10
ns1.validation.example. 3600 IN AAAA 2a07:a8c2::10
ns2.validation.example. 3600 IN A 45.91.30.10
ns2.validation.example. 3600 IN AAAA 2a07:a8c3::10
"""
DIRECTORY = "https://127.0.0.1:14000/dir"
CLIENT_SECONDS = 100
PATIENCE = 10  # seconds from there being a proof everywhere to the CA's look; some clients poll
HOOKS = dcv.ROOT / "docs/hooks"
# The name that a client knows leads elsewhere: what people with a delegation write for PUBLISH.
PUBLISH = f"""#!/bin/sh
name=$2
case "$2" in _acme-challenge.app.shop.example.) name={DELEGATED}. ;; esac
exec {HOOKS}/publish-nsupdate "$1" "$name" "$3"
"""


class LaggingZone:
    """The delegated zone: its secondary gets each change of the primary late."""

    def __init__(self, lab):
        lab.world(SERVERS, {
            "shop.example": shop.zone(f"{shop.TOKEN}. 300 IN CNAME {DELEGATED}."),
            "validation.example": VALIDATION_ZONE, "example.zone.add": REGISTRY})
        servers = auth.start(lab, {PRIMARY: auth.KnotWithUpdates, SECONDARY: auth.Nsd})
        self.primary, self.secondary = servers[PRIMARY], servers[SECONDARY]
        self.arrivals = []  # when the secondary had a change
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        serial = self.primary.serial(VALIDATION)
        while True:
            await_that(lambda: self.primary.serial(VALIDATION) not in (None, serial), CLIENT_SECONDS * 2,
                       "a change of the zone", step=0.2)
            text = self.primary.transfer(VALIDATION)
            serial = int(text.split()[6])
            time.sleep(LATE)
            self.secondary.load(VALIDATION, text)
            self.arrivals.append(time.time())


class Shop:
    """The operator's machine: his zone, the CA, and the resolver of both."""

    def __init__(self, lab):
        self.lab, self.folder = lab, lab.new_folder("machine")
        self.zone = LaggingZone(lab)
        settings, publish = self.folder / "resolv.conf", self.folder / "publish"
        settings.write_text(ca.RESOLV_CONF)
        subprocess.run(["mount", "--bind", str(settings), "/etc/resolv.conf"], check=True)
        publish.write_text(PUBLISH)
        publish.chmod(0o755)
        self.env = {**os.environ, "PATH": f"{dcv.BIN}:{real_lab.SBIN}", "PUBLISH": str(publish),
                    "WAIT": "60s", "NSUPDATE_SERVER": self.zone.primary.addresses[0],
                    "DCV_TRUST_ANCHOR": str(lab.anchor)}

    def obtain(self, *command, **settings):
        """Runs the client at the CA; says how it ended."""
        certificate = self.folder / "ca.pem"
        resolver = ca.Resolver(self.folder, self.lab.folder / "zones" / "root", self.lab.anchor)
        with resolver.running(), ca.pebble(self.folder):
            ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=self.folder,
                                 timeout=CLIENT_SECONDS, stdin=subprocess.DEVNULL,
                                 env={**self.env, **{key: str(certificate) for key in settings["trust"]},
                                      **settings.get("env", {})})
        told = f"{ran.stdout}{ran.stderr}\n{(self.folder / 'pebble.log').read_text()}"
        expect(ran.returncode, 0, told)
        return told

    def check(self, certificate, told):
        """The certificate is for the name, and the CA looked when the last server had the proof, and
        soon."""
        text = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", certificate],
                              capture_output=True, text=True, check=True).stdout
        expect("DNS:app.shop.example" in text, True, text)
        looked = re.search(r"Pebble (\S+ \S+) Starting \d+ validations", told)
        late = time.mktime(time.strptime(looked[1], "%Y/%m/%d %H:%M:%S")) - self.zone.arrivals[0]
        expect(-1 < late < PATIENCE, True, f"the CA looked {late:.1f} s after the last server had the proof")


def certbot(lab):
    machine = Shop(lab)
    folders = [word for name in ("config", "work", "logs")
               for word in (f"--{name}-dir", machine.folder / name)]
    told = machine.obtain("certbot", "certonly", "--manual", "--preferred-challenges", "dns",
                          "--manual-auth-hook", HOOKS / "certbot-auth", "--manual-cleanup-hook",
                          HOOKS / "certbot-cleanup", "--server", DIRECTORY, "--non-interactive",
                          "--agree-tos", "--register-unsafely-without-email", *folders, "-d",
                          "app.shop.example", trust=["REQUESTS_CA_BUNDLE"])
    machine.check(machine.folder / "config/live/app.shop.example/cert.pem", told)


def lego(lab):
    machine = Shop(lab)
    told = machine.obtain("lego", "--server", DIRECTORY, "--email", "a@shop.example", "--accept-tos", "--dns",
                          "exec", "--dns.disable-cp", "--path", machine.folder / "lego", "--domains",
                          "app.shop.example", "run", trust=["LEGO_CA_CERTIFICATES"],
                          env={"EXEC_PATH": str(HOOKS / "lego-exec")})
    machine.check(machine.folder / "lego/certificates/app.shop.example.crt", told)


def dehydrated(lab):
    machine = Shop(lab)
    config = machine.folder / "config"
    config.write_text(f"CA={DIRECTORY}\nCHALLENGETYPE=dns-01\nHOOK={HOOKS}/dehydrated-hook\n"
                      "KEY_ALGO=prime256v1\nKEYSIZE=2048\n")
    told = machine.obtain("sh", "-c", f"dehydrated --config {config} --register --accept-terms && "
                          f"dehydrated --config {config} --cron --domain app.shop.example",
                          trust=["CURL_CA_BUNDLE"])
    machine.check(machine.folder / "certs/app.shop.example/cert.pem", told)


if __name__ == "__main__":
    real_lab.main([certbot, lego, dehydrated],
                  [*auth.PROGRAMS, "unbound", "pebble", "openssl", "nsupdate", "curl", "certbot", "lego",
                   "dehydrated"], at_once=3)
