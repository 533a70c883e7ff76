"""Servers that stand before others: dnsdist with rules in front of an authority, as load balancers,
and a machine's own resolvers."""
import types

import bad_channels
import real_resolvers as res
import shop

INNER = "45.93.0.1"  # of an authority that only its front asks
SHOP_ADDRESSES = [address for server in shop.SERVERS for address in server["addresses"]]
# The registry of example. behind a front; the second is there for nobody.
REGISTRY = [{"name": "a.nic.example", "addresses": [INNER], "zones": ["example"]},
            {"name": "b.nic.example", "addresses": ["45.93.0.9"], "zones": ["example"]}]
REGISTRY_ADDRESSES = ["194.0.25.29", "2001:678:20::29", "185.38.108.108", "2a01:618:404::1"]


class Front(res.Dnsdist):
    """dnsdist on `addresses` in front of an authority; up on return."""

    def __init__(self, lab, addresses, authority, *rules):
        super().__init__(lab, addresses, types.SimpleNamespace(addresses=authority.addresses, port=53), *rules)
        lab.launch_all([self])


def rule(selector, action):
    return f"addAction({selector}, {action})"


def resolv_conf(lab, *addresses):
    """A file that names them as this machine's resolvers."""
    path = lab.folder / "resolv.conf"
    path.write_text("".join(f"nameserver {address}\n" for address in addresses))
    return str(path)


def block_port_53_but(*addresses):
    """Nothing sent to port 53 arrives, but at these addresses and from resolvers that are exempt
    (bad_channels.DSCP_OF_UNBOUND)."""
    accepted = [f"{'ip6' if ':' in address else 'ip'} daddr {address} accept" for address in addresses]
    bad_channels.load_rules("type filter hook input priority 0",
                            [*bad_channels.EXEMPTED, *accepted, f"{bad_channels.PORT_53} drop"])
