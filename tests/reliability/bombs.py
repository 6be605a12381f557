"""
Hostile responses.

Each is sent to a client in a process of its own: packed bodies, endless ones, deep nesting, huge
numbers, and millions of small values, 60 MB large where they are not packed. What counts is how
much the memory of the process grows, with the default limit of a response, and that the call ends
in a typed error, or in a result if the response is only large. Then a megabyte comes in chunks of
one byte, of some bytes, and at once.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any, Final, NamedTuple

from tests.overlay.bombs import BOMBS
from tests.overlay.stubs import KEY, URL
from tests.overlay.transport.dripping import read_request, serving
from tests.reliability.rows import Row, Settings
from trackingmore_v2 import TrackingMore, TrackingMoreError
from trackingmore_v2._config import DEFAULT_MAX_RESPONSE_SIZE
from trackingmore_v2_api import OPERATIONS, Call

MEBIBYTE: Final = 2**20
MOST: Final = DEFAULT_MAX_RESPONSE_SIZE + 32 * MEBIBYTE
SLOWEST: Final = 1.0
CHUNKS: Final = (1, 10, 100, 1_000, 1_000_000)
"""Bytes in a chunk of a megabyte."""

SMALL: Final = 1_000_000
PATIENCE: Final = 120.0


class Outcome(NamedTuple):
    """What a hostile response did to a process."""

    grown: int
    """Bytes."""

    seconds: float
    error: str | None
    is_typed: bool


def measure(settings: Settings) -> Iterator[Row]:
    """Receive each hostile response."""
    names = list(BOMBS)[:: settings.pick(1, 8)]
    outcomes = {
        name: _receive(BOMBS[name].operation, lambda name=name: _bomb(name))  # type: ignore[misc]  # binds a loop variable
        for name in names
    }
    worst = max(outcomes, key=lambda name: outcomes[name].grown)
    grown = outcomes[worst].grown
    claim = f"largest growth of memory, of {len(outcomes)} hostile responses"
    value = f"{grown / MEBIBYTE:.0f} MiB ({worst})"
    yield Row(claim, f"≤ {MOST / MEBIBYTE:.0f} MiB", value, grown <= MOST)
    untyped = [f"{name}: {it.error}" for name, it in outcomes.items() if not it.is_typed]
    yield Row("calls that end in another error", "none", ", ".join(untyped) or "none",
              holds=not untyped)  # fmt: skip
    times = {
        size: _receive("listTrackings", lambda size=size: _chunked(size)).seconds  # type: ignore[misc]  # binds a loop variable
        for size in CHUNKS
    }
    slowest = max(times, key=lambda size: times[size])
    value = f"{times[slowest]:.2f} s (chunks of {slowest:,})"
    claim = "1 MB, in chunks of any size: longest time"
    yield Row(claim, f"< {SLOWEST:g} s", value, times[slowest] < SLOWEST)


def _bomb(name: str) -> bytes:
    bomb = BOMBS[name]
    body = bomb.body()
    headers = "".join(f"{key}: {value}\r\n" for key, value in bomb.headers.items())
    return f"HTTP/1.1 200 OK\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _chunked(size: int) -> bytes:
    chunk = b"%x\r\n%b\r\n" % (size, b" " * size)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return b"".join((head, chunk * (SMALL // size), b"0\r\n\r\n"))


def _receive(operation: str, build: Callable[[], bytes]) -> Outcome:
    """Send a response to a client in another process, and return what it did there."""
    response = build()

    def handle(connection: socket.socket, _is_over: Event) -> None:
        with suppress(OSError):
            read_request(connection)
            connection.sendall(response)

    context: Any = get_context("spawn")
    ours, theirs = context.Pipe()
    with serving(handle) as port:
        arguments = (operation, f"http://127.0.0.1:{port}/v2", theirs)
        process = context.Process(target=_call, args=arguments, daemon=True)
        process.start()
        try:
            if ours.poll(PATIENCE):
                return ours.recv()  # type: ignore[no-any-return]  # from another process
            return Outcome(0, PATIENCE, "none in time", is_typed=False)
        finally:
            process.kill()
            process.join()


def _call(operation: str, base_url: str, results: Any) -> None:
    """Call an operation once, and report memory and time."""
    call: Call[Any] = Call(operation=OPERATIONS[operation], path="/x")
    with TrackingMore(KEY, base_url=URL, retries=0) as client, suppress(TrackingMoreError):
        client.call(call)  # imports what is imported late; no server is there
    with TrackingMore(KEY, base_url=base_url, retries=0, timeout=PATIENCE) as client:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before, start = _peak(), time.perf_counter()
        error: Exception | None = None
        try:
            client.call(call)
        except Exception as caught:  # noqa: BLE001 - is reported
            error = caught
        seconds, grown = time.perf_counter() - start, _peak() - before
    is_typed = error is None or isinstance(error, TrackingMoreError)
    results.send(Outcome(grown, seconds, None if error is None else type(error).__name__, is_typed))


def _peak() -> int:
    """Return the largest size of this process in memory, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
