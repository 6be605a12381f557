import json
import logging
import socket
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from msgspec.structs import fields

from tests.sandbox.harness import NOON, PAIR, Api
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS
from trackingmore_v2_sandbox import API_KEY, Sandbox, SettableClock, Store
from trackingmore_v2_sandbox.faults import uvicorn_protocol
from trackingmore_v2_sandbox.store.models import TrackingFilter

WITH_BODY = sorted(each.id for each in OPERATIONS.values() if each.request is not None)
JSON = {"Content-Type": "application/json"}
CREATE = json.dumps({**PAIR, "carrier_code": "usps"}).encode()
DEEP = 100_000
HUGE = 11 * 1024 * 1024
PAIR_START = b'{"tracking_number":"LK664578623CN","carrier_code":"china-ems",'
BODIES = {
    "a form": b"tracking_number=LK664578623CN",
    "huge": b'{"title":"' + b"x" * HUGE + b'"}',
    "huge and no JSON": b"x" * HUGE,
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep arrays, cut": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep inside a field": PAIR_START + b'"title":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "not UTF-8": b'{"tracking_number":"\xff\xfe"}',
    "cut in a character": b'{"tracking_number":"\xe2\x82"}',
    "half a surrogate pair": PAIR_START + b'"title":"\\ud800"}',
    "an array in an array": b"[[1]]",
    "arrays for objects": b"[[1],[2]]",
    "text for objects": b'["a","b"]',
    "null for objects": b"[null]",
    "5,000 digits": PAIR_START + b'"auto_correct":' + b"9" * 5000 + b"}",
    "beyond a float": PAIR_START + b'"auto_correct":1e400}',
    "not a number": PAIR_START + b'"auto_correct":NaN}',
    "two documents": b"{}{}",
}
"""What no operation accepts."""

ODD_VALUES = [
    "18446744073709551617",
    "-1e300",
    "0.5",
    "{}",
    "[[]]",
    "true",
    '"\\u0000"',
    '""',
    "null",
]
"""What may stand in a field, as JSON."""

QUERIES = [
    "page=18446744073709551617",
    "page=" + "9" * 6000,
    "page=-1",
    "page=1e3",
    "page=%00",
    "limit=%FF%FE",
    "created_at_min=" + "1" * 30,
    "numbers=" + "x," * 20_000,
    "numbers=%00,%0d%0aX:1",
    "status[]=transit&status=%F0%9F%93%A6",
    "page=1&page=2",
    "lang=../../etc/passwd",
]


def state(store: Store) -> tuple[object, ...]:
    """Read all that a store holds."""
    with store.transaction(write=False):
        accounts = store.accounts()
        names = [each.account for each in accounts]
        trackings = [store.search(name, TrackingFilter()) for name in names]
        return accounts, trackings, [store.charges(name) for name in names]


STATUSES = {"", "200", "400", "403", "405", "431"}


@pytest.fixture
def stored(api: Api) -> Api:
    """Return a sandbox in this process that follows a tracking."""
    api.create()
    return api


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Fail a test whose request fails inside the sandbox or returns a traceback."""
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.behaviour("response.body-limit")
@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_bad_bodies_change_nothing(stored: Api, operation_id: str) -> None:
    """Each is rejected in the envelope, with a code for what is wrong with it, and nothing more."""
    before = state(stored.store)
    path: dict[str, Any] = dict(PAIR) if OPERATIONS[operation_id].path_parameters else {}
    for fault, body in BODIES.items():
        response = stored.call(operation_id, raw=body, headers=JSON, **path)

        assert response.data == [], fault
        assert response.code in {4012, 4013, 4015}, (fault, response.code)
        assert response.headers["X-Sandbox-Hint"].startswith("body"), fault
    assert state(stored.store) == before


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_odd_values_are_handled(stored: Api, operation_id: str) -> None:
    """In any field, a value is accepted, or rejected without any effect."""
    kind: Any = OPERATIONS[operation_id].request
    model = get_args(kind)[0] if get_args(kind) else kind
    path: dict[str, Any] = dict(PAIR) if OPERATIONS[operation_id].path_parameters else {}
    good = {**PAIR, "country": "NZ", "postcode": "1", "original": "CN", "destination": "US"}
    for field in fields(model):
        for value in ODD_VALUES:
            before = state(stored.store)
            others = {name: text for name, text in good.items() if name != field.encode_name}
            text = f"{json.dumps(others)[:-1]},{json.dumps(field.encode_name)}:{value}}}"
            body = f"[{text}]" if get_args(kind) else text
            response = stored.call(operation_id, raw=body.encode(), headers=JSON, **path)

            assert response.code != 500
            assert response.data == [] or response.code in {200, 201}
            assert response.code in {200, 201} or state(stored.store) == before


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("query", QUERIES)
def test_invalid_queries_are_rejected(stored: Api, query: str) -> None:
    """Whatever stands in a query, the response is one of the API's, and says what was wrong."""
    for operation_id in ("listTrackings", "countTrackings", "getAccount"):
        response = stored.send("GET", f"{OPERATIONS[operation_id].path}?{query}")

        assert response.code in {200, 4012, 4014, 4031, 4033}
        assert "query/" in response.headers["X-Sandbox-Hint"]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", 404),
        ("GET", "//", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/trackings/%2e%2e/%2e%2e", 4015),
        ("GET", "/trackings/usps/" + "x" * 50_000, 4017),
        ("GET", "/trackings/usps/%00%0a%0d%ff", 4014),
        ("GET", "/trackings/%F0%9F%93%A6/LK664578623CN", 4015),
        ("GET", "/trackings/usps/LK664578623CN;DROP TABLE trackings", 4014),
        ("BREW", "/trackings/get", 405),
        ("TRACE", "/carriers", 405),
        ("X" * 1000, "/carriers", 405),
        ("PATCH", "/nowhere", 404),
    ],
)
def test_unknown_routes_and_methods_change_nothing(
    stored: Api, method: str, path: str, code: int
) -> None:
    """Each is rejected in the envelope."""
    before = state(stored.store)
    response = stored.send(method, path)

    assert (response.code, response.data) == (code, [])
    assert response.headers["X-Sandbox-Hint"]
    assert state(stored.store) == before


def request(
    *headers: str,
    target: str = "/v2/carriers",
    method: str = "GET",
    body: bytes = b"",
    host: str = "Host: localhost",
) -> bytes:
    """Write a request that is well-formed but for what is given."""
    lines = [f"{method} {target} HTTP/1.1", host, f"{API_KEY_HEADER}: {API_KEY}", *headers]
    return "".join(f"{line}\r\n" for line in lines if line).encode("latin-1") + b"\r\n" + body


def create(*headers: str, body: bytes = CREATE) -> bytes:
    """Write a request that would create a tracking, if it were well-formed."""
    return request(*headers, target="/v2/trackings/post", method="POST", body=body)


CHUNKED = "Transfer-Encoding: chunked"
LENGTH = f"Content-Length: {len(CREATE)}"
SMUGGLED = b"POST /v2/trackings/post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
WIRE = {
    "many headers": request(*(f"X-{number}: x" for number in range(20_000))),
    "a long header": request("X-Long: " + "x" * 1_000_000),
    "a header without an end": b"GET /v2/carriers HTTP/1.1\r\nX: " + b"x" * 1_000_000,
    "a long target": request(target="/v2/" + "x" * 1_000_000),
    "a long query": request(target="/v2/trackings/get?" + "a=1&" * 100_000),
    "a long method": request(method="X" * 100_000),
    "a method in lower case": request(method="get"),
    "a method that is none": request(method="G\x00T"),
    "no host": request(host=""),
    "two hosts": request("Host: localhost"),
    "another host": request(host="Host: evil.example"),
    "a target with another host": request(target="http://evil.example/v2/carriers"),
    "a target that is none": request(target="carriers"),
    "a target for all": request(target="*", method="OPTIONS"),
    "a tunnel": request(target="evil.example:443", method="CONNECT"),
    "a bad escape": request(target="/v2/trackings/usps/%zz%"),
    "a NUL": request(target="/v2/carriers\x00"),
    "HTTP/0.9": b"GET /v2/carriers\r\n\r\n",
    "HTTP/1.0": request().replace(b"HTTP/1.1", b"HTTP/1.0"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9": request().replace(b"HTTP/1.1", b"HTTP/9.9"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "nothing": b"",
    "line breaks": b"\r\n" * 1000,
    "bare line feeds": request().replace(b"\r\n", b"\n"),
    "a folded header": request("X-Folded: a", " b"),
    "a blank before a colon": request("X-Blank : a"),
    "a header without a name": request(": a"),
    "a header that is not ASCII": request("X-Odd: \xff\x01"),
    "an upgrade": request("Connection: Upgrade", "Upgrade: websocket"),
    "two lengths": create(LENGTH, "Content-Length: 0"),
    "a negative length": create("Content-Length: -1"),
    "a length with a sign": create(LENGTH.replace(": ", ": +")),
    "a length beyond 64 bits": create("Content-Length: " + "9" * 40),
    "a length that is none": create("Content-Length: abc"),
    "a length and a coding": create(LENGTH, CHUNKED, body=b"0\r\n\r\n" + SMUGGLED),
    "an unknown coding": create("Transfer-Encoding: cow"),
    "two codings": create(CHUNKED, "Transfer-Encoding: identity", body=b"0\r\n\r\n"),
    "a coding spelt oddly": create("Transfer-Encoding: \x0bchunked", body=SMUGGLED),
    "a chunk that is none": create(CHUNKED, body=b"zz\r\nx"),
    "a chunk beyond 64 bits": create(CHUNKED, body=b"F" * 40 + b"\r\nx\r\n"),
    "a chunk with a long name": create(
        CHUNKED, body=b"1;" + b"x" * 1_000_000 + b"\r\nx\r\n0\r\n\r\n"
    ),
    "a body that is cut": create(LENGTH, body=CREATE[:-5]),
    "a huge body": create(f"Content-Length: {HUGE}", body=b"x" * HUGE),
    "a request behind the body": request(body=SMUGGLED),
}


def converse(address: tuple[str, int], sent: bytes) -> bytes:
    """Send bytes, say that these are all, and read until the server says the same."""
    with socket.create_connection(address, timeout=20) as connection:
        # The server may have enough, and close, before all is sent.
        with suppress(OSError):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        received = b""
        with suppress(ConnectionError):
            while part := connection.recv(65536):
                received += part
    return received


@pytest.fixture(params=["h11", "httptools"])
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parametrize servers by the HTTP parsers that uvicorn may choose."""
    pytest.importorskip(request.param)
    module = import_module(f"uvicorn.protocols.http.{request.param}_impl")
    kind = {"h11": "H11Protocol", "httptools": "HttpToolsProtocol"}[request.param]
    monkeypatch.setattr(
        uvicorn_protocol, "PROTOCOL", uvicorn_protocol.exposes_connection(getattr(module, kind))
    )


@pytest.mark.usefixtures("quiet", "_parser")
def test_malformed_requests_are_handled() -> None:
    """The response is clean, nothing changes, and the next request works."""

    def state() -> object:
        return sandbox.snapshot(), [(each.id, each.trackings) for each in sandbox.accounts()]

    with Sandbox(clock=SettableClock(NOON)) as sandbox:
        url = urlsplit(sandbox.base_url)
        address = (url.hostname or "", url.port or 0)
        body = json.dumps(PAIR).encode()
        good = create(f"Content-Length: {len(body)}", body=body)
        assert b'"code":200,' in converse(address, good)
        before = state()
        for fault, sent in WIRE.items():
            response = converse(address, sent)
            status = response[:12].decode()

            assert status in {
                "",
                *(f"HTTP/1.1 {code}" for code in (200, 400, 403, 405, 431)),
            }, fault
            assert b"Traceback" not in response
            assert b'"code":500' not in response
            assert state() == before, fault
        assert b'"code":4016,' in converse(address, good)
