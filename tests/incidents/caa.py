"""The worlds of caa.json."""
import fronts
import real_authorities as auth
import real_resolvers as res
import shop
from real_lab import expect

NAME = "app.shop.example"
BALANCED = "shop-hosting.example"
BALANCER_ADDRESSES = ["185.136.96.40", "2a06:fb00:1::40"]
FAILS_FOR_CAA = fronts.rule("QTypeRule(DNSQType.CAA)", "RCodeAction(DNSRCode.SERVFAIL)")
OTHER_ACCOUNT = "https://acme-v02.api.letsencrypt.org/acme/acct/2718281828"
ACCOUNT = "https://acme-v02.api.letsencrypt.org/acme/acct/1414213562"


def preflight(lab, *options, name=NAME):
    return lab.tool("dcv-preflight", name, "--expect", shop.VALUE, "--json", *options)


def records_of_the_owner(lab, *records):
    """The usual world with the token and these records in shop.example."""
    lab.world(shop.SERVERS, {"shop.example": shop.zone(shop.record(), *records)})
    auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot})


def behind_a_balancer(lab, *rules):
    """app.shop.example is an alias into a zone whose only name server is dnsdist with these rules,
    in front of a Knot DNS that is right."""
    usual = "\n".join(line for line in shop.zone(shop.record()).splitlines() if not line.startswith("app "))
    inner = {"name": f"ns.{BALANCED}", "addresses": [fronts.INNER], "zones": [BALANCED]}
    address, address6 = BALANCER_ADDRESSES
    glue = f"ns.{BALANCED}. IN A {address}\nns.{BALANCED}. IN AAAA {address6}\n"
    lab.world([*shop.SERVERS, inner],
              {"shop.example": f"{usual}\napp IN CNAME app.{BALANCED}.\n",
               BALANCED: f"$TTL 300\n@ IN SOA ns hostmaster 1 7200 900 1209600 300\n@ IN NS ns\n{glue}"
                         "app IN A 185.136.96.80\n",
               "example.zone.add": f"{BALANCED}. IN NS ns.{BALANCED}.\n{glue}"})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, inner["name"]: auth.Knot})
    fronts.Front(lab, BALANCER_ADDRESSES, servers[inner["name"]], *rules)
    expect(shop.ask(address, f"app.{BALANCED}", "A", "+noedns")["RCODE"], 0, "the code for A")


def a01_empty_answer_without_soa(lab):
    known = "QTypeRule(DNSQType.A), QTypeRule(DNSQType.NS), QTypeRule(DNSQType.SOA)"
    behind_a_balancer(lab, fronts.rule(f"NotRule(OrRule({{{known}}}))",
                                       "RCodeAction(DNSRCode.NOERROR, {aa=false, ra=false})"))
    reply = shop.ask(BALANCER_ADDRESSES[0], f"app.{BALANCED}", "CAA")
    expect((reply["RCODE"], reply["AA"], "authorityRRs" in reply), (0, 0, False), "the answer for CAA")
    return preflight(lab)


def a02_balancer_is_silent_to_edns(lab):
    behind_a_balancer(lab, fronts.rule("RecordsTypeCountRule(DNSSection.Additional, DNSQType.OPT, 1, 1)",
                                       "DropAction()"))
    expect(shop.ask(BALANCER_ADDRESSES[0], f"app.{BALANCED}", "CAA", "+edns", "+timeout=1"), None, "with EDNS")
    return preflight(lab, "--query-timeout", "1")


def a03_balancer_answers_for_addresses_only(lab):
    behind_a_balancer(lab, fronts.rule("NotRule(QTypeRule(DNSQType.A))", "RCodeAction(DNSRCode.SERVFAIL)"))
    return preflight(lab)


def a04_small_server_does_not_know_caa(lab):
    inner = [{"name": shop.NS1, "addresses": [fronts.INNER], "zones": ["shop.example"]}]
    lab.world(inner, {"shop.example": shop.zone(shop.record())})
    servers = auth.start(lab, {shop.NS1: auth.Knot})
    fronts.Front(lab, fronts.SHOP_ADDRESSES, servers[shop.NS1],
                 fronts.rule("QTypeRule(DNSQType.CAA)", "RCodeAction(DNSRCode.NOTIMP)"))
    return preflight(lab)


def a05_issuer_is_the_name_of_a_certificate(lab):
    records_of_the_owner(lab, '@ IN CAA 128 issue "Let\'s Encrypt Authority X3"')
    return preflight(lab)


def a06_issuer_ends_with_a_dot(lab):
    records_of_the_owner(lab, '@ IN CAA 0 issue "letsencrypt.org."',
                         '@ IN CAA 0 iodef "mailto:hostmaster@shop.example"')
    return preflight(lab)


def a07_another_ca_is_inherited(lab):
    records_of_the_owner(lab, '@ IN CAA 0 issue "sectigo.com"')
    return preflight(lab)


def a08_account_of_the_record_is_an_old_one(lab):
    restricted = f"letsencrypt.org;validationmethods=dns-01;accounturi={OTHER_ACCOUNT}"
    records_of_the_owner(lab, f'@ IN CAA 0 issue "{restricted}"')
    return preflight(lab, "--account-uri", ACCOUNT)


def a09_top_level_domain_fails_for_caa(lab):
    lab.world([*shop.SERVERS, *fronts.REGISTRY], {"shop.example": shop.zone(shop.record())})
    servers = auth.start(lab, {shop.NS1: auth.Nsd, shop.NS2: auth.Knot, "a.nic.example": auth.Bind})
    fronts.Front(lab, fronts.REGISTRY_ADDRESSES, servers["a.nic.example"], FAILS_FOR_CAA)
    return preflight(lab)


def a10_only_the_resolver_of_the_company_fails_for_caa(lab):
    records_of_the_owner(lab)
    unbound, = lab.launch_all([res.Unbound(lab, ["10.0.0.53"])])
    lab.launch_all([res.Dnsdist(lab, ["10.0.0.2"], unbound, FAILS_FOR_CAA)])
    expect(shop.ask("10.0.0.2", NAME, "CAA")["RCODE"], 2, "the code for CAA inside of the company")
    return preflight(lab, "--public", "--resolvers", "10.0.0.2", "--allow-private", "--resolv-conf",
                     "/dev/null")


def a11_panel_takes_no_parameters(lab):
    records_of_the_owner(lab, '@ IN CAA 0 issue "letsencrypt.org"')
    return preflight(lab, "--account-uri", ACCOUNT)
