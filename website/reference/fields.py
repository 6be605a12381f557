"""Lists of fields: name, type, limits, evidence and description, with those of inner objects."""

import json
import re
from collections.abc import Iterable, Iterator

from website.contract import Json, contract, resolve, types
from website.reference.links import linked
from website.reference.markdown import anchor, badge, indented, line, listed, slug, words
from website.reference.parts import (
    Field,
    fields_of,
    home_of,
    name_of,
    objects_in,
    schema_named,
)


def field_list(fields: Iterable[Field], prefix: str) -> str:
    """
    Return a list of fields, and below each those of its object unless that is described elsewhere.

    Args:
        fields: The fields.
        prefix: Beginning of the anchors.
    """
    return "\n\n".join(_item(field, f"{prefix}-{slug(field.name)}") for field in fields)


def _item(field: Field, name: str) -> str:
    head = words(
        f"- {anchor(name)}**`{field.name}`**",
        f"*({', '.join(_facts(field))})*",
        badge(field.evidence),
    )
    about = words(linked(line(field.description)), _python_name(field), _example(field))
    body = [about, _inner(field, name)]
    return "\n\n".join([head, *(indented(each) for each in body if each)])


def _inner(field: Field, name: str) -> str:
    """Return the fields of the objects of a field that are described here and nowhere else."""
    found = [schema_named(each) for each in objects_in(field.schema) if not home_of(each)]
    return "\n\n".join(field_list(fields_of(schema), name) for schema in found)


def _facts(field: Field) -> Iterator[str]:
    """Yield type, limits, and whether the field is required."""
    yield type_of(field.schema)
    default = field.schema.get("default")
    if default is not None:
        yield f"default {default}"
    if field.is_required:
        yield "**required**"


def _python_name(field: Field) -> str:
    name = field.schema.get("x-python-name")
    return f"In Python: `{name}`." if name else ""


def _example(field: Field) -> str:
    examples = resolve(contract(), field.schema).get("examples", ())
    shown = [each if isinstance(each, str) else json.dumps(each) for each in examples if each]
    return f"Example: `{shown[0]}`." if shown else ""


def type_of(schema: Json) -> str:
    """Return the type of a value in words, with limits and links to named types."""
    name = name_of(schema)
    if name:
        home = home_of(name)
        return f"[{name}]({home})" if home else "object"
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    kinds = [type_of(each) for each in choices] or [_kind(schema, each) for each in types(schema)]
    return listed(dict.fromkeys(kinds)) if kinds else "any"


def _kind(schema: Json, kind: str) -> str:
    """Return one of the types of a schema, with its limits."""
    if kind == "array":
        return _array(schema)
    if kind == "object" and "additionalProperties" in schema:
        return f"map from keys to {type_of(schema['additionalProperties'])}"
    if kind in {"integer", "number"}:
        return words(kind, _range(schema, "imum"))
    if kind == "string" and schema.get("format"):
        return f"{schema['format']} string"
    return "non-empty string" if kind == "string" and schema.get("minLength") else kind


def _array(schema: Json) -> str:
    if schema.get("maxItems") == 0:
        return "empty array"
    items = re.sub("^(object|string)$", r"\1s", type_of(schema["items"]))
    length = _range(schema, "Items")
    return words("array of", items, f"({length} items)" if length else "")


def _range(schema: Json, suffix: str) -> str:
    """Return the limits of a number, or of the length of an array."""
    low, high = schema.get(f"min{suffix}"), schema.get(f"max{suffix}")
    return "" if low is None else f"{low} to {high}"
