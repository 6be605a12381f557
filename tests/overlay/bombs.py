"""
Hostile responses: small on the wire or within the size limit, and expensive to decode.

Each bomb is built when it is called for, since some are as large as the limit of a response.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import Struct

SIZE: Final = 60_000_000
"""Bytes of a large bomb that is not packed; the default limit of a response is 64 MiB."""

_GZIP: Final = {"Content-Encoding": "gzip"}
_META: Final = b'{"meta":{"code":200,"type":"Success","message":"Success"},"data":'
_PIECE: Final = 1_000_000
_BYTES_OF_KEY: Final = 14


class Bomb(Struct, frozen=True):
    """A hostile response to one operation."""

    operation: str
    """Operation ID in the contract."""

    build: Callable[[int], bytes]
    """Builds the body of about so many bytes, packed as `headers` say."""

    headers: Mapping[str, str] = {}

    def body(self, size: int = SIZE) -> bytes:
        """Return the body."""
        return self.build(size)


def _data(start: bytes, repeated: bytes, end: bytes) -> Callable[[int], bytes]:
    """Return a builder of a successful response whose `data` repeats a part up to a size."""
    return lambda size: b"".join((_META, start, repeated * (size // len(repeated)), end, b"}"))


def _items(item: bytes) -> Bomb:
    """Return a page with as many equal items as fit."""
    return Bomb("listTrackings", _data(b'{"items":[', item + b",", item + b"]}"))


def _field(start: bytes, repeated: bytes, end: bytes) -> Bomb:
    """Return a tracking with one large field."""
    tracking = b'{"id":"1","tracking_number":"RA123456789CN","carrier_code":"china-post",'
    return Bomb(
        "getTracking",
        _data(tracking + b'"status":"pending",' + start, repeated, end + b"}"),
    )


def _keys(operation: str, start: bytes, value: bytes, end: bytes) -> Bomb:
    """Return a response with an object of different keys."""

    def build(size: int) -> bytes:
        entries = (b'"k%d":%b' % (number, value) for number in range(size // _BYTES_OF_KEY))
        return b"".join((_META, start, b",".join(entries), end, b"}"))

    return Bomb(operation, build)


def _packed(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    return b"".join((*map(packer.compress, pieces), packer.flush()))


def _spaces(size: int) -> Iterable[bytes]:
    return (b" " * _PIECE for _ in range(size // _PIECE))


BOMBS: Final[dict[str, Bomb]] = {
    "gzip": Bomb("listTrackings", lambda size: _packed(_spaces(size * 16)), _GZIP),
    "nested gzip": Bomb(
        "listTrackings", lambda size: gzip.compress(_packed(_spaces(size * 16))), _GZIP
    ),
    "endless": Bomb("listTrackings", lambda size: b" " * (size * 2)),
    "spaces": Bomb("listTrackings", lambda size: b" " * size),
    "bytes that are not UTF-8": Bomb("listTrackings", lambda size: b"\xff" * size),
    "depth": Bomb("listTrackings", lambda size: b"[" * (size // 20)),
    "depth in data": _field(b'"title":', b"[", b""),
    "depth in an unknown field": _field(b'"x":', b'{"x":', b""),
    "depth with strings": Bomb("listTrackings", _data(b'{"items":', b'["",', b"")),
    "digits": _field(b'"weight":', b"1", b""),
    "digits of a fraction": _field(b'"weight":0.', b"1", b""),
    "exponents": _items(b"1e999"),
    "exponents of a field": _items(b'{"id":1e999}'),
    "not a number": _items(b"NaN"),
    "items that are empty arrays": _items(b"[]"),
    "items that are empty objects": _items(b"{}"),
    "items that are numbers": _items(b"0"),
    "items that are null": _items(b"null"),
    "items that are texts": _items(b'"a"'),
    "items with a malformed id": _items(b'{"id":[]}'),
    "items with one key": _items(b'{"id":"1"}'),
    "few items, each large": _items(b'{"id":"1","x":"' + b"x" * 2_000 + b'"}'),
    "100,000 items, each with a repair": _items(b'{"id":"1","x":"' + b"x" * 580 + b'"}'),
    "items in proportion to their size": _items(b'{"id":[],"x":"' + b"x" * 40 + b'"}'),
    "an object in proportion to its size": Bomb(
        "listTrackings",
        _data(b'{"items":{', b'"1":"%s",' % (b"x" * 15), b'"1":"a"}}'),
    ),
    "items as an object": _keys("listTrackings", b'{"items":{', b"[]", b"}}"),
    "items as an object of numbers": Bomb(
        "listTrackings", _data(b'{"items":{', b'"1":1,', b'"1":1}}')
    ),
    "checkpoints": _field(b'"origin_info":{"trackinfo":[', b"{},", b"{}]}"),
    "malformed checkpoints": _field(
        b'"origin_info":{"trackinfo":[', b'{"Details":[]},', b'{"Details":[]}]}'
    ),
    "checkpoints in a text": _field(b'"origin_info":{"trackinfo":"[', b"{},", b'{}]"}'),
    "one text": _field(b'"title":"', b"x", b'"'),
    "one text with escapes": _field(b'"title":"', b'\\"\\u00e9', b'"'),
    "one text of wide characters": _field('"title":"\U0001f600'.encode(), b"x", b'"'),
    "lone surrogates": _field(b'"title":"', b"\\ud800", b'"'),
    "repeated keys": _field(b"", b'"title":"a",', b'"title":"a"'),
    "unknown keys": _keys("getTracking", b"{", b'"a"', b"}"),
    "unknown values": _field(b'"x":[', b"[],", b"[]]"),
    "e-mail addresses": _field(b'"customer_email":[', b'"ab",', b'"ab"]'),
    "carriers": Bomb("listCarriers", _data(b"[", b"{},", b"{}]")),
    "carriers as numbers": Bomb("listCarriers", _data(b"[", b"0,", b"0]")),
    "air waybills": _keys("trackAirWaybills", b"{", b"{}", b"}"),
    "created trackings": Bomb(
        "createTrackingBatch",
        _data(b'{"submitted":1,"added":1,"trackings":[', b"{},", b"{}]}"),
    ),
    "errors of a batch": Bomb(
        "createTrackingBatch",
        _data(b'{"submitted":1,"added":1,"trackings":[],"errors":[', b'"a",', b'"a"]}'),
    ),
    "updated trackings": Bomb(
        "updateTrackingBatch", _data(b'{"submitted":1,"updated":1,"trackings":[', b"{},", b"{}]}")
    ),
    "deleted trackings": Bomb(
        "deleteTrackingBatch",
        _data(b'{"submitted":1,"delete":1,"trackings":[', b'{"meta":{}},', b'{"meta":{}}]}'),
    ),
    "remote areas": Bomb(
        "checkRemoteAreas", _data(b'{"submitted":1,"remote":[],"other":[', b"[],", b"[]]}")
    ),
    "message of an error": Bomb(
        "listTrackings",
        lambda size: b'{"meta":{"code":4012,"type":"","message":"' + b"x" * size + b'"},"data":[]}',
    ),
    "meta of an error": Bomb(
        "listTrackings",
        lambda size: b'{"meta":{"x":[' + b"[]," * (size // 3) + b'[]],"code":4012},"data":[]}',
    ),
}
"""Each bomb by what it consists of."""
