"""Whether CAA lets the CA issue: the rules of Boulder (va/caa.go) once more, independent of the
checks that the test holds against them. Asks nobody itself."""
import dataclasses
import re

ISSUER = "letsencrypt.org"
METHOD = "dns-01"
KNOWN = {"issue", "issuewild", "iodef", "issuemail", "issuevmc"}
CRITICAL = 128 | 1  # the second one by an old reading of RFC 6844
BLANK = " \t"
NOERROR, NXDOMAIN = 0, 3


@dataclasses.dataclass
class Record:
    flags: int
    tag: str
    value: str

    @staticmethod
    def of(data):
        text = data.decode("latin-1")
        end = 2 + data[1]
        return Record(data[0], text[2:end].lower(), text[end:])


def parse(value):
    """Issuer and parameters; a record with an error in it is None and counts for nothing."""
    issuer, *parameters = value.split(";")
    if len(parameters) == 1 and not parameters[0].strip(BLANK):
        parameters = []
    pairs = []
    for parameter in parameters:
        tag, equals, content = parameter.partition("=")
        tag, content = tag.strip(BLANK), content.strip(BLANK)
        if not equals or not re.fullmatch("[A-Za-z0-9]*", tag) or not re.fullmatch("[!-:<-~]*", content):
            return None
        pairs.append((tag, content))
    return issuer.strip(BLANK), pairs


def method_matches(labels):
    for label in labels.split(","):
        if not re.fullmatch("[A-Za-z0-9-]+", label):
            return False
        if label == METHOD:
            return True
    return False


def permits(record, accounts):
    parsed = parse(record.value)
    if parsed is None or parsed[0] != ISSUER:
        return False
    uris, methods = ([content for tag, content in parsed[1] if tag == wanted]
                     for wanted in ("accounturi", "validationmethods"))
    if len(uris) > 1 or len(methods) > 1:
        return False
    known = not uris or accounts is None or uris[0] in accounts
    return known and (not methods or method_matches(methods[0]))


def complaint(name, ask, accounts):
    """"" if the CA may issue for `name`, else why not. `ask(owner)` gives the rcode and the data of
    the CAA records that the CA's resolver finds, or raises TimeoutError."""
    wildcard = name.startswith("*.")
    labels = name.removeprefix("*.").split(".")
    for number in range(len(labels)):
        owner = ".".join(labels[number:])
        try:
            rcode, found = ask(owner)
        except TimeoutError:
            return f"CAA of {owner}: query timed out"
        if rcode == NXDOMAIN and "." in owner:
            found = []
        elif rcode != NOERROR:
            return f"CAA of {owner}: rcode {rcode}"
        if found:
            allowed = permitted([Record.of(data) for data in found], wildcard, accounts)
            return "" if allowed else f"CAA record of {owner} prevents issuance"
    return ""


def permitted(records, wildcard, accounts):
    if any(r.tag not in KNOWN and r.flags & CRITICAL for r in records):
        return False
    relevant = [r for r in records if r.tag == "issuewild"] if wildcard else []
    relevant = relevant or [r for r in records if r.tag == "issue"]
    return not relevant or any(permits(r, accounts) for r in relevant)
