"""How verbs run that take several calls: they send, and wait; what is decided stands elsewhere."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import TypeVar

from trackingmore_v2._batch.batcher import Batch, Chunk, Work
from trackingmore_v2._batch.inputs import AsyncSource, Items, Source
from trackingmore_v2._batch.results import BatchInterrupted, BatchReport, Outcome, Verdict
from trackingmore_v2._calls.flow import Verb
from trackingmore_v2._calls.runner import AsyncRunner, Runner
from trackingmore_v2._errors import TrackingMoreError

ItemT = TypeVar("ItemT")
PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")


def stream(run: Runner, work: Work[ItemT], items: Iterable[ItemT]) -> Iterator[Outcome[ItemT]]:
    """Send many items, and yield each outcome when it is known."""
    return _stream(run, Batch(work), Source(items))


def stream_async(
    run: AsyncRunner, work: Work[ItemT], items: Items[ItemT]
) -> AsyncIterator[Outcome[ItemT]]:
    """Send many items, and yield each outcome when it is known."""
    return _stream_async(run, Batch(work), AsyncSource(items))


def collect(run: Runner, work: Work[ItemT], items: Iterable[ItemT]) -> BatchReport[ItemT]:
    """Send many items, and report on all of them."""
    batch, report = Batch(work), BatchReport[ItemT]()
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
    batch, report = Batch(work), BatchReport[ItemT]()
    try:
        async for outcome in _stream_async(run, batch, AsyncSource(items)):
            report.add(outcome)
    except BatchInterrupted as error:
        raise BatchInterrupted(report, error.index) from error.__cause__
    finally:
        report.error = batch.error
    return report


def gather(
    run: Runner, verbs: Iterable[Verb[PartT]], merge: Callable[[list[PartT]], ResultT]
) -> ResultT:
    """Run verbs one after the other, and merge what they read; a failure carries what was read."""
    parts: list[PartT] = []
    try:
        for verb in verbs:
            parts.append(run(verb))  # noqa: PERF401 - the parts read before a failure are kept
    except TrackingMoreError as error:
        error.partial = merge(parts) if parts else None
        raise
    return merge(parts)


async def gather_async(
    run: AsyncRunner, verbs: Iterable[Verb[PartT]], merge: Callable[[list[PartT]], ResultT]
) -> ResultT:
    """Run verbs one after the other, and merge what they read; a failure carries what was read."""
    parts: list[PartT] = []
    try:
        for verb in verbs:
            parts.append(await run(verb))  # noqa: PERF401 - as above
    except TrackingMoreError as error:
        error.partial = merge(parts) if parts else None
        raise
    return merge(parts)


async def listed(items: Items[ItemT]) -> Iterable[ItemT]:
    """Give an input as one that needs no awaiting; of an async one all is read."""
    if isinstance(items, AsyncIterable):
        return [item async for item in items]
    return items


def _stream(run: Runner, batch: Batch[ItemT], source: Source[ItemT]) -> Iterator[Outcome[ItemT]]:
    while (chunk := next_chunk(batch, source)).items:
        said: list[Verdict] | Exception | None = None
        try:
            if chunk.verb:
                said = run(chunk.verb)
        except Exception as error:  # noqa: BLE001 - the batch decides; what is not ours it raises
            said = error
        yield from batch.settle(chunk, said)
    batch.finish()


async def _stream_async(
    run: AsyncRunner, batch: Batch[ItemT], source: AsyncSource[ItemT]
) -> AsyncIterator[Outcome[ItemT]]:
    while (chunk := await next_chunk_async(batch, source)).items:
        said: list[Verdict] | Exception | None = None
        try:
            if chunk.verb:
                said = await run(chunk.verb)
        except Exception as error:  # noqa: BLE001 - the batch decides; what is not ours it raises
            said = error
        for outcome in batch.settle(chunk, said):
            yield outcome
    batch.finish()


def next_chunk(batch: Batch[ItemT], source: Source[ItemT]) -> Chunk[ItemT]:
    """Read what the next chunk takes."""
    filling = batch.fill()
    try:
        most = next(filling)
        while True:
            most = filling.send(source.read(most))
    except StopIteration as stop:
        chunk: Chunk[ItemT] = stop.value
        return chunk


async def next_chunk_async(batch: Batch[ItemT], source: AsyncSource[ItemT]) -> Chunk[ItemT]:
    """Read what the next chunk takes."""
    filling = batch.fill()
    try:
        most = next(filling)
        while True:
            most = filling.send(await source.read(most))
    except StopIteration as stop:
        chunk: Chunk[ItemT] = stop.value
        return chunk
