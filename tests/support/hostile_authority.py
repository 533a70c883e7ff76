"""A name server that means harm: root and registry as they should be, below them what an attack says.

It is every server of a small Internet in one process, over UDP and TCP, and tells by the address
asked which one it is. An attack (tests/lab/hostile.py) is a subclass of `Authority`."""
import collections
import contextlib
import ipaddress
import socket
import struct
import threading
import time
import traceback

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

ROOT_ADDRESS, REGISTRY_ADDRESS = "198.41.0.4", "194.0.25.29"
APEX = dns.name.from_text("shop.example.")
REGISTRY = dns.name.from_text("example.")
OURS = ipaddress.ip_network("45.0.0.0/8")  # where all hostile servers live
TTL = 300
BYTE_SECONDS = 1  # of a trickle
IP_PKTINFO, SO_RCVBUFFORCE = 8, 33  # of Linux; Python 3.11 has no names for them


def name(text):
    return dns.name.from_text(text, APEX)


def rrset(owner, qtype, *datas):
    return dns.rrset.from_text_list(owner, TTL, "IN", qtype, list(datas), origin=APEX, relativize=False)


class Zone:
    """A zone that can sign its records, with one key."""

    def __init__(self, apex):
        self.apex = apex
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.key = dns.dnssec.make_dnskey(self.private.public_key(), "ECDSAP256SHA256", flags=257)
        self.made = {}

    def ds(self):
        return dns.rrset.from_rdata(self.apex, TTL, dns.dnssec.make_ds(self.apex, self.key, "SHA256"))

    def signature(self, records):
        known = (records.name, records.rdtype, tuple(sorted(r.to_digestable() for r in records)))
        if known not in self.made:
            rrsig = dns.dnssec.sign(records, self.private, self.apex, self.key,
                                    inception=time.time() - 3600, expiration=time.time() + 30 * 86400)
            self.made[known] = dns.rrset.from_rdata(records.name, TTL, rrsig)
        return self.made[known]


class Ask:
    """One question and the reply to it."""

    def __init__(self, query, address, tcp):
        self.query, self.address, self.tcp = query, address, tcp
        question = query.question[0]
        self.name, self.type = question.name.canonicalize(), dns.rdatatype.to_text(question.rdtype)
        self.reply = dns.message.make_response(query, our_payload=1232)
        self.reply.flags |= dns.flags.AA

    def answer(self, *sets):
        self.reply.answer += sets

    def refer(self, cut, hosts, glue=()):
        self.reply.flags &= ~dns.flags.AA
        self.reply.authority.append(rrset(cut, "NS", *hosts))
        self.reply.additional += [rrset(name(host), "A", *addresses) for host, addresses in glue]


class Authority:
    """What root, registry and the servers of shop.example say; an attack overrides the latter."""
    signed = False
    cached = True  # the same question has the same reply
    by_address = False  # though another one at each of its servers
    servers = {f"ns{i}.shop.example.": f"45.90.28.{i}0" for i in (1, 2)}  # of shop.example
    records = {}  # of shop.example: {(name, type): datas}

    def __init__(self):
        self.root, self.registry, self.shop = Zone(dns.name.root), Zone(REGISTRY), Zone(APEX)
        self.counts = collections.Counter()

    # What attacks change.

    def from_registry(self, ask):
        ask.refer(APEX, self.servers, [(host, [address]) for host, address in self.servers.items()])
        self.sign(ask, self.registry, self.shop.ds())

    def from_shop(self, ask):
        """As it should be; with `records` for more."""
        zone = {(APEX, "SOA"): [self.soa()], (APEX, "NS"): list(self.servers),
                **{(name(host), "A"): [address] for host, address in self.servers.items()},
                **{(name(owner), qtype): datas for (owner, qtype), datas in self.records.items()}}
        if self.signed:
            zone[(APEX, "DNSKEY")] = [self.shop.key.to_text()]
        found = zone.get((ask.name, ask.type))
        alias = zone.get((ask.name, "CNAME"))
        if found or alias:
            ask.answer(rrset(ask.name, ask.type if found else "CNAME", *(found or alias)))
        else:
            self.deny(ask, exists=any(owner.is_subdomain(ask.name) for owner, _ in zone))
        self.sign(ask, self.shop)

    def soa(self):
        return "ns1.shop.example. hostmaster.shop.example. 1 7200 3600 1209600 300"

    def deny(self, ask, exists):
        if not exists:
            ask.reply.set_rcode(dns.rcode.NXDOMAIN)
        ask.reply.authority.append(rrset(APEX, "SOA", self.soa()))

    # The rest of the Internet.

    def sign(self, ask, zone, *more):
        if not self.signed:
            return
        ask.reply.authority += more
        for section in (ask.reply.answer, ask.reply.authority):
            section += [zone.signature(each) for each in list(section)
                        if each.rdtype != dns.rdatatype.RRSIG
                        and (each.rdtype != dns.rdatatype.NS or ask.reply.flags & dns.flags.AA)]

    def apex_of(self, ask, zone, host, address):
        datas = {"SOA": f"{host} hostmaster.nic.example. 1 7200 3600 1209600 300", "NS": host,
                 "DNSKEY": zone.key.to_text() if self.signed else None}
        if ask.name == zone.apex and datas.get(ask.type):
            ask.answer(rrset(zone.apex, ask.type, datas[ask.type]))
        elif ask.name == name(host) and ask.type == "A":
            ask.answer(rrset(ask.name, "A", address))
        else:
            ask.reply.authority.append(rrset(zone.apex, "SOA", datas["SOA"]))
        self.sign(ask, zone)

    def reply_to(self, ask):
        """The message, its bytes, or None for silence."""
        if ask.address == ROOT_ADDRESS:
            if ask.name.is_subdomain(REGISTRY) and (ask.name, ask.type) != (REGISTRY, "DS"):
                ask.refer(REGISTRY, ["a.nic.example."], [("a.nic.example.", [REGISTRY_ADDRESS])])
                self.sign(ask, self.root, self.registry.ds())
            elif ask.name == REGISTRY and self.signed:
                ask.answer(self.registry.ds())
                self.sign(ask, self.root)
            else:
                self.apex_of(ask, self.root, "a.root-servers.net.", ROOT_ADDRESS)
        elif ask.address == REGISTRY_ADDRESS:
            below = ask.name.is_subdomain(REGISTRY) and ask.name not in (REGISTRY, name("a.nic.example."),
                                                                         name("nic.example."))
            if below and self.signed and (ask.name, ask.type) == (APEX, "DS"):
                ask.answer(self.shop.ds())
                self.sign(ask, self.registry)
            elif below:
                return self.from_registry(ask) or ask.reply
            else:
                self.apex_of(ask, self.registry, "a.nic.example.", REGISTRY_ADDRESS)
        elif ipaddress.ip_address(ask.address) in OURS:
            return self.from_shop(ask) or ask.reply
        else:
            return None
        return ask.reply


SILENCE, TRICKLE = "silence", "trickle"  # other replies than a message or bytes


class Server:
    """Serves an Authority on port 53 of every IPv4 address; a web attack on port 80."""

    def __init__(self, authority):
        self.authority = authority
        self.questions = 0  # over UDP and TCP
        self.fault = None  # an error of the attack's own
        self.made = {}  # replies by question
        self.lock = threading.Lock()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)  # which address was asked
        self.udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self.udp.bind(("0.0.0.0", 53))
        threading.Thread(target=self.serve_udp, daemon=True).start()
        self.listen(53, self.serve_connection)
        if hasattr(authority, "web"):
            self.listen(80, authority.web)

    def listen(self, port, serve):
        tcp = socket.create_server(("0.0.0.0", port), backlog=512)

        def accept():
            while True:
                client, _ = tcp.accept()
                threading.Thread(target=self.guarded, args=(serve, client), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()

    def guarded(self, serve, client):
        with client, contextlib.suppress(OSError):
            serve(client)

    def serve_udp(self):
        while True:
            data, control, _, client = self.udp.recvmsg(65535, 256)
            address = socket.inet_ntoa(control[0][2][8:12])
            for reply in self.replies(data, address, tcp=False):
                source = struct.pack("@I4s4s", 0, socket.inet_aton(address), b"\0\0\0\0")
                with contextlib.suppress(OSError):
                    self.udp.sendmsg([reply], [(socket.IPPROTO_IP, IP_PKTINFO, source)], 0, client)

    def serve_connection(self, client):
        address = client.getsockname()[0]
        while True:
            length = client.recv(2, socket.MSG_WAITALL)
            if len(length) < 2:
                return
            data = client.recv(struct.unpack("!H", length)[0], socket.MSG_WAITALL)
            for reply in self.replies(data, address, tcp=True):
                if reply == TRICKLE:
                    trickle(client, b"\x02\x00" + data)
                else:
                    client.sendall(struct.pack("!H", len(reply)) + reply)

    def replies(self, data, address, tcp):
        """What goes back: bytes, or TRICKLE; a list, since an attack may send several."""
        query = dns.message.from_wire(data)
        ask = Ask(query, address, tcp)
        ours = address not in (ROOT_ADDRESS, REGISTRY_ADDRESS) and not self.authority.by_address
        key = (ask.name, ask.type, "" if ours else address, tcp, query.edns, query.ednsflags)
        with self.lock:  # attacks count
            self.questions += 1
            reply = self.made.get(key) or self.made_for(ask)
            if self.authority.cached:
                self.made[key] = reply
        if reply == SILENCE:
            return []
        if isinstance(reply, list):
            return reply
        if reply == TRICKLE or not self.authority.cached:
            return [reply]
        question = 12 + len(ask.name.to_wire())  # id, and the letters' case, are those of the query
        return [data[:2] + reply[2:12] + data[12:question] + reply[question:]]

    def made_for(self, ask):
        try:
            reply = self.authority.reply_to(ask)
            if isinstance(reply, dns.message.Message):
                reply = packet(reply, 65535 if ask.tcp else 1232)
            return reply or SILENCE
        except Exception:
            self.fault = traceback.format_exc()
            return SILENCE


def packet(reply, limit):
    """Its bytes; what does not fit is left out, with TC, as servers do."""
    try:
        return reply.to_wire(max_size=limit, want_shuffle=False)
    except dns.exception.TooBig:
        reply.flags |= dns.flags.TC
        reply.answer, reply.authority, reply.additional = [], [], []
        return reply.to_wire(max_size=limit)


def trickle(client, data):
    for i in range(len(data)):
        client.sendall(data[i:i + 1])
        time.sleep(BYTE_SECONDS)
