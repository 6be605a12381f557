"""Models as the wire has them: `to_dict()` and `to_json()`."""

from typing import Any

import msgspec
from msgspec import Struct


def to_dict(model: Struct) -> dict[str, Any]:
    """
    Give a model as plain data, under the names of the wire.

    `msgspec.convert(to_dict(model), type(model))` gives the model again.

    Args:
        model: Any model of `trackingmore_v2.models`.

    Returns:
        Plain dicts, lists, texts and numbers, by names such as `trackinfo` and `singed_by`. Fields
        that are None are left out; so the difference between null and absent is lost.
    """
    plain: dict[str, Any] = msgspec.to_builtins(model)
    return plain


def to_json(model: Struct) -> str:
    """
    Give a model as JSON on one line, under the names of the wire; see `to_dict()`.

    `msgspec.json.decode(to_json(model), type=type(model))` gives the model again.

    Args:
        model: Any model of `trackingmore_v2.models`.

    Returns:
        JSON text; letters beyond ASCII stand as they are.
    """
    return msgspec.json.encode(model).decode()
