"""
A sandbox in this process, called without a socket.

Responses of the API are validated against openapi.yaml and parsed by the generated code; responses
of the admin API are validated against its own document.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

import httpx2
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.contract.examples import validators
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS, ApiRejected
from trackingmore_v2_sandbox import API_KEY, SettableClock, Settings, SqliteStore, Store, create_app
from trackingmore_v2_sandbox.admin.pieces import Pieces
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.pipeline.request_log import RequestLog
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.webhooks.sender import Send as SendWebhook
from website.contract import JSON_BODY, contract, pointer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAIR: dict[str, Any] = {"tracking_number": "LK664578623CN", "carrier_code": "china-ems"}
SCENARIO: dict[str, Any] = {**PAIR, "tracking_number": "SANDBOX-TRANSIT-1H-DELIVERED"}
OTHER_KEY = "00000000-0000-4000-8000-000000000002"
ADMIN_TOKEN = "a token"  # noqa: S105 - of sandboxes in this process


@cache
def admin_contract() -> dict[str, Any]:
    """Return the OpenAPI document of the admin API."""
    document: dict[str, Any] = json.loads(
        files("trackingmore_v2_sandbox.admin").joinpath("openapi.json").read_bytes()
    )
    return document


@cache
def schema_validator(
    where: str, document: Callable[[], dict[str, Any]] = contract
) -> Draft202012Validator:
    """Return the validator of a schema in an OpenAPI document."""
    return validators(document())(where)


def admin_validator(schema: str) -> Draft202012Validator:
    """Return the validator of a named schema of the admin API."""
    return schema_validator(f"#/components/schemas/{schema}", admin_contract)


def check(operation_id: str, body: bytes) -> None:
    """Validate a response against the contract, and parse it without repairs."""
    operation = OPERATIONS[operation_id]
    place = ("paths", operation.path, operation.method.lower(), "responses", "200", *JSON_BODY)
    schema_validator(pointer("#", *place, "schema")).validate(json.loads(body))
    repairs: list[object] = []
    with suppress(ApiRejected) if json.loads(body)["data"] == [] else nullcontext():
        operation.parse(200, {}, body, on_repair=repairs.append)
    assert repairs == []


class Response(NamedTuple):
    """A response of the API or of the admin API."""

    raw: bytes
    headers: Mapping[str, str]
    meta: dict[str, Any]
    data: Any

    @property
    def code(self) -> int:
        """The meta code."""
        code: int = self.meta["code"]
        return code

    def success(self) -> Any:
        """Return the data of a successful response."""
        assert self.code == 200, self.meta
        return self.data


def read_envelope(sent: httpx2.Response) -> Response:
    """Read a response, and check what holds for every response."""
    assert sent.headers["X-Sandbox"] == "1"
    assert sent.headers["Content-Type"] == "application/json"
    return Response(sent.content, sent.headers, **sent.json())


class RoundRobin:
    """An ASGI app that gives each request to the next one of several apps."""

    def __init__(self, apps: Sequence[ASGIApp]) -> None:
        self._apps = cycle(apps)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        await next(self._apps)(scope, receive, send)


class Api:
    """
    A new sandbox whose clock the test sets; it shows noon at first.

    Args:
        settings: Its settings.
        store: Its store. Default: one in memory.
        other_workers: Stores of further workers, which take turns with the first one. All have
            the same database.
        send_webhook: Function that sends webhooks.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        store: Store | None = None,
        *,
        other_workers: Sequence[Store] = (),
        send_webhook: SendWebhook | None = None,
    ) -> None:
        self.clock = SettableClock(NOON)
        self.store = store or SqliteStore()
        apps = [
            create_app(
                each, self.clock, settings, send_webhook=send_webhook, admin_token=ADMIN_TOKEN
            )
            for each in (self.store, *other_workers)
        ]
        self.log: RequestLog = apps[0].state.log
        self.admin_service: AdminService = apps[0].state.admin
        self.http = TestClient(
            RoundRobin(apps), base_url="http://localhost", follow_redirects=False
        )

    def close(self) -> None:
        """Close the client and the store."""
        self.http.close()
        self.store.close()

    def advance(self, **time: float) -> None:
        """Advance the clock by the arguments of a `timedelta`."""
        self.clock.advance(timedelta(**time))

    def send(
        self,
        method: str,
        path: str,
        *,
        key: str | None = API_KEY,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request below the base path."""
        given = {**({API_KEY_HEADER: key} if key is not None else {}), **(headers or {})}
        sent = self.http.request(method, f"/v2{path}", content=content, headers=given)
        assert sent.status_code == 200
        return read_envelope(sent)

    def call(
        self,
        operation_id: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        key: str | None = API_KEY,
        headers: Mapping[str, str] | None = None,
        **parameters: object,
    ) -> Response:
        """Call an operation, with parameters of its path and query."""
        operation = OPERATIONS[operation_id]
        quoted = {name: quote(str(value), safe="") for name, value in parameters.items()}
        path = operation.path.format(
            **{name: quoted.pop(name) for name in operation.path_parameters}
        )
        query = "&".join(f"{name}={value}" for name, value in quoted.items())
        response = self.send(
            operation.method,
            f"{path}?{query}" if query else path,
            key=key,
            content=raw if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        check(operation_id, response.raw)
        return response

    def create(self, **fields: object) -> dict[str, Any]:
        """Create a tracking, `PAIR` by default, and return its data."""
        data: dict[str, Any] = self.call("createTracking", {**PAIR, **fields}).success()
        return data

    def get(self, **pair: str) -> dict[str, Any]:
        """Read a tracking, `PAIR` by default, and return its data."""
        data: dict[str, Any] = self.call("getTracking", **{**PAIR, **pair}).success()
        return data


NewApi: TypeAlias = Callable[..., Api]
"""Makes a sandbox, with the arguments of `Api`."""


class AdminClient:
    """The admin API of a sandbox in this process."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def send(  # noqa: PLR0913 - all that a request can have
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        key: str | None = API_KEY,
        token: str | None = ADMIN_TOKEN,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Response:
        """Send any request."""
        given = {"X-Sandbox-Token": token, API_KEY_HEADER: key, **(headers or {})}
        sent = self.api.http.request(
            method,
            f"/_sandbox{path}",
            content=raw if body is None else json.dumps(body).encode(),
            headers={name: value for name, value in given.items() if value is not None},
            params={name: str(value) for name, value in query.items()} or None,
        )
        response = read_envelope(sent)
        assert response.code == sent.status_code
        if response.code != 200:
            admin_validator("Rejection").validate(sent.json())
        return response

    def call(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Call an operation that succeeds, and return its data."""
        data = self.send(method, path, body, **options).success()
        templates = sorted(admin_contract()["paths"].items(), key=lambda item: "{" in item[0])
        operations = next(
            operations
            for template, operations in templates
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)
        )
        schema = operations[method.lower()]["responses"]["200"]["$ref"].rpartition("/")[2]
        admin_validator(schema).validate(data)
        return data


def finish(pieces: Pieces) -> None:
    """Do all pieces of work on an account."""
    for _ in pieces:
        pass


def find_number(carrier_code: str, wanted: Callable[[Journey], bool]) -> str:
    """Return a number whose journey with a carrier meets a condition."""
    numbers = (f"TEST{index:09}" for index in range(10_000))
    carrier = CARRIERS[carrier_code]
    return next(number for number in numbers if wanted(plan_journey(carrier, number, 0)))


def statuses(journey: Journey) -> list[str]:
    """Return the statuses of a journey in their order, each once."""
    return list(dict.fromkeys(checkpoint.status for checkpoint in journey.checkpoints))
