"""Name lookups, which end before the system's resolver does."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from tests.overlay.stubs import KEY
from trackingmore_v2 import ConnectionFailed, DeadlineExceeded, TimedOut, TrackingMore
from trackingmore_v2._transport.resolver import MAX_LOOKUPS, RESOLVER, Resolver

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443))]
NAME = "api.example"


class HangingResolver:
    """A resolver of the system that does not respond before it is released."""

    def __init__(self) -> None:
        self.released = Event()
        self.lookups = 0

    def __call__(self, *_args: Any, **_options: Any) -> list[Any]:
        """Wait."""
        self.lookups += 1
        self.released.wait()
        return FOUND


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[HangingResolver]:
    """Replace the resolver of the system by one that hangs."""
    hanging = HangingResolver()
    monkeypatch.setattr("socket.getaddrinfo", hanging)
    yield hanging
    hanging.released.set()
    RESOLVER.renew()


def replace_system_resolver(
    monkeypatch: pytest.MonkeyPatch, action: Callable[[], list[Any]]
) -> None:
    """Replace the resolver of the system."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: action())


def test_a_lookup_is_left_behind(hanging: HangingResolver) -> None:
    """Another one is made meanwhile."""
    resolver = Resolver()
    with pytest.raises(TimeoutError, match=r"name lookup of api\.example timed out"):
        resolver.look_up(NAME, 443, 0.001)
    hanging.released.set()

    assert resolver.look_up(NAME, 443, None) == ["192.0.2.1"]


def test_lookups_that_were_left_behind_are_limited(hanging: HangingResolver) -> None:
    """Each is a thread, which ends only with the lookup."""
    resolver = Resolver()
    for _ in range(MAX_LOOKUPS):
        with pytest.raises(TimeoutError, match="timed out"):
            resolver.look_up(NAME, 443, 0.001)
    with pytest.raises(TimeoutError, match="8 earlier name lookups have not ended"):
        resolver.look_up(NAME, 443, 0.001)
    assert hanging.lookups == MAX_LOOKUPS

    hanging.released.set()
    for _ in range(2 * MAX_LOOKUPS):
        assert resolver.look_up(NAME, 443, None) == ["192.0.2.1"]


@pytest.mark.parametrize(
    "error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")]
)
def test_errors_of_a_lookup_are_raised(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """In the thread that waits for it."""

    def fail() -> list[Any]:
        raise error

    replace_system_resolver(monkeypatch, fail)
    with pytest.raises(type(error), match=str(error.args[-1])):
        Resolver().look_up(NAME, 443, None)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_needs_no_lookup(hanging: HangingResolver, address: str) -> None:
    """Nor a thread."""
    assert Resolver().look_up(address, 443, None) == [address]
    assert hanging.lookups == 0


def test_the_scope_of_an_address_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link-local address means nothing without it."""
    sockaddrs = [("fe80::1", 443, 0, 2), ("2001:db8::1", 443, 0, 0)]
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", sockaddr) for sockaddr in sockaddrs]
    replace_system_resolver(monkeypatch, lambda: found)

    assert Resolver().look_up(NAME, 443, None) == ["fe80::1%2", "2001:db8::1"]


def test_names_are_looked_up_without_threads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread can be started while the interpreter ends, or if there are too many."""

    def start(_thread: object) -> None:
        raise RuntimeError("can't start new thread")

    replace_system_resolver(monkeypatch, lambda: FOUND)
    monkeypatch.setattr("threading.Thread.start", start)
    resolver = Resolver()
    for _ in range(2 * MAX_LOOKUPS):
        assert resolver.look_up(NAME, 443, 1) == ["192.0.2.1"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
def test_lookups_of_a_parent_do_not_count_in_a_forked_process() -> None:
    """Their threads do not exist there."""
    script = """
import os, socket, threading
from contextlib import suppress
from trackingmore_v2._transport.resolver import MAX_LOOKUPS, RESOLVER
system, is_over = socket.getaddrinfo, threading.Event()
socket.getaddrinfo = lambda *_args, **_options: is_over.wait() and []
for _ in range(MAX_LOOKUPS):
    with suppress(TimeoutError):
        RESOLVER.look_up("api.example", 443, 0.001)
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
else:
    socket.getaddrinfo = system
    assert RESOLVER.look_up("localhost", 443, 5)
"""
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603 - the command is fixed


@pytest.mark.usefixtures("hanging")
def test_a_lookup_ends_at_the_deadline() -> None:
    """Nothing was sent."""
    client = TrackingMore(KEY, base_url=f"https://{NAME}/v2", deadline=0.05)
    with client, pytest.raises(DeadlineExceeded) as caught:
        client.account.get()

    assert not caught.value.in_doubt
    assert f"cannot connect to https://{NAME}/v2" in str(caught.value)


@pytest.mark.usefixtures("hanging")
def test_a_lookup_ends_after_the_timeout() -> None:
    """It is a part of connecting."""
    client = TrackingMore(KEY, base_url=f"https://{NAME}/v2", timeout=0.001, retries=0)
    with client, pytest.raises(TimedOut) as caught:
        client.account.get()

    assert type(caught.value) is TimedOut
    assert not caught.value.in_doubt


def test_an_unknown_name_is_a_failed_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason of the system's resolver."""

    def fail() -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    replace_system_resolver(monkeypatch, fail)
    client = TrackingMore(KEY, base_url=f"https://{NAME}/v2", retries=0)
    with client, pytest.raises(ConnectionFailed, match="Name or service not known") as caught:
        client.account.get()

    assert not caught.value.in_doubt
