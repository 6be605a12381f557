"""The part of a response that the contract describes."""

from datetime import datetime
from typing import Any, Final

import msgspec

from website.contract import Json, contract, resolve, types

MAX_NAME: Final = 32
"""Characters of an unknown field's name in a drift event."""

_TYPES: Final[dict[object, str]] = {dict: "object", list: "array"}


def described(value: Any, schema: Json, unknown: set[str], path: str = "$") -> Any:
    """
    Return a value without unknown fields and nulls, and add the paths of unknown fields.

    Times are written as the models write them, such as with "Z" for the offset of UTC.
    """
    branch = _branch(value, schema)
    if isinstance(value, str) and resolve(contract(), schema).get("format") == "date-time":
        return msgspec.to_builtins(msgspec.convert(value, datetime))
    if branch is None:
        is_float = isinstance(value, int) and "number" in types(resolve(contract(), schema))
        return float(value) if is_float else value
    if isinstance(value, list):
        return [described(item, branch.get("items", {}), unknown, f"{path}[]") for item in value]
    fields, others = branch.get("properties", {}), branch.get("additionalProperties")
    result = {}
    for name, child in value.items():
        if name in fields:
            result[name] = described(child, fields[name], unknown, f"{path}.{name}")
        elif others:
            result[name] = described(child, others, unknown, f"{path}.*")
        else:
            unknown.add(f"{path}.{name[:MAX_NAME]}")
    # A null stands for a missing field, except in a map.
    return {name: child for name, child in result.items() if others or child is not None}


def _branch(value: Any, schema: Json) -> Json | None:
    """Return the schema that describes an object or an array, or None."""
    schema = resolve(contract(), schema)
    if type(value) not in _TYPES:
        return None
    for choice in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        found = _branch(value, choice)
        if found is not None:
            return found
    return schema if _TYPES[type(value)] in types(schema) else None
