"""
Hints on JSON bodies that do not match the contract.

The models of the contract are lenient: they ignore unknown fields and patterns. Each gets a strict
twin here when it is first needed. A valid body costs one conversion; only an invalid one is checked
field by field.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, NamedTuple, Union, cast, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from trackingmore_v2_api import OPERATIONS, Operation, patterns
from trackingmore_v2_sandbox.hints.hint import Hint, as_array, as_object, shown, step
from trackingmore_v2_sandbox.http.body import UNREADABLE, whole


class _Rule(NamedTuple):
    """A constraint on a field beyond its type."""

    holds: Callable[[object], bool]
    """Whether a value of the field's type satisfies the constraint."""

    words: str
    """The constraint in words."""


def _pattern(pattern: re.Pattern[str]) -> _Rule:
    def holds(value: object) -> bool:
        if isinstance(value, str):
            return pattern.fullmatch(value) is not None
        return bool(value) and all(map(holds, cast("list[object]", value)))

    return _Rule(holds, f"a string matching {pattern.pattern}")


_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "tracking_number": _pattern(patterns.TRACKING_NUMBER),
        "carrier_code": _pattern(patterns.CARRIER_CODE),
        "update_carrier_code": _pattern(patterns.CARRIER_CODE),
        "track_number": _pattern(patterns.AIR_WAYBILL_NUMBER),
        "auto_correct": _Rule({None, 0, 1}.__contains__, "0, 1 or null"),
    }
)
"""Constraints by field. A test compares them with the contract."""

_NOT_EMPTY: Final = _Rule(bool, "a non-empty string")
_WORDS: Final[Mapping[object, str]] = MappingProxyType(
    {str: "a string", int: "an integer", NoneType: "null"}
)


class _Field(NamedTuple):
    kind: Any
    is_required: bool
    rule: _Rule | None

    def is_valid(self, value: object) -> bool:
        return _converts(value, self.kind) and (self.rule is None or self.rule.holds(value))

    @property
    def takes_array(self) -> bool:
        return any(get_origin(member) is list for member in get_args(self.kind))

    @property
    def expected(self) -> str:
        return self.rule.words if self.rule else _describe(self.kind)


class Model:
    """A model of the contract with all its constraints."""

    def __init__(self, model: type[Struct]) -> None:
        self._name = model.__name__
        self._fields = {field.encode_name: _field(field) for field in fields(model)}
        self._rules = [(name, field.rule) for name, field in self._fields.items() if field.rule]
        self._twin = msgspec.defstruct(
            self._name,
            [
                (name, field.kind) if field.is_required else (name, field.kind, None)
                for name, field in self._fields.items()
            ],
            kw_only=True,
            forbid_unknown_fields=True,
        )
        self.see = f"openapi.yaml#/components/schemas/{self._name}"

    def is_valid(self, value: object) -> bool:
        """Return whether a value is valid."""
        if not _converts(value, self._twin):
            return False
        given = cast("dict[str, object]", value)
        return all(rule.holds(given[name]) for name, rule in self._rules if name in given)

    def faults(self, value: object, place: str) -> Iterator[Hint]:
        """Yield a hint for each violation in a value at a JSON pointer."""
        if self.is_valid(value):
            return
        given = as_object(value)
        if given is None:
            yield Hint(place, "an object", shown(value), self.see)
            return
        for name, field in self._fields.items():
            if name in given:
                yield from self._faults_of_field(field, given[name], f"{place}/{name}")
            elif field.is_required:
                yield Hint(f"{place}/{name}", field.expected, "no value", self.see)
        for name in given:
            if name not in self._fields:
                expected = f"a field of {self._name}{suggestion(name, self._fields)}"
                yield Hint(f"{place}/{step(name)}", expected, "an unknown field", self.see)

    def _faults_of_field(self, field: _Field, value: object, place: str) -> Iterator[Hint]:
        value = whole(value)
        if field.is_valid(value):
            return
        items = as_array(value)
        if items and field.takes_array:
            for index, item in enumerate(items):
                if not field.is_valid([item]):
                    yield Hint(f"{place}/{index}", field.expected, shown(item), self.see)
        else:
            yield Hint(place, field.expected, shown(value), self.see)


def _field(field: FieldInfo) -> _Field:
    rule = _RULES.get(field.encode_name)
    if rule is None and field.required and field.type is str:
        rule = _NOT_EMPTY
    return _Field(field.type, field.required, rule)


@cache
def model_of(operation_id: str) -> Model:
    """Return the model of an operation's body, or of its items."""
    kind: Any = OPERATIONS[operation_id].request
    return Model(*(get_args(kind) or (kind,)))


def body_hints(operation: Operation[Any], body: object) -> Iterator[Hint]:
    """Yield a hint for each violation in a request body."""
    model = model_of(operation.id)
    if get_origin(operation.request) is not list:
        yield from model.faults(body, "body")
        return
    limit = operation.batch.max_items if operation.batch else None
    items = as_array(body) or []
    if not items or (limit is not None and len(items) > limit):
        size = f"1 to {limit}" if limit else "1 or more"
        yield Hint("body", f"an array of {size} objects", shown(body), model.see)
    for index, item in enumerate(items):
        yield from model.faults(item, f"body/{index}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the most similar known name as a suffix of a hint; empty if none is similar."""
    near = get_close_matches(name, known, n=1)
    return f", such as {near[0]}" if near else ""


def _converts(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type of any kind
    try:
        msgspec.convert(value, kind)
    except UNREADABLE:
        return False
    return True


def _describe(kind: Any) -> str:  # noqa: ANN401 - a type of any kind
    """Return a description of the values of a type."""
    if get_origin(kind) in {Union, UnionType}:
        return " or ".join(map(_describe, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(shown(member.value) for member in kind)
    return _WORDS[kind]
