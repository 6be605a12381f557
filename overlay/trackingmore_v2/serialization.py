"""Conversion of models to plain data and JSON: `to_dict()` and `to_json()`."""

from datetime import datetime
from typing import Any, Literal, cast

import msgspec
from msgspec import Struct


def to_dict(model: Struct, *, by: Literal["api", "python"] = "api") -> dict[str, Any]:
    """
    Return a model as plain data.

    With the names of the API, `json.dumps()` takes the result, and
    `msgspec.convert(to_dict(model), type(model))` restores the model.

    Args:
        model: Any model of `trackingmore_v2.models`.
        by: "api" for the names of the API, such as `trackinfo` and `singed_by`, and times as in
            JSON; "python" for the names of the attributes, such as `track_info` and `signed_by`,
            and times as `datetime`. Default: "api".

    Returns:
        Dicts, lists, strings, numbers and booleans, and `datetime` values with `by="python"`. Times
        in text are ISO 8601 with an offset, which is "Z" for UTC. Fields with the value None are
        omitted, so null and absent look the same.

    Raises:
        ValueError: `by` is neither.
    """
    if by not in ("api", "python"):
        raise ValueError(f'by must be "api" or "python", not {by!r}')
    plain = msgspec.to_builtins(model) if by == "api" else _python(model)
    return cast("dict[str, Any]", plain)


def to_json(model: Struct) -> str:
    """
    Return a model as single-line JSON, with the field names of the API; see `to_dict()`.

    `msgspec.json.decode(to_json(model), type=type(model))` restores the model.

    Args:
        model: Any model of `trackingmore_v2.models`.

    Returns:
        JSON text. Non-ASCII characters are not escaped.
    """
    return msgspec.json.encode(model).decode()


def _python(value: object) -> object:
    if isinstance(value, Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return {name: _python(item) for name, item in fields if item is not None}
    if isinstance(value, dict):
        return {name: _python(item) for name, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return list(map(_python, cast("list[object]", value)))
    plain: object = msgspec.to_builtins(value, builtin_types=(datetime,))
    return plain
