"""Looks after what becomes due in accounts with webhook targets, while nobody asks for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.store import Store

WaitFor: TypeAlias = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits for an event, but not longer than so many seconds."""

WorkerStep: TypeAlias = Callable[[str], Awaitable[float | None]]
"""
Does all that is due in an account, and tells in how many seconds to look again; None: never.
"""

LONGEST: Final = 1.0
"""Seconds between two looks: another process may have written something down meanwhile."""

_SHORTEST: Final = 0.02
_logger = logging.getLogger(__name__.partition(".")[0])


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not longer than so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


@dataclass(frozen=True, slots=True)
class DueWork:
    """Does what is due by an account's own clock."""

    store: Store
    time_engine: TimeEngine

    async def __call__(self, account: str) -> float | None:
        """
        Do all that is due.

        Returns:
            In how many seconds of the machine's clock there is more, as far as is known; None:
            there is no target any more.
        """
        await self.time_engine.process_due(account)
        with self.store.transaction(write=False):
            if not self.store.targets(account):
                return None
            owner = self.store.find_account(account)
            due_at = self.store.next_due(account)
        if due_at is None:
            return LONGEST
        left = due_at - self.time_engine.now(owner).timestamp()
        speed = owner.clock_speed if owner else 1.0
        return left / speed if speed else LONGEST


class WebhookWorker:
    """
    Tasks, one for each account, that do what is due when it is due, and whenever they are woken.

    Args:
        step: What they do.
        wait: How they wait.
    """

    def __init__(self, step: WorkerStep, wait: WaitFor = wait) -> None:
        self._step = step
        self._wait = wait
        self._tasks: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}

    def start(self, account: str) -> None:
        """Begin to look after an account, in the running event loop."""
        known = self._tasks.get(account)
        if known and _is_alive(known[0]):
            known[1].set()
            return
        woken = asyncio.Event()
        task = asyncio.create_task(self._look_after(account, woken), name=f"ticker {account}")
        self._tasks[account] = task, woken

    def wake(self, account: str) -> None:
        """Look after an account now, if that was begun."""
        if account in self._tasks:
            self.start(account)

    async def stop(self) -> None:
        """Leave everything alone from now on. What is being sent now will be sent again."""
        tasks = [task for task, _ in self._tasks.values() if _is_alive(task)]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_after(self, account: str, woken: asyncio.Event) -> None:
        while True:
            woken.clear()
            pause = await self._try_step(account)
            if pause is None:
                self._tasks.pop(account, None)
                return
            await self._wait(woken, min(max(pause, _SHORTEST), LONGEST))

    async def _try_step(self, account: str) -> float | None:
        try:
            return await self._step(account)
        except Exception:
            _logger.exception("what is due could not be done")
            return LONGEST


def _is_alive(task: asyncio.Task[None]) -> bool:
    """Tell whether a task goes on. A test client runs each request in an event loop of its own."""
    return not task.done() and task.get_loop() is asyncio.get_running_loop()
