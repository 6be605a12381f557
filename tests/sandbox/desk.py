"""
A sandbox in this process, with its control.

Every answer of the control that a test gets here was validated against its OpenAPI document first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.testclient import TestClient

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import (
    API_KEY,
    SettableClock,
    Settings,
    SqliteStore,
    Store,
    admin,
    create_app,
)
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.webhooks.sender import Send

from .harness import NOON

TOKEN = "a token"  # noqa: S105 - of a sandbox that nobody else sees
PAIR = {"carrier_code": "china-ems", "tracking_number": "SANDBOX-TRANSIT-1H-DELIVERED"}


@cache
def document() -> dict[str, Any]:
    """Read the control's OpenAPI document."""
    content = files(admin).joinpath("openapi.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(content)
    return read


@cache
def validator(pointer: str) -> Draft202012Validator:
    """Build the validator of a part of the document."""
    registry = Registry().with_resource("control", DRAFT202012.create_resource(document()))
    checker = Draft202012Validator.FORMAT_CHECKER
    schema = {"$ref": f"control#/{pointer}"}
    return Draft202012Validator(schema, registry=registry, format_checker=checker)


def find_path(path: str) -> str:
    """Find the path of the document that a path is one of."""
    parts = path.split("/")
    for known in sorted(document()["paths"], key=lambda known: "{" in known):
        wanted = known.split("/")
        if len(wanted) == len(parts) and all(
            want == part or want.startswith("{") for want, part in zip(wanted, parts, strict=True)
        ):
            return str(known)
    raise LookupError(path)


@dataclass(frozen=True)
class Told:
    """What the control said."""

    status: int
    message: str
    data: Any
    headers: Mapping[str, str]


class Desk:
    """A fresh sandbox, its clock at noon, with what its owner can do."""

    def __init__(
        self,
        store: Store | None = None,
        settings: Settings | None = None,
        send_webhook: Send | None = None,
    ) -> None:
        self.clock = SettableClock(NOON)
        self.store = store or SqliteStore()
        app = create_app(
            self.store, self.clock, settings, send_webhook=send_webhook, control_token=TOKEN
        )
        self.control: AdminService = app.state.control
        self.http = TestClient(app, base_url="http://localhost", follow_redirects=False)

    def close(self) -> None:
        """Close the client and the store."""
        self.http.close()
        self.store.close()

    def send(  # noqa: PLR0913 - all that a request can have
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        key: str | None = API_KEY,
        token: str | None = TOKEN,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Told:
        """Ask the control for anything."""
        given = {
            **({"X-Sandbox-Token": token} if token is not None else {}),
            **({API_KEY_HEADER: key} if key is not None else {}),
            **(headers or {}),
        }
        content = raw if raw is not None or body is None else json.dumps(body).encode()
        answer = self.http.request(
            method,
            f"/_sandbox{path}",
            content=content,
            headers=given,
            params={name: str(value) for name, value in query.items()} or None,
        )
        assert answer.headers["X-Sandbox"] == "1"
        assert answer.headers["Content-Type"] == "application/json"
        told = answer.json()
        assert told["meta"]["code"] == answer.status_code
        if answer.status_code != 200:
            validator("components/schemas/Rejection").validate(told)
        return Told(answer.status_code, told["meta"]["message"], told["data"], answer.headers)

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Ask the control for something that it does, and give the data."""
        told = self.send(method, path, body, **options)
        assert told.status == 200, told.message
        operation = document()["paths"][find_path(path)][method.lower()]
        schema = operation["responses"]["200"]["$ref"].rpartition("/")[2]
        validator(f"components/schemas/{schema}").validate(told.data)
        return told.data

    def call(self, method: str, path: str, body: object = None, key: str = API_KEY) -> Any:
        """Call the API, and give its whole answer."""
        content = None if body is None else json.dumps(body).encode()
        headers = {API_KEY_HEADER: key}
        answer = self.http.request(method, f"/v2{path}", content=content, headers=headers)
        return answer.json()

    def create(self, **fields: object) -> Any:
        """Create a parcel through the API."""
        return self.call("POST", "/trackings/post", {**PAIR, **fields})["data"]
