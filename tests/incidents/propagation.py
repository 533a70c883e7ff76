"""The incidents of category P: name servers of one zone that do not have the same data."""
import http.server
import subprocess
import threading

import real_authorities as auth
import real_lab
import real_resolvers as res
import real_secondaries as secondaries
import shop
from real_lab import await_that, expect

NS3 = "ns3.shop.example"
THIRD = {"name": NS3, "addresses": ["45.90.31.10"], "zones": ["shop.example"]}
FIRST_V4, SECOND_V4, THIRD_V4 = "45.90.28.10", "45.90.30.10", "45.90.31.10"
ADDRESS = "45.90.29.81"  # of app.shop.example


def server(name, *zones):
    """One of the usual two, with other zones."""
    return {**next(each for each in shop.SERVERS if each["name"] == name), "zones": list(zones)}


def preflight(lab, *options, expected=(shop.VALUE,), name="app.shop.example"):
    values = [word for value in expected for word in ("--expect", value)]
    return lab.tool("dcv-preflight", name, *values, "--json", *options)


def two_copies(lab, current, stale, first=auth.Nsd, second=auth.Knot, ns2="shop.example:stale"):
    """ns1 has one text of the zone, ns2 the other."""
    lab.world([server(shop.NS1, "shop.example"), server(shop.NS2, ns2)],
              {"shop.example": current, **({"shop.example.stale": stale} if stale else {})})
    return auth.start(lab, {shop.NS1: first, shop.NS2: second})


def p01_anycast_back_end_stuck(lab):
    site = {"name": "site.shop.example", "addresses": ["45.90.29.1"], "zones": ["shop.example"]}
    stuck = {"name": "stuck.shop.example", "addresses": ["45.90.29.2"], "zones": ["shop.example:stale"]}
    lab.world([site, stuck, server(shop.NS2, "shop.example"), server(shop.NS1, "shop.example")],
              {"shop.example": shop.zone(shop.record(), serial=9), "shop.example.stale": shop.zone(serial=8)})
    auth.start(lab, {"stuck.shop.example": auth.Knot}, without=[shop.NS1])
    front, = lab.launch_all([res.ByTurns(lab, server(shop.NS1)["addresses"], "45.90.29.1", "45.90.29.2")])
    seen = {str(shop.values(front.addresses[0])) for _ in range(4)}
    expect(seen, {"[]", f"['{shop.VALUE}']"}, "what one address says")
    return preflight(lab)


def p02_one_of_three_authorities_late(lab):
    lab.world([*shop.SERVERS, {**THIRD, "zones": ["shop.example:late"]}],
              {"shop.example": shop.zone(shop.record(), "@ IN NS ns3", f"ns3 IN A {THIRD_V4}", serial=9),
               "shop.example.late": shop.zone("@ IN NS ns3", f"ns3 IN A {THIRD_V4}", serial=8),
               "example.zone.add": f"shop.example. 3600 IN NS {NS3}.\n{NS3}. 3600 IN A {THIRD_V4}\n"})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Bind, NS3: auth.Knot})
    return preflight(lab)


def update(server, *lines):
    """What certbot's rfc2136 plug-in does (RFC 2136)."""
    text = f"server {server.addresses[0]}\nzone {shop.APEX}\n" + "".join(
        f"update add {line}\n" for line in lines) + "send\n"
    ran = subprocess.run([real_lab.program("knsupdate")], input=text, capture_output=True, text=True)
    lab_error = ran.stdout + ran.stderr
    expect((ran.returncode, "failed" in lab_error), (0, False), f"the update: {lab_error}")


def p03_secondaries_transfer_on_refresh(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(serial=8)})
    servers = auth.start(lab, {shop.NS1: auth.KnotWithUpdates,
                               shop.NS2: secondaries.secondary_of(FIRST_V4)})
    update(servers[shop.NS1], shop.record())
    expect(shop.values(FIRST_V4), [shop.VALUE], "the primary")
    return preflight(lab)


def p04_published_in_batches(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(serial=8)})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Bind})
    for delay, each in ((1.5, shop.NS1), (3, shop.NS2)):  # of the batch, one server after another
        threading.Timer(delay, servers[each].add, (shop.APEX, shop.record())).start()
    return lab.tool("dcv-propagation", "app.shop.example", "--expect", shop.VALUE, "--wait", "30s",
                    "--resolv-conf", "/dev/null", "--json")


def p05_record_at_the_near_site_only(lab):
    far = {"name": "far.shop.example", "addresses": ["45.90.29.2"], "zones": ["shop.example:stale"]}
    lab.world([*shop.SERVERS, far], {"shop.example": shop.zone(shop.record(), serial=9),
                                     "shop.example.stale": shop.zone(serial=8)})
    auth.start(lab, {"far.shop.example": auth.Knot})
    there = f"ip saddr 8.8.8.8 ip daddr {{ {FIRST_V4}, {SECOND_V4} }} dnat to 45.90.29.2"
    table = f"table ip sites {{\nchain output {{\ntype nat hook output priority -100;\n{there}\n}}\n}}\n"
    subprocess.run([real_lab.program("nft"), "-f", "-"], input=table, text=True, check=True)
    lab.launch_all([res.Unbound(lab, ["8.8.8.8"], "  outgoing-interface: 8.8.8.8\n  do-ip6: no\n")])
    return preflight(lab, "--public", "--resolvers", "8.8.8.8", "--resolv-conf", "/dev/null")


def p06_empty_value_at_lagging_servers(lab):
    two_copies(lab, shop.zone(shop.record(), serial=9), shop.zone(shop.record(""), serial=8),
               first=auth.PowerDns)
    return preflight(lab)


def p07_hidden_primary_has_it_first(lab):
    primary = {"name": "primary.shop.example", "addresses": [THIRD_V4], "zones": ["shop.example:new"]}
    text = shop.zone(f"primary IN A {THIRD_V4}", serial=8).replace("SOA ns1", "SOA primary")
    lab.world([*shop.SERVERS, primary],
              {"shop.example": text, "shop.example.new": text.replace("( 8", "( 9") + shop.record() + "\n"})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot, "primary.shop.example": auth.Bind})
    expect(shop.values(THIRD_V4), [shop.VALUE], "the primary")
    return preflight(lab)


def p08_second_value_late(lab):
    two_copies(lab, shop.zone(shop.record(), shop.record(shop.SECOND), serial=9), shop.zone(shop.record(), serial=8))
    return preflight(lab, expected=(shop.VALUE, shop.SECOND))


def p09_serial_not_raised(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(serial=8)})
    servers = auth.start(lab, {shop.NS1: auth.Bind, shop.NS2: secondaries.secondary_of(FIRST_V4)})
    primary = servers[shop.NS1]
    primary.zones[shop.APEX].write_text(shop.zone(shop.record(), serial=8))
    primary.reload(shop.APEX)
    await_that(lambda: shop.values(FIRST_V4) == [shop.VALUE], 10, "the record at the primary")
    return preflight(lab)


def p10_no_notify_after_api_change(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(serial=8).replace(" 7200 ", " 10800 ")})
    servers = auth.start(lab, {shop.NS1: secondaries.PowerDnsThatGives,
                               shop.NS2: secondaries.secondary_of(FIRST_V4)})
    servers[shop.NS1].add(shop.APEX, shop.record())
    return preflight(lab)


def p11_all_public_servers_stale(lab):
    primary = {"name": "primary.shop.example", "addresses": [THIRD_V4], "zones": ["shop.example:new"]}
    text = shop.zone(f"primary IN A {THIRD_V4}", serial=8).replace("SOA ns1", "SOA primary")
    old = text + shop.record(shop.OLD) + "\n"
    lab.world([*shop.SERVERS, primary],
              {"shop.example": old, "shop.example.new": text.replace("( 8", "( 900") + shop.record() + "\n"})
    auth.start(lab, {shop.NS1: auth.PowerDns, shop.NS2: auth.PowerDns, "primary.shop.example": auth.PowerDns})
    return preflight(lab)


def p12_outside_secondary_may_not_transfer(lab):
    lab.world([server(shop.NS1, "shop.example"), server(shop.NS2, "shop.example")],
              {"shop.example": shop.zone(shop.record())})

    class WithoutCopy(secondaries.secondary_of(FIRST_V4)):
        def command(self):
            self.zones[shop.APEX].unlink()
            return super().command()

        def is_up(self):  # it answers SERVFAIL
            return real_lab.raw_reply(self.addresses[0], shop.APEX, real_lab.SOA) is not None
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: WithoutCopy})  # NSD lets nobody transfer
    return preflight(lab)


class NotFound(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response_only(404)
        self.end_headers()


def p13_address_late_at_second_server(lab):
    text = shop.zone(serial=9)
    two_copies(lab, text, shop.zone(serial=8).replace(f"app IN A {ADDRESS}\n", ""))
    real_lab.own([ADDRESS])
    web = http.server.HTTPServer((ADDRESS, 80), NotFound)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return preflight(lab, "--method", "http-01", expected=())
