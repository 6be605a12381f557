"""
The body of a webhook, and its signature, which covers only a time.

The key is the account's e-mail address, and the signed text is the time of sending. The signature
proves only that the sender knows the address; it does not protect the rest of the body.
"""

from collections.abc import Mapping
from hmac import digest
from typing import Any, Literal, TypeAlias

WebhookForm: TypeAlias = Literal["now", "2017", "2019"]
"""The form of a body: the current one, or as recorded in that year."""

_NO_LEG = dict.fromkeys(("weblink", "phone", "carrier_code", "trackinfo"))


def sign(account_email: str, time: int | str) -> str:
    """
    Return the signature of a webhook.

    Args:
        account_email: E-mail address of the account.
        time: `timeStr`: when the webhook is sent, Unix seconds.

    Returns:
        HMAC-SHA256, in lower-case hexadecimal.
    """
    # A number and its text have the same signature, as in PHP. Text may contain lone surrogates.
    return digest(_bytes(account_email), _bytes(str(time)), "sha256").hex()


def compose(
    tracking: Mapping[str, object], account_email: str, time: int, form: WebhookForm = "now"
) -> dict[str, Any]:
    """
    Return the body of a webhook.

    Args:
        tracking: The tracking, with the fields of `TrackingEventData`.
        account_email: E-mail address of the account.
        time: When the webhook is sent, Unix seconds.
        form: The form of the body. Default: "now".

    Returns:
        The body, as JSON has it.
    """
    return {
        "meta": {"code": 200, "type": "Success", "message": "Success"},
        "data": _as_in_2017(tracking) if form == "2017" else dict(tracking),
        "verifyInfo": {
            "timeStr": str(time) if form == "2019" else time,
            "signature": sign(account_email, time),
        },
    }


def _as_in_2017(tracking: Mapping[str, object]) -> dict[str, object]:
    data = {name: value for name, value in tracking.items() if name != "substatus"}
    data["destination_info"] = data.get("destination_info") or _NO_LEG
    last_event = data.pop("lastEvent", None)
    return {**data, "lastEvent": last_event}  # after `lastUpdateTime`


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
