"""Signatures of bodies, for the tests of a receiver."""

import json
from typing import Any, Final, cast

from trackingmore_v2.webhooks import sign

_FIELD: Final = "verifyInfo"


def resign(body: bytes, email: str, time: int) -> bytes:
    """
    Return a body with another time, and its signature.

    Args:
        body: The body of a webhook, JSON.
        email: Address of the account.
        time: When it is sent, Unix seconds.

    Raises:
        ValueError: The body is no JSON object.
    """
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ValueError("the body is no JSON object")  # noqa: TRY004 - its content, no argument
    body_fields = cast("dict[str, Any]", document)
    before = body_fields.get(_FIELD)
    # A text stays a text, as in webhooks of 2019.
    is_text = isinstance(before, dict) and isinstance(cast("Any", before).get("timeStr"), str)
    signed = {"timeStr": str(time) if is_text else time, "signature": sign(email, time)}
    return json.dumps(body_fields | {_FIELD: signed}).encode()
