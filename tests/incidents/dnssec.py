"""The worlds of dnssec.json."""
import re

import fronts
import real_authorities as auth
import real_lab
import real_resolvers as res
import shop
from real_lab import expect

NAME = "app.shop.example"
TWIN = "45.93.0.2"
VALIDATOR = "45.91.92.93"  # a resolver like the CA's, to show the symptom
BOTH = fronts.SHOP_ADDRESSES
BEHIND = [{"name": shop.NS1, "addresses": [fronts.INNER], "zones": ["shop.example"]}]  # a front


def preflight(lab, *options, name=NAME):
    return lab.tool("dcv-preflight", name, "--expect", shop.VALUE, "--json", *options)


def signed(way="good"):
    return {**shop.SIGNED, "shop.example": way}


def rewrite(lab, server, text):
    """Other content for the server's shop.example, before it is started."""
    zones = next(each["zones"] for each in lab.servers if each["name"] == server)
    zones[0]["path"].write_text(text)


def validator(lab, more=""):
    lab.launch_all([res.Unbound(lab, [VALIDATOR], extra=more)])


def codes(name, qtype):
    """What the validator says, and what it says to those who check themselves (CD)."""
    def code(flag):  # a validator with much to do may come too late the first time
        return real_lab.await_that(lambda: shop.ask(VALIDATOR, name, qtype, flag), 20, "a code")["RCODE"]
    return code("+nocdflag"), code("+cdflag")


class SigningKnot(auth.Knot):
    """Signs with keys of its own making."""

    def command(self):
        command = super().command()
        config = self.folder / "knot.conf"
        signing = f"    storage: {self.folder}\n    dnssec-signing: on\n"
        config.write_text(config.read_text().replace("    acl: anyone\n", f"    acl: anyone\n{signing}"))
        return command


def s01_new_server_signs_with_its_own_key(lab):
    new = {"name": shop.NS1, "addresses": BOTH, "zones": ["shop.example"]}
    lab.world([new], {"shop.example": shop.zone(shop.record())}, sign=signed())
    rewrite(lab, shop.NS1, f"$ORIGIN {shop.APEX}\n{shop.zone(shop.record())}")  # the one before did sign
    auth.start(lab, {shop.NS1: SigningKnot})
    validator(lab)
    expect(codes(shop.TOKEN, "TXT"), (2, 0), "the codes with and without validation")
    return preflight(lab)


def with_a_twin(lab, change, *rules):
    """The signed zone on a PowerDNS, which dnsdist with these rules stands in front of, and a NSD
    (pool "twin") that has it as `change` makes it."""
    twin = {"name": "twin.shop.example", "addresses": [TWIN], "zones": ["shop.example"]}
    lab.world([*BEHIND, twin], {"shop.example": shop.zone(shop.record())}, sign=signed())
    lines = lab.exported(twin["name"], shop.APEX).splitlines(keepends=True)
    rewrite(lab, twin["name"], "".join(map(change, lines)))
    servers = auth.start(lab, {shop.NS1: auth.Knot, twin["name"]: auth.Nsd})
    pool = f"newServer({{ address = '{TWIN}:53', pool = 'twin', healthCheckMode = 'up' }})"
    fronts.Front(lab, BOTH, servers[shop.NS1], pool, *rules)


MIXED_CASE = """addAction(AllRule(), LuaAction(function(question)
  local name = question.qname:toString()
  if name ~= name:lower() then return DNSAction.Pool, 'twin' end
  return DNSAction.None, ''
end))"""


def with_spoiled_denial(line):
    """A signature of a denial, changed so that it does not fit."""
    words = line.split(" ")
    if words[3:5] == ["RRSIG", "NSEC"]:
        words[-1] = words[-1][:40].swapcase() + words[-1][40:]
    return " ".join(words)


def s02_denials_of_mixed_case_are_signed_wrongly(lab):
    with_a_twin(lab, with_spoiled_denial, MIXED_CASE)
    plain, mixing = (res.Unbound(lab, [address], extra=f"  use-caps-for-id: {mixes}\n")
                     for address, mixes in (("45.91.92.94", "no"), (VALIDATOR, "yes")))
    lab.launch_all([plain, mixing])
    expect(shop.ask("45.91.92.94", NAME, "CAA")["RCODE"], 0, "the code by questions in lower case")
    expect(codes(NAME, "CAA"), (2, 0), "the codes by questions in mixed case")
    return preflight(lab)


def is_denial(line):
    return "NSEC" in line.split()[3:5]


def without_denial(line):
    return "" if is_denial(line) else line


def s03_no_proof_that_there_is_no_caa(lab):
    with_a_twin(lab, without_denial, fronts.rule("QTypeRule(DNSQType.CAA)", "PoolAction('twin')"))
    validator(lab)
    expect(shop.ask(BOTH[0], NAME, "CAA")["RCODE"], 0, "the code for those who do not validate")
    expect(codes(NAME, "CAA"), (2, 0), "the codes with and without validation")
    return preflight(lab)


def s04_keys_of_the_top_level_domain_do_not_arrive(lab):
    lab.world([*shop.SERVERS, *fronts.REGISTRY], {"shop.example": shop.zone(shop.record())}, sign=signed())
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot, "a.nic.example": auth.Bind})
    fronts.Front(lab, fronts.REGISTRY_ADDRESSES, servers["a.nic.example"],
                 fronts.rule("QTypeRule(DNSQType.DNSKEY)", "DropAction()"))
    return preflight(lab, "--query-timeout", "1")


def s05_one_secondary_has_expired_signatures(lab):
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record())},
              sign=signed({"at": {shop.NS2: "expired"}}))
    auth.start(lab, {shop.NS1: auth.Knot, shop.NS2: auth.Nsd})
    return preflight(lab)


def s06_zone_was_not_rectified(lab):
    early = shop.zone().replace("app IN A 45.90.29.81\n", "")
    lab.world([*shop.SERVERS, shop.LATER],
              {"shop.example": early, "shop.example.later": shop.zone(shop.record())}, sign=shop.SIGNED)
    later = lab.exported("later.shop.example", shop.APEX).splitlines()
    for server in (shop.NS1, shop.NS2):
        old = lab.exported(server, shop.APEX).splitlines()
        lines = [*(line for line in later if not is_denial(line)), *filter(is_denial, old)]
        rewrite(lab, server, "\n".join(lines) + "\n")
    auth.start(lab, {}, without=["later.shop.example"])
    validator(lab, "  aggressive-nsec: yes\n")
    codes_seen = [shop.ask(VALIDATOR, name, "A")["RCODE"] for name in ("none.shop.example", NAME)]
    expect(codes_seen, [3, 3], "the codes for a name that is not there, and then for one that is")
    return preflight(lab)


def s07_server_fails_at_an_empty_non_terminal(lab):
    token = shop.record(name="_acme-challenge.foo.shop.example")
    lab.world(BEHIND, {"shop.example": shop.zone(token, "*.foo IN A 45.90.29.82")}, sign=signed())
    servers = auth.start(lab, {shop.NS1: auth.Knot})
    fronts.Front(lab, BOTH, servers[shop.NS1],
                 fronts.rule("AndRule({QNameRule('foo.shop.example.'), DNSSECRule()})",
                             "RCodeAction(DNSRCode.SERVFAIL)"))
    told = [shop.ask(BOTH[0], "foo.shop.example", "CAA", flag)["RCODE"] for flag in ("+nodnssec", "+dnssec")]
    expect(told, [0, 2], "the codes without and with DO")
    return preflight(lab, name="*.foo.shop.example")
