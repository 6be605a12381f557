"""Detection of drift: fields and enum values of a response that the contract does not list."""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin

import msgspec
from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import fields

from trackingmore_v2_api.limits import has_too_many_items

MAX_REPORTED_LENGTH = 32
"""Characters; longer values may be personal data rather than enum values, and are not reported."""

MAX_REPORTED: Final = 1_000
"""Unknown fields and enum values of one response that are reported."""

_OBJECT: Final = Decoder(dict[str, Raw])
_ARRAY: Final = Decoder(list[Raw])
_SCALAR: Final = Decoder(str | int)

Drift: TypeAlias = tuple[str, str]
"""One place where a response goes beyond the contract: its path, and the problem."""


def find_drift(body: bytes, kind: Any) -> Iterator[Drift]:  # noqa: ANN401 - any response type
    """
    Yield each unknown field and enum value of a response once, up to `MAX_REPORTED` of them.

    Args:
        body: The body of a response that was parsed successfully before.
        kind: The type it was parsed as.
    """
    found: set[Drift] = set()
    try:
        # A typed decode drops the unknown fields, and one without a type takes much memory.
        for drift in _walk(Raw(body.strip()), kind, "$"):
            if drift not in found and len(found) < MAX_REPORTED:
                found.add(drift)
                yield drift
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return  # the body was parsed only after repairs, and those were reported


def _walk(value: Raw, kind: Any, path: str) -> Iterator[Drift]:  # noqa: ANN401 - any type
    # Paths leave out list positions and map keys, so that the same drift in 2,000 items is one.
    for member in _members(kind):
        base: Any = get_origin(member) or member
        if not isinstance(base, type):
            continue
        if base is dict:
            for child in _entries(value).values():
                yield from _walk(child, get_args(member)[1], f"{path}.*")
        elif base is list:
            for child in _items(value):
                yield from _walk(child, get_args(member)[0], f"{path}[]")
        elif issubclass(base, Struct):
            yield from _walk_object(_entries(value), base, path)
        elif issubclass(base, Enum):
            yield from _check_enum(value, base, path)


def _entries(value: Raw) -> dict[str, Raw]:
    """Return the entries of an object; none of another value, which was repaired."""
    text = memoryview(value)
    return _OBJECT.decode(value) if bytes(text[:1]) == b"{" and not has_too_many_items(text) else {}


def _items(value: Raw) -> list[Raw]:
    """Return the items of an array; none of another value, which was repaired."""
    text = memoryview(value)
    return _ARRAY.decode(value) if bytes(text[:1]) == b"[" and not has_too_many_items(text) else []


def _walk_object(value: dict[str, Raw], kind: type[Struct], path: str) -> Iterator[Drift]:
    known = _fields(kind)
    for name, child in value.items():
        if name in known:
            yield from _walk(child, known[name], f"{path}.{name}")
        else:
            yield (f"{path}.{name[:MAX_REPORTED_LENGTH]}", "unknown field")


def _check_enum(text: Raw, kind: type[Enum], path: str) -> Iterator[Drift]:
    try:
        value = _SCALAR.decode(text)
    except msgspec.ValidationError:
        return  # null, or a value that was repaired
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
