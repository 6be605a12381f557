"""
The reading of webhooks: by who receives them, and by the sandbox, which signs them again.

The first byte says whether the input is signed before it is delivered: then what it says of its
signature is replaced by the right one, if it is a JSON object.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from trackingmore_v2 import models
from trackingmore_v2.timelines.parcel import timeline
from trackingmore_v2_api.salvage import UNREADABLE, Irreparable, Repair, salvage
from trackingmore_v2_sandbox.webhooks.payload import corrupt, re_sign, require_body
from trackingmore_v2_sandbox.webhooks.signature import verify_info

from .documents import documents
from .target import Target

PAGE: Final = Path(__file__).parents[3] / "docs" / "webhooks.md"
EMAIL: Final = "user@example.com"
NOW: Final = 1_772_366_400
SIGNED: Final = b"s"
UNSIGNED: Final = b"u"

Check = Callable[[bytes, str, float], tuple[str, str] | None]


@cache
def documented_check() -> Check:
    """Return the function by which our own page tells receivers to read a webhook."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, PAGE.name, "exec"), names)  # noqa: S102 - our own words
    found: Check = names["changed_tracking"]
    return found


def run(data: bytes) -> None:
    """Read a webhook in every way."""
    body = data[1:]
    told = documented_check()(body, EMAIL, NOW)
    assert told is None or _is_signed(body), "believed without a right signature"
    if data[:1] == SIGNED:
        body = _signed(body)
        _receive_signed(body)
    _read_model(body)
    _send_again(body)


def _is_signed(body: bytes) -> bool:
    given = json.loads(body)["verifyInfo"]
    return bool(given["signature"] == verify_info(EMAIL, int(given["timeStr"]))["signature"])


def _signed(body: bytes) -> bytes:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(content, dict):
        return body
    return json.dumps({**content, "verifyInfo": verify_info(EMAIL, NOW)}).encode()


def _receive_signed(body: bytes) -> None:
    told = documented_check()(body, EMAIL, NOW)
    assert told is None or all(isinstance(name, str) for name in told)
    assert documented_check()(body, EMAIL, NOW + 301) is None


def _read_model(body: bytes) -> None:
    repairs: list[Repair] = []
    try:
        news = salvage(body, models.TrackingEvent, repairs)
    except Irreparable:
        return
    assert msgspec.json.decode(msgspec.json.encode(news), type=models.TrackingEvent) == news
    timeline(news.data)


def _send_again(body: bytes) -> None:
    """Keep a body for delivery, as the sandbox does with those of a snapshot."""
    try:
        text = body.decode()
        require_body(text)
    except (*UNREADABLE, UnicodeDecodeError):
        return
    again = re_sign(text, EMAIL, NOW)
    require_body(again)
    assert re_sign(again, EMAIL, NOW) == again
    for corruption in ("cut", "status", "signature"):
        assert corrupt(again, corruption) != again


def seeds() -> list[bytes]:
    """Return every documented webhook, signed and not."""
    bodies = [each.body for each in documents() if each.operation == "trackingUpdated"]
    return [kind + body for kind in (SIGNED, UNSIGNED) for body in bodies]


TARGET: Final = Target(
    "webhooks",
    run,
    seeds,
    tokens=(
        *(b'"verifyInfo":', b'"timeStr":', b'"signature":', b'"data":', b'"status":"delivered"'),
        *(b'"1772366400"', b'"tracking_number":', b'"carrier_code":'),
    ),
    share=10,
)
