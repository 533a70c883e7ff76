"""Real authoritative servers for a Lab: NSD, Knot DNS, BIND and PowerDNS, with zones that change
while they run."""
import os
import re
import shutil
import signal
import subprocess

import real_lab
from real_lab import program

AA_NOERROR = 0x0400
AA_AND_RCODE = 0x040F


class Authority:
    """One process that serves one or more of the lab's servers with the same zones."""

    def __init__(self, lab, server, more_addresses=()):
        self.lab, self.name, self.port = lab, server["name"], 53
        self.addresses = [*server["addresses"], *more_addresses]
        self.folder = lab.new_folder(self.name)
        self.zones = {}  # file by apex
        for zone in server["zones"]:
            own_copy = self.folder / zone["path"].name
            shutil.copy(zone["path"], own_copy)
            self.zones[zone["apex"]] = own_copy

    def is_up(self):
        for address in self.addresses:
            for apex in self.zones or ["."]:
                flags = real_lab.raw_reply(address, apex, real_lab.SOA)
                if flags is None or (self.zones and flags & AA_AND_RCODE != AA_NOERROR):
                    return False
        return True

    def serial(self, apex):
        """What it answers at its first address."""
        ran = subprocess.run([program("kdig"), f"@{self.addresses[0]}", apex, "SOA", "+short", "+norec",
                              "+timeout=1", "+retry=0"], capture_output=True, text=True)
        words = ran.stdout.split()
        return int(words[2]) if len(words) == 7 else None

    def text(self, apex):
        return self.zones[apex].read_text()

    def transfer(self, apex):
        """The zone as it is served now; for Knot DNS, which gives it to anyone."""
        ran = subprocess.run([program("kdig"), f"@{self.addresses[0]}", apex, "AXFR", "+noall", "+answer"],
                             capture_output=True, text=True, check=True)
        lines = [line for line in ran.stdout.splitlines() if line and line[0] != ";"]
        return "\n".join(lines[:-1]) + "\n"  # the SOA record comes twice

    def load(self, apex, text):
        """Serves the zone file `text` from now on; returns when it does. Its serial, when it is not a
        new one, is made the next one; a signed zone must come with a new one."""
        now = self.serial(apex)
        if re.search(rf"\sSOA(\s+[^\s(]+){{2}}\s+\(?\s*{now}\s", text):
            text = re.sub(r"(\sSOA(?:\s+[^\s(]+){2}\s+\(?\s*)\d+", rf"\g<1>{now + 1}", text, count=1)
        later = self.zones[apex].stat().st_mtime + 2  # some look at whole seconds
        self.zones[apex].write_text(text)
        os.utime(self.zones[apex], (later, later))
        self.reload(apex)
        real_lab.await_that(lambda: self.serial(apex) != now, 10, f"the new {apex} on {self.name}")

    def add(self, apex, *lines):
        self.load(apex, self.text(apex) + "".join(f"{line}\n" for line in lines))

    def remove(self, apex, pattern):
        """Takes the lines out that match."""
        kept = [line for line in self.text(apex).splitlines() if not re.search(pattern, line)]
        self.load(apex, "\n".join(kept) + "\n")

    def reload(self, apex):
        self.process.signal(signal.SIGHUP)


class Nsd(Authority):
    def command(self):
        addresses = "".join(f"  ip-address: {address}\n" for address in self.addresses)
        zones = "".join(f'zone:\n  name: "{apex}"\n  zonefile: "{path}"\n'
                        for apex, path in self.zones.items())
        config = self.folder / "nsd.conf"
        config.write_text(f"""server:
{addresses}  ip-freebind: yes
  server-count: 1
  username: ""
  database: ""
  pidfile: ""
  xfrdfile: "{self.folder}/xfrd.state"
  xfrdir: "{self.folder}"
  zonelistfile: "{self.folder}/zone.list"
  rrl-ratelimit: 0
  nsid: "ascii_{self.name}"
remote-control:
  control-enable: no
{zones}""")
        return [program("nsd"), "-d", "-c", str(config)]


class Knot(Authority):
    updates = False  # whether anyone may change zones (RFC 2136)

    def command(self):
        addresses = ", ".join(f"{address}@53" for address in self.addresses)
        zones = "".join(f'  - domain: "{apex}"\n    file: "{path}"\n'
                        for apex, path in self.zones.items())
        config = self.folder / "knot.conf"
        config.write_text(f"""server:
  rundir: "{self.folder}"
  listen: [ {addresses} ]
  nsid: "{self.name}"
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  tcp-io-timeout: 10000
  tcp-idle-timeout: 60
database:
  storage: "{self.folder}"
acl:
  - id: anyone
    address: [ 0.0.0.0/0, ::/0 ]
    action: {"[ update, transfer ]" if self.updates else "transfer"}
template:
  - id: default
    acl: anyone
    journal-content: none
    zonefile-sync: -1
    zonefile-load: whole
{"zone:" if zones else ""}
{zones}""")
        return [program("knotd"), "-c", str(config)]


class KnotWithUpdates(Knot):
    updates = True


class Bind(Authority):
    def command(self):
        v4 = "".join(f" {a};" for a in self.addresses if ":" not in a)
        v6 = "".join(f" {a};" for a in self.addresses if ":" in a)
        zones = "".join(f'zone "{apex}" {{ type primary; file "{path}"; notify no; }};\n'
                        for apex, path in self.zones.items())
        config = self.folder / "named.conf"
        config.write_text(f"""options {{
  directory "{self.folder}"; pid-file none; session-keyfile none; lock-file none;
  listen-on {{{v4} }}; listen-on-v6 {{{v6} }};
  recursion no; allow-query {{ any; }}; server-id "{self.name}";
  dnssec-validation no; masterfile-format text; check-integrity no;
}};
controls {{ }};
{zones}""")
        return [program("named"), "-g", "-n", "1", "-c", str(config)]


class PowerDns(Authority):
    def command(self):
        zones = "".join(f'zone "{apex.rstrip(".") or "."}" {{ type native; file "{path}"; }};\n'
                        for apex, path in self.zones.items())
        (self.folder / "zones.conf").write_text(zones)
        config = self.folder / "pdns.conf"
        config.write_text(f"""launch=bind
bind-config={self.folder}/zones.conf
local-address={",".join(self.addresses)}
socket-dir={self.folder}
config-dir={self.folder}
guardian=no
daemon=no
disable-syslog=yes
write-pid=no
server-id={self.name}
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
receiver-threads=1
distributor-threads=1
zone-cache-refresh-interval=0
security-poll-suffix=
""")
        return [program("pdns_server"), f"--config-dir={self.folder}"]

    def reload(self, apex):
        subprocess.run([program("pdns_control"), f"--socket-dir={self.folder}",
                        f"--config-dir={self.folder}", "bind-reload-now", apex.rstrip(".")], check=True,
                       capture_output=True)


PROGRAMS = ["nsd", "knotd", "named", "pdns_server", "pdns_control", "kdig", "dnssec-dsfromkey"]


def start(lab, casting, rest=Nsd, without=()):
    """Starts all servers of the lab's world: those in `casting` (class by name) each as a process of
    its own, the others together where they serve the same files."""
    alone, together = [], {}
    for server in lab.servers:
        if server["name"] in without:
            continue
        if server["name"] in casting:
            alone.append(casting[server["name"]](lab, server))
        else:
            content = tuple((z["apex"], z["path"].read_text()) for z in server["zones"])
            together.setdefault(content, []).append(server)
    for first, *others in together.values():
        alone.append(rest(lab, first, [a for other in others for a in other["addresses"]]))
    lab.launch_all(alone)
    lab.authorities = {authority.name: authority for authority in alone}
    return lab.authorities
