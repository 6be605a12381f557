"""Validation of arguments before anything is sent; an invalid one raises `InvalidInput`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _coercion
from trackingmore_v2._errors import InvalidInput, TrackingMoreError
from trackingmore_v2._suggestions import suggestion
from trackingmore_v2_api import Bounds, models, patterns
from trackingmore_v2_api.constraints import RequestField

ModelT = TypeVar("ModelT", bound=Struct)
CheckedT = TypeVar("CheckedT")
ErrorT = TypeVar("ErrorT", bound=TrackingMoreError)

CarrierLanguageName: TypeAlias = Literal["en", "cn", "tw", "es", "ru", "it"]
"""The languages of carrier names in the contract, for completion in editors."""

_CONVERSION_ERRORS: Final = (
    msgspec.MsgspecError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
)
"""What encoding or decoding JSON raises for a value of another type."""

_MAX_SHOWN: Final = 80
"""Maximum number of characters of a value in an error message."""

_AS_TEXT: Final = "; write it as text: leading zeros are lost"

_ROWS_OF_FRAMES: Final = {
    "to_dicts": "to_dicts()",
    "to_pylist": "to_pylist()",
    "itertuples": 'to_dict("records")',
}
"""Methods by which data frames are recognized, and the call that returns their rows."""


def require_instance(name: str, value: object, *kinds: type) -> None:
    """
    Check that an argument is an instance of one of the given classes.

    Raises:
        InvalidInput: It is not.
    """
    if not isinstance(value, kinds):
        allowed = " or ".join(kind.__name__ for kind in kinds)
        raise InvalidInput(name, f"must be of the type {allowed}, not {type(value).__name__}")


def tracking_number(value: object, index: int | None = None) -> str:
    """Return a tracking number without surrounding whitespace."""
    return _trimmed("tracking_number", value, patterns.TRACKING_NUMBER, index)


def carrier_code(value: object, index: int | None = None) -> str:
    """Return a carrier code without surrounding whitespace."""
    return _trimmed("carrier_code", value, patterns.CARRIER_CODE, index)


def pair(carrier: object, number: object) -> tuple[str, str]:
    """Return a carrier code and a tracking number without surrounding whitespace."""
    return carrier_code(carrier), tracking_number(number)


def pair_of(item: object) -> tuple[str, str]:
    """
    Return the carrier code and the tracking number of an item of any type.

    Raises:
        Exception: It has none; attributes of the caller's object may raise any error.
    """
    given: Any = item
    if isinstance(item, tuple):
        return pair(*given)
    if isinstance(item, Mapping):
        return pair(given["carrier_code"], given["tracking_number"])
    return pair(given.carrier_code, given.tracking_number)


def with_pair(error: ErrorT, item: object) -> ErrorT:
    """Return an error with the carrier and the number of the item that it is about, if valid."""
    with suppress(Exception):
        error.carrier_code, error.tracking_number = pair_of(item)
    return error


def air_waybill_number(value: object, index: int | None = None) -> str:
    """Return an air waybill number in its standard form, with its check digit verified."""
    given = _text("track_number", value, index).strip(" ")
    text = _matching("track_number", given, patterns.AIR_WAYBILL_NUMBER, index)
    digits = text.replace("-", "").replace(" ", "")
    prefix, serial, check = digits[:3], digits[3:10], digits[10:]
    if check and int(serial) % 7 != int(check):
        reason = f"must have {int(serial) % 7} as its check digit, unlike {text!r}"
        raise InvalidInput("track_number", reason, index)
    return f"{prefix}-{serial}{check}"


def language(value: object) -> str | None:
    """Return a language code in lower case, as the API requires; None stays None."""
    if value is None:
        return None
    return _matching("lang", _text("lang", value), patterns.LANGUAGE_CODE).lower()


def carrier_language(value: str | None) -> models.CarrierLanguage | None:
    """Return a language of carrier names; None stays None."""
    if value is None:
        return None
    try:
        return models.CarrierLanguage(value)
    except ValueError:
        raise InvalidInput("lang", _not_one_of(value, models.CarrierLanguage)) from None


def order_id(value: object, index: int) -> str:
    """Return an order id to filter by; it must not contain the comma that separates several."""
    text = _text("orders", value, index)
    if not patterns.ORDER_ID_FILTER.fullmatch(text):
        # Not quoted, since an order id is personal.
        allowed = patterns.ALLOWED[patterns.ORDER_ID_FILTER]
        raise InvalidInput("orders", f"must be {allowed}", index)
    return text


def status(value: object, index: int | None = None) -> models.TrackingStatus:
    """Return a status to filter by."""
    text = _text("status", value, index)
    # The enum accepts any text, since a response may contain a new status.
    known = models.TrackingStatus(text)
    if not known.is_known:
        reason = _not_one_of(text, models.TrackingStatus)
        raise InvalidInput("status", reason, index)
    return known


def archived(value: object) -> models.ArchivedText | None:
    """Return a boolean as the text that the API requires; None stays None."""
    if value is None:
        return None
    return models.ArchivedText.TRUE if flag("archived", value) else models.ArchivedText.FALSE


def changes_by_keyword(changes: Mapping[str, object]) -> models.UpdateTrackingRequest:
    """Return the valid model of keyword arguments, whose `archived` must be a boolean."""
    given: dict[str, Any] = dict(changes)
    value = given.get("archived")
    if value is not None and not isinstance(value, bool):
        table = _coercion.fields_of(models.UpdateTrackingRequest)
        raise _field_error(next(field for field in table if field.name == "archived"), value, None)
    given["archived"] = archived(value)
    return model(models.UpdateTrackingRequest, models.UpdateTrackingRequest(**given))


def flag(field: str, value: object) -> bool:
    """Return a boolean; any other type is invalid."""
    if not isinstance(value, bool):
        raise InvalidInput(field, f"must be a bool, not {type(value).__name__}")
    return value


def known(method: str, given: Mapping[str, object], names: frozenset[str]) -> None:
    """Raise `TypeError` for an unknown keyword, as Python does: a dropped filter would list all."""
    for name in given.keys() - names:
        reason = f"{method}() got an unexpected keyword argument {name!r}"
        raise TypeError(f"{reason}{suggestion(name, names)}")


def require_unknown(value: object) -> None:
    """Validate what to do with the unknown fields of items."""
    if value not in ("reject", "ignore"):
        raise InvalidInput("unknown", f'must be "reject" or "ignore", not {_shown(value)}')


def each(field: str, values: object, check: Callable[[object, int], CheckedT]) -> list[CheckedT]:
    """Return each value as checked; an empty iterable is invalid."""
    checked = [check(value, index) for index, value in enumerate(several(field, values))]
    if not checked:
        # The API treats an empty filter as no filter.
        raise InvalidInput(field, "is empty")
    return checked


def several(field: str, values: object) -> Iterable[object]:
    """Return an iterable of values; a string or a mapping is invalid."""
    kind = type(values)
    for method, call in _ROWS_OF_FRAMES.items() if hasattr(kind, "columns") else ():
        if hasattr(kind, method):  # iterating over it would yield its columns
            what, part = ("rows", f"its {call}") if field == "items" else ("text", "a column of it")
            reason = f"must be an iterable of {what}, not a {kind.__name__}: pass {part}"
            raise InvalidInput(field, reason)
    if isinstance(values, str | bytes | Mapping):
        reason = f"must be a list or another iterable, not a single {kind.__name__}"
        raise InvalidInput(field, reason)
    if not isinstance(values, Iterable):
        raise InvalidInput(field, f"must be an iterable, not {kind.__name__}")
    return cast("Iterable[object]", values)


def several_models(kind: type[ModelT], items: Sequence[Any]) -> list[ModelT] | None:
    """Return the models of items of one type in one conversion; None if any item is invalid."""
    types = set(map(type, items))
    try:
        # `convert` knows the names on the wire only, so other dicts are converted one by one.
        if types == {dict} and all(map(_same_names(kind).issuperset, items)):
            made: list[ModelT] = msgspec.convert(items, _rows_of(kind))
            encoded = msgspec.json.encode(made)  # fails for half a surrogate pair
            return None if _coercion.have_blanks(encoded, items) else made
        if types == {kind}:
            # `convert` does not check an instance, so the models go through JSON.
            sent = _decoder_of_several(kind).decode(msgspec.json.encode(items))
            return list(items) if sent == items else None
    except _CONVERSION_ERRORS:
        pass
    return None


def model(kind: type[ModelT], item: object, index: int | None = None) -> ModelT:
    """
    Return the valid model of an item, with whitespace around carrier and number trimmed.

    Raises:
        InvalidInput: The item has another type, or a field is missing, unknown or invalid.
    """
    try:
        return _valid_model(kind, item, index)
    except InvalidInput as error:
        raise with_pair(error, item) from None


def row_checker(kind: type[ModelT], unknown: object) -> Callable[[object, int], ModelT]:
    """Return a function like `model()`, which rejects or ignores the unknown fields of rows."""
    require_unknown(unknown)
    if unknown == "ignore":
        return lambda item, index: model(kind, _coercion.without_unknown(kind, item), index)
    return partial(model, kind)


def _valid_model(kind: type[ModelT], item: object, index: int | None) -> ModelT:
    made = _without_lists(unchecked_model(kind, item, index), index)
    table = _coercion.fields_of(type(made))
    for field in table:
        given: object = getattr(made, field.name)
        if field.pattern:
            value: object = _trimmed(field.name, given, field.pattern, index)
        elif field.choices and isinstance(given, str):
            value = dict(field.choices).get(given.strip().casefold(), given)
        elif field.kind == "text" and isinstance(given, str):
            value = _plain(given)
        else:
            continue
        if value is not given:
            made = replace(made, **{field.name: value})
    # The constructor of a Struct checks no types and no constraints; decoding checks both.
    try:
        sent = _decoder(type(made)).decode(msgspec.json.encode(made))
    except _CONVERSION_ERRORS as error:
        raise _rejected(made, str(error), index) from None
    if sent != made:
        raise _changed(made, sent, index)
    return made


def _without_lists(made: ModelT, index: int | None) -> ModelT:
    """Replace each list of one, as it stands in a response, by its value; an empty one by None."""
    for field in _coercion.fields_of(type(made)):
        values: object = getattr(made, field.name)
        if field.takes_list_of_one and isinstance(values, list):
            given = cast("list[object]", values)
            if len(given) > 1:
                reason = f"must be {field.allowed}, not a list of {len(given)}: choose one of them"
                raise InvalidInput(field.wire, reason, index)
            made = replace(made, **{field.name: given[0] if given else None})
    return made


def unchecked_model(kind: type[ModelT], item: object, index: int | None = None) -> ModelT:
    """
    Return the model of a model or a row; only the names of the fields are checked.

    Raises:
        InvalidInput: The item is neither, or a field of the row is missing or unknown.
    """
    if isinstance(item, kind):
        return item
    if not isinstance(item, dict | Mapping):  # checking for dict first is ten times as fast
        reason = f"must be a {kind.__name__} or a dict, not {type(item).__name__}"
        raise InvalidInput("item", reason, index)
    cells = _coercion.given_cells(kind, cast("_coercion.Row", item), index)
    for field in _coercion.fields_of(kind):
        if field.required and field.name not in cells:
            raise InvalidInput(field.name, "is missing", index)
    return kind(**cells)


def whole(value: object, bounds: Bounds) -> int | None:
    """Return an integer to filter by; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(bounds.name, f"must be an int, not {type(value).__name__}")
    if bounds.minimum is not None and value < bounds.minimum:
        raise InvalidInput(bounds.name, f"must be at least {bounds.minimum}, not {value}")
    if bounds.maximum is not None and value > bounds.maximum:
        raise InvalidInput(bounds.name, f"must be at most {bounds.maximum}, not {value}")
    return value


def _rejected(made: Struct, message: str, index: int | None) -> InvalidInput:
    """Return the error for a model that msgspec cannot encode or decode."""
    # msgspec's message names the field, but neither the value nor what is allowed.
    _, separator, place = message.rpartition(" - at `$.")
    wire = place.rstrip("`") if separator else ""
    for field in _coercion.fields_of(type(made)):
        value: object = getattr(made, field.name)
        # JSON has no numbers and times of other libraries.
        if field.wire == wire or not (isinstance(value, str) or _is_json(value)):
            return _field_error(field, value, index)
    names = [name for name in made.__struct_fields__ if not _is_json(getattr(made, name))]
    reason = f" because of {', '.join(names)}" if names else ""
    return InvalidInput(wire or "body", f"cannot be written as JSON{reason}", index)


def _changed(made: Struct, sent: Struct, index: int | None) -> InvalidInput:
    """Return the error for a field that JSON changes, such as bytes or NaN."""
    for field in _coercion.fields_of(type(made)):
        value: object = getattr(made, field.name)
        if value != getattr(sent, field.name):
            return _field_error(field, value, index)
    return InvalidInput("body", "cannot be written as JSON as it is", index)


def _field_error(field: RequestField, value: object, index: int | None) -> InvalidInput:
    # A text may be personal: a telephone number, given as an integer.
    shown = type(value).__name__ if field.kind == "text" else _shown(value)
    reason = f"must be {field.allowed}, not {shown}"
    if field.choices and isinstance(value, str):
        reason += suggestion(value, [name for name, _ in field.choices])
    if field.kind == "text" and _coercion.is_number(value):
        reason += _AS_TEXT
    return InvalidInput(field.wire, reason, index)


def _not_one_of(value: object, names: Iterable[str]) -> str:
    names = [*names]
    return f"must be one of {', '.join(names)}, not {_shown(value)}{suggestion(value, names)}"


def _is_json(value: object) -> bool:
    try:
        msgspec.json.encode(value)
    except _CONVERSION_ERRORS:
        return False
    return True


@cache
def _same_names(kind: type[Struct]) -> frozenset[str]:
    """Return the fields whose Python name is also their name on the wire."""
    return frozenset(field.name for field in _coercion.fields_of(kind) if field.name == field.wire)


@cache
def _rows_of(kind: type[Struct]) -> Any:  # noqa: ANN401 - a type like any other
    return list[_coercion.without_empty_text(kind)]  # type: ignore[misc]  # a type like any other


@cache
def _decoder_of_several(kind: type[ModelT]) -> msgspec.json.Decoder[list[ModelT]]:
    return msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]  # a type like any other


@cache
def _decoder(kind: type[Struct]) -> msgspec.json.Decoder[Struct]:
    return msgspec.json.Decoder(kind)


def _trimmed(field: str, value: object, pattern: re.Pattern[str], index: int | None) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return _plain(value)
    return _matching(field, _text(field, value, index).strip(), pattern, index)


def _plain(text: str) -> str:
    """Return the same string if it is of the type `str`, and a copy of that type otherwise."""
    return str.__str__(text)  # JSON has no subclasses, such as those of numpy and of templates


def _matching(field: str, text: str, pattern: re.Pattern[str], index: int | None = None) -> str:
    if not pattern.fullmatch(text):
        reason = f"must be {patterns.ALLOWED[pattern]}, not {_shown(text)}"
        raise InvalidInput(field, reason, index)
    return text


def _shown(value: object) -> str:
    """Return a string or a number for a message; the type of any other value."""
    if isinstance(value, str):
        shown = repr(str(value)[:_MAX_SHOWN])
        return f"{shown}..." if len(value) > _MAX_SHOWN else shown
    # Python raises an error for the text of an integer with more than 4,300 digits.
    is_short = value is None or (isinstance(value, int | float) and abs(value) < 2**64)
    return repr(value) if is_short else type(value).__name__


def _text(field: str, value: object, index: int | None = None) -> str:
    if not isinstance(value, str):
        advice = _AS_TEXT if _coercion.is_number(value) else ""
        raise InvalidInput(field, f"must be a str, not {type(value).__name__}{advice}", index)
    if not value:
        raise InvalidInput(field, "is empty", index)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(field, "holds half a surrogate pair", index) from None
    return value
