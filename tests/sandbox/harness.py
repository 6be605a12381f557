"""
A sandbox in this process, and the contract that judges its answers.

Every answer that a test gets here was validated against openapi.yaml and read by the generated
code first, so each test is a test of both as well.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.testclient import TestClient

from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS, ApiRejected
from trackingmore_v2_sandbox import API_KEY, SettableClock, Settings, SqliteStore, Store, create_app
from trackingmore_v2_sandbox.pipeline.request_log import RequestLog
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.webhooks.sender import Send

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAIR: dict[str, Any] = {"tracking_number": "LK664578623CN", "carrier_code": "china-ems"}
OTHER_KEY = "00000000-0000-4000-8000-000000000002"


@cache
def contract() -> dict[str, Any]:
    """Read openapi.yaml."""
    document: dict[str, Any] = yaml.load(CONTRACT.read_text(), Loader=yaml.CSafeLoader)
    return document


@cache
def schema_validator(pointer: str) -> Draft202012Validator:
    """Build the validator of a part of the contract."""
    resource = DRAFT202012.create_resource(contract())
    registry = Registry().with_resource("openapi.yaml", resource)
    return Draft202012Validator({"$ref": f"openapi.yaml#/{pointer}"}, registry=registry)


@cache
def validator(operation_id: str) -> Draft202012Validator:
    """Build the validator of an operation's answers."""
    operation = OPERATIONS[operation_id]
    path = operation.path.replace("~", "~0").replace("/", "~1")
    media = "responses/200/content/application~1json"
    return schema_validator(f"paths/{quote(path)}/{operation.method.lower()}/{media}/schema")


def check(operation_id: str, body: bytes) -> None:
    """Hold an answer against the contract and the generated code."""
    answer = json.loads(body)
    validator(operation_id).validate(answer)
    operation = OPERATIONS[operation_id]
    repairs: list[object] = []
    with suppress(ApiRejected) if answer["data"] == [] else nullcontext():
        operation.parse(200, {}, body, on_repair=repairs.append)
    assert repairs == []


@dataclass(frozen=True)
class Answer:
    """What the sandbox said."""

    raw: bytes
    headers: Mapping[str, str]
    status: int

    @property
    def meta(self) -> dict[str, Any]:
        """The verdict."""
        meta: dict[str, Any] = json.loads(self.raw)["meta"]
        return meta

    @property
    def code(self) -> int:
        """The verdict's code."""
        code: int = self.meta["code"]
        return code

    @property
    def data(self) -> Any:
        """The rest."""
        return json.loads(self.raw)["data"]


class Api:
    """A sandbox without a socket, under a clock that the test sets."""

    def __init__(
        self,
        settings: Settings | None = None,
        store: Store | None = None,
        *,
        send_webhook: Send | None = None,
    ) -> None:
        self.clock = SettableClock(NOON)
        self.store = store or SqliteStore()
        app = create_app(self.store, self.clock, settings, send_webhook=send_webhook)
        self.log: RequestLog = app.state.log
        self.http = TestClient(app, base_url="http://localhost", follow_redirects=False)

    def close(self) -> None:
        """Close the client and the store."""
        self.http.close()
        self.store.close()

    def advance(self, **time: float) -> None:
        """Advance the clock by what `timedelta` takes."""
        self.clock.advance(timedelta(**time))

    def send(
        self,
        method: str,
        path: str,
        *,
        key: str | None = API_KEY,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send anything anywhere; nothing is checked but what holds for every answer."""
        given = {**({API_KEY_HEADER: key} if key is not None else {}), **(headers or {})}
        response = self.http.request(method, f"/v2{path}", content=content, headers=given)
        assert response.status_code == 200
        assert response.headers["X-Sandbox"] == "1"
        assert response.headers["Content-Type"] == "application/json"
        return Answer(response.content, response.headers, response.status_code)

    def call(
        self,
        operation_id: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        key: str | None = API_KEY,
        headers: Mapping[str, str] | None = None,
        **parameters: object,
    ) -> Answer:
        """Call an operation; parameters fill the path, or else the query."""
        operation = OPERATIONS[operation_id]
        path = operation.path
        for name in operation.path_parameters:
            path = path.replace(f"{{{name}}}", quote(str(parameters.pop(name)), safe=""))
        query = "&".join(f"{name}={quote(str(value))}" for name, value in parameters.items())
        content = raw if raw is not None or body is None else json.dumps(body).encode()
        answer = self.send(
            operation.method,
            f"{path}?{query}" if query else path,
            key=key,
            content=content,
            headers=headers,
        )
        check(operation_id, answer.raw)
        return answer

    def create(self, **fields: object) -> dict[str, Any]:
        """Create a parcel, by default the one of the contract's story."""
        answer = self.call("createTracking", {**PAIR, **fields})
        assert answer.code == 200
        data: dict[str, Any] = answer.data
        return data

    def get(self, **pair: str) -> dict[str, Any]:
        """Read a parcel, by default the one of the contract's story."""
        answer = self.call("getTracking", **{**PAIR, **pair})
        assert answer.code == 200
        data: dict[str, Any] = answer.data
        return data


def find_number(carrier_code: str, wanted: Callable[[Journey], bool]) -> str:
    """Find a number that lives the wanted life with a carrier."""
    numbers = (f"TEST{index:09}" for index in range(10_000))
    carrier = CARRIERS[carrier_code]
    return next(number for number in numbers if wanted(plan_journey(carrier, number, 0)))


def statuses(journey: Journey) -> list[str]:
    """Name the statuses of a life in their order, without repetitions."""
    return list(dict.fromkeys(news.status for news in journey.checkpoints))
