"""From the body of a request to an event."""

import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct, field

from trackingmore_v2._config import checked_positive, checked_text
from trackingmore_v2._errors import (
    ConfigurationError,
    WebhookError,
    WebhookErrorReason,
)
from trackingmore_v2._transport.decoding import BodyDecoder, TooManyChunks
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2_api import Repair, models
from trackingmore_v2_api.salvage import UNREADABLE, Irreparable, decoder, salvage
from trackingmore_v2_api.webhooks import sign

Body: TypeAlias = bytes | bytearray | memoryview | str | Mapping[str, Any]
Now: TypeAlias = datetime | Callable[[], datetime]

MAX_BODY_SIZE: Final = 2**20
"""Bytes of the body of a webhook; real ones have some thousand."""

STALE_AFTER: Final = timedelta(seconds=300)

_PASS_ON: Final = "check that the whole body is passed on as it was received"  # noqa: S105 - text


class _Body(Struct, frozen=True, gc=False):
    data: models.Tracking
    verify_info: models.WebhookSignature | None = field(name="verifyInfo", default=None)


def parse(
    body: Body,
    *,
    account_email: str | Iterable[str] | None = None,
    max_age: float | None = None,
    now: Now | None = None,
    headers: Mapping[str, str] | None = None,
) -> WebhookEvent:
    """
    Return the event in the body of a webhook.

    The signature covers only the time in the body, so a body that was parsed before is as good as
    the received bytes. Places that differ from the contract are repaired, as in responses.

    Args:
        body: The body: bytes, text, or the parsed JSON object.
        account_email: E-mail address of the account, or the addresses of several accounts: the time
            must be signed with one of them. Default: the signature is not checked.
        max_age: Maximum seconds between the time of sending and now, in either direction. Default:
            no maximum, since it is unknown whether retries, which can go on for days, have a new
            time; `is_stale` says whether the webhook is older than 300 seconds.
        now: The time, or a function that returns it, such as `now` of a sandbox's clock. Default:
            the clock of this host.
        headers: The headers of the request; needed only if the body is compressed. Default: none.

    Returns:
        The event. Only its time is authenticated; `confirm()` reads the tracking from the API.

    Raises:
        WebhookError: The body is malformed or too large; or it is not signed with an address of the
            account, or sent too long ago.
        ConfigurationError: An argument other than the body and the headers is invalid.
    """
    emails = checked_emails(account_email)
    limit = None if max_age is None else timedelta(seconds=checked_positive("max_age", max_age))
    moment = checked_moment(now)
    repairs: list[Repair] = []
    decoded = _decode(_content(body, headers), repairs)
    info = decoded.verify_info
    email = _verify(info, emails) if emails else None
    sent_at = _sent_at(info)
    age = None if sent_at is None else abs(moment - sent_at)
    if limit is not None and (age is None or age > limit):
        raise _stale(sent_at, moment, limit)
    return WebhookEvent(
        tracking=decoded.data,
        sent_at=sent_at,
        verified_email=email,
        is_stale=age is None or age > STALE_AFTER,
        repairs=tuple(repairs),
    )


def too_large() -> WebhookError:
    """Return the error for a body of more than `MAX_BODY_SIZE` bytes."""
    detail = (
        f"the body exceeds {MAX_BODY_SIZE} bytes; check who sent it, since the webhooks of the API "
        "have some thousand"
    )
    return WebhookError(WebhookErrorReason.TOO_LARGE, detail)


def _malformed(detail: str) -> WebhookError:
    return WebhookError(WebhookErrorReason.MALFORMED, f"{detail}; {_PASS_ON}")


def _content(body: object, headers: Mapping[str, str] | None) -> bytes:
    """Return the bytes of a body of any type, uncompressed."""
    if isinstance(body, bytes):
        content = body
    elif isinstance(body, bytearray | memoryview):
        content = bytes(body)
    elif isinstance(body, str):
        content = body.encode(errors="surrogatepass")
    elif isinstance(body, Mapping):
        return _limited(_encoded(body))
    else:
        raise _malformed(f"the body is a {type(body).__name__}, not bytes, text or a mapping")
    return _uncompressed(_limited(content), headers) if headers is not None else _limited(content)


def _limited(content: bytes) -> bytes:
    if len(content) > MAX_BODY_SIZE:
        raise too_large()
    return content


def _encoded(body: Mapping[Any, Any]) -> bytes:
    try:
        return msgspec.json.encode(body, enc_hook=dict)
    except Exception as error:  # noqa: BLE001 - methods of a mapping may raise any
        raise _malformed(f"the mapping is not JSON ({type(error).__name__})") from None


def _uncompressed(content: bytes, headers: Mapping[str, str]) -> bytes:
    coding = _header(headers, "content-encoding")
    decode = BodyDecoder({"Content-Encoding": coding}, MAX_BODY_SIZE)
    try:
        decode.feed(content)
        if decode.is_whole:
            return decode.content()
    except (zlib.error, TooManyChunks):
        raise _malformed("the body is not gzip, although the headers say so") from None
    raise too_large()


def _header(headers: object, name: str) -> str:
    """Return a header of any mapping; empty if there is none."""
    if not isinstance(headers, Mapping):
        raise _malformed(f"the headers are a {type(headers).__name__}, not a mapping")
    items: Iterable[tuple[object, object]] = headers.items()
    return next((str(value) for key, value in items if str(key).lower() == name), "")


def _decode(content: bytes, repairs: list[Repair]) -> _Body:
    try:
        return decoder(_Body).decode(content)
    except UNREADABLE as error:
        unreadable = error
    try:
        return salvage(content, _Body, repairs, unreadable)
    except Irreparable as error:
        problem = str(error)
    # The official receiver ignores what is before and after the object.
    start, end = content.find(b"{"), content.rfind(b"}") + 1
    if 0 <= start < end and end - start < len(content):
        repairs[:] = [Repair("$", "text before or after the object")]
        return _decode(content[start:end], repairs)
    raise _malformed(problem)


def _verify(info: models.WebhookSignature | None, emails: tuple[str, ...]) -> str:
    """Return the address with which the time is signed."""
    if info is None:
        detail = "verifyInfo has no signature; check that version 2 is chosen for the webhook"
        raise WebhookError(WebhookErrorReason.UNSIGNED, detail)
    given = info.signature.lower().encode(errors="surrogatepass")
    verified = [
        each for each in emails if compare_digest(sign(each, info.time_str).encode(), given)
    ]
    if not verified:
        detail = "the signature was made with another key; check account_email"
        raise WebhookError(WebhookErrorReason.SIGNATURE_MISMATCH, detail)
    return verified[0]


def _sent_at(info: models.WebhookSignature | None) -> datetime | None:
    try:
        return None if info is None else datetime.fromtimestamp(int(info.time_str), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _stale(sent_at: datetime | None, moment: datetime, limit: timedelta) -> WebhookError:
    if sent_at is None:
        detail = "verifyInfo has no time; check that version 2 is chosen for the webhook"
    else:
        seconds = (moment - sent_at).total_seconds()
        detail = (
            f"it was sent {abs(seconds):.0f} s {'before' if seconds > 0 else 'after'} now, and "
            f"max_age is {limit.total_seconds():g}; check the clock of this host, or omit max_age "
            "if retries are to be accepted"
        )
    return WebhookError(WebhookErrorReason.STALE, detail)


def checked_emails(account_email: str | Iterable[str] | None) -> tuple[str, ...]:
    if account_email is None:
        return ()
    given: object = account_email
    if isinstance(given, str) or not isinstance(given, Iterable):
        return (checked_text("account_email", given),)
    emails = tuple(checked_text("account_email", each) for each in account_email)
    if not emails:
        raise ConfigurationError("account_email must contain an address; omit it to check none")
    return emails


def checked_moment(now: Now | None) -> datetime:
    moment: object = datetime.now(UTC) if now is None else now() if callable(now) else now
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ConfigurationError("now must be a datetime with a time zone, or return one")
    return moment
