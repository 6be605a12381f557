"""From the body of a request to an event."""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any, Final, Protocol, TypeAlias, cast

import msgspec
from msgspec import Struct, field

from trackingmore_v2._config import checked_positive, checked_text
from trackingmore_v2._errors import ConfigurationError, WebhookError, WebhookErrorReason
from trackingmore_v2._scrubbing import scrubbed
from trackingmore_v2._transport.decoding import BodyDecoder
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2_api import Repair, models
from trackingmore_v2_api.salvage import UNREADABLE, Irreparable, decoder, salvage
from trackingmore_v2_api.webhooks import sign

Body: TypeAlias = bytes | bytearray | memoryview | str | Mapping[str, Any]
Now: TypeAlias = datetime | Callable[[], datetime]


class Headers(Protocol):
    """The headers of a request: a mapping, or what a framework has instead."""

    def items(self) -> Iterable[tuple[str, str]]:
        """
        Return the headers.

        Returns:
            Names and values.
        """
        ...


MAX_BODY_SIZE: Final = 2**20
"""Maximum bytes of the body of a webhook, uncompressed too; real ones have some thousand."""

STALE_AFTER: Final = 300
"""Seconds between the time of sending and now, in either direction."""

_MAX_REPAIRS: Final = 1_000
"""Anyone may send a body, and one of the maximum size could need a second of repairs."""

_GZIP_START: Final = b"\x1f\x8b"
_CHECK_VERSION: Final = "check that version 2 is chosen for the webhook"
_CHECK_BODY: Final = f"{_CHECK_VERSION}, and that the whole body is passed on"


class _Body(Struct, frozen=True, gc=False):
    data: models.Tracking
    verify_info: models.WebhookSignature | None = field(name="verifyInfo", default=None)


@scrubbed
def parse(
    body: Body,
    *,
    account_email: str | Iterable[str] | None = None,
    max_age: float | None = None,
    now: Now | None = None,
    headers: Headers | None = None,
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
        headers: The headers of the request, such as `request.headers`; needed only if the body is
            compressed with gzip. Default: none.

    Returns:
        The event. Only its time is authenticated; `confirm()` reads the tracking from the API.

    Raises:
        WebhookError: The body is malformed or too large; or it is not signed with an address of the
            account, or sent too long ago.
        ConfigurationError: An argument other than the body and the headers is invalid.
    """
    emails = checked_emails(account_email)
    limit = None if max_age is None else checked_positive("max_age", max_age)
    moment = _moment(now)
    repairs: list[Repair] = []
    decoded = _decode(_uncompressed(_content(body), headers), repairs)
    _require_pair(decoded.data)
    info = decoded.verify_info
    email = _verify(info, emails) if emails else None
    sent_at = _sent_at(info)
    age = None if sent_at is None else (moment - sent_at).total_seconds()
    if limit is not None and _is_older(age, limit):
        raise _stale(age, limit)
    return WebhookEvent(
        tracking=decoded.data,
        sent_at=sent_at,
        verified_email=email,
        is_stale=_is_older(age, STALE_AFTER),
        repairs=tuple(repairs),
    )


def too_large() -> WebhookError:
    """Return the error for a body of more than `MAX_BODY_SIZE` bytes."""
    detail = (
        f"the body has more than {MAX_BODY_SIZE} bytes, and those of the API have some thousand; "
        "check who sent it"
    )
    return WebhookError(WebhookErrorReason.TOO_LARGE, detail)


def _malformed(detail: str, advice: str = _CHECK_BODY) -> WebhookError:
    return WebhookError(WebhookErrorReason.MALFORMED, f"{detail}; {advice}")


def _content(body: object) -> bytes:
    """Return the bytes of a body of any type."""
    kind = type(body).__name__
    if not isinstance(body, bytes | bytearray | memoryview | str | Mapping):
        raise _malformed(f"the body is a {kind}, not bytes, text or a mapping")
    try:
        content = _encoded(cast("Body", body))
    except Exception as error:  # noqa: BLE001 - methods of a mapping may raise any
        raise _malformed(f"the {kind} cannot be read ({type(error).__name__})") from None
    return _limited(content)


def _encoded(body: Body) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode(errors="surrogatepass")
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    try:
        return msgspec.json.encode(body, enc_hook=dict)
    except UnicodeEncodeError:  # of a lone surrogate, which is repaired as in bytes
        return json.dumps(body, default=dict).encode()


def _limited(content: bytes) -> bytes:
    if len(content) > MAX_BODY_SIZE:
        raise too_large()
    return content


def _uncompressed(content: bytes, headers: Headers | None) -> bytes:
    """Return a body without its compression; middleware may have removed it already."""
    if not content.startswith(_GZIP_START):
        return content
    if headers is None or _content_coding(headers) not in {"gzip", "x-gzip"}:
        raise _malformed("the body is compressed", "pass the headers that say so")
    decode = BodyDecoder({"Content-Encoding": "gzip"}, MAX_BODY_SIZE)
    try:
        if decode.feed(content):
            return decode.content()
    except zlib.error:
        raise _malformed("the compressed body is damaged or cut off") from None
    raise too_large()


def _content_coding(headers: Headers) -> str:
    try:
        found = {_text(name).lower(): _text(value) for name, value in headers.items()}
    except Exception as error:  # noqa: BLE001 - methods of a mapping may raise any
        detail = f"the headers cannot be read ({type(error).__name__})"
        raise _malformed(detail, "pass a mapping of their names and values") from None
    return found.get("content-encoding", "").strip().lower()


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _decode(content: bytes, repairs: list[Repair]) -> _Body:
    try:
        return decoder(_Body).decode(content)
    except UNREADABLE as error:
        unreadable = error
    try:
        return salvage(content, _Body, repairs, unreadable, _MAX_REPAIRS)
    except Irreparable as error:
        problem = error.problem if error.path == "$" else str(error)
    # The official receiver ignores what is before and after the object.
    start, end = content.find(b"{"), content.rfind(b"}") + 1
    if 0 <= start < end and end - start < len(content):
        repairs[:] = [Repair("$", "text before or after the object")]
        return _decode(content[start:end], repairs)
    raise _malformed(problem)


def _require_pair(tracking: models.Tracking) -> None:
    """Raise unless a tracking has what identifies it; salvage sets a missing part to ""."""
    for name in ("carrier_code", "tracking_number"):
        if not getattr(tracking, name):
            raise _malformed(f"the tracking has no {name}")


def _verify(info: models.WebhookSignature | None, emails: tuple[str, ...]) -> str:
    """Return the address with which the time is signed."""
    if info is None or not info.signature or info.time_str == "":
        detail = f"verifyInfo has no time or no signature; {_CHECK_VERSION}"
        raise WebhookError(WebhookErrorReason.UNSIGNED, detail)
    given = info.signature.lower().encode()
    # Each one is compared, so that the time taken does not show which one it is.
    verified = [
        each for each in emails if compare_digest(sign(each, info.time_str).encode(), given)
    ]
    if not verified:
        detail = (
            "the time is signed with another address; check account_email, which must be written "
            "as in the account, in the same case"
        )
        raise WebhookError(WebhookErrorReason.SIGNATURE_MISMATCH, detail)
    return verified[0]


def _sent_at(info: models.WebhookSignature | None) -> datetime | None:
    try:
        return None if info is None else datetime.fromtimestamp(int(info.time_str), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_older(age: float | None, limit: float) -> bool:
    return age is None or abs(age) > limit


def _stale(age: float | None, limit: float) -> WebhookError:
    if age is None:
        detail = f"verifyInfo has no time; {_CHECK_VERSION}"
    else:
        detail = (
            f"it was sent {abs(age):.0f} s {'before' if age > 0 else 'after'} now, and max_age is "
            f"{limit:g}; check the clock of this host, or omit max_age if retries are accepted"
        )
    return WebhookError(WebhookErrorReason.STALE, detail)


def checked_emails(account_email: object) -> tuple[str, ...]:
    if account_email is None:
        return ()
    if isinstance(account_email, str) or not isinstance(account_email, Iterable):
        return (checked_email(account_email),)
    emails = tuple(map(checked_email, cast("Iterable[object]", account_email)))
    if not emails:
        raise ConfigurationError("account_email must contain an address; omit it to check none")
    return emails


def checked_email(given: object) -> str:
    """
    Return the address of an account.

    Raises:
        ConfigurationError: It is empty, no text, or has white space around it.
    """
    email = checked_text("account_email", given)
    if email != email.strip():
        raise ConfigurationError("account_email must not begin or end with white space")
    return email


def _moment(now: Now | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    return checked_time("now", now() if callable(now) else now)


def checked_time(name: str, value: object) -> datetime:
    """
    Return a time, and check that it has a time zone.

    Raises:
        ConfigurationError: The value is anything else.
    """
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise ConfigurationError(f"{name} must be a datetime with a time zone")
    return value
