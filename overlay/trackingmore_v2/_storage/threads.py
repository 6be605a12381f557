"""Blocking functions in worker threads."""

from collections.abc import Callable
from typing import TypeVar

ResultT = TypeVar("ResultT")


async def in_thread(function: Callable[[], ResultT]) -> ResultT:
    """Run a function in a worker thread, to its end even if the task is cancelled."""
    from anyio import CancelScope, to_thread  # noqa: PLC0415 - slow to import

    results: list[ResultT] = []
    with CancelScope(shield=True):
        await to_thread.run_sync(lambda: results.append(function()))
    return results[0]
