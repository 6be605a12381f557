"""Arguments are checked here before anything is sent; a bad one raises `InvalidInput`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct

from trackingmore_v2_api import Bounds, Operation, models, patterns

from ._errors import InvalidInput

BodyT = TypeVar("BodyT", bound=Struct)


def tracking_number(value: object, index: int | None = None) -> str:
    """Check a tracking number against the contract's pattern."""
    text = _text("tracking_number", value, index)
    if not patterns.TRACKING_NUMBER.fullmatch(text):
        raise InvalidInput(
            "tracking_number",
            f"must be at least five letters, digits, hyphens or underscores, not {text[:80]!r}",
            index,
        )
    return text


def carrier_code(value: object, index: int | None = None, field: str = "carrier_code") -> str:
    """Check a carrier code against the contract's pattern."""
    text = _text(field, value, index)
    if not patterns.CARRIER_CODE.fullmatch(text):
        raise InvalidInput(
            field, f"must be letters, digits, hyphens or underscores, not {text[:80]!r}", index
        )
    return text


def air_waybill_number(value: object, index: int | None = None) -> str:
    """Check an air waybill number and its check digit, and write it in the usual form."""
    text = _text("track_number", value, index).strip(" ")
    if not patterns.AIR_WAYBILL_NUMBER.fullmatch(text):
        raise InvalidInput("track_number", f"must look like 172-28891936, not {text[:80]!r}", index)
    prefix, serial, check = text[:3], text[3:].lstrip(" -")[:7], text[3:].lstrip(" -")[7:]
    if check and int(serial) % 7 != int(check):
        reason = f"must end in {int(serial) % 7}, its check digit, unlike {text!r}"
        raise InvalidInput("track_number", reason, index)
    return f"{prefix}-{serial}{check}"


def language(value: object) -> str | None:
    """Check a language code, and put it in lower case as the API wants it."""
    if value is None:
        return None
    text = _text("lang", value)
    if not patterns.LANGUAGE_CODE.fullmatch(text):
        raise InvalidInput("lang", f"must be two letters, not {text[:80]!r}")
    return text.lower()


def order_id(value: object, index: int) -> str:
    """Check an order id to filter by; the API takes several of them separated by commas."""
    text = _text("orders", value, index)
    if not patterns.ORDER_ID_FILTER.fullmatch(text):
        raise InvalidInput("orders", f"must not hold a comma, as {text[:80]!r} does", index)
    return text


def status(value: object) -> models.TrackingStatus | None:
    """Check a status to filter by."""
    if value is None:
        return None
    known = models.TrackingStatus(_text("status", value))
    if not known.is_known:
        names = ", ".join(models.TrackingStatus)
        raise InvalidInput("status", f"must be one of {names}, not {value!r}")
    return known


def known(verb: str, given: Mapping[str, object], names: frozenset[str]) -> None:
    """Refuse a misspelt keyword as Python does; a filter that is dropped would list everything."""
    for name in given.keys() - names:
        raise TypeError(f"{verb}() got an unexpected keyword argument {name!r}")


def each(
    field: str, values: object, check: Callable[[object, int], str], most: int | None = None
) -> list[str]:
    """Check each of several values, and that there are some, but not too many."""
    checked: list[str] = []
    for index, value in enumerate(_several(field, values)):
        if index == most:
            raise InvalidInput(field, f"must be at most {most}")
        checked.append(check(value, index))
    if not checked:
        # Sent as it is, an empty filter would mean that there is none.
        raise InvalidInput(field, "is empty")
    return checked


def body(value: BodyT, index: int | None = None) -> BodyT:
    """Check every field of a request body: its type, and the pair that names the parcel."""
    for field in value.__struct_fields__:
        if field in {"carrier_code", "update_carrier_code"}:
            carrier_code(getattr(value, field), index, field)
        elif field == "tracking_number":
            tracking_number(getattr(value, field), index)
    try:
        msgspec.json.decode(msgspec.json.encode(value), type=type(value))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError) as error:
        reason, _, path = str(error).partition(" - at ")
        field = path.strip("`").removeprefix("$.") or "body"
        raise InvalidInput(field, f"is wrong: {reason}", index) from None
    return value


def batch(operation: Operation[Any], items: Iterable[BodyT], kind: type[BodyT]) -> list[BodyT]:
    """Check the items of a batch one by one, and that one call takes them all."""
    checked: list[BodyT] = []
    for index, item in enumerate(_several("items", items)):
        if not isinstance(item, kind):
            reason = f"must be a {kind.__name__}, not {type(item).__name__}"
            raise InvalidInput("item", reason, index)
        checked.append(body(item, index))
        size(operation, len(checked))
    size(operation, len(checked))
    return checked


def size(operation: Operation[Any], count: int) -> None:
    """Check that one call takes so many items."""
    most = operation.batch.max_items if operation.batch else count
    if not 0 < count <= most:
        raise InvalidInput("items", f"must be 1 to {most} for {operation.id}, not {count}")


def whole(value: object, bounds: Bounds) -> int | None:
    """Check a whole number to filter by."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(bounds.name, f"must be an int, not {type(value).__name__}")
    if bounds.minimum is not None and value < bounds.minimum:
        raise InvalidInput(bounds.name, f"must be at least {bounds.minimum}, not {value}")
    if bounds.maximum is not None and value > bounds.maximum:
        raise InvalidInput(bounds.name, f"must be at most {bounds.maximum}, not {value}")
    return value


def _several(field: str, values: object) -> Iterable[object]:
    kind = type(values).__name__
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise InvalidInput(field, f"must be an iterable, not {kind}")
    return cast("Iterable[object]", values)


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
