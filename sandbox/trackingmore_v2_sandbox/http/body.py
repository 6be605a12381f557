"""JSON bodies, and values of a query, read as leniently as the live API reads them."""

import re
from typing import Final, cast

import msgspec

from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection

UNREADABLE: Final = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""All that msgspec raises on foreign bytes."""


_INTEGER: Final = re.compile(r"(-?[0-9]{1,20})(?:\.0{1,20})?")


_FORM: Final = "application/x-www-form-urlencoded"


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
        raise Rejection(ApiCode.INVALID_CARRIER if is_form else ApiCode.INVALID_REQUEST) from error


def query_of_body(body: object) -> dict[str, str]:
    """
    Read query parameters that come as a JSON object; null counts as not given.

    Raises:
        Refusal: A value is neither text, number, truth value nor an array of these.
    """
    given = json_object(body).items()
    return {name: _query_text(value) for name, value in given if value is not None}


def json_object(value: object) -> dict[str, object]:
    """
    Return a JSON object.

    Raises:
        Refusal: It is something else.
    """
    if not isinstance(value, dict):
        raise Rejection(ApiCode.INVALID_REQUEST)
    return cast("dict[str, object]", value)


def _query_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return ",".join(map(_query_text, non_empty_array(value)))


def non_empty_array(value: object) -> list[object]:
    """
    Get an array with something in it.

    Raises:
        Refusal: It is something else.
    """
    if not isinstance(value, list) or not value:
        raise Rejection(ApiCode.INVALID_REQUEST)
    return cast("list[object]", value)


def whole(value: object) -> object:
    """Read `1.0` as the integer that it is to JSON Schema (assumed)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def integer(text: str) -> int | None:
    """Read a text as an integer, if it is one of reasonable length; `1.0` is one to JSON Schema."""
    found = _INTEGER.fullmatch(text)
    return int(found[1]) if found else None
