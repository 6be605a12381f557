"""How verbs run that take several calls: they send, and wait; what is decided stands elsewhere."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TypeVar

from trackingmore_v2._batch import Batch
from trackingmore_v2._errors import BatchInterrupted, TrackingMoreError
from trackingmore_v2._flow import Verb
from trackingmore_v2._outcomes import BatchReport, Outcome, Verdict

from ._base import AsyncRunner, Runner

ItemT = TypeVar("ItemT")
PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")


def stream(run: Runner, batch: Batch[ItemT]) -> Iterator[Outcome[ItemT]]:
    """Send a batch, and yield each outcome when it is known."""
    for chunk in batch.chunks():
        said: list[Verdict] | None = None
        try:
            if chunk.verb:
                said = run(chunk.verb)
        except Exception as error:  # noqa: BLE001 - the batch decides; what is not ours it raises
            outcomes = batch.settle(chunk, error)
        else:
            outcomes = batch.settle(chunk, said)
        yield from outcomes


async def stream_async(run: AsyncRunner, batch: Batch[ItemT]) -> AsyncIterator[Outcome[ItemT]]:
    """Send a batch, and yield each outcome when it is known."""
    for chunk in batch.chunks():
        said: list[Verdict] | None = None
        try:
            if chunk.verb:
                said = await run(chunk.verb)
        except Exception as error:  # noqa: BLE001 - the batch decides; what is not ours it raises
            outcomes = batch.settle(chunk, error)
        else:
            outcomes = batch.settle(chunk, said)
        for outcome in outcomes:
            yield outcome


def collect(run: Runner, batch: Batch[ItemT]) -> BatchReport[ItemT]:
    """Send a batch, and report on all of it."""
    report = BatchReport[ItemT]()
    try:
        for outcome in stream(run, batch):
            report.add(outcome)
    except BatchInterrupted as error:
        raise BatchInterrupted(report, error.index) from error.__cause__
    finally:
        report.error = batch.error
    return report


async def collect_async(run: AsyncRunner, batch: Batch[ItemT]) -> BatchReport[ItemT]:
    """Send a batch, and report on all of it."""
    report = BatchReport[ItemT]()
    try:
        async for outcome in stream_async(run, batch):
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
