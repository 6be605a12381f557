"""
The request pipeline of the API: one pass through stages that hand on frozen values.

    prepare        authenticate, admit, route, parse the body, parse the query   -> PreparedRequest
    choose_fault   the next one of the fault plan, or that of a scenario number  -> Instruction
    execute        run the handler in a transaction, write the envelope          -> ExecutedResponse

`responder.py` drives the stages, sends the response and writes the log.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec import UNSET, Struct
from msgspec.structs import replace

from trackingmore_v2_api import API_KEY_HEADER, ApiCode, Operation
from trackingmore_v2_sandbox.api import HANDLERS, READ_ONLY
from trackingmore_v2_sandbox.api.coercion import coerce
from trackingmore_v2_sandbox.api.parsing import SandboxRequest
from trackingmore_v2_sandbox.core import quota
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.faults.instructions import Instruction, Pass
from trackingmore_v2_sandbox.faults.repository import FaultRepository
from trackingmore_v2_sandbox.faults.response_faults import ServedResponse
from trackingmore_v2_sandbox.hints import explain, find_advice, find_hints
from trackingmore_v2_sandbox.hints.hint import Hint
from trackingmore_v2_sandbox.http.api_keys import account_of, authenticate, key_hint
from trackingmore_v2_sandbox.http.body import parse_json, query_of_body
from trackingmore_v2_sandbox.http.envelope import Data, Rejection, success, success_code
from trackingmore_v2_sandbox.http.envelope import rejection as rejection_envelope
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received
from trackingmore_v2_sandbox.http.routing import Operations
from trackingmore_v2_sandbox.scenarios.number_faults import fault_of_numbers
from trackingmore_v2_sandbox.store.models import AccountRecord
from trackingmore_v2_sandbox.store.sql import Store, StoreUnavailable
from trackingmore_v2_sandbox.webhooks.worker import WebhookWorker

_logger = logging.getLogger(__name__.partition(".")[0])


class PreparedRequest(Struct, frozen=True, kw_only=True):
    """A request that was read, up to the first thing that rejects it."""

    received: Received
    operations: Operations
    """The operations of its path, by method."""

    operation: Operation[Any] | None
    """The operation that it calls; None when the contract has none."""

    key: str = ""
    """The API key in lower case, once it is known to be valid."""

    account: str = ""
    """Digest of the key."""

    owner: AccountRecord | None = None
    """The account as it was when the request came; None while nothing is stored for it."""

    at: float = 0.0
    """Unix seconds of the account's clock; 0 without an account."""

    body: object = UNSET
    """The parsed JSON body, with scalars of the documented types; `UNSET` before it is parsed."""

    query: Mapping[str, str] = {}
    hints: tuple[Hint, ...] = ()
    advice: tuple[Hint, ...] = ()
    """Hints on what the contract allows; they reject nothing in strict mode."""

    fault_of_number: Instruction | None = None
    """The fault that a scenario number in the request asks for."""

    rejection: Rejection | None = None
    """Why a stage rejected the request."""

    @property
    def operation_id(self) -> str:
        """The id of the operation; empty when there is none."""
        return self.operation.id if self.operation else ""

    @property
    def all_hints(self) -> tuple[Hint, ...]:
        """The hints on violations of the contract, and the others."""
        return self.hints + self.advice


class ExecutedResponse(ServedResponse, frozen=True):
    """The response that a request gets without a fault, and what the log keeps besides."""

    code: int = 0
    """The `meta.code` of the response."""

    hints: tuple[Hint, ...] = ()
    at: float = 0.0
    """Unix seconds of the account's clock."""


class Pipeline(Struct, frozen=True):
    """The stages of a request, for one sandbox."""

    store: Store
    time_engine: TimeEngine
    settings: Settings
    worker: WebhookWorker
    faults: FaultRepository

    def prepare(self, received: Received, operations: Operations) -> PreparedRequest:
        """Authenticate, rate-limit, route and parse a request, up to the first rejection."""
        operation = operations.get(received.method)
        request = PreparedRequest(received=received, operations=operations, operation=operation)
        for stage in (
            _authenticate,
            self._load_account,
            self._admit,
            _route,
            _parse_body,
            self._find_hints,
            _coerce_body,
            _parse_query,
            self._require_credit,
        ):
            try:
                request = stage(request)
            except Exception as error:  # noqa: BLE001 - each becomes a response
                return replace(request, rejection=_rejection_of(error, received))
        return request

    def choose_fault(self, request: PreparedRequest, plan: str | None) -> Instruction | None:
        """
        Return the fault that the request meets, and use it up.

        Args:
            request: The request. One that was rejected meets no fault.
            plan: Name of the fault plan that the request belongs to; None for the account's own.
        """
        # A fault that was planned stays for the next request that is not rejected.
        if request.rejection is not None:
            return None
        planned: Instruction | None = None
        if plan is not None or (request.owner is not None and request.owner.has_faults):
            planned = self.faults.take(request.account, plan, request.operation_id)
        # `pass` uses up its place in the plan, and leaves the request to its number.
        return planned if planned not in (None, Pass()) else request.fault_of_number

    def fail(self, request: PreparedRequest, error: Exception) -> PreparedRequest:
        """Return a request that is rejected because of an exception."""
        return replace(request, rejection=_rejection_of(error, request.received))

    def execute(self, request: PreparedRequest) -> ExecutedResponse:
        """Run the handler of a request, and write its envelope; a rejected one runs nothing."""
        if request.rejection is not None:
            return self._reject(request, request.rejection)
        operation = _operation_of(request)
        writes = HANDLERS[operation.id] not in READ_ONLY
        added: list[Hint] = []
        try:
            data = self._run_handler(request, operation, added, writes=writes)
        except Exception as error:  # noqa: BLE001 - each becomes a response
            return self._reject(request, _rejection_of(error, request.received), added)
        # A created tracking can be due at once.
        if writes:
            self.worker.wake(request.account)
        content, code = success(operation.id, data), success_code(operation.id)
        hints = (*request.all_hints, *added)
        return ExecutedResponse(content, code=code, hints=hints, at=request.at)

    def skip(self, request: PreparedRequest) -> ExecutedResponse:
        """Return the empty response of a request that a fault keeps from being executed."""
        return ExecutedResponse(b"", hints=request.all_hints, at=request.at)

    def _reject(
        self, request: PreparedRequest, rejection: Rejection, added: Sequence[Hint] = ()
    ) -> ExecutedResponse:
        reason = explain(rejection, request.received, request.body, request.hints)
        return ExecutedResponse(
            rejection_envelope(rejection.code),
            # A client that sends CONNECT takes any 2xx status for an open tunnel.
            status=ApiCode.METHOD_NOT_ALLOWED if request.received.method == "CONNECT" else 200,
            code=rejection.code,
            hints=(*request.all_hints, *added, *reason),
            at=request.at or self.time_engine.now(None).timestamp(),
        )

    def _load_account(self, request: PreparedRequest) -> PreparedRequest:
        with self.store.transaction(write=False):
            owner = self.store.find_account(request.account)
        return replace(request, owner=owner, at=self.time_engine.now(owner).timestamp())

    def _admit(self, request: PreparedRequest) -> PreparedRequest:
        if request.owner is not None and request.owner.key_deleted:
            raise Rejection(ApiCode.DELETED_KEY)
        # Most accounts are not rate-limited, and need no transaction here.
        if quota.is_rate_limited(request.owner, default=self.settings.rate_limited):
            self._count_request(request)
        return request

    def _require_credit(self, request: PreparedRequest) -> PreparedRequest:
        if request.owner is None or request.operation_id not in quota.READS:
            return request
        if rejection := quota.shortage_for_read(request.owner, self.settings.quota):
            raise rejection
        return request

    def _find_hints(self, request: PreparedRequest) -> PreparedRequest:
        operation, carriers = _operation_of(request), self.settings.carriers
        hints = find_hints(operation, request.received, request.body, carriers)
        advice = find_advice(request.received, request.body)
        return replace(request, hints=hints, advice=advice) if hints or advice else request

    def _count_request(self, request: PreparedRequest) -> None:
        """
        Count a request against the rate limit.

        The transaction is its own, so that the request counts even when it is rejected later.

        Raises:
            Rejection: The rate limit was exceeded, or the account is locked out for that.
        """
        lock_seconds, operation = self.settings.lock_seconds, request.operation
        with self.store.transaction(write=True, account=request.account):
            owner = self.store.find_account(request.account) or AccountRecord(request.account)
            now = self.time_engine.now(owner)
            before = quota.state_of(owner)
            state = quota.after_request(
                before,
                request.operation_id,
                (self.settings.rate_limit or operation.rate_limit) if operation else None,
                quota.milliseconds(now),
                lock_seconds,
            )
            if state != before:
                self.store.save_account(quota.with_state(owner, state))
        if state.locked_at is not None:
            end = quota.moment_of(quota.lock_end(state, lock_seconds))
            raise Rejection(ApiCode.RATE_LIMITED, f"a request before {end.isoformat()}")

    def _run_handler(
        self,
        request: PreparedRequest,
        operation: Operation[Any],
        added: list[Hint],
        *,
        writes: bool,
    ) -> Data:
        """
        Run the handler of an operation in one transaction; it may add hints to `added`.

        Raises:
            Rejection: The handler rejected the request, or strict mode rejects what breaks the
                contract. What a write began is undone.
        """
        with self.store.transaction(write=writes, account=request.account):
            # A write reads the account anew, since another process may have changed its usage.
            owner = self.store.find_account(request.account) if writes else request.owner
            at = self.time_engine.now(owner).timestamp() if writes else request.at
            if writes and (owner is None or not owner.key_hint):
                owner = self.time_engine.register_account(
                    owner or AccountRecord(request.account), key_hint(request.key)
                )
            data: Data | Rejection
            try:
                data = HANDLERS[operation.id](
                    self._handler_request(request, operation, owner, int(at), added)
                )
            except Rejection as rejection:
                if operation.method != "GET":
                    raise
                # A list stores the status changes that are due before it finds nothing.
                data = rejection
            # Checked after the handler, whose own rejection is more specific.
            if self.settings.strict and request.hints and not isinstance(data, Rejection):
                raise Rejection(ApiCode.INVALID_REQUEST)
        if isinstance(data, Rejection):
            raise data
        return data

    def _handler_request(
        self,
        request: PreparedRequest,
        operation: Operation[Any],
        owner: AccountRecord | None,
        now: int,
        added: list[Hint],
    ) -> SandboxRequest:
        return SandboxRequest(
            operation=operation,
            account=request.account,
            owner=owner or AccountRecord(request.account),
            path=request.received.parameters,
            query=request.query,
            headers=request.received.headers,
            body=request.body,
            store=self.store,
            time_engine=self.time_engine,
            settings=self.settings,
            now=now,
            hints=added,
        )


def _rejection_of(error: Exception, received: Received) -> Rejection:
    """Return the rejection that an exception stands for; an unexpected one is logged."""
    if isinstance(error, Rejection):
        return error
    if isinstance(error, StoreUnavailable):  # The store has reported it.
        return Rejection(ApiCode.SERVER_ERROR, "a failure of the sandbox's database")
    _logger.error("%s %s failed", received.method, received.path, exc_info=error)
    return Rejection(ApiCode.SERVER_ERROR)


def _authenticate(request: PreparedRequest) -> PreparedRequest:
    key = authenticate(request.received.headers.get(API_KEY_HEADER))
    return replace(request, key=key, account=account_of(key))


def _route(request: PreparedRequest) -> PreparedRequest:
    if request.operation is None:
        is_known = bool(request.operations)
        raise Rejection(ApiCode.METHOD_NOT_ALLOWED if is_known else ApiCode.ROUTE_NOT_FOUND)
    return request


def _parse_body(request: PreparedRequest) -> PreparedRequest:
    return replace(request, body=_body(request.received, _operation_of(request)))


def _coerce_body(request: PreparedRequest) -> PreparedRequest:
    # Without a hint, each scalar is of the documented type.
    if not request.hints:
        return request
    return replace(request, body=coerce(_operation_of(request), request.body))


def _parse_query(request: PreparedRequest) -> PreparedRequest:
    operation, received = _operation_of(request), request.received
    query = _query(received, operation, request.body)
    fault = fault_of_numbers(operation, received.parameters, request.body)
    # Most requests have neither, and need no copy.
    return replace(request, query=query, fault_of_number=fault) if query or fault else request


def _operation_of(request: PreparedRequest) -> Operation[Any]:
    # `_route` rejected a request without an operation.
    return cast("Operation[Any]", request.operation)


def _body(received: Received, operation: Operation[Any]) -> object:
    """
    Parse the JSON body.

    Assumed: the API ignores a body that the operation does not take, reads one that is sent by GET,
    as PHP does, and an update without a body changes nothing, since a client in use has never sent
    one.
    """
    if received.method not in METHODS_WITH_BODY:
        if operation.request is None:
            return None
        if received.has_empty_body:
            raise Rejection(ApiCode.METHOD_NOT_ALLOWED)
    if received.body is None:
        raise Rejection(ApiCode.INVALID_REQUEST)
    # A query that is sent by POST may have a body, too.
    if received.has_empty_body and (received.method == "PUT" or operation.method == "GET"):
        return {}
    return parse_json(received.body)


def _query(received: Received, operation: Operation[Any], body: object) -> Mapping[str, str]:
    """
    Parse the parameters of the query string, and of the JSON body of a query that is sent by POST.

    Assumed: of a parameter that is given twice the last one counts, as in PHP, and that of the body
    if it is in both.
    """
    query = dict(received.query_items())
    if received.method != operation.method and operation.request is None:
        query |= query_of_body(body)
    return query
