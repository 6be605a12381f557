"""The making of one answer: what the request says, its fault, its headers, and the log."""

from time import perf_counter
from typing import Final

from msgspec import Struct
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_api.salvage import peek
from trackingmore_v2_sandbox.faults import Answer, Instruction, Mishap, Pass, write
from trackingmore_v2_sandbox.hints import HEADER as HINT_HEADER
from trackingmore_v2_sandbox.hints import header_value
from trackingmore_v2_sandbox.http.envelope import Code
from trackingmore_v2_sandbox.pipeline.pipeline import Exchanges, Turn
from trackingmore_v2_sandbox.pipeline.request_log import Exchange, kept_headers

HEADERS: Final = {"X-Sandbox": "1"}
_HEAD: Final = ((b"content-type", b"application/json"),)


class Reply(Struct):
    """One request and the making of its answer."""

    exchanges: Exchanges
    turn: Turn
    scope: Scope
    receive: Receive
    began: float
    fault: Instruction | None = None

    def carry_out(self) -> Answer:
        """Do what the request says, and give its real answer."""
        content = self.exchanges.answer(self.turn)
        # To a client that asks for a tunnel, any good status would mean that it has got one.
        status = Code.METHOD_NOT_ALLOWED if self.turn.received.method == "CONNECT" else 200
        return Answer(content, int(status))

    async def run_into_fault(self, send: Send) -> None:
        """Let the request meet its fault, if its plan or its numbers have one for it."""
        turn, book = self.turn, self.exchanges.faults
        operation_id = turn.operation.id if turn.operation else ""
        planned = book.take(turn.account, turn.plan, operation_id)
        self.fault = planned if planned not in (None, Pass()) else turn.by_number

        def put_back(fault: Instruction) -> None:
            book.put_back(turn.account, turn.plan, operation_id, fault)
            self.fault = None

        mishap = Mishap(
            scope=self.scope,
            receive=self.receive,
            send=send,
            carry_out=self.carry_out,
            respond=self.respond,
            put_back=put_back,
        )
        await mishap.happen(self.fault or Pass())

    async def send(self, answer: Answer, send: Send) -> None:
        """Send the real answer, and keep it in the log: what `respond` makes, in half the time."""
        self._note(answer)
        head = [(b"content-length", b"%d" % len(answer.content)), *_HEAD]
        for name, value in self._headers().items():
            head.append((name.lower().encode(), value.encode("latin-1")))
        await send({"type": "http.response.start", "status": answer.status, "headers": head})
        await send({"type": "http.response.body", "body": answer.content})

    def respond(self, answer: Answer) -> Response:
        """Make the message that is sent, and keep it in the log."""
        self._note(answer)
        return Response(
            answer.content, answer.status, self._headers(), media_type=answer.media_type
        )

    def _headers(self) -> dict[str, str]:
        headers = dict(HEADERS)
        if self.turn.hints:
            headers[HINT_HEADER] = header_value(self.turn.hints)
        operations = self.turn.operations
        if operations and self.turn.received.method not in operations:
            # What the contract does not name is tolerated, but not offered.
            headers["Allow"] = ", ".join(sorted({each.method for each in operations.values()}))
        return headers

    def _note(self, answer: Answer) -> None:
        turn, received = self.turn, self.turn.received
        exchange = Exchange(
            at=turn.at or self.exchanges.passage.now(None).timestamp(),
            method=received.method,
            path=received.path,
            query=received.query,
            headers=kept_headers(self.scope["headers"]),
            request=received.body or b"",
            operation=turn.operation.id if turn.operation else None,
            status=answer.status,
            # What a fault made of the answer may say something else, or nothing.
            code=peek(answer.content).code if self.fault else turn.code or None,
            answer=answer.content,
            hints=turn.hints,
            fault=write(self.fault) if self.fault else None,
            milliseconds=(perf_counter() - self.began) * 1000,
        )
        key = turn.key or received.headers.get(API_KEY_HEADER, "")
        self.exchanges.log.append(turn.account, exchange, key)
