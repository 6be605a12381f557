"""The contract's examples, and the documented and recorded payloads that they quote."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract.document import Json, dig, media, pointer, resolve, schemas

PAYLOADS = json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))


def uses(document: Json) -> Iterator[tuple[str, str, Any]]:
    """Yield every use of an example: its name, where its schema stands, and its value."""
    for body in media(document):
        for name, example in body.value.get("examples", {}).items():
            value = resolve(document, example)["value"]
            yield f"{body.name} {name}", pointer(body.where, "schema"), value
    for where, schema in schemas(document):
        for index, value in enumerate(schema.get("examples", [])):
            yield f"{where.rpartition('/')[2]} {index}", where, value


def complaints(document: Json) -> list[str]:
    """Return what is wrong with the examples of a document, one line for each."""
    registry: Registry[Any] = Registry().with_resource(
        "urn:contract", DRAFT202012.create_resource(document)
    )
    return [
        f"{name}: {error.json_path}: {error.message}"
        for name, where, value in uses(document)
        for error in Draft202012Validator(
            {"$ref": f"urn:contract{where}"}, registry=registry
        ).iter_errors(value)
    ]


def closed(document: Json) -> Json:
    """Copy a document; objects in the copy may have no fields but the described ones."""
    document = copy.deepcopy(document)
    for _, schema in schemas(document):
        if "properties" in schema:
            schema["additionalProperties"] = False
    return document


def quoted(document: Json, operation: str, part: str) -> list[Any]:
    """Return the values of the examples of an operation's request, answer or answer's `data`."""
    body = {"request": "request", "answer": "200", "data": "200"}[part]
    values = [
        resolve(document, example)["value"]
        for found in media(document)
        if found.name == f"{operation} {body}"
        for example in found.value["examples"].values()
    ]
    return [dig(value, "data") for value in values] if part == "data" else values
