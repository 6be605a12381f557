"""How verbs run that take several calls: they send, and wait; what is decided stands elsewhere."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import TypeVar

from trackingmore_v2._batch.batcher import Batcher, Chunk, Work
from trackingmore_v2._batch.inputs import AsyncSource, Items, Source
from trackingmore_v2._batch.results import BatchInterrupted, BatchReport, ItemVerdict, Outcome
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.runner import AsyncRunner, Runner
from trackingmore_v2._errors import TrackingMoreError

ItemT = TypeVar("ItemT")
PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")


def stream(run: Runner, work: Work[ItemT], items: Iterable[ItemT]) -> Iterator[Outcome[ItemT]]:
    """Send many items, and yield each outcome when it is known."""
    return _stream(run, Batcher(work), Source(items))


def stream_async(
    run: AsyncRunner, work: Work[ItemT], items: Items[ItemT]
) -> AsyncIterator[Outcome[ItemT]]:
    """Send many items, and yield each outcome when it is known."""
    return _stream_async(run, Batcher(work), AsyncSource(items))


def collect(run: Runner, work: Work[ItemT], items: Iterable[ItemT]) -> BatchReport[ItemT]:
    """Send many items, and report on all of them."""
    batch, report = Batcher(work), BatchReport[ItemT]()
    try:
        for outcome in _stream(run, batch, Source(items)):
            report.add(outcome)
    except BatchInterrupted as error:
        raise BatchInterrupted(report, error.index) from error.__cause__
    finally:
        report.error = batch.error
    return report


async def collect_async(
    run: AsyncRunner, work: Work[ItemT], items: Items[ItemT]
) -> BatchReport[ItemT]:
    """Send many items, and report on all of them."""
    batch, report = Batcher(work), BatchReport[ItemT]()
    try:
        async for outcome in _stream_async(run, batch, AsyncSource(items)):
            report.add(outcome)
    except BatchInterrupted as error:
        raise BatchInterrupted(report, error.index) from error.__cause__
    finally:
        report.error = batch.error
    return report


def gather(
    run: Runner,
    prepared_calls: Iterable[PreparedCall[PartT]],
    merge: Callable[[list[PartT]], ResultT],
) -> ResultT:
    """Run verbs one after the other, and merge what they read; a failure carries what was read."""
    parts: list[PartT] = []
    try:
        for prepared in prepared_calls:
            parts.append(run(prepared))  # noqa: PERF401 - the parts read before a failure are kept
    except TrackingMoreError as error:
        error.partial = merge(parts) if parts else None
        raise
    return merge(parts)


async def gather_async(
    run: AsyncRunner,
    prepared_calls: Iterable[PreparedCall[PartT]],
    merge: Callable[[list[PartT]], ResultT],
) -> ResultT:
    """Run verbs one after the other, and merge what they read; a failure carries what was read."""
    parts: list[PartT] = []
    try:
        for prepared in prepared_calls:
            parts.append(await run(prepared))  # noqa: PERF401 - as above
    except TrackingMoreError as error:
        error.partial = merge(parts) if parts else None
        raise
    return merge(parts)


async def listed(items: Items[ItemT]) -> Iterable[ItemT]:
    """Give an input as one that needs no awaiting; of an async one all is read."""
    if isinstance(items, AsyncIterable):
        return [item async for item in items]
    return items


def _stream(run: Runner, batch: Batcher[ItemT], source: Source[ItemT]) -> Iterator[Outcome[ItemT]]:
    while (chunk := next_chunk(batch, source)).items:
        said: list[ItemVerdict] | Exception | None = None
        try:
            if chunk.prepared:
                said = run(chunk.prepared)
        except Exception as error:  # noqa: BLE001 - the batch decides; what is not ours it raises
            said = error
        yield from batch.settle(chunk, said)
    batch.finish()


async def _stream_async(
    run: AsyncRunner, batch: Batcher[ItemT], source: AsyncSource[ItemT]
) -> AsyncIterator[Outcome[ItemT]]:
    while (chunk := await next_chunk_async(batch, source)).items:
        said: list[ItemVerdict] | Exception | None = None
        try:
            if chunk.prepared:
                said = await run(chunk.prepared)
        except Exception as error:  # noqa: BLE001 - the batch decides; what is not ours it raises
            said = error
        for outcome in batch.settle(chunk, said):
            yield outcome
    batch.finish()


def next_chunk(batch: Batcher[ItemT], source: Source[ItemT]) -> Chunk[ItemT]:
    """Read what the next chunk takes."""
    filling = batch.fill()
    try:
        limit = next(filling)
        while True:
            limit = filling.send(source.read(limit))
    except StopIteration as stop:
        chunk: Chunk[ItemT] = stop.value
        return chunk


async def next_chunk_async(batch: Batcher[ItemT], source: AsyncSource[ItemT]) -> Chunk[ItemT]:
    """Read what the next chunk takes."""
    filling = batch.fill()
    try:
        limit = next(filling)
        while True:
            limit = filling.send(await source.read(limit))
    except StopIteration as stop:
        chunk: Chunk[ItemT] = stop.value
        return chunk
