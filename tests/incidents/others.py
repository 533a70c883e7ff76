"""The worlds of others.json."""
import json
import subprocess

import bad_channels
import dcv
import fronts
import real_authorities as auth
import real_lab
import shop
from real_lab import expect
from web_servers import FILES, Nginx, listening

NAME = "app.shop.example"
FOUR, SIX = "45.90.29.81", "2a07:a8c0::81"
TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ"
PROOF = f"{TOKEN}.LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"


def world(lab, *lines):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(*lines)})
    return auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def w01_address_of_ipv6_is_silent(lab):
    world(lab, f"app IN AAAA {SIX}")
    Nginx(lab, [FOUR], f"{listening(FOUR)} {FILES}").put(PROOF)
    bad_channels.silence([SIX])
    return lab.tool("dcv-preflight", NAME, "--method", "http-01", "--expect", PROOF, "--query-timeout", "1",
                    "--json")


def e01_domain_takes_no_mail(lab):
    world(lab)
    return lab.tool("dcv-preflight", "shop.example", "--method", "email", "--ca", "digicert", "--json")


def k01_another_program_deletes_the_record(lab):
    lab.world([{**shop.SERVERS[0], "addresses": fronts.SHOP_ADDRESSES}],
              {"shop.example": shop.zone(shop.record())})
    server = auth.start(lab, {shop.NS1: auth.Knot})[shop.NS1]
    command = [dcv.BIN / "dcv-propagation", NAME, "--expect", shop.VALUE, "--wait", "3s", "--rounds", "100",
               "--resolv-conf", "/dev/null", "--json"]
    wait = real_lab.Process([*map(str, command)], lab.folder, env={"DCV_TRUST_ANCHOR": str(lab.anchor)})
    real_lab.await_that(lambda: wait.lines, 20, "the first round")
    server.remove(shop.APEX, "^_acme-challenge")
    status, _ = wait.end(20)
    last = wait.lines[-1][1]
    expect("gone again from 4: something deletes them" in json.loads(last)["summary"], True, last)
    return subprocess.CompletedProcess([], status, last, "")


def k02_clean_up_took_the_address_of_the_target(lab):
    usual = "\n".join(line for line in shop.zone().splitlines() if not line.startswith("app "))
    lab.world(shop.SERVERS, {"shop.example": f"{usual}\napp IN CNAME www\nwww IN A {FOUR}\n"})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})
    for name in (shop.NS1, shop.NS2):
        servers[name].remove(shop.APEX, "^www")
    return lab.tool("dcv-preflight", NAME, "--method", "http-01", "--json")


def k03_token_takes_the_address_of_the_wildcard_away(lab):
    name = "mysite.ing.shop.example"
    world(lab, "*.ing IN A 45.90.29.82", shop.record(name=f"_acme-challenge.{name}"))
    expect(shop.ask("45.90.28.10", name, "A").get("answerRRs"), None, "the address of the site")
    return lab.tool("dcv-preflight", name, "--expect", shop.VALUE, "--json")
