"""
No operation does anything without a valid key.

Only the format of a key can be invalid: in the sandbox each UUID is an account. A deleted key has
a code of its own.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import httpx2
import pytest

from tests.fuzz.profile import CASES
from tests.fuzz.seeded_app import CREATING, EXAMPLE_PAIR, TRACKINGS, objects_of
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
"""Invalid keys, and the code of the rejection."""

CHANGING: Final = {
    *("createTracking", "updateTracking", "deleteTracking", "trackInRealtime", "changeCarrier"),
    *("createTrackingBatch", "updateTrackingBatch", "deleteTrackingBatch", "stopTrackingUpdates"),
    "detectCarrier",
}
"""Operations that change the account."""


@pytest.fixture(scope="module")
def http() -> Iterator[httpx2.Client]:
    """Yield an HTTP client without a key."""
    with httpx2.Client() as client:
        yield client


def state_of(sandbox: Sandbox) -> object:
    """Return what the sandbox stores of its account, and which accounts it knows."""
    return sandbox.snapshot(), [(each.id, each.trackings) for each in sandbox.accounts()]


@pytest.mark.behaviour("request.http-status", "request.bad-key")
@pytest.mark.parametrize("kind", BAD_KEYS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_bad_key_is_rejected(
    sandbox: Sandbox, http: httpx2.Client, operation: str, kind: str
) -> None:
    """Every operation rejects it with HTTP 200, returns no data, and changes nothing."""
    key, code = BAD_KEYS[kind]
    seed(sandbox)
    sandbox.account.update(key_deleted=kind == "deleted")
    before = state_of(sandbox)
    response = send(http, sandbox.base_url, operation, key)
    CASES[operation, "server"] += 1

    assert response.status_code == 200
    assert response.json()["meta"]["code"] == code
    assert response.json()["data"] == []
    assert state_of(sandbox) == before


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_valid_key_is_accepted(sandbox: Sandbox, http: httpx2.Client, operation: str) -> None:
    """With a valid key the same requests succeed, and change the account if they should."""
    seed(sandbox)
    before = sandbox.snapshot()
    response = send(http, sandbox.base_url, operation, API_KEY)

    assert response.json()["meta"]["code"] in OPERATIONS[operation].success_codes
    assert response.json()["data"] != [] or operation == "deleteTracking"
    assert (sandbox.snapshot() != before) == (operation in CHANGING)


def seed(sandbox: Sandbox) -> None:
    """Reset the account to the seeded trackings."""
    sandbox.reset()
    sandbox.seed(TRACKINGS)
    sandbox.clock.now()  # stores the status changes that are due


def send(http: httpx2.Client, base_url: str, name: str, key: str | None) -> httpx2.Response:
    """Send the contract's example of a request, for trackings that exist."""
    operation = OPERATIONS[name]
    return http.request(
        operation.method,
        base_url + operation.path.format(**EXAMPLE_PAIR, lang="en"),
        json=body_of(name),
        headers={} if key is None else {API_KEY_HEADER: key},
    )


def body_of(name: str) -> Any:
    """Return the body of the contract's first example, or None."""
    body: Any = deepcopy(next((it.value for it in REQUESTS if it.operation == name), None))
    for tracking, item in zip(TRACKINGS, objects_of(body), strict=False):
        if OPERATIONS[name].path in CREATING:
            item["tracking_number"] += "_NEW"
        else:
            item.update({field: tracking[field] for field in EXAMPLE_PAIR if field in item})
    return body
