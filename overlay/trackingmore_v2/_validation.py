"""Validation of arguments before anything is sent; an invalid one raises `InvalidInput`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields, replace

from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import Bounds, models, patterns

BodyT = TypeVar("BodyT", bound=Struct)
CheckedT = TypeVar("CheckedT")

_NAMES: Final = {
    "carrier_code": patterns.CARRIER_CODE,
    "tracking_number": patterns.TRACKING_NUMBER,
    "update_carrier_code": patterns.CARRIER_CODE,
}
"""The fields that identify a tracking, with their patterns."""

_LIMITS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "auto_correct": ((None, 0, 1).__contains__, "must be 0 or 1"),
    "country": (bool, "is empty"),
    "destination": (bool, "is empty"),
    "original": (bool, "is empty"),
    "postcode": (bool, "is empty"),
}
"""Other fields with constraints beyond their types, with the reason of the error."""

_MORE_THAN_TYPES: Final[Mapping[str, Callable[[Any], object]]] = {
    **{field: pattern.fullmatch for field, pattern in _NAMES.items()},
    **{field: fits for field, (fits, _) in _LIMITS.items()},
}

_CONVERSION_ERRORS: Final = (
    msgspec.MsgspecError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
)
"""What encoding or decoding JSON raises for a value of another type."""


def tracking_number(value: object, index: int | None = None) -> str:
    """Return a tracking number without surrounding whitespace."""
    if isinstance(value, str) and patterns.TRACKING_NUMBER.fullmatch(value):
        return value
    text = _text("tracking_number", value, index)
    if patterns.TRACKING_NUMBER.fullmatch(text.strip()):
        return text.strip()
    reason = f"must be at least five letters, digits, hyphens or underscores, not {text[:80]!r}"
    raise InvalidInput("tracking_number", reason, index)


def carrier_code(value: object, index: int | None = None, field: str = "carrier_code") -> str:
    """Return a carrier code without surrounding whitespace."""
    if isinstance(value, str) and patterns.CARRIER_CODE.fullmatch(value):
        return value
    text = _text(field, value, index)
    if patterns.CARRIER_CODE.fullmatch(text.strip()):
        return text.strip()
    reason = f"must be letters, digits, hyphens or underscores, not {text[:80]!r}"
    raise InvalidInput(field, reason, index)


def air_waybill_number(value: object, index: int | None = None) -> str:
    """Return an air waybill number in its standard form, with its check digit verified."""
    text = _text("track_number", value, index).strip(" ")
    if not patterns.AIR_WAYBILL_NUMBER.fullmatch(text):
        raise InvalidInput("track_number", f"must look like 172-28891936, not {text[:80]!r}", index)
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
    text = _text("lang", value)
    if not patterns.LANGUAGE_CODE.fullmatch(text):
        raise InvalidInput("lang", f"must be two letters, not {text[:80]!r}")
    return text.lower()


def order_id(value: object, index: int) -> str:
    """Return an order id to filter by; it must not contain the comma that separates several."""
    text = _text("orders", value, index)
    if not patterns.ORDER_ID_FILTER.fullmatch(text):
        raise InvalidInput("orders", f"must not hold a comma, as {text[:80]!r} does", index)
    return text


def status(value: object, index: int | None = None) -> models.TrackingStatus:
    """Return a status to filter by."""
    text = _text("status", value, index)
    known = models.TrackingStatus(text)
    if not known.is_known:
        names = ", ".join(models.TrackingStatus)
        raise InvalidInput("status", f"must be one of {names}, not {text[:80]!r}", index)
    return known


def archived(value: object) -> models.ArchivedText | None:
    """Return a boolean as the text that the API requires; None stays None."""
    if value is None:
        return None
    return models.ArchivedText.TRUE if flag("archived", value) else models.ArchivedText.FALSE


def flag(field: str, value: object) -> bool:
    """Return a boolean; any other type is invalid."""
    if not isinstance(value, bool):
        raise InvalidInput(field, f"must be a bool, not {type(value).__name__}")
    return value


def known(prepared: str, given: Mapping[str, object], names: frozenset[str]) -> None:
    """Raise `TypeError` for an unknown keyword, as Python does: a dropped filter would list all."""
    for name in given.keys() - names:
        raise TypeError(f"{prepared}() got an unexpected keyword argument {name!r}")


def each(field: str, values: object, check: Callable[[object, int], CheckedT]) -> list[CheckedT]:
    """Return each value as checked; an empty iterable is invalid."""
    checked = [check(value, index) for index, value in enumerate(several(field, values))]
    if not checked:
        # The API treats an empty filter as no filter.
        raise InvalidInput(field, "is empty")
    return checked


def several(field: str, values: object) -> Iterable[object]:
    """Return an iterable of values; a string or a mapping is invalid."""
    kind = type(values).__name__
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise InvalidInput(field, f"must be an iterable, not {kind}")
    return cast("Iterable[object]", values)


def of_dicts(kind: type[BodyT], values: Sequence[Any]) -> list[BodyT] | None:
    """Return validated models of dicts, in one conversion; None if any of them is invalid."""
    names = _same_names(kind)
    if set(map(type, values)) != {dict} or not all(map(names.issuperset, values)):
        return None
    try:
        made = msgspec.convert(values, list[kind])  # type: ignore[valid-type]  # as below
        msgspec.json.encode(made)  # which half a surrogate pair prevents
    except _CONVERSION_ERRORS:
        return None
    return made if _are_within(kind, made) else None


def all_fine(kind: type[BodyT], values: Sequence[BodyT]) -> bool:
    """Return whether models of one kind are valid: as `body()`, but faster and without a reason."""
    try:
        sent = _decoder_of_several(kind).decode(msgspec.json.encode(values))
        return sent == list(values) and _are_within(kind, values)
    except _CONVERSION_ERRORS:
        return False


def body(value: BodyT, index: int | None = None) -> BodyT:
    """Return a request body with every field checked, and its identifying fields trimmed."""
    for field in value.__struct_fields__:
        if field in _NAMES:
            given: object = getattr(value, field)
            is_number = field == "tracking_number"
            name = tracking_number(given, index) if is_number else carrier_code(given, index, field)
            if name != given:
                value = replace(value, **{field: name})
    try:
        sent = _decoder(type(value)).decode(msgspec.json.encode(value))
    except _CONVERSION_ERRORS as error:
        reason, _, path = str(error).partition(" - at ")
        field = path.strip("`").removeprefix("$.") or "body"
        raise InvalidInput(field, f"is wrong: {reason}", index) from None
    if sent != value:
        raise _changed(value, sent, index)
    for field, (fits, reason) in _LIMITS.items():
        if field in value.__struct_fields__ and not fits(getattr(value, field)):
            raise InvalidInput(field, reason, index)
    return value


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


def _changed(value: Struct, sent: Struct, index: int | None) -> InvalidInput:
    """Return the error for a field that JSON changes, such as bytes or NaN."""
    for field in fields_of(type(value)):
        given: object = getattr(value, field.name)
        if given != getattr(sent, field.name):
            kind = type(given).__name__
            return InvalidInput(field.encode_name, f"cannot be sent as it is, a {kind}", index)
    return InvalidInput("body", "cannot be sent as it is", index)


def _are_within(kind: type[BodyT], values: Sequence[BodyT]) -> bool:
    """Return whether all fields with constraints beyond their types are valid."""
    return all(
        all(map(fits, map(attrgetter(field), values)))
        for field, fits in _MORE_THAN_TYPES.items()
        if field in kind.__struct_fields__
    )


@cache
def fields_of(kind: type[Struct]) -> tuple[FieldInfo, ...]:
    """Return the fields of a model. Cached: reading them takes half a millisecond."""
    return fields(kind)


@cache
def _same_names(kind: type[Struct]) -> frozenset[str]:
    """Return the fields whose Python name is also their name on the wire."""
    return frozenset(field.name for field in fields_of(kind) if field.name == field.encode_name)


@cache
def _decoder_of_several(kind: type[BodyT]) -> msgspec.json.Decoder[list[BodyT]]:
    return msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]  # a type like any other


@cache
def _decoder(kind: type[Struct]) -> msgspec.json.Decoder[Struct]:
    return msgspec.json.Decoder(kind)


def _text(field: str, value: object, index: int | None = None) -> str:
    if not isinstance(value, str):
        raise InvalidInput(field, f"must be a str, not {type(value).__name__}", index)
    if not value:
        raise InvalidInput(field, "is empty", index)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(field, "holds half a surrogate pair", index) from None
    return value
