"""The trackings that a logged request or a webhook names."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, cast
from urllib.parse import parse_qsl, urlsplit

import msgspec

from trackingmore_v2_api import BASE_URL
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.http.routing import Routes
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord

MAX_PAIRS: Final = 3
"""Maximum number of trackings that are named of one request."""

_MAX_TEXT: Final = 100
"""Maximum number of characters of a carrier code or a number; a longer one is cut."""

_ROUTES: Final = Routes(urlsplit(BASE_URL).path)
_DECODER: Final = json.JSONDecoder()
_BLANK: Final = " \t\r\n"

NamedPair: TypeAlias = tuple[str | None, str]
"""Carrier code and tracking number; the carrier is None if the request names none."""


class NamedTrackings(NamedTuple):
    """The trackings that a request names."""

    pairs: Sequence[NamedPair] = ()
    """The first ones."""

    total: int | None = 0
    """Number of all; None if the body was cut, so that it is unknown."""


def named_trackings(exchange: ExchangeRecord) -> NamedTrackings:
    """Return the trackings that a request names in its path, its query or its body."""
    _operations, parameters = _ROUTES.find(exchange.path)
    if parameters.get("tracking_number"):
        return _first(list(_pairs_of(parameters)))
    if exchange.request_size > len(exchange.request):
        return NamedTrackings(_pairs_of_cut(exchange.request), None)
    return _first([*_pairs_of_query(exchange.query), *_pairs_of_body(_parse(exchange.request))])


def tracking_of_webhook(body: str) -> tuple[str | None, str | None]:
    """Return carrier code and tracking number in the body of a webhook; None where it has none."""
    content = _parse(body)
    data = cast("dict[str, object]", content).get("data") if isinstance(content, dict) else None
    return next(iter(_pairs_of_body(data)), (None, None))


def _first(pairs: Sequence[NamedPair]) -> NamedTrackings:
    return NamedTrackings(pairs[:MAX_PAIRS], len(pairs))


def _parse(body: bytes | str) -> object:
    try:
        return msgspec.json.decode(body)
    except UNREADABLE:
        return None


def _pairs_of_body(body: object) -> Iterator[NamedPair]:
    """Yield the pairs of an object, or of each object of an array."""
    for item in cast("list[object]", body) if isinstance(body, list) else (body,):
        if isinstance(item, dict):
            yield from _pairs_of(cast("dict[str, object]", item))


def _pairs_of(fields: Mapping[str, object]) -> Iterator[NamedPair]:
    carrier = _text(fields.get("carrier_code"))
    # Air waybills have another name, and may be several.
    value = fields.get("tracking_number") or fields.get("track_number")
    for each in cast("list[object]", value) if isinstance(value, list) else (value,):
        number = _text(each)
        if number:
            yield carrier, number


def _pairs_of_query(query: str) -> Iterator[NamedPair]:
    for name, value in parse_qsl(query):
        if name == "numbers":
            yield from ((None, number) for each in value.split(",") if (number := _text(each)))


def _pairs_of_cut(body: bytes) -> Sequence[NamedPair]:
    """Return the first pairs of an array whose end was cut off."""
    text = body.decode("utf-8", "replace").lstrip(_BLANK)
    pairs: list[NamedPair] = []
    while text[:1] in {"[", ","} and len(pairs) < MAX_PAIRS:
        start = len(text) - len(text[1:].lstrip(_BLANK))
        try:
            item, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        pairs += _pairs_of_body(item)
        text = text[end:].lstrip(_BLANK)
    return pairs[:MAX_PAIRS]


def _text(value: object) -> str | None:
    """Return a number or a text, shortened; None for anything else."""
    # bool is a subclass of int.
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    # The standard library decodes lone surrogates, which JSON cannot encode.
    return str(value)[:_MAX_TEXT].encode("utf-8", "replace").decode().strip() or None
