"""The contract's examples, and the documented and recorded payloads that they quote."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract.document import Json, dig, media, pointer, resolve, schemas

Validators = Callable[[str], Draft202012Validator]
"""Gives the validator of the schema at a place."""

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


def validators(document: Json) -> Validators:
    """Return what makes the validator of the schema at a place in the document."""
    registry: Registry[Any] = Registry().with_resource(
        "urn:contract", DRAFT202012.create_resource(document)
    )
    return lambda where: Draft202012Validator({"$ref": f"urn:contract{where}"}, registry=registry)


def complaints(document: Json) -> list[str]:
    """Return what is wrong with the examples of a document, one line for each."""
    validator = validators(document)
    return [
        f"{name}: {error.json_path}: {error.message}"
        for name, where, value in uses(document)
        for error in validator(where).iter_errors(value)
    ]


def payload_complaints(document: Json) -> list[str]:
    """Return which payloads a document does not quote, or would not allow."""
    validator = validators(closed(document))
    places = {body.name: pointer(body.where, "schema") for body in media(document)}
    found = []
    for entry in PAYLOADS:
        name, part, payload = entry["operation"], entry["part"], entry["payload"]
        if json.dumps(payload) not in map(json.dumps, quoted(document, name, part)):
            found.append(f"{name} {part}: is not quoted")
        body = f"{name} request" if part == "request" else f"{name} 200"
        answer = {"meta": {"code": 200}, "data": payload} if part == "data" else payload
        if body in places:
            errors = validator(places[body]).iter_errors(answer)
            found += [f"{body}: {error.json_path}: {error.message}" for error in errors]
    return found


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
