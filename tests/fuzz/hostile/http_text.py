r"""
Requests as readable text, and as ASGI scopes.

An input is a sequence of requests: `METHOD TARGET`, headers, an empty line and a body, each ended
by `\n`. A line of `%%` separates the requests.
"""

from typing import Any, Final
from urllib.parse import unquote

from tests.generated.examples import REQUESTS, encoded
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS, Operation
from trackingmore_v2_sandbox import API_KEY
from trackingmore_v2_sandbox.server.app import BASE_PATH

Scope = dict[str, Any]

SEPARATOR: Final = b"\n%%\n"
_MAX_REQUESTS: Final = 8
_DEFAULT_HEADERS: Final = {b"host": b"localhost", API_KEY_HEADER.lower().encode(): API_KEY.encode()}
_PARAMETERS: Final = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN", "lang": "en"}


def parse_requests(data: bytes) -> list[tuple[Scope, bytes]]:
    """Return the scope and the body of each request."""
    return [_parse(text) for text in data.split(SEPARATOR)[:_MAX_REQUESTS]]


def _parse(text: bytes) -> tuple[Scope, bytes]:
    head, _, body = text.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    path, _, query = target.partition(b"?")
    pairs = [line.split(b":", 1) for line in lines if b":" in line]
    headers = [(name.strip().lower(), value.strip()) for name, value in pairs]
    headers += [it for it in _DEFAULT_HEADERS.items() if it[0] not in dict(headers)]
    scope = {
        "type": "http",
        "method": method.decode("ascii", "replace"),
        "path": unquote(path.decode("ascii", "replace")),
        "raw_path": path,
        "query_string": query,
        "headers": headers,
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
        "http_version": "1.1",
    }
    return scope, body


def documented_requests() -> list[bytes]:
    """Return a request to each operation, as text."""
    bodies = {each.operation: encoded(each.value) for each in REQUESTS}
    return [_format(operation, bodies.get(name, b"")) for name, operation in OPERATIONS.items()]


def _format(operation: Operation[Any], body: bytes) -> bytes:
    query = "&".join(f"{name}=1" for name in operation.query_parameters)
    target = BASE_PATH + operation.path.format_map(_PARAMETERS) + (f"?{query}" if query else "")
    return f"{operation.method} {target}\ncontent-type: application/json\n\n".encode() + body
