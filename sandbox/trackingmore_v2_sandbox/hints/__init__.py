"""
Hints: what the contract says about a request, for the person who wrote it.

The API is lenient, and its refusals are short. The hints tell more, in the header `X-Sandbox-Hint`
and in the log, and change nothing; only a strict sandbox refuses what they point out.

    hint.py         a hint, and how values are shown in it
    bodies.py       what a JSON body breaks in the contract
    parameters.py   what path, query and headers break
    advice.py       why the API refused, where that is not a matter of form
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from trackingmore_v2_api import Operation
from trackingmore_v2_sandbox.hints.advice import advise
from trackingmore_v2_sandbox.hints.bodies import body_hints
from trackingmore_v2_sandbox.hints.hint import HEADER, Hint, first, header_value, shown
from trackingmore_v2_sandbox.hints.parameters import (
    header_hints,
    operation_of,
    path_hints,
    query_hints,
)
from trackingmore_v2_sandbox.http.body import query_of_body
from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection
from trackingmore_v2_sandbox.http.request import Received

__all__ = ["HEADER", "Hint", "explain", "find_hints", "header_value"]

_OF_FORM: Final = frozenset({202, 4012, 4013, 4014, 4020, 4033})
"""Refusals of requests that break the contract's form."""


def find_hints(operation: Operation[Any], received: Received, body: object) -> tuple[Hint, ...]:
    """
    Tell what a request breaks in the contract, be it refused for that or not.

    Args:
        operation: What is asked for.
        received: The request.
        body: Its body as JSON.
    """
    return first(_all_hints(operation, received, body))


def _all_hints(operation: Operation[Any], received: Received, body: object) -> Iterator[Hint]:
    yield from header_hints(operation, received)
    if received.parameters:
        yield from path_hints(operation, received)
    if operation.request is not None:
        yield from body_hints(operation, body)
    elif received.method != operation.method:
        yield from _hints_on_query_in_body(operation, body)
    if received.query:
        yield from query_hints(operation, received.query_items())


def _hints_on_query_in_body(operation: Operation[Any], body: object) -> Iterator[Hint]:
    try:
        query = query_of_body(body)
    except Rejection:
        expected = "an object of texts, numbers, truth values, and arrays of them"
        yield Hint("body", expected, shown(body), operation_of(operation))
    else:
        yield from query_hints(operation, query.items(), "body")


def explain(
    rejection: Rejection, received: Received, body: object, found: Sequence[Hint]
) -> tuple[Hint, ...]:
    """
    Say why a request was refused; nothing, where the hints that were found say it.

    Args:
        rejection: What the API says.
        received: The request.
        body: Its body as JSON; `UNSET` when it was not or cannot be read.
        found: What the request breaks in the contract.
    """
    if found and rejection.code in _OF_FORM:
        return ()
    if rejection.code == ApiCode.INVALID_CARRIER and any(
        "carrier_code" in hint.pointer for hint in found
    ):
        return ()
    return (advise(rejection, received, body),)
