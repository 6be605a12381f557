"""A server in a process of its own: it repeats the number, and notes when requests arrive."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from random import Random
from typing import Any, Final, NamedTuple

_ACCOUNT: Final = {"email": "user@example.com", "track_number": 1}


class Behaviour(NamedTuple):
    """How a server responds."""

    delay: float = 0.0
    """Maximum delay of a response in seconds; the delays are random."""

    seed: int = 0
    limited_every: int | None = None
    """One of so many requests gets a rate-limit response. Default: none."""

    retry_after: int = 0
    """Seconds in that response."""


class Arrival(NamedTuple):
    """A request that the server has received."""

    at: float
    """Seconds by the monotonic clock, which all processes of a host share."""

    target: str
    is_limited: bool = False
    """Whether it gets a rate-limit response."""


class Server:
    """A running server."""

    def __init__(self, pipe: Any) -> None:
        self._pipe: Final = pipe
        self.base_url: Final = f"http://127.0.0.1:{pipe.recv()}/v2"

    def arrivals(self) -> list[Arrival]:
        """Return what has arrived, in this order, and forget it."""
        return self._ask("arrivals")  # type: ignore[no-any-return]  # from another process

    def connections(self) -> int:
        """Return the number of open connections."""
        return self._ask("connections")  # type: ignore[no-any-return]  # from another process

    def _ask(self, question: str) -> Any:
        self._pipe.send(question)
        return self._pipe.recv()


@contextmanager
def echo_server(behaviour: Behaviour | None = None) -> Iterator[Server]:
    """Run a server in another process."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    arguments = (theirs, behaviour or Behaviour())
    process = context.Process(target=_serve, args=arguments, daemon=True)
    process.start()
    try:
        yield Server(ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Any, behaviour: Behaviour) -> None:
    asyncio.run(_run(pipe, _State(behaviour)))


class _State:
    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour: Final = behaviour
        self.random: Final = Random(behaviour.seed)  # noqa: S311 - delays
        self.arrivals: list[Arrival] = []
        self.open: Final[set[object]] = set()
        self.count = 0

    def answer(self, pipe: Any) -> None:
        """Answer a question of the parent process."""
        if pipe.recv() == "connections":
            pipe.send(len(self.open))
        else:
            arrivals, self.arrivals = self.arrivals, []
            pipe.send(arrivals)


async def _run(pipe: Any, state: _State) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(state), "127.0.0.1", 0, backlog=2_000)
    pipe.send(server.sockets[0].getsockname()[1])
    loop.add_reader(pipe.fileno(), state.answer, pipe)
    await asyncio.Event().wait()


class _Connection(asyncio.Protocol):
    def __init__(self, state: _State) -> None:
        self._state: Final = state
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._state.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self._state.open.discard(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._respond(head.split(b" ", 2)[1].decode())

    def _respond(self, target: str) -> None:
        state = self._state
        state.count += 1
        every = state.behaviour.limited_every
        is_limited = every is not None and state.count % every == 0
        state.arrivals.append(Arrival(time.monotonic(), target, is_limited))
        delay = state.behaviour.delay * state.random.random()
        response = _limited(state.behaviour.retry_after) if is_limited else _success(target)
        if delay:
            asyncio.get_running_loop().call_later(delay, self._transport.write, response)
        else:
            self._transport.write(response)


def _success(target: str) -> bytes:
    _, _, number = target.partition("/trackings/")
    carrier, _, number = number.partition("/")
    found = {"id": "1", "carrier_code": carrier, "tracking_number": number, "status": "transit"}
    return _response({"meta": {"code": 200}, "data": found if number else _ACCOUNT})


def _limited(seconds: int) -> bytes:
    body = {"meta": {"code": 429, "type": "TooMany", "message": "slow"}, "data": []}
    return _response(body, f"Retry-After: {seconds}\r\n")


def _response(content: object, headers: str = "") -> bytes:
    body = json.dumps(content)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
