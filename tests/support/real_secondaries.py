"""Name servers that get their zones from another one by transfer, and those that give them."""
import real_authorities as auth
from real_lab import program


class BindSecondary(auth.Bind):
    """BIND that asks `primary` (an address) for its zones. Its first copy is the one of the world; a
    server without one begins with nothing. Nobody notifies it."""

    primary = None

    def command(self):
        words = super().command()
        config = self.folder / "named.conf"
        config.write_text(config.read_text().replace(
            "type primary;", f"type secondary; primaries {{ {self.primary}; }}; masterfile-format text;"))
        return words


def secondary_of(address):
    return type("BindSecondary", (BindSecondary,), {"primary": address})


class PowerDnsThatGives(auth.PowerDns):
    """PowerDNS that lets anyone transfer its zones and notifies nobody."""

    def command(self):
        words = super().command()
        with open(self.folder / "pdns.conf", "a") as config:
            config.write("allow-axfr-ips=0.0.0.0/0,::/0\n")
        return words
