"""Blocking functions in worker threads."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from anyio import CapacityLimiter

ResultT = TypeVar("ResultT")


async def in_thread(
    function: Callable[[], ResultT], threads: "CapacityLimiter | None" = None
) -> ResultT:
    """
    Run a function in a worker thread, to its end even if the task is cancelled.

    Without a limiter of its own, it waits for a thread while other functions occupy all.
    """
    from anyio import CancelScope, to_thread  # noqa: PLC0415 - slow to import

    results: list[ResultT] = []
    with CancelScope(shield=True):
        await to_thread.run_sync(lambda: results.append(function()), limiter=threads)
    return results[0]
