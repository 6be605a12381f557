"""The batcher, without client and server. See also test_batches.py."""

import json
import pickle
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from trackingmore_v2 import (
    BatchInterrupted,
    BatchRejected,
    BatchReport,
    BudgetExceeded,
    ConnectionFailed,
    ContractBroken,
    InvalidInput,
    ItemResult,
    Outcome,
    TimedOut,
    TrackingMoreError,
    models,
)
from trackingmore_v2._batch.batcher import Batcher, Chunk
from trackingmore_v2._batch.inputs import Source
from trackingmore_v2._batch.operations import CREATE, DELETE, UPDATE, BatchOperation
from trackingmore_v2._batch.parsing import (
    is_fatal_for_batch,
    match,
    parse_created,
    parse_deleted,
    parse_stopped,
    parse_updated,
    verdict_of_failure,
)
from trackingmore_v2._batch.queries import merge_areas, merge_times, merge_waybills
from trackingmore_v2._batch.results import ItemVerdict
from trackingmore_v2._errors import API_ERRORS, api_error
from trackingmore_v2._sync.batches import next_chunk
from trackingmore_v2_api import OPERATIONS, ApiRejected, ContractViolated
from trackingmore_v2_api.operations.trackings import create_tracking_batch
from trackingmore_v2_api.salvage import ResponseMeta

SIZE = (
    create_tracking_batch.OPERATION.batch.max_items if create_tracking_batch.OPERATION.batch else 0
)
CALL = create_tracking_batch.call([])
A, B, C = ("ups", "1Z00000001"), ("ups", "1Z00000002"), ("dhl", "1Z00000001")
Result = ItemResult


def result_of(
    result: ItemResult, carrier: str | None, number: str | None, code: int = 0
) -> ItemVerdict:
    """Build a result that a response gives."""
    return ItemVerdict(result, carrier, number, code or None)


def results(verdicts: Iterable[ItemVerdict | Outcome[Any]]) -> list[ItemResult]:
    """Return the results alone."""
    return [verdict.result for verdict in verdicts]


def rejected(code: int, status: int = 200) -> TrackingMoreError:
    """Build the error of a call that was rejected as a whole."""
    return api_error(
        ApiRejected(
            "createTrackingBatch", status, {}, b"", ResponseMeta(code, "Bad Request", "No.")
        ),
        CALL,
    )


def new(number: int) -> dict[str, str]:
    """Build an item."""
    return {"carrier_code": "ups", "tracking_number": f"1Z{number:08}"}


def created(chunk: Chunk[Any]) -> list[ItemVerdict]:
    """Return a response that says that everything sent was created."""
    return [result_of(Result.CREATED, one.carrier_code, one.tracking_number) for one in chunk.sent]


def sent(chunk: Chunk[Any]) -> list[tuple[str, str]]:
    """Return the pairs that a chunk sends."""
    return [(one.carrier_code, one.tracking_number) for one in chunk.sent]


def chunks_of(batch: Batcher[Any], items: Iterable[Any]) -> Iterator[Chunk[Any]]:
    """Cut an input, each chunk when it is requested."""
    source = Source(items)
    while (chunk := next_chunk(batch, source)).items:
        yield chunk
    batch.finish()


def run_all(
    operation: BatchOperation[Any], items: Iterable[Any]
) -> tuple[list[Outcome[Any]], list[list[Any]]]:
    """Run a batch whose every item is created, and give outcomes and what each call sent."""
    batch = Batcher(operation)
    outcomes: list[Outcome[Any]] = []
    calls: list[list[Any]] = []
    for chunk in chunks_of(batch, items):
        outcomes += batch.settle(chunk, created(chunk) if chunk.prepared else None)
        calls += [chunk.sent] if chunk.prepared else []
    return outcomes, calls


def run_broken(
    operation: BatchOperation[Any], items: Iterable[Any]
) -> tuple[list[Outcome[Any]], BatchInterrupted]:
    """Run a batch whose input breaks, and give outcomes and error."""
    batch = Batcher(operation)
    outcomes: list[Outcome[Any]] = []
    try:
        for chunk in chunks_of(batch, items):
            outcomes += batch.settle(chunk, created(chunk) if chunk.prepared else None)
    except BatchInterrupted as error:
        return outcomes, error
    raise AssertionError("the input did not break")


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ([(*A, 0), (*B, 0), (*C, 0)], [Result.CREATED] * 3),
        ([(*C, 0), (*A, 0), (*B, 0)], [Result.CREATED] * 3),
        ([(*A, 0)], [Result.CREATED, Result.UNKNOWN, Result.UNKNOWN]),
        ([(*A, 0), (*A, 0), (*A, 0)], [Result.CREATED, Result.UNKNOWN, Result.UNKNOWN]),
        ([(*A, 0), (*A, 4014)], [Result.CREATED, Result.UNKNOWN, Result.UNKNOWN]),
        ([(None, B[1], 0)], [Result.UNKNOWN, Result.CREATED, Result.UNKNOWN]),
        ([("ups-i", B[1].lower(), 0)], [Result.UNKNOWN, Result.CREATED, Result.UNKNOWN]),
        ([(None, A[1], 0)], [Result.UNKNOWN] * 3),
        ([(*C, 0), (None, A[1], 0)], [Result.CREATED, Result.UNKNOWN, Result.CREATED]),
        ([(*A, 0), (*B, 0), (None, None, 4014)], [Result.CREATED, Result.CREATED, Result.REJECTED]),
        ([(*A, 0), (None, None, 4014)], [Result.CREATED, Result.UNKNOWN, Result.UNKNOWN]),
        ([(None, None, 4014)] * 3, [Result.REJECTED] * 3),
        ([(None, None, 1), (None, None, 2), (None, None, 2)], [Result.UNKNOWN] * 3),
        ([("fedex", "999999", 0)] * 3, [Result.UNKNOWN] * 3),
        ([], [Result.UNKNOWN] * 3),
    ],
    ids=str,
)
def test_each_item_has_one_result(
    response: list[tuple[str | None, str | None, int]], expected: list[ItemResult]
) -> None:
    """Omitted, repeated, renamed, reordered or nameless items get no uncertain result."""
    verdicts = [
        result_of(Result.REJECTED if code else Result.CREATED, carrier, number, code)
        for carrier, number, code in response
    ]

    assert results(match([A, B, C], verdicts)) == expected


def test_reads_what_was_created() -> None:
    """Created trackings have their model, errors a code and a message."""
    parcel = models.CreatedTracking(
        id="1",
        carrier_code="ups",
        tracking_number="x",
        status=models.TrackingStatus.PENDING,
        created_at=None,
    )
    wrapped = {"meta": {"code": "4014", "message": "Bad."}, "data": {"tracking_number": "y"}}
    deep = "[" * 100_000
    errors: list[models.BatchItemError | str] = [
        models.BatchItemError(
            tracking_number="z", carrier_code="ups", code=4016, message="Exists."
        ),
        json.dumps(wrapped),
        "not JSON",
        "[]",
        deep,
    ]
    read = parse_created(
        models.CreateBatchResult(submitted=2, added=1, trackings=[parcel], errors=errors)
    )

    assert read[0] == ItemVerdict(Result.CREATED, "ups", "x", tracking=parcel)
    assert read[1] == ItemVerdict(Result.ALREADY_EXISTED, "ups", "z", 4016, "Exists.")
    assert read[2] == ItemVerdict(Result.REJECTED, None, "y", 4014, "Bad.")
    assert [one.message for one in read[3:]] == ["not JSON", "[]", deep]
    assert results(read[3:]) == [Result.REJECTED] * 3


def test_reads_what_was_deleted() -> None:
    """Deleted trackings are wrapped, and an error may be among them."""
    items = [
        models.DeletedItem(meta=models.DeletedItemMeta(tracking_number="x", code=code))
        for code in (200, None, 4017, 4014)
    ]
    read = parse_deleted(models.DeleteBatchResult(submitted=4, delete=2, trackings=items))

    assert results(read) == [Result.DELETED, Result.DELETED, Result.NOT_FOUND, Result.REJECTED]


def test_reads_what_was_changed() -> None:
    """The others are plain lists of names."""
    done = [models.BatchItem(tracking_number="x")]
    errors = [models.BatchItemError(tracking_number="y", code=4017)]
    updated = models.UpdateBatchResult(submitted=2, updated=1, trackings=done, errors=errors)
    stopped = models.StopUpdatesResult(submitted=2, change=1, trackings=done, errors=errors)

    assert results(parse_updated(updated)) == [Result.UPDATED, Result.NOT_FOUND]
    assert results(parse_stopped(stopped)) == [Result.STOPPED, Result.NOT_FOUND]


@pytest.mark.parametrize(
    ("error", "result", "repeats"),
    [
        (ConnectionFailed(CALL, "refused", in_doubt=False), Result.NOT_SENT, True),
        (TimedOut(CALL, "late", in_doubt=True), Result.UNKNOWN, True),
        (BudgetExceeded("createTrackingBatch", "creates", 2, 1), Result.NOT_SENT, True),
        (
            ContractBroken(ContractViolated("createTrackingBatch", 200, {}, b"", "x"), CALL),
            Result.UNKNOWN,
            False,
        ),
        (rejected(502, 502), Result.UNKNOWN, True),
        (rejected(4001), Result.REJECTED, True),
        (rejected(4021), Result.REJECTED, True),
        (rejected(429), Result.REJECTED, True),
        (rejected(9999), Result.REJECTED, True),
        (rejected(4012), Result.REJECTED, False),
        (rejected(4014), Result.REJECTED, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_a_failed_call_says_what_may_have_happened(
    error: TrackingMoreError, result: ItemResult, *, repeats: bool
) -> None:
    """Not sent, rejected, or unknown; and whether the next call would fail as well."""
    verdict = verdict_of_failure(error)

    assert (verdict.result, verdict.error, is_fatal_for_batch(error)) == (result, error, repeats)
    assert verdict.code == getattr(error, "code", None)


def test_every_meta_code_is_judged() -> None:
    """What concerns the key, the quota, the rate or the route stops a batch."""
    going_on = {
        kind.__name__ for code, kind in API_ERRORS.items() if not is_fatal_for_batch(rejected(code))
    }

    assert going_on == {
        *("InvalidParameters", "InvalidTrackingNumber", "InvalidCarrier", "InvalidStatus"),
        *("TrackingExists", "TrackingNotFound", "NoResult", "CarrierNotDetected", "Conflict"),
    }


def test_an_input_is_cut_by_the_contract() -> None:
    """Each call takes as many items as the contract says, and the last one the rest."""
    outcomes, calls = run_all(CREATE, map(new, range(2 * SIZE + 3)))

    assert [len(call) for call in calls] == [SIZE, SIZE, 3]
    assert [outcome.index for outcome in outcomes] == list(range(2 * SIZE + 3))
    assert set(results(outcomes)) == {Result.CREATED}


def test_nothing_is_read_before_it_is_needed() -> None:
    """An endless input is read one call at a time."""
    read: list[int] = []

    def endless() -> Iterator[Any]:
        for number in count():
            read.append(number)
            yield new(number)

    batch: Batcher[Any] = Batcher(CREATE)
    items: Iterable[Any] = endless()

    assert read == []
    chunks = chunks_of(batch, items)
    first = next(chunks)
    assert len(read) == SIZE
    batch.settle(first, created(first))
    next(chunks)
    assert len(read) == 2 * SIZE


def test_endless_duplicates_are_not_read_for_ever() -> None:
    """What is read for one call is bounded, however few of it must be sent."""
    batch: Batcher[Any] = Batcher(CREATE)
    items: Iterable[Any] = (new(1) for _ in count())
    first = next(chunks_of(batch, items))

    assert len(first.sent) == 1
    assert len(first.items) <= 26 * SIZE


def test_duplicates_are_sent_once_and_reported_each_time() -> None:
    """In the same call or a later one, with the result and the place of the first."""
    numbers = [0, 1, 0, *range(2, SIZE + 20), 1, 0, SIZE + 30, SIZE + 30]
    outcomes, calls = run_all(CREATE, map(new, numbers))
    everything = [one.tracking_number for call in calls for one in call]

    assert len(everything) == len(set(everything)) == len(set(numbers))
    assert [len(call) for call in calls] == [SIZE, 21]
    assert set(results(outcomes)) == {Result.CREATED}
    twins = {outcome.index: outcome.duplicate_of for outcome in outcomes}
    for index, number in enumerate(numbers):
        first = numbers.index(number)
        assert twins[index] == (None if first == index else first)


def test_pairs_not_numbers_are_duplicates() -> None:
    """One number at two carriers is two trackings; details make no other tracking."""
    items = [
        {"carrier_code": "ups", "tracking_number": "1Z00001"},
        {"carrier_code": "dhl", "tracking_number": "1Z00001"},
        models.CreateTrackingItem(carrier_code="ups", tracking_number="1Z00001", title="Pot"),
    ]
    outcomes, calls = run_all(CREATE, items)

    assert [len(call) for call in calls] == [2]
    assert [outcome.duplicate_of for outcome in outcomes] == [None, None, 0]


def test_changes_of_a_tracking_keep_their_order() -> None:
    """Changes that differ go into calls of their own; the same change as the last is not sent."""
    title = ["X", "Y", "X", "X", "Y"]
    items = [{"carrier_code": "ups", "tracking_number": "1Z00001", "title": word} for word in title]
    items.insert(1, {"carrier_code": "dhl", "tracking_number": "1Z00001", "title": "X"})
    outcomes, calls = run_all(UPDATE, items)

    assert [[(one.carrier_code, one.title) for one in call] for call in calls] == [
        [("ups", "X"), ("dhl", "X")],
        [("ups", "Y")],
        [("ups", "X")],
        [("ups", "Y")],
    ]
    assert [outcome.index for outcome in outcomes] == list(range(6))
    assert [outcome.duplicate_of for outcome in outcomes] == [None, None, None, None, 3, None]


def test_changes_are_recognised_after_one_that_had_to_wait() -> None:
    """However long ago that was."""
    waiting = [{**new(1), "title": "X"}, {**new(1), "title": "Y"}]
    many = [{**new(number), "title": str(number)} for number in range(2, 500)]
    outcomes, calls = run_all(UPDATE, [*waiting, *many, *many])

    assert sum(map(len, calls)) == len(waiting) + len(many)
    assert [outcome.duplicate_of for outcome in outcomes[500:]] == list(range(2, 500))


def test_a_tracking_is_named_in_many_ways() -> None:
    """Pairs, dicts, keys, and any object with a carrier and a number identify a tracking."""
    key = models.TrackingKey(carrier_code="ups", tracking_number="1Z00001")
    parcel = models.UpdateTrackingItem(carrier_code="ups", tracking_number="1Z00001", title="Pot")
    pair = {"carrier_code": "ups", "tracking_number": "1Z00001"}
    outcomes, calls = run_all(DELETE, [key, ("ups", "1Z00001"), pair, parcel])

    assert calls == [[key]]
    assert [outcome.duplicate_of for outcome in outcomes] == [None, 0, 0, 0]


def test_a_truth_value_archives() -> None:
    """A dictionary of changes is like the arguments of `update()`."""
    _, calls = run_all(UPDATE, [{**new(1), "archived": True}, {**new(2), "archived": None}])

    assert [one.archived for one in calls[0]] == [models.ArchivedText.TRUE, None]


def test_a_bad_item_is_reported_and_the_others_are_sent() -> None:
    """The error names index and field; the bad item is never sent."""
    items: list[Any] = [
        new(1),
        {"carrier_code": "ups"},
        new(2),
        None,
        {**new(3), "title": 5},
        new(4),
    ]
    outcomes, calls = run_all(CREATE, items)
    errors = [outcome.error for outcome in outcomes if outcome.result is Result.INVALID]

    assert [one.tracking_number for one in calls[0]] == ["1Z00000001", "1Z00000002", "1Z00000004"]
    assert [(error.index, error.field) for error in errors if isinstance(error, InvalidInput)] == [
        (1, "tracking_number"),
        (3, "item"),
        (4, "title"),
    ]
    assert len(outcomes) == len(items)


def test_an_item_whose_attributes_raise_is_reported() -> None:
    """Whatever an object raises, the others go on."""

    class Broken:
        @property
        def carrier_code(self) -> str:
            raise OSError

    outcomes, calls = run_all(DELETE, [("ups", "1Z00001"), Broken()])

    assert len(calls[0]) == 1
    assert results(outcomes) == [Result.CREATED, Result.INVALID]
    assert "OSError" in str(outcomes[1].error)


def test_after_a_failure_that_repeats_nothing_is_sent() -> None:
    """The rest is read, and reported as not sent with the error."""
    batch: Batcher[Any] = Batcher(CREATE)
    items: Iterable[Any] = map(new, [*range(2 * SIZE), 0, SIZE])
    chunks = chunks_of(batch, items)
    first = next(chunks)
    outcomes = batch.settle(first, created(first))
    error = TimedOut(CALL, "late", in_doubt=True)
    outcomes += batch.settle(next(chunks), error)
    for chunk in chunks:
        assert chunk.prepared is None
        outcomes += batch.settle(chunk, None)

    assert results(outcomes[:SIZE]) == [Result.CREATED] * SIZE
    assert results(outcomes[SIZE:]) == [Result.UNKNOWN] * SIZE + [Result.CREATED, Result.UNKNOWN]
    assert batch.error is error


def test_an_error_for_one_batch_does_not_stop_the_next() -> None:
    """The items of the call are rejected with its code, and the next call is sent."""
    batch: Batcher[Any] = Batcher(CREATE)
    items: Iterable[Any] = map(new, range(SIZE + 1))
    chunks = chunks_of(batch, items)
    outcomes = batch.settle(next(chunks), rejected(4012))

    assert {(outcome.result, outcome.code) for outcome in outcomes} == {(Result.REJECTED, 4012)}
    assert next(chunks).prepared is not None
    assert batch.error is None


@pytest.mark.parametrize("good", [0, 1, SIZE, SIZE + 1])
def test_an_interrupted_input_reports_what_was_done(good: int) -> None:
    """What was read and not sent is not sent; the error names the item that could not be read."""

    def breaking() -> Iterator[Any]:
        yield from map(new, range(good))
        raise OSError("disk")

    outcomes, error = run_broken(CREATE, breaking())
    full = good - good % SIZE
    assert results(outcomes) == [Result.CREATED] * full + [Result.NOT_SENT] * (good % SIZE)
    assert error.index == good
    assert isinstance(error.__cause__, OSError)
    assert str(error).startswith(f"interrupted at item {good} by OSError; before it: ")


def test_what_waits_for_a_later_call_is_reported_too() -> None:
    """A second change of a tracking has its outcome, though the input broke before its call."""

    def breaking() -> Iterator[Any]:
        yield {**new(1), "title": "X"}
        yield {**new(1), "title": "Y"}
        raise OSError("disk")

    outcomes, error = run_broken(UPDATE, breaking())

    assert results(outcomes) == [Result.NOT_SENT] * 2
    assert error.index == 2


@pytest.mark.parametrize(("is_sent", "result"), [(True, Result.UNKNOWN), (False, Result.NOT_SENT)])
def test_a_foreign_error_of_a_call_interrupts(*, is_sent: bool, result: ItemResult) -> None:
    """An error that is none of ours is not hidden among the outcomes, but none is lost either."""
    batch: Batcher[Any] = Batcher(CREATE)
    items: Iterable[Any] = [new(1)]
    chunks = chunks_of(batch, items)
    chunk = next(chunks)
    assert chunk.prepared
    chunk.prepared.in_doubt = is_sent
    outcomes = batch.settle(chunk, RuntimeError("closed"))

    assert results(outcomes) == [result]
    with pytest.raises(BatchInterrupted) as caught:
        next(chunks)
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert caught.value.in_doubt is is_sent


def test_a_report_is_a_sequence_with_counts() -> None:
    """It is iterated, indexed and counted; each result has its list."""
    outcomes = [Outcome(index, "x", result) for index, result in enumerate(ItemResult)]
    report = BatchReport(outcomes)

    assert list(report) == outcomes
    assert report[1] == outcomes[1]
    assert report[:2] == outcomes[:2]
    assert all(report.counts[result] == 1 for result in ItemResult)
    for result in ItemResult:
        assert [outcome.result for outcome in getattr(report, result)] == [result]
    assert results(report.failed) == [
        *(Result.NOT_FOUND, Result.REJECTED, Result.INVALID, Result.NOT_SENT, Result.UNKNOWN)
    ]
    assert repr(report).startswith("<BatchReport of 13 items: 1 created, ")
    assert str(BatchReport[str]()) == "no items"


def test_a_report_completes_duplicates() -> None:
    """A duplicate has code and message of its twin, though it is reported without them."""
    first = Outcome(0, "x", Result.REJECTED, code=4014, message="Bad.")
    report = BatchReport([first, Outcome(1, "x", Result.REJECTED, duplicate_of=0)])

    assert report[1] == Outcome(1, "x", Result.REJECTED, 4014, "Bad.", duplicate_of=0)


def test_a_report_raises_for_what_failed() -> None:
    """Not for what existed already; the error holds the report, its cause the failed call."""
    BatchReport([Outcome(0, "x", Result.ALREADY_EXISTED)]).raise_for_rejected()
    error = rejected(4021)
    report = BatchReport([Outcome(0, "x", Result.REJECTED, code=4021, error=error)], error)
    with pytest.raises(BatchRejected) as caught:
        report.raise_for_rejected()

    assert caught.value.report is report
    assert caught.value.__cause__ is error
    assert "1 of 1 items failed; the first is item 0, rejected with code 4021" in str(caught.value)
    wrong = InvalidInput("title", "is empty", 0)
    assert "invalid: title is empty" in Outcome(0, "x", Result.INVALID, error=wrong).summary


def test_a_summary_says_whether_the_result_is_uncertain() -> None:
    """A lost response leaves open whether the tracking is the call's own."""
    error = rejected(4016)
    certain = Outcome(0, "x", Result.ALREADY_EXISTED, 4016)
    assert certain.summary == "already existed with code 4016"
    error.in_doubt = True
    assert replace(certain, error=error).summary == "already existed (uncertain) with code 4016"
    assert replace(certain, result=Result.UNKNOWN, code=None).summary == "unknown"


def test_reports_survive_pickling() -> None:
    """So do the errors that hold one; their items are named by their keys."""
    key = models.TrackingKey(carrier_code="ups", tracking_number="12345")
    report = BatchReport([Outcome(0, key, Result.CREATED)], rejected(4021))
    assert list(pickle.loads(pickle.dumps(report))) == list(report)  # noqa: S301 - our own bytes
    for error in (BatchRejected(report), BatchInterrupted(report, 1)):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

        assert str(copy) == str(error)
        assert list(copy.report) == list(report)


def test_results_of_reads_are_merged() -> None:
    """Lists one after another, counts summed, statistics in the order of the routes."""
    area = models.RemoteArea(far_express_company="ups")
    areas = merge_areas(
        [
            models.RemoteAreas(submitted=2, remote=[area], other=[]),
            models.RemoteAreas(submitted=1, remote=[area]),
        ]
    )
    routes = [models.Route(carrier_code=code, original="CN", destination="US") for code in "abac"]
    times = [models.TransitTime(carrier_code=c, original="cn", destination="US") for c in "xBAA"]

    assert areas == models.RemoteAreas(submitted=3, remote=[area, area], other=[])
    assert [time.carrier_code for time in merge_times(routes, [times[:2], times[2:]])] == [
        *("A", "B", "A", "x")
    ]
    waybill = models.AirWaybill(track_number="1")
    assert merge_waybills([{"1": waybill}, {}, {"2": waybill}]) == {"1": waybill, "2": waybill}


def test_every_batch_has_a_limit() -> None:
    """The contract says of each batch how much one call takes."""
    limits = {
        id_: operation.batch.max_items for id_, operation in OPERATIONS.items() if operation.batch
    }

    assert {work.operation.id for work in (CREATE, UPDATE, DELETE)} <= limits.keys()
