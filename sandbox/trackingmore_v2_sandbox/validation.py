"""Sentences about values that are invalid, without the wording of msgspec."""

import re
from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any, Final

import msgspec
from msgspec import inspect
from msgspec.structs import asdict

_MESSAGE: Final = re.compile(r"(.*?)(?: - at `(?:key` in `)?\$([^`]*)`)?", re.DOTALL)
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_STEP: Final = re.compile(r"\.\.\.|[^.\[\]]+")


def explain(error: Exception, kind: Any) -> str:  # noqa: ANN401 - any type that msgspec supports
    """
    Return what is wrong with a value: the field, and what is allowed.

    Args:
        error: The error that msgspec raised for it.
        kind: The type that was expected.

    Returns:
        One sentence. Text that is not JSON is described by the message of the error.
    """
    if not isinstance(error, msgspec.ValidationError):
        return str(error)
    if error.__cause__ is not None:  # Raised by the `__post_init__` of a struct.
        return str(error.__cause__)
    found = _MESSAGE.fullmatch(str(error))
    problem, path = found.groups() if found else (str(error), None)
    return _sentence(problem or "", (path or "").lstrip("."), inspect.type_info(kind))


def _sentence(problem: str, path: str, root: inspect.Type) -> str:
    types = list(_at(root, _STEP.findall(path)))
    place = f" in {path}" if path else ""
    if unknown := _UNKNOWN.fullmatch(problem):
        names = ", ".join(name for each in types for name in _names(each))
        allowed = f"expected one of {names}" if names else "expected none"
        return f"unknown field {unknown[1]!r}{place}; {allowed}"
    if missing := _MISSING.fullmatch(problem):
        return f"missing field {missing[1]!r}{place}"
    allowed = _join(map(describe, types))
    return f"{path or 'the value'} {f'must be {allowed}' if allowed else 'is invalid'}"


def _at(kind: inspect.Type, steps: list[str]) -> Iterator[inspect.Type]:
    """Yield the types that may stand at a place."""
    for each in _alternatives(kind):
        if not steps:
            yield each
        elif (inner := _inner(each, steps[0])) is not None:
            yield from _at(inner, steps[1:])


def _alternatives(kind: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _alternatives(each)
    else:
        yield kind


def _inner(kind: inspect.Type, step: str) -> inspect.Type | None:
    if isinstance(kind, inspect.Metadata):
        return _inner(kind.type, step)
    if isinstance(kind, inspect.StructType):
        return next((each.type for each in kind.fields if each.encode_name == step), None)
    if isinstance(kind, inspect.DictType):
        return kind.value_type
    return kind.item_type if isinstance(kind, inspect.CollectionType) else None


def _names(kind: inspect.Type) -> list[str]:
    fields = kind.fields if isinstance(kind, inspect.StructType) else ()
    return [each.encode_name for each in fields]


@singledispatch
def describe(kind: inspect.Type) -> str:
    """Return what values of a type are allowed, such as "an integer from 0 to 5"."""
    return _NAMES.get(type(kind), "a value of another type")


@describe.register
def _(kind: inspect.Metadata) -> str:
    schema: Mapping[str, object] = asdict(kind)["extra_json_schema"] or {}
    return str(schema.get("description") or describe(kind.type))


@describe.register
def _(kind: inspect.UnionType) -> str:
    return _join(map(describe, _alternatives(kind)))


@describe.register(inspect.IntType)
@describe.register(inspect.FloatType)
def _(kind: inspect.IntType | inspect.FloatType) -> str:
    name = "an integer" if isinstance(kind, inspect.IntType) else "a number"
    allowed = _range(kind.ge, kind.le)
    if kind.gt is None:
        return name + allowed
    return f"{name} above {kind.gt:g}" + (f" and{allowed}" if allowed else "")


@describe.register
def _(kind: inspect.StrType) -> str:
    return f"a string{_size(kind.min_length, kind.max_length, 'characters')}"


@describe.register
def _(kind: inspect.CollectionType) -> str:
    name = "a set" if isinstance(kind, inspect.FrozenSetType) else "an array"
    return f"{name}{_size(kind.min_length, kind.max_length, 'items')}"


@describe.register
def _(kind: inspect.LiteralType) -> str:
    return f"one of {', '.join(map(repr, kind.values))}"


def _range(minimum: float | None, maximum: float | None) -> str:
    if minimum is None:
        return "" if maximum is None else f" up to {_number(maximum)}"
    if maximum is None:
        return f" from {_number(minimum)}"
    return f" from {_number(minimum)} to {_number(maximum)}"


def _size(minimum: int | None, maximum: int | None, unit: str) -> str:
    if maximum is None:
        return "" if minimum is None else f" of {minimum:,} or more {unit}"
    return f" of {f'{minimum:,} to' if minimum else 'at most'} {maximum:,} {unit}"


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def _join(parts: Iterator[str]) -> str:
    return " or ".join(dict.fromkeys(parts))


_NAMES: Final[Mapping[type[inspect.Type], str]] = {
    inspect.BoolType: "true or false",
    inspect.DateTimeType: "a time with a UTC offset, such as 2026-03-01T12:00:00Z",
    inspect.DictType: "an object",
    inspect.NoneType: "null",
    inspect.StructType: "an object",
}
