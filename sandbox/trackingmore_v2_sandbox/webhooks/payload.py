"""
The body of a version 2 webhook: JSON in the format of PHP's `json_encode`.

The signature under `verifyInfo` does not cover the tracking under `data`; see
`trackingmore_v2_api.webhooks`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from trackingmore_v2_api import webhooks
from trackingmore_v2_api.webhooks import WebhookForm
from trackingmore_v2_sandbox.http.envelope import php_json
from trackingmore_v2_sandbox.store.models import Corruption

Event: TypeAlias = Mapping[str, object]
"""A tracking as returned by `serializers.webhook_event`."""

_OTHER_DIGITS: Final = str.maketrans("0123456789abcdef", "fedcba9876543210")


class _Data(Struct):
    status: str


class _VerifyInfo(Struct):
    signature: str


class _Body(Struct, rename="camel"):
    """The fields that `corrupt` changes."""

    data: _Data
    verify_info: _VerifyInfo


def compose(event: Event, email: str, moment: int, form: WebhookForm = "now") -> str:
    """
    Build the body of a webhook.

    Args:
        event: The tracking.
        email: The account's e-mail address.
        moment: When the body is sent, Unix seconds.
        form: The form of the body. Default: "now".
    """
    return _write(webhooks.compose(event, email, moment, form))


def re_sign(body: str, email: str, moment: int) -> str:
    """
    Return the body with a signature for another time, in Unix seconds.

    Assumed: each attempt is signed when it is made, so that receivers can reject old signatures;
    a target without `re_sign` gets the signature of the first attempt again.
    """
    content = _read(body)
    info = content["verifyInfo"]
    # In the form of 2019, the time is text.
    info["timeStr"] = str(moment) if isinstance(info.get("timeStr"), str) else moment
    info["signature"] = webhooks.sign(email, moment)
    return _write(content)


def require_body(body: str) -> None:
    """
    Check that a body can be signed and corrupted.

    Raises:
        ValueError: The body is invalid.
    """
    # Only the fields that `corrupt` changes have a fixed form.
    msgspec.json.decode(body, type=_Body)
    try:
        _write(_read(body))
    except (OverflowError, RecursionError) as error:
        raise ValueError(f"the body cannot be serialized: {error}") from error


def corrupt(body: str, corruption: Corruption) -> str:
    """Return the body truncated, with another status, or with an invalid signature."""
    if corruption == "cut":
        return body[: len(body) // 2]
    content = _read(body)
    if corruption == "status":
        tracking = content["data"]
        # The other of two statuses, so that the value always changes.
        tracking["status"] = "exception" if tracking["status"] == "delivered" else "delivered"
    else:
        info = content["verifyInfo"]
        info["signature"] = info["signature"].translate(_OTHER_DIGITS)
    return _write(content)


def _read(body: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(body)
    return content


def _write(content: Event) -> str:
    return php_json(content).decode("ascii")
