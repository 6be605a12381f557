"""Application of a fault to a single request, at response or connection level."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeAlias, TypeVar, assert_never

from msgspec import Struct
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trackingmore_v2_sandbox.faults.connection import Connection, connection_of, held
from trackingmore_v2_sandbox.faults.instructions import (
    ConnectionFault,
    Cut,
    Delay,
    Drip,
    Garbage,
    Instruction,
    LoseResponse,
    Pass,
    ResetAfter,
    ResetBefore,
    ResponseFault,
    Stall,
    write,
)
from trackingmore_v2_sandbox.faults.response_faults import NothingToAlter, ServedResponse, rewrite

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
ResponseT = TypeVar("ResponseT", bound=ServedResponse)

_GARBAGE: Final = bytes(range(0x80, 0x100)) + b"\r\n\r\n"


class SocketNeeded(Exception):
    """A connection-level fault was planned for a request that came without a socket."""

    def __init__(self, fault: ConnectionFault) -> None:
        super().__init__(
            f"the fault {write(fault)!r} needs a socket: use a running `Sandbox`, not its app"
        )


class FaultInjector(Struct, Generic[ResponseT], frozen=True, kw_only=True):
    """
    A fault applied to one request, at response or connection level.

    Attributes:
        scope: The ASGI scope of the request.
        receive: The ASGI `receive` of the request, after its body was read.
        send: The ASGI `send` of the request.
        execute: Executes the request, and returns the real response.
        skip: Returns the response of a request that is not executed.
        build: Builds the HTTP message of a response.
        record: Writes the response that is sent, and its fault, to the log.
        restore: Called with a response fault that does not apply to the real response, which is
            then sent unchanged.
        sleep: Waits for a number of seconds. Default: `asyncio.sleep`.
    """

    scope: Scope
    receive: Receive
    send: Send
    execute: Callable[[], ResponseT]
    skip: Callable[[], ResponseT]
    build: Callable[[ResponseT], Response]
    record: Callable[[ResponseT, Instruction | None], None]
    restore: Callable[[ResponseFault], None]
    sleep: Sleep = asyncio.sleep

    async def inject(self, fault: Instruction) -> None:
        """
        Apply a fault to the request.

        Raises:
            SocketNeeded: The fault concerns the connection, and the app is called without one. The
                request was not executed.
        """
        connection = connection_of(self.scope)
        if isinstance(fault, ConnectionFault):
            if connection is None:
                raise SocketNeeded(fault)
            with held(connection):
                await self._break(connection, fault)
            return
        # Executed before the wait: a client that gives up does not undo the request.
        response = self._execute(fault)
        applied: Instruction | None = fault
        if isinstance(fault, Delay):
            with held(connection):
                if not await self._wait(fault.seconds):
                    return
        elif not isinstance(fault, Pass):
            try:
                response = rewrite(fault, response)
            except NothingToAlter:
                self.restore(fault)
                applied = None
        self.record(response, applied)
        await self.build(response)(self.scope, self.receive, self.send)

    def _execute(self, fault: Instruction) -> ResponseT:
        return self.execute() if fault.carries_out else self.skip()

    async def _break(self, connection: Connection, fault: ConnectionFault) -> None:
        executed = self._execute(fault)
        self.record(executed, fault)
        response = self.build(executed)
        match fault:
            case ResetBefore() | ResetAfter():
                connection.reset()
            case LoseResponse():
                connection.close()
            case Garbage():
                connection.write(_GARBAGE)
                connection.close()
            case Cut():
                await self._send_part(response, fault.size)
                (connection.reset_after_writing if fault.reset else connection.close)()
            case Drip():
                await self._drip(response, fault)
                return
            case Stall():
                await self._send_part(response, 0)
                await self._wait(fault.seconds)
                connection.close()
            case _:
                assert_never(fault)
        # If the app returns before the disconnect, uvicorn responds with HTTP 500 on its own.
        await self._wait_for_disconnect()

    async def _send_part(self, response: Response, size: int) -> None:
        """Send the headers and up to `size` bytes of the body, but never its last byte."""
        # With its last byte the body would be complete.
        part = bytes(response.body)[:-1][:size]
        await self._send_head(response)
        await self.send({"type": "http.response.body", "body": part, "more_body": True})

    async def _drip(self, response: Response, fault: Drip) -> None:
        body = bytes(response.body)
        await self._send_head(response)
        for start in range(0, len(body), fault.size):
            # No wait before the first chunk.
            if start and not await self._wait(fault.seconds):
                return
            end = start + fault.size
            message = {"body": body[start:end], "more_body": end < len(body)}
            await self.send({"type": "http.response.body", **message})

    async def _send_head(self, response: Response) -> None:
        head = {"status": response.status_code, "headers": response.raw_headers}
        await self.send({"type": "http.response.start", **head})

    async def _wait(self, seconds: float) -> bool:
        """Wait, and return whether the client is still connected; a disconnect ends the wait."""
        disconnected = asyncio.ensure_future(self._wait_for_disconnect())
        elapsed = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait((disconnected, elapsed), return_when=asyncio.FIRST_COMPLETED)
            return not disconnected.done()
        finally:
            # A task left behind would take the messages of a later wait.
            disconnected.cancel()
            elapsed.cancel()

    async def _wait_for_disconnect(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
