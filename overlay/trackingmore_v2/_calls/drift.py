"""Detection of drift: fields and enum values of a response that the contract does not list."""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, cast, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

MAX_REPORTED_LENGTH = 32
"""Characters; longer values may be personal data rather than enum values, and are not reported."""


Drift: TypeAlias = tuple[str, str]
"""One place where a response goes beyond the contract: its path, and the problem."""


def find_drift(body: bytes, kind: Any) -> Iterator[Drift]:  # noqa: ANN401 - any response type
    """
    Yield each unknown field and enum value of a response once.

    Args:
        body: The body of a response that was parsed successfully before.
        kind: The type it was parsed as.
    """
    try:
        # Decoded without a type, since a typed decode drops the unknown fields.
        document: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return  # the body was parsed only after repairs, and those were reported
    yield from dict.fromkeys(_walk(document, kind, "$"))


def _walk(value: object, kind: Any, path: str) -> Iterator[Drift]:  # noqa: ANN401 - any type
    # Paths leave out list positions and map keys, so that the same drift in 2,000 items is one.
    for member in _members(kind):
        base: Any = get_origin(member) or member
        if not isinstance(base, type):
            continue
        if isinstance(value, dict) and base is dict:
            for child in cast("dict[str, object]", value).values():
                yield from _walk(child, get_args(member)[1], f"{path}.*")
        elif isinstance(value, list) and base is list:
            for child in cast("list[object]", value):
                yield from _walk(child, get_args(member)[0], f"{path}[]")
        elif isinstance(value, dict) and issubclass(base, Struct):
            yield from _walk_object(cast("dict[str, object]", value), base, path)
        elif isinstance(value, str | int) and issubclass(base, Enum):
            yield from _check_enum(value, base, path)


def _walk_object(value: dict[str, object], kind: type[Struct], path: str) -> Iterator[Drift]:
    known = _fields(kind)
    for name, child in value.items():
        if name in known:
            yield from _walk(child, known[name], f"{path}.{name}")
        else:
            yield (f"{path}.{name[:MAX_REPORTED_LENGTH]}", "unknown field")


def _check_enum(value: str | int, kind: type[Enum], path: str) -> Iterator[Drift]:
    # A value of another JSON type, such as "200", was repaired and reported before.
    is_unknown = issubclass(kind, type(value)) and value not in kind._value2member_map_
    if is_unknown and len(str(value)) <= MAX_REPORTED_LENGTH:
        yield (path, f"unknown {kind.__name__} {value!r}")


def _members(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any type
    if get_origin(kind) in {Union, UnionType}:
        return tuple(member for member in get_args(kind) if member is not NoneType)
    return (kind,)


@cache
def _fields(kind: type[Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in fields(kind)}
