"""Parsing of JSON bodies and query values, as lenient as the live API."""

import re
from typing import Final, cast

import msgspec

from trackingmore_v2_api import ApiCode
from trackingmore_v2_sandbox.http.envelope import Rejection

UNREADABLE: Final = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""All exceptions that msgspec raises for untrusted bytes."""

_INTEGER: Final = re.compile(r"(-?[0-9]{1,20})(?:\.0{1,20})?")


def parse_json(raw: bytes) -> object:
    """
    Parse the body of a request as JSON.

    Assumed: the content type does not matter, and a missing body is rejected like one that is not
    JSON.

    Raises:
        Rejection: The body is not JSON; with 4015, as the provider's FAQ says.
    """
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE as error:
        raise Rejection(ApiCode.INVALID_CARRIER) from error


def query_of_body(body: object) -> dict[str, str]:
    """
    Parse query parameters from a JSON object; null counts as missing.

    Raises:
        Rejection: A value is not a string, an integer, a boolean or an array of these.
    """
    fields = json_object(body).items()
    return {name: _query_text(value) for name, value in fields if value is not None}


def json_object(value: object) -> dict[str, object]:
    """
    Return a value that must be a JSON object.

    Assumed: an empty array is an object without fields, since PHP encodes one so.

    Raises:
        Rejection: It is of another type, or a non-empty array.
    """
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise Rejection(ApiCode.INVALID_REQUEST)
    return cast("dict[str, object]", value)


def _query_text(value: object) -> str:
    # bool is a subclass of int, so it is checked first.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return ",".join(map(_query_text, non_empty_array(value)))


def non_empty_array(value: object) -> list[object]:
    """
    Return a value that must be a non-empty JSON array.

    Raises:
        Rejection: It is empty or of another type.
    """
    if not isinstance(value, list) or not value:
        raise Rejection(ApiCode.INVALID_REQUEST)
    return cast("list[object]", value)


def whole(value: object) -> object:
    """Return a float such as `1.0` as an integer, as JSON Schema treats it (assumed)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def integer(text: str) -> int | None:
    """Parse an integer of up to 20 digits, also if written as `1.0`; return None for other text."""
    found = _INTEGER.fullmatch(text)
    return int(found[1]) if found else None
