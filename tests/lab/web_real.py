#!/usr/bin/env python3
"""dcv-preflight --method http-01 and tls-alpn-01, and a real CA, Pebble, look at the same real web
servers: nginx, and for the certificates of tls-alpn-01 that of openssl.

Each case is a way to serve the proof, right or wrong. Pebble's decision and the
verdict must agree; where Pebble differs from Boulder, which dcv-preflight is about, the case says
so. Usage: web_real.py [CASE...]
"""
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import agreement_ca as ca  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import shop  # noqa: E402
from real_lab import expect, program  # noqa: E402
from web_servers import FILES, Nginx, listening  # noqa: E402

NAME, OTHER = "app.shop.example", "www.shop.example"
FOUR, SIX = "45.90.29.81", "2a07:a8c0::81"  # of no CDN, which would be told
OTHER_FOUR = "45.90.29.82"
CA_SECONDS = 40
ACME_IDENTIFIER = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.31")


class AlpnServer:
    """openssl s_server with the certificate that tls-alpn-01 wants (RFC 8737 3), or another one."""

    name = "s_server"

    def __init__(self, lab, proof, digest_of=None, name=NAME, critical=True):
        self.folder, self.addresses = lab.new_folder("alpn"), [FOUR]
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "challenge")])
        now = datetime.datetime.utcnow()
        digest = hashlib.sha256((digest_of or proof).encode()).digest()
        made = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
                .public_key(key.public_key()).serial_number(1)
                .not_valid_before(now - datetime.timedelta(hours=1))
                .not_valid_after(now + datetime.timedelta(hours=1))
                .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
                .add_extension(x509.UnrecognizedExtension(ACME_IDENTIFIER, b"\x04\x20" + digest),
                               critical=critical)
                .sign(key, hashes.SHA256()))
        (self.folder / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        (self.folder / "tls.key").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        lab.launch(self)
        lab.wait_until_up(self)

    def command(self):
        return [program("openssl"), "s_server", "-accept", f"{FOUR}:443", "-cert", "tls.pem", "-key",
                "tls.key", "-alpn", "acme-tls/1", "-www"]

    def is_up(self):
        return "ACCEPT" in self.process.output()


def world(lab, four=FOUR, six=SIX):
    records = [f"{NAME}. 300 IN {kind} {address}"
               for kind, address in (("A", four), ("AAAA", six)) if address]
    zone = "\n".join(line for line in shop.zone().splitlines() if not line.startswith("app "))
    lab.world(shop.SERVERS, {"shop.example": "\n".join(
        [zone, *records, f"{OTHER}. 300 IN A {OTHER_FOUR}", ""])})
    auth.start(lab, {})


def web_server(lab, *servers):
    return Nginx(lab, [FOUR, SIX, OTHER_FOUR], *servers)


def judge(lab, publish, method="http-01"):
    """Orders at Pebble, publishes, asks dcv-preflight, then has Pebble look; returns Pebble's
    complaint, empty for yes, and the report on the name."""
    folder = lab.new_folder("ca")
    settings = folder / "resolv.conf"
    settings.write_text(ca.RESOLV_CONF)
    subprocess.run(["mount", "--bind", str(settings), "/etc/resolv.conf"], check=True)
    resolver = ca.Resolver(folder, lab.folder / "zones" / "root", lab.anchor)
    with resolver.running(), ca.pebble(folder) as new_account:
        client = new_account()
        authorization, = client.order([NAME], method)
        publish(authorization.proof)
        expected = authorization.proof if method == "http-01" else authorization.digest
        ran = lab.tool("dcv-preflight", NAME, "--method", method, "--expect", expected, "--json",
                       "--no-ca-eye")
        complaint = client.decision(authorization, CA_SECONDS)
    expect(ran.stderr, "", "standard error")
    return complaint, json.loads(ran.stdout)["targets"][0]


def agree(lab, accepted, verdict, findings, publish, method="http-01"):
    """`accepted`: by Pebble; `findings`: all that dcv-preflight has."""
    complaint, report = judge(lab, publish, method)
    told = [finding["id"] for finding in report["findings"]]
    expect((complaint == "", report["verdict"], told), (accepted, verdict, findings), complaint)


def right(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} {FILES}")
    agree(lab, True, "ready", [], nginx.put)


def without_the_file(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} {FILES}")
    agree(lab, False, "blocked", ["web-status"], lambda proof: None)


def with_another_body(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} {FILES}")
    agree(lab, False, "blocked", ["web-body-differs"], lambda proof: nginx.put(proof, "another"))


def redirected_to_https(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} return 301 https://$host$request_uri;",
                       f"{listening(FOUR, SIX, port=443)} {FILES}")
    agree(lab, True, "ready", [], nginx.put)


def redirected_to_another_host(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} return 302 http://{OTHER}$request_uri;",
                       f"{listening(OTHER_FOUR)} {FILES}")
    agree(lab, True, "ready", [], nginx.put)


def redirected_to_a_bad_port(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} return 301 http://{NAME}:8080$request_uri;",
                       f"{listening(FOUR, SIX, port=8080)} {FILES}")
    # Boulder asks ports 80 and 443 only (va/http.go); Pebble follows to any.
    agree(lab, True, "blocked", ["web-redirect-refused"], nginx.put)


def redirected_in_a_circle(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR, SIX)} return 301 $request_uri;")
    agree(lab, False, "blocked", ["web-redirect-refused"], nginx.put)


def ipv6_refuses(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR)} {FILES}")
    # Boulder falls back to an IPv4 address (va/http.go); Pebble asks an IPv6 one and no other.
    agree(lab, False, "at-risk", ["web-ipv6-unreachable"], nginx.put)


def ipv6_is_silent(lab):
    world(lab)
    drop(SIX)
    nginx = web_server(lab, f"{listening(FOUR)} {FILES}")
    agree(lab, False, "at-risk", ["web-ipv6-unreachable"], nginx.put)  # as where it refuses


def ipv6_has_another_server(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(FOUR)} {FILES}", f"{listening(SIX)} return 404;")
    agree(lab, False, "blocked", ["web-status"], nginx.put)


def ipv6_is_silent_after_a_redirect(lab):
    world(lab)
    drop(SIX)
    nginx = web_server(lab, f"{listening(FOUR)} return 301 https://$host$request_uri;",
                       f"{listening(FOUR, port=443)} {FILES}")
    # Boulder gets as far as the redirect over IPv4, and has no fall-back after it.
    agree(lab, False, "blocked", ["web-redirect-unreachable", "web-ipv6-unreachable"], nginx.put)


def nobody_listens(lab):
    world(lab)
    nginx = web_server(lab, f"{listening(OTHER_FOUR)} {FILES}")
    agree(lab, False, "blocked", ["web-unreachable"], nginx.put)


def tls_alpn(lab, accepted, verdict, findings, **certificate):
    world(lab, six=None)
    agree(lab, accepted, verdict, findings, lambda proof: AlpnServer(lab, proof, **certificate),
          "tls-alpn-01")


def tls_alpn_right(lab):
    tls_alpn(lab, True, "ready", [])


def tls_alpn_with_the_digest_of_another(lab):
    tls_alpn(lab, False, "blocked", ["tls-certificate-wrong"], digest_of="another")


def tls_alpn_for_another_name(lab):
    tls_alpn(lab, False, "blocked", ["tls-certificate-wrong"], name=OTHER)


def tls_alpn_not_critical(lab):
    tls_alpn(lab, False, "blocked", ["tls-certificate-wrong"], critical=False)


def tls_alpn_at_a_plain_web_server(lab):
    world(lab)
    web_server(lab, f"{listening(FOUR, SIX, port=443)} {FILES}")
    agree(lab, False, "blocked", ["tls-alpn-missing"], lambda proof: None, "tls-alpn-01")


def drop(address):
    """Nothing comes back from there."""
    subprocess.run([program("nft"), "-f", "-"], check=True, text=True, input=f"""
add table inet silent
add chain inet silent out {{ type filter hook output priority 0; }}
add rule inet silent out ip6 daddr {address} tcp dport {{ 80, 443 }} drop
""")


CASES = [right, without_the_file, with_another_body, redirected_to_https, redirected_to_another_host,
         redirected_to_a_bad_port, redirected_in_a_circle, ipv6_refuses, ipv6_is_silent,
         ipv6_has_another_server, ipv6_is_silent_after_a_redirect, nobody_listens,
         tls_alpn_right, tls_alpn_with_the_digest_of_another, tls_alpn_for_another_name,
         tls_alpn_not_critical, tls_alpn_at_a_plain_web_server]
if __name__ == "__main__":
    real_lab.main(CASES, ["nginx", "pebble", "unbound", "nft", "mount", *auth.PROGRAMS], at_once=2)
