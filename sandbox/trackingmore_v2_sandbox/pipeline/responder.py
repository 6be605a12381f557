"""The making of one answer: what the request says, its fault, its headers, and the log."""

from time import perf_counter
from typing import Final

from msgspec import Struct
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_api.salvage import peek
from trackingmore_v2_sandbox.faults import FaultInjector, Instruction, Pass, ServedResponse, write
from trackingmore_v2_sandbox.hints import HEADER as HINT_HEADER
from trackingmore_v2_sandbox.hints import header_value
from trackingmore_v2_sandbox.http.envelope import ApiCode
from trackingmore_v2_sandbox.pipeline.pipeline import Pipeline, RequestContext
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord, kept_headers

HEADERS: Final = {"X-Sandbox": "1"}
_HEAD: Final = ((b"content-type", b"application/json"),)


class Responder(Struct):
    """One request and the making of its answer."""

    pipeline: Pipeline
    context: RequestContext
    scope: Scope
    receive: Receive
    began: float
    fault: Instruction | None = None

    def carry_out(self) -> ServedResponse:
        """Do what the request says, and give its real answer."""
        content = self.pipeline.answer(self.context)
        # To a client that asks for a tunnel, any good status would mean that it has got one.
        status = ApiCode.METHOD_NOT_ALLOWED if self.context.received.method == "CONNECT" else 200
        return ServedResponse(content, int(status))

    async def run_into_fault(self, send: Send) -> None:
        """Let the request meet its fault, if its plan or its numbers have one for it."""
        context, repository = self.context, self.pipeline.faults
        operation_id = context.operation.id if context.operation else ""
        planned = repository.take(context.account, context.plan, operation_id)
        self.fault = planned if planned not in (None, Pass()) else context.by_number

        def restore(fault: Instruction) -> None:
            repository.restore(context.account, context.plan, operation_id, fault)
            self.fault = None

        injector = FaultInjector(
            scope=self.scope,
            receive=self.receive,
            send=send,
            carry_out=self.carry_out,
            respond=self.respond,
            restore=restore,
        )
        await injector.inject(self.fault or Pass())

    async def send(self, answer: ServedResponse, send: Send) -> None:
        """Send the real answer, and keep it in the log: what `respond` makes, in half the time."""
        self._note(answer)
        head = [(b"content-length", b"%d" % len(answer.content)), *_HEAD]
        for name, value in self._headers().items():
            head.append((name.lower().encode(), value.encode("latin-1")))
        await send({"type": "http.response.start", "status": answer.status, "headers": head})
        await send({"type": "http.response.body", "body": answer.content})

    def respond(self, answer: ServedResponse) -> Response:
        """Make the message that is sent, and keep it in the log."""
        self._note(answer)
        return Response(
            answer.content, answer.status, self._headers(), media_type=answer.media_type
        )

    def _headers(self) -> dict[str, str]:
        headers = dict(HEADERS)
        if self.context.hints:
            headers[HINT_HEADER] = header_value(self.context.hints)
        operations = self.context.operations
        if operations and self.context.received.method not in operations:
            # What the contract does not name is tolerated, but not offered.
            headers["Allow"] = ", ".join(sorted({each.method for each in operations.values()}))
        return headers

    def _note(self, answer: ServedResponse) -> None:
        context, received = self.context, self.context.received
        exchange = ExchangeRecord(
            at=context.at or self.pipeline.time_engine.now(None).timestamp(),
            method=received.method,
            path=received.path,
            query=received.query,
            headers=kept_headers(self.scope["headers"]),
            request=received.body or b"",
            operation=context.operation.id if context.operation else None,
            status=answer.status,
            # What a fault made of the answer may say something else, or nothing.
            code=peek(answer.content).code if self.fault else context.code or None,
            answer=answer.content,
            hints=context.hints,
            fault=write(self.fault) if self.fault else None,
            milliseconds=(perf_counter() - self.began) * 1000,
        )
        key = context.key or received.headers.get(API_KEY_HEADER, "")
        self.pipeline.log.append(context.account, exchange, key)
