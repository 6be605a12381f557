"""Requests and outcomes of every operation under faults, as `retry_cases.yaml` states them."""

from collections import Counter
from collections.abc import AsyncIterable, Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase
from typing import Any, Final
from uuid import uuid4

import pytest
import yaml

from tests.overlay.method_calls import KEY, METHOD_CALLS, NEW, NUMBER
from tests.overlay.stubs import result_of
from trackingmore_v2 import (
    AsyncTrackingMore,
    BatchReport,
    GetOrCreateResult,
    Hooks,
    ItemResult,
    Outcome,
    TrackingChanges,
    TrackingList,
    TrackingMore,
    TrackingMoreError,
    TrackingOutcome,
    TrackingReport,
    models,
)
from trackingmore_v2.hooks import AttemptEvent, ResponseEvent
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.faults.instructions import KINDS

DATA: Final = yaml.safe_load((Path(__file__).parent / "retry_cases.yaml").read_text("utf-8"))
PAIR: Final = (KEY.carrier_code, NUMBER)
OTHER: Final = (KEY.carrier_code, "LK894734223CN")
NUMBERS: Final = [f"LK{index:09}CN" for index in range(40)]
PLACES: Final = [models.Place(country="Japan", postcode=f"{index:07}") for index in range(201)]
ROUTES: Final = [
    models.Route(carrier_code="dhl", original="CN", destination=first + second)
    for first, second in islice(product(ascii_uppercase, repeat=2), 201)
]

METHODS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "create": lambda client: client.trackings.create(*PAIR, title="Pot"),
    "get_or_create": lambda client: client.trackings.get_or_create(*PAIR, title="Pot"),
    "delete": lambda client: client.trackings.delete(*PAIR),
    "change_carrier": lambda client: client.trackings.change_carrier(*PAIR, to="usps"),
    "create_many": lambda client: client.trackings.create_many(
        [NEW, *({"carrier_code": PAIR[0], "tracking_number": number} for number in NUMBERS)]
    ),
    "delete_many": lambda client: client.trackings.delete_many([PAIR, OTHER]),
    "get_many": lambda client: client.trackings.get_many([PAIR, OTHER]),
    "get_or_create_many": lambda client: client.trackings.get_or_create_many(
        [NEW, {"carrier_code": OTHER[0], "tracking_number": OTHER[1]}]
    ),
    "list": lambda client: client.trackings.list(),
    "total": lambda client: client.trackings.list().total(),
    "changes": lambda client: client.trackings.changes(),
    "remote_areas": lambda client: client.shipping.remote_areas(PLACES),
    "transit_times": lambda client: client.shipping.transit_times(ROUTES),
    "call": lambda client: client.call(get_account.call()),
    "recorder": lambda client: client.recorder().account.get(),
}


def rows() -> Iterator[Any]:
    """Yield the settings, the faults and the cell of each operation, for each row of a table."""
    for table in DATA["tables"]:
        for faults, cells in table["rows"].items():
            groups = cells if isinstance(cells, dict) else {"reads": cells, "writes": cells}
            by_operation = {
                operation: cell
                for group, cell in groups.items()
                for operation in DATA["operations"][group]
            }
            settings = table.get("settings", {})
            yield pytest.param(settings, faults.split(", "), by_operation, id=f"{settings}{faults}")


def method_cases() -> Iterator[Any]:
    """Yield the name and the case of each call of a method."""
    for method, cases in DATA["methods"].items():
        for case in cases:
            yield pytest.param(method, case, id=f"{method} {case.get('faults', '')}")


class Account:
    """An account of the sandbox, and the events of the calls of its clients."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.attempts: list[AttemptEvent] = []
        self.responses: list[ResponseEvent] = []
        self._key = str(uuid4())
        self._sandbox = sandbox

    def create(self, title: str) -> None:
        """Create the tracking with a title."""
        with TrackingMore(self._key, base_url=self._sandbox.base_url) as client:
            client.trackings.create(*PAIR, title=title)

    async def call(
        self,
        kind: type[Any],
        settings: Mapping[str, Any],
        faults: Mapping[str, Any],
        method: Callable[[Any], Any],
    ) -> object:
        """Call a method of a new client under faults, and return its result or its error."""
        self._sandbox.faults.plan(faults, api_key=self._key)
        hooks = Hooks(on_attempt=self.attempts.append, on_response=self.responses.append)
        client = kind(self._key, base_url=self._sandbox.base_url, hooks=hooks, **settings)
        try:
            return await resolved(method(client))
        except TrackingMoreError as error:
            return error
        finally:
            await resolved(client.close())

    def unused(self) -> bool:
        """Return whether faults are left."""
        return bool(self._sandbox.faults.unused(api_key=self._key))

    def carrier(self) -> str:
        """Return the carrier of the only tracking with the number, or `none`."""
        self._sandbox.faults.clear(api_key=self._key)
        with TrackingMore(self._key, base_url=self._sandbox.base_url) as client:
            carriers = [one.carrier_code for one in client.trackings.list(numbers=[NUMBER])]
        return " and ".join(carriers) or "none"


async def resolved(result: Any) -> object:
    """Return the result of a method of either client; a lazy list is read."""
    result = await result_of(result)
    if isinstance(result, AsyncIterable):
        return [each async for each in result]
    return list(result) if isinstance(result, TrackingList | TrackingChanges) else result


def in_words(result: Any) -> str:
    """Return the outcome of a call in the words of the tables."""
    if isinstance(result, TrackingMoreError):
        return type(result).__name__ + " in doubt" * result.in_doubt
    if isinstance(result, GetOrCreateResult):
        made = "created" * result.created + "adopted" * result.adopted or "existed"
        return made + " in doubt" * result.in_doubt
    if isinstance(result, BatchReport | TrackingReport):
        counts = Counter(map(item_in_words, result))
        if len(result) == 1:
            return next(iter(counts))
        return ", ".join(f"{count} {words}" for words, count in counts.items())
    if isinstance(result, models.AdoptedTracking):
        return "adopted"
    return str(getattr(result, "value", "ok"))


def item_in_words(item: Outcome[Any] | TrackingOutcome[Any]) -> str:
    """Return the outcome of an item: its result, or the error of the call if it was sent."""
    if item.error and item.result in {ItemResult.UNKNOWN, ItemResult.REJECTED}:
        assert item.in_doubt is item.error.in_doubt is (item.result is ItemResult.UNKNOWN)
        return in_words(item.error)
    return item.result + " in doubt" * item.in_doubt


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox for all tests; each case has an account of its own."""
    with Sandbox() as started:
        yield started


def test_the_tables_are_complete() -> None:
    """Each row has each operation, each fault of the sandbox occurs, and there are many cases."""
    tables = [row.values for row in rows()]
    methods = [case.values[1].get("faults", {}) for case in method_cases()]
    faults = {fault.partition("=")[0] for _, faults, _ in tables for fault in faults}

    assert [set(OPERATIONS) ^ set(cells) for _, _, cells in tables] == [set()] * len(tables)
    assert {kind for kind in KINDS if kind not in str(methods)} <= faults
    assert len(tables) * len(OPERATIONS) + len(methods) > 1_000


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize(("settings", "faults", "cells"), list(rows()))
async def test_operation(  # noqa: PLR0913, PLR0917 - each is a parameter or a fixture
    settings: Mapping[str, Any],
    faults: Sequence[str],
    cells: Mapping[str, str],
    kind: type[Any],
    sandbox: Sandbox,
    waits: list[float],
) -> None:
    """Each operation is sent as often as stated, waits as long, and ends so; and that is true."""
    actual: dict[str, str] = {}
    for operation, cell in cells.items():
        waits.clear()
        account = Account(sandbox)
        if OPERATIONS[operation].tag == "Trackings" and not operation.startswith("create"):
            account.create("Lamp")
        result = await account.call(kind, settings, {operation: faults}, METHOD_CALLS[operation])
        attempts = [event.operation == operation for event in account.attempts]
        sent = f"{sum(attempts)}+{attempts.count(False)}".removesuffix("+0")
        words = in_words(result)
        actual[operation] = f"{sent} {'ok' if words == DATA['ok'].get(operation, 'ok') else words}"

        assert account.unused() is (sum(attempts) < len(faults))
        assert_delays(faults, waits)
        assert_events(account, waits)
        assert_carrier(account, operation, cell)
    assert actual == cells


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize(("method", "case"), list(method_cases()))
async def test_method(
    method: str, case: Mapping[str, Any], kind: type[Any], sandbox: Sandbox
) -> None:
    """Each method sends what is stated, and ends so."""
    account = Account(sandbox)
    if "title" in case:
        account.create(case["title"])
    result = await account.call(kind, {}, case.get("faults", {}), METHODS[method])

    assert [event.operation for event in account.attempts] == [
        DATA["names"][name] for name in case["sent"].split()
    ]
    assert in_words(result) == case["outcome"]
    assert not account.unused()


def assert_delays(faults: Sequence[str], waits: Sequence[float]) -> None:
    """Check the delays of the retries: as the contract states, or within the backoff's bounds."""
    delays = DATA["delays"]
    for fault, wait, limit in zip(faults, waits, delays["at most"], strict=False):
        exact = delays["exactly"].get(fault)
        assert wait == exact if exact else 0 <= wait <= limit


def assert_events(account: Account, waits: Sequence[float]) -> None:
    """Check the events of hooks: each attempt with its number and its delay, and its outcome."""
    operation = account.attempts[0].operation
    attempts = [event for event in account.attempts if event.operation == operation]

    assert [event.request for event in account.responses] == account.attempts
    assert [event.attempt for event in attempts] == list(range(1, len(attempts) + 1))
    assert [event.waited for event in attempts] == [0, *waits]
    assert [event.attributes["http.request.resend_count"] for event in attempts] == list(
        range(len(attempts))
    )


def assert_carrier(account: Account, operation: str, cell: str) -> None:
    """Check the account's tracking, unless the outcome is unknown."""
    states = DATA["carriers"].get(operation)
    if states and not cell.endswith("in doubt"):
        success, failure = states
        is_success = cell.rpartition(" ")[2].islower()
        assert account.carrier() == (success if is_success else failure)
