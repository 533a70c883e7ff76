#!/usr/bin/env python3
"""HTML reports are well-formed: every element is closed in its place, and tables have as many cells
in each row. Usage: html_check.py FILE..."""
import html.parser
import pathlib
import sys

VOID = {"meta", "br"}
FETCHING = {"src", "href", "action", "style", "onclick", "onload"}
INLINE_ONLY = {"p", "h1", "h2", "h3", "summary"}
BLOCKS = {"p", "h1", "h2", "h3", "table", "pre", "section", "article", "details"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.rows, self.faults = [], [], []

    def fault(self, text):
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attributes):
        if FETCHING & {name for name, _ in attributes}:
            self.fault(f"<{tag}> has {attributes}")
        if tag in BLOCKS and INLINE_ONLY & set(self.open):
            self.fault(f"<{tag}> within {self.open}")
        if tag == "table":
            self.rows.append([])
        if tag == "tr":
            self.rows[-1].append(0)
        if tag in ("td", "th"):
            self.rows[-1][-1] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fault(f"</{tag}> closes something else")
        if tag == "table" and len(set(self.rows.pop())) > 1:
            self.fault("the rows of a table differ in length")


def faults_of(path):
    page = Page()
    text = path.read_text()
    page.feed(text)
    page.close()
    if page.open:
        page.fault(f"{page.open} stay open")
    if not text.startswith("<!DOCTYPE html>"):
        page.fault("no document type")
    return [f"{path}: {fault}" for fault in page.faults]


def main():
    faults = [fault for name in sys.argv[1:] for fault in faults_of(pathlib.Path(name))]
    print("\n".join(faults) or f"{len(sys.argv) - 1} pages are well-formed")
    return 1 if faults or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
