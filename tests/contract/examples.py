"""The contract's examples, and the documented and recorded payloads, of which they quote some."""

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract.document import all_parameters, examples, media, schemas
from website.contract import Json, at, pointer, walk

Validators = Callable[[str], Draft202012Validator]
"""Returns the validator of the schema at a place."""

NUMBERS = ("tracking_number", "track_number")
"""Fields with the number of a tracking or an air waybill."""

QUOTED = {
    *("changeCarrier 200", "getAccount 200", "checkRemoteAreas request", "checkRemoteAreas 200"),
    *("getTransitTimes request", "trackAirWaybills request", "trackAirWaybills 200"),
    *("listCarriers 200", "detectCarrier request", "detectCarrier 200", "trackingUpdated request"),
}
"""Bodies whose payloads are among the examples; the payloads of others have other items."""

PAYLOADS = json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))


def validators(document: Json) -> Validators:
    """Return the factory of validators for the schemas of a document."""
    registry: Registry[Any] = Registry().with_resource(
        "urn:contract", DRAFT202012.create_resource(document)
    )
    formats = Draft202012Validator.FORMAT_CHECKER
    return lambda where: Draft202012Validator(
        {"$ref": f"urn:contract{quote(where, safe='#/~')}"},
        registry=registry,
        format_checker=formats,
    )


def closed(document: Json) -> Json:
    """Return a copy of a document whose objects allow only the described fields."""
    document = copy.deepcopy(document)
    for _, schema in schemas(document):
        if "properties" in schema:
            schema["additionalProperties"] = False
    return document


def example_errors(document: Json) -> Iterator[str]:
    """Yield the examples that do not match their schemas, or that have undescribed fields."""
    used = [*_placed(document)]
    for where, schema in schemas(document):
        used += [(where, where, value) for value in schema.get("examples", [])]
    for validator in (validators(document), validators(closed(document))):
        for name, where, value in used:
            yield from _errors(validator, name, where, value)


def _placed(document: Json) -> Iterator[tuple[str, str, Any]]:
    """Yield the name, the schema's place and the value of each example of bodies and parameters."""
    for body in media(document):
        for name, value in examples(document, body.value).items():
            yield f"{body.name} {name}", pointer(body.where, "schema"), value
    for where, node in all_parameters(document):
        if "example" in node:
            yield where, pointer(where, "schema"), node["example"]


def payload(operation: str, part: str) -> Any:
    """Return the first documented or recorded payload of a part of an operation."""
    wanted = {"operation": operation, "part": part}
    return next(entry["payload"] for entry in PAYLOADS if wanted.items() <= entry.items())


def payload_errors(document: Json) -> Iterator[str]:
    """Yield the payloads that do not match their schemas, or that must be quoted and are not."""
    validator, bodies = validators(closed(document)), {body.name: body for body in media(document)}
    for entry in PAYLOADS:
        name, payload = f"{entry['operation']} {entry['part']}", entry["payload"]
        if name in bodies:
            values = examples(document, bodies[name].value).values()
            if name in QUOTED and json.dumps(payload) not in map(json.dumps, values):
                yield f"{name}: is not quoted"
            yield from _errors(validator, name, pointer(bodies[name].where, "schema"), payload)
        else:
            yield f"{name}: is missing"


def placed_values(document: Json) -> dict[str, list[Any]]:
    """Return the values in the examples of bodies and parameters, by the schema of each."""
    found, registry = defaultdict(list), jsonschema_rs.Registry([("urn:contract", document)])
    for _, where, value in _placed(document):
        reference = {"$ref": f"urn:contract#{quote(where[1:])}"}
        validator = jsonschema_rs.Draft202012Validator(reference, registry=registry)
        # A valid value is annotated with each schema that describes it or a part of it.
        for annotation in validator.evaluate(value).annotations():
            schema = unquote(annotation["absoluteKeywordLocation"] or "")
            part = at({"value": value}, f"#/value{annotation['instanceLocation']}")
            found[schema.removeprefix("urn:contract")].append(part)
    return found


def texts_at(value: Any, *keys: str) -> list[str]:
    """Return the texts under the keys, at any depth and in lists too, each once, in order."""
    found = [node.get(key) for _, node in walk(value) if isinstance(node, dict) for key in keys]
    lists = [it if isinstance(it, list) else [it] for it in found]
    return list(dict.fromkeys(it for each in lists for it in each if isinstance(it, str)))


def _errors(validator: Validators, name: str, where: str, value: Any) -> Iterator[str]:
    for error in validator(where).iter_errors(value):
        yield f"{name}: {error.json_path}: {error.message}"
