"""Responses that are broken in their JSON, text, compression, headers or status."""

import gzip
import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import httpx2
from hypothesis import strategies as st

from tests.generated.examples import EXAMPLES, encoded
from tests.overlay.transport.test_decoding import Pieces, zeros
from website.contract import walk

DEEP: Final = 100_000
PLACEHOLDER: Final = "<here>"
TOKENS: Final = (
    *("NaN", "Infinity", "-Infinity", "1e999", "-1e-999", "-0", "01", "0x10", "1_000", ".5"),
    *("9" * 5_000, "-" + "9" * 5_000, "0." + "9" * 5_000, "1e5000", f'"{"9" * 5_000}"'),
    *("[" * DEEP, '{"a":' * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP),
    *("[" * depth + "]" * depth for depth in (60, 70, 300, 900, 990, 1_000, 1_100, 5_000)),
    *(json.dumps("[" * depth + "]" * depth) for depth in (100, 1_000, DEEP)),
    *(r'"\ud800"', r'"\udc00\ud800"', r'"\u0000"', r'"\x00"', '"', "'x'", "undefined", "//", ""),
    *("null", "true", '""', "[]", "{}", "[[]]", '[{"":{}}]', '"null"', "0", "-1", "4.5"),
)
"""Replacements of a value, whether they are JSON or not."""

BYTES: Final = (
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f", b"\x00", b"\xef\xbb\xbf", b"\xc0\xaf"),
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\u", b"null"),
)
"""Bytes inserted into a text."""

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
KINDS: Final = ("token", "damaged", "cut", "other", "compressed")
BOMB: Final = zeros(64)
COMPRESSIONS: Final[Mapping[str, Callable[[bytes, int], bytes]]] = MappingProxyType(
    {
        "bomb": lambda _body, _place: BOMB,
        "bomb in json": lambda body, _place: gzip.compress(body + b" " * 2**22),
        "cut": lambda body, place: gzip.compress(body)[: place % 40],
        "damaged": lambda body, place: _damage(gzip.compress(body), [(place, 1, b"\xff")]),
        "trailing bytes": lambda body, place: gzip.compress(body) + b"x" * place,
        "two members": lambda body, _place: gzip.compress(body) * 2,
        "twice": lambda body, _place: gzip.compress(gzip.compress(body)),
        "valid": lambda body, _place: gzip.compress(body),
        "missing": lambda body, _place: body,
    }
)


class BrokenResponse(NamedTuple):
    """A response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: tuple[bytes, ...]

    def respond(self, _request: httpx2.Request) -> httpx2.Response:
        """Return it for any request."""
        headers = [(name.encode(), value.encode()) for name, value in self.headers]
        return httpx2.Response(self.status, headers=headers, stream=Pieces(self.pieces))


@st.composite
def broken_responses(draw: st.DrawFn, operation: str) -> BrokenResponse:
    """Return a response to an operation whose body, and perhaps status or headers, are broken."""
    kind = draw(st.sampled_from(KINDS))
    body = draw(_bodies(kind, operation))
    status = draw(st.just(200) | st.just(200) | st.sampled_from(REDIRECTS) | st.integers(100, 999))
    names = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=3))
    if status in REDIRECTS:
        names.append("Location")
    headers = [(name, draw(st.sampled_from(HEADERS[name]))) for name in names]
    if kind == "compressed":
        headers = [("Content-Encoding", "gzip")]
    size = len(body) // draw(st.integers(1, 4)) + 1
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return BrokenResponse(status, tuple(headers), tuple(pieces))


def _bodies(kind: str, operation: str) -> st.SearchStrategy[bytes]:
    values = [it.value for it in EXAMPLES if it.operation == operation and it.part == "200"]
    valid = st.sampled_from(values)
    whole, place = valid.map(encoded), st.integers(0, 9_999)
    match kind:
        case "token":
            return st.builds(_replace_value, valid, place, st.sampled_from(TOKENS))
        case "damaged":
            damages = st.tuples(place, st.integers(0, 9), st.sampled_from(BYTES))
            return st.builds(_damage, whole, st.lists(damages, min_size=1, max_size=4))
        case "cut":
            return st.builds(lambda body, size: body[: size % len(body)], whole, place)
        case "compressed":
            compress = st.sampled_from(list(COMPRESSIONS.values()))
            return st.builds(
                lambda body, function, at: function(body, at), whole, compress, st.integers(0, 999)
            )
        case _:
            return st.sampled_from(OTHER_BODIES) | st.binary(max_size=30)


def _damage(body: bytes, damages: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in damages:
        start = place % (len(body) + 1)
        body = body[:start] + piece + body[start + length :]
    return body


def _replace_value(value: Any, number: int, token: str) -> bytes:
    """Return JSON with a token in place of one of its values, or of all."""
    holder = [deepcopy(value)]
    places = [
        (node, key)
        for _, node in walk(holder)
        if isinstance(node, dict | list)
        for key in (node if isinstance(node, dict) else range(len(node)))
    ]
    node, key = places[number % len(places)]
    node[key] = PLACEHOLDER
    return json.dumps(holder[0]).replace(f'"{PLACEHOLDER}"', token).encode()
