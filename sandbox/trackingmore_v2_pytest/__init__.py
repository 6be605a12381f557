"""
Fixtures for tests against a sandbox; pytest finds them where this package is installed.

    trackingmore_server       the sandbox: one for a whole run, or for each worker of pytest-xdist
    trackingmore_sandbox      the same with an API key that no other test has
    trackingmore              a client with that key
    async_trackingmore        an async client with that key
    trackingmore_clock        its time, which stands still
    trackingmore_faults       what goes wrong with its requests; a test that meets less of it fails
    trackingmore_webhooks     what its webhooks deliver

A run that asks for none of them imports no more than this module.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

import pytest

if TYPE_CHECKING:
    from trackingmore_v2 import AsyncTrackingMore, TrackingMore
    from trackingmore_v2_pytest.receiver import WebhookReceiver
    from trackingmore_v2_pytest.tenant import Tenant
    from trackingmore_v2_sandbox.admin import ClockMethods, FaultMethods
    from trackingmore_v2_sandbox.server.embedded import Sandbox

FROZEN_AT: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""What `trackingmore_clock` shows when a test begins."""

_CLOCK: Final = "trackingmore_clock"


@pytest.fixture(scope="session")
def trackingmore_server() -> "Iterator[Sandbox]":
    """
    Start a sandbox, one for all tests of this process.

    Override it in a `conftest.py` for other settings. Whoever uses it directly shares it with other
    tests; `trackingmore_sandbox` does not.
    """
    try:
        from trackingmore_v2_sandbox.server.embedded import Sandbox  # noqa: PLC0415 - only who uses it pays
    except ModuleNotFoundError as missing:
        raise pytest.fail.Exception(
            f"{missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[sandbox]'",
            pytrace=False,
        ) from None
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def trackingmore_sandbox(
    trackingmore_server: "Sandbox", request: pytest.FixtureRequest
) -> "Iterator[Tenant]":
    """
    Give the sandbox with an API key that only this test has, and has in each run.

    Whatever is done with it concerns that key alone. All is forgotten when the test ends.
    """
    from trackingmore_v2_pytest.tenant import Tenant  # noqa: PLC0415 - only who uses it pays

    tenant = Tenant(trackingmore_server, str(uuid5(NAMESPACE_URL, request.node.nodeid)))
    if _CLOCK in request.fixturenames:
        # Before other fixtures create parcels, since time goes back only where there are none.
        tenant.clock.freeze(FROZEN_AT)
    yield tenant
    tenant.reset()


@pytest.fixture
def trackingmore(trackingmore_sandbox: "Tenant") -> "Iterator[TrackingMore]":
    """
    Make a client with the key of this test, which speaks to sandboxes only.

    It repeats nothing, so each planned fault is met where the test expects it, and nothing waits;
    `trackingmore.with_options(retries=2)` repeats.
    """
    from httpx2 import Client  # noqa: PLC0415 - only who uses it pays

    from trackingmore_v2 import TrackingMore  # noqa: PLC0415 - only who uses it pays

    with Client(**_connections()) as http:
        yield TrackingMore(http_client=http, **_options(trackingmore_sandbox))


@pytest.fixture
def async_trackingmore(trackingmore_sandbox: "Tenant") -> "AsyncTrackingMore":
    """
    Make an async client like `trackingmore`, for every event loop.

    It keeps no connection, so that nothing is left to be closed when the test's event loop is.
    """
    from httpx2 import AsyncClient, Limits  # noqa: PLC0415 - only who uses it pays

    from trackingmore_v2 import AsyncTrackingMore  # noqa: PLC0415 - only who uses it pays

    http = AsyncClient(limits=Limits(max_keepalive_connections=0), **_connections())
    return AsyncTrackingMore(http_client=http, **_options(trackingmore_sandbox))


@pytest.fixture(name=_CLOCK)
def trackingmore_clock(trackingmore_sandbox: "Tenant") -> "ClockMethods":
    """
    Let the time of this test stand still at `FROZEN_AT`, and give what moves it.

    `advance` returns when all that came due is stored, and all webhooks due were sent.
    """
    clock = trackingmore_sandbox.clock
    if not clock.state().frozen:  # It was not known before that this test would ask for it.
        clock.freeze(FROZEN_AT)
    return clock


@pytest.fixture
def trackingmore_faults(trackingmore_sandbox: "Tenant") -> "Iterator[FaultMethods]":
    """
    Give what plans faults for this test, and fail it at its end if some of them were not met.

    A test that need not meet them ends with `trackingmore_faults.clear()`.
    """
    faults = trackingmore_sandbox.faults
    yield faults
    if unused := faults.unused():
        pytest.fail(_tell(unused), pytrace=False)


@pytest.fixture
def trackingmore_webhooks(
    trackingmore_sandbox: "Tenant", trackingmore_clock: "ClockMethods"
) -> "Iterator[WebhookReceiver]":
    """
    Receive the webhooks of this test, whose time stands still as with `trackingmore_clock`.

    After `trackingmore_clock.advance(…)` all that was due is in `received`.
    """
    from trackingmore_v2_pytest.receiver import WebhookReceiver  # noqa: PLC0415 - only who uses it pays

    del trackingmore_clock  # It stands still; that is all.
    with WebhookReceiver() as receiver:
        trackingmore_sandbox.webhooks.add(receiver.url)
        yield receiver


def _connections() -> dict[str, Any]:
    from ssl import PROTOCOL_TLS_CLIENT, SSLContext  # noqa: PLC0415 - only who uses it pays

    # Plain HTTP to this machine needs neither proxies nor certificates, which take long to load.
    return {"trust_env": False, "verify": SSLContext(PROTOCOL_TLS_CLIENT)}


def _options(tenant: "Tenant") -> dict[str, Any]:
    return {
        "api_key": tenant.api_key,
        "base_url": tenant.base_url,
        "retries": 0,
        "sandbox_only": True,
    }


def _tell(unused: dict[str, dict[str, list[str]]]) -> str:
    lines = [
        f"  {operation}: {', '.join(instructions)}" + (f"  (plan {name!r})" if name else "")
        for name, operations in unused.items()
        for operation, instructions in operations.items()
    ]
    return "\n".join(
        [
            "no request met these faults, which were planned:",
            *lines,
            "A test that need not meet them ends with trackingmore_faults.clear().",
        ]
    )
