"""HTTP interface of the admin API under `/_sandbox`, as described by openapi.json."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Raw, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox.admin import schemas
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.admin.views import FaultPlanView
from trackingmore_v2_sandbox.documentation import documentation_routes
from trackingmore_v2_sandbox.faults.connection import connection_of, held
from trackingmore_v2_sandbox.faults.plan import Chance, make_plan
from trackingmore_v2_sandbox.http.api_keys import authenticate
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.guards import TOKEN_HEADER, is_own_origin, is_token_valid
from trackingmore_v2_sandbox.http.request import read_body
from trackingmore_v2_sandbox.http.routing import ADMIN_PATH, CONTRACT_PATH
from trackingmore_v2_sandbox.inspector import inspector_routes
from trackingmore_v2_sandbox.store.sql import StoreUnavailable
from trackingmore_v2_sandbox.validation import explain
from trackingmore_v2_sandbox.webhooks.url_policy import UnknownDelivery, UnknownTarget

T = TypeVar("T")

BASE_PATH: Final = ADMIN_PATH
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
    503: "Unavailable",
}
_HEADERS: Final = {"X-Sandbox": "1", "Cache-Control": "no-store"}
_HAR_FILE: Final = {"Content-Disposition": 'attachment; filename="sandbox.har"'}
_DATABASE_FAILED: Final = "the database of the sandbox failed; see the log of the sandbox"
_logger = logging.getLogger(__name__.partition(".")[0])


class _Rejected(Exception):
    """The request is rejected with an HTTP status and a message."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.message = message
        self.headers = headers or {}
        super().__init__(message)


class _Operation(Struct, frozen=True):
    """
    An operation: one HTTP method of a path.

    `act` takes the service, the account, the parameters in the path, the query, and the body, as
    far as the operation has them.
    """

    method: str
    path: str
    act: Callable[..., Awaitable[object]]
    query: type[Struct] = schemas.Nothing
    body: Any = None
    """Type of the JSON body; `bytes`: the body as it was sent. Default: None, no body."""

    limit: int | None = None
    """Maximum body size in bytes. Default: `Settings.max_body_bytes`."""

    is_of_account: bool = True
    """Whether `act` takes an account. Default: True."""

    is_document: bool = False
    """Whether `act` takes the origin of the server too, and returns a JSON file. Default: False."""

    survives_disconnect: bool = False
    """Whether `act` goes on if the client disconnects. Default: False, it is cancelled."""


async def _plan_faults(
    admin: AdminService, account: str, change: schemas.FaultPlanChange
) -> FaultPlanView:
    chance = None
    if change.probability is not None:
        chance = Chance(probability=change.probability, seed=change.seed)
    return await admin.plan_faults(account, make_plan(change.instructions, chance), change.name)


async def _get_snapshot(admin: AdminService, account: str) -> Raw:
    # `Raw` inserts the JSON into the envelope without decoding it.
    return Raw(await admin.get_snapshot(account))


_TABLE: Final = (
    _Operation("GET", "/accounts", AdminService.list_accounts, is_of_account=False),
    _Operation("GET", "/account", AdminService.get_account),
    _Operation("PATCH", "/account", AdminService.change_account, body=schemas.AccountChange),
    _Operation("GET", "/clock", AdminService.get_clock),
    _Operation("PATCH", "/clock", AdminService.change_clock, body=schemas.ClockChange),
    _Operation("POST", "/clock/advance", AdminService.advance_clock, body=schemas.Advance),
    _Operation("GET", "/faults", AdminService.list_faults),
    _Operation("PUT", "/faults", _plan_faults, body=schemas.FaultPlanChange),
    _Operation("DELETE", "/faults", AdminService.clear_faults),
    _Operation("GET", "/log", AdminService.list_exchanges, schemas.LogQuery),
    _Operation("DELETE", "/log", AdminService.clear_log, schemas.LogScope),
    _Operation("GET", "/log/har", AdminService.export_log, schemas.HarQuery, is_document=True),
    _Operation("GET", "/webhooks", AdminService.list_webhooks),
    _Operation("POST", "/webhooks", AdminService.add_webhook, body=dict[str, object]),
    _Operation("GET", "/webhooks/deliveries", AdminService.list_deliveries, schemas.Limit),
    _Operation("POST", "/webhooks/deliveries/{id}/resend", AdminService.resend_delivery),
    _Operation("DELETE", "/webhooks/{id}", AdminService.remove_webhook),
    _Operation("GET", "/trackings", AdminService.list_trackings, schemas.TrackingListQuery),
    _Operation("GET", "/trackings/{carrier}/{number}", AdminService.get_tracking),
    _Operation("POST", "/reset", AdminService.reset, survives_disconnect=True),
    _Operation("POST", "/seed", AdminService.seed, body=schemas.Seed, survives_disconnect=True),
    _Operation("GET", "/snapshot", _get_snapshot),
    _Operation(
        "PUT",
        "/snapshot",
        AdminService.restore_snapshot,
        body=bytes,
        limit=SNAPSHOT_BYTES,
        survives_disconnect=True,
    ),
)
OPERATIONS: Final[Mapping[str, Mapping[str, _Operation]]] = {
    path: {operation.method: operation for operation in operations}
    for path, operations in groupby(_TABLE, attrgetter("path"))
}
"""Operations by path and method."""


def admin_routes(admin: AdminService, token: str) -> list[Route]:
    """
    Return the routes of the admin API, of the inspector and of the documentation.

    Args:
        admin: Implementation of the operations.
        token: Token that requests must send in `X-Sandbox-Token`.
    """
    # Read once: they never change while the sandbox runs.
    document = files(__name__.rpartition(".")[0]).joinpath("openapi.json").read_bytes()
    # As plain text, which browsers show instead of storing it.
    contract = files("trackingmore_v2_api").joinpath("openapi.yaml").read_bytes()
    routes = [
        Route(BASE_PATH + path, _AdminEndpoint(admin, token, operations))
        for path, operations in OPERATIONS.items()
    ]
    # Starlette takes the first match, so the catch-all route stands last.
    return [
        *inspector_routes(BASE_PATH),
        *documentation_routes(f"{BASE_PATH}/docs"),
        Route(f"{BASE_PATH}/openapi.json", _DocumentFile(document, "application/json")),
        Route(CONTRACT_PATH, _DocumentFile(contract, "text/plain")),
        Route(f"{BASE_PATH}/health", _HealthEndpoint(admin)),
        *routes,
        # Unknown paths require the token as well, before they get 404.
        Route(f"{BASE_PATH}{{rest:path}}", _AdminEndpoint(admin, token, {})),
    ]


class _DocumentFile(Struct, frozen=True):
    """An ASGI app that serves a public file, without a token."""

    content: bytes
    media_type: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD"}:
            response = Response(self.content, 200, _HEADERS, self.media_type)
        else:
            response = _rejection(_not_allowed(scope["method"], ("GET",)))
        await response(scope, receive, send)


class _HealthEndpoint(Struct, frozen=True):
    """An ASGI app that responds, without a token, whether the sandbox works."""

    admin: AdminService

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self._respond(scope["method"]))(scope, receive, send)

    async def _respond(self, method: str) -> Response:
        if method not in {"GET", "HEAD"}:
            return _rejection(_not_allowed(method, ("GET",)))
        try:
            return _respond_json(200, "Success", await self.admin.get_health())
        except StoreUnavailable:  # The store has reported it.
            return _rejection(_Rejected(503, "the database of the sandbox cannot be read"))
        except Exception:
            # The details may name the database, so they stay in the log of the sandbox.
            _logger.exception("the health check failed")
            return _rejection(_Rejected(503, "the database of the sandbox cannot be read"))


class _AdminEndpoint(Struct, frozen=True):
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
        except StoreUnavailable:  # The store has reported it.
            response = _rejection(_Rejected(500, _DATABASE_FAILED))
        except Exception:
            # Details stay in the log of the sandbox, where only its owner sees them.
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
            arguments = self._arguments(request, operation, body)
            action = operation.act(self.admin, *arguments)
            data = await (
                action if operation.survives_disconnect else _while_connected(request, action)
            )
        except (schemas.UnknownResource, UnknownTarget, UnknownDelivery) as error:
            raise _Rejected(404, str(error)) from error
        # Every invalid argument is a `ValueError`; a huge time overflows `timedelta`.
        except (ValueError, OverflowError) as error:
            raise _Rejected(422, str(error)) from error
        if operation.is_document:
            return Response(data, 200, {**_HEADERS, **_HAR_FILE}, "application/json")
        return _respond_json(200, "Success", data)

    def _find_operation(self, request: Request) -> _Operation:
        # Checked even with a valid token, so that other sites cannot use one that leaked.
        if not is_own_origin(request.headers):
            raise _Rejected(
                403, "cross-origin request; only the sandbox's own page and programs are allowed"
            )
        if not is_token_valid(request.headers, self.token):
            raise _Rejected(
                401,
                f"missing or wrong token in the header {TOKEN_HEADER}; the sandbox prints it at "
                "startup, and Sandbox.admin_token holds it",
            )
        if not self.operations:
            raise _Rejected(404, f"no such route; see {BASE_PATH}/openapi.json")
        operation = self.operations.get(request.method)
        if operation is None:
            raise _not_allowed(request.method, self.operations)
        return operation

    def _arguments(self, request: Request, operation: _Operation, body: bytes) -> Iterator[object]:
        items = request.query_params.multi_items()
        query = dict(items)
        if len(query) < len(items):
            raise schemas.InvalidAdminInput("duplicate query parameter")
        account_id = query.pop("account", None)
        # Query values are strings, so numbers in strings are allowed here.
        criteria = schemas.read(query, operation.query, strict=False)
        if isinstance(criteria, schemas.LogScope) and criteria.scope != "account":
            yield _without_account(criteria, account_id)
        elif operation.is_of_account:
            yield self._account(request.headers.get(API_KEY_HEADER), account_id)
        # In the order of the path, which is that of the parameters of the methods.
        yield from request.path_params.values()
        if operation.query is not schemas.Nothing:
            yield criteria
        if operation.body is not None:
            yield body if operation.body is bytes else _decode(body, operation.body)
        if operation.is_document:
            yield str(request.base_url).rstrip("/")

    def _account(self, key: str | None, account_id: str | None) -> str:
        if (key is None) == (account_id is None):
            raise schemas.InvalidAdminInput(
                f"choose an account: send either the header {API_KEY_HEADER} or ?account=ID"
            )
        if account_id is not None:
            return self.admin.account_of_id(account_id)
        try:
            return self.admin.account_of_key(authenticate(key))
        except Rejection as error:
            raise schemas.InvalidAdminInput(f"invalid {API_KEY_HEADER}; expected a UUID") from error


def _without_account(query: schemas.LogScope, account_id: str | None) -> str | None:
    """Return what a scope of the log selects. A key is ignored, as a client may always send it."""
    if account_id is not None:
        raise schemas.InvalidAdminInput(
            f"?account= contradicts scope={query.scope}; leave one of them out"
        )
    return query.select("")


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
        # A shutdown closes the connection while the request waits.
        with held(connection_of(request.scope)):
            await asyncio.wait({acting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not acting.done():
            raise ClientDisconnect
        return acting.result()
    finally:
        # No task may outlive the request, and `gather` retrieves the exceptions of both.
        acting.cancel()
        leaving.cancel()
        await asyncio.gather(acting, leaving, return_exceptions=True)


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except UNREADABLE as error:
        reason = explain(error, kind)
        raise schemas.InvalidAdminInput(f"invalid request body: {reason}") from error


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
