"""The causes of errors have the type and the message of the originals, and nothing else."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpcore2
import httpx2
import pytest

from tests.overlay.leak_search import find_leaks, linked
from tests.overlay.stubs import KEY, client_of
from trackingmore_v2 import AsyncTrackingMore, ConnectionFailed, TrackingMore
from trackingmore_v2._transport.causes import copy_of, message_of

BROKEN = {
    "status line": f"HTTP/1.1 {KEY}\r\n\r\n",
    "version": f"HTTP/{KEY} 200 OK\r\n\r\n",
    "header line": f"HTTP/1.1 200 OK\r\n{KEY}\r\n\r\n",
    "name of a header": f"HTTP/1.1 200 OK\r\n({KEY}): 1\r\n\r\n",
    "length": f"HTTP/1.1 200 OK\r\nContent-Length: {KEY}\r\n\r\n",
    "lengths": f"HTTP/1.1 200 OK\r\nContent-Length: {KEY}\r\nContent-Length: 2\r\n\r\n",
    "coding": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {KEY}\r\n\r\n",
    "size of a chunk": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{KEY}\r\n",
    "cut": f"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{KEY}",
}


def redact(text: str) -> str:
    """Remove the key from a text."""
    return text.replace(KEY, "***")


@contextmanager
def server_of(response: str) -> Iterator[str]:
    """Send the same bytes in response to every request, and close the connection."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(2**16)
                connection.sendall(response.encode())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("part", BROKEN)
def test_a_broken_response_that_repeats_the_key_is_not_quoted(part: str) -> None:
    """Neither in the error nor in an exception behind it, over connections of either kind."""
    with server_of(BROKEN[part]) as url, httpx2.Client() as http:
        for given in (None, http):
            client = TrackingMore(KEY, base_url=url, retries=0, http_client=given)
            with pytest.raises(ConnectionFailed) as caught:
                client.account.get()

            assert not find_leaks(caught.value, [KEY])
            assert all(
                not each.__traceback__ for each in linked(caught.value) if each is not caught.value
            )


@pytest.mark.parametrize("part", BROKEN)
async def test_nor_by_the_async_client(part: str) -> None:
    """Neither in the error nor in an exception behind it."""
    with server_of(BROKEN[part]) as url:
        async with AsyncTrackingMore(KEY, base_url=url, retries=0, deadline=30) as client:
            with pytest.raises(ConnectionFailed) as caught:
                await client.account.get()

            assert not find_leaks(caught.value, [KEY])


def test_the_cause_holds_no_request() -> None:
    """Its headers contain the key."""

    def fail(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError(f"reset, {KEY}", request=request)

    with pytest.raises(ConnectionFailed) as caught:
        client_of(fail).account.get()
    cause = caught.value.__cause__

    assert isinstance(cause, httpx2.ReadError)
    assert str(cause) == "reset, ***"
    assert vars(cause).get("_request") is None
    assert caught.value.__context__ is None


def test_a_handled_exception_remains_the_context() -> None:
    """A call inside `except` loses nothing of what the caller handles, and repeats none of it."""
    client = TrackingMore(KEY, base_url="http://127.0.0.1:9/v2", retries=0)
    outer = ZeroDivisionError()
    try:
        raise outer
    except ZeroDivisionError:
        with pytest.raises(ConnectionFailed) as caught:
            client.account.get()
    kinds = [type(each) for each in linked(caught.value)]

    assert caught.value.__context__ is outer
    assert outer.__traceback__
    assert kinds.count(ZeroDivisionError) == 1
    assert {httpx2.ConnectError, httpcore2.ConnectError, ConnectionRefusedError} <= set(kinds)


def test_details_of_the_types_remain() -> None:
    """Numbers of system errors and of certificates; members of groups; the causes in order."""
    refused = ConnectionRefusedError(111, f"refused {KEY}")
    untrusted = ssl.SSLCertVerificationError(1, f"failed {KEY}")
    untrusted.verify_code = 18
    untrusted.__cause__ = ExceptionGroup(f"all {KEY}", [refused])
    copied = copy_of(untrusted, redact)
    group = copied.__cause__

    assert isinstance(copied, ssl.SSLCertVerificationError)
    assert (copied.errno, copied.strerror, copied.verify_code) == (1, "failed ***", 18)
    assert isinstance(group, ExceptionGroup)
    assert group.message == "all ***"
    assert isinstance(group.exceptions[0], ConnectionRefusedError)
    assert group.exceptions[0].errno == 111


def test_a_type_that_cannot_be_made_is_named() -> None:
    """Its message remains."""

    class Odd(Exception):
        def __init__(self) -> None:
            super().__init__("odd", KEY)

    copied = copy_of(Odd(), redact)

    assert type(copied) is Exception
    assert str(copied) == "Odd: ('odd', '***')"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("illegal status line: bytearray(b'HTTP/1.1 x')", "illegal status line"),
        ("Illegal header value b'a\\nb'", "Illegal header value"),
        ('illegal chunk header: bytearray(b"a\'b")', "illegal chunk header"),
        ("is not valid for 'localhost'", "is not valid for 'localhost'"),
        ("", "ValueError"),
    ],
)
def test_messages_quote_no_bytes(message: str, expected: str) -> None:
    """An empty message is the name of the type."""
    assert message_of(ValueError(message), redact) == expected
