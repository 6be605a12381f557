"""
Requests: what a handler is given, and how it reads it.

The readers here refuse what the contract does not allow, each with the meta code that fits, and are
lenient where the live API is: nulls, empty options and unknown fields do no harm.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar, cast

import msgspec
from msgspec import Struct

from trackingmore_v2_api import Operation, patterns

from .catalogue import CARRIERS, Carrier
from .envelope import Code, Refusal
from .passage import Passage
from .quota import Credit, credit_of
from .settings import Settings
from .store import Account, Store

T = TypeVar("T")

UNREADABLE: Final = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""All that msgspec raises on foreign bytes."""

_INTEGER: Final = re.compile(r"(-?[0-9]{1,20})(?:\.0{1,20})?")
_FORM: Final = "application/x-www-form-urlencoded"


class SandboxRequest(Struct, frozen=True, kw_only=True):
    """One authenticated request, ready to be handled."""

    operation: Operation[Any]
    account: str
    """Digest of the API key."""

    owner: Account
    """As it was when the request came."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """In lower case."""

    body: object
    """The parsed JSON."""

    store: Store
    passage: Passage
    settings: Settings
    now: int
    """Unix seconds of the account's clock."""

    @property
    def credit(self) -> Credit:
        """What the account was given, and what it had used up when the request came."""
        return credit_of(self.owner, self.settings.quota)

    def keep_up(self) -> None:
        """Store all news of the account's parcels."""
        self.passage.catch_up(self.account, self.now)


class Pair(NamedTuple):
    """What identifies a tracking within an account."""

    carrier_code: str
    tracking_number: str


def parse_json(raw: bytes, content_type: str) -> object:
    """
    Read a request's body as JSON.

    Assumed: its content type does not matter.

    Raises:
        Refusal: It is not JSON: 4015 for a form (so the provider's FAQ says), else 4012.
    """
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE as error:
        is_form = content_type.lower().startswith(_FORM)
        raise Refusal(Code.INVALID_CARRIER if is_form else Code.INVALID_REQUEST) from error


def query_of_body(body: object) -> dict[str, str]:
    """
    Read query parameters that come as a JSON object; null counts as not given.

    Raises:
        Refusal: A value is neither text, number, truth value nor an array of these.
    """
    given = _object(body).items()
    return {name: _query_text(value) for name, value in given if value is not None}


def _query_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return ",".join(map(_query_text, non_empty_array(value)))


def body_object(request: SandboxRequest) -> dict[str, object]:
    """
    Get the body, which must be a JSON object.

    Raises:
        Refusal: It is something else.
    """
    return _object(request.body)


def body_items(request: SandboxRequest) -> list[dict[str, object]]:
    """
    Get the body, which must be an array of JSON objects, neither empty nor over the limit.

    Assumed: an empty one is an unreadable request.

    Raises:
        Refusal: It is something else.
    """
    items = non_empty_array(request.body)
    require_at_most(request, len(items))
    return [_object(item) for item in items]


def non_empty_array(value: object) -> list[object]:
    """
    Get an array with something in it.

    Raises:
        Refusal: It is something else.
    """
    if not isinstance(value, list) or not value:
        raise Refusal(Code.INVALID_REQUEST)
    return cast("list[object]", value)


def require_at_most(request: SandboxRequest, count: int) -> None:
    """
    Hold the operation's limit.

    Assumed: which one it is, for all but the creation of several trackings.

    Raises:
        Refusal: There are too many items, with the code that the contract names.
    """
    batch = request.operation.batch
    if batch and count > batch.max_items:
        raise Refusal(batch.over_limit_code or Code.INVALID_REQUEST)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Refusal(Code.INVALID_REQUEST)
    return cast("dict[str, object]", value)


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
        raise Refusal(Code.INVALID_REQUEST) from error


def whole(value: object) -> object:
    """Read `1.0` as the integer that it is to JSON Schema (assumed)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
    number = _text(value, Code.MISSING_TRACKING_NUMBER)
    if not pattern.fullmatch(number):
        raise Refusal(Code.INVALID_TRACKING_NUMBER)
    return number


def read_carrier(value: object) -> Carrier:
    """
    Read a carrier's code.

    Raises:
        Refusal: It is missing or unknown.
    """
    carrier = CARRIERS.get(_text(value, Code.INVALID_CARRIER))
    if carrier is None:
        raise Refusal(Code.INVALID_CARRIER)
    return carrier


def _text(value: object, code_when_missing: Code) -> str:
    if value is None or value == "":
        raise Refusal(code_when_missing)
    if not isinstance(value, str):
        raise Refusal(Code.INVALID_REQUEST)
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
        raise Refusal(Code.INVALID_REQUEST)
    if bounds.maximum is not None and value > bounds.maximum:
        raise Refusal(Code.INVALID_REQUEST)
    return value


def integer(text: str) -> int | None:
    """Read a text as an integer, if it is one of reasonable length; `1.0` is one to JSON Schema."""
    found = _INTEGER.fullmatch(text)
    return int(found[1]) if found else None


def check_language(text: str | None) -> None:
    """
    Check a language parameter.

    Assumed: it changes nothing, since the sandbox's carriers speak English only; and one that is
    not made of two letters is refused.

    Raises:
        Refusal: It is not made of two letters.
    """
    if text and not patterns.LANGUAGE_CODE.fullmatch(text):
        raise Refusal(Code.INVALID_REQUEST)
