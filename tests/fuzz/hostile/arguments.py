"""What a user's data becomes before it is sent: cleaned numbers and codes, or a typed refusal."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct

from trackingmore_v2 import InvalidInput, _validation, models
from trackingmore_v2._batch.items import key_of
from trackingmore_v2.air_waybill_numbers import normalize_air_waybill_number
from trackingmore_v2_api import OPERATIONS, patterns
from trackingmore_v2_api.salvage import UNREADABLE

from .documents import documents
from .target import Target

_BODIES: Final[tuple[type[Struct], ...]] = (
    models.CreateTrackingRequest,
    models.CreateTrackingItem,
    models.UpdateTrackingItem,
    models.RealtimeQuery,
    models.Place,
    models.Route,
)
_CLEANERS: Final[tuple[tuple[Callable[[object], object], re.Pattern[str]], ...]] = (
    (_validation.tracking_number, patterns.TRACKING_NUMBER),
    (_validation.carrier_code, patterns.CARRIER_CODE),
    (_validation.air_waybill_number, patterns.AIR_WAYBILL_NUMBER),
    (_validation.language, patterns.LANGUAGE_CODE),
    (_validation.status, re.compile("|".join(models.TrackingStatus))),
    (lambda value: _validation.order_id(value, 0), patterns.ORDER_ID_FILTER),
)
"""What cleans a text, and what is clean then."""


def run(data: bytes) -> None:
    """Clean bytes as a text, and as the item that they are as JSON."""
    text = data.decode("utf-8", "surrogateescape")
    for clean, pattern in _CLEANERS:
        _clean(clean, pattern, text)
    _fill_path(text)
    try:
        item = msgspec.json.decode(data)
    except UNREADABLE:
        return
    for one in item if isinstance(item, list) else [item]:
        _read_item(one)


def _clean(clean: Callable[[object], object], pattern: re.Pattern[str], text: str) -> None:
    try:
        cleaned = clean(text)
    except InvalidInput:
        return
    assert isinstance(cleaned, str)
    assert pattern.fullmatch(cleaned), "what was cleaned is not clean"
    assert clean(cleaned) == cleaned, "what was cleaned can be cleaned further"
    assert cleaned.encode().decode() == cleaned


def _fill_path(text: str) -> None:
    """Whatever stands in a path parameter, it stays one segment of the path."""
    operation = OPERATIONS["getTracking"]
    try:
        call = operation.call(path={"carrier_code": text, "tracking_number": text})
    except ValueError:
        return
    assert call.path.isascii()
    assert call.path.count("/") == operation.path.count("/")
    assert not set("?#% \\").intersection(call.path.replace("%", "", call.path.count("%")))
    normalized = text.strip(" ")
    try:
        number = normalize_air_waybill_number(normalized)
    except InvalidInput:
        return
    assert normalize_air_waybill_number(number) == number


def _read_item(item: Any) -> None:
    for kind in _BODIES:
        _make(partial(_checked, kind), item)
        _make_several(kind, item)
    _make(lambda given: _validation.model(models.UpdateTrackingItem, given, 0), item)
    _make(lambda given: _validation.model(models.TrackingKey, key_of(given, 0), 0), item)


def _checked(kind: type[Struct], item: Any) -> Struct:
    return _validation.model(kind, item, 0)


def _make(make: Callable[[Any], Struct], item: Any) -> None:
    try:
        model = make(item)
    except InvalidInput:
        return
    sent = msgspec.json.encode(model)
    assert msgspec.json.decode(sent, type=type(model)) == model
    assert _validation.model(type(model), model) == model


def _make_several(kind: type[Struct], item: Any) -> None:
    """The quick way to make many is as strict as the slow one."""
    made = _validation.several_models(kind, [item])
    if made is None:
        return
    assert made == [_validation.model(kind, item, 0)]
    assert _validation.several_models(kind, made) == made


def seeds() -> list[bytes]:
    """Return every documented request, and texts of each kind."""
    return [
        *(each.body for each in documents() if each.is_request),
        *(b" LK664578623CN ", b"china-ems", b"172-28891936", b"172 2889193", b"EN", b"transit"),
        *(
            b"#1,2",
            "LK664578623CN\u200b".encode(),
            "\uff2c\uff2b\uff16".encode(),
            b"..",
        ),
    ]


TARGET: Final = Target(
    "arguments",
    run,
    seeds,
    tokens=(
        *(b'"tracking_number":', b'"carrier_code":', b'"archived":true', b'"status":"delivered"'),
        *(b'"order_id":', b'"auto_correct":1', b'"country":', b'"postcode":', b"\x00", b"%2F"),
        *(
            b"\xc2\xa0",
            b"\xe2\x80\xae",
            b"\xef\xbb\xbf",
            "\u0660".encode(),
            "\xb2".encode(),
            b"\xed\xa0\x80",
        ),
    ),
    share=10,
)
