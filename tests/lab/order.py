#!/usr/bin/env python3
"""Whole orders in the lab: --order with eight names and five methods, each told rightly, and what
the names share asked once; --csr and --previous-csr with requests that OpenSSL makes.

Usage: order.py [CASE...]
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

SCENARIO = dcv.ROOT / "tests/lab/order"
ORDER = SCENARIO / "order.tsv"
# The first is that of dns-account-01, the second that of dns-persist-01.
ACCOUNTS = ["--account-uri", "https://acme-v02.api.letsencrypt.org/acme/acct/1",
            "--account-uri", "https://acme-staging-v02.api.letsencrypt.org/acme/acct/1"]
READY = ["shop.example", "*.shop.example", "mail.shop.example", "pay.shop.example",
         "api.shop.example", "www.shop.example"]
WAIT, MEND = ["new.trial.example"], ["old.shop.example"]
SUMMARY = ("6 of 8 names could go now; wait for new.trial.example (5 min); "
           "remove or mend old.shop.example")
# Purposes with which a question goes to one address again, to sample what is behind it.
SAMPLES = {"proof", "proof_again", "proof_tcp"}


def expect(seen, wanted, what):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r}, not {wanted!r}")


def schema(name):
    return json.loads((dcv.ROOT / "docs/schema" / name).read_text())


def in_lab(*command, options=(), scenario=SCENARIO):
    return dcv.run("dcv-lab", "run", scenario, *options, "--", *command)


def check_order(*more, **options):
    return in_lab("dcv-preflight", "--order", ORDER, *ACCOUNTS, *more, **options)


def text_has_the_table(_):
    ran = check_order()
    expect(ran.returncode, 2, f"exit status with {ran.stderr}")
    table, _, rest = ran.stdout.partition("\n\n")
    rows = [line.split() for line in table.splitlines()]
    expect(rows[0], "Name Method CA Verdict In the way".split(), "the head")
    expect([row[:4] for row in rows[1:]],
           [["shop.example", "dns-01", "letsencrypt", "READY"],
            ["*.shop.example", "dns-01", "letsencrypt", "READY"],
            ["new.trial.example", "dns-01", "letsencrypt", "AT-RISK"],
            ["mail.shop.example", "dns-txt", "digicert", "READY"],
            ["pay.shop.example", "dns-cname", "digicert", "READY"],
            ["old.shop.example", "dns-01", "letsencrypt", "BLOCKED"],
            ["api.shop.example", "dns-persist-01", "letsencrypt-staging", "READY"],
            ["www.shop.example", "dns-account-01", "strict", "READY"]], "the rows")
    expect(rows[3][4:], ["authority-txt-differs,", "wait", "5", "min"], "in the way of new.trial")
    expect(rows[6][4:], ["value-outdated"], "in the way of old.shop")
    expect(rest.splitlines()[0], f"Summary: {SUMMARY}.", "the summary")
    reports = [line.split()[:2] for line in rest.splitlines()
               if line.split(" ")[0] in ("READY", "AT-RISK", "BLOCKED", "UNKNOWN")]
    expect(reports, [["AT-RISK", "new.trial.example"], ["BLOCKED", "old.shop.example"]], "reports")


def json_is_one_document(_):
    ran = check_order("--json")
    expect(ran.returncode, 2, f"exit status with {ran.stderr}")
    document = json.loads(ran.stdout)
    order_schema = schema("order-1.json")
    faults = [f"{e.json_path}: {e.message[:200]}"
              for e in jsonschema.Draft202012Validator(order_schema).iter_errors(document)]
    expect(faults, [], "against the schema")
    shared = schema("report-1.json")["$defs"]
    expect({k: order_schema["$defs"][k] for k in shared}, shared, "what both schemas define")
    expect(document["verdict"], "blocked", "verdict")
    expect(document["summary"],
           {"ready": READY, "wait": WAIT, "mend": MEND, "unknown": [], "text": SUMMARY}, "summary")
    expect([row["method"] for row in document["names"]],
           ["dns-01", "dns-01", "dns-01", "dns-txt", "dns-cname", "dns-01", "dns-persist-01",
            "dns-account-01"], "methods")
    expect([(t["identifier"], t["ca"], t["verdict"]) for t in document["targets"]],
           [(r["identifier"], r["ca"], r["verdict"]) for r in document["names"]], "targets")


def an_order_in_json_is_the_same(folder):
    lines = [line.split("\t") for line in ORDER.read_text().splitlines()[2:]]
    names = [{"name": n, "method": m, "ca": c, "expected": None if e == "-" else e}
             for n, m, c, e in lines]
    path = folder / "order.json"
    path.write_text(json.dumps({"kind": "dcv-order-file", "version": 1, "names": names}))
    ran = in_lab("dcv-preflight", "--order", path, *ACCOUNTS, "-q")
    expect(ran.stdout, check_order("-q").stdout, "the report")


def shared_look_ups_are_asked_once(folder):
    log, saved = folder / "log", folder / "seen.json"
    check_order("--no-ca-eye", "--save", saved, options=("--log", log))
    exchanges = json.loads(saved.read_text())["exchanges"]
    packets, purposes = collections.Counter(), collections.defaultdict(list)
    for exchange in exchanges:
        question = exchange["question"]
        key = (exchange["address"], question["name"].lower().rstrip("."), question["type"])
        packets[key] += exchange["attempts"]
        purposes[key].append(exchange["purpose"])
    for key, found in purposes.items():
        if len(found) > 1 and not set(found) <= SAMPLES:
            raise AssertionError(f"asked more than once: {key} for {found}")
    logged = collections.Counter()
    for line in log.read_text().splitlines():
        transport, address, name, kind = line.split()
        logged[address, name.lower().rstrip("."), kind] += 1
    unknown = {key: count for key, count in logged.items() if count > packets[key]}
    expect(unknown, {}, "questions in the log beyond those of the run")
    shared = [key for key in logged if key[1:] == ("shop.example", "SOA")]
    expect(len(shared), 4, "addresses asked for the SOA of the zone that seven names share")
    expect(all(len(purposes[key]) == 1 for key in shared), True, "each of them once")


# What the commands of everyone say of a CSR.
def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True,
                          input=data).stdout


def digest(program, data):
    return subprocess.run([program], check=True, capture_output=True, input=data).stdout.split()[0].decode()


KEYS = {"rsa": ["-newkey", "rsa:2048"], "ed25519": ["-newkey", "ed25519"],
        "ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]}


def make_csr(folder, name, kind="ec", form="PEM", subject="/CN=shop.example", names=(), key=None):
    """The file of a new CSR, and its DER form as OpenSSL has it."""
    path = folder / f"{name}.csr"
    alternatives = ["-addext", "subjectAltName=" + ",".join(f"DNS:{n}" for n in names)] if names else []
    made = ["-key", key] if key else [*KEYS[kind], "-nodes", "-keyout", folder / f"{name}.key"]
    openssl("req", "-new", *made, "-subj", subject, *alternatives,
            "-outform", form, "-out", path)
    return path, openssl("req", "-in", path, "-inform", form, "-outform", "DER")


def records_of(der, unique=""):
    """Owner label and target of Sectigo's CNAME."""
    sha256 = digest("sha256sum", der)
    middle = f"{unique}." if unique else ""
    return f"_{digest('md5sum', der)}", f"{sha256[:32]}.{sha256[32:]}.{middle}sectigo.com."


def preflight_csr(folder, path, *more, edits=""):
    edit, saved = folder / "edits", folder / "seen.json"
    edit.write_text(edits)
    ran = in_lab("dcv-preflight", "--csr", path, "--ca", "sectigo", "--json", "--save", saved, *more,
                 options=("--edit", edit) if edits else ())
    if ran.returncode > 3:
        raise AssertionError(f"{path}: {ran.stderr}")
    reports = [json.loads(line) for line in ran.stdout.splitlines()] if ran.stdout.startswith('{"') \
        else [json.loads(ran.stdout)]
    return reports, json.loads(saved.read_text())["targets"]


def cname_comes_from_any_csr(folder):
    names = ["shop.example", "*.shop.example", "www.shop.example"]
    for kind in KEYS:
        for form in ("PEM", "DER"):
            path, der = make_csr(folder, f"{kind}-{form}", kind, form, names=names)
            label, target = records_of(der)
            edits = f"zone shop.example\n+ {label}.shop.example. 60 IN CNAME {target}\n"
            reports, targets = preflight_csr(folder, path, "--method", "dns-cname", edits=edits)
            what = f"{kind} in {form}"
            expect([t["identifier"] for t in targets], names, f"names of {what}")
            expect([t["expected"] for t in targets], [[target]] * 3, f"targets of {what}")
            expect([sorted({t["validation_name"], *(o["name"] for o in t["others"])}) for t in targets],
                   [[f"{label}.shop.example."]] * 2 +
                   [[f"{label}.shop.example.", f"{label}.www.shop.example."]], f"owners of {what}")
            spki = openssl("pkey", "-pubin", "-outform", "DER",
                           data=openssl("req", "-in", path, "-inform", form, "-noout", "-pubkey"))
            expect({t["csr_key"] for t in targets}, {digest("sha256sum", spki)}, f"key of {what}")
            verdicts = {r["targets"][0]["identifier"]: r["verdict"] for r in reports}
            expect(verdicts, {name: "ready" for name in names}, f"verdicts of {what}")


def the_cname_is_meant_where_no_method_is_named(folder):
    path, der = make_csr(folder, "plain", names=["shop.example"])
    reports, targets = preflight_csr(folder, path)
    expect([(t["profile"], t["method"], t["expected"]) for t in targets],
           [("sectigo", "dns-cname", [records_of(der)[1]])], "what Sectigo looks for")
    expect(reports[0]["verdict"], "blocked", "nothing is published")
    _, targets = preflight_csr(folder, path, "--method", "dns-01")
    expect([t["method"] for t in targets], ["dns-01"], "the method that was named")


def unique_value_is_a_part_of_the_target(folder):
    path, der = make_csr(folder, "unique", names=["shop.example"])
    _, targets = preflight_csr(folder, path, "--method", "dns-cname", "--unique", "Order2")
    expect(targets[0]["expected"], [records_of(der, "Order2")[1]], "the target")


def zerossl_takes_the_same_tokens(folder):
    path, der = make_csr(folder, "zerossl", names=["shop.example"])
    label, target = records_of(der)
    _, targets = preflight_csr(folder, path, "--ca", "zerossl", "--method", "dns-cname")
    told = {t["profile"]: (t["validation_name"], t["expected"]) for t in targets}
    expect(told, dict.fromkeys(("sectigo", "zerossl"), (f"{label}.shop.example.", [target])), "both CAs")


def file_comes_from_the_csr(folder):
    path, der = make_csr(folder, "file", names=["shop.example"])
    _, targets = preflight_csr(folder, path, "--method", "http-file")
    expect(targets[0]["web"]["url"], "http://shop.example/.well-known/pki-validation/"
           f"{digest('md5sum', der).upper()}.txt", "the file")
    expect(targets[0]["expected"], [f"{digest('sha256sum', der)}\\010sectigo.com"], "its lines")


def story(folder, zone, web):
    """A scenario of its own: shop.example on one server, and web servers."""
    path = folder / "world" / "story"
    path.mkdir(parents=True)
    (path.parent / "base").symlink_to(dcv.ROOT / "tests/scenarios/base")
    (path / "shop.example.zone").write_text(zone)
    (path / "scenario.json").write_text(json.dumps({
        "title": "t", "about": "a", "command": ["true"], "expect": {"verdict": "ready", "findings": []},
        "servers": [{"name": name, "addresses": addresses, "zones": ["shop.example"]}
                    for name, addresses in (("ns1.shop.example", ["45.90.28.10", "2a07:a8c0::10"]),
                                            ("ns2.shop.example", ["45.90.30.10", "2a07:a8c1::10"]))],
        "web": web}))
    return path


def each_name_needs_its_file(folder):
    """Over HTTP the apex does not stand for www, and one file of Sectigo's lacks its second line."""
    path, der = make_csr(folder, "files", names=["shop.example", "www.shop.example", "app.shop.example"])
    url = f"/.well-known/pki-validation/{digest('md5sum', der).upper()}.txt"
    sha256 = digest("sha256sum", der)
    zone = (dcv.ROOT / "tests/scenarios/ok-web-file-sectigo/shop.example.zone").read_text()
    zone += "@ IN A 104.18.10.6\nwww IN A 104.18.10.7\n"
    scenario = story(folder, zone, [
        {"addresses": ["104.18.10.6"], "replies": {url: {"body": f"{sha256}\nsectigo.com\n"}}},
        {"addresses": ["104.18.10.5"], "replies": {url: {"body": f"{sha256}\n"}}},
        {"addresses": ["104.18.10.7"], "replies": {}}])
    log = folder / "log"
    ran = in_lab("dcv-preflight", "--csr", path, "--ca", "sectigo", "--method", "http-file", "--json",
                 scenario=scenario, options=("--log", log))
    targets = [target for line in ran.stdout.splitlines() for target in json.loads(line)["targets"]]
    expect({t["identifier"]: (t["verdict"], [f["id"] for f in t["findings"] if f["severity"] == "error"])
            for t in targets},
           {"shop.example": ("ready", []), "www.shop.example": ("blocked", ["web-status"]),
            "app.shop.example": ("blocked", ["web-body-differs"])}, f"verdicts {ran.stderr}")


def another_key_needs_new_validation(folder):
    old, _ = make_csr(folder, "old")
    new, _ = make_csr(folder, "new")
    again, _ = make_csr(folder, "again", key=folder / "new.key", names=["shop.example"])
    for previous, wanted in ((old, ["csr-key-changed"]), (again, [])):
        reports, _ = preflight_csr(folder, new, "--previous-csr", previous, "--method", "dns-01")
        found = [f for f in reports[0]["targets"][0]["findings"] if f["id"].startswith("csr-")]
        expect([f["id"] for f in found], wanted, f"{previous.name} before new.csr")
        expect([f["severity"] for f in found], ["notice"] * len(wanted), "severity")


def names_of_other_kinds_are_told(folder):
    path = folder / "other.csr"
    openssl("req", "-new", *KEYS["ec"], "-nodes", "-keyout", folder / "other.key", "-subj", "/CN=Shop Ltd",
            "-addext", "subjectAltName=DNS:shop.example,DNS:app.shop.example,IP:192.0.2.1,email:a@shop.example",
            "-out", path)
    reports, targets = preflight_csr(folder, path, "--ca", "digicert")
    found = [(t["identifier"], t["ca"], f["arguments"]["names"]) for r in reports for t in r["targets"]
             for f in t["findings"] if f["id"] == "csr-name-passed-over"]
    expect(found, [("shop.example", ca, "the IP address 192.0.2.1 and the e-mail address \"a@shop.example\"")
                   for ca in ("sectigo", "digicert")], "names passed over")


def what_is_no_csr_is_said(folder):
    named, _ = make_csr(folder, "named", names=["shop.example"])
    nameless, _ = make_csr(folder, "nameless", subject="/O=Shop")
    key = folder / "named.key"
    certificate = folder / "certificate.pem"
    openssl("req", "-x509", "-key", key, "-subj", "/CN=shop.example", "-out", certificate)
    for arguments, sentence in (
            ([nameless], "the CSR has no names"), ([key], "this is a private key (keep it secret)"),
            ([certificate], "this is a certificate, not a"), ([folder / "none"], "could not read"),
            ([named, "www.shop.example"], "www.shop.example is not in the CSR"),
            ([named, "--previous-csr", nameless], "the CSR has no names"),
            ([named, "--unique", "a-b"], "at most 20 letters and digits"),
            ([named, "--unique", "Order2"], "it goes with --ca sectigo")):
        ran = dcv.run("dcv-preflight", "--csr", *arguments)
        expect((ran.returncode, sentence in ran.stderr, ran.stderr.count("\n")), (64, True, 1),
               f"{arguments}: {ran.stderr}")


CASES = [text_has_the_table, json_is_one_document, an_order_in_json_is_the_same,
         shared_look_ups_are_asked_once, cname_comes_from_any_csr,
         the_cname_is_meant_where_no_method_is_named, unique_value_is_a_part_of_the_target,
         zerossl_takes_the_same_tokens, file_comes_from_the_csr, each_name_needs_its_file,
         another_key_needs_new_validation, names_of_other_kinds_are_told, what_is_no_csr_is_said]


def main():
    dcv.require_lab()
    failed = 0
    for case in CASES:
        if sys.argv[1:] and case.__name__ not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(pathlib.Path(folder))
            except AssertionError as problem:
                failed += 1
                print(f"{case.__name__}: {problem}")
    print(f"{failed} cases failed" if failed else "orders are told rightly")
    return 1 if failed else 0


sys.exit(main())
