"""
Pytest fixtures for tests against a sandbox. pytest loads them wherever the package is installed.

    trackingmore_server       the sandbox: one per run, or per worker of pytest-xdist
    trackingmore_sandbox      the sandbox with an API key that is unique to the test
    trackingmore_env          the environment variables of a client, for code under test
    trackingmore              a client with that key
    async_trackingmore        an async client with that key
    trackingmore_clock        the account's clock, frozen
    trackingmore_faults       fault plans for the account; unused faults fail the test
    trackingmore_webhooks     a receiver of the account's webhooks

Tracebacks of failed tests end at the call of the client or the sandbox; `--full-trace` shows the
frames below it. The report of a failed test has its requests, with their hints.
Runs without these fixtures import this module only.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

import pytest

if TYPE_CHECKING:
    from trackingmore_v2 import AsyncTrackingMore, TrackingMore
    from trackingmore_v2_pytest.receiver import WebhookReceiver
    from trackingmore_v2_pytest.tenant import Tenant
    from trackingmore_v2_sandbox.admin.python_api import ClockMethods, FaultMethods
    from trackingmore_v2_sandbox.server.embedded import Sandbox

FROZEN_AT: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""Time of `trackingmore_clock` at the start of a test."""

_CLOCK: Final = "trackingmore_clock"
_HIDDEN: Final = frozenset({"trackingmore_v2", "trackingmore_v2_pytest", "trackingmore_v2_sandbox"})
"""Packages whose frames are hidden."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> None:
    """
    Cut the traceback of a documented error, and add the requests of a failed test to its report.

    The traceback ends at the call of the client or the sandbox.

    Args:
        item: The test.
        call: The outcome of one of its phases.
    """
    if call.excinfo and _is_documented(call.excinfo.value) and not item.config.option.fulltrace:
        _cut(call.excinfo.tb)
    if call.excinfo and call.when == "call":
        _report_requests(item)


def _report_requests(item: pytest.Item) -> None:
    tenant = getattr(item, "funcargs", {}).get("trackingmore_sandbox")
    if tenant is None:
        return
    from trackingmore_v2_pytest.request_report import describe_requests  # noqa: PLC0415 - imported on use

    # The test may have stopped the sandbox.
    with suppress(RuntimeError):
        item.add_report_section("call", "sandbox requests", describe_requests(tenant))


def _is_documented(error: BaseException) -> bool:
    """Return whether an error is one that methods document, and not a fault of the package."""
    ours = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return isinstance(error, ValueError | TimeoutError) or bool(ours & _HIDDEN)


def _cut(traceback: TracebackType) -> None:
    """Remove the frames of the package after the last frame of a caller."""
    # A callback of the test, which the package calls, is a caller's frame as well.
    caller, is_called = traceback, False
    following = traceback.tb_next
    while following:
        package = _package_of(following)
        if package in _HIDDEN:
            is_called = True
        elif package not in sys.stdlib_module_names:  # the package waits in some of them
            caller, is_called = following, False
        following = following.tb_next
    if is_called:
        caller.tb_next = None


def _package_of(traceback: TracebackType) -> str:
    name: str = traceback.tb_frame.f_globals.get("__name__", "")
    return name.partition(".")[0]


@pytest.fixture(scope="session")
def trackingmore_server() -> "Iterator[Sandbox]":
    """
    Start one sandbox for all tests of the process.

    Override this fixture in a `conftest.py` to use other settings. Its default account is shared by
    all tests; use `trackingmore_sandbox` for an account per test.
    """
    try:
        from trackingmore_v2_sandbox.server.embedded import Sandbox  # noqa: PLC0415 - imported on use
    except ModuleNotFoundError as missing:
        raise pytest.fail.Exception(str(missing), pytrace=False) from None
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def trackingmore_sandbox(
    trackingmore_server: "Sandbox", request: pytest.FixtureRequest
) -> "Iterator[Tenant]":
    """
    Return the sandbox with an API key that is unique to the test, and the same in each run.

    All methods apply to the account of that key, which is reset when the test ends.
    """
    from trackingmore_v2_pytest.tenant import Tenant  # noqa: PLC0415 - imported on use

    tenant = Tenant(trackingmore_server, str(uuid5(NAMESPACE_URL, request.node.nodeid)))
    if _CLOCK in request.fixturenames:
        # Before other fixtures create trackings: with trackings, a clock cannot be set back.
        tenant.clock.freeze(FROZEN_AT)
    yield tenant
    tenant.reset()


@pytest.fixture
def trackingmore_env(
    trackingmore_sandbox: "Tenant", monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, str]:
    """
    Set `TRACKINGMORE_API_KEY` and `TRACKINGMORE_BASE_URL`, and return both.

    Code under test that creates its own client then uses the account of the test, and so does a
    process that it starts. The former values are restored when the test ends.
    """
    environment = {
        "TRACKINGMORE_API_KEY": trackingmore_sandbox.api_key,
        "TRACKINGMORE_BASE_URL": trackingmore_sandbox.base_url,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment


@pytest.fixture
def trackingmore(trackingmore_sandbox: "Tenant") -> "Iterator[TrackingMore]":
    """
    Return a client with the test's API key, which sends requests to sandboxes only.

    Retries are off, so that each planned fault reaches the test, without delays. To test retries,
    use `trackingmore.with_options(retries=2)`.
    """
    from trackingmore_v2 import TrackingMore  # noqa: PLC0415 - imported on use

    with TrackingMore(**_options(trackingmore_sandbox)) as client:
        yield client


@pytest.fixture
def async_trackingmore(trackingmore_sandbox: "Tenant") -> "AsyncTrackingMore":
    """
    Return an async client with the options of `trackingmore`, for any event loop.

    The test's event loop closes the connections when it ends.
    """
    from trackingmore_v2 import AsyncTrackingMore  # noqa: PLC0415 - imported on use

    return AsyncTrackingMore(**_options(trackingmore_sandbox))


@pytest.fixture(name=_CLOCK)
def trackingmore_clock(trackingmore_sandbox: "Tenant") -> "ClockMethods":
    """
    Return the test's clock, frozen at `FROZEN_AT`.

    `advance` returns when due changes are stored and due webhooks are sent.
    """
    clock = trackingmore_sandbox.clock
    if not clock.state().frozen:  # Requested dynamically, with `getfixturevalue`.
        clock.freeze(FROZEN_AT)
    return clock


@pytest.fixture
def trackingmore_faults(trackingmore_sandbox: "Tenant") -> "Iterator[FaultMethods]":
    """
    Return the fault plans of the test's account, and fail the test if faults are unused at its end.

    A test that may leave faults unused calls `trackingmore_faults.clear()` last.
    """
    faults = trackingmore_sandbox.faults
    yield faults
    if unused := faults.unused():
        pytest.fail(_unused_message(unused), pytrace=False)


@pytest.fixture
def trackingmore_webhooks(
    trackingmore_sandbox: "Tenant", trackingmore_clock: "ClockMethods"
) -> "Iterator[WebhookReceiver]":
    """
    Return a receiver of the test's webhooks. The clock is frozen, as with `trackingmore_clock`.

    After `trackingmore_clock.advance(…)`, `received` holds all webhooks that were due.
    """
    from trackingmore_v2_pytest.receiver import WebhookReceiver  # noqa: PLC0415 - imported on use

    email = trackingmore_sandbox.account.get().email
    with WebhookReceiver(account_email=email, clock=trackingmore_clock) as receiver:
        trackingmore_sandbox.webhooks.add(receiver.url)
        yield receiver


def _options(tenant: "Tenant") -> dict[str, Any]:
    return {
        "api_key": tenant.api_key,
        "base_url": tenant.base_url,
        "retries": 0,
        "sandbox_only": True,
    }


def _unused_message(unused: dict[str, dict[str, list[str]]]) -> str:
    lines = [
        f"  {operation}: {', '.join(instructions)}" + (f"  (plan {name!r})" if name else "")
        for name, operations in unused.items()
        for operation, instructions in operations.items()
    ]
    return "\n".join(
        [
            "unused faults; no request matched these planned instructions:",
            *lines,
            "If that is intended, call trackingmore_faults.clear() at the end of the test.",
        ]
    )
