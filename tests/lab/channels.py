#!/usr/bin/env python3
"""The transport's ways to a resolver (UDP, TCP, TLS, HTTPS) against real servers: Unbound, Knot
Resolver and dnsdist tell the same on all of them, and what is wrong with a way is named.

Usage: channels.py [CASE...]
"""
import pathlib
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import bad_channels as bad  # noqa: E402
import real_authorities as auth  # noqa: E402
import real_lab  # noqa: E402
import real_resolvers as res  # noqa: E402
import shop  # noqa: E402
from real_lab import expect  # noqa: E402

GOOGLE, CLOUDFLARE, DNSDIST = "8.8.8.8", "1.1.1.1", "192.0.1.1"
GOOGLE6, CLOUDFLARE6 = "2001:4860:4860::8888", "2606:4700:4700::1111"
NET_ASK = "../tests/net_ask"  # not among the tools
GOOD = ("reply", "NOERROR", shop.VALUE)


def ask(lab, tls, endpoint, address="-", count=1):
    """(outcome, transport, rcode or "-", value or detail) of each question."""
    ran = lab.tool(NET_ASK, endpoint, address, shop.TOKEN, count, env=tls.env if tls else {})
    lab.check(ran, endpoint)
    return [tuple(word.strip() for word in line.split("\t")) for line in ran.stdout.splitlines()]


def without_transport(answers):
    return {(outcome, rcode, told) for outcome, _, rcode, told in answers}


def resolvers(lab):
    """Unbound, Knot Resolver, and dnsdist before Unbound; all with TLS and HTTPS."""
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    auth.start(lab, {})
    tls = res.Tls(lab, ["resolver.example", GOOGLE, CLOUDFLARE, DNSDIST, GOOGLE6, CLOUDFLARE6])
    unbound, knot = lab.launch_all([res.Unbound(lab, [GOOGLE, GOOGLE6], tls=tls),
                                    res.KnotResolver(lab, [CLOUDFLARE, CLOUDFLARE6], tls=tls)])
    files = f"'{tls.chain}', '{tls.key}'"
    dnsdist, = lab.launch_all([res.Dnsdist(lab, [DNSDIST], unbound,
                                           f"addTLSLocal('{DNSDIST}:853', {files})",
                                           f"addDOHLocal('{DNSDIST}:443', {files}, '/dns-query')")])
    return tls, [unbound, knot, dnsdist]


def ways(address):
    host = f"[{address}]" if ":" in address else address
    return {f"udp://{host}": "udp", f"tcp://{host}": "tcp", f"tls://{host}": "tls",
            f"tls://{host}#resolver.example": "tls", f"https://{host}/dns-query": "https",
            "https://resolver.example/dns-query": "https",
            "doh:https://resolver.example/dns-query:post": "https"}


def each_way_tells_the_same(lab):
    tls, servers = resolvers(lab)
    for server in servers:
        for address in server.addresses:
            for endpoint, transport in ways(address).items():
                outcome, used, *told = ask(lab, tls, endpoint, address)[0]
                expect((outcome, *told, used), (*GOOD, transport), f"{server.name} by {endpoint}")


class Relay:
    """Passes TCP connections on to `backend` and counts them."""

    def __init__(self, port, backend):
        self.backend, self.connections = backend, 0
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            self.connections += 1
            server = socket.create_connection(self.backend)
            for ends in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=ends, daemon=True).start()

    @staticmethod
    def _copy(source, sink):
        try:
            while received := source.recv(65536):
                sink.sendall(received)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other end is gone


def a_hundred_questions_share_one_connection(lab):
    tls, servers = resolvers(lab)
    ports = iter(range(5001, 5100))
    for server in servers:
        for way, port in (("tcp://127.0.0.1:{}", 53), ("tls://127.0.0.1:{}#resolver.example", 853),
                          ("https://resolver.example:{}/dns-query", 443)):
            number = next(ports)
            relay = Relay(number, (server.addresses[0], port))
            answers = ask(lab, tls, way.format(number), "127.0.0.1", count=100)
            expect((len(answers), without_transport(answers)), (100, {GOOD}), f"{server.name} {way}")
            expect(relay.connections, 1, f"connections to {server.name} by {way}")


def what_is_wrong_with_a_certificate_is_named(lab):
    tls, servers = resolvers(lab)
    for server in servers:
        address = server.addresses[0]
        for endpoint, port in (("tls://{}#dns.quad9.net", 853), ("https://dns.quad9.net/dns-query", 443)):
            outcome, _, _, told = ask(lab, tls, endpoint.format(address), address)[0]
            expect((outcome, told),
                   ("tls_failed", f"the certificate of {address} (port {port}) is for resolver.example, "
                    f"{GOOGLE}, {CLOUDFLARE} and 3 more, not dns.quad9.net"), server.name)
            outcome, _, _, told = ask(lab, None, endpoint.format(address), address)[0]
            expect((outcome, told),
                   ("tls_failed", f"the certificate of {address} (port {port}) is not signed by a known "
                    "authority, but by throw-away CA"), f"{server.name}, not trusted")


def https_that_refuses_or_goes_away(lab):
    tls, servers = resolvers(lab)
    bad.OnlyHttp1("192.0.1.7", tls)
    outcome, _, _, told = ask(lab, tls, "https://resolver.example/dns-query", "192.0.1.7")[0]
    expect((outcome, told), ("http_failed", "192.0.1.7 (port 443) does not offer HTTP/2 (ALPN h2), "
                             "by which it is asked"), "HTTP/1.1 only")
    leaving = bad.GoawayFirst("192.0.1.8", tls, servers[0].addresses[0])
    answers = ask(lab, tls, "https://resolver.example/dns-query", "192.0.1.8", count=20)
    expect((len(answers), without_transport(answers)), (20, {GOOD}), "GOAWAY first")
    expect(leaving.connections, 2, "connections")
    outcome, _, _, told = ask(lab, tls, "https://resolver.example/elsewhere", DNSDIST)[0]
    expect((outcome, told), ("http_failed", f"HTTP status 404 from {DNSDIST} (port 443)"), "path")


def a_dead_way_costs_one_time_out(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())})
    silent = socket.create_server(("192.0.1.9", 853))
    start = time.monotonic()
    answers = ask(lab, None, "tls://192.0.1.9#resolver.example", count=30)
    seconds = time.monotonic() - start
    silent.close()
    expect({outcome for outcome, *_ in answers}, {"timeout"}, "outcomes")
    expect(answers[0][3], "the TLS handshake with 192.0.1.9 (port 853) was not over within 3 s", "why")
    expect(3 <= seconds < 4, True, f"{seconds:.1f} s is 3")
    outcome, _, _, told = ask(lab, None, "tls://192.0.1.9#resolver.example")[0]
    expect((outcome, told),
           ("refused", "could not connect to 192.0.1.9 (port 853): Connection refused"), "closed")


if __name__ == "__main__":
    real_lab.main([each_way_tells_the_same, a_hundred_questions_share_one_connection,
                   what_is_wrong_with_a_certificate_is_named, https_that_refuses_or_goes_away,
                   a_dead_way_costs_one_time_out],
                  [*auth.PROGRAMS, "unbound", "kresd", "dnsdist", "openssl"])
