#!/usr/bin/env python3
"""check.py schema SCHEMAS NAME FILE: complaints of FILE, JSON, against one JSON schema of SCHEMAS.
   check.py same XML JSON: where the JSON is not what the Spark rule makes of the XML.
   check.py get FILE PATH...: a value of JSON, by numbers and names.
   check.py texts FILE: the texts of hostile-text.ndjson, each percent-encoded on a line.
Knows of the JSON schema language what schemas.json uses."""
import base64
import json
import re
import sys
import urllib.parse
import xml.etree.ElementTree as tree

LISTS = {"services", "service_requests", "errors", "endpoints", "formats", "attributes", "values"}
TYPES = {"string": [str], "boolean": [bool], "array": [list], "object": [dict], "null": [type(None)],
         "integer": [int], "number": [int, float]}


def complain(schema, value, place=""):
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(type(value) in TYPES[name] for name in names):
        yield f"{place}: {value!r} is no {names}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value, re.S):
        yield f"{place}: {value!r} is not like {schema['pattern']}"
    if isinstance(value, list):
        if len(value) < schema["minItems"]:
            yield f"{place}: {len(value)} items"
        for i, item in enumerate(value):
            yield from complain(schema["items"], item, f"{place}/{i}")
    if isinstance(value, dict):
        for name in schema["required"]:
            if name not in value:
                yield f"{place}: {name} is missing"
        for name, item in value.items():
            if name in schema["properties"]:
                yield from complain(schema["properties"][name], item, f"{place}/{name}")
            else:
                yield f"{place}: {name} is not known"


def spark(element):
    children = [spark(child) for child in element]
    if element.tag in LISTS:
        return children
    if children:
        return dict(zip([child.tag for child in element], children))
    return element.text or None


def as_text(value):
    """Types are not in XML: true and 7 are compared as text."""
    if isinstance(value, dict):
        return {name: as_text(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return value if value is None or isinstance(value, str) else json.dumps(value)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def texts(path):
    for line in open(path, "rb"):
        row = json.loads(line)
        raw = base64.b64decode(row["base64"]) if "base64" in row else row.get("text", "").encode("utf-8", "surrogatepass")
        yield urllib.parse.quote(raw * min(int(row.get("repeat", 1)), 2000))


what, given = sys.argv[1], sys.argv[2:]
if what == "schema":
    for line in complain(load(given[0])[given[1]], load(given[2])):
        print(line)
elif what == "same":
    wanted, found = spark(tree.parse(given[0]).getroot()), as_text(load(given[1]))
    if wanted != found:
        print(f"XML: {wanted!r}\nJSON: {found!r}"[:4000])
elif what == "get":
    value = load(given[0])
    for step in given[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    print(value)
elif what == "texts":
    for text in texts(given[0]):
        print(text)
