#!/usr/bin/env python3
"""The table in docs/providers.md is the one in tools/providers.json; --update writes it there."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/providers.md"
TABLE = re.compile(r"(?<=<!-- providers -->\n).*?(?=<!-- /providers -->)", re.S)


def shown(form, expression):
    """The form with words for what is filled in, else the expression."""
    text = form.replace("{host}", "HOST").replace("{id}", "ID") or expression.replace("[.]", ".")
    return "`" + text.replace("|", "\\|") + "`"


def line(row):
    record = shown(row.get("owner_form", ""), row["owner"]) + f" {row['type']} " + \
        shown(row.get("target_form", ""), row["target"])
    facts = [row["note"]]
    if row.get("retired"):
        facts.insert(0, "Not taken any more" + (f" since {row['retired_since']}." if "retired_since" in row else "."))
    if row.get("claimable"):
        facts.append("Anybody may register a name.")
    cas = ", ".join(row.get("cas", [])) or "any"
    return f"| `{row['id']}` | {row['title']} | {row.get('method', '–')} | {record} | {cas} | {' '.join(facts)} |"


def main():
    rows = json.loads((ROOT / "tools/providers.json").read_text())["providers"]
    table = "\n".join(["| Id | Provider | Method | Record | CAs | What is special |", "|---|---|---|---|---|---|",
                       *map(line, rows)]) + "\n"
    text = PAGE.read_text()
    if not TABLE.search(text):
        print("docs/providers.md has no place for the table")
        return 1
    if "--update" in sys.argv:
        PAGE.write_text(TABLE.sub(lambda _: table, text))
    elif TABLE.search(text).group(0) != table:
        print("docs/providers.md is not as tools/providers.json: tests/meta/providers_page.py --update")
        return 1
    print(f"{len(rows)} providers are in docs/providers.md")
    return 0


sys.exit(main())
