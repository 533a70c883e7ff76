#!/usr/bin/env python3
"""Each room includes only what docs/architecture.md allows it."""
import pathlib
import re
import sys

ROOMS = {
    "dns": set(),
    "observe": {"dns"},
    "net": {"dns", "observe"},
    "rules": {"dns", "observe"},
    "resolve": {"dns", "observe", "rules", "net/transport.h", "net/web.h"},
    "check": {"dns", "observe", "rules"},
    "report": {"dns", "observe", "rules", "check"},
    "lab": {"dns"},
}
# Third-party headers (by the start of their path) and the files that may see them.
THIRD_PARTY = {
    "ldns/": r"lib/dns/[^/]*\.cpp",
    "idn2.h": r"lib/dns/identifier\.cpp",
    "libpsl.h": r"lib/dns/public_suffix\.cpp",
    "nlohmann/": r"lib/observe/[^/]*json[^/]*\.(cpp|h)|lib/report/[^/]*json[^/]*\.cpp|"
                 r"lib/report/json_values\.h|lib/rules/[^/]*json[^/]*\.cpp|"
                 r"lib/report/html[^/]*\.cpp|lib/lab/scenario[^/]*\.cpp|lib/lab/scenario_field\.h|tools/lab[^/]*\.cpp|"
                 r"probes/[^/]*json[^/]*\.cpp",
    "boost/program_options": r"(tools|probes)/[^/]*options\.cpp|tools/value_options\.h",
    "boost/asio": r"lib/(net|lab)/[^/]*\.cpp|lib/(net|lab)/asio\.h|lib/net/asio_tls\.h|lib/lab/web_tls\.h|"
                  r"probes/http[^/]*\.(cpp|h)",
    "boost/system": r"lib/(net|lab)/[^/]*\.(cpp|h)|probes/http[^/]*\.(cpp|h)",
    "boost/beast": r"lib/(net|lab)/[^/]*\.cpp|probes/http[^/]*\.(cpp|h)",
    "boost/regex": r"lib/rules/[^/]*\.cpp",
    "openssl/": r"lib/(net|dns|lab|rules)/[^/]*\.cpp|probes/http[^/]*\.cpp",
    "unbound.h": r"lib/resolve/ca_resolver\.cpp",
    "nghttp2/": r"lib/net/[^/]*\.cpp",
    "sqlite3.h": r"probes/store[^/]*\.(cpp|h)",
    "yaml-cpp/": r"probes/[^/]*config[^/]*\.cpp",
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def faults_of(path):
    room = path.parts[1] if path.parts[0] == "lib" else None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        for prefix, allowed in THIRD_PARTY.items():
            if target.startswith(prefix) and not re.fullmatch(allowed, str(path)):
                yield f"{path}:{number}: may not see {target}"
        if not room or quote != '"':
            continue
        other = target.split("/")[0]
        if other != room and other in ROOMS and not {other, target} & ROOMS[room]:
            yield f"{path}:{number}: the room {room} may not include {target}"
        if "/" not in target:
            yield f"{path}:{number}: {target} is not written from the root of lib/"


def main():
    sources = [p for top in ("lib", "tools", "probes") for p in sorted(pathlib.Path(top).rglob("*"))
               if p.suffix in (".h", ".cpp")]
    faults = [fault for path in sources for fault in faults_of(path)]
    print("\n".join(faults) or f"{len(sources)} files keep the include rules")
    return 1 if faults or len(sources) < 50 else 0


sys.exit(main())
