"""HTTP interface of the admin API under `/_sandbox`, as described by openapi.json."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Raw, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox.admin.schemas import (
    AccountChange,
    Advance,
    ClockChange,
    FaultPlanChange,
    FaultPlanView,
    InvalidAdminInput,
    Limit,
    LogQuery,
    Nothing,
    Seed,
    TrackingListQuery,
    UnknownResource,
    read,
)
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.faults.connection import connection_of
from trackingmore_v2_sandbox.faults.plan import Chance, make_plan
from trackingmore_v2_sandbox.http.api_keys import authenticate
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.guards import TOKEN_HEADER, is_own_origin, knows_token
from trackingmore_v2_sandbox.http.request import read_body
from trackingmore_v2_sandbox.inspector import inspector_routes
from trackingmore_v2_sandbox.webhooks.url_policy import UnknownDelivery, UnknownTarget

T = TypeVar("T")

BASE_PATH: Final = "/_sandbox"
SNAPSHOT_BYTES: Final = 256 * 1024 * 1024
"""Maximum size of a snapshot in a request: 256 MiB."""

_TYPES: Final = {
    200: "Success",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    413: "TooLarge",
    422: "Invalid",
    500: "ServerError",
}
_HEADERS: Final = {"X-Sandbox": "1", "Cache-Control": "no-store"}
_logger = logging.getLogger(__name__.partition(".")[0])


class _Rejected(Exception):
    """The request is rejected with an HTTP status and a message."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.message = message
        self.headers = headers or {}
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """An authenticated request with its account."""

    admin: AdminService
    account: str
    path: Mapping[str, str]
    query: Any
    """The parsed query, an instance of the operation's query struct."""

    body: bytes

    def read(self, kind: type[T]) -> T:
        """Decode the body as JSON, and validate it."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except UNREADABLE as error:
            raise InvalidAdminInput(f"invalid request body: {error}") from error


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation: one HTTP method of a path."""

    act: Callable[[_Call], Awaitable[object]]
    query: type[Struct] = Nothing
    limit: int | None = None
    """Maximum body size in bytes. Default: `Settings.max_body_bytes`."""

    is_of_account: bool = True


async def _plan_faults(call: _Call) -> FaultPlanView:
    change = call.read(FaultPlanChange)
    chance = None
    if change.probability is not None:
        chance = Chance(probability=change.probability, seed=change.seed)
    plan = make_plan(change.instructions, chance)
    return await call.admin.plan_faults(call.account, plan, change.name)


async def _get_snapshot(call: _Call) -> Raw:
    # `Raw` inserts the JSON into the envelope without decoding it.
    return Raw(await call.admin.get_snapshot(call.account))


OPERATIONS: Final[Mapping[str, Mapping[str, _Operation]]] = {
    "/accounts": {
        "GET": _Operation(lambda call: call.admin.list_accounts(), is_of_account=False),
    },
    "/account": {
        "GET": _Operation(lambda call: call.admin.get_account(call.account)),
        "PATCH": _Operation(
            lambda call: call.admin.change_account(call.account, call.read(AccountChange))
        ),
    },
    "/clock": {
        "GET": _Operation(lambda call: call.admin.get_clock(call.account)),
        "PATCH": _Operation(
            lambda call: call.admin.change_clock(call.account, call.read(ClockChange))
        ),
    },
    "/clock/advance": {
        "POST": _Operation(lambda call: call.admin.advance_clock(call.account, call.read(Advance))),
    },
    "/faults": {
        "GET": _Operation(lambda call: call.admin.list_faults(call.account)),
        "PUT": _Operation(_plan_faults),
        "DELETE": _Operation(lambda call: call.admin.clear_faults(call.account)),
    },
    "/log": {
        "GET": _Operation(
            lambda call: call.admin.list_exchanges(call.account, call.query), LogQuery
        ),
        "DELETE": _Operation(lambda call: call.admin.clear_log(call.account)),
    },
    "/webhooks": {
        "GET": _Operation(lambda call: call.admin.list_webhooks(call.account)),
        "POST": _Operation(
            lambda call: call.admin.add_webhook(call.account, call.read(dict[str, object]))
        ),
    },
    "/webhooks/deliveries": {
        "GET": _Operation(lambda call: call.admin.list_deliveries(call.account, call.query), Limit),
    },
    "/webhooks/deliveries/{id}/resend": {
        "POST": _Operation(lambda call: call.admin.resend_delivery(call.account, call.path["id"])),
    },
    "/webhooks/{id}": {
        "DELETE": _Operation(lambda call: call.admin.remove_webhook(call.account, call.path["id"])),
    },
    "/parcels": {
        "GET": _Operation(
            lambda call: call.admin.list_trackings(call.account, call.query), TrackingListQuery
        ),
    },
    "/parcels/{carrier}/{number}": {
        "GET": _Operation(
            lambda call: call.admin.get_tracking(
                call.account, call.path["carrier"], call.path["number"]
            )
        ),
    },
    "/reset": {
        "POST": _Operation(lambda call: call.admin.reset(call.account)),
    },
    "/seed": {
        "POST": _Operation(lambda call: call.admin.seed(call.account, call.read(Seed))),
    },
    "/snapshot": {
        "GET": _Operation(_get_snapshot),
        "PUT": _Operation(
            lambda call: call.admin.restore_snapshot(call.account, call.body),
            limit=SNAPSHOT_BYTES,
        ),
    },
}


def admin_routes(admin: AdminService, token: str) -> list[Route]:
    """
    Return the routes of the admin API and of the inspector.

    Args:
        admin: Implementation of the operations.
        token: Token that requests must send in `X-Sandbox-Token`.
    """
    document = files(__name__.rpartition(".")[0]).joinpath("openapi.json").read_bytes()
    routes = [
        Route(BASE_PATH + path, _AdminEndpoint(admin, token, operations))
        for path, operations in OPERATIONS.items()
    ]
    return [
        *inspector_routes(BASE_PATH),
        Route(f"{BASE_PATH}/openapi.json", _DocumentFile(document, "application/json")),
        *routes,
        # Unknown paths require the token as well, before they get 404.
        Route(f"{BASE_PATH}{{rest:path}}", _AdminEndpoint(admin, token, {})),
    ]


@dataclass(frozen=True, slots=True)
class _DocumentFile:
    """An ASGI app that serves a public file, without a token."""

    content: bytes
    media_type: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD"}:
            response = Response(self.content, 200, _HEADERS, self.media_type)
        else:
            response = _rejection(_not_allowed(scope["method"], ("GET",)))
        await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class _AdminEndpoint:
    """An ASGI app for the operations of one path; every error becomes a response."""

    admin: AdminService
    token: str
    operations: Mapping[str, _Operation]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return
        except _Rejected as rejected:
            response = _rejection(rejected)
        except Exception:
            _logger.exception("%s %s failed", request.method, request.url.path)
            response = _rejection(_Rejected(500, "internal error; see the log of the sandbox"))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        operation = self._find_operation(request)
        limit = operation.limit or self.admin.settings.max_body_bytes
        body = await read_body(request.receive, limit)
        if body is None:
            raise _Rejected(413, f"request body exceeds the limit of {limit} bytes")
        try:
            call = self._call(request, operation, body)
            with _closed_at_shutdown(request):
                data = await _while_connected(request, operation.act(call))
        except (UnknownResource, UnknownTarget, UnknownDelivery) as error:
            raise _Rejected(404, str(error)) from error
        except (ValueError, OverflowError) as error:
            raise _Rejected(422, str(error)) from error
        return _respond_json(200, "Success", data)

    def _find_operation(self, request: Request) -> _Operation:
        # Checked even with a valid token, so that other sites cannot use one that leaked.
        if not is_own_origin(request.headers):
            raise _Rejected(
                403, "cross-origin request; only the sandbox's own page and programs are allowed"
            )
        if not knows_token(request.headers, self.token):
            raise _Rejected(
                401,
                f"missing or wrong token in the header {TOKEN_HEADER}; the sandbox prints it at "
                "startup, and Sandbox.control_token holds it",
            )
        if not self.operations:
            raise _Rejected(404, f"no such route; see {BASE_PATH}/openapi.json")
        operation = self.operations.get(request.method)
        if operation is None:
            raise _not_allowed(request.method, self.operations)
        return operation

    def _call(self, request: Request, operation: _Operation, body: bytes) -> _Call:
        items = request.query_params.multi_items()
        query = dict(items)
        if len(query) < len(items):
            raise InvalidAdminInput("duplicate query parameter")
        account_id = query.pop("account", None)
        key = request.headers.get(API_KEY_HEADER)
        return _Call(
            admin=self.admin,
            # Query values are strings, so numbers in strings are allowed here.
            query=read(query, operation.query, strict=False),
            account=self._account(key, account_id) if operation.is_of_account else "",
            path=request.path_params,
            body=body,
        )

    def _account(self, key: str | None, account_id: str | None) -> str:
        if (key is None) == (account_id is None):
            raise InvalidAdminInput(
                f"choose an account: send either the header {API_KEY_HEADER} or ?account=ID"
            )
        if account_id is not None:
            return self.admin.account_of_id(account_id)
        try:
            return self.admin.account_of_key(authenticate(key))
        except Rejection as error:
            raise InvalidAdminInput(f"invalid {API_KEY_HEADER}; expected a UUID") from error


async def _while_connected(request: Request, action: Awaitable[T]) -> T:
    """
    Return the result of an action, and cancel it if the client disconnects first.

    Raises:
        ClientDisconnect: The client closed the connection.
    """
    # The body has been read, so the next message that the server sends is the disconnect.
    acting = asyncio.ensure_future(action)
    leaving = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({acting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not acting.done():
            raise ClientDisconnect
        return acting.result()
    finally:
        # No task may outlive the request, and `gather` retrieves the exceptions of both.
        acting.cancel()
        leaving.cancel()
        await asyncio.gather(acting, leaving, return_exceptions=True)


@contextmanager
def _closed_at_shutdown(request: Request) -> Generator[None]:
    """Have the server close the connection at shutdown while the request still waits."""
    connection = connection_of(request.scope)
    if connection:
        connection.hold()
    try:
        yield
    finally:
        if connection:
            connection.release()


def _respond_json(
    status: int, message: str, data: object, headers: Mapping[str, str] | None = None
) -> Response:
    meta = {"code": status, "type": _TYPES[status], "message": message}
    content = msgspec.json.encode({"meta": meta, "data": data})
    return Response(content, status, {**_HEADERS, **(headers or {})}, "application/json")


def _rejection(rejected: _Rejected) -> Response:
    return _respond_json(rejected.status, rejected.message, [], rejected.headers)


def _not_allowed(method: str, allowed: Iterable[str]) -> _Rejected:
    names = ", ".join(allowed)
    message = f"method {method} is not allowed; expected one of {names}"
    return _Rejected(405, message, {"Allow": names})
