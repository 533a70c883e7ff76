"""Real resolvers for a Lab, bound on the addresses of public ones: Unbound, Knot Resolver, PowerDNS
Recursor and BIND, each with the log of what it was asked; and dnsdist in front, for delay and loss."""
import collections
import re
import socket
import subprocess

import real_lab
from real_lab import program

Question = collections.namedtuple("Question", "time name type")  # name in lower case, without end dot
UP = "up.invalid"  # asked to see whether the server runs; the resolvers ask nobody for it


class Resolver:
    """One process and one cache behind all `addresses`. `extra` is added to its configuration.
    With `tls` (a Tls) it also offers DoT and DoH, if it can. It does not tell who it is: the
    addresses of several operators would have the same name, as where a network intercepts them."""

    can_tls = False

    def __init__(self, lab, addresses, extra="", tls=None, port=53):
        self.lab, self.addresses, self.extra, self.port = lab, list(addresses), extra, port
        self.tls = tls if self.can_tls else None
        self.name = type(self).__name__.lower()
        self.folder = lab.new_folder(self.name)
        self.signed = lab.anchor.stat().st_size > 0

    def is_up(self):
        for address in self.addresses:
            if real_lab.raw_reply(address, UP, real_lab.TXT, port=self.port) is None:  # RD is off
                return False
        return True

    def asked(self, name=None):
        """The questions of clients so far, or those for `name`."""
        found = []
        for time, line in list(self.process.lines):
            match = self.log_line.search(line)
            if match:
                found.append(Question(time, match["name"].lower().rstrip("."), match["type"]))
        found = [q for q in found if q.name != UP]
        return found if name is None else [q for q in found if q.name == name.rstrip(".")]

    def write(self, file, text):
        path = self.folder / file
        path.write_text(text)
        return str(path)


class Unbound(Resolver):
    can_tls = True
    log_line = re.compile(r" info: [0-9a-f.:]+ (?P<name>\S+) (?P<type>\S+) IN$")

    def command(self):
        listen = "".join(f"  interface: {a}@{self.port}\n" for a in self.addresses)
        if self.tls:
            listen += "".join(f"  interface: {a}@853\n  interface: {a}@443\n" for a in self.addresses)
            listen += f'  tls-service-key: "{self.tls.key}"\n  tls-service-pem: "{self.tls.chain}"\n'
        anchor = f'  trust-anchor-file: "{self.lab.anchor}"\n' if self.signed else ""
        return [program("unbound"), "-d", "-p", "-c", self.write("unbound.conf", f"""server:
{listen}{anchor}  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{self.folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  log-queries: yes
  num-threads: 1
  so-reuseport: no
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  root-hints: "{self.lab.hints}"
  hide-identity: yes
  ede: yes
{self.extra}
remote-control:
  control-enable: no
""")]


class KnotResolver(Resolver):
    can_tls = True
    log_line = re.compile(r"^asked (?P<name>\S+) (?P<type>\S+)$")

    def command(self):
        listen = "".join(f"net.listen('{a}', {self.port}, {{ kind = 'dns', freebind = true }})\n"
                         for a in self.addresses)
        if self.tls:
            for kind, port in (("tls", 853), ("doh2", 443)):
                listen += "".join(f"net.listen('{a}', {port}, {{ kind = '{kind}', freebind = true }})\n"
                                  for a in self.addresses)
            listen += f"net.tls('{self.tls.chain}', '{self.tls.key}')\n"
        anchor = f"trust_anchors.add_file('{self.lab.anchor}', true)" if self.signed else ""
        config = self.write("kresd.conf", f"""
{listen}
cache.open(10 * MB, 'lmdb://{self.folder}/cache')
modules = {{ 'hints > iterate', 'policy' }}
hints.root_file('{self.lab.hints}')
trust_anchors.remove('.')
{anchor}
policy.add(function(request, query)
  if query.parent == nil and request.qsource.addr ~= nil then
    io.stderr:write('asked ' .. kres.dname2str(query.sname) .. ' '
                    .. (kres.tostring.type[query.stype] or query.stype) .. '\\n')
  end
end)
{self.extra}
""")
        return [program("kresd"), "-n", "-c", config, str(self.folder)]


class Recursor(Resolver):
    """PowerDNS Recursor."""
    log_line = re.compile(r'msg="Question.* qname="(?P<name>[^"]+)" qtype="(?P<type>[^"]+)" remote')

    def command(self):
        anchor = ""
        if self.signed:
            ds = self.lab.anchor.read_text().split(" DS ")[1].strip()
            lua = self.write("anchor.lua", f'clearTA(".")\naddTA(".", "{ds}")\n')
            anchor = f"lua-config-file={lua}\n"
        self.write("recursor.conf", f"""local-address={",".join(self.addresses)}
local-port={self.port}
socket-dir={self.folder}
config-dir={self.folder}
hint-file={self.lab.hints}
allow-from=0.0.0.0/0,::/0
dont-query=
threads=1
pdns-distributes-queries=no
quiet=no
loglevel=6
disable-syslog=yes
daemon=no
write-pid=no
security-poll-suffix=
server-id=disabled
dnssec={"process" if self.signed else "off"}
extended-resolution-errors=yes
{anchor}{self.extra}
""")
        return [program("pdns_recursor"), f"--config-dir={self.folder}"]


class Bind(Resolver):
    """Without the limits that would mistake its many addresses for one that is flooded: of the
    built-in view of class CHAOS, and of clients that wait for the same name."""
    log_line = re.compile(r" \([^)]*\): (view internet: )?query: (?P<name>\S+) IN (?P<type>\S+) ")

    def command(self):
        v4 = "".join(f" {a};" for a in self.addresses if ":" not in a)
        v6 = "".join(f" {a};" for a in self.addresses if ":" in a)
        anchor = "dnssec-validation no;"
        anchors = ""
        if self.signed:
            anchor = "dnssec-validation yes;"
            words = self.lab.anchor.read_text().split(" DS ")[1].split()
            anchors = (f'trust-anchors {{ . static-ds {words[0]} {words[1]} {words[2]} '
                       f'"{"".join(words[3:])}"; }};')
        return [program("named"), "-g", "-n", "1", "-c", self.write("named.conf", f"""
options {{
  directory "{self.folder}"; pid-file none; session-keyfile none; lock-file none;
  listen-on port {self.port} {{{v4 or " none;"} }}; listen-on-v6 port {self.port} {{{v6 or " none;"} }};
  recursion yes; allow-query {{ any; }}; allow-recursion {{ any; }}; allow-query-cache {{ any; }};
  querylog yes; server-id none; empty-zones-enable no; {anchor}
  clients-per-query 0; max-clients-per-query 0;
  {self.extra}
}};
{anchors}
controls {{ }};
view "chaos" CH {{ match-clients {{ any; }}; recursion no; }};
view "internet" IN {{ zone "." {{ type hint; file "{self.lab.hints}"; }}; }};
""")]


def listens(address):
    """Whether somebody takes TCP connections at port 53."""
    try:
        socket.create_connection((address, 53), 0.5).close()
        return True
    except OSError:
        return False


class Dnsdist(Resolver):
    """In front of `backend` (a Resolver); `rules` are Lua: delay(800), loss(0.3), …"""
    log_line = re.compile("$^")

    def __init__(self, lab, addresses, backend, *rules):
        super().__init__(lab, addresses)
        self.backend, self.rules = backend, rules

    def is_up(self):
        """It listens for TCP a little later than for UDP."""
        return all(real_lab.raw_reply(a, UP, real_lab.TXT) is not None and listens(a)
                   for a in self.addresses)

    def command(self):
        listen = "".join(f"addLocal('{a}:53')\n" if ":" not in a else f"addLocal('[{a}]:53')\n"
                         for a in self.addresses)
        address = self.backend.addresses[0]
        upstream = f"[{address}]" if ":" in address else address
        rules = "\n".join(self.rules)
        return [program("dnsdist"), "--supervised", "--disable-syslog", "-C", self.write("dnsdist.conf", f"""
setACL({{'0.0.0.0/0', '::/0'}})
setSecurityPollSuffix('')
{listen}
newServer({{ address = '{upstream}:{self.backend.port}', healthCheckMode = 'up' }})
addAction(QNameRule('{UP}'), RCodeAction(DNSRCode.REFUSED))
{rules}
""")]


class ByTurns(Dnsdist):
    """Hands the repetitions of a question to its back ends (addresses) by turns, those of each kind
    of client apart: who asks for NSID, and who does not."""

    def __init__(self, lab, addresses, *backends):
        super().__init__(lab, addresses, None)
        self.backends = backends

    def command(self):
        listen = "".join(f"addLocal('{a}:53')\n" if ":" not in a else f"addLocal('[{a}]:53')\n"
                         for a in self.addresses)
        servers = "".join(f"newServer({{ address = '{each}:53', healthCheckMode = 'up' }})\n"
                          for each in self.backends)
        return [program("dnsdist"), "--supervised", "--disable-syslog", "-C",
                self.write("dnsdist.conf", f"""
setACL({{'0.0.0.0/0', '::/0'}})
setSecurityPollSuffix('')
{listen}{servers}
local asked = {{}}
setServerPolicyLua('turns', function(servers, dq)
  local nsid = dq:getEDNSOptions()[EDNSOptionCode.NSID] ~= nil
  local key = dq.localaddr:toString() .. dq.qname:toString():lower() .. dq.qtype .. tostring(nsid)
  asked[key] = (asked[key] or 0) + 1
  return servers[asked[key] % 2 + 1]
end)
""")]


def delay(milliseconds):
    return f"addAction(AllRule(), DelayAction({milliseconds}))"


def loss(share):
    return f"addAction(AndRule({{NotRule(TCPRule(true)), ProbaRule({share})}}), DropAction())"


UDP_DROPPED = "addAction(NotRule(TCPRule(true)), DropAction())"
RD0_REFUSED = "addAction(NotRule(RDRule()), RCodeAction(DNSRCode.REFUSED))"

PROGRAMS = ["unbound", "kresd", "pdns_recursor", "named"]


class Tls:
    """A throw-away CA and a certificate of it for `names` (host names and addresses)."""

    def __init__(self, lab, names):
        folder = lab.new_folder("tls")
        self.ca, self.chain, self.key = (folder / f for f in ("ca.pem", "server.pem", "server.key"))
        ca_key, request, extension = (folder / f for f in ("ca.key", "server.csr", "extension"))
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._openssl("req", "-x509", *curve, "-days", "2", "-subj", "/CN=throw-away CA",
                      "-keyout", ca_key, "-out", self.ca)
        self._openssl("req", "-new", *curve, "-subj", "/CN=resolver", "-keyout", self.key, "-out", request)
        kinds = ((name, "IP" if re.fullmatch(r"[0-9.]+|.*:.*", name) else "DNS") for name in names)
        extension.write_text("subjectAltName=" + ",".join(f"{kind}:{name}" for name, kind in kinds))
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-days", "2",
                      "-set_serial", "1", "-extfile", extension, "-out", self.chain)
        self.key.chmod(0o644)
        # What our tools are given, to trust it.
        self.env = {"SSL_CERT_FILE": str(self.ca)}

    @staticmethod
    def _openssl(*words):
        subprocess.run([program("openssl"), *map(str, words)], check=True, capture_output=True)
