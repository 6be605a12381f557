# Derived from _async/batches.py by codegen/derive_sync.py; do not edit.
"""Methods that take several calls: batches of any size, and queries whose results are merged."""

from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

from trackingmore_v2._batch.batcher import Batcher, Chunk
from trackingmore_v2._batch.inputs import Items, Source
from trackingmore_v2._batch.items import Unknown
from trackingmore_v2._batch.operations import BatchOperation, max_items_of
from trackingmore_v2._batch.queries import BatchQuery, CheckedT, PartT
from trackingmore_v2._batch.results import (
    BatchInterrupted,
    BatchReport,
    ItemVerdict,
    Outcome,
    attach_report,
)
from trackingmore_v2._calls.runner import Runner
from trackingmore_v2._errors import PartialResult, TrackingMoreError
from trackingmore_v2._scrubbing import scrub, scrubbed
from trackingmore_v2._sync.lists import TrackingList
from trackingmore_v2_api import models

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT", bound=PartialResult)


def stream(
    run: Runner,
    operation: BatchOperation[ItemT],
    items: Items[ItemT],
    unknown: Unknown = "reject",
) -> Iterator[Outcome[ItemT]]:
    """Send items in batches, and yield the outcomes of each call when it is done."""
    # Not a generator itself: an invalid argument raises here, not when the iteration starts.
    return _stream(run, Batcher(operation, unknown), _source(items))


def collect(
    run: Runner,
    operation: BatchOperation[ItemT],
    items: Items[ItemT],
    unknown: Unknown = "reject",
) -> BatchReport[ItemT]:
    """Send items in batches, and return the outcomes of all."""
    batch, outcomes = Batcher(operation, unknown), list[Outcome[ItemT]]()
    try:
        for outcome in _stream(run, batch, _source(items)):
            outcomes.append(outcome)
    except BatchInterrupted as error:
        # The batcher keeps no outcomes, so the report in its error is empty.
        report = BatchReport(outcomes, batch.error)
        raise BatchInterrupted(report, error.index, in_doubt=error.in_doubt) from error.__cause__
    except BaseException as error:
        attach_report(error, BatchReport(outcomes + batch.unreported, batch.error))
        raise
    return BatchReport(outcomes, batch.error)


def gather(
    run: Runner,
    query: BatchQuery[ItemT, CheckedT, PartT],
    items: Items[ItemT],
    merge: Callable[[list[PartT]], ResultT],
) -> ResultT:
    """Run the calls of a query one after the other, and merge their results."""
    parts: list[PartT] = []
    try:
        for chunk in _chunks(query, Source(items, query.name)):
            parts.append(run(query.prepare(chunk)))  # noqa: PERF401 - an error must not lose them
    except TrackingMoreError as error:
        error.partial = merge(parts) if parts else None
        raise
    return merge(parts)


def _chunks(
    query: BatchQuery[ItemT, CheckedT, Any], source: Source[ItemT]
) -> Iterator[list[CheckedT]]:
    """Yield the checked items of each call, without duplicates."""
    limit, chunk, index = max_items_of(query.operation), list[CheckedT](), 0
    seen: set[CheckedT] = set()
    while (read := source.read(1)).items:
        checked = query.check(read.items[0], index)
        if checked not in seen:
            chunk.append(checked)
            seen.add(checked)
        if len(chunk) == limit:
            yield chunk
            chunk = []
        index += 1
    if isinstance(read.error, Exception):
        raise BatchInterrupted(BatchReport[ItemT](), index) from read.error
    if read.error:
        raise read.error
    if chunk:
        yield chunk


def _source(items: Items[ItemT]) -> Source[ItemT]:
    # A batch may change what a list returns, so a list is read to its end before the first call.
    keys: Any = _keys_of(items) if isinstance(items, TrackingList) else items
    return Source(keys)


def _keys_of(trackings: TrackingList) -> Generator[models.TrackingKey]:
    """Yield the keys of all trackings in a list, after the last one has been read."""
    keys = [
        models.TrackingKey(carrier_code=one.carrier_code, tracking_number=one.tracking_number)
        for one in trackings
    ]
    for key in keys:
        yield key


@scrubbed
def _stream(run: Runner, batch: Batcher[ItemT], source: Source[ItemT]) -> Iterator[Outcome[ItemT]]:
    # A chunk without a call has outcomes too: all its items are duplicates or invalid, or an
    # earlier error has stopped the sending.
    while (chunk := next_chunk(batch, source)).items:
        result: list[ItemVerdict] | Exception | None = None
        try:
            batch.check_interruption()
            if chunk.prepared:
                result = run(chunk.prepared)
        except Exception as error:  # noqa: BLE001 - finish() raises those that are unexpected
            scrub(error)  # it outlives this call, in the outcomes
            result = error
        except BaseException as error:
            # An interruption is raised at once; the outcomes of its request go with it.
            batch.unreported = batch.settle(chunk, error if chunk.prepared else None)
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
