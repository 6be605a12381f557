"""
What version 2 sends: one JSON text, written as PHP writes it.

The signature under `verifyInfo` does not cover the news under `data`; see `signature`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from trackingmore_v2_api import META_CODES
from trackingmore_v2_sandbox.http.envelope import ApiCode, php_json
from trackingmore_v2_sandbox.store import Corruption
from trackingmore_v2_sandbox.webhooks.signature import verify_info

Event: TypeAlias = Mapping[str, object]
"""A parcel as `answers.webhook_event` gives it."""

_SUCCESS: Final = META_CODES[ApiCode.SUCCESS]
_META: Final = {"code": _SUCCESS.code, "type": _SUCCESS.type, "message": _SUCCESS.message}
_OTHER_DIGITS: Final = str.maketrans("0123456789abcdef", "fedcba9876543210")


class _News(Struct):
    """As much of the news as is needed to spoil it."""

    status: str


class _Proof(Struct):
    signature: str


class _Body(Struct, rename="camel"):
    data: _News
    verify_info: _Proof


def compose(event: Event, email: str, moment: int) -> str:
    """
    Write the body that tells of a parcel.

    Assumed: `meta` says `Success`; no body was recorded as a whole.

    Args:
        event: The parcel.
        email: The account's e-mail address.
        moment: When the body is sent, Unix seconds.
    """
    return _write({"meta": _META, "data": event, "verifyInfo": verify_info(email, moment)})


def sign_again(body: str, email: str, moment: int) -> str:
    """
    Give the body with the signature of another moment.

    Assumed: each attempt is signed when it is made, so that receivers can refuse what is old.
    """
    return _write({**_read(body), "verifyInfo": verify_info(email, moment)})


def require_body(body: str) -> None:
    """
    See that something can be signed again and spoilt.

    Raises:
        ValueError: It cannot.
    """
    msgspec.json.decode(body, type=_Body)
    try:
        _write(_read(body))
    except (OverflowError, RecursionError) as error:
        raise ValueError(f"the body cannot be written again: {error}") from error


def spoil(body: str, corruption: Corruption) -> str:
    """Give the body as a bad line, or somebody else than the provider, would deliver it."""
    if corruption == "cut":
        return body[: len(body) // 2]
    content = _read(body)
    if corruption == "status":
        tracking = content["data"]
        tracking["status"] = "exception" if tracking["status"] == "delivered" else "delivered"
    else:
        proof = content["verifyInfo"]
        proof["signature"] = proof["signature"].translate(_OTHER_DIGITS)
    return _write(content)


def _read(body: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(body)
    return content


def _write(content: Event) -> str:
    return php_json(content).decode("ascii")
