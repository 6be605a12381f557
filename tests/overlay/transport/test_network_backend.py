"""Blocking connections, whose operations end at the deadline of the call."""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
from httpcore2 import (
    ConnectError,
    ConnectTimeout,
    NetworkBackend,
    NetworkStream,
    ReadTimeout,
    WriteTimeout,
)

from tests.overlay.stubs import KEY, FakeClock
from tests.overlay.transport.dripping import read_request, serving
from tests.overlay.transport.recording_server import ACCOUNT
from trackingmore_v2 import InvalidCertificate, TrackingMore
from trackingmore_v2._transport.deadline import deadline_after
from trackingmore_v2._transport.network_backend import DeadlineBackend, DeadlineStream
from trackingmore_v2.limiters import Limiter

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(ACCOUNT), ACCOUNT)
ADDRESSES = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Replace the clock of deadlines."""
    clock = FakeClock()
    monkeypatch.setattr("trackingmore_v2._transport.deadline.monotonic", clock.now)
    return clock


class SlowStream(NetworkStream):
    """A stream whose operations succeed, each after some seconds."""

    def __init__(self, clock: FakeClock, seconds: float) -> None:
        self.timeouts: list[float | None] = []
        self.sent: list[bytes] = []
        self.is_closed = False
        self._clock = clock
        self._seconds = seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return a byte."""
        self._take(timeout)
        return b"x" * min(max_bytes, 1)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep what is sent."""
        self._take(timeout)
        self.sent.append(buffer)

    def close(self) -> None:
        """Note that nothing more is wanted."""
        self.is_closed = True

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - as in the base class
        server_hostname: str | None = None,  # noqa: ARG002
        timeout: float | None = None,
    ) -> NetworkStream:
        """Return the same stream."""
        self._take(timeout)
        return self

    def _take(self, timeout: float | None) -> None:
        self.timeouts.append(timeout)
        self._clock.sleep(self._seconds)


class SilentBackend(NetworkBackend):
    """A network in which connections to all addresses but some time out."""

    def __init__(self, clock: FakeClock, responding: tuple[str, ...] = ()) -> None:
        self.tried: list[tuple[str, float | None]] = []
        self._clock = clock
        self._responding = responding

    def connect_tcp(
        self,
        host: str,
        port: int,  # noqa: ARG002 - as in the base class
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        """Connect, or time out."""
        self.tried.append((host, timeout))
        if host in self._responding:
            return SlowStream(self._clock, 1)
        self._clock.sleep(timeout or 0)
        raise ConnectTimeout(host)


@pytest.fixture
def four_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return four addresses for every name."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ADDRESSES]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: found)


def test_a_stream_that_drips_ends_at_the_deadline(clock: FakeClock) -> None:
    """Each byte comes in time, and the timeout of each read is shorter."""
    slow = SlowStream(clock, 4)
    stream = DeadlineStream(slow)
    with deadline_after(10):
        for _ in range(3):
            stream.read(100, 5)
        with pytest.raises(ReadTimeout):
            stream.read(100, 5)

    assert slow.timeouts == [5, 5, 2]


def test_a_server_that_reads_slowly_ends_at_the_deadline(clock: FakeClock) -> None:
    """A request is sent in parts, each of which has its own timeout."""
    slow = SlowStream(clock, 4)
    stream, request = DeadlineStream(slow), bytes(range(256)) * 100
    with deadline_after(10), pytest.raises(WriteTimeout):
        stream.write(request, 5)

    assert slow.timeouts == [5, 5, 2]
    assert request.startswith(b"".join(slow.sent))


def test_a_request_is_sent_whole(clock: FakeClock) -> None:
    """Without a deadline, too."""
    slow, request = SlowStream(clock, 4), bytes(range(256)) * 100
    DeadlineStream(slow).write(request, 5)

    assert b"".join(slow.sent) == request
    assert set(slow.timeouts) == {5}


def test_a_handshake_after_the_deadline_closes_the_connection(clock: FakeClock) -> None:
    """Nothing else would close it, since httpcore2 does not know it yet."""
    slow = SlowStream(clock, 4)
    stream = DeadlineStream(slow)
    with deadline_after(3):
        stream.read(100)
        with pytest.raises(ConnectTimeout):
            stream.start_tls(ssl.create_default_context(), timeout=5)

    assert slow.is_closed
    assert slow.timeouts == [3]


@pytest.mark.usefixtures("four_addresses")
def test_silent_addresses_end_at_the_deadline(clock: FakeClock) -> None:
    """Each one would take the whole timeout."""
    network = SilentBackend(clock)
    with deadline_after(12), pytest.raises(ConnectTimeout):
        DeadlineBackend(network).connect_tcp("api.example", 443, 5)

    assert network.tried == [(ADDRESSES[0], 5), (ADDRESSES[1], 5), (ADDRESSES[2], 2)]


@pytest.mark.usefixtures("four_addresses")
def test_the_first_address_that_responds_is_used(clock: FakeClock) -> None:
    """A host may have an address that this machine cannot reach."""
    network = SilentBackend(clock, (ADDRESSES[1], ADDRESSES[2]))
    stream = DeadlineBackend(network).connect_tcp("api.example", 443, 5)

    assert stream.read(100, 5) == b"x"
    assert network.tried == [(ADDRESSES[0], 5), (ADDRESSES[1], 5)]


@pytest.mark.usefixtures("four_addresses")
def test_without_an_address_that_responds_the_last_error_is_raised(clock: FakeClock) -> None:
    """As the HTTP library raises it."""

    class Closed(SilentBackend):
        def connect_tcp(self, host: str, *_args: Any, **_options: Any) -> NetworkStream:
            """Reject the connection."""
            raise ConnectError(host)

    with pytest.raises(ConnectError, match=ADDRESSES[-1]):
        DeadlineBackend(Closed(clock)).connect_tcp("api.example", 443, 5)


@pytest.fixture
def proxy(authority: trustme.CA) -> Iterator[str]:
    """Run a proxy of https, behind which a server of https returns an account."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "api.example").configure_cert(context)

    def handle(connection: socket.socket, _is_over: object) -> None:
        with context.wrap_socket(connection, server_side=True) as outer:
            assert read_request(outer).startswith(b"CONNECT ")
            outer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            inside, server = socket.socketpair()
            Thread(target=respond, args=(server,), daemon=True).start()
            Thread(target=copy, args=(inside, outer), daemon=True).start()
            copy(outer, inside)
            inside.close()

    def respond(server: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(server, server_side=True) as connection:
            while read_request(connection):
                connection.sendall(RESPONSE)

    with serving(handle) as port:
        yield f"https://localhost:{port}"


def copy(source: socket.socket, target: socket.socket) -> None:
    """Copy what a socket receives to another one."""
    with suppress(OSError):
        while received := source.recv(65_536):
            target.sendall(received)


def test_a_server_is_reached_through_a_proxy_of_https(proxy: str, pem: Path) -> None:
    """TLS within TLS, on one connection for both calls."""
    with TrackingMore(
        KEY, base_url="https://api.example/v2", proxy=proxy, verify=pem, limiter=Limiter(1_000)
    ) as client:
        emails = [client.account.get().email for _ in range(2)]

    assert emails == ["user@example.com"] * 2


def test_certificates_are_verified_through_a_proxy_of_https(proxy: str, pem: Path) -> None:
    """The proxy's is valid, and the server's is for another name."""
    with (
        TrackingMore(KEY, base_url="https://other.example/v2", proxy=proxy, verify=pem) as client,
        pytest.raises(InvalidCertificate),
    ):
        client.account.get()
