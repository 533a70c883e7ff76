#!/usr/bin/env python3
"""Validates JSON documents, or JSON Lines, against a schema: schema_check.py FILE... SCHEMA"""
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: the Python package jsonschema is not installed")
    sys.exit(77)


def documents(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def main(*arguments):
    *files, schema_path = arguments
    schema = json.loads(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    faults = [f"{file}: {error.json_path}: {error.message[:200]}"
              for file in files
              for document in documents(file)
              for error in validator.iter_errors(document)]
    print("\n".join(faults) or f"{len(files)} files are as {schema_path} says")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
