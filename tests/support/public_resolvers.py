"""The shipped resolvers.txt brought to life in a Lab: each of its addresses answers, an operator's
addresses from one cache, the operators spread over four kinds of real resolvers."""
import itertools
import shlex
import urllib.parse

import dcv
import real_resolvers as res

KINDS = {"google": res.Unbound, "cloudflare": res.KnotResolver, "quad9": res.Recursor, "opendns": res.Bind}
LIST = dcv.ROOT / "resolvers.txt"


def listed(sets=("core",)):
    """The list's lines of these sets, as their facts; with the key "address"."""
    lines = (line for line in LIST.read_text().splitlines() if line and line[0] not in "#;")
    rows = ({"address": words[0], **dict(word.split("=", 1) for word in words[1:])}
            for words in map(shlex.split, lines))
    return [row for row in rows if row.get("set") in sets]


def names(rows):
    """What the certificates must be for."""
    tls = (row["tls"].rsplit(":", 1)[0] if ":" in row["tls"] else row["tls"] for row in rows if "tls" in row)
    https = (urllib.parse.urlsplit(row["https"]).hostname for row in rows if "https" in row)
    return sorted({*tls, *https, *(row["address"] for row in rows)})


def spread(rows):
    """The rows' addresses by kind of resolver. Who offers no plain DNS needs one that has TLS."""
    kinds, kind_of = itertools.cycle(KINDS.values()), dict(KINDS)
    spread = {kind: [] for kind in KINDS.values()}
    for row in rows:
        kind = kind_of.setdefault(row["id"], next(kinds))
        if row.get("udp") == "no" and not kind.can_tls:
            kind = res.Unbound
        spread[kind].append(row["address"])
    return spread


def start(lab, sets=("core",), tls=False):
    """Starts all resolvers of the sets; they by their kind."""
    rows = listed(sets)
    lab.tls = res.Tls(lab, names(rows)) if tls else None
    started = lab.launch_all([kind(lab, addresses, tls=lab.tls) for kind, addresses in spread(rows).items()])
    return {type(resolver): resolver for resolver in started}


def start_far_away(lab, sets, milliseconds):
    """The same with TLS, but plain DNS answers come so much later."""
    rows = listed(sets)
    lab.tls = res.Tls(lab, names(rows))
    plain = {row["address"] for row in rows if row.get("udp") != "no"}
    near = {kind: (f"45.93.0.{number}", addresses)
            for number, (kind, addresses) in enumerate(spread(rows).items(), 1)}
    resolvers = lab.launch_all([
        kind(lab, [inner, *(a for a in addresses if a not in plain)], tls=lab.tls)
        for kind, (inner, addresses) in near.items()])
    lab.launch_all([res.Dnsdist(lab, [a for a in near[type(each)][1] if a in plain], each,
                                res.delay(milliseconds)) for each in resolvers])
