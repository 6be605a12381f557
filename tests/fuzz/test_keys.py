"""
No operation does anything without a good key.

Only the form of a key can be wrong: in the sandbox each UUID is an account. A deleted key is one
that was good, and has a code of its own.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import httpx2
import pytest

from tests.fuzz.plan import TRIED
from tests.fuzz.world import CREATING, PARCELS, STORY, live_world, objects_of
from tests.generated.examples import REQUESTS
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS
from trackingmore_v2_sandbox import API_KEY, Sandbox

BAD_KEYS: Final[dict[str, tuple[str | None, int]]] = {
    "none": (None, 4001),
    "empty": ("", 4001),
    "a word": ("wrong", 4001),
    "longer": (f"{API_KEY}0", 4001),
    "shorter": (API_KEY[:-1], 4001),
    "other text": (f"{API_KEY[:-1]}x", 4001),
    "deleted": (API_KEY, 4002),
}
"""What is sent as the key, and the code that refuses it."""

CHANGING: Final = {
    *("createTracking", "updateTracking", "deleteTracking", "trackInRealtime", "changeCarrier"),
    *("createTrackingBatch", "updateTrackingBatch", "deleteTrackingBatch", "stopTrackingUpdates"),
    "detectCarrier",
}
"""Operations that change the account."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox whose time stands still."""
    with live_world() as running:
        yield running


@pytest.fixture(scope="module")
def http() -> Iterator[httpx2.Client]:
    """Yield a client that knows no key."""
    with httpx2.Client() as client:
        yield client


@pytest.mark.behaviour("request.http-status", "request.bad-key")
@pytest.mark.parametrize("kind", BAD_KEYS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_bad_key_is_refused(
    sandbox: Sandbox, http: httpx2.Client, operation: str, kind: str
) -> None:
    """Every operation refuses it under HTTP 200, tells nothing, and leaves all as it is."""
    check_bad_key(sandbox, http, operation, kind)


def check_bad_key(sandbox: Sandbox, http: httpx2.Client, operation: str, kind: str) -> None:
    """Ask with a bad key for what a good one would get."""
    key, code = BAD_KEYS[kind]
    begin(sandbox)
    sandbox.account.update(key_deleted=kind == "deleted")
    before = sandbox.snapshot(), sandbox.accounts()
    answer = ask(http, sandbox.base_url, operation, key)
    TRIED.note(operation, "server", "bad keys")

    assert answer.status_code == 200
    assert answer.json()["meta"]["code"] == code
    assert answer.json()["data"] == []
    assert (sandbox.snapshot(), sandbox.accounts()) == before


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_good_key_is_not(sandbox: Sandbox, http: httpx2.Client, operation: str) -> None:
    """With a good key the same requests succeed, and change what they are to change."""
    begin(sandbox)
    before = sandbox.snapshot()
    answer = ask(http, sandbox.base_url, operation, API_KEY)

    assert answer.json()["meta"]["code"] in OPERATIONS[operation].success_codes
    assert answer.json()["data"] != [] or operation == "deleteTracking"
    assert (sandbox.snapshot() != before) == (operation in CHANGING)


def begin(sandbox: Sandbox) -> None:
    """Fill the account with the usual parcels, and nothing else."""
    sandbox.reset()
    sandbox.seed(PARCELS)
    sandbox.clock.now()  # with that, all their news is stored


def ask(http: httpx2.Client, base_url: str, name: str, key: str | None) -> httpx2.Response:
    """Send the contract's example of a request, about parcels that exist."""
    operation = OPERATIONS[name]
    return http.request(
        operation.method,
        base_url + operation.path.format(**STORY, lang="en"),
        json=body_of(name),
        headers={} if key is None else {API_KEY_HEADER: key},
    )


def body_of(name: str) -> Any:
    """Return the body of the contract's first example, or nothing."""
    body: Any = deepcopy(next((it.value for it in REQUESTS if it.operation == name), None))
    if OPERATIONS[name].path not in CREATING:
        for parcel, item in zip(PARCELS, objects_of(body), strict=False):
            item.update({field: parcel[field] for field in STORY if field in item})
    return body
