"""From any body and any headers to an event or a `WebhookError`."""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from hmac import compare_digest
from http.client import HTTPMessage
from itertools import count
from types import MappingProxyType
from typing import Any, cast
from unittest.mock import patch

import pytest
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import EnvironHeaders

from tests.generated.examples import rewritten
from tests.overlay.webhooks.bodies import EMAIL, KNOWN, NOW, SENT, raw, signed, webhook
from trackingmore_v2 import ConfigurationError
from trackingmore_v2.serialization import to_dict
from trackingmore_v2.webhooks import (
    MAX_BODY_SIZE,
    WebhookError,
    WebhookErrorReason,
    WebhookEvent,
    _parsing,
    parse,
    sign,
)

MALFORMED, TOO_LARGE = WebhookErrorReason.MALFORMED, WebhookErrorReason.TOO_LARGE
UNSIGNED, STALE = WebhookErrorReason.UNSIGNED, WebhookErrorReason.STALE
MISMATCH = WebhookErrorReason.SIGNATURE_MISMATCH
GZIP = {"Content-Encoding": "gzip"}


class Items(Mapping[Any, Any]):
    """A mapping that is no dict."""

    def __init__(self, items: Mapping[Any, Any]) -> None:
        self.values_by_key = dict(items)

    def __getitem__(self, key: object) -> object:
        return self.values_by_key[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values_by_key)

    def __len__(self) -> int:
        return len(self.values_by_key)


class Broken(Items):
    """A mapping that cannot be read."""

    def __iter__(self) -> Iterator[Any]:
        raise LookupError("canary")


class Named(dict[Any, Any]):
    """A subclass of dict."""


class Unprintable:
    """An object without a text."""

    def __str__(self) -> str:
        raise LookupError("canary")


def check(body: Any, **options: Any) -> WebhookEvent:
    """Parse a body that is signed with the address of the account, at the time when it was sent."""
    return parse(body, **{"account_email": EMAIL, "now": NOW, **options})


def reason(body: Any, **options: Any) -> WebhookErrorReason:
    """Return why a body is not accepted."""
    with pytest.raises(WebhookError) as caught:
        check(body, **options)
    return caught.value.reason


def repairs(body: Any, **options: Any) -> list[str]:
    """Return the places and problems of repairs."""
    return [f"{each.path}: {each.problem}" for each in check(body, **options).repairs]


# Types of bodies


@pytest.mark.parametrize(
    "convert",
    [
        *(bytes, bytearray, memoryview, bytes.decode, json.loads),
        lambda body: memoryview(bytearray(body * 2))[: len(body)],
        lambda body: memoryview(bytes(each for byte in body for each in (byte, 0)))[::2],
        lambda body: Named(json.loads(body)),
        lambda body: MappingProxyType(json.loads(body)),
        lambda body: Items({key: Items(value) for key, value in json.loads(body).items()}),
    ],
    ids=count(),
)
def test_a_body_has_any_type(convert: Callable[[bytes], Any]) -> None:
    """Bytes, text, and what a framework parsed before, give the same event."""
    event = check(raw(), max_age=1)

    assert check(convert(raw()), max_age=1) == event
    assert event == WebhookEvent(
        tracking=event.tracking, sent_at=NOW, verified_email=EMAIL, is_stale=False
    )
    assert (event.tracking.carrier_code, event.tracking.status) == ("china-ems", "delivered")


@pytest.mark.parametrize(
    "body",
    [
        *(None, 5, True, 1.5, [], [raw()], {1, 2}, object(), iter([raw()]), Unprintable()),
        *({}, "", b"", memoryview(b""), {"data": []}, {"data": object()}, {None: 1}),
        *(Broken({}), {"data": Broken({})}, MappingProxyType({(): 1}), {"data": Unprintable()}),
        *(b"null", b"[]", b"{}", b"}{", b"{", b'{"data":{}}', b'{"data":"x"}', "\ud800", "\0"),
        *(b"status=delivered&tracking_number=1", b"<html>{}</html>"),
    ],
    ids=count(),
)
def test_what_is_no_webhook_is_malformed(body: object) -> None:
    """Whatever it is."""
    assert reason(body) is MALFORMED


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[", "(malformed): not JSON (Input data was truncated); check that version 2 is chosen"),
        ({"data": []}, "(malformed): missing at $.data.id; check that version 2 is chosen for the"),
        ([1], "(malformed): the body is a list, not bytes, text or a mapping; check that version"),
        (gzip.compress(b"{}"), "(malformed): the body is compressed; pass the headers that say so"),
    ],
    ids=count(),
)
def test_an_error_says_what_is_wrong_and_what_to_check(body: object, message: str) -> None:
    """And where."""
    with pytest.raises(WebhookError, match=re.escape(message)):
        check(body)


def test_a_mapping_that_contains_itself_is_malformed() -> None:
    """Also if it is no dict."""
    one = webhook()
    one["data"]["other"] = one
    other = Items(webhook())
    other.values_by_key["data"] = other

    assert (reason(one), reason(other)) == (MALFORMED, MALFORMED)


def test_a_released_view_is_malformed() -> None:
    """It has no content."""
    view = memoryview(raw())
    view.release()

    assert reason(view) is MALFORMED


def test_numbers_are_keys_of_a_mapping() -> None:
    """As other unknown fields."""
    assert repairs(webhook(extra={1: 2})) == []


# Sizes


def padded(size: int) -> bytes:
    """Return a body of so many bytes."""
    body = raw(title="")
    return body.replace(b'"title": ""', b'"title": "%b"' % (b"x" * (size - len(body))))


@pytest.mark.parametrize("convert", [bytes, bytearray, memoryview, bytes.decode])
def test_the_limit_of_the_size_is_exact(convert: Callable[[bytes], Any]) -> None:
    """A body of the maximum size is parsed, one byte more is too large."""
    body = padded(MAX_BODY_SIZE)

    assert len(body) == MAX_BODY_SIZE == 1024 * 1024
    assert check(convert(body)).is_verified
    assert reason(convert(padded(MAX_BODY_SIZE + 1))) is TOO_LARGE


def test_the_bytes_of_text_count() -> None:
    """Not its characters."""
    assert reason(raw().decode() + "é" * (MAX_BODY_SIZE // 2)) is TOO_LARGE


def test_the_limit_of_a_mapping_is_that_of_its_shortest_json() -> None:
    """White space does not count, since it is gone."""
    spare = MAX_BODY_SIZE - len(json.dumps(webhook(title=""), separators=(",", ":")))

    assert check(webhook(title="x" * spare)).is_verified
    assert reason(webhook(title="x" * (spare + 1))) is TOO_LARGE


def test_the_limit_holds_for_what_is_compressed_and_for_what_comes_out() -> None:
    """Of any number of bytes that a few expand to, none is taken beyond the limit."""
    bomb = gzip.compress(bytes(64 * MAX_BODY_SIZE))

    assert check(gzip.compress(padded(MAX_BODY_SIZE)), headers=GZIP).is_verified
    assert reason(gzip.compress(padded(MAX_BODY_SIZE + 1)), headers=GZIP) is TOO_LARGE
    assert reason(bomb, headers=GZIP) is TOO_LARGE
    assert reason(gzip.compress(b"") * 60_000, headers=GZIP) is TOO_LARGE
    assert reason(gzip.compress(b"") * 20_000, headers=GZIP) is MALFORMED


def test_repairs_are_bounded() -> None:
    """More than a thousand malformed checkpoints are no webhook of the API."""
    malformed = [{"Details": [0]}] * 1_000

    assert len(check(raw(origin_info={"trackinfo": malformed})).repairs) == 1_000
    assert reason(raw(origin_info={"trackinfo": [*malformed, malformed[0]]})) is MALFORMED


# Compression


@pytest.mark.parametrize(
    "headers",
    [
        GZIP,
        *({"content-encoding": "gzip"}, {"CONTENT-ENCODING": " X-GZip "}, MappingProxyType(GZIP)),
        {"A": 1, 5: None, "content-encoding": "gzip"},
        {b"content-encoding": b"gzip", b"x": b"\xff"},
        StarletteHeaders(GZIP),
        EnvironHeaders({"HTTP_CONTENT_ENCODING": "gzip"}),
    ],
    ids=count(),
)
def test_a_compressed_body_is_unpacked_by_the_headers(headers: Any) -> None:
    """Those of any framework, also those that are no mapping."""
    assert check(gzip.compress(raw()), headers=headers) == check(raw())


def test_the_headers_of_the_standard_library_are_read() -> None:
    """They are no mapping either."""
    headers: Any = HTTPMessage()
    headers["Content-Encoding"] = "gzip"

    assert check(gzip.compress(raw()), headers=headers) == check(raw())


@pytest.mark.parametrize(
    "headers",
    [
        *(None, {}, {"Content-Encoding": "br"}, {"Content-Encoding": "gzip, gzip"}, 5, "gzip"),
        *([("Content-Encoding", "gzip")], Broken({}), {Unprintable(): "gzip"}),
        *({"Content-Encoding": Unprintable()}, {"Content-Encoding": None}),
    ],
    ids=count(),
)
def test_headers_may_be_anything(headers: Any) -> None:
    """A body is unpacked only if they say so; nothing else in them costs a webhook."""
    assert reason(gzip.compress(raw()), headers=headers) is MALFORMED
    assert check(raw(), headers=headers).is_verified


def test_middleware_may_have_unpacked_the_body() -> None:
    """And parsed it, and left the headers as they were."""
    assert check(raw(), headers=GZIP) == check(raw().decode(), headers=GZIP)
    assert check(webhook(), headers=GZIP).is_verified


@pytest.mark.parametrize("cut", [2, 10, 40, -1])
def test_a_truncated_compressed_body_is_malformed(cut: int) -> None:
    """As is one with other damage."""
    packed = gzip.compress(raw())

    assert reason(packed[:cut], headers=GZIP) is MALFORMED
    assert reason(packed[:20] + b"\xff" * 20 + packed[40:], headers=GZIP) is MALFORMED


# What is tolerated


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_body_is_parsed_and_verified(name: str) -> None:
    """Each documented or recorded one; an empty array for an object is repaired, and reported."""
    event = parse(KNOWN[name], account_email=EMAIL)
    content = json.loads(KNOWN[name])
    data, info = content["data"], content["verifyInfo"]

    assert event.is_verified
    assert event.sent_at == datetime.fromtimestamp(int(info["timeStr"]), UTC)
    expected = ["$.data.destination_info"] if data.get("destination_info") == [] else []
    assert [each.path for each in event.repairs] == expected
    assert to_dict(event.tracking) == rewritten(
        {key: value for key, value in data.items() if value != []}
    )


@pytest.mark.parametrize(
    ("around", "problem"),
    [
        (b"\xef\xbb\xbf%b", "starts with a byte order mark"),
        (b"body=%b", "text before or after the object"),
        (b"%b\r\n200", "text before or after the object"),
        (b"\xff\0%b\xff", "text before or after the object"),
    ],
)
def test_text_around_the_object_is_ignored(around: bytes, problem: str) -> None:
    """As the official receiver does."""
    assert repairs(around % raw()) == [f"$: {problem}"]
    assert repairs(b" \r\n%b\t" % raw()) == []


def test_a_body_in_another_form_is_unwrapped() -> None:
    """JSON in a string, or the only item of an array."""
    for body in (json.dumps(raw().decode()), b"[%b]" % raw()):
        event = check(body)
        assert event.is_verified
        assert [each.path for each in event.repairs] == ["$"]


@pytest.mark.parametrize("extra", [b"{", b"{}", b"{x}"])
def test_an_object_before_the_object_is_malformed(extra: bytes) -> None:
    """The official receiver cannot read that either."""
    assert reason(extra + raw()) is MALFORMED


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"origin_info": []}, ["$.data.origin_info: expected object | null, got array"]),
        ({"tracking_number": 664578623}, ["$.data.tracking_number: expected str, got int"]),
        ({"customer_email": "a@example.com"}, []),
        ({"status": "lost", "new_field": {"a": [1]}, "substatus": "lost001"}, []),
        ({"updated_at": "2026-03-01 12:00:00"}, ["$.data.updated_at: expected time with an"]),
        ({"title": {"en": "Teapot"}}, ["$.data.title: expected str | null, got object"]),
        ({"itemTimeLength": "7"}, ["$.data.itemTimeLength: expected int, got str"]),
    ],
    ids=count(),
)
def test_data_is_repaired_as_in_responses(change: dict[str, Any], found: list[str]) -> None:
    """And each repair is reported."""
    event = check(raw(**change))
    shown = [f"{each.path}: {each.problem}" for each in event.repairs]

    assert len(shown) == len(found)
    assert all(one.startswith(other) for one, other in zip(shown, found, strict=True))
    assert event.tracking.carrier_code == "china-ems"


def test_a_status_of_the_future_is_kept() -> None:
    """As its text."""
    assert check(raw(status="lost")).tracking.status.value == "lost"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"title": ""', b'"title": "\xff"', "contains bytes that are not UTF-8"),
        (b'"title": ""', rb'"title": "\udc00"', "contains a lone surrogate"),
    ],
)
def test_characters_that_are_none_are_replaced(old: bytes, new: bytes, problem: str) -> None:
    """In bytes, and in the text that a framework made of them."""
    body = raw().replace(old, new)

    assert repairs(body) == [f"$: {problem}"]
    assert check(body).tracking.title == "�"
    assert check(body.decode(errors="surrogateescape")).repairs == check(body).repairs
    assert len(check(json.loads(body.decode(errors="surrogateescape"))).repairs) == 1


def test_of_equal_keys_the_last_counts() -> None:
    """As in PHP; also if the first one is malformed."""
    again = b'"status": [], "status": "transit"'

    assert check(raw().replace(b'"status": "delivered"', again)).tracking.status == "transit"


@pytest.mark.parametrize(
    "value",
    [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000, b"1e999", b"-1e999", b"NaN"],
    ids=count(),
)
def test_a_value_may_be_extreme(value: bytes) -> None:
    """It costs at most this webhook."""
    for name in (b'"itemTimeLength": 7', b'"title": ""'):
        key = name.partition(b" ")[0]
        body = raw().replace(name, b"%b %b" % (key, value))
        with suppress(WebhookError):
            (repair,) = check(body).repairs
            assert repair.path.encode() == b"$.data." + key.strip(b'":')


@pytest.mark.parametrize("name", ["carrier_code", "tracking_number"])
@pytest.mark.parametrize("value", ["", None, []])
def test_a_tracking_without_carrier_or_number_is_malformed(name: str, value: object) -> None:
    """Such as that of another version: there is nothing to read from the API."""
    with pytest.raises(WebhookError, match=f"the tracking has no {name}; check that version 2 is"):
        check(raw(**{name: value}))


# The time


@pytest.mark.parametrize(
    ("time", "text"),
    [
        *((SENT, str(SENT)), (str(SENT), str(SENT)), (float(SENT), str(SENT))),
        *((0, "0"), (-1, "-1"), (253_402_300_799, "253402300799"), ("-1", "-1")),
    ],
)
def test_the_time_is_a_number_or_text(time: Any, text: str) -> None:
    """A number with or without a fraction, in the past or the future."""
    event = check(raw(signed(time, text)))

    assert event.is_verified
    assert event.sent_at == datetime.fromtimestamp(int(text), UTC)
    assert event.is_stale is (text != str(SENT))


@pytest.mark.parametrize(
    ("time", "text"),
    [
        *(("tomorrow", "tomorrow"), ("1.5", "1.5"), (1.5, "1.5"), (" ", " "), ("\ud800", "�")),
        *((True, "true"), (2**63, str(2**63)), ("9" * 5_000, "9" * 5_000), ("-" * 9, "-" * 9)),
        *((253_402_300_800, "253402300800"), ("1e9", "1e9"), ("٣" * 40, "٣" * 40)),
    ],
    ids=count(),
)
def test_a_time_that_is_none_is_unknown(time: Any, text: str) -> None:
    """The signature may be right nevertheless; the event is stale."""
    event = parse(webhook(signed(time, text)), now=NOW)

    assert (event.sent_at, event.is_stale, event.verified_email) == (None, True, None)
    assert reason(webhook(signed(time, text)), max_age=10**9, account_email=None) is STALE
    assert check(webhook(signed(time, text))).verified_email == EMAIL


@pytest.mark.parametrize("info", [[], {}, "", 5, False, {"timeStr": SENT}, {"signature": "a"}])
@pytest.mark.parametrize("null", [None, ""])
def test_a_webhook_without_signature_is_unsigned(info: Any, null: object) -> None:
    """If one is wanted; without a time it is stale, if that matters."""
    body = webhook()
    body["verifyInfo"] = (
        info | dict.fromkeys({"timeStr", "signature"} - info.keys(), null)
        if (isinstance(info, dict) and info)
        else info
    )

    assert reason(body) is UNSIGNED
    assert parse(body).verified_email is None
    del body["verifyInfo"]
    assert reason(body) is UNSIGNED
    assert reason(body, account_email=None, max_age=300) is STALE
    assert parse(body).is_stale


@pytest.mark.parametrize(
    ("seconds", "is_stale"), [(0, False), (300, False), (300.001, True), (301, True)]
)
@pytest.mark.parametrize("sign_of", [-1, 1])
def test_a_webhook_is_stale_after_five_minutes(
    seconds: float, sign_of: int, *, is_stale: bool
) -> None:
    """Before or after the time at which it was sent; a maximum makes it an error."""
    now = NOW + timedelta(seconds=seconds * sign_of)

    assert check(raw(), now=now).is_stale is is_stale
    assert check(raw(), now=now, max_age=301).is_stale is is_stale
    if is_stale:
        assert reason(raw(), now=now, max_age=300) is STALE
    else:
        assert not check(raw(), now=now, max_age=300).is_stale


def test_the_error_of_a_stale_webhook_says_which_clock_is_wrong() -> None:
    """Its own, or that of the sender."""
    with pytest.raises(WebhookError, match=r"was sent 60 s before now, and max_age is 30; check"):
        check(raw(), now=NOW + timedelta(seconds=60), max_age=30)
    with pytest.raises(WebhookError, match=r"was sent 60 s after now, and max_age is 0\.5; check"):
        check(raw(), now=NOW - timedelta(seconds=60), max_age=0.5)


def test_now_is_a_time_or_a_function() -> None:
    """In any zone; by default it is the time of the host."""
    here = NOW.astimezone(timezone(timedelta(hours=-11)))

    assert not check(raw(), now=here).is_stale
    assert not check(raw(), now=lambda: here).is_stale
    with patch.object(_parsing, "datetime", wraps=datetime) as clock:
        clock.now.return_value = NOW
        assert not parse(raw()).is_stale
        clock.now.return_value = NOW + timedelta(days=1)
        assert parse(raw()).is_stale


@pytest.mark.parametrize("hours", [-23, 0, 23])
def test_now_may_be_the_first_or_the_last_moment(hours: int) -> None:
    """Of any zone."""
    zone = timezone(timedelta(hours=hours))

    assert check(raw(), now=datetime.min.replace(tzinfo=zone)).is_stale
    assert check(raw(), now=datetime.max.replace(tzinfo=zone)).is_stale


# The signature


def test_the_signature_is_hexadecimal_of_either_case() -> None:
    """The API writes lower case."""
    info = signed(SENT)

    assert check(raw({**info, "signature": info["signature"].upper()})).is_verified


@pytest.mark.parametrize(
    "signature",
    [
        *("0", "0" * 64, "é" * 64, "\ud800", "İ", sign(EMAIL, SENT) + " ", sign("a", SENT)),
        *(sign(EMAIL, SENT)[:-1], sign(EMAIL, SENT + 1), sign("User@example.com", SENT)),
        *(5, True, 1.5),
    ],
    ids=count(),
)
def test_another_signature_is_a_mismatch(signature: object) -> None:
    """Of any text or number, and of the address in another case."""
    info = {"timeStr": SENT, "signature": signature}

    assert reason(webhook(info)) is MISMATCH
    assert parse(webhook(info), now=NOW).verified_email is None


@pytest.mark.parametrize("signature", [[], {}, None, [sign(EMAIL, SENT)]])
def test_a_signature_that_is_no_text_is_missing(signature: object) -> None:
    """Rather than wrong."""
    assert reason(webhook({"timeStr": SENT, "signature": signature})) is UNSIGNED


def test_the_event_says_which_address_signed_it() -> None:
    """Of several accounts; each address is compared, so that the time does not show which."""
    emails = ["a@example.com", EMAIL, "b@example.com"]
    with patch.object(_parsing, "compare_digest", wraps=compare_digest) as compare:
        event = check(raw(), account_email=emails)

    assert event.verified_email == EMAIL
    assert compare.call_count == len(emails)
    assert check(raw(), account_email=iter(emails)).verified_email == EMAIL
    assert check(raw(), account_email={EMAIL: 1}).verified_email == EMAIL
    assert reason(raw(), account_email=emails[::2]) is MISMATCH


def test_the_signature_does_not_cover_the_tracking() -> None:
    """So a forged tracking is verified, as documented."""
    assert check(raw(tracking_number="FORGED")).is_verified


# Arguments


@pytest.mark.parametrize(
    ("options", "message"),
    [
        *(({"account_email": each}, "account_email must be a s") for each in ("", 5, b"a", [""])),
        *(({"account_email": each}, "account_email must be a s") for each in ([EMAIL, None], [5])),
        ({"account_email": []}, "account_email must contain an address; omit it to check none"),
        ({"account_email": f"{EMAIL}\n"}, "account_email must not begin or end with white space"),
        *(({"max_age": each}, "max_age must be a number, not ") for each in ("300", True, [5])),
        *(
            ({"max_age": each}, "max_age must be finite and greater than 0, not ")
            for each in (0, -1, float("nan"), float("inf"), 10**400)
        ),
        ({"max_age": timedelta(seconds=5)}, "max_age must be a number, not "),
        *(
            ({"now": each}, "now must be a datetime with a time zone")
            for each in (SENT, "now", NOW.replace(tzinfo=None), NOW.date(), lambda: None, int)
        ),
    ],
    ids=count(),
)
def test_other_arguments_are_checked(options: dict[str, Any], message: str) -> None:
    """Before anything of the body is read."""
    with pytest.raises(ConfigurationError) as caught:
        check(cast("Any", Broken({})), **options)

    assert str(caught.value).startswith(message)
    assert EMAIL not in str(caught.value)


def test_a_large_maximum_is_no_error() -> None:
    """Any finite number is."""
    assert check(raw(), max_age=1e300).is_verified
