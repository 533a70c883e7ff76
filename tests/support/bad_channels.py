"""Ways to a resolver that misbehave: HTTPS without HTTP/2, HTTPS that says GOAWAY first, and networks
that intercept or block port 53."""
import contextlib
import select
import socket
import ssl
import struct
import subprocess
import threading

import real_lab

SETTINGS, GOAWAY = 4, 7
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class TlsServer:
    """Accepts TLS connections on `address` and hands each to `serve(stream)` in a thread."""

    alpn = ["h2"]

    def __init__(self, address, tls, port=443):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(tls.chain, tls.key)
        self.context.set_alpn_protocols(self.alpn)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, port), family=family)
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            plain, _ = self.listener.accept()
            threading.Thread(target=self._handle, args=(plain,), daemon=True).start()

    def _handle(self, plain):
        with contextlib.suppress(OSError), self.context.wrap_socket(plain, server_side=True) as stream:
            self.connections += 1
            self.serve(stream)

    def serve(self, stream):
        raise NotImplementedError


class OnlyHttp1(TlsServer):
    alpn = ["http/1.1"]

    def serve(self, stream):
        stream.recv(4096)
        stream.sendall(b"HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n")


def frame(kind, payload, stream=0):
    return struct.pack("!I", len(payload))[1:] + struct.pack("!BBI", kind, 0, stream) + payload


class GoawayFirst(TlsServer):
    """The first `refusals` connections are told GOAWAY before any of their requests was served; the
    others are passed on to the HTTPS server at `backend`."""

    def __init__(self, address, tls, backend, refusals=1):
        self.backend, self.refusals, self.ca = backend, refusals, tls.ca
        super().__init__(address, tls)

    def serve(self, stream):
        if self.connections <= self.refusals:
            received = b""
            while len(received) < len(PREFACE) + 9:
                received += stream.recv(4096)
            stream.sendall(frame(SETTINGS, b"") + frame(GOAWAY, struct.pack("!II", 0, 0)))
            while stream.recv(4096):  # until the client closes
                pass
            return
        context = ssl.create_default_context(cafile=self.ca)
        context.set_alpn_protocols(["h2"])
        with context.wrap_socket(socket.create_connection((self.backend, 443)),
                                 server_hostname=self.backend) as other:
            self._pass_on(stream, other)

    @staticmethod
    def _pass_on(one, two):
        """Copies both ways, in one thread: a TLS connection is not for two."""
        other_end = {one: two, two: one}
        while True:
            ready = [each for each in other_end if each.pending()] or select.select([one, two], [], [])[0]
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                other_end[source].sendall(data)


EXEMPT = 46  # DSCP of the packets that the network lets pass
DSCP_OF_UNBOUND = f"  ip-dscp: {EXEMPT}\n"  # in its configuration


def load_rules(chain, rules):
    lines = "\n".join([f"{chain};", *rules])
    table = f"table inet network {{\nchain {chain.split()[3]} {{\n{lines}\n}}\n}}\n"
    subprocess.run([real_lab.program("nft"), "-f", "-"], input=table, text=True, check=True)


PORT_53 = "meta l4proto { udp, tcp } th dport 53"
EXEMPTED = [f"ip dscp {EXEMPT} accept", f"ip6 dscp {EXEMPT} accept"]


def intercept_port_53(address4, address6):
    """All questions on port 53, whomever they are for, come to these addresses instead."""
    load_rules("type nat hook output priority -100",
          [*EXEMPTED, f"meta nfproto ipv4 {PORT_53} dnat ip to {address4}",
           f"meta nfproto ipv6 {PORT_53} dnat ip6 to {address6}"])


def block_port_53():
    """Nothing sent to port 53 arrives."""
    load_rules("type filter hook input priority 0", [*EXEMPTED, f"{PORT_53} drop"])


def silence(addresses):
    """Nothing sent to these addresses arrives."""
    load_rules("type filter hook input priority 0",
          [f"{'ip6' if ':' in address else 'ip'} daddr {address} drop" for address in addresses])
