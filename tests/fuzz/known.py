"""What of an answer the contract knows, and what it does not, by the schemas alone."""

from collections.abc import Iterator
from typing import Any, Final

from tests.contract.document import Json, contract, resolve, types

NAMES_TOLD: Final = 32
"""Characters of an unknown field that an event tells."""

_TYPES: Final[dict[object, str]] = {dict: "object", list: "array"}


def known(value: Any, schema: Json) -> Any:
    """Leave out the fields that the contract does not know, and those that are null."""
    branch = _branch(value, schema)
    if branch is None:
        is_float = isinstance(value, int) and "number" in types(resolve(contract(), schema))
        return float(value) if is_float else value
    if isinstance(value, list):
        return [known(item, branch.get("items", {})) for item in value]
    fields, others = branch.get("properties", {}), branch.get("additionalProperties")
    wanted = {
        name: known(child, fields.get(name, others))
        for name, child in value.items()
        if name in fields or others
    }
    return wanted if others else without_nulls(wanted)


def unknown(value: Any, schema: Json, path: str = "$") -> Iterator[str]:
    """Yield the path of each field that the contract does not know."""
    branch = _branch(value, schema)
    if branch is None:
        return
    if isinstance(value, list):
        for item in value:
            yield from unknown(item, branch.get("items", {}), f"{path}[]")
        return
    fields, others = branch.get("properties", {}), branch.get("additionalProperties")
    for name, child in value.items():
        if name in fields:
            yield from unknown(child, fields[name], f"{path}.{name}")
        elif others:
            yield from unknown(child, others, f"{path}.*")
        else:
            yield f"{path}.{name[:NAMES_TOLD]}"


def without_nulls(value: Json) -> Json:
    """Leave out fields that are null, which the contract takes for missing."""
    return {name: child for name, child in value.items() if child is not None}


def _branch(value: Any, schema: Json) -> Json | None:
    """Return the schema that describes an object or a list; None where nothing does."""
    schema = resolve(contract(), schema)
    if type(value) not in _TYPES:
        return None
    for choice in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        found = _branch(value, choice)
        if found is not None:
            return found
    return schema if _TYPES[type(value)] in types(schema) else None
