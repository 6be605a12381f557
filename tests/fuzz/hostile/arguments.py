"""Target: the client's validation of arguments, which returns valid values or raises an error."""

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec import Struct

from tests.generated.examples import REQUESTS, encoded
from trackingmore_v2 import InvalidInput, _validation, models
from trackingmore_v2._batch.items import key_of
from trackingmore_v2.air_waybill_numbers import normalize_air_waybill_number
from trackingmore_v2_api import OPERATIONS, patterns
from trackingmore_v2_api.salvage import UNREADABLE

MODELS: Final[tuple[type[Struct], ...]] = (
    models.CreateTrackingRequest,
    models.CreateTrackingItem,
    models.UpdateTrackingRequest,
    models.UpdateTrackingItem,
    models.RealtimeQuery,
    models.Place,
    models.Route,
)
_TEXTS: Final[tuple[tuple[Callable[[object], object], re.Pattern[str]], ...]] = (
    (_validation.tracking_number, patterns.TRACKING_NUMBER),
    (_validation.carrier_code, patterns.CARRIER_CODE),
    (_validation.air_waybill_number, patterns.AIR_WAYBILL_NUMBER),
    (_validation.language, patterns.LANGUAGE_CODE),
    (_validation.status, re.compile("|".join(models.TrackingStatus))),
    (lambda value: _validation.order_id(value, 0), patterns.ORDER_ID_FILTER),
)
"""Validators of texts, and the pattern of what they return."""


def run(data: bytes) -> None:
    """Validate bytes as a text, and as the items of a batch in JSON."""
    text = data.decode("utf-8", "surrogateescape")
    for validate, pattern in _TEXTS:
        valid = _unless_rejected(validate, text)
        if valid is not None:
            assert pattern.fullmatch(valid)
            assert validate(valid) == valid
            assert valid.encode().decode() == valid
    number = _unless_rejected(normalize_air_waybill_number, text.strip(" "))
    assert number is None or normalize_air_waybill_number(number) == number
    _fill_path(text)
    try:
        items = msgspec.json.decode(data)
    except UNREADABLE:
        return
    for item in items if isinstance(items, list) else [items]:
        _validate_item(item)


def _unless_rejected(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except InvalidInput:
        return None


def _fill_path(text: str) -> None:
    """Check that a path parameter remains one segment of the path."""
    operation = OPERATIONS["getTracking"]
    try:
        path = operation.call(path={"carrier_code": text, "tracking_number": text}).path
    except ValueError:
        return
    assert path.isascii()
    assert path.count("/") == operation.path.count("/")
    assert not set("?# \\").intersection(path)


def _validate_item(item: Any) -> None:
    for kind in MODELS:
        _validate_model(kind, item)
        # A batch is validated at once, and as strictly as each item alone.
        batch = _validation.several_models(kind, [item])
        if batch is not None:
            alone = _validation.model(kind, item, 0)
            # The models of a batch are of a subclass, so they are compared as they are sent.
            assert msgspec.json.encode(batch) == msgspec.json.encode([alone])
            assert _validation.several_models(kind, [alone]) == [alone]
    if key := _unless_rejected(key_of, item, 0):
        _validate_model(models.TrackingKey, key)


def _validate_model(kind: type[Struct], item: Any) -> None:
    if model := _unless_rejected(_validation.model, kind, item, 0):
        assert msgspec.json.decode(msgspec.json.encode(model), type=kind) == model
        assert _validation.model(kind, model) == model


def seeds() -> list[bytes]:
    """Return the documented request bodies."""
    return [encoded(example.value) for example in REQUESTS]
