"""Requests that offer to upgrade the connection, which the sandbox ignores, at a socket."""

import json
import logging
import re
import socket
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from tests.sandbox.harness import PAIR
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.faults import uvicorn_protocol

BODY: Final = json.dumps(PAIR).encode()
LENGTH: Final = f"Content-Length: {len(BODY)}\r\n"
CHUNKED: Final = b"5;name=value\r\n%s\r\n%x\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (
    BODY[:5],
    len(BODY) - 5,
    BODY[5:],
)
H2C: Final = (
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
)
OFFERS: Final = {
    "h2c": H2C,
    "websocket": "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "two fields": "UPGRADE: h2c\r\nConnection: upgrade\r\nUpgrade: TLS/1.0\r\n",
}
CREATED, EXISTS = 200, 4016


class Connection:
    """A connection to a sandbox, kept alive."""

    def __init__(self, sandbox: Sandbox) -> None:
        url = urlsplit(sandbox.base_url)
        self._socket = socket.create_connection((url.hostname or "", url.port or 0), timeout=20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._responses = self._socket.makefile("rb")
        self._key = sandbox.api_key

    def request(self, method: str, path: str, fields: str, body: bytes = b"") -> bytes:
        """Return a request."""
        head = f"{method} /v2/{path} HTTP/1.1\r\nHost: localhost\r\n"
        return f"{head}{API_KEY_HEADER}: {self._key}\r\n{fields}\r\n".encode() + body

    def send(self, content: bytes) -> None:
        """Send one packet."""
        self._socket.sendall(content)

    def code(self) -> int:
        """Return the code of the next response."""
        assert self._responses.readline() == b"HTTP/1.1 200 OK\r\n"
        length = 0
        while (line := self._responses.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        result: Any = json.loads(self._responses.read(length))
        return int(result["meta"]["code"])

    def is_closed(self) -> bool:
        """Return whether the sandbox closes the connection, without another response."""
        return self._responses.read() == b""

    def close(self) -> None:
        """Close the connection."""
        self._responses.close()
        self._socket.close()


@pytest.fixture(params=["h11", "httptools"])
def connection(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Connection]:
    """Connect to a sandbox with each parser, which logs nothing."""
    pytest.importorskip(request.param)
    module = import_module(f"uvicorn.protocols.http.{request.param}_impl")
    kind = {"h11": "H11Protocol", "httptools": "HttpToolsProtocol"}[request.param]
    protocol = uvicorn_protocol.exposes_connection(getattr(module, kind))
    monkeypatch.setattr(uvicorn_protocol, "PROTOCOL", protocol)
    with caplog.at_level(logging.WARNING), Sandbox() as sandbox:
        connection = Connection(sandbox)
        yield connection
        connection.close()
    assert caplog.get_records("call") == []


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
@pytest.mark.parametrize(
    ("fields", "body"),
    [(LENGTH, BODY), ("Transfer-Encoding: chunked\r\n", CHUNKED)],
    ids=["length", "chunked"],
)
def test_the_body_of_a_request_with_an_offer_is_read(
    connection: Connection, offer: str, fields: str, body: bytes
) -> None:
    """Whole, cut anywhere, and followed by the next request on the same connection."""
    create = connection.request("POST", "trackings/post", offer + fields, body)
    connection.send(create)
    assert connection.code() == CREATED

    for at in range(1, len(create), 7):
        connection.send(create[:at])
        connection.send(create[at:])
        assert connection.code() == EXISTS, at


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_last_request_of_a_connection_may_have_an_offer(
    connection: Connection, offer: str, version: str
) -> None:
    """The connection is closed after the response."""
    fields = LENGTH + re.sub("onnection: ", "onnection: close, ", offer)
    create = connection.request("POST", "trackings/post", fields, BODY)
    connection.send(create.replace(b"HTTP/1.1", f"HTTP/{version}".encode()))

    assert connection.code() == CREATED
    assert connection.is_closed()


def test_each_byte_may_be_a_packet(connection: Connection) -> None:
    """The head is read again only once it is complete."""
    for byte in connection.request("POST", "trackings/post", H2C + LENGTH, BODY):
        connection.send(bytes([byte]))

    assert connection.code() == CREATED


def test_requests_with_offers_may_be_pipelined(connection: Connection) -> None:
    """Each has its own body, or none, whatever stands before it."""
    path = f"trackings/{PAIR['carrier_code']}/{PAIR['tracking_number']}"
    create = connection.request("POST", "trackings/post", H2C + LENGTH, BODY)
    requests = [
        connection.request("GET", path, H2C),
        create,
        connection.request("GET", path, ""),
        connection.request("POST", "trackings/post", H2C + "Content-Length: 0\r\n"),
        connection.request("DELETE", path, H2C),
        connection.request("POST", "trackings/post", LENGTH, BODY),
    ]
    connection.send(b"".join(requests))

    assert [connection.code() for _ in requests] == [4017, 200, 200, 4015, 200, 200]

    connection.send(create * 1200)
    assert {connection.code() for _ in range(1200)} == {EXISTS}
