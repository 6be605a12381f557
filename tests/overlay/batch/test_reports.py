"""What a report holds: duplicates, an exhausted quota, and what an interruption leaves."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.overlay.batch.test_batches import SIZE, Creator, answered, made, new
from tests.overlay.stubs import async_client_of, client_of
from trackingmore_v2 import (
    BatchInterrupted,
    BatchReport,
    Hooks,
    ItemResult,
    Outcome,
    QuotaExhausted,
)
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2.hooks import AttemptEvent
from trackingmore_v2.limiters import Limiter

Result = ItemResult


def rejecting(code: int, *but: int) -> Callable[[httpx2.Request], httpx2.Response]:
    """Return a server that rejects every item of a call with a code, but those at some places."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        server = Creator()
        server(request)
        (items,) = server.calls
        errors = [
            {**item, "code": code, "message": f"No {item['tracking_number']}."}
            for position, item in enumerate(items)
            if position not in but
        ]
        return answered(made(items[position] for position in but), errors)

    return respond


def test_a_duplicate_of_a_rejected_item_keeps_its_reason() -> None:
    """In the same call and in a later one, in the form that keeps no outcomes too."""
    rows = [new(0), new(0), *map(new, range(1, SIZE)), *map(new, range(SIZE, 2 * SIZE)), new(0)]
    server = Creator(rejecting(4014, *range(1, SIZE)))
    outcomes = list(client_of(server).trackings.iter_create_many(rows))

    for twin in (outcomes[1], outcomes[-1]):
        assert (twin.result, twin.duplicate_of) == (Result.REJECTED, 0)
        assert (twin.code, twin.message) == (4014, "No 1Z00000000.")


def test_a_duplicate_of_an_item_of_a_failed_call_keeps_its_error() -> None:
    """The error of the call, as the original has it."""

    def lost(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("reset", request=request)

    rows = [*map(new, range(SIZE)), new(0)]
    outcomes = list(client_of(Creator(lost)).trackings.iter_create_many(rows))

    assert outcomes[-1].result is Result.UNKNOWN
    assert outcomes[-1].error is outcomes[0].error is not None


def test_duplicates_are_counted_apart() -> None:
    """A result's count and list have each item once."""
    report = client_of(Creator()).trackings.create_many([new(0), new(1), new(0), new(0)])

    assert report.counts == {Result.CREATED: 2}
    assert [outcome.index for outcome in report.created] == [0, 1]
    assert [outcome.index for outcome in report.duplicates] == [2, 3]
    assert str(report) == "4 items: 2 created, 2 duplicates"


def test_a_part_of_a_batch_makes_a_report() -> None:
    """A duplicate of an item that is not in it stays as it is."""
    twin = Outcome(41, "x", Result.CREATED, duplicate_of=1)
    report = BatchReport([Outcome(40, "y", Result.REJECTED, 4014), twin])

    assert report[1] == twin


def test_a_report_of_some_outcomes_takes_no_details_of_others() -> None:
    """A duplicate without its original stays as it is, whatever stands in its place."""
    rows = [new(0), new(1), new(2), new(1)]
    outcomes = list(client_of(Creator(rejecting(4014, 0, 1))).trackings.iter_create_many(rows))
    report = BatchReport([outcomes[0], outcomes[2], outcomes[3]])

    assert report[2] == outcomes[3]


@pytest.mark.parametrize("code", [402, 4019, 4021])
def test_nothing_is_sent_after_a_call_without_quota(code: int) -> None:
    """Each item of a call was rejected for lack of quota: those of the next would be too."""
    server = Creator(None, rejecting(code))
    report = client_of(server).trackings.create_many(map(new, range(4 * SIZE)))

    assert len(server.calls) == 2
    assert report.counts == {
        Result.CREATED: SIZE,
        Result.REJECTED: SIZE,
        Result.NOT_SENT: 2 * SIZE,
    }
    assert isinstance(report.error, QuotaExhausted)
    assert report.error.code == code
    assert report[-1].error is report.error


@pytest.mark.parametrize(("code", "but"), [(4021, [7]), (4014, [])])
def test_a_call_with_some_quota_stops_nothing(code: int, but: list[int]) -> None:
    """One item was created, or the items were rejected for another reason."""
    server = Creator(rejecting(code, *but))
    report = client_of(server).trackings.create_many(map(new, range(2 * SIZE)))

    assert len(server.calls) == 2
    assert report.error is None


def interrupted(_: httpx2.Request) -> httpx2.Response:
    """Press Ctrl-C while a request is sent."""
    raise KeyboardInterrupt


def test_an_interruption_carries_the_report_so_far() -> None:
    """The items of the request have an unknown result; the method raises what it met."""
    server = Creator(None, interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        client_of(server).trackings.create_many(map(new, range(3 * SIZE)))
    report = BatchReport.of(caught.value)

    assert report is not None
    assert report.counts == {Result.CREATED: SIZE, Result.UNKNOWN: SIZE}
    assert len(server.calls) == 2


def test_an_interrupted_wait_leaves_no_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Ctrl-C while a request waits for the rate limit: it was not sent."""

    def interrupt(_clock: CallClock, _seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(CallClock, "sleep", interrupt)
    server = Creator()
    client = client_of(server).with_options(limiter=Limiter(1))
    with pytest.raises(KeyboardInterrupt) as caught:
        client.trackings.create_many(map(new, range(2 * SIZE)))
    report = BatchReport.of(caught.value)

    assert report is not None
    assert report.counts == {Result.CREATED: SIZE, Result.NOT_SENT: SIZE}
    assert len(server.calls) == 1


def test_a_hook_that_fails_before_the_request_leaves_no_doubt() -> None:
    """Nothing was sent."""

    def fail(_event: AttemptEvent) -> None:
        raise RuntimeError

    server = Creator()
    client = client_of(server).with_options(hooks=Hooks(on_attempt=fail))
    with pytest.raises(BatchInterrupted) as caught:
        client.trackings.create_many([new(0)])

    assert caught.value.report.counts == {Result.NOT_SENT: 1}
    assert not caught.value.in_doubt
    assert not server.calls


def test_an_interrupted_retry_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt before the wait may have been carried out."""

    def interrupt(_clock: CallClock, _seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(CallClock, "sleep", interrupt)
    failed = httpx2.Response(502, content=b"<html>")
    with pytest.raises(KeyboardInterrupt) as caught:
        client_of(lambda _: failed, retries=1).trackings.create_many(map(new, range(SIZE)))
    report = BatchReport.of(caught.value)

    assert report is not None
    assert report.counts == {Result.UNKNOWN: SIZE}


def test_an_interruption_of_an_iterator_carries_what_was_not_yielded() -> None:
    """The outcomes of the interrupted request, under their places in the input."""
    outcomes = client_of(Creator(None, interrupted)).trackings.iter_create_many(
        map(new, range(3 * SIZE))
    )
    yielded = [next(outcomes) for _ in range(SIZE)]
    with pytest.raises(KeyboardInterrupt) as caught:
        next(outcomes)
    report = BatchReport.of(caught.value)

    assert {outcome.result for outcome in yielded} == {Result.CREATED}
    assert report is not None
    assert [outcome.index for outcome in report] == list(range(SIZE, 2 * SIZE))
    assert report.counts == {Result.UNKNOWN: SIZE}


def test_an_input_may_interrupt_too() -> None:
    """What was read for the next request was not sent."""

    def rows() -> Iterator[Any]:
        yield from map(new, range(SIZE + 3))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        client_of(Creator()).trackings.create_many(rows())
    report = BatchReport.of(caught.value)

    assert report is not None
    assert report.counts == {Result.CREATED: SIZE, Result.NOT_SENT: 3}


def test_the_input_of_an_iterator_may_interrupt_too() -> None:
    """At once: what was read for the next request is in the report, and is not yielded."""

    def rows() -> Iterator[Any]:
        yield new(0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        next(client_of(Creator()).trackings.iter_create_many(rows()))
    report = BatchReport.of(caught.value)

    assert report is not None
    assert report.counts == {Result.NOT_SENT: 1}


def test_the_input_of_a_query_may_interrupt_too() -> None:
    """It is raised as it is."""

    def places() -> Iterator[Any]:
        yield {"country": "JP", "postcode": "1"}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client_of(Creator()).shipping.remote_areas(places())


async def cancelled(trackings: Any, started: asyncio.Event) -> BaseException:
    """Return what a task raises that is cancelled after one call."""

    async def rows() -> AsyncIterator[Any]:
        for number in range(SIZE + 1):
            yield new(number)
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(trackings.create_many(rows()))
    await started.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as error:
        return error
    raise AssertionError("the task was not cancelled")


async def test_a_cancelled_batch_carries_the_report_so_far() -> None:
    """So does the error that a caller makes of the cancellation."""
    error = await cancelled(async_client_of(Creator()).trackings, asyncio.Event())
    late = TimeoutError()
    late.__cause__ = error

    for each in (error, late):
        report = BatchReport.of(each)
        assert report is not None
        assert report.counts == {Result.CREATED: SIZE, Result.NOT_SENT: 1}


def test_other_errors_have_no_report() -> None:
    """Nor has no error at all."""
    assert BatchReport.of(ValueError("x")) is None
    assert BatchReport.of(None) is None
