"""The requests of other clients, and the responses that they take for success."""

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from tests.sandbox.harness import Api, check, read_envelope
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import API_KEY, Settings


class Sent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A request as a client sends it.

    Its values are those of the client's own examples, but for a scenario number where it reads
    checkpoints, and neutral personal data.
    """

    operation: str
    method: str
    path: str
    """The path below `/v2`, with its query."""

    headers: dict[str, str] = {}
    """Headers in addition to those of all its requests."""

    body: str | None = None
    exists: list[str] = []
    """The carriers and numbers of trackings that were created before."""

    code: int = 200
    reads: dict[str, Any] = {}
    """What the client reads, by JSON pointer."""

    present: list[str] = []
    """JSON pointers that the client expects to lead to something."""

    departs: list[str] = []
    """The parts that are not as in the contract, as the hints in the header name them."""


class Client(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A client of the API that is public, and its requests."""

    client: str
    language: str
    source: list[str]
    headers: dict[str, str]
    """Headers of all its requests, spelt as it does; the value `KEY` stands for the API key."""

    requests: list[Sent]


CLIENTS = [
    msgspec.yaml.decode(file.read_bytes(), type=Client)
    for file in sorted(Path(__file__).parent.glob("*.yaml"))
]
HINTED = re.compile(r"(?:^|; )([\w/-]+): expected")
REQUESTS = pytest.mark.parametrize(
    ("client", "sent"),
    [
        pytest.param(client, sent, id=f"{client.client}-{index}-{sent.operation}")
        for client in CLIENTS
        for index, sent in enumerate(client.requests)
    ],
)


def send(api: Api, client: Client, sent: Sent) -> Any:
    """Send a request after its trackings were created, and return the response."""
    for pair in sent.exists:
        fields = dict(zip(("carrier_code", "tracking_number"), pair.split(), strict=True))
        api.call("createTracking", fields, headers={"Content-Type": "application/json"}).success()
    headers = {**client.headers, **sent.headers}
    return api.http.request(
        sent.method,
        f"/v2{sent.path}",
        content=None if sent.body is None else sent.body.encode(),
        headers={name: value.replace("KEY", API_KEY) for name, value in headers.items()},
    )


def read(document: Any, pointer: str) -> Any:
    """Return the value at a JSON pointer; None without one."""
    for step in pointer.split("/")[1:]:
        if isinstance(document, list):
            document = document[int(step)] if int(step) < len(document) else None
        else:
            document = document.get(step) if document else None
    return document


@REQUESTS
def test_a_request_succeeds(api: Api, client: Client, sent: Sent) -> None:
    """With the code and the values that the client reads, and a hint on what departs."""
    response = read_envelope(send(api, client, sent))

    assert response.code == sent.code, response.headers.get("X-Sandbox-Hint")
    check(sent.operation, response.raw)
    envelope = {"meta": response.meta, "data": response.data}
    assert {pointer: read(envelope, pointer) for pointer in sent.reads} == sent.reads
    assert [pointer for pointer in sent.present if read(envelope, pointer) is None] == []
    assert HINTED.findall(response.headers.get("X-Sandbox-Hint", "")) == sent.departs


@REQUESTS
def test_a_strict_sandbox_rejects_what_departs_from_the_contract(
    client: Client, sent: Sent
) -> None:
    """And accepts all else."""
    with closing(Api(Settings(strict=True))) as api:
        response = read_envelope(send(api, client, sent))

    assert (response.code != sent.code) is bool(sent.departs and sent.code < 1000)


def test_every_operation_is_called_by_a_client() -> None:
    """And each client calls operations of the contract only."""
    called = {sent.operation for client in CLIENTS for sent in client.requests}

    assert len(CLIENTS) == 14
    assert called == set(OPERATIONS)
