"""
Target: the parsing of webhooks by a receiver, and by the sandbox, which signs them again.

The first byte of an input says how the rest arrives: `s` with a valid signature, if it is a JSON
object, `t` as text, `m` parsed by middleware, `g` compressed, and `h` after a line with the value
of the header Content-Encoding.
"""

import gzip
import json
import pickle
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from tests.overlay.webhooks.bodies import EMAIL, KNOWN
from trackingmore_v2.timelines.parcel import timeline
from trackingmore_v2.webhooks import WebhookError, WebhookErrorReason, WebhookEvent, parse, sign
from trackingmore_v2_api.salvage import UNREADABLE
from trackingmore_v2_sandbox.webhooks.payload import corrupt, re_sign, require_body

NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIME: Final = int(NOW.timestamp())
LATER: Final = NOW + timedelta(seconds=301)
EMAILS: Final = ("other@example.com", EMAIL)
GZIP: Final = {b"content-encoding": b"gzip"}


def run(data: bytes) -> None:
    """Receive a webhook, and send it again."""
    kind, body = data[:1], data[1:]
    if kind == b"s":
        _check_signed(body)
    elif kind == b"t":
        receive(body.decode(errors="surrogateescape"))
    elif kind == b"m":
        with suppress(ValueError, RecursionError):
            receive(json.loads(body))
    elif kind == b"g":
        assert receive(gzip.compress(body, 1), GZIP) == receive(body)
    elif kind == b"h":
        coding, _, body = body.partition(b"\n")
        receive(body, {b"content-encoding": coding})
    else:
        receive(body)
    _send_again(body)


def receive(body: Any, headers: Any = None) -> WebhookEvent | WebhookErrorReason:
    """Return the event of a webhook, or why it is not accepted, and check what either contains."""
    try:
        event = parse(body, now=NOW, headers=headers)
    except WebhookError as error:
        _check_error(error)
        return error.reason
    tracking, sent_at = event.tracking, event.sent_at
    assert event.is_stale is (sent_at is None or abs((NOW - sent_at).total_seconds()) > 300)
    assert tracking.carrier_code
    assert tracking.tracking_number
    assert repr(event).isprintable()
    assert len(event.repairs) <= 1_001
    # An event log writes it and reads it back.
    assert msgspec.json.decode(msgspec.json.encode(event), type=WebhookEvent).tracking == tracking
    timeline(tracking)
    with suppress(WebhookError):
        verified = parse(body, account_email=EMAILS, now=NOW, headers=headers)
        assert verified == replace(event, verified_email=verified.verified_email)
        assert verified.verified_email in EMAILS
    return event


def _check_error(error: WebhookError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (str(copy), copy.reason, copy.detail) == (str(error), error.reason, error.detail)
    assert error.reason in {WebhookErrorReason.MALFORMED, WebhookErrorReason.TOO_LARGE}


def _check_signed(body: bytes) -> None:
    """Sign a webhook; it is verified, unless it is malformed, and stale after five minutes."""
    try:
        content = json.loads(body)
        signature = {"timeStr": TIME, "signature": sign(EMAIL, TIME)}
        body = json.dumps({**content, "verifyInfo": signature}).encode()
    except (TypeError, ValueError, RecursionError):
        return
    found = receive(body)
    if isinstance(found, WebhookEvent):
        event = parse(body, account_email=EMAIL, max_age=300, now=NOW)
        assert event == replace(found, verified_email=EMAIL)
        assert parse(body, now=LATER).is_stale
        with suppress(WebhookError):
            parse(body, max_age=300, now=LATER)
            raise AssertionError("a stale webhook is accepted")


def _send_again(body: bytes) -> None:
    """Sign and corrupt a body, as the sandbox does with the deliveries of a snapshot."""
    try:
        text = body.decode()
        require_body(text)
    except (*UNREADABLE, UnicodeDecodeError):
        return
    signed = re_sign(text, EMAIL, TIME)
    require_body(signed)
    assert re_sign(signed, EMAIL, TIME) == signed
    for corruption in ("cut", "status", "signature"):
        assert corrupt(signed, corruption) != signed


def seeds() -> list[bytes]:
    """Return the known webhooks, as they arrive in each way."""
    return [kind + body for body in KNOWN.values() for kind in (b"s", b"u", b"m", b"g")] + [
        kind + KNOWN["now-delivered"] for kind in (b"t", b"hgzip\n", b"hbr\n")
    ]
