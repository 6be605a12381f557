"""Conversion of scalars to the JSON types that the contract documents, as PHP converts them."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, get_args

from trackingmore_v2_api import Operation
from trackingmore_v2_api.constraints import REQUEST_FIELDS, RequestField
from trackingmore_v2_sandbox.hints.hint import as_array, as_object
from trackingmore_v2_sandbox.http.body import integer, whole

_Scalar: TypeAlias = str | int | float
_ARCHIVED: Final[Mapping[_Scalar, str]] = {1: "true", 0: "false", "1": "true", "0": "false"}
"""Other spellings of a boolean; as keys, true is 1 and false is 0."""

_MAX_INTEGER: Final = 2**63 - 1
"""A larger integer is a float in PHP, of which text has 14 digits: a long number is damaged."""


def coerce(operation: Operation[Any], body: object) -> object:
    """
    Return a body whose scalars have the JSON types that the contract documents.

    Assumed: the live API converts as PHP does, since clients in use send such values. Numbers
    become text and numeric text becomes a number, true becomes `1` and false becomes empty text;
    in `archived`, true and 1 are `true`, false and 0 are `false`. Arrays and objects stay as sent.

    Args:
        operation: The operation requested.
        body: The parsed JSON body.
    """
    kind: Any = operation.request
    if kind is None:
        return body
    # A batch is a list of one model.
    (model,) = get_args(kind) or (kind,)
    fields = REQUEST_FIELDS[model]
    items = as_array(body)
    if items is not None:
        return [_coerce_fields(item, fields) for item in items]
    return _coerce_fields(body, fields)


def _coerce_fields(value: object, fields: tuple[RequestField, ...]) -> object:
    sent = as_object(value)
    if sent is None:
        return value
    given = [field for field in fields if field.wire in sent]
    return {**sent, **{field.wire: _coerce_field(field, sent[field.wire]) for field in given}}


def _coerce_field(field: RequestField, value: object) -> object:
    convert = _CONVERSIONS[field.kind]
    items = as_array(value)
    if items is not None:
        return [convert(each, field) if isinstance(each, _Scalar) else each for each in items]
    return convert(value, field) if isinstance(value, _Scalar) else value


def _to_text(value: _Scalar, _field: RequestField) -> object:
    if isinstance(value, bool):
        return "1" if value else ""
    number = whole(value)
    if isinstance(number, int) and abs(number) > _MAX_INTEGER:
        number = float(str(number))
    return f"{number:.14G}" if isinstance(number, float) else str(number)


def _to_integer(value: _Scalar, field: RequestField) -> object:
    text = str(_to_text(value, field)).strip()
    # Empty text counts as not given, but is no status.
    if not text and not field.choices:
        return None
    number = integer(text)
    return text if number is None else number


def _to_archived(value: _Scalar, _field: RequestField) -> object:
    return _ARCHIVED.get(value, value)


_CONVERSIONS: Final[Mapping[str, Callable[[_Scalar, RequestField], object]]] = {
    "text": _to_text,
    "integer": _to_integer,
    "boolean": _to_archived,
}
