"""
Target: the parsing of webhooks by a receiver, and by the sandbox, which signs them again.

If the first byte of an input is `s`, a valid signature is added to the rest, if that is a JSON
object.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from tests.generated.examples import EXAMPLES, encoded
from trackingmore_v2 import models
from trackingmore_v2.timelines.parcel import timeline
from trackingmore_v2_api.salvage import UNREADABLE, Irreparable, Repair, salvage
from trackingmore_v2_api.webhooks import compose, sign
from trackingmore_v2_sandbox.webhooks.payload import corrupt, re_sign, require_body

GUIDE: Final = Path(__file__).parents[3] / "docs" / "webhooks.md"
EMAIL: Final = "user@example.com"
NOW: Final = 1_772_366_400


@cache
def documented_check() -> Callable[..., Any]:
    """Return the function with which the guide tells receivers to check a webhook."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Callable[..., Any]] = {}
    exec(compile(code, GUIDE.name, "exec"), names)  # noqa: S102 - our own code
    return names["changed_tracking"]


def run(data: bytes) -> None:
    """Check, parse and send a webhook."""
    body = data[1:]
    if documented_check()(body, EMAIL, NOW):
        info = json.loads(body)["verifyInfo"]
        assert info["signature"] == sign(EMAIL, int(info["timeStr"]))
    if data[:1] == b"s":
        body = _sign(body)
        changed = documented_check()(body, EMAIL, NOW)
        assert changed is None or all(isinstance(name, str) for name in changed)
        assert documented_check()(body, EMAIL, NOW + 301) is None
    _parse(body)
    _send_again(body)


def _sign(body: bytes) -> bytes:
    with suppress(ValueError, RecursionError):
        content = json.loads(body)
        if isinstance(content, dict):
            return json.dumps(
                {**content, "verifyInfo": compose({}, EMAIL, NOW)["verifyInfo"]}
            ).encode()
    return body


def _parse(body: bytes) -> None:
    repairs: list[Repair] = []
    try:
        event = salvage(body, models.TrackingEvent, repairs)
    except Irreparable:
        return
    assert msgspec.json.decode(msgspec.json.encode(event), type=models.TrackingEvent) == event
    timeline(event.data)


def _send_again(body: bytes) -> None:
    """Sign and corrupt a body, as the sandbox does with the deliveries of a snapshot."""
    try:
        text = body.decode()
        require_body(text)
    except (*UNREADABLE, UnicodeDecodeError):
        return
    signed = re_sign(text, EMAIL, NOW)
    require_body(signed)
    assert re_sign(signed, EMAIL, NOW) == signed
    for corruption in ("cut", "status", "signature"):
        assert corrupt(signed, corruption) != signed


def seeds() -> list[bytes]:
    """Return the documented webhooks, with and without a valid signature."""
    bodies = [encoded(it.value) for it in EXAMPLES if it.operation == "trackingUpdated"]
    return [kind + body for kind in (b"s", b"u") for body in bodies]
