"""Texts of zones and delegations for the world of a case, from name servers told as {host: address}."""


def is_below(host, apex):
    return f".{host}".endswith(f".{apex}")


def addresses(apex, hosts):
    return [f"{host}. IN A {address}" for host, address in hosts.items() if is_below(host, apex)]


def zone(apex, hosts, *lines, minimum=300):
    """The zone `apex` at `hosts`, with the addresses of those in it."""
    return "\n".join(["$TTL 3600", f"@ IN SOA {next(iter(hosts))}. hostmaster.{apex}. 1 7200 3600 1209600 {minimum}",
                      *[f"@ IN NS {host}." for host in hosts], *addresses(apex, hosts), *lines, ""])


def delegation(apex, hosts):
    """What the zone above says of `apex`."""
    return "\n".join([*[f"{apex}. 3600 IN NS {host}." for host in hosts], *addresses(apex, hosts), ""])


def servers(hosts, *zones):
    """The hosts as servers of the lab, each with all the zones."""
    return [{"name": host, "addresses": [address], "zones": list(zones)} for host, address in hosts.items()]
