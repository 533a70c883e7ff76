"""A dcv-exporter under way, for the tests: start, ask, and read its metrics."""
import contextlib
import http.client
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import urllib.parse

import dcv
from real_lab import await_that

PORT = 9947
OPENMETRICS = "application/openmetrics-text;version=1.0.0"
SECONDS = 30  # for whatever has to happen


class Exporter:
    """Ends with the `with`; `lines` is what it logged."""

    def __init__(self, *options, config=None, wrapper=(), tls=None):
        self.folder = tempfile.TemporaryDirectory()
        self.config = pathlib.Path(self.folder.name) / "dcv-exporter.yml"
        self.tls = tls  # an ssl.SSLContext
        if config is not None:
            self.config.write_text(config)
            options = ("--config", str(self.config), *options)
        self.lines = []
        self.process = subprocess.Popen([*wrapper, str(dcv.BIN / "dcv-exporter"), *options], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, errors="replace")
        threading.Thread(target=lambda: self.lines.extend(iter(self.process.stderr.readline, "")),
                         daemon=True).start()

    def __enter__(self):
        def is_up():
            if self.process.poll() is not None:
                raise AssertionError("dcv-exporter ended: " + "".join(self.lines))
            with contextlib.suppress(OSError):
                return self.get("/-/healthy", fields={"Authorization": ""}).status
        await_that(is_up, 2 * SECONDS, "the exporter answers")
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection("127.0.0.1", PORT, timeout=2 * SECONDS, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", PORT, timeout=2 * SECONDS)

    def get(self, path, method="GET", fields=None, **query):
        """The reply, with its `text`."""
        url = path + ("?" + urllib.parse.urlencode(query) if query else "")
        with contextlib.closing(self.connection()) as connection:
            connection.request(method, url, headers=fields or {})
            reply = connection.getresponse()
            reply.text = reply.read().decode()
        return reply

    def probe(self, target, timeout=None, **query):
        fields = {"X-Prometheus-Scrape-Timeout-Seconds": str(timeout)} if timeout else {}
        return self.get("/probe", fields=fields, target=target, **query)

    def own(self, name):
        """The exporter's metrics that begin so, by what stands before the value."""
        return {k: v for k, v in samples(self.get("/metrics").text).items() if k.startswith(name)}

    def in_flight(self):
        return self.own("dcv_exporter_probes_in_flight")["dcv_exporter_probes_in_flight"]

    def has_logged(self, text):
        await_that(lambda: any(text in line for line in list(self.lines)), SECONDS,
                   f"a line with {text!r} in {self.lines}")

    def raw(self, text):
        """A connection on which only these bytes were sent."""
        client = socket.create_connection(("127.0.0.1", PORT), timeout=2 * SECONDS)
        client.sendall(text.encode())
        return client

    def end(self, signal):
        self.process.send_signal(signal)
        return self.process.wait(2 * SECONDS)


def samples(text):
    """Values by name and labels."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {key: float(value) for key, value in (line.rsplit(" ", 1) for line in lines)}


def trusting(certificate):
    return ssl.create_default_context(cafile=str(certificate))
