"""Whole webhooks, and their signatures, for the tests of a receiver."""

from datetime import UTC, datetime, timedelta
from json import dumps
from typing import Any, Final, get_args

from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2._scrubbing import scrubbed
from trackingmore_v2._validation import status as validated_status
from trackingmore_v2.webhooks._parsing import checked_email, checked_time
from trackingmore_v2_api import models
from trackingmore_v2_api.webhooks import WebhookForm, compose
from trackingmore_v2_api.webhooks import sign as signature_of

_FORMS: Final = get_args(WebhookForm)
_MILESTONES: Final = {
    "ItemReceived": "2021-05-17 10:00:00",
    "ItemDispatched": None,
    "DepartfromAirport": None,
    "ArrivalfromAbroad": None,
    "CustomsClearance": None,
    "DestinationArrived": None,
    "weblink": "http://www.ems.com.cn/",
    "phone": "11183",
    "carrier_code": "china-ems",
}
_AGE: Final = timedelta(days=7)
_TRACKING: Final = {
    "id": "1fb82241cf5f6bcd011ab8e119dc1d99",
    "tracking_number": "LK664578623CN",
    "carrier_code": "china-ems",
}


@scrubbed
def example(
    status: models.TrackingStatus | str = models.TrackingStatus.DELIVERED,
    form: WebhookForm = "now",
    *,
    account_email: str = "user@example.com",
    sent_at: datetime | None = None,
) -> bytes:
    """
    Return the body of a webhook, to post to the test client of a web framework.

    Args:
        status: Status of the tracking. Default: delivered.
        form: "now" for what the API is known to send; "2017" and "2019" for what was recorded in
            these years. Default: "now".
        account_email: The address with which it is signed. Default: `user@example.com`, as in the
            sandbox.
        sent_at: When it is sent, with a time zone. Default: now.

    Returns:
        JSON text.

    Raises:
        InvalidInput: `status` is unknown.
        ConfigurationError: `form` is unknown, `account_email` is no address, or `sent_at` is not a
            time since 1970 with a time zone.
    """
    if form not in _FORMS:
        raise ConfigurationError(f"form must be one of {', '.join(_FORMS)}, not {form!r}")
    email = checked_email(account_email)
    sent = datetime.now(UTC) if sent_at is None else checked_time("sent_at", sent_at)
    moment = int(sent.timestamp())
    if moment < 0:
        raise ConfigurationError("sent_at must not be before 1970")
    body = compose(_tracking(validated_status(status), moment - 1), email, moment, form)
    return dumps(body).encode()


@scrubbed
def sign(account_email: str, time: int | str) -> str:
    """
    Return the signature of a webhook, for a body of your own.

    Args:
        account_email: E-mail address of the account.
        time: `timeStr`: when the webhook is sent, Unix seconds; a number and its text have the same
            signature.

    Returns:
        HMAC-SHA256, in lower-case hexadecimal.

    Raises:
        ConfigurationError: `account_email` is no address, or `time` is neither an int nor a str.
    """
    _require_time(time)
    return signature_of(checked_email(account_email), time)


def _require_time(time: object) -> None:
    if isinstance(time, bool) or not isinstance(time, int | str):
        raise ConfigurationError(f"time must be an int or a str, not {type(time).__name__}")


def _tracking(status: models.TrackingStatus, updated_at: int) -> dict[str, Any]:
    changed = datetime.fromtimestamp(updated_at, UTC)
    event = {
        "Date": f"{changed:%Y-%m-%d %H:%M:%S}",
        "StatusDescription": status.value.capitalize(),
        "Details": "PRAGUE",
        "checkpoint_status": status.value,
    }
    return {
        **_TRACKING,
        "status": status.value,
        "created_at": f"{changed - _AGE:%Y-%m-%dT%H:%M:%S+00:00}",
        "updated_at": f"{changed:%Y-%m-%dT%H:%M:%S+00:00}",
        "customer_email": "",
        "title": "",
        "order_id": None,
        "customer_name": None,
        "original_country": "China",
        "destination_country": "Czech Republic",
        "itemTimeLength": _AGE.days,
        "service_code": None,
        "substatus": None,
        "origin_info": {**_MILESTONES, "trackinfo": [event]},
        "destination_info": [],
        "lastEvent": ",".join((event["StatusDescription"], event["Details"], event["Date"])),
        "lastUpdateTime": event["Date"],
    }
