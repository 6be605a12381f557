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
    Pace,
    after_request,
    is_rate_limited,
    lock_end,
    milliseconds,
    moment_of,
)
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import Passage
from trackingmore_v2_sandbox.faults import FaultBook, Instruction, fault_of_numbers
from trackingmore_v2_sandbox.hints import Hint, explain, find_hints
from trackingmore_v2_sandbox.http.api_keys import account_of, authenticate, key_hint
from trackingmore_v2_sandbox.http.body import parse_json, query_of_body
from trackingmore_v2_sandbox.http.envelope import (
    Code,
    Data,
    Refusal,
    refusal,
    success,
    success_code,
)
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received
from trackingmore_v2_sandbox.http.routing import Operations
from trackingmore_v2_sandbox.pipeline.request_log import Log
from trackingmore_v2_sandbox.store import Account, Store
from trackingmore_v2_sandbox.webhooks import Ticker

_READS: Final = frozenset({"getTracking", "getLocalizedTracking", "getAccount", "listCarriers"})
"""Operations that change nothing. Lists are not among them: they store the news that is due."""


_PACE: Final = msgspec.json.Decoder(Pace)
_logger = logging.getLogger(__name__.partition(".")[0])


@dataclass(slots=True, kw_only=True)
class Turn:
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
class Exchanges:
    """
    Answers requests.

    Attributes:
        log: Keeps what was asked and answered; the caller of `answer` writes it.
    """

    store: Store
    passage: Passage
    settings: Settings
    ticker: Ticker
    faults: FaultBook
    log: Log

    def answer(self, turn: Turn) -> bytes:
        """
        Carry a request out, or refuse it.

        Raises:
            FaultsAhead: Its fault must be chosen first. Nothing was done.
        """
        try:
            return self._carry_out(turn)
        except FaultsAhead:
            raise
        except Refusal as no:
            return self._refuse(turn, no)
        except Exception:
            _logger.exception("%s %s failed", turn.received.method, turn.received.path)
            return self._refuse(turn, Refusal(Code.SERVER_ERROR))

    def _refuse(self, turn: Turn, no: Refusal) -> bytes:
        turn.code = no.code
        turn.hints += explain(no, turn.received, turn.body, turn.hints)
        return refusal(no.code)

    def _carry_out(self, turn: Turn) -> bytes:
        turn.key = authenticate(turn.received.headers.get(API_KEY_HEADER))
        turn.account = account_of(turn.key)
        data = self._serve(turn)
        if isinstance(data, Refusal):
            raise data
        if turn.writes:
            self.ticker.wake(turn.account)
        operation_id = turn.operation.id if turn.operation else ""
        turn.code = success_code(operation_id)
        return success(operation_id, data)

    def _serve(self, turn: Turn) -> Data | Refusal:
        """Look at the account, and do for it what the request says."""
        with self.store.transaction(write=turn.writes, account=turn.account):
            owner = self.store.find_account(turn.account)
            now = self._read_clock(turn, owner)
            if owner is not None and owner.key_deleted:
                raise Refusal(Code.DELETED_KEY)
            if turn.is_paced or not is_rate_limited(owner, usual=self.settings.rate_limited):
                return self._handle(turn, owner, now)
        self._keep_pace(turn)
        return self._serve(turn)

    def _keep_pace(self, turn: Turn) -> None:
        """
        Count a request, in a transaction of its own: it counts whatever becomes of it.

        Raises:
            Refusal: It is one too many, or the account is locked out.
        """
        turn.is_paced = True
        lock_seconds = self.settings.lock_seconds
        with self.store.transaction(write=True, account=turn.account):
            owner = self.store.find_account(turn.account) or Account(turn.account)
            now = self._read_clock(turn, owner)
            before = _PACE.decode(owner.pace)
            operation = turn.operation
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
            raise Refusal(Code.RATE_LIMITED, f"a request before {end.isoformat()}")

    def _handle(self, turn: Turn, owner: Account | None, now: datetime) -> Data | Refusal:
        """Do what the request says, inside a transaction."""
        operation = turn.operation
        if operation is None:
            raise Refusal(Code.METHOD_NOT_ALLOWED if turn.operations else Code.ROUTE_NOT_FOUND)
        turn.body = _body(turn.received)
        turn.hints = find_hints(operation, turn.received, turn.body)
        query = _query(turn.received, operation, turn.body)
        self._look_for_faults(turn, operation, owner)
        if turn.writes and (owner is None or not owner.key_hint):
            owner = self.passage.introduce(owner or Account(turn.account), key_hint(turn.key))
        request = SandboxRequest(
            operation=operation,
            account=turn.account,
            owner=owner or Account(turn.account),
            path=turn.received.parameters,
            query=query,
            headers=turn.received.headers,
            body=turn.body,
            store=self.store,
            passage=self.passage,
            settings=self.settings,
            now=int(now.timestamp()),
        )
        try:
            data = HANDLERS[operation.id](request)
        except Refusal as no:
            if operation.method != "GET":
                raise  # and undo what was begun
            return no
        if self.settings.strict and turn.hints:
            raise Refusal(Code.INVALID_REQUEST)
        return data

    def _read_clock(self, turn: Turn, owner: Account | None) -> datetime:
        now = self.passage.now(owner)
        turn.at = now.timestamp()
        return now

    def _look_for_faults(
        self, turn: Turn, operation: Operation[Any], owner: Account | None
    ) -> None:
        if turn.meets_fault:
            return
        turn.by_number = fault_of_numbers(operation, turn.received.parameters, turn.body)
        has_plan = turn.plan is not None or (owner is not None and owner.has_faults)
        if has_plan or turn.by_number:
            turn.meets_fault = True
            raise FaultsAhead


def _body(received: Received) -> object:
    """
    Read the body.

    Assumed: nobody looks at one where none belongs.
    """
    if received.method not in METHODS_WITH_BODY:
        return None
    if received.body is None:
        raise Refusal(Code.INVALID_REQUEST)
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
        raise Refusal(Code.INVALID_REQUEST)
    return query
