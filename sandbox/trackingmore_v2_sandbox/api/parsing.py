"""
The requests that handlers receive, and the functions that parse them.

The functions reject what the contract does not allow, each with its meta code, and are lenient
where the live API is: nulls, empty options and unknown fields are accepted.
"""

import re
from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from trackingmore_v2_api import ApiCode, Operation, patterns
from trackingmore_v2_sandbox.core.quota import Credit, credit_of
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.hints.hint import Hint
from trackingmore_v2_sandbox.http.body import (
    UNREADABLE,
    integer,
    json_object,
    non_empty_array,
    whole,
)
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.scenarios.reference_data import CarrierInfo, find_carrier
from trackingmore_v2_sandbox.store.models import AccountRecord
from trackingmore_v2_sandbox.store.sql import Store

ModelT = TypeVar("ModelT", bound=Struct)


class SandboxRequest(Struct, frozen=True, kw_only=True):
    """An authenticated request for a handler."""

    operation: Operation[Any]
    account: str
    """Digest of the API key."""

    owner: AccountRecord
    """The account as it was when the request arrived."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Headers, by name in lower case."""

    body: object
    """The parsed JSON, with scalars of the documented types."""

    store: Store
    time_engine: TimeEngine
    settings: Settings
    now: int
    """Unix seconds of the account's clock."""

    hints: list[Hint]
    """Hints of the handler, in addition to those on the form of the request."""

    @property
    def credit(self) -> Credit:
        """The account's quota, and its usage when the request arrived."""
        return credit_of(self.owner, self.settings.quota)

    def catch_up(self) -> None:
        """Store the status changes that are due."""
        self.time_engine.catch_up(self.account, self.now)


class Pair(NamedTuple):
    """The identity of a tracking within an account."""

    carrier_code: str
    tracking_number: str


def body_items(request: SandboxRequest) -> list[dict[str, object]]:
    """
    Return the body, which must be an array of JSON objects, neither empty nor over the limit.

    Assumed: an empty array, or an item that is not an object, is an unreadable request.

    Raises:
        Rejection: It is another JSON value, empty, or has too many items.
    """
    items = non_empty_array(request.body)
    check_item_count(request, len(items))
    return [json_object(item) for item in items]


def check_item_count(request: SandboxRequest, count: int) -> None:
    """
    Check the number of items against the operation's limit.

    Assumed: the limit, for all operations except createTrackingBatch.

    Raises:
        Rejection: There are too many items; its code is the contract's.
    """
    batch = request.operation.batch
    if batch and count > batch.max_items:
        raise Rejection(batch.over_limit_code or ApiCode.INVALID_REQUEST)


def convert(fields: Mapping[str, object], model: type[ModelT]) -> ModelT:
    """
    Convert JSON fields to a request model; unknown fields are ignored, as the live API does.

    Assumed: an array or object in place of a scalar, and a value out of bounds, is an unreadable
    request.

    Raises:
        Rejection: A field is invalid.
    """
    known = {name: whole(fields[name]) for name in model.__struct_encode_fields__ if name in fields}
    try:
        return msgspec.convert(known, model)
    except UNREADABLE as error:
        raise Rejection(ApiCode.INVALID_REQUEST) from error


def read_pair(fields: Mapping[str, object], settings: Settings) -> Pair:
    """
    Parse the identity of a tracking.

    Assumed: the code of each error, and that the carrier is checked before the number, since the
    provider's FAQ names 4015 for parameters that cannot be read at all.

    Raises:
        Rejection: The number or the carrier is missing or invalid.
    """
    carrier = read_carrier(fields.get("carrier_code"), settings)
    return Pair(carrier.code, read_number(fields.get("tracking_number"), patterns.TRACKING_NUMBER))


def read_number(value: object, pattern: re.Pattern[str]) -> str:
    """
    Parse a tracking number or an air waybill number.

    Raises:
        Rejection: It is missing or invalid.
    """
    number = _text(value, ApiCode.MISSING_TRACKING_NUMBER)
    if not pattern.fullmatch(number):
        raise Rejection(ApiCode.INVALID_TRACKING_NUMBER)
    return number


def read_carrier(value: object, settings: Settings) -> CarrierInfo:
    """
    Return the carrier with a code.

    Assumed: a missing carrier is rejected. The message of 4032 suggests that it may be detected.

    Raises:
        Rejection: The code is missing, or not accepted.
    """
    code = _text(value, ApiCode.INVALID_CARRIER)
    if not settings.carriers.accepts(code, strict=settings.strict):
        raise Rejection(ApiCode.INVALID_CARRIER)
    return find_carrier(code)


def _text(value: object, code_when_missing: ApiCode) -> str:
    # An empty value counts as missing, as null does.
    if value is None or value == "":
        raise Rejection(code_when_missing)
    if not isinstance(value, str):
        raise Rejection(ApiCode.INVALID_REQUEST)
    return value


def read_integer(request: SandboxRequest, name: str) -> int | None:
    """
    Parse an integer of the query; an empty one means the default.

    Assumed: another text, or an integer out of bounds, is an unreadable request.

    Raises:
        Rejection: It is not an integer, or out of the contract's bounds.
    """
    text = request.query.get(name)
    bounds = request.operation.bounds_of(name)
    if not text:
        return bounds.default
    value = integer(text)
    # Python integers have no largest value to compare with.
    maximum = inf if bounds.maximum is None else bounds.maximum
    if value is None or not (bounds.minimum or 0) <= value <= maximum:
        raise Rejection(ApiCode.INVALID_REQUEST)
    return value


def check_language(text: str | None) -> None:
    """
    Check a language parameter.

    Assumed: anything but two letters is rejected. A valid language changes nothing, since the
    sandbox's carriers write English only.

    Raises:
        Rejection: It does not consist of two letters.
    """
    if text and not patterns.LANGUAGE_CODE.fullmatch(text):
        raise Rejection(ApiCode.INVALID_REQUEST)
