"""
One exchange: what becomes of a request between its arrival and its answer.

    authenticate -> account -> pace -> route -> read -> fault -> handler -> envelope
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from trackingmore_v2_api import API_KEY_HEADER, Operation
from trackingmore_v2_sandbox.api import HANDLERS
from trackingmore_v2_sandbox.api.parsing import SandboxRequest
from trackingmore_v2_sandbox.core.quota import (
    RateLimitState,
    after_request,
    is_rate_limited,
    lock_end,
    milliseconds,
    moment_of,
)
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.faults import FaultRepository, Instruction, fault_of_numbers
from trackingmore_v2_sandbox.hints import Hint, explain, find_hints
from trackingmore_v2_sandbox.http.api_keys import account_of, authenticate, key_hint
from trackingmore_v2_sandbox.http.body import parse_json, query_of_body
from trackingmore_v2_sandbox.http.envelope import (
    ApiCode,
    Data,
    Rejection,
    rejection,
    success,
    success_code,
)
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received
from trackingmore_v2_sandbox.http.routing import Operations
from trackingmore_v2_sandbox.pipeline.request_log import RequestLog
from trackingmore_v2_sandbox.store import AccountRecord, Store
from trackingmore_v2_sandbox.webhooks import WebhookWorker

_READS: Final = frozenset({"getTracking", "getLocalizedTracking", "getAccount", "listCarriers"})
"""Operations that change nothing. Lists are not among them: they store the news that is due."""


_PACE: Final = msgspec.json.Decoder(RateLimitState)
_logger = logging.getLogger(__name__.partition(".")[0])


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """A request on its way, and what is known of it by now."""

    received: Received
    operations: Operations
    """Those of its path."""

    plan: str | None = None
    """The name of the fault plan that it belongs to; None: the account's own."""

    key: str = ""
    """In lower case, once it is known to be one."""

    account: str = ""
    """Digest of the key."""

    at: float = 0.0
    """Unix seconds of the account's clock."""

    is_paced: bool = False
    """Whether it was counted by its account's pace."""

    by_number: Instruction | None = None
    """What the numbers that it names make of it."""

    meets_fault: bool = False
    """Whether its fault was chosen already."""

    body: object = UNSET
    """Parsed JSON."""

    hints: tuple[Hint, ...] = ()
    code: int = 0
    """The `meta.code` of its own answer."""

    operation: Operation[Any] | None = field(init=False)
    """What it asks for; None when the contract has nothing like it."""

    writes: bool = field(init=False)
    """Whether it may change anything."""

    def __post_init__(self) -> None:
        self.operation = self.operations.get(self.received.method)
        self.writes = self.operation is not None and self.operation.id not in _READS


class FaultsAhead(Exception):
    """A request may meet a fault, so it is not carried out yet."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """
    Answers requests.

    Attributes:
        log: Keeps what was asked and answered; the caller of `answer` writes it.
    """

    store: Store
    time_engine: TimeEngine
    settings: Settings
    worker: WebhookWorker
    faults: FaultRepository
    log: RequestLog

    def answer(self, context: RequestContext) -> bytes:
        """
        Carry a request out, or refuse it.

        Raises:
            FaultsAhead: Its fault must be chosen first. Nothing was done.
        """
        try:
            return self._carry_out(context)
        except FaultsAhead:
            raise
        except Rejection as no:
            return self._reject(context, no)
        except Exception:
            _logger.exception("%s %s failed", context.received.method, context.received.path)
            return self._reject(context, Rejection(ApiCode.SERVER_ERROR))

    def _reject(self, context: RequestContext, no: Rejection) -> bytes:
        context.code = no.code
        context.hints += explain(no, context.received, context.body, context.hints)
        return rejection(no.code)

    def _carry_out(self, context: RequestContext) -> bytes:
        context.key = authenticate(context.received.headers.get(API_KEY_HEADER))
        context.account = account_of(context.key)
        data = self._serve(context)
        if isinstance(data, Rejection):
            raise data
        if context.writes:
            self.worker.wake(context.account)
        operation_id = context.operation.id if context.operation else ""
        context.code = success_code(operation_id)
        return success(operation_id, data)

    def _serve(self, context: RequestContext) -> Data | Rejection:
        """Look at the account, and do for it what the request says."""
        with self.store.transaction(write=context.writes, account=context.account):
            owner = self.store.find_account(context.account)
            now = self._read_clock(context, owner)
            if owner is not None and owner.key_deleted:
                raise Rejection(ApiCode.DELETED_KEY)
            if context.is_paced or not is_rate_limited(owner, default=self.settings.rate_limited):
                return self._handle(context, owner, now)
        self._keep_pace(context)
        return self._serve(context)

    def _keep_pace(self, context: RequestContext) -> None:
        """
        Count a request, in a transaction of its own: it counts whatever becomes of it.

        Raises:
            Refusal: It is one too many, or the account is locked out.
        """
        context.is_paced = True
        lock_seconds = self.settings.lock_seconds
        with self.store.transaction(write=True, account=context.account):
            owner = self.store.find_account(context.account) or AccountRecord(context.account)
            now = self._read_clock(context, owner)
            before = _PACE.decode(owner.pace)
            operation = context.operation
            pace = after_request(
                before,
                operation.id if operation else "",
                (self.settings.rate_limit or operation.rate_limit) if operation else None,
                milliseconds(now),
                lock_seconds,
            )
            if pace != before:
                changed = msgspec.json.encode(pace).decode()
                self.store.save_account(replace(owner, pace=changed))
        if pace.locked_at is not None:
            end = moment_of(lock_end(pace, lock_seconds))
            raise Rejection(ApiCode.RATE_LIMITED, f"a request before {end.isoformat()}")

    def _handle(
        self, context: RequestContext, owner: AccountRecord | None, now: datetime
    ) -> Data | Rejection:
        """Do what the request says, inside a transaction."""
        operation = context.operation
        if operation is None:
            raise Rejection(
                ApiCode.METHOD_NOT_ALLOWED if context.operations else ApiCode.ROUTE_NOT_FOUND
            )
        context.body = _body(context.received)
        context.hints = find_hints(operation, context.received, context.body)
        query = _query(context.received, operation, context.body)
        self._look_for_faults(context, operation, owner)
        if context.writes and (owner is None or not owner.key_hint):
            owner = self.time_engine.introduce(
                owner or AccountRecord(context.account), key_hint(context.key)
            )
        request = SandboxRequest(
            operation=operation,
            account=context.account,
            owner=owner or AccountRecord(context.account),
            path=context.received.parameters,
            query=query,
            headers=context.received.headers,
            body=context.body,
            store=self.store,
            time_engine=self.time_engine,
            settings=self.settings,
            now=int(now.timestamp()),
        )
        try:
            data = HANDLERS[operation.id](request)
        except Rejection as no:
            if operation.method != "GET":
                raise  # and undo what was begun
            return no
        if self.settings.strict and context.hints:
            raise Rejection(ApiCode.INVALID_REQUEST)
        return data

    def _read_clock(self, context: RequestContext, owner: AccountRecord | None) -> datetime:
        now = self.time_engine.now(owner)
        context.at = now.timestamp()
        return now

    def _look_for_faults(
        self, context: RequestContext, operation: Operation[Any], owner: AccountRecord | None
    ) -> None:
        if context.meets_fault:
            return
        context.by_number = fault_of_numbers(operation, context.received.parameters, context.body)
        has_plan = context.plan is not None or (owner is not None and owner.has_faults)
        if has_plan or context.by_number:
            context.meets_fault = True
            raise FaultsAhead


def _body(received: Received) -> object:
    """
    Read the body.

    Assumed: nobody looks at one where none belongs.
    """
    if received.method not in METHODS_WITH_BODY:
        return None
    if received.body is None:
        raise Rejection(ApiCode.INVALID_REQUEST)
    return parse_json(received.body, received.headers.get("content-type", ""))


def _query(received: Received, operation: Operation[Any], body: object) -> Mapping[str, str]:
    """
    Read the query's parameters, be it a query string or a JSON body.

    Assumed: one that is given twice is refused.
    """
    if received.method != operation.method:
        return query_of_body(body)
    given = received.query_items()
    known = [(name, value) for name, value in given if name in operation.query_parameters]
    query = dict(known)
    if len(query) < len(known):
        raise Rejection(ApiCode.INVALID_REQUEST)
    return query
