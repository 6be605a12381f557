"""Violations of the contract in the path, query and headers of a request."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from trackingmore_v2_api import OPERATIONS, Bounds, Operation, models, patterns
from trackingmore_v2_sandbox.hints.bodies import suggestion
from trackingmore_v2_sandbox.hints.hint import Hint, shown, step
from trackingmore_v2_sandbox.http.body import integer
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received
from trackingmore_v2_sandbox.http.routing import CONTRACT_PATH

_JSON: Final = "application/json"
_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "tracking_number": patterns.TRACKING_NUMBER,
    "carrier_code": patterns.CARRIER_CODE,
    "lang": patterns.LANGUAGE_CODE,
    "numbers": patterns.TRACKING_NUMBER,
    "orders": patterns.ORDER_ID_FILTER,
}
_STATUSES: Final = frozenset(models.TrackingStatus)
_LANGUAGES: Final = frozenset(models.CarrierLanguage)


@cache
def pointer_to(operation_id: str) -> str:
    """Return the URL of an operation in the contract."""
    operation = OPERATIONS[operation_id]
    path = quote(operation.path, safe="{}").replace("%2F", "~1")
    return f"{CONTRACT_PATH}#/paths/{path}/{operation.method.lower()}"


def header_hints(operation: Operation[Any], received: Received) -> Iterator[Hint]:
    """Yield a hint on each violation in the method, the headers, and the presence of a body."""
    see = pointer_to(operation.id)
    if received.method != operation.method:
        yield Hint("method", operation.method, received.method, see)
    if received.method in METHODS_WITH_BODY:
        content_type = received.headers.get("content-type")
        # The API accepts any content type, but the contract names one.
        if content_type is None or content_type.partition(";")[0].strip().lower() != _JSON:
            got = "no header" if content_type is None else shown(content_type)
            yield Hint("header/Content-Type", _JSON, got, see)
        if operation.request is not None and received.has_empty_body:
            yield Hint("body", "a JSON object", "an empty body", see)
    elif received.body and operation.request is None:
        yield Hint("body", "no body", f"{len(received.body)} bytes", see)
    for name in operation.header_parameters:
        value = received.headers.get(name, "en")
        if value not in _LANGUAGES:
            yield Hint(f"header/{name}", _one_of(_LANGUAGES), shown(value), see)


def path_hints(operation: Operation[Any], received: Received) -> Iterator[Hint]:
    """Yield a hint on each path parameter that does not match its pattern."""
    for name, value in received.parameters.items():
        if not _PATTERNS[name].fullmatch(value):
            expected = _match_of(_PATTERNS[name])
            yield Hint(f"path/{name}", expected, shown(value), pointer_to(operation.id))


def query_hints(
    operation: Operation[Any], parameters: Iterable[tuple[str, str]], place: str = "query"
) -> Iterator[Hint]:
    """
    Yield a hint on each violation in the query parameters; an empty one counts as missing.

    Args:
        operation: The operation requested.
        parameters: The parameters, in order.
        place: Where they were sent. Default: "query".
    """
    see = pointer_to(operation.id)
    parameters = tuple(parameters)
    for name, times in Counter(name for name, _ in parameters).items():
        pointer = f"{place}/{step(name)}"
        if name not in operation.query_parameters:
            near = suggestion(name, operation.query_parameters)
            yield Hint(pointer, f"a parameter of {operation.id}{near}", "an unknown parameter", see)
        elif times > 1:
            yield Hint(pointer, "one value", f"{times} values", see)
    for name, value in parameters:
        expected = _expected(operation.bounds_of(name), value) if value else None
        if expected and name in operation.query_parameters:
            yield Hint(f"{place}/{name}", expected, shown(value), see)


def _expected(bounds: Bounds, value: str) -> str | None:
    """Return what is allowed for a parameter; None if its value is valid."""
    name = bounds.name
    if name == "status":
        return None if value in _STATUSES else _one_of(_STATUSES)
    if bounds.minimum is not None and bounds.maximum is not None:
        return _expected_number(value, bounds.minimum, bounds.maximum)
    pattern = _PATTERNS.get(name)
    if pattern is None:
        return None
    # Only a parameter with a maximum number of items is a list.
    values = [value] if bounds.max_items is None else value.split(",")
    if len(values) > (bounds.max_items or 1):
        return f"up to {bounds.max_items} comma-separated values"
    if not all(map(pattern.fullmatch, values)):
        return _match_of(pattern)
    return None


def _expected_number(text: str, minimum: int, maximum: int) -> str | None:
    value = integer(text)
    if value is not None and minimum <= value <= maximum:
        return None
    return f"an integer from {minimum} to {maximum}"


def _match_of(pattern: re.Pattern[str]) -> str:
    return f"a string matching {pattern.pattern}"


def _one_of(values: Iterable[str]) -> str:
    return f"one of {', '.join(sorted(values))}"
