"""The tables of the page about migrating are those of the contract and of the client."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.docs.pages import page
from tests.sandbox.clients.test_clients import CLIENTS
from trackingmore_v2 import TrackingMore, webhooks
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

PAGE = page("migrating.md")
ROWS = re.findall(r"^\| `([A-Z]+ /[^`]+)` \| `([^`]+)` \|$", PAGE, re.MULTILINE)
FROM_OFFICIAL_SDK = re.findall(
    r"^\| `(?:tracking|courier|air_waybill)\.[^`]+` \| `([^`]+)` \|$", PAGE, re.MULTILINE
)
SENT = {f"{each.method} {each.path}": each.id for each in OPERATIONS.values()}
KEY = {"carrier_code": "ups", "tracking_number": "SANDBOX-TRANSIT"}
NAMES: dict[str, Any] = {
    "carrier": "ups",
    "number": "SANDBOX-TRANSIT",
    "items": [KEY],
    "keys": [KEY],
    "places": [{"country": "JP", "postcode": "7621094"}],
    "since": datetime(2026, 1, 1, tzinfo=UTC),
    "routes": [{"carrier_code": "dhl", "original": "CN", "destination": "US"}],
}
"""What the calls on the page name."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox with the tracking of the page."""
    with Sandbox() as sandbox:
        sandbox.seed([KEY])
        yield sandbox


def test_each_operation_has_a_row() -> None:
    """Each one of the contract, and no other; and the official SDK has a table, too."""
    assert FROM_OFFICIAL_SDK
    assert [request for request, _ in ROWS] == list(dict(ROWS))
    assert dict(ROWS).keys() == SENT.keys()


@pytest.mark.parametrize(("request_line", "code"), ROWS)
def test_a_method_sends_the_request(request_line: str, code: str, sandbox: Sandbox) -> None:
    """The call on the page is one of that operation."""
    if "create" in code:
        sandbox.reset()
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        eval(code, {**NAMES, "client": client})  # noqa: S307 - our own words

    assert sandbox.log()[-1].operation == SENT[request_line]


@pytest.mark.parametrize("code", FROM_OFFICIAL_SDK)
def test_a_method_takes_the_place_of_one_of_the_official_sdk(code: str, sandbox: Sandbox) -> None:
    """The call on the page succeeds."""
    if "create" in code:
        sandbox.reset()
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        assert eval(code, {**NAMES, "client": client}) is not None  # noqa: S307 - our own words


def test_the_methods_of_other_clients_map_to_ours() -> None:
    """Each name in the first column is a method."""
    names = re.findall(r"^\| `(\w+\.\w+)` \| `\w+", PAGE, re.MULTILINE)
    with TrackingMore("any-key", base_url="http://127.0.0.1:9/v2") as client:
        for name in names:
            owner, method = name.split(".")
            assert callable(
                getattr(webhooks if owner == "webhooks" else getattr(client, owner), method)
            )

    called = {re.sub(r"^.*client\.(\w+\.\w+)\(.*$", r"\1", code) for _, code in ROWS}
    assert set(names) == called | {"webhooks.parse"}


def test_the_number_of_clients() -> None:
    """As many as the sandbox is tested with."""
    assert len(CLIENTS) == 14
    assert "the requests of fourteen such clients" in PAGE
