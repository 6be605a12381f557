"""
The sandbox as an ASGI app.

Routes come from the contract's registry of operations. Every answer is HTTP 200 with an envelope,
refusals included, and says `X-Sandbox: 1`.
"""

import logging
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from msgspec import structs
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER, BASE_URL, OPERATIONS, Operation

from .clock import Clock, SystemClock
from .envelope import Code, Refusal, refusal, success
from .faults import (
    Answer,
    FaultBook,
    Instruction,
    Mishap,
    Pass,
    fault_of_numbers,
    plan_named_by,
)
from .handlers import HANDLERS
from .passage import Passage
from .requests import SandboxRequest, parse_json, query_of_body
from .settings import Settings
from .store import Account, Store
from .webhooks import HttpSender, Look, Outbox, Policy, Ticker
from .webhooks import Send as SendWebhook

BASE_PATH: Final = urlsplit(BASE_URL).path
_API_KEY: Final = re.compile("-".join(f"[0-9A-Fa-f]{{{size}}}" for size in (8, 4, 4, 4, 12)))
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT"})
_HEADERS: Final = {"X-Sandbox": "1"}
_READS: Final = frozenset({"getTracking", "getLocalizedTracking", "getAccount", "listCarriers"})
"""Operations that change nothing. Lists are not among them: they store the news that is due."""

_HINT: Final = 4
"""So many of a key's last characters are shown."""

_logger = logging.getLogger(__name__.partition(".")[0])

_Operations: TypeAlias = Mapping[str, Operation[Any]]
"""The operations of one path, by method."""


def create_app(
    store: Store,
    clock: Clock | None = None,
    settings: Settings | None = None,
    *,
    send_webhook: SendWebhook | None = None,
) -> Starlette:
    """
    Make the ASGI app that answers like the API.

    Args:
        store: Where the state is kept. The caller closes it.
        clock: Where the time comes from. Default: the system's clock.
        settings: How to answer. Default: `Settings()`.
        send_webhook: Sends webhooks. Default: real requests to where the settings allow it.

    Raises:
        ValueError: The settings allow webhooks to a host that cannot be read.
    """
    settings = settings or Settings()
    policy = Policy.read(settings.webhook_hosts, allow_private=settings.webhook_private)
    send = send_webhook or HttpSender(policy, timeout=settings.webhook_timeout)
    outbox = Outbox(store, send, settings.email, settings.webhook_attempts)
    passage = Passage(store, clock or SystemClock(), outbox.on_change, outbox.deliver)
    ticker = Ticker(Look(store, passage))
    context = _Context(store, passage, settings, ticker, FaultBook(store))
    routes = [
        Route(BASE_PATH + path + slash, _Endpoint(context, operations))
        for path, operations in _routes()
        for slash in ("", "/")
    ]
    routes.append(Route("/{path:path}", _Endpoint(context, {})))
    return Starlette(routes=routes, lifespan=context.lifespan)


def _routes() -> Iterable[tuple[str, _Operations]]:
    """Group operations by path, the literal paths before the ones with parameters."""
    by_path: defaultdict[str, dict[str, Operation[Any]]] = defaultdict(dict)
    for operation in OPERATIONS.values():
        by_path[operation.path][operation.method] = operation
    listing = OPERATIONS["listTrackings"]
    # The official PHP clients send the list's query as a JSON body.
    by_path[listing.path]["POST"] = listing
    return sorted(by_path.items(), key=lambda item: "{" in item[0])


@dataclass(frozen=True, slots=True)
class _Context:
    """What all requests share."""

    store: Store
    passage: Passage
    settings: Settings
    ticker: Ticker
    faults: FaultBook

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncGenerator[None]:
        """Look after the accounts that have webhook targets, as long as the app runs."""
        with self.store.transaction(write=False):
            accounts = self.store.accounts_with_targets()
        for each in accounts:
            self.ticker.start(each.account)
        yield
        await self.ticker.stop()


@dataclass
class _FaultsAhead(Exception):
    """A request may meet a fault, so it is not carried out yet."""

    account: str
    plan: str | None
    """The name of the plan that the request belongs to; None: the account's own."""

    operation_id: str
    by_number: Instruction | None
    """What the numbers that the request names make of it."""


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """One path: an ASGI app that dispatches by method, and answers whatever happens."""

    context: _Context
    operations: _Operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            raw = await _read_body(request, self.context.settings.max_body_bytes)
        except ClientDisconnect:
            return
        try:
            answer = Answer(self._answer(request, raw))
        except _FaultsAhead as ahead:
            await self._run_into(ahead, request, raw, send)
        else:
            await self._respond(request, answer)(scope, receive, send)

    async def _run_into(
        self, ahead: "_FaultsAhead", request: Request, raw: bytes | None, send: Send
    ) -> None:
        """Let a request meet its fault, if its plan or its numbers have one for it."""
        book = self.context.faults
        planned = book.take(ahead.account, ahead.plan, ahead.operation_id)
        fault = planned if planned not in (None, Pass()) else ahead.by_number
        mishap = Mishap(
            scope=request.scope,
            receive=request.receive,
            send=send,
            carry_out=lambda: Answer(self._answer(request, raw, look_ahead=False)),
            respond=lambda answer: self._respond(request, answer),
            put_back=lambda fault: book.put_back(
                ahead.account, ahead.plan, ahead.operation_id, fault
            ),
        )
        await mishap.happen(fault or Pass())

    def _respond(self, request: Request, answer: Answer) -> Response:
        return Response(
            answer.content,
            answer.status,
            headers=self._headers(request),
            media_type=answer.media_type,
        )

    def _answer(self, request: Request, raw: bytes | None, *, look_ahead: bool = True) -> bytes:
        try:
            return self._carry_out(request, raw, look_ahead=look_ahead)
        except _FaultsAhead:
            raise
        except Refusal as no:
            return refusal(no.code)
        except Exception:
            _logger.exception("%s %s failed", request.method, request.url.path)
            return refusal(Code.SERVER_ERROR)

    def _carry_out(self, request: Request, raw: bytes | None, *, look_ahead: bool) -> bytes:
        key = _authenticate(request.headers.get(API_KEY_HEADER))
        operation = self._operation(request.method)
        body = _body(request, raw)
        query = _query(request, operation, body)
        account = sha256(key.encode()).hexdigest()
        writes = operation.id not in _READS
        store = self.context.store
        with store.transaction(write=writes, account=account):
            owner = store.find_account(account)
            if look_ahead:
                plan = plan_named_by(request.scope)
                fault = fault_of_numbers(operation, request.path_params, body)
                if fault or plan is not None or (owner is not None and owner.has_faults):
                    raise _FaultsAhead(account, plan, operation.id, fault)
            if writes and (owner is None or not owner.key_hint):
                owner = structs.replace(owner or Account(account), key_hint=key[-_HINT:])
                store.save_account(owner)
            given = SandboxRequest(
                operation=operation,
                account=account,
                path=request.path_params,
                query=query,
                headers=request.headers,
                body=body,
                store=store,
                passage=self.context.passage,
                settings=self.context.settings,
                now=int(self.context.passage.now(owner).timestamp()),
            )
            try:
                data = HANDLERS[operation.id](given)
            except Refusal as no:
                if operation.method != "GET":
                    raise  # and undo what was begun
                return refusal(no.code)
        if writes:
            self.context.ticker.wake(account)
        return success(operation.id, data)

    def _headers(self, request: Request) -> Mapping[str, str]:
        if not self.operations or request.method in self.operations:
            return _HEADERS
        # What the contract does not name is tolerated, but not offered.
        allowed = sorted({operation.method for operation in self.operations.values()})
        return {**_HEADERS, "Allow": ", ".join(allowed)}

    def _operation(self, method: str) -> Operation[Any]:
        if not self.operations:
            raise Refusal(Code.ROUTE_NOT_FOUND)
        operation = self.operations.get(method)
        if operation is None:
            raise Refusal(Code.METHOD_NOT_ALLOWED)
        return operation


async def _read_body(request: Request, limit: int) -> bytes | None:
    """Read the whole body, but keep nothing of one that is too long."""
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
    return bytes(body) if size <= limit else None


def _authenticate(key: str | None) -> str:
    """
    Check a key, and give it in lower case: any UUID is an account of its own.

    Only its digest is ever stored, and a hint by which people recognise it.
    """
    if not key or not _API_KEY.fullmatch(key):
        raise Refusal(Code.INVALID_KEY)
    return key.lower()


def _body(request: Request, raw: bytes | None) -> object:
    if request.method not in _METHODS_WITH_BODY:
        return None
    if raw is None:
        raise Refusal(Code.INVALID_REQUEST)
    return parse_json(raw, request.headers.get("content-type", ""))


def _query(request: Request, operation: Operation[Any], body: object) -> Mapping[str, str]:
    """
    Read the query's parameters, be it a query string or a JSON body.

    Assumed: one that is given twice is refused.
    """
    if request.method != operation.method:
        return query_of_body(body)
    given = request.query_params.multi_items()
    known = [(name, value) for name, value in given if name in operation.query_parameters]
    query = dict(known)
    if len(query) < len(known):
        raise Refusal(Code.INVALID_REQUEST)
    return query
