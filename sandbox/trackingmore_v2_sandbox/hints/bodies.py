"""
Hints on JSON bodies that do not match the contract.

The request models hold the constraints of the contract. A valid body costs one conversion; only an
invalid one is checked field by field.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from trackingmore_v2_api import OPERATIONS, Operation
from trackingmore_v2_api.constraints import REQUEST_FIELDS, RequestField
from trackingmore_v2_sandbox.hints.hint import Hint, as_array, as_object, shown, step
from trackingmore_v2_sandbox.http.body import UNREADABLE, whole
from trackingmore_v2_sandbox.http.routing import CONTRACT_PATH


class _Field:
    """A field of a request model."""

    def __init__(self, field: RequestField, kind: Any) -> None:  # noqa: ANN401 - a type of any kind
        self.is_required, self.expected = field.required, field.expected
        self._kind = kind
        plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
        self.is_array = get_origin(plain) is list

    def is_valid(self, value: object) -> bool:
        """Return whether a value is valid."""
        return _converts(value, self._kind)


class Model:
    """A request model with the constraints of its fields."""

    def __init__(self, model: type[Struct]) -> None:
        self._model = model
        self._name = model.__name__
        kinds = {field.encode_name: field.type for field in fields(model)}
        self._fields = {
            field.wire: _Field(field, kinds[field.wire]) for field in REQUEST_FIELDS[model]
        }
        self.see = f"{CONTRACT_PATH}#/components/schemas/{self._name}"

    def is_valid(self, value: object) -> bool:
        """Return whether a value is valid."""
        return _converts(value, self._model)

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
        if items and field.is_array:
            # Checked one by one, to point to the invalid item instead of the array.
            for index, item in enumerate(items):
                if not field.is_valid([item]):
                    yield Hint(f"{place}/{index}", field.expected, shown(item), self.see)
        else:
            expected = f"an array, each item {field.expected}" if field.is_array else field.expected
            yield Hint(place, expected, shown(value), self.see)


@cache
def model_of(operation_id: str) -> Model:
    """Return the model of an operation's body, or of its items."""
    kind: Any = OPERATIONS[operation_id].request
    # A batch is a list of one model.
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
