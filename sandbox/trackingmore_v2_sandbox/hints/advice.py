"""Why the API refused, and what to do next, where the request's form does not tell it already."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from msgspec import UNSET

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox.hints.hint import Hint, as_array, as_object, plain, shown
from trackingmore_v2_sandbox.http.body import parse_json
from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS

_SEE: Final = "openapi.yaml#/x-meta-codes"


class _Subject(NamedTuple):
    """What a refusal is about."""

    pointer: str
    got: str


_Find: TypeAlias = Callable[[Received, object], _Subject]


def advise(rejection: Rejection, received: Received, body: object) -> Hint:
    """
    Say why a request was refused.

    Args:
        rejection: What the API says.
        received: The request.
        body: The request's body as JSON; `UNSET` when it was not or cannot be read.
    """
    if body is UNSET and rejection.code in _UNREADABLE and received.method in METHODS_WITH_BODY:
        return Hint("body", "JSON in UTF-8", _unreadable(received), _SEE)
    find, expected = _ADVICE.get(rejection.code, _OTHERWISE)
    subject = find(received, body)
    return Hint(subject.pointer, expected, rejection.reason or subject.got, _SEE)


def _unreadable(received: Received) -> str:
    if received.body is None:
        return "more bytes than the sandbox reads"
    if not received.body.strip():
        return "nothing"
    try:
        parse_json(received.body, received.headers.get("content-type", ""))
    except Rejection as error:
        is_form = error.code == ApiCode.INVALID_CARRIER
        return "a form" if is_form else f"something else ({plain(str(error.__cause__))})"
    return "something else"


def _account(_received: Received, _body: object) -> _Subject:
    return _Subject("account", "none")


def _host(received: Received, _body: object) -> _Subject:
    return _Subject("header/Host", shown(received.headers.get("host", "")))


def _key(received: Received, _body: object) -> _Subject:
    key = received.headers.get(API_KEY_HEADER)
    # Even a key that is none is not shown: it may be that of another provider.
    return _Subject(f"header/{API_KEY_HEADER}", f"{len(key)} characters" if key else "nothing")


def _path(received: Received, _body: object) -> _Subject:
    return _Subject("path", shown(received.path))


def _method(received: Received, _body: object) -> _Subject:
    return _Subject("method", plain(received.method))


def _request(_received: Received, body: object) -> _Subject:
    return _Subject("body", shown(body) if body is not UNSET else "another one")


def _pair(received: Received, body: object) -> _Subject:
    for place, fields in _objects(received, body):
        number, carrier = fields.get("tracking_number"), fields.get("carrier_code")
        return _Subject(place, f"{shown(number)} of {shown(carrier)}")
    return _request(received, body)


def _number(received: Received, body: object) -> _Subject:
    for place, fields in _objects(received, body):
        return _Subject(f"{place}/tracking_number", shown(fields.get("tracking_number")))
    return _request(received, body)


def _carrier(received: Received, body: object) -> _Subject:
    for place, fields in _objects(received, body):
        for name in ("carrier_code", "update_carrier_code"):
            code = fields.get(name)
            if name in fields and not (isinstance(code, str) and code in CARRIERS):
                return _Subject(f"{place}/{name}", shown(code))
    return _Subject("body/carrier_code", "nothing")


def _objects(received: Received, body: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Give all objects that may name a parcel, and where they stand."""
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
_OTHERWISE: Final[tuple[_Find, str]] = (_request, "another one")
_ADVICE: Final[Mapping[int, tuple[_Find, str]]] = MappingProxyType(
    {
        ApiCode.FORBIDDEN: (
            _host,
            "localhost, this machine's address, or one of the allowed hosts",
        ),
        ApiCode.ROUTE_NOT_FOUND: (_path, "a path of the contract, after /v2"),
        ApiCode.METHOD_NOT_ALLOWED: (_method, "one that the path has; the header Allow names them"),
        ApiCode.RATE_LIMITED: (_account, "a pause, since there were more requests than allowed"),
        ApiCode.SERVER_ERROR: (_account, "an answer; the sandbox's own log tells of the failure"),
        ApiCode.INVALID_KEY: (_key, "a UUID; each one is an account of its own"),
        ApiCode.DELETED_KEY: (_key, "one that was not deleted; restore it, or use another"),
        ApiCode.INVALID_REQUEST: (_request, "what the contract describes"),
        ApiCode.INVALID_TRACKING_NUMBER: (
            _number,
            "a number that exists; one that begins with SANDBOX- must be a whole program",
        ),
        ApiCode.INVALID_CARRIER: (_carrier, "a code that listCarriers gives"),
        ApiCode.TRACKING_EXISTS: (
            _pair,
            "a pair that the account does not follow yet; updateTracking changes one that it does",
        ),
        ApiCode.TRACKING_NOT_FOUND: (
            _pair,
            "a pair that the account follows; createTracking starts that",
        ),
        ApiCode.INSUFFICIENT_BALANCE: (_account, "money for one more tracking; set the balance"),
        ApiCode.QUOTA_EXHAUSTED: (
            _account,
            "quota for one more tracking; set it, or take a new key",
        ),
        ApiCode.NO_RESULT: (_account, "anything that fits; create it, or let time pass"),
        ApiCode.CARRIER_NOT_DETECTED: (_number, "a number in the form of some carrier's"),
    }
)
