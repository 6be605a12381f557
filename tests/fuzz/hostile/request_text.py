"""
Requests as texts that look like HTTP, so that an input can be read, and what it becomes in ASGI.

A line with nothing but `%%` parts the requests of a story.
"""

from typing import Any, Final
from urllib.parse import unquote

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY

Scope = dict[str, Any]

_BETWEEN: Final = b"\n%%\n"
_MOST: Final = 8
_KEY: Final = API_KEY_HEADER.lower().encode()


def requests_of(data: bytes) -> list[tuple[Scope, bytes]]:
    """Read the requests of a story: the scope of each, and its body."""
    return [_read(text) for text in data.split(_BETWEEN)[:_MOST]]


def _read(text: bytes) -> tuple[Scope, bytes]:
    head, _, body = text.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    path, _, query = target.partition(b"?")
    given = [_header(line) for line in lines if b":" in line]
    scope = {
        "type": "http",
        "method": method.decode("ascii", "replace"),
        "path": unquote(path.decode("ascii", "replace")),
        "raw_path": path,
        "query_string": query,
        "headers": _completed(given),
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
        "http_version": "1.1",
    }
    return scope, body


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


def _completed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add a host and a key, unless they are said."""
    names = {name for name, _ in headers}
    usual = ((b"host", b"localhost"), (_KEY, API_KEY.encode()))
    return [*headers, *(header for header in usual if header[0] not in names)]
