"""Application of a fault to a single request, at response or connection level."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trackingmore_v2_sandbox.faults.connection import Connection, connection_of
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

_NO_RESPONSE: Final = ServedResponse(b"")
_GARBAGE: Final = bytes(range(0x80, 0x100)) + b"\r\n\r\n"


class SocketNeeded(Exception):
    """A connection-level fault was planned for a request that came without a socket."""

    def __init__(self, fault: ConnectionFault) -> None:
        super().__init__(
            f"the fault {write(fault)!r} needs a socket: use a running `Sandbox`, not its app"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInjector:
    """
    A request, with the functions that are needed to apply a fault to it.

    Attributes:
        scope: The ASGI scope of the request.
        receive: The ASGI `receive` of the request, after its body was read.
        send: The ASGI `send` of the request.
        carry_out: Executes the request and returns its real response.
        respond: Builds the HTTP message of a response.
        restore: Called with a response fault that does not apply to the real response, which is
            then sent unchanged.
        sleep: Waits for a number of seconds. Default: `asyncio.sleep`.
    """

    scope: Scope
    receive: Receive
    send: Send
    carry_out: Callable[[], ServedResponse]
    respond: Callable[[ServedResponse], Response]
    restore: Callable[[ResponseFault], None]
    sleep: Sleep = asyncio.sleep

    async def inject(self, instruction: Instruction) -> None:
        """
        Apply an instruction to the request and send the resulting response, if any.

        Raises:
            SocketNeeded: The fault is a connection-level one and the request has no connection.
                The request was not executed.
        """
        connection = connection_of(self.scope)
        if isinstance(instruction, ConnectionFault):
            if connection is None:
                raise SocketNeeded(instruction)
            with _held(connection):
                await self._break(connection, instruction)
            return
        response = self.carry_out() if instruction.carries_out else _NO_RESPONSE
        if isinstance(instruction, Delay):
            with _held(connection):
                if not await self._wait(instruction.seconds):
                    return
        elif not isinstance(instruction, Pass):
            response = self._corrupt(instruction, response)
        await self.respond(response)(self.scope, self.receive, self.send)

    def _corrupt(self, fault: ResponseFault, response: ServedResponse) -> ServedResponse:
        try:
            return rewrite(fault, response)
        except NothingToAlter:
            self.restore(fault)
            return response

    async def _break(self, connection: Connection, fault: ConnectionFault) -> None:
        response = self.respond(self.carry_out() if fault.carries_out else _NO_RESPONSE)
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
        part = bytes(response.body)[:-1][:size]
        await self._send_head(response)
        await self.send({"type": "http.response.body", "body": part, "more_body": True})

    async def _drip(self, response: Response, fault: Drip) -> None:
        body = bytes(response.body)
        await self._send_head(response)
        for start in range(0, len(body), fault.size):
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
            disconnected.cancel()
            elapsed.cancel()

    async def _wait_for_disconnect(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


@contextmanager
def _held(connection: Connection | None) -> Generator[None]:
    if connection is None:
        yield
        return
    connection.hold()
    try:
        yield
    finally:
        connection.release()
