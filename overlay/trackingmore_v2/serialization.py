"""Conversion of models to plain data and JSON: `to_dict()` and `to_json()`."""

from typing import Any

import msgspec
from msgspec import Struct


def to_dict(model: Struct) -> dict[str, Any]:
    """
    Return a model as plain data, with the field names of the API.

    `msgspec.convert(to_dict(model), type(model))` restores the model.

    Args:
        model: Any model of `trackingmore_v2.models`.

    Returns:
        Dicts, lists, strings and numbers, under the API's names such as `trackinfo` and
        `singed_by`. Fields with the value None are omitted, so null and absent look the same.
    """
    plain: dict[str, Any] = msgspec.to_builtins(model)
    return plain


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
