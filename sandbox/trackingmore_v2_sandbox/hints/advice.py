"""Explanations of rejections, with what to do next, where the form of a request is valid."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Final, TypeAlias

from msgspec import UNSET

from trackingmore_v2_api import API_KEY_HEADER, ApiCode
from trackingmore_v2_sandbox.hints.hint import Hint, as_array, as_object, plain, shown
from trackingmore_v2_sandbox.http.body import parse_json
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.request import Received
from trackingmore_v2_sandbox.http.routing import CONTRACT_PATH
from trackingmore_v2_sandbox.scenarios.carrier_list import is_well_formed
from trackingmore_v2_sandbox.scenarios.corrections import correction
from trackingmore_v2_sandbox.scenarios.grammar import EXAMPLE, is_scenario, parse

_SEE: Final = f"{CONTRACT_PATH}#/x-meta-codes"
_FORM: Final = "application/x-www-form-urlencoded"


_Subject: TypeAlias = tuple[str, str]
"""The part of a request that a rejection is about, as a pointer, and what was found there."""

_Find: TypeAlias = Callable[[Received, object], _Subject]


def advise(rejection: Rejection, received: Received, body: object) -> Hint:
    """
    Return a hint on why a request was rejected.

    Args:
        rejection: The rejection.
        received: The request.
        body: The parsed JSON body; `UNSET` if it was not or cannot be parsed.
    """
    # These codes have other causes too, but only once the body has been parsed.
    if body is UNSET and rejection.code in _UNREADABLE:
        return Hint("body", "JSON in UTF-8", _unreadable(received), _SEE)
    # A browser sends it without the key, and shows no response to the page.
    if received.method == "OPTIONS" and "origin" in received.headers:
        origin = shown(received.headers["origin"])
        return Hint("header/Origin", "an origin allowed with --cors-origin", origin, _SEE)
    find, expected = _ADVICE.get(rejection.code, _OTHERWISE)
    pointer, got = find(received, body)
    return Hint(pointer, expected, rejection.reason or got, _SEE)


def scenario_hints(received: Received, body: object) -> Iterator[Hint]:
    """Yield a hint on each tracking number that has the prefix of scenarios but is invalid."""
    for place, name, number in _numbers(received, body):
        if is_scenario(number) and parse(number) is None:
            meant = correction(number)
            advice = f" (did you mean {meant}?)" if meant else ""
            expected = f"a scenario, such as {EXAMPLE}{advice}"
            yield Hint(f"{place}/{name}", expected, shown(number), _SEE)


def _numbers(received: Received, body: object) -> Iterator[tuple[str, str, str]]:
    """Yield the tracking numbers in a request, each with the place and name of its field."""
    query = [("query", dict(received.query_items()))] if received.query else ()
    for place, fields in chain(named_pairs(received, body), query):
        for name in ("tracking_number", "numbers"):
            value = fields.get(name)
            # A filter of a list has several numbers.
            for number in value.split(",") if isinstance(value, str) else ():
                yield place, name, number


def _unreadable(received: Received) -> str:
    if received.body is None:
        return "a body over the size limit"
    if not received.body.strip():
        return "an empty body"
    if received.headers.get("content-type", "").lower().startswith(_FORM):
        return "form data"
    # Parsed once more, only to find out what is wrong with it.
    try:
        parse_json(received.body)
    except Rejection as error:
        return f"invalid JSON ({plain(str(error.__cause__))})"
    return "invalid JSON"


def _on_account(got: str) -> _Find:
    return lambda _received, _body: ("account", got)


def _host(received: Received, _body: object) -> _Subject:
    return ("header/Host", shown(received.headers.get("host", "")))


def _key(received: Received, _body: object) -> _Subject:
    key = received.headers.get(API_KEY_HEADER)
    # Not even an invalid key is shown: it may be the key of another provider.
    got = f"a value of {len(key)} characters" if key else "no key"
    return (f"header/{API_KEY_HEADER}", got)


def _path(received: Received, _body: object) -> _Subject:
    return ("path", shown(received.path))


def _method(received: Received, _body: object) -> _Subject:
    return ("method", plain(received.method))


def _request(_received: Received, body: object) -> _Subject:
    return ("body", shown(body) if body is not UNSET else "an invalid request")


def _pair(received: Received, body: object) -> _Subject:
    for place, fields in named_pairs(received, body):
        number, carrier = fields.get("tracking_number"), fields.get("carrier_code")
        return (place, f"number {shown(number)} of carrier {shown(carrier)}")
    return _request(received, body)


def _number(received: Received, body: object) -> _Subject:
    for place, fields in named_pairs(received, body):
        return (f"{place}/tracking_number", shown(fields.get("tracking_number")))
    return _request(received, body)


def _carrier(received: Received, body: object) -> _Subject:
    for place, fields in named_pairs(received, body):
        for name in ("carrier_code", "update_carrier_code"):
            code = fields.get(name)
            # A well-formed code that is not accepted has a hint of its own.
            if name in fields and not (isinstance(code, str) and is_well_formed(code)):
                return (f"{place}/{name}", shown(code))
    return ("body/carrier_code", "no carrier code")


def named_pairs(received: Received, body: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each object that may name a tracking, with its place."""
    if "carrier_code" in received.parameters:
        yield "path", received.parameters
        return
    fields = as_object(body)
    if fields is not None:
        yield "body", fields
    for index, item in enumerate(as_array(body) or ()):
        fields = as_object(item)
        if fields is not None:
            yield f"body/{index}", fields


_UNREADABLE: Final = frozenset({ApiCode.INVALID_REQUEST, ApiCode.INVALID_CARRIER})
_OTHERWISE: Final[tuple[_Find, str]] = (_request, "a request that the API accepts")
_ADVICE: Final[Mapping[int, tuple[_Find, str]]] = {
    ApiCode.FORBIDDEN: (
        _host,
        "localhost, this machine's address, or a host allowed with --allow-host",
    ),
    ApiCode.ROUTE_NOT_FOUND: (_path, "a path of the contract, prefixed with /v2"),
    ApiCode.METHOD_NOT_ALLOWED: (_method, "a method that the Allow header lists"),
    ApiCode.RATE_LIMITED: (
        _on_account("too many requests"),
        "no request until the lock-out for exceeding the rate limit ends",
    ),
    ApiCode.SERVER_ERROR: (
        _on_account("an internal error"),
        "a response (see the sandbox's own log, on standard error)",
    ),
    ApiCode.INVALID_KEY: (_key, "a UUID (any UUID works and has an account of its own)"),
    ApiCode.DELETED_KEY: (_key, "a key that is not deleted (restore it or use another one)"),
    ApiCode.INVALID_REQUEST: (_request, "a request that matches the contract"),
    ApiCode.INVALID_TRACKING_NUMBER: (
        _number,
        f"a known number (after SANDBOX-, a complete scenario, such as {EXAMPLE})",
    ),
    ApiCode.INVALID_CARRIER: (_carrier, "a carrier code that listCarriers returns"),
    ApiCode.TRACKING_EXISTS: (
        _pair,
        "a tracking that does not exist yet (change an existing one with updateTracking)",
    ),
    ApiCode.TRACKING_NOT_FOUND: (
        _pair,
        "an existing tracking (create it with createTracking)",
    ),
    ApiCode.INSUFFICIENT_BALANCE: (
        _on_account("an empty balance"),
        "a balance above 0 (raise it in the account's settings)",
    ),
    ApiCode.QUOTA_EXHAUSTED: (
        _on_account("no quota left"),
        "quota for one more tracking (raise it in the account's settings, or use a new key)",
    ),
    ApiCode.NO_RESULT: (
        _on_account("no match"),
        "at least one result (create a matching tracking, or advance the clock)",
    ),
    ApiCode.CARRIER_NOT_DETECTED: (_number, "a number in the format of a known carrier"),
}
