"""Answers that went wrong: in JSON, text or packing, in the headers or the status."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

import httpx2
from hypothesis import strategies as st

from tests.generated.examples import EXAMPLES, encoded
from tests.overlay.transport.test_decoding import Pieces, zeros

Bodies: TypeAlias = st.SearchStrategy[bytes]
Headers: TypeAlias = tuple[tuple[str, str], ...]

DEEP: Final = 100_000
MARK: Final = '"<here>"'
TOKENS: Final = (
    *("NaN", "Infinity", "-Infinity", "1e999", "-1e-999", "-0", "01", "0x10", "1_000", ".5"),
    *("9" * 5_000, "-" + "9" * 5_000, "0." + "9" * 5_000, "1e5000", f'"{"9" * 5_000}"'),
    *("[" * DEEP, '{"a":' * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP),
    *("[" * depth + "]" * depth for depth in (60, 70, 300, 900, 990, 1_000, 1_100, 5_000)),
    *(json.dumps("[" * depth + "]" * depth) for depth in (100, 1_000, DEEP)),
    *(r'"\ud800"', r'"\udc00\ud800"', r'"\u0000"', r'"\x00"', '"', "'x'", "undefined", "//", ""),
    *("null", "true", '""', "[]", "{}", "[[]]", '[{"":{}}]', '"null"', "0", "-1", "4.5"),
)
"""What may stand in place of a value, whether it is JSON or not."""

BYTES: Final = (
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f", b"\x00", b"\xef\xbb\xbf", b"\xc0\xaf"),
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\u", b"null"),
)
"""What may get into the middle of a text."""

OTHER_BODIES: Final = (
    *(b"", b" ", b"\n" * 5_000, b"null", b'""', b"0", b"[]", b"{}", b"true", b"\xef\xbb\xbf"),
    b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
    b"<br />\n<b>Warning</b>:  Invalid argument supplied for foreach() in <b>api.php</b>",
    b"upstream connect error or disconnect/reset before headers",
    *(b'{"meta":{"code":%s},"data":[]}' % code for code in (b"200", b"4031", b'"x"', b"1e3")),
    b'{"meta":{"code":200,"code":500},"data":[],"data":{}}',
)
HEADERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Content-Type": ("text/html", "application/json; charset=utf-16", "", "\xff", "a" * 9_000),
        "Content-Encoding": ("br", "deflate", "identity", "gzip, gzip", "x", "", "gzip"),
        "Content-Length": ("0", "-1", "x", "99999999999"),
        "Transfer-Encoding": ("chunked", "gzip", "x"),
        "Retry-After": ("0", "-1", "nan", "1e999", "x", "\xb2", "Thu, 01 Jan 1970 00:00:00 GMT"),
        "Retry-After-Ms": ("0", "-0", "inf", "9" * 400, "\uff11"),
        "Date": ("", "x", "Thu, 99 Foo 9999 99:99:99 +9999", "Mon, 1 Jan 1 0:0:0 -9999"),
        "Location": ("https://example.org/v2", "//example.org", "/", "http://[", "\x00"),
        "Set-Cookie": ("a=b; Domain=example.org", "=", "\xff=\xff"),
        "X-\xff": ("\x7f", "\u20ac"),
    }
)
REDIRECTS: Final = (301, 302, 303, 307, 308)
KINDS: Final = ("token", "damage", "cut", "other", "packing")


class Broken(NamedTuple):
    """An answer."""

    kind: str
    """What is wrong with its body."""

    status: int
    headers: Headers
    pieces: tuple[bytes, ...]

    def answer(self, _request: httpx2.Request) -> httpx2.Response:
        """Return it, whatever is asked."""
        headers = [(name.encode(), value.encode()) for name, value in self.headers]
        return httpx2.Response(self.status, headers=headers, stream=Pieces(self.pieces))


@st.composite
def broken(draw: st.DrawFn, operation: str) -> Broken:
    """Return an answer to an operation that is broken in its body, and perhaps around it too."""
    kind = draw(st.sampled_from(KINDS))
    body = draw(_bodies(kind, operation))
    status = draw(st.just(200) | st.just(200) | st.sampled_from(REDIRECTS) | st.integers(100, 999))
    odd = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=3))
    if status in REDIRECTS:
        odd.append("Location")
    headers = [(name, draw(st.sampled_from(HEADERS[name]))) for name in odd]
    if kind == "packing":
        headers = [("Content-Encoding", "gzip")]
    return Broken(kind, status, tuple(headers), tuple(_pieces(body, draw(st.integers(1, 4)))))


def _pieces(body: bytes, count: int) -> Iterator[bytes]:
    size = len(body) // count + 1
    return (body[start : start + size] for start in range(0, len(body), size))


def _bodies(kind: str, operation: str) -> Bodies:
    good = st.sampled_from(_examples(operation))
    whole = good.map(encoded)
    match kind:
        case "token":
            return st.builds(_planted, good, st.integers(0, 10_000), st.sampled_from(TOKENS))
        case "damage":
            return st.builds(_damaged, whole, st.lists(places, min_size=1, max_size=4))
        case "cut":
            return st.builds(
                lambda body, size: body[: size % len(body)], whole, st.integers(0, 9_999)
            )
        case "packing":
            return st.builds(_packed, whole, st.sampled_from(sorted(PACKINGS)), st.integers(0, 999))
        case _:
            return st.sampled_from(OTHER_BODIES) | st.binary(max_size=30)


@cache
def _examples(operation: str) -> list[Any]:
    return [it.value for it in EXAMPLES if it.operation == operation and it.part == "200"]


places = st.tuples(st.integers(0, 9_999), st.integers(0, 9), st.sampled_from(BYTES))


def _damaged(body: bytes, damages: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in damages:
        start = place % (len(body) + 1)
        body = body[:start] + piece + body[start + length :]
    return body


def _planted(value: Any, number: int, token: str) -> bytes:
    """Store a token in place of one of the values."""
    size = sum(1 for _ in _values(value))
    left = iter([False] * (number % size) + [True] + [False] * size)
    return json.dumps(_marked(value, left)).replace(MARK, token).encode()


def _values(value: Any) -> Iterator[Any]:
    yield value
    children = value.values() if isinstance(value, dict) else value
    for child in children if isinstance(value, dict | list) else ():
        yield from _values(child)


def _marked(value: Any, is_here: Iterator[bool]) -> Any:
    if next(is_here):
        return json.loads(MARK)
    if isinstance(value, dict):
        return {name: _marked(child, is_here) for name, child in value.items()}
    return [_marked(child, is_here) for child in value] if isinstance(value, list) else value


BOMB: Final = zeros(64)
PACKINGS: Final[Mapping[str, Callable[[bytes, int], bytes]]] = MappingProxyType(
    {
        "bomb": lambda _body, _place: BOMB,
        "bomb in json": lambda body, _place: gzip.compress(body + b" " * 2**22),
        "cut": lambda body, place: gzip.compress(body)[: place % 40],
        "damaged": lambda body, place: _damaged(gzip.compress(body), [(place, 1, b"\xff")]),
        "more after it": lambda body, place: gzip.compress(body) + b"x" * place,
        "two in a row": lambda body, _place: gzip.compress(body) * 2,
        "twice": lambda body, _place: gzip.compress(gzip.compress(body)),
        "fine": lambda body, _place: gzip.compress(body),
        "not at all": lambda body, _place: body,
    }
)


def _packed(body: bytes, packing: str, place: int) -> bytes:
    return PACKINGS[packing](body, place)
