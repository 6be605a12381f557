"""
Hints: what is wrong with a request, for the developer who sent it.

The API is lenient and its error messages are short. Hints add details in the `X-Sandbox-Hint`
header and in the request log. They change nothing, unless the sandbox is strict: then a request
with hints is rejected.

    hint.py         the Hint type and the formatting of values
    bodies.py       violations of the contract in JSON bodies
    parameters.py   violations in the path, query and headers
    carriers.py     carriers that the sandbox does not list
    advice.py       explanations of rejections that are not about the form of a request
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from trackingmore_v2_api import ApiCode, Operation
from trackingmore_v2_sandbox.hints.advice import advise, scenario_hints
from trackingmore_v2_sandbox.hints.bodies import body_hints
from trackingmore_v2_sandbox.hints.carriers import carrier_hints
from trackingmore_v2_sandbox.hints.hint import MAX_HINTS, Hint, as_object, shown
from trackingmore_v2_sandbox.hints.parameters import (
    header_hints,
    path_hints,
    pointer_to,
    query_hints,
)
from trackingmore_v2_sandbox.http.body import query_of_body
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.request import Received
from trackingmore_v2_sandbox.scenarios.carrier_list import CarrierList

_OF_FORM: Final = frozenset({202, 4012, 4013, 4014, 4020, 4033})
"""Codes of rejections for a request's form, which the hints on its form explain."""


def find_hints(
    operation: Operation[Any],
    received: Received,
    body: object,
    carriers: CarrierList | None = None,
) -> tuple[Hint, ...]:
    """
    Return hints on how a request violates the contract, whether it is rejected for that or not.

    Args:
        operation: The operation requested.
        received: The request.
        body: The parsed JSON body.
        carriers: The carriers that the sandbox lists. Default: None, any carrier may be named.
    """
    unlisted = carrier_hints(received, body, carriers) if carriers else ()
    return tuple(islice(chain(_hints_on_form(operation, received, body), unlisted), MAX_HINTS))


def find_advice(received: Received, body: object) -> tuple[Hint, ...]:
    """
    Return hints on values that the contract allows and the sandbox rejects.

    Args:
        received: The request.
        body: The parsed JSON body.
    """
    return tuple(islice(scenario_hints(received, body), MAX_HINTS))


def _hints_on_form(operation: Operation[Any], received: Received, body: object) -> Iterable[Hint]:
    parts: list[Iterable[Hint]] = [header_hints(operation, received)]
    if received.parameters:
        parts.append(path_hints(operation, received))
    if operation.request is not None:
        parts.append(body_hints(operation, body))
    elif received.method != operation.method:
        parts.append(_hints_on_query_in_body(operation, body))
    if received.query:
        parts.append(query_hints(operation, received.query_items()))
    return chain.from_iterable(parts)


def _hints_on_query_in_body(operation: Operation[Any], body: object) -> Iterator[Hint]:
    try:
        query = query_of_body(body)
    except Rejection:
        query = None
    if query is None or as_object(body) is None:
        expected = "an object of strings, integers, booleans and arrays of these"
        yield Hint("body", expected, shown(body), pointer_to(operation.id))
    yield from query_hints(operation, (query or {}).items(), "body")


def explain(
    rejection: Rejection, received: Received, body: object, found: Sequence[Hint]
) -> tuple[Hint, ...]:
    """
    Return a hint on why a request was rejected, or none if the hints found explain it.

    Args:
        rejection: The rejection.
        received: The request.
        body: The parsed JSON body; `UNSET` if it was not or cannot be parsed.
        found: The hints on the form of the request.
    """
    # The hints on the form already say what is wrong.
    if found and rejection.code in _OF_FORM:
        return ()
    if rejection.code == ApiCode.INVALID_CARRIER and any(
        "carrier_code" in hint.pointer for hint in found
    ):
        return ()
    return (advise(rejection, received, body),)
