"""
What a JSON body breaks in the contract.

The models of the contract read leniently: unknown fields do no harm, and patterns are not theirs.
So each has a strict twin here, made when it is first needed. A body that fits it costs one
conversion; only one that does not is looked at field by field.
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
    """What the contract says of a field besides its type."""

    holds: Callable[[object], bool]
    """For a value of the type."""

    words: str


def _pattern(pattern: re.Pattern[str]) -> _Rule:
    def holds(value: object) -> bool:
        if isinstance(value, str):
            return pattern.fullmatch(value) is not None
        return bool(value) and all(map(holds, cast("list[object]", value)))

    return _Rule(holds, f"text like {pattern.pattern}")


_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "tracking_number": _pattern(patterns.TRACKING_NUMBER),
        "carrier_code": _pattern(patterns.CARRIER_CODE),
        "update_carrier_code": _pattern(patterns.CARRIER_CODE),
        "track_number": _pattern(patterns.AIR_WAYBILL_NUMBER),
        "auto_correct": _Rule({None, 0, 1}.__contains__, "0, 1 or null"),
    }
)
"""By field. A test compares them with the contract."""

_NOT_EMPTY: Final = _Rule(bool, "text that is not empty")
_WORDS: Final[Mapping[object, str]] = MappingProxyType(
    {str: "text", int: "a whole number", NoneType: "null"}
)


class _Field(NamedTuple):
    kind: Any
    is_required: bool
    rule: _Rule | None

    def fits(self, value: object) -> bool:
        return _fits(value, self.kind) and (self.rule is None or self.rule.holds(value))

    @property
    def takes_array(self) -> bool:
        return any(get_origin(member) is list for member in get_args(self.kind))

    @property
    def expected(self) -> str:
        return self.rule.words if self.rule else _describe(self.kind)


class Model:
    """A model of the contract with all its rules."""

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

    def fits(self, value: object) -> bool:
        """Tell whether a value breaks nothing."""
        if not _fits(value, self._twin):
            return False
        given = cast("dict[str, object]", value)
        return all(rule.holds(given[name]) for name, rule in self._rules if name in given)

    def faults(self, value: object, place: str) -> Iterator[Hint]:
        """Give a hint for all that a value breaks, which stands at this place."""
        if self.fits(value):
            return
        given = as_object(value)
        if given is None:
            yield Hint(place, "an object", shown(value), self.see)
            return
        for name, field in self._fields.items():
            if name in given:
                yield from self._faults_of_field(field, given[name], f"{place}/{name}")
            elif field.is_required:
                yield Hint(f"{place}/{name}", field.expected, "nothing", self.see)
        for name in given:
            if name not in self._fields:
                expected = f"a field of {self._name}{suggestion(name, self._fields)}"
                yield Hint(f"{place}/{step(name)}", expected, "another name", self.see)

    def _faults_of_field(self, field: _Field, value: object, place: str) -> Iterator[Hint]:
        value = whole(value)
        if field.fits(value):
            return
        items = as_array(value)
        if items and field.takes_array:
            for index, item in enumerate(items):
                if not field.fits([item]):
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
    """Give the model of an operation's body, or of each item of it."""
    kind: Any = OPERATIONS[operation_id].request
    return Model(*(get_args(kind) or (kind,)))


def body_hints(operation: Operation[Any], body: object) -> Iterator[Hint]:
    """Tell what a body breaks in the contract."""
    model = model_of(operation.id)
    if get_origin(operation.request) is not list:
        yield from model.faults(body, "body")
        return
    most = operation.batch.max_items if operation.batch else None
    items = as_array(body) or []
    if not items or (most is not None and len(items) > most):
        size = f"1 to {most}" if most else "1 or more"
        yield Hint("body", f"an array of {size} objects", shown(body), model.see)
    for index, item in enumerate(items):
        yield from model.faults(item, f"body/{index}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Name what may be meant, if something is near enough."""
    near = get_close_matches(name, known, n=1)
    return f", such as {near[0]}" if near else ""


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type of any kind
    try:
        msgspec.convert(value, kind)
    except UNREADABLE:
        return False
    return True


def _describe(kind: Any) -> str:  # noqa: ANN401 - a type of any kind
    """Say in words what a type takes."""
    if get_origin(kind) in {Union, UnionType}:
        return " or ".join(map(_describe, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(shown(member.value) for member in kind)
    return _WORDS[kind]
