#!/usr/bin/env python3
"""docs/requirements.md shows every row of tools/requirements.json as it is, and no other."""
import json
import pathlib
import re
import sys

table = json.loads(pathlib.Path("tools/requirements.json").read_text())
page = pathlib.Path("docs/requirements.md").read_text()


def period(row):
    return f"{row['reuse_days']} days" if "reuse_days" in row else f"{row['reuse_hours']} hours"


def lifetimes(whose, rows):
    for row in rows:
        yield (row["from"], whose, f"{row['validity_days']} days", period(row), row["source"])


def wanted():
    for row in table["methods"]:
        yield (row["section"], row["title"], None, row.get("discouraged", "–"), row.get("ends", "–"), row["source"])
    yield from lifetimes("BR", table["lifetimes"])
    for ca in table["cas"]:
        yield from lifetimes(f"`{ca['ca']}`", ca["lifetimes"])
    for row in table["perspectives"]:
        yield (row["from"], str(row["remotes"]), str(row["may_fail"]), row["source"])


def main():
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines()
            if re.match(r"\| (\d{4}-|3\.2\.2\.4\.)", line)]
    expected = list(wanted())
    faults = [f"not in the page: {row}" for row in expected
              if not any(len(row) == len(other) and all(a in (None, b) for a, b in zip(row, other))
                         for other in rows)]
    if len(rows) != len(expected):
        faults.append(f"the page has {len(rows)} rows, the table {len(expected)}")
    for what in (table["as_of"], table["caa_parameters"]["from"], f"{table['random_value_days']['days']} days"):
        if what not in page:
            faults.append(f"the page does not say {what}")
    print("\n".join(faults) or f"{len(rows)} rows are as in the table")
    return 1 if faults else 0


sys.exit(main())
