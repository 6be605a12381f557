"""Bodies of webhooks: all that are known, and one to be changed."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from itertools import product
from typing import Any, Final

from tests.generated.examples import EXAMPLES, encoded
from trackingmore_v2 import models, webhooks
from trackingmore_v2.webhooks import WebhookForm

EMAIL: Final = "user@example.com"
"""The address in the examples, and the default of a sandbox."""

NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
SENT: Final = int(NOW.timestamp())
FORMS: Final[tuple[WebhookForm, ...]] = ("now", "2017", "2019")

_PLAIN: Final[dict[str, Any]] = json.loads(webhooks.example(sent_at=NOW))


def webhook(verify_info: object = None, **data: object) -> dict[str, Any]:
    """Return the parsed body of a webhook, with another `verifyInfo` or other data."""
    body = deepcopy(_PLAIN)
    body["data"] |= {"destination_info": None, **data}
    if verify_info is not None:
        body["verifyInfo"] = verify_info
    return body


def raw(verify_info: object = None, **data: object) -> bytes:
    """Return the body of a webhook, with another `verifyInfo` or other data."""
    return json.dumps(webhook(verify_info, **data)).encode()


def signed(time: int | str, text: str | None = None) -> dict[str, Any]:
    """Return a `verifyInfo` with any time; `text` is what is signed, if it is another one."""
    return {"timeStr": time, "signature": webhooks.sign(EMAIL, time if text is None else text)}


KNOWN: Final = {
    str(each): encoded(each.value) for each in EXAMPLES if each.operation == "trackingUpdated"
} | {
    f"{form}-{status}": webhooks.example(status, form, sent_at=NOW)
    for form, status in product(FORMS, models.TrackingStatus)
}
"""The documented and recorded bodies, and the examples of each form and status."""
