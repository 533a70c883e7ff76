#!/usr/bin/env python3
"""dcv-exporter in the lab: formats by their own parsers, limits, reloads, sharing, and clients that
are slow, leave, or send what is no HTTP.

Usage: exporter.py [CASE...]    All but races, which needs a build without sanitizers.
"""
import base64
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
from exporter import OPENMETRICS, PORT, Exporter, samples, trusting  # noqa: E402
from real_lab import Process, await_that, expect  # noqa: E402

NAME = "app.shop.example"
PROBE = f"GET /probe?target={NAME} HTTP/1.1\r\nHost: x\r\n\r\n"
DELAY = ["--delay", "300"]    # of the lab's answers, milliseconds: a probe then takes seconds
LONGER = ["--delay", "1000"]  # and so long that a stopped one can be told from one that ended


def linted(text):
    ran = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    expect((ran.returncode, ran.stdout + ran.stderr), (0, ""), "promtool check metrics")


def parsed(text):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    return {family.name: family for family in text_string_to_metric_families(text)}


def formats():
    with Exporter() as exporter:
        classic = exporter.probe(NAME)
        expect(classic.getheader("Content-Type"), "text/plain; version=0.0.4; charset=utf-8", "the type")
        linted(classic.text)
        values = samples(classic.text)
        expect(values["dcv_probe_success"], 1, "judged")
        expect([k for k, v in values.items() if k.startswith("dcv_verdict") and v == 1],
               [f'dcv_verdict{{identifier="{NAME}",method="dns-01",ca="letsencrypt",verdict="ready"}}'], "ready")
        expect(values["dcv_probe_timeout_seconds"], 30, "the module's time-out")
        open_metrics = exporter.get("/probe", fields={"Accept": OPENMETRICS}, target=NAME)
        expect(open_metrics.getheader("Content-Type"),
               "application/openmetrics-text; version=1.0.0; charset=utf-8", "the type")
        expect(parsed(open_metrics.text)["dcv_slowest_reply_seconds"].unit, "seconds", "the unit")
        own = exporter.get("/metrics")
        linted(own.text)
        expect(samples(own.text)['dcv_exporter_probes_total{module="dns-01"}'], 2, "probes counted")
        families = parsed(exporter.get("/metrics", fields={"Accept": OPENMETRICS}).text)
        expect(families["dcv_exporter_probes"].type, "counter", "the type of a counter")
        debug = exporter.probe(NAME, debug="true").text
        for part in ("READY", "What was asked:", f"_acme-challenge.{NAME}. TXT @ns1.shop.example"):
            expect(part in debug, True, f"{part!r} in\n{debug}")


def pages_and_slips():
    with Exporter() as exporter:
        def status(path, method="GET", fields=None, **query):
            return exporter.get(path, method, fields, **query).status
        expect(status("/"), 200, "the landing page")
        expect(status("/-/healthy", "HEAD"), 200, "HEAD")
        expect(status("/nothing"), 404, "no page")
        expect(status("/probe", "POST", target=NAME), 405, "POST")
        expect(status("/-/reload"), 405, "GET of reload")
        expect(status("/probe"), 400, "no target")
        expect(status(f"/probe?target={NAME}&target=x"), 400, "two targets")
        expect(status("/probe", target=NAME, module="nothing"), 400, "no such module")
        expect(status("/probe", target=NAME, modul="dns-01"), 400, "a parameter that nobody knows")
        expect(status("/probe", target="x" * 3000), 414, "a long URL")
        expect(status("/probe?target=%zz"), 400, "a bad escape")
        scrape = "X-Prometheus-Scrape-Timeout-Seconds"
        expect(status("/probe", fields={scrape: "nan"}, target=NAME), 400, "no time-out")
        expect(status("/probe", fields={scrape: "0.5"}, target=NAME), 400, "no time left")
        expect(status("/", fields={"X-Long": "x" * 9000}), 431, "a long header")
        for target in ("127.0.0.1", "::1", "localhost", "a b", "http://shop.example/", "\x1b[2J.example"):
            values = samples(exporter.probe(target).text)
            expect(values['dcv_probe_failure_reason{reason="bad_target"}'], 1, target)
            expect(values["dcv_probe_success"], 0, target)
        exporter.has_logged("\\027[2J")
        with exporter.raw("\x16\x03\x01 no HTTP\r\n\r\n") as client:
            expect(client.recv(100).startswith(b"HTTP/1.1 400"), True, "no HTTP")
        for request, told in (("GET /\r\n\r\n", "400"), ("GET http://x/-/healthy HTTP/1.1\r\nHost: x\r\n\r\n", "200"),
                              ("GET / HTTP/1.1\r\n" + "a:\r\n" * 1000 + "\r\n", "200"),
                              ("GET / HTTP/1.1\r\n" + "a:\r\n" * 4000, "431"), ("GET / HTTP/1.1\r\na: " + "x" * 20000, "431"),
                              ("x" * 20000, "431"), ("GET /" + "x" * 20000, "431"), ("CONNECT x:1 HTTP/1.1\r\n\r\n", "400"),
                              ("POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n", "413"),
                              ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + "x" * 20000, "400"),
                              (f"GET /probe?{'&'.join('a=' + str(i) for i in range(17))} HTTP/1.1\r\n\r\n", "400")):
            with exporter.raw(request) as client:
                expect(client.recv(12).decode(), "HTTP/1.1 " + told, request[:60])
        with exporter.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /-/healthy HTTP/1.1\r\nHost: x\r\n"
                          "Connection: close\r\n\r\n") as client:
            expect(b"".join(iter(lambda: client.recv(4096), b"")).count(b"HTTP/1.1 200"), 2, "pipelined")


def private_addresses():
    """The parent's glue leads to private addresses."""
    modules = "modules:\n  dns-01: {ca_eye: false}\n  inside: {ca_eye: false, allow_private: true}\n"
    with Exporter(config=modules) as exporter:
        def asked(**query):
            lines = exporter.probe(NAME, debug="true", **query).text.splitlines()
            return [line for line in lines if " @" in line and " (10." in line and "not_asked" not in line]
        expect(asked(allow_private="true"), [], "private addresses asked")
        expect(bool(asked(module="inside")), True, "asked where the module allows it")


def reloads():
    with Exporter(config="modules:\n  one: {}\n") as exporter:
        expect(exporter.probe(NAME, module="two").status, 400, "not there yet")
        exporter.config.write_text("modules:\n  two: {timeout: 20}\n")
        exporter.process.send_signal(signal.SIGHUP)
        exporter.has_logged("configuration reloaded")
        expect(samples(exporter.probe(NAME, module="two").text)["dcv_probe_timeout_seconds"], 20, "reloaded")
        exporter.config.write_text("modules:\n  two:\n    timout: 3\n")
        reply = exporter.get("/-/reload", "POST")
        expect(reply.status, 500, "a broken configuration")
        expect('line 3: modules.two: there is no key "timout"; near: timeout' in reply.text, True, reply.text)
        expect(exporter.own("dcv_exporter_config_last_reload_successful"),
               {"dcv_exporter_config_last_reload_successful": 0}, "told in the metrics")
        expect(exporter.probe(NAME, module="two").status, 200, "the old one goes on")
        exporter.config.write_text("modules:\n  three: {}\n")
        expect(exporter.get("/-/reload", "PUT").status, 200, "mended")
        expect(exporter.probe(NAME, module="two").status, 400, "gone")


def slow_probes():
    """One at a time, shared, stopped when its client goes, and cut short by the scrape's time-out."""
    with Exporter(config="modules: {dns-01: {}}\nlimits: {probes: 1}\n") as exporter:
        texts = []
        readers = [threading.Thread(target=lambda: texts.append(exporter.probe(NAME).text)) for _ in range(2)]
        for reader in readers:
            reader.start()
        await_that(lambda: exporter.in_flight() == 1, 20, "a probe under way")
        total = 'dcv_exporter_probes_total{module="dns-01"}'
        await_that(lambda: exporter.own(total)[total] == 2, 20, "two that ask")
        busy = exporter.probe("www.shop.example")
        expect((busy.status, busy.getheader("Retry-After")), (503, "1"), "as many as may")
        for reader in readers:
            reader.join()
        def without_times(text):
            return [line for line in text.splitlines() if not line.startswith("dcv_probe_")]
        expect(without_times(texts[0]), without_times(texts[1]), "two replies of one run")
        short = exporter.probe(NAME, timeout="0.8")
        values = samples(short.text)
        expect(values["dcv_probe_timeout_seconds"], 0.3, "what the scrape leaves")
        expect(values['dcv_probe_failure_reason{reason="timeout"}'], 1, short.text)
        with exporter.raw(PROBE):
            await_that(lambda: exporter.in_flight() == 1, 20, "a probe under way")
        start = time.monotonic()
        await_that(lambda: exporter.in_flight() == 0, 20, "the probe without a client ended")
        expect(time.monotonic() - start < 2.5, True, f"soon, not after {time.monotonic() - start:.1f} s")


def the_end():
    """A probe under way when the signal comes is still answered; connections that wait are closed."""
    with Exporter() as exporter, exporter.raw("GET / HT") as idle, exporter.raw(PROBE) as client:
        await_that(lambda: exporter.in_flight() == 1, 20, "a probe under way")
        expect(exporter.end(signal.SIGTERM), 0, "the exit status")
        expect(idle.recv(1), b"", "closed")
        expect(client.recv(12) in (b"HTTP/1.1 200", b"HTTP/1.1 503"), True, "an answer")


def textfile():
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    file = folder / "dcv.prom"
    ran = dcv.run("dcv-exporter", "--textfile", file, NAME, "www.shop.example", NAME.upper() + ".")
    expect((ran.returncode, ran.stderr), (0, ""), "a pass")
    linted(file.read_text())
    expect(sum(k.startswith("dcv_verdict") for k in samples(file.read_text())), 8, "verdicts of two names")
    expect(oct(file.stat().st_mode & 0o777), "0o644", "readable by others")
    before = file.read_text()
    link = folder / "link.prom"
    link.symlink_to(file)
    for slip, status in ((["--textfile", file, "not a name"], 64), (["--textfile", link, NAME], 64),
                         (["--textfile", folder / "no/x.prom", NAME], 70),
                         (["--textfile", file], 64), (["--textfile", file, "--module", "x", NAME], 64)):
        ran = dcv.run("dcv-exporter", *slip)
        expect((ran.returncode, ran.stderr.count("\n")), (status, 1), f"{slip}: {ran.stderr}")
    expect(link.is_symlink(), True, "the link stays")
    link.unlink()
    expect([p.name for p in folder.iterdir()], ["dcv.prom"], "nothing is left over")
    expect(file.read_text(), before, "the old file stays")


def textfile_killed():
    """A pass that is ended early leaves nothing, and the file as it was."""
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen([dcv.BIN / "dcv-exporter", "--textfile", folder / "dcv.prom", NAME])
        def asks():
            with contextlib.suppress(OSError):
                return any(os.readlink(fd).startswith("socket:")
                           for fd in pathlib.Path(f"/proc/{process.pid}/fd").iterdir())
        await_that(asks, 20, "questions")
        process.send_signal(number)
        expect(process.wait(20), -number, "how it ended")
        expect([p.name for p in folder.iterdir()], [], "nothing is left over")


def command_lines():
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    config = folder / "c.yml"
    for text, told in (("modules: {a: {timeout: soon}}", "line 1: modules.a.timeout: a number from 0.1 to 600"),
                       ("modules:\n  a:\n    method: dns-02\n", "line 3: modules.a.method: "),
                       ("modules: [a]\n", "modules: a mapping was expected, not a list"),
                       ("modules: {a: {ca: [nobody]}}", 'there is no CA profile "nobody"'),
                       ("modules: {a: {resolvers: [google]}}", "are asked only where public is true"),
                       ("modules: {a: {allow_private: 'true'}}", "true or false was expected"),
                       ("modules: {a: {expect: [short]}}", "43 characters"),
                       ("limits: {probes: 0}", "limits.probes: a number from 1"),
                       ("limits: {probes: 1.5}", "limits.probes: takes a whole number"),
                       ("modules: {a: {ip_version: 4.5}}", "modules.a.ip_version: takes 4 or 6"),
                       ("modules: {a: {root_hints: nowhere}}", "nowhere: No such file"),
                       ("a: [", "no YAML"), ("", "there are no modules")):
        config.write_text(text)
        ran = dcv.run("dcv-exporter", "--config", config, "--config.check")
        expect((ran.returncode, told in ran.stderr, ran.stderr.count("\n")), (64, True, 1), ran.stderr)
    config.write_text("modules: {a: {method: http-01, ca: [letsencrypt, sectigo], ip_version: 4}}")
    expect(dcv.run("dcv-exporter", "--config", config, "--config.check").returncode, 0, "a good one")
    for slip, status in ((["--listen", "localhost:1"], 64), (["--nothing"], 64), ([NAME], 64), (["--module", "x"], 64),
                         (["--timeout-offset", "x"], 64), (["--listen", "192.0.2.1.2:1"], 64), (["--config", "no"], 64)):
        ran = dcv.run("dcv-exporter", *slip)
        expect((ran.returncode, ran.stderr.count("\n")), (status, 1), f"{slip}: {ran.stderr}")
    with Exporter("--listen", "127.0.0.1:9947", "--listen", "[::1]:9947"):
        ran = dcv.run("dcv-exporter")
        expect((ran.returncode, ran.stderr), (70, "dcv-exporter: could not listen on 127.0.0.1:9947: "
                                              "Address already in use\n"), "a port in use")


def htpasswd(user, password, cost=5):
    ran = subprocess.run(["htpasswd", "-nbBC", str(cost), user, password], capture_output=True, text=True, check=True)
    return ran.stdout.strip().replace(":", ": ", 1)


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2", "-subj", "/CN=x",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return folder / "cert.pem"


def basic(text):
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def tls_and_users():
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    trust = trusting(certificate(folder))
    web = folder / "web.yml"
    tls = "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n"
    users = f"basic_auth_users:\n  {htpasswd('alice', 'secret')}\n"
    web.write_text(tls + users)
    with Exporter("--web.config.file", str(web), config="modules: {dns-01: {}}", tls=trust) as exporter:
        for field, status in ((None, 401), (basic("alice:guess"), 401), (basic("bob:secret"), 401),
                              (basic("alice:secret"), 200), (basic("alice:secret"), 200), (basic("alice:guess"), 401)):
            for page in ("/metrics", "/-/healthy"):
                expect(exporter.get(page, fields=field).status, status, f"{page} with {field}")
        expect(exporter.get("/", fields=None).getheader("WWW-Authenticate").startswith("Basic "), True, "the challenge")
        expect(exporter.get("/-/reload", "POST").status, 401, "a reload by nobody")
        for method in ("--tlsv1.2", "--tlsv1.3"):
            told = subprocess.run(["curl", "-sS", "--cacert", folder / "cert.pem", "-u", "alice:secret", method,
                                   f"https://127.0.0.1:9947/probe?target={NAME}"], capture_output=True, text=True)
            expect("dcv_probe_success 1" in told.stdout, True, told.stderr)
        expect("alice" in "".join(exporter.lines) or "secret" in "".join(exporter.lines), False, "secrets in the log")
        with exporter.raw(PROBE) as plain:
            expect(plain.recv(100).startswith(b"HTTP/1.1 200"), False, "plain HTTP")
        web.write_text(tls + "basic_auth_users: {alice: secret}\n")
        expect(exporter.get("/-/reload", "POST", basic("alice:secret")).status, 500, "a password that is no hash")
        expect(exporter.get("/", fields=basic("alice:secret")).status, 200, "the old users stay")
        web.write_text(tls.replace("cert.pem", "key.pem"))
        expect(exporter.get("/-/reload", "POST", basic("alice:secret")).status, 500, "a key is no certificate")
        web.write_text(tls + f"basic_auth_users:\n  {htpasswd('carol', 'other')}\n")
        expect(exporter.get("/-/reload", "POST", basic("alice:secret")).status, 200, "mended")
        expect(exporter.get("/", fields=basic("alice:secret")).status, 401, "gone")
        web.write_text(tls.replace("}", ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: cert.pem}"))
        expect(exporter.get("/-/reload", "POST", basic("carol:other")).status, 200, "client certificates")
        try:
            expect(exporter.get("/").status, "none", "a reply without a certificate")
        except (ssl.SSLError, OSError):
            pass
        trust.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        expect(exporter.get("/").status, 200, "with a certificate")


def password_flood():
    """Who is known is served at once, however many wrong passwords come."""
    web = pathlib.Path(os.environ["DCV_TEST_FOLDER"]) / "web.yml"
    web.write_text(f"basic_auth_users:\n  {htpasswd('alice', 'secret', cost=12)}\n  {htpasswd('bob', 'x', cost=4)}\n")
    def knock(text):
        return f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: {basic(text)['Authorization']}\r\n\r\n"
    with Exporter("--web.config.file", str(web)) as exporter, contextlib.ExitStack() as stack:
        expect(exporter.get("/metrics", fields=basic("alice:secret")).status, 200, "once, to be known")
        for i in range(1100):  # cheap ones, more than are remembered
            with exporter.raw(knock(f"bob:{i}")) as client:
                expect(client.recv(12), b"HTTP/1.1 401", "a wrong password")
        flood = [stack.enter_context(exporter.raw(knock(f"alice:{i}"))) for i in range(80)]
        await_that(lambda: any(c.recv(12) == b"HTTP/1.1 503" for c in flood[70:]), 20, "more than may wait")
        expect(exporter.get("/metrics", fields=basic("alice:secret")).status, 200, "in the flood")
        with exporter.raw(knock("alice:0") * 2) as client:
            told = b"".join(iter(lambda: client.recv(4096), b""))
            expect((told.count(b"HTTP/1.1 "), b"Connection: close" in told), (1, True), "the end after a refusal")


HEALTHY = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"


def is_served(client, request=HEALTHY):
    client.sendall(request.encode())
    got = b""
    while b"healthy\n" not in got:
        part = client.recv(4096)
        if not part:
            return False
        got += part
    return True


def crowds():
    """More connections than may be: who has been silent longest makes room, who is being answered stays."""
    with Exporter() as exporter, contextlib.ExitStack() as stack:
        def crowd(count, text):
            return [stack.enter_context(exporter.raw(text)) for _ in range(count)]
        silent, half = crowd(150, ""), crowd(150, "GET / HT")
        expect(exporter.get("/-/healthy").status, 200, "beside clients that have not asked")
        served = []
        for _ in range(300):
            served += crowd(1, "")
            expect(is_served(served[-1]), True, f"served, the {len(served)}th")
        expect(exporter.get("/-/healthy").status, 200, "beside clients that have been served")
        expect([client.recv(1) for client in (silent[0], half[0], served[0])], [b""] * 3, "closed")
        expect(is_served(served[-1]), True, "the last is served again")
        asking = crowd(256, PROBE)
        total = 'dcv_exporter_probes_total{module="dns-01"}'
        expect(exporter.own(total), {total: 256}, "once there is room again")
        expect({client.recv(12) for client in asking}, {b"HTTP/1.1 200"}, "who was asking is answered")


def is_over(client, piece, reads):
    """Sends that, and says whether the server has closed the connection."""
    client.settimeout(0.01)
    try:
        client.sendall(piece)
        return reads and client.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def slow_clients():
    """Who does not get on is cut off after ten seconds, and holds up nobody."""
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    trust, web = trusting(certificate(folder)), folder / "web.yml"
    web.write_text("{}\n")
    with Exporter("--web.config.file", str(web)) as exporter, contextlib.ExitStack() as stack:
        first, later = (stack.enter_context(exporter.raw("")) for _ in range(2))
        greedy = stack.enter_context(socket.socket())
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        greedy.connect(("127.0.0.1", PORT))
        expect(is_served(later), True, "a first request")
        web.write_text("tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n")
        exporter.process.send_signal(signal.SIGHUP)
        exporter.has_logged("configuration reloaded")
        exporter.tls = trust
        stalled = stack.enter_context(exporter.raw("\x16\x03\x01"))
        start = time.monotonic()
        for client in (first, later):
            client.sendall(b"GET / HTTP/1.1\r\nX: ")
        # The last one asks and asks, and takes no reply: until then it fills what the system holds for it.
        waiting, ended = {"first": (first, b"x"), "later": (later, b"x"), "stalled": (stalled, b""),
                           "greedy": (greedy, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2000)}, {}
        while waiting and time.monotonic() - start < 60:
            expect(exporter.get("/-/healthy").status, 200, "others are served")
            for name, (client, piece) in list(waiting.items()):
                if is_over(client, piece, reads=name != "greedy"):
                    ended[name] = round(time.monotonic() - start)
                    del waiting[name]
        expect(waiting.keys(), set(), "still open")
        expect(9 <= ended.pop("greedy"), True, "time to take a reply")
        expect(all(9 <= seconds <= 15 for seconds in ended.values()), True, f"cut off after ten seconds: {ended}")


def races():
    """A session with all that threads share, under Helgrind."""
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    web, log = folder / "web.yml", folder / "helgrind"
    web.write_text(f"basic_auth_users:\n  {htpasswd('alice', 'secret')}\n")
    helgrind = ["valgrind", "-q", "--tool=helgrind", f"--log-file={log}", "--error-exitcode=99",
                f"--suppressions={dcv.ROOT}/tests/support/helgrind.supp"]
    with Exporter("--web.config.file", str(web), config="modules: {dns-01: {timeout: 60}}", wrapper=helgrind) as exporter:
        def probe(name):
            exporter.get("/probe", fields=basic("alice:secret"), target=name)
        probe(NAME)  # alone at first: Helgrind does not see that tables are made by one thread only
        threads = [threading.Thread(target=probe, args=(name,)) for name in (NAME, NAME, "www.shop.example")]
        for thread in threads:
            thread.start()
        with exporter.raw(PROBE):
            expect(exporter.get("/-/reload", "POST", basic("alice:secret")).status, 200, "a reload")
        for thread in threads:
            thread.join()
        status = exporter.end(signal.SIGTERM)
    expect((status, log.read_text()), (0, ""), "Helgrind")


def real_prometheus():
    """A real Prometheus scrapes names and the exporter itself."""
    folder = pathlib.Path(os.environ["DCV_TEST_FOLDER"])
    (folder / "prometheus.yml").write_text(f"""
scrape_configs:
  - job_name: dcv
    metrics_path: /probe
    scrape_interval: 4s
    scrape_timeout: 4s
    static_configs: [{{targets: [{NAME}]}}]
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: "127.0.0.1:9947"}}
  - job_name: dcv-exporter
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs: [{{targets: ["127.0.0.1:9947"]}}]
""")
    def answered(query):
        url = f"http://127.0.0.1:9090/api/v1/query?query={urllib.parse.quote(query)}"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10) as reply:
            return json.load(reply)["data"]["result"]
        return []
    with Exporter():
        prometheus = Process(["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                              "--web.listen-address=127.0.0.1:9090"], folder)
        try:
            await_that(lambda: len(answered("up == 1")) == 2, 60, "both targets up")
            verdict = await_that(lambda: answered('dcv_verdict{verdict="ready"} == 1'), 60, "the verdict")
            labels = verdict[0]["metric"]
            expect((labels["instance"], labels["identifier"]), (NAME, NAME), "its labels")
            await_that(lambda: answered('dcv_exporter_probes_total{module="dns-01"} > 0'), 60, "the counter")
            expect(bool(answered("dcv_probe_success == 1")), True, "the probe's own")
        finally:
            prometheus.stop()


# name: scenario, options of the lab
CASES = {formats: ("ok-direct-txt", []), pages_and_slips: ("ok-direct-txt", []),
         private_addresses: ("delegation-private-address", []), reloads: ("ok-direct-txt", []),
         slow_probes: ("ok-direct-txt", LONGER), the_end: ("ok-direct-txt", DELAY),
         tls_and_users: ("ok-direct-txt", []), slow_clients: ("ok-direct-txt", []), crowds: ("ok-direct-txt", DELAY),
         password_flood: ("ok-direct-txt", []), races: ("ok-direct-txt", []),
         real_prometheus: ("ok-direct-txt", []),
         textfile: ("ok-direct-txt", []), textfile_killed: ("ok-direct-txt", LONGER), command_lines: ("ok-direct-txt", [])}


def run_case(case, scenario, options):
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ran = dcv.run("dcv-lab", "run", scenario, *options, "--", "/usr/bin/python3", __file__, "--inside",
                      case.__name__, env={"DCV_TEST_FOLDER": folder, "DCV_BIN": str(dcv.BIN)}, timeout=120)
    return ran.returncode == 0, ran.stdout + ran.stderr, time.monotonic() - start


def main():
    by_name = {case.__name__: case for case in CASES}
    if sys.argv[1:2] == ["--inside"]:
        by_name[sys.argv[2]]()
        return 0
    missing = [name for name in ("promtool", "prometheus", "curl", "htpasswd", "openssl", "valgrind") if not shutil.which(name)]
    try:
        import prometheus_client.openmetrics.parser  # noqa: F401
    except ImportError:
        missing.append("python3-prometheus-client")
    if missing:
        print(f"skipped: not installed: {', '.join(missing)}")
        return dcv.SKIPPED
    dcv.require_lab()
    failed, names = 0, sys.argv[1:] or [name for name in by_name if name != "races"]
    with concurrent.futures.ThreadPoolExecutor(max(4, dcv.CORES)) as pool:
        outcomes = pool.map(lambda name: run_case(by_name[name], *CASES[by_name[name]]), names)
    for name, (good, told, seconds) in zip(names, outcomes):
        failed += not good
        print(f"{'ok' if good else 'FAILED'} {name} ({seconds:.1f} s)",
              *told.strip().splitlines(), sep="\n    ", flush=True)
    return 1 if failed else 0


sys.exit(main())
