"""The contract's examples, and the documented and recorded payloads that they quote."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract.document import Json, media, pointer, resolve, schemas

Validators = Callable[[str], Draft202012Validator]
"""Returns the validator of the schema at a place."""

PAYLOADS = json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))


def validators(document: Json) -> Validators:
    """Return the factory of validators for the schemas of a document."""
    registry: Registry[Any] = Registry().with_resource(
        "urn:contract", DRAFT202012.create_resource(document)
    )
    return lambda where: Draft202012Validator({"$ref": f"urn:contract{where}"}, registry=registry)


def closed(document: Json) -> Json:
    """Return a copy of a document whose objects allow only the described fields."""
    document = copy.deepcopy(document)
    for _, schema in schemas(document):
        if "properties" in schema:
            schema["additionalProperties"] = False
    return document


def example_errors(document: Json) -> Iterator[str]:
    """Yield the examples that do not match their schemas, or that have undescribed fields."""
    used = [
        (f"{body.name} {name}", pointer(body.where, "schema"), resolve(document, example)["value"])
        for body in media(document)
        for name, example in body.value.get("examples", {}).items()
    ]
    for where, schema in schemas(document):
        used += [(where, where, value) for value in schema.get("examples", [])]
    for validator in (validators(document), validators(closed(document))):
        for name, where, value in used:
            yield from _errors(validator, name, where, value)


def payload_errors(document: Json) -> Iterator[str]:
    """Yield the payloads that no example quotes, or that do not match their schemas."""
    validator, bodies = validators(closed(document)), {body.name: body for body in media(document)}
    for entry in PAYLOADS:
        name, payload = f"{entry['operation']} {entry['part']}", entry["payload"]
        if name in bodies:
            examples = bodies[name].value.get("examples", {}).values()
            values = [resolve(document, example)["value"] for example in examples]
            if json.dumps(payload) not in map(json.dumps, values):
                yield f"{name}: is not quoted"
            yield from _errors(validator, name, pointer(bodies[name].where, "schema"), payload)
        else:
            yield f"{name}: is missing"


def _errors(validator: Validators, name: str, where: str, value: Any) -> Iterator[str]:
    for error in validator(where).iter_errors(value):
        yield f"{name}: {error.json_path}: {error.message}"
