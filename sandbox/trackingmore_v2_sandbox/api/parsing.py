"""
Requests: what a handler is given, and how it reads it.

The readers here refuse what the contract does not allow, each with the meta code that fits, and are
lenient where the live API is: nulls, empty options and unknown fields do no harm.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from trackingmore_v2_api import Operation, patterns
from trackingmore_v2_sandbox.core.quota import Credit, credit_of
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.http.body import (
    UNREADABLE,
    integer,
    json_object,
    non_empty_array,
    whole,
)
from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, CarrierInfo
from trackingmore_v2_sandbox.store import AccountRecord, Store

T = TypeVar("T")


class SandboxRequest(Struct, frozen=True, kw_only=True):
    """One authenticated request, ready to be handled."""

    operation: Operation[Any]
    account: str
    """Digest of the API key."""

    owner: AccountRecord
    """As it was when the request came."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """In lower case."""

    body: object
    """The parsed JSON."""

    store: Store
    time_engine: TimeEngine
    settings: Settings
    now: int
    """Unix seconds of the account's clock."""

    @property
    def credit(self) -> Credit:
        """What the account was given, and what it had used up when the request came."""
        return credit_of(self.owner, self.settings.quota)

    def catch_up(self) -> None:
        """Store all news of the account's parcels."""
        self.time_engine.catch_up(self.account, self.now)


class Pair(NamedTuple):
    """What identifies a tracking within an account."""

    carrier_code: str
    tracking_number: str


def body_object(request: SandboxRequest) -> dict[str, object]:
    """
    Get the body, which must be a JSON object.

    Raises:
        Refusal: It is something else.
    """
    return json_object(request.body)


def body_items(request: SandboxRequest) -> list[dict[str, object]]:
    """
    Get the body, which must be an array of JSON objects, neither empty nor over the limit.

    Assumed: an empty one is an unreadable request.

    Raises:
        Refusal: It is something else.
    """
    items = non_empty_array(request.body)
    require_at_most(request, len(items))
    return [json_object(item) for item in items]


def require_at_most(request: SandboxRequest, count: int) -> None:
    """
    Hold the operation's limit.

    Assumed: which one it is, for all but the creation of several trackings.

    Raises:
        Refusal: There are too many items, with the code that the contract names.
    """
    batch = request.operation.batch
    if batch and count > batch.max_items:
        raise Rejection(batch.over_limit_code or ApiCode.INVALID_REQUEST)


def fit(fields: Mapping[str, object], model: type[T]) -> T:
    """
    Read JSON fields as a model of the contract.

    Assumed: a value of another JSON type, or out of bounds, makes an unreadable request.

    Raises:
        Refusal: They do not fit.
    """
    try:
        return msgspec.convert({name: whole(value) for name, value in fields.items()}, model)
    except UNREADABLE as error:
        raise Rejection(ApiCode.INVALID_REQUEST) from error


def read_pair(fields: Mapping[str, object]) -> Pair:
    """
    Read which tracking is meant.

    Assumed: which code answers which fault, and that the number is judged before the carrier.

    Raises:
        Refusal: The number or the carrier is missing or wrong.
    """
    number = read_number(fields.get("tracking_number"), patterns.TRACKING_NUMBER)
    return Pair(read_carrier(fields.get("carrier_code")).code, number)


def read_number(value: object, pattern: re.Pattern[str]) -> str:
    """
    Read a number of a parcel or an air waybill.

    Raises:
        Refusal: It is missing or has a form that no number has.
    """
    number = _text(value, ApiCode.MISSING_TRACKING_NUMBER)
    if not pattern.fullmatch(number):
        raise Rejection(ApiCode.INVALID_TRACKING_NUMBER)
    return number


def read_carrier(value: object) -> CarrierInfo:
    """
    Read a carrier's code.

    Raises:
        Refusal: It is missing or unknown.
    """
    carrier = CARRIERS.get(_text(value, ApiCode.INVALID_CARRIER))
    if carrier is None:
        raise Rejection(ApiCode.INVALID_CARRIER)
    return carrier


def _text(value: object, code_when_missing: ApiCode) -> str:
    if value is None or value == "":
        raise Rejection(code_when_missing)
    if not isinstance(value, str):
        raise Rejection(ApiCode.INVALID_REQUEST)
    return value


def read_integer(request: SandboxRequest, name: str) -> int | None:
    """
    Read an integer of the query; an empty one counts as not given, and gives the default.

    Assumed: one that is none, or out of bounds, makes an unreadable request.

    Raises:
        Refusal: It is not an integer, or out of the contract's bounds.
    """
    text = request.query.get(name)
    bounds = request.operation.bounds_of(name)
    if not text:
        return bounds.default
    value = integer(text)
    if value is None or value < (bounds.minimum or 0):
        raise Rejection(ApiCode.INVALID_REQUEST)
    if bounds.maximum is not None and value > bounds.maximum:
        raise Rejection(ApiCode.INVALID_REQUEST)
    return value


def check_language(text: str | None) -> None:
    """
    Check a language parameter.

    Assumed: it changes nothing, since the sandbox's carriers speak English only; and one that is
    not made of two letters is refused.

    Raises:
        Refusal: It is not made of two letters.
    """
    if text and not patterns.LANGUAGE_CODE.fullmatch(text):
        raise Rejection(ApiCode.INVALID_REQUEST)
