"""Servers and proxies that respond slowly or not at all: every call ends at its deadline."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, TypeAlias

import pytest
import trio

from tests.overlay.stubs import KEY, result_of
from tests.overlay.transport.dripping import (
    HANDSHAKES,
    RESPONSES,
    TUNNELS,
    read_request,
    serving,
    silent,
)
from tests.overlay.transport.recording_server import ACCOUNT
from trackingmore_v2 import (
    AsyncTrackingMore,
    ConnectionFailed,
    DeadlineExceeded,
    TrackingMore,
    TransportError,
)
from trackingmore_v2.limiters import Limiter

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(ACCOUNT), ACCOUNT)
Client: TypeAlias = TrackingMore | AsyncTrackingMore
Run: TypeAlias = Callable[[Callable[[], Any]], Any]


async def use(kind: type[Client], options: Mapping[str, Any], action: Callable[..., Any]) -> Any:
    """Run an action with a client, which may be awaited, and close the client."""
    client = kind(KEY, limiter=Limiter(1_000), retries=0, **options)
    try:
        return await result_of(action(client))
    finally:
        await result_of(client.close())


async def errors_of(client: Client, calls: int) -> list[TransportError]:
    """Return the errors of some calls, one after another."""
    errors: list[TransportError] = []
    for _ in range(calls):
        with pytest.raises(TransportError) as caught:
            await result_of(client.account.get())
        errors.append(caught.value)
    return errors


WAYS: dict[str, tuple[type[Client], Run]] = {
    "sync": (TrackingMore, lambda action: asyncio.run(action())),
    "asyncio": (AsyncTrackingMore, lambda action: asyncio.run(action())),
    "trio": (AsyncTrackingMore, trio.run),
}
each_way = pytest.mark.parametrize(("kind", "run"), WAYS.values(), ids=WAYS)


def errors_with(
    kind: type[Client], run: Run, options: Mapping[str, Any], calls: int = 1
) -> list[TransportError]:
    """Return the errors of some calls of a new client."""
    found: list[TransportError] = run(
        lambda: use(kind, options, lambda client: errors_of(client, calls))
    )
    return found


def options_of(handler_name: str, port: int) -> dict[str, Any]:
    """Return the options of a client that reaches a handler."""
    if handler_name in TUNNELS:
        return {"base_url": "https://api.example/v2", "proxy": f"http://127.0.0.1:{port}"}
    scheme = "https" if handler_name in HANDSHAKES else "http"
    return {"base_url": f"{scheme}://127.0.0.1:{port}/v2"}


@each_way
@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_that_drips_ends_at_the_deadline(
    kind: type[Client], run: Run, name: str
) -> None:
    """Whatever part of it, and however early each byte comes."""
    received: list[bytes] = []

    def handle(connection: socket.socket, is_over: Event) -> None:
        received.append(connection.recv(1, socket.MSG_PEEK))
        RESPONSES[name](connection, is_over)

    with serving(handle) as port:
        (error,) = errors_with(kind, run, options_of(name, port) | {"deadline": 0.05})

    assert isinstance(error, DeadlineExceeded)
    # A connection that was closed before the request came is read as b"".
    assert error.in_doubt or not any(received)


@each_way
@pytest.mark.parametrize("name", [*HANDSHAKES, *TUNNELS])
def test_a_connection_that_drips_ends_at_the_deadline(
    kind: type[Client], run: Run, name: str
) -> None:
    """Before the request was sent, so it was certainly not carried out."""
    with serving((HANDSHAKES | TUNNELS)[name]) as port:
        (error,) = errors_with(kind, run, options_of(name, port) | {"deadline": 0.05})

    assert isinstance(error, DeadlineExceeded)
    assert not error.in_doubt


@each_way
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("name", ["silence", "tls-silence", *TUNNELS])
def test_calls_that_time_out_leave_the_pool_as_it_was(
    kind: type[Client], run: Run, name: str
) -> None:
    """With one connection, another call would wait for the first one until its deadline."""
    is_dripping = True

    def handle(connection: socket.socket, is_over: Event) -> None:
        if is_dripping:
            (RESPONSES | HANDSHAKES | TUNNELS)[name](connection, is_over)

    async def call(client: Client) -> TransportError:
        nonlocal is_dripping
        await errors_of(client.with_options(deadline=0.02), 3)
        is_dripping = False
        (error,) = await errors_of(client.with_options(deadline=10), 1)
        return error

    with serving(handle) as port:
        error = run(lambda: use(kind, options_of(name, port), call))

    assert type(error) is ConnectionFailed


@each_way
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(
    "tunnel", [b"", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"HTTP/1.1 200\r\n\r\n"]
)
def test_a_tunnel_that_fails_leaves_the_pool_as_it_was(
    kind: type[Client], run: Run, tunnel: bytes
) -> None:
    """Also without a deadline: the proxy, or the server behind it, closes the connection."""

    def handle(connection: socket.socket, _is_over: object) -> None:
        read_request(connection)
        connection.sendall(tunnel)

    with serving(handle) as port:
        options = options_of("connect-silence", port) | {"deadline": 10}
        errors = errors_with(kind, run, options, calls=3)

    assert [type(error) for error in errors] == [ConnectionFailed] * 3
    assert not [error for error in errors if error.in_doubt]


@each_way
@pytest.mark.usefixtures("one_connection")
def test_calls_succeed_after_others_timed_out(kind: type[Client], run: Run) -> None:
    """As soon as the server responds again, on a connection that is kept."""
    is_silent = True
    served: Counter[socket.socket] = Counter()

    def handle(connection: socket.socket, is_over: Event) -> None:
        if is_silent:
            silent()(connection, is_over)
        while not is_silent and read_request(connection):
            served[connection] += 1
            connection.sendall(RESPONSE)

    async def call(client: Client) -> list[str]:
        nonlocal is_silent
        await errors_of(client.with_options(deadline=0.02), 5)
        is_silent = False
        return [(await result_of(client.account.get())).email for _ in range(20)]

    with serving(handle) as port:
        emails = run(lambda: use(kind, options_of("silence", port), call))

    assert emails == ["user@example.com"] * 20
    # The server may come to the requests of calls that timed out only now.
    assert max(served.values()) == 20
