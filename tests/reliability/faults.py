"""
Faults of every kind in every method that writes.

A cell is a fault that the sandbox injects into one, two or three attempts of one call of a method,
of the sync and of the async client; each cell has an account of its own. It is right if all of this
is so, judged by the sandbox's log and by its state, and not by what the client did:

- The account has one tracking as the method leaves it if an attempt was carried out, and otherwise
  as it was.
- The call returns a result if a retry was left, and an error only if all attempts failed, or if the
  fault is a rejection.
- A result is certain (`created`, `deleted`, `changed`) only if its own attempt was carried out
  first, and otherwise `adopted`, `absent` or `found`; the hook for adoptions agrees.
- An error is `in_doubt` unless each response was a rejection of the API.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from typing import Any, Final, NamedTuple
from uuid import UUID

from tests.reliability.rows import Row, Settings
from trackingmore_v2 import AsyncTrackingMore, Hooks, TrackingMore, TrackingMoreError
from trackingmore_v2._batch.results import BatchReport, TrackingReport
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.faults.instructions import KINDS, parse

CARRIER: Final = "ups"
NUMBER: Final = "1Z97X17XYW06605211"
KEY: Final = {"carrier_code": CARRIER, "tracking_number": NUMBER}
TITLE: Final = "Teapot"
OTHER: Final = "usps"
PARALLEL: Final = 12
PATIENCE: Final = 2.0
"""Seconds until a server that stalls is given up."""

REJECTIONS: Final = ("code=4012", "code=429", "status=400", "status=429")
"""Faults after which a call was certainly not carried out."""

FINAL: Final = ("code=4012", "status=400")
"""Those that are not retried."""

FAULTS: Final = (
    *("pass", "delay=0.01", "extra-field", "missing-item", "drip=200/0.001"),
    *("status=503", "status=503/after", "status=502/bare", "status=502/bare/after"),
    *("code=500", "code=500/after", "html", "html=502/after", "html=200", "html=200/after"),
    *("empty", "truncated", "not-json", "wrong-type", "wrong-type=/meta", "wrong-type=/meta/code"),
    *("reset-before", "reset-after", "lose-response", "cut=0", "cut=20", "cut=20/reset"),
    *("stall", "garbage", "garbage=after"),
    *REJECTIONS,
)


UNSETTLED: Final = ("unknown", "not_sent", "rejected", "already_existed", "found", "not_found")
"""Results of an item that stand for an error; here, no tracking of another call exists."""


class Method(NamedTuple):
    """A method that writes, and what it leaves on the server."""

    operation: str
    call: Callable[[Any], Any]
    left: tuple[str, str | None] | None
    """Carrier and title of the tracking; None if there is none."""

    before: tuple[str, str | None] | None = (CARRIER, None)
    """The same before the call."""


METHODS: Final[Mapping[str, Method]] = {
    "create": Method(
        "createTracking",
        lambda it: it.create(CARRIER, NUMBER, title=TITLE),
        (CARRIER, TITLE),
        None,
    ),
    "get_or_create": Method(
        "createTracking",
        lambda it: it.get_or_create(CARRIER, NUMBER, title=TITLE),
        (CARRIER, TITLE),
        None,
    ),
    "create_many": Method(
        "createTrackingBatch",
        lambda it: it.create_many([{**KEY, "title": TITLE}]),
        (CARRIER, TITLE),
        None,
    ),
    "get_or_create_many": Method(
        "createTrackingBatch",
        lambda it: it.get_or_create_many([{**KEY, "title": TITLE}]),
        (CARRIER, TITLE),
        None,
    ),
    "update": Method(
        "updateTracking", lambda it: it.update(CARRIER, NUMBER, title=TITLE), (CARRIER, TITLE)
    ),
    "update_many": Method(
        "updateTrackingBatch",
        lambda it: it.update_many([{**KEY, "title": TITLE}]),
        (CARRIER, TITLE),
    ),
    "delete": Method("deleteTracking", lambda it: it.delete(CARRIER, NUMBER), None),
    "delete_many": Method("deleteTrackingBatch", lambda it: it.delete_many([KEY]), None),
    "change_carrier": Method(
        "changeCarrier", lambda it: it.change_carrier(CARRIER, NUMBER, to=OTHER), (OTHER, None)
    ),
    "stop_updates": Method(
        "stopTrackingUpdates", lambda it: it.stop_updates([KEY]), (CARRIER, None)
    ),
}


class Cell(NamedTuple):
    """One call."""

    number: int
    method: str
    fault: str
    failures: int
    is_async: bool

    @property
    def api_key(self) -> str:
        """A key that no other cell has."""
        return str(UUID(int=self.number + 1))


class Outcome(NamedTuple):
    """What a call returned or raised, as a word."""

    result: str
    in_doubt: bool
    adoptions: int


def measure(settings: Settings) -> Iterator[Row]:
    """Run all cells."""
    missing = sorted(KINDS.keys() - {fault.partition("=")[0] for fault in FAULTS})
    yield Row("instructions of the sandbox without a cell", "none", ", ".join(missing) or "none",
              holds=not missing)  # fmt: skip
    combinations = product(METHODS, FAULTS, (1, 2, 3), (False, True))
    cells = [Cell(number, *each) for number, each in enumerate(combinations)]
    cells = cells[:: settings.pick(1, 7)]
    with Sandbox() as sandbox, _without_waits():
        for cell in cells:
            _prepare(sandbox, cell)
        with ThreadPoolExecutor(PARALLEL) as pool:
            waiting = [each for each in cells if not each.is_async]
            outcomes = dict(zip(waiting, pool.map(lambda it: _run(sandbox, it), waiting),
                                strict=True))  # fmt: skip
        outcomes |= asyncio.run(_run_async(sandbox, [each for each in cells if each.is_async]))
        wrong = {cell: _fault_of(sandbox, cell, found) for cell, found in outcomes.items()}
    failed = {cell: reason for cell, reason in wrong.items() if reason}
    for cell, reason in failed.items():
        print(*cell, outcomes[cell], reason)
    for name in METHODS:
        of_method = [cell for cell in cells if cell.method == name]
        right = sum(cell not in failed for cell in of_method)
        value = f"{right:,} of {len(of_method):,}"
        yield Row(f"`{name}`: cells that are right", "100 %", value, right == len(of_method))


def _prepare(sandbox: Sandbox, cell: Cell) -> None:
    method = METHODS[cell.method]
    if method.before:
        sandbox.seed([KEY], api_key=cell.api_key)
    sandbox.faults.plan({method.operation: [cell.fault] * cell.failures}, api_key=cell.api_key)


def _options(sandbox: Sandbox, cell: Cell, adoptions: list[Any]) -> dict[str, Any]:
    hooks = Hooks(on_adoption=adoptions.append)
    options = {"api_key": cell.api_key, "base_url": sandbox.base_url, "hooks": hooks}
    return options | ({"timeout": PATIENCE} if cell.fault == "stall" else {})


def _run(sandbox: Sandbox, cell: Cell) -> Outcome:
    adoptions: list[Any] = []
    with TrackingMore(**_options(sandbox, cell, adoptions)) as client:
        try:
            found = METHODS[cell.method].call(client.trackings)
        except Exception as error:  # noqa: BLE001 - is judged
            found = error
    return _outcome(found, adoptions)


async def _run_async(sandbox: Sandbox, cells: list[Cell]) -> dict[Cell, Outcome]:
    outcomes, left = dict[Cell, Outcome](), iter(cells)

    async def work() -> None:
        for cell in left:
            adoptions: list[Any] = []
            async with AsyncTrackingMore(**_options(sandbox, cell, adoptions)) as client:
                try:
                    found = METHODS[cell.method].call(client.trackings)
                    found = await found if inspect.isawaitable(found) else found
                except Exception as error:  # noqa: BLE001 - is judged
                    found = error
            outcomes[cell] = _outcome(found, adoptions)

    await asyncio.gather(*(work() for _ in range(PARALLEL)))
    return outcomes


def _outcome(found: Any, adoptions: list[Any]) -> Outcome:
    """Return what a method returned or raised, in one form for all methods."""
    number = sum(event.trackings for event in adoptions)
    if isinstance(found, TrackingMoreError):
        return Outcome("error", found.in_doubt, number)
    if isinstance(found, Exception):
        return Outcome(f"raw {type(found).__name__}", in_doubt=False, adoptions=number)
    if type(found).__name__ == "GetOrCreateResult":
        word = "created" if found.created else "adopted" if found.adopted else "error"
        return Outcome(word, found.in_doubt, number)
    if isinstance(found, BatchReport | TrackingReport):
        (one,) = found
        settled = "error" if one.result in UNSETTLED else one.result.value
        return Outcome(settled, one.in_doubt, number)
    kinds = {"AdoptedTracking": "adopted", "CreatedTracking": "created"}
    named = kinds.get(type(found).__name__) or str(getattr(found, "value", "updated"))
    return Outcome(named, in_doubt=False, adoptions=number)


def _fault_of(sandbox: Sandbox, cell: Cell, outcome: Outcome) -> str | None:
    """Return what is wrong with a cell, by what the server has carried out."""
    method = METHODS[cell.method]
    sent = [
        exchange.fault
        for exchange in sandbox.log(api_key=cell.api_key)
        if exchange.operation == method.operation
    ]
    carried_out = [fault is None or parse(fault).carries_out for fault in sent]
    rows = [(it.carrier_code, it.title) for it in sandbox.trackings(api_key=cell.api_key)]
    left = method.left if any(carried_out) else method.before
    if rows != [left] * (left is not None):
        return f"the server has {rows}, not {left}"
    if outcome.adoptions != (outcome.result == "adopted"):
        return "the hook for adoptions differs"
    if outcome.result == "error":
        return _fault_of_error(cell, outcome, sent)
    return _fault_of_result(outcome, carried_out)


def _fault_of_error(cell: Cell, outcome: Outcome, sent: list[str | None]) -> str | None:
    if outcome.in_doubt != any(fault not in REJECTIONS for fault in sent):
        return f"after {sent}, in_doubt is {outcome.in_doubt}"
    # A response that lacks the item is no failure that a retry would change.
    is_expected = cell.failures > 2 or cell.fault in (*FINAL, "missing-item")
    return None if is_expected else f"an error after {sent}"


def _fault_of_result(outcome: Outcome, carried_out: list[bool]) -> str | None:
    if not any(carried_out):
        return "a result, although nothing was carried out"
    is_own = carried_out.index(True) == len(carried_out) - 1
    certain = {"created": True, "deleted": True, "changed": True}
    expected = certain | {"adopted": False, "absent": False, "found": False}
    if expected.get(outcome.result, is_own) != is_own:
        return f"carried out {carried_out}"
    is_known = outcome.result in {*expected, "updated", "stopped"}
    return None if is_known and not outcome.in_doubt else "unexpected"


@contextmanager
def _without_waits() -> Iterator[None]:
    """Skip the delays before retries."""
    blocking, awaited = CallClock.sleep, CallClock.sleep_async

    async def skip(_clock: CallClock, _seconds: float) -> None:
        await asyncio.sleep(0)

    CallClock.sleep = lambda *_: None  # type: ignore[method-assign]  # for the time of the run
    CallClock.sleep_async = skip  # type: ignore[method-assign, assignment]  # likewise
    try:
        yield
    finally:
        CallClock.sleep, CallClock.sleep_async = blocking, awaited  # type: ignore[method-assign]  # as before
