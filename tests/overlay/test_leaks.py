"""Neither the key nor personal data is in any place that a log or an error tracker records."""

import inspect
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.overlay.leak_search import find_leaks, texts
from tests.overlay.personal_calls import (
    CARRIER,
    DETAILS,
    NUMBER,
    PERSONAL,
    PERSONAL_CALLS,
    errors_of,
    errors_of_async,
)
from tests.overlay.stubs import KEY, Recorder, client_of, error_response
from trackingmore_v2 import AsyncTrackingMore, TrackingMore, TrackingMoreError
from trackingmore_v2._sync.resources import Resources
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.faults.instructions import KINDS, parse

FAULTS = (
    *("pass", "delay=0.001", "status=503", "status=302", "status=401/bare", "status=503/after"),
    *("code=401", "code=4012", "code=4016/after", "code=429", "html", "html=200", "empty"),
    *("truncated", "not-json", "wrong-type", "wrong-type=/meta", "wrong-type=/data/items"),
    *("missing-item", "extra-field", "reset-before", "reset-after", "lose-response", "cut=40"),
    *("cut=0/reset", "cut=200", "drip=64/0.0001", "stall=1", "stall=2", "garbage", "garbage=after"),
)


def test_every_fault_is_tried() -> None:
    """Every kind of fault instruction is among those below."""
    assert {type(parse(fault)) for fault in FAULTS} == set(KINDS.values())


def test_every_method_is_called() -> None:
    """Every public method of every resource is among the calls."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        methods = {
            f"{resource}.{name}"
            for resource, value in vars(client).items()
            if resource in inspect.getdoc(Resources)  # type: ignore[operator]  # it has one
            for name, _ in inspect.getmembers(value, inspect.ismethod)
            if not resource.startswith("_") and not name.startswith("_")
        }

    assert methods
    assert methods <= PERSONAL_CALLS.keys()


class Search:
    """A search of errors, of the log and of warnings for the key and for personal data."""

    def __init__(self, key: str) -> None:
        self.canaries: tuple[str, ...] = (key, *PERSONAL)
        self.errors = 0
        self.leaks: list[str] = []

    def add(self, method: str, *errors: BaseException) -> None:
        """Search errors."""
        self.errors += len(errors)
        for error in errors:
            self.leaks += [f"{method}: {leak}" for leak in find_leaks(error, self.canaries)]

    def add_texts(self, place: str, *shown: str) -> None:
        """Search texts."""
        found = [text for text in shown for one in self.canaries if one in text]
        self.leaks += [f"{place}: {text}" for text in found]

    def add_record(self, record: logging.LogRecord) -> bool:
        """Search a record of the log, unless the server wrote it, which runs in this process."""
        is_client = not record.name.startswith(("trackingmore_v2_sandbox", "uvicorn"))
        if is_client:
            shown = (record.getMessage(), *texts(record.args), str(record.exc_info))
            self.add_texts(f"log of {record.name}", *shown)
        return is_client

    def call_all(self, client: TrackingMore, sandbox: Sandbox, fault: str) -> None:
        """Call every method while the sandbox injects a fault, and search the errors."""
        for method, call in PERSONAL_CALLS.items():
            sandbox.faults.plan({"*": fault})
            try:
                self.add(method, *errors_of(call(client)))
            except TrackingMoreError as error:
                self.add(method, error)

    async def call_all_async(self, client: AsyncTrackingMore, sandbox: Sandbox, fault: str) -> None:
        """Do the same with an async client."""
        for method, call in PERSONAL_CALLS.items():
            sandbox.faults.plan({"*": fault})
            try:
                self.add(method, *await errors_of_async(call(client)))
            except TrackingMoreError as error:
                self.add(method, error)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox whose key is the canary."""
    with Sandbox() as started:
        yield started


@pytest.fixture
def search(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> Iterator[Search]:
    """Yield a search, which in the end has searched the log and the warnings, and found nothing."""
    caplog.set_level(logging.DEBUG)
    search = Search(sandbox.api_key)
    new = {"carrier_code": CARRIER, "tracking_number": NUMBER, **DETAILS}
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.trackings.create_many([new])
    yield search
    sandbox.faults.clear()
    records = caplog.get_records("call")
    for record in records:
        search.add_record(record)
    search.add_texts("warning", *(str(warning.message) for warning in recwarn))
    assert {record.name.partition(".")[0] for record in records} >= {"trackingmore_v2", "httpcore2"}
    assert not search.leaks


@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_of_the_sync_client_leaks(sandbox: Sandbox, search: Search, fault: str) -> None:
    """Whatever goes wrong once, with whichever method."""
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url, **options(fault)) as client:
        search.call_all(client, sandbox, fault)
    assert search.errors


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_error_of_the_async_client_leaks(
    sandbox: Sandbox, search: Search, fault: str
) -> None:
    """Whatever goes wrong once, with whichever method."""
    async with AsyncTrackingMore(
        sandbox.api_key, base_url=sandbox.base_url, **options(fault)
    ) as client:
        await search.call_all_async(client, sandbox, fault)
    assert search.errors


@pytest.mark.parametrize("method", PERSONAL_CALLS)
def test_a_key_that_the_server_echoes_is_removed(
    method: str, caplog: pytest.LogCaptureFixture
) -> None:
    """From the error of each method, and from the log; the client does not show it either."""
    caplog.set_level(logging.DEBUG)
    search = Search(KEY)
    search.canaries = (KEY,)
    with client_of(Recorder(error_response(4001, f"Invalid API key {KEY}."))) as client:
        search.add_texts("client", repr(client))
        try:
            search.add(method, *errors_of(PERSONAL_CALLS[method](client)))
        except TrackingMoreError as error:
            search.add(method, error)
    search.add_texts("log", *(record.getMessage() + repr(record.args) for record in caplog.records))

    assert search.errors
    assert not search.leaks


def options(fault: str) -> dict[str, Any]:
    """Return the options of a client that meets a fault."""
    limits = {"stall=1": {"timeout": 0.05}, "stall=2": {"deadline": 0.05}}
    return {"retries": 0, **limits.get(fault, {})}
