#!/usr/bin/env python3
"""The hooks for dcv-watch: shellcheck is content, a mail has the event, and a webhook gets its JSON."""
import http.server
import os
import pathlib
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

HOOKS = dcv.ROOT / "contrib/hooks"
SCRIPTS = [*sorted(HOOKS.iterdir()), dcv.ROOT / "contrib/zabbix/dcv-discover"]
EVENT = {"DCV_EVENT": "ns-set-changed", "DCV_EVENT_ID": "7", "DCV_TIME": "2026-11-22T13:00:00Z",
         "DCV_SEVERITY": "warning", "DCV_NAME": "app.shop.example", "DCV_METHOD": "dns-01",
         "DCV_CA": "letsencrypt\nBcc: all@shop.example", "DCV_SUBJECT": "shop.example.", "DCV_ZONE": "",
         "DCV_SIDE": "", "DCV_BEFORE": "ns1.shop.example.", "DCV_AFTER": "ns1.shop.example.\nns3.shop.example.",
         "DCV_MESSAGE": "The name servers of shop.example changed"}
JSON = b'{"kind": "dcv-watch-event", "version": 1}\n'


def run(hook, folder, **environment):
    return subprocess.run([HOOKS / hook], input=JSON, capture_output=True, cwd=folder, timeout=30,
                          env={"PATH": os.environ["PATH"], **EVENT, **environment})


class MailServer(socketserver.StreamRequestHandler):
    """Takes one mail by SMTP (RFC 5321) as it comes."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            self.server.got.append(line)
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) != b".\r\n":
                    self.server.got.append(line)
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 good\r\n")
            if word == b"QUIT":
                return


def served(server):
    server.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"127.0.0.1:{server.server_address[1]}"


def mail_faults(folder):
    server, address = served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer))
    settings = {"DCV_MAIL_TO": "dns@shop.example", "DCV_MAIL_FROM": "dcv@shop.example", "DCV_MAIL_SERVER": f"smtp://{address}"}
    ran = run("dcv-watch-mail", folder, **settings)
    told = b"".join(server.got).decode()
    before, _, mail = told.partition("DATA\r\n")
    head, _, body = mail.partition("\r\n\r\n")
    if ran.returncode or "FROM:<dcv@shop.example>" not in before or "TO:<dns@shop.example>" not in before:
        yield f"mail: status {ran.returncode}: {ran.stderr}; {told}"
    if head.split("\r\n") != ["From: dcv@shop.example", "To: dns@shop.example",
                              "Subject: [dcv] ns-set-changed: app.shop.example (letsencryptBcc: all@shop.example)",
                              "Content-Type: text/plain; charset=utf-8"]:
        yield f"the mail's head: {head}"
    yield from (f"{name} is not in the mail: {body}" for name in ("DCV_MESSAGE", "DCV_TIME", "DCV_BEFORE", "DCV_AFTER")
                if EVENT[name].replace("\n", "\r\n") not in body)
    server.got.clear()
    if run("dcv-watch-mail", folder, **settings, DCV_SEVERITY="notice").returncode or server.got:
        yield "a mail for a notice"
    server.shutdown()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.got.append((self.path, self.headers["Content-Type"], self.headers["Authorization"],
                                self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(404 if self.path == "/none" else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def webhook_faults(folder):
    server, address = served(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver))
    (folder / "headers").write_text("Authorization: Bearer secret\n")
    url = f"http://{address}"
    ran = run("dcv-watch-webhook", folder, DCV_WEBHOOK_URL=f"{url}/events", DCV_WEBHOOK_HEADERS=str(folder / "headers"))
    if ran.returncode or server.got != [("/events", "application/json", "Bearer secret", JSON)]:
        yield f"webhook: status {ran.returncode}: {ran.stderr}; got {server.got}"
    if not run("dcv-watch-webhook", folder, DCV_WEBHOOK_URL=f"{url}/none").returncode:
        yield "a webhook that answers 404 is a success"
    if not run("dcv-watch-webhook", folder).returncode:
        yield "no address is a success"
    server.shutdown()


def main():
    missing = [each for each in ("shellcheck", "curl") if not shutil.which(each)]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)}")
        return dcv.SKIPPED
    ran = subprocess.run(["shellcheck", *SCRIPTS], capture_output=True, text=True)
    faults = [ran.stdout] if ran.returncode else []
    with tempfile.TemporaryDirectory() as folder:
        faults += [*mail_faults(pathlib.Path(folder)), *webhook_faults(pathlib.Path(folder))]
    print("\n".join(faults) or f"{len(SCRIPTS)} scripts")
    return 1 if faults else 0


sys.exit(main())
