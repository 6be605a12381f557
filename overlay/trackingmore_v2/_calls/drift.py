"""What an answer holds that the contract does not know: new fields and new words."""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

MAX_WORD = 32
"""A longer word is not told: it is no word of a vocabulary."""


class Drift(Struct, frozen=True):
    """One place where an answer goes beyond the contract."""

    path: str
    problem: str


def unknown(body: bytes, kind: Any) -> Iterator[Drift]:  # noqa: ANN401 - any response type
    """Compare an answer, which was read already, with its type; tell each new thing once."""
    try:
        document: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return  # it was mended on the way, which is told by the repairs
    yield from dict.fromkeys(_walk(document, kind, "$"))


def _walk(value: object, kind: Any, path: str) -> Iterator[Drift]:  # noqa: ANN401 - any type
    for member in _members(kind):
        base: Any = get_origin(member) or member
        if not isinstance(base, type):
            continue
        if isinstance(value, dict) and base is dict:
            (_, of_values) = get_args(member)
            for child in cast("dict[str, object]", value).values():
                yield from _walk(child, of_values, f"{path}.*")
        elif isinstance(value, list) and base is list:
            (of_items,) = get_args(member)
            for child in cast("list[object]", value):
                yield from _walk(child, of_items, f"{path}[]")
        elif isinstance(value, dict) and issubclass(base, Struct):
            yield from _walk_object(cast("dict[str, object]", value), base, path)
        elif isinstance(value, str | int) and issubclass(base, Enum) and value is not True:
            yield from _new_word(value, base, path)


def _walk_object(value: dict[str, object], kind: type[Struct], path: str) -> Iterator[Drift]:
    known = _fields(kind)
    for name, child in value.items():
        if name in known:
            yield from _walk(child, known[name], f"{path}.{name}")
        else:
            yield Drift(f"{path}.{name[:MAX_WORD]}", "is a field that the contract does not know")


def _new_word(value: str | int, kind: type[Enum], path: str) -> Iterator[Drift]:
    if value not in kind._value2member_map_ and len(str(value)) <= MAX_WORD:
        yield Drift(path, f"is {value!r}, which {kind.__name__} does not list")


def _members(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any type
    if get_origin(kind) in {Union, UnionType}:
        return tuple(member for member in get_args(kind) if member is not NoneType)
    return (kind,)


@cache
def _fields(kind: type[Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in fields(kind)}
