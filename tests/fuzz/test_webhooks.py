"""For any body and any headers, a webhook is an event or a `WebhookError`."""

import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from types import MappingProxyType
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.broken_responses import BYTES, HEADERS, OTHER_BODIES, TOKENS
from tests.fuzz.hostile.webhooks import NOW, TIME, receive
from tests.fuzz.profile import fuzzed
from tests.fuzz.test_response_parsing import values
from tests.generated.examples import ABSENT, put
from tests.overlay.webhooks.bodies import EMAIL, KNOWN
from trackingmore_v2.webhooks import (
    WebhookError,
    WebhookErrorReason,
    WebhookEvent,
    parse,
    sign,
)

SHORT_TOKENS: Final = [token.encode() for token in TOKENS if len(token) < 20_000]
known = st.sampled_from([*KNOWN.values()])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a known body with other bytes in a few places."""
    body = bytearray(draw(known))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        piece = draw(st.sampled_from([*BYTES, *SHORT_TOKENS]) | st.binary(max_size=4))
        body[start : start + draw(st.integers(0, 20))] = piece
    return bytes(body)


def places(node: Any) -> list[list[str | int]]:
    """Return the path of each value in plain JSON."""
    if isinstance(node, dict):
        items: list[tuple[str | int, Any]] = [*node.items()]
    else:
        items = [*enumerate(node)] if isinstance(node, list) else []
    return [[key, *path] for key, child in items for path in [[], *places(child)]]


PARSED: Final = [(json.loads(body), places(json.loads(body))) for body in KNOWN.values()]
ODD_TIMES: Final = [TIME, str(TIME), 2**62, -(2**62), 10**12, 1e300, "9" * 5_000, "\u0663", "1_0"]
ODD_TEXTS: Final = ["", "\n", "\u2028", "\0", "\ud800", "\x1b[2J", "x" * 5_000]
odd_values = values | st.sampled_from([*ODD_TIMES, *ODD_TEXTS]) | st.just(ABSENT)
infos = st.fixed_dictionaries(
    {},
    optional={
        "timeStr": st.sampled_from(ODD_TIMES) | values,
        "signature": st.sampled_from([sign(EMAIL, TIME), *ODD_TEXTS]) | values,
    },
)


@st.composite
def replaced(draw: st.DrawFn) -> dict[str, Any]:
    """Return a known body with any values in place of some."""
    content, paths = draw(st.sampled_from(PARSED))
    body: dict[str, Any] = deepcopy(content)
    for path in draw(st.lists(st.sampled_from(paths), max_size=4)):
        with suppress(LookupError, TypeError, AttributeError):  # a part of it is gone
            put(body, path, draw(odd_values))
    return {**body, "verifyInfo": draw(infos)} if draw(st.booleans()) else body


def written(content: object) -> bytes:
    """Return JSON, with infinite numbers as Python writes them."""
    return json.dumps(content).encode()


contents = (
    known
    | damaged()
    | damaged()
    | replaced().map(written)
    | replaced().map(written)
    | st.sampled_from(OTHER_BODIES)
    | st.binary(max_size=50)
    | values.map(written)
)
AS: Final[list[Callable[[bytes], Any]]] = [
    *(bytes, bytes, bytearray, memoryview),
    lambda body: body.decode(errors="surrogateescape"),
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: gzip.compress(body, 1),
    lambda body: gzip.compress(body, 1)[:-3],
    lambda body: gzip.compress(body[:9], 1) + gzip.compress(body[9:], 1),
]
bodies: st.SearchStrategy[Any] = (
    st.builds(lambda convert, body: convert(body), st.sampled_from(AS), contents)
    | replaced()
    | replaced().map(MappingProxyType)
    | values
    | st.text(max_size=20)
    | st.sampled_from([object(), (), {1}, 1j, int, iter([])])
)
names = st.sampled_from([*HEADERS, "content-encoding"]) | st.text(max_size=5)
texts = st.sampled_from([each for many in HEADERS.values() for each in many]) | st.text(max_size=5)
scalars = st.binary(max_size=5) | st.none() | st.integers() | st.just(b"gzip")
headers: st.SearchStrategy[Any] = (
    st.none()
    | st.just({"Content-Encoding": "gzip"})
    | st.just({b"content-encoding": b"gzip"})
    | st.dictionaries(names, texts, max_size=4)
    | st.dictionaries(names | scalars, texts | scalars, max_size=4)
    | st.lists(st.tuples(names, texts), max_size=3)
    | values
)


@fuzzed(500)
@given(bodies, headers)
def test_any_webhook_is_an_event_or_an_error(body: object, given_headers: object) -> None:
    """What either of them shows and contains is checked in `receive()`."""
    assert isinstance(receive(body, given_headers), WebhookEvent | WebhookErrorReason)


@fuzzed(200)
@given(replaced(), st.sampled_from([TIME, str(TIME)]))
def test_a_signed_webhook_is_verified_or_malformed(body: dict[str, Any], time: int | str) -> None:
    """As bytes and as a mapping, whatever the rest of it contains."""
    body["verifyInfo"] = {"timeStr": time, "signature": sign(EMAIL, time)}
    for each in (body, written(body)):
        try:
            event = parse(each, account_email=EMAIL, max_age=1, now=NOW)
        except WebhookError as error:
            is_malformed = error.reason is WebhookErrorReason.MALFORMED
        else:
            is_malformed = False
            assert (event.verified_email, event.sent_at, event.is_stale) == (EMAIL, NOW, False)
        assert is_malformed == (receive(each) is WebhookErrorReason.MALFORMED)
