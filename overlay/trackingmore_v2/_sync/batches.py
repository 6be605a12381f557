# Derived from _async/batches.py by codegen/derive_sync.py; do not edit.
"""Methods that take several calls: batches of any size, and queries whose results are merged."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from trackingmore_v2._batch.batcher import Batcher, Chunk
from trackingmore_v2._batch.inputs import Items, Source
from trackingmore_v2._batch.items import Unknown
from trackingmore_v2._batch.operations import BatchOperation
from trackingmore_v2._batch.results import (
    BatchInterrupted,
    BatchReport,
    ItemVerdict,
    Outcome,
    attach_report,
)
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.runner import Runner
from trackingmore_v2._errors import PartialResult, TrackingMoreError

ItemT = TypeVar("ItemT")
PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT", bound=PartialResult)


def stream(
    run: Runner,
    operation: BatchOperation[ItemT],
    items: Items[ItemT],
    unknown: Unknown = "reject",
) -> Iterator[Outcome[ItemT]]:
    """Send items in batches, and yield the outcomes of each call when it is done."""
    # Not a generator itself: an invalid argument raises here, not when the iteration starts.
    return _stream(run, Batcher(operation, unknown), Source(items))


def collect(
    run: Runner,
    operation: BatchOperation[ItemT],
    items: Items[ItemT],
    unknown: Unknown = "reject",
) -> BatchReport[ItemT]:
    """Send items in batches, and return the outcomes of all."""
    batch, outcomes = Batcher(operation, unknown), list[Outcome[ItemT]]()
    try:
        for outcome in _stream(run, batch, Source(items)):
            outcomes.append(outcome)
    except BatchInterrupted as error:
        # The batcher keeps no outcomes, so the report in its error is empty.
        report = BatchReport(outcomes, batch.error)
        raise BatchInterrupted(report, error.index) from error.__cause__
    except BaseException as error:
        attach_report(error, BatchReport(outcomes + batch.unreported, batch.error))
        raise
    return BatchReport(outcomes, batch.error)


def gather(
    run: Runner,
    prepared_calls: Iterable[PreparedCall[PartT]],
    merge: Callable[[list[PartT]], ResultT],
) -> ResultT:
    """Run calls one after the other, and merge their results; an error carries those so far."""
    parts: list[PartT] = []
    try:
        for prepared in prepared_calls:
            parts.append(run(prepared))  # noqa: PERF401 - an error must not lose earlier parts
    except TrackingMoreError as error:
        error.partial = merge(parts) if parts else None
        raise
    return merge(parts)


def _stream(run: Runner, batch: Batcher[ItemT], source: Source[ItemT]) -> Iterator[Outcome[ItemT]]:
    # A chunk without a call has outcomes too: all its items are duplicates or invalid, or an
    # earlier error has stopped the sending.
    while (chunk := next_chunk(batch, source)).items:
        result: list[ItemVerdict] | Exception | None = None
        try:
            if chunk.prepared:
                result = run(chunk.prepared)
        except Exception as error:  # noqa: BLE001 - finish() raises those that are unexpected
            result = error
        except BaseException as error:
            # An interruption is raised at once; the outcomes of its request go with it.
            batch.unreported = batch.settle(chunk, error)
            attach_report(error, BatchReport(batch.unreported))
            raise
        for outcome in batch.settle(chunk, result):
            yield outcome
    batch.finish()


def next_chunk(batch: Batcher[ItemT], source: Source[ItemT]) -> Chunk[ItemT]:
    """Return the next chunk, reading the items that it takes."""
    filling = batch.fill()
    try:
        limit = next(filling)
        while True:
            limit = filling.send(source.read(limit))
    except StopIteration as stop:
        chunk: Chunk[ItemT] = stop.value
        return chunk
