"""One request with which something goes wrong, from its reading to the end of its connection."""

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

_UNANSWERED: Final = ServedResponse(b"")
_GARBAGE: Final = bytes(range(0x80, 0x100)) + b"\r\n\r\n"


class SocketNeeded(Exception):
    """A fault of the connection was planned for a client that has none."""

    def __init__(self, fault: ConnectionFault) -> None:
        super().__init__(
            f"the fault {write(fault)!r} needs a socket: use a running `Sandbox`, not its app"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInjector:
    """
    A request that was read, and all that it takes to let something go wrong with it.

    Attributes:
        carry_out: Does what the request says, and gives the real answer.
        respond: Makes the HTTP message of an answer.
        put_back: Is given a fault that found nothing to spoil; the real answer is sent then.
        sleep: Waits for as many seconds.
    """

    scope: Scope
    receive: Receive
    send: Send
    carry_out: Callable[[], ServedResponse]
    respond: Callable[[ServedResponse], Response]
    put_back: Callable[[ResponseFault], None]
    sleep: Sleep = asyncio.sleep

    async def inject(self, instruction: Instruction) -> None:
        """
        Let happen what the instruction says.

        Raises:
            SocketNeeded: It is a fault of the connection, and there is none. Nothing was done.
        """
        connection = connection_of(self.scope)
        if isinstance(instruction, ConnectionFault):
            if connection is None:
                raise SocketNeeded(instruction)
            with _held(connection):
                await self._break(connection, instruction)
            return
        answer = self.carry_out() if instruction.carries_out else _UNANSWERED
        if isinstance(instruction, Delay):
            with _held(connection):
                if not await self._waits(instruction.seconds):
                    return
        elif not isinstance(instruction, Pass):
            answer = self._spoil(instruction, answer)
        await self.respond(answer)(self.scope, self.receive, self.send)

    def _spoil(self, fault: ResponseFault, answer: ServedResponse) -> ServedResponse:
        try:
            return rewrite(fault, answer)
        except NothingToAlter:
            self.put_back(fault)
            return answer

    async def _break(self, connection: Connection, fault: ConnectionFault) -> None:
        response = self.respond(self.carry_out() if fault.carries_out else _UNANSWERED)
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
                await self._waits(fault.seconds)
                connection.close()
            case _:
                assert_never(fault)
        # Who returns before has not answered, in the server's eyes.
        await self._client_leaves()

    async def _send_part(self, response: Response, size: int) -> None:
        """Send the headers, and so much of the body that it is not complete."""
        part = bytes(response.body)[:-1][:size]
        await self._send_head(response)
        await self.send({"type": "http.response.body", "body": part, "more_body": True})

    async def _drip(self, response: Response, fault: Drip) -> None:
        body = bytes(response.body)
        await self._send_head(response)
        for start in range(0, len(body), fault.size):
            if start and not await self._waits(fault.seconds):
                return
            end = start + fault.size
            message = {"body": body[start:end], "more_body": end < len(body)}
            await self.send({"type": "http.response.body", **message})

    async def _send_head(self, response: Response) -> None:
        head = {"status": response.status_code, "headers": response.raw_headers}
        await self.send({"type": "http.response.start", **head})

    async def _waits(self, seconds: float) -> bool:
        """Wait, and tell whether the client did so too."""
        gone = asyncio.ensure_future(self._client_leaves())
        time = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait((gone, time), return_when=asyncio.FIRST_COMPLETED)
            return not gone.done()
        finally:
            gone.cancel()
            time.cancel()

    async def _client_leaves(self) -> None:
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
