"""Background tasks that apply due changes and send due webhooks, independently of requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias

from msgspec import Struct

from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.store.sql import Store, StoreUnavailable

WaitFor: TypeAlias = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits for an event, with a timeout in seconds."""

WorkerStep: TypeAlias = Callable[[str], Awaitable[float | None]]
"""Does the due work of an account, and returns the seconds until the next step; None: stop."""

LONGEST: Final = 1.0
"""Maximum seconds between two steps, because other processes can add work to the store."""

_SHORTEST: Final = 0.02
_logger = logging.getLogger(__name__.partition(".")[0])


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, with a timeout in seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class DueWork(Struct, frozen=True):
    """A `WorkerStep` that does what is due by the account's clock."""

    store: Store
    time_engine: TimeEngine

    async def __call__(self, account: str) -> float | None:
        """
        Do all due work of an account.

        Returns:
            Seconds of the machine's clock until more work is due, or `LONGEST` if none is known or
            the account's clock stands still; None if the account has no webhook target.
        """
        await self.time_engine.process_due(account)
        with self.store.transaction(write=False):
            if not self.store.targets(account):
                return None
            owner = self.store.find_account(account)
            due_at = self.store.next_due(account)
        if due_at is None:
            return LONGEST
        # By the account's clock; its speed converts it to real seconds.
        remaining = due_at - self.time_engine.now(owner).timestamp()
        speed = owner.clock_speed if owner else 1.0
        return remaining / speed if speed else LONGEST


class WebhookWorker:
    """
    A background task for each account that runs a step when work is due, or when woken.

    Args:
        step: Does the due work of an account.
        wait: Waits between two steps. Default: `wait`.
    """

    def __init__(self, step: WorkerStep, wait: WaitFor = wait) -> None:
        self._step = step
        self._wait = wait
        self._tasks: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}

    def start(self, account: str) -> None:
        """Start the task of an account in the running event loop, or wake it if it runs."""
        existing = self._tasks.get(account)
        # One task for each account, or two would compete for its deliveries.
        if existing and _is_alive(existing[0]):
            existing[1].set()
            return
        woken = asyncio.Event()
        task = asyncio.create_task(self._run(account, woken), name=f"webhook worker {account}")
        self._tasks[account] = task, woken

    def wake(self, account: str) -> None:
        """Run the next step of an account now, if its task was started."""
        if account in self._tasks:
            self.start(account)

    async def stop(self) -> None:
        """Cancel all tasks. Attempts in progress are retried when a worker is started again."""
        tasks = [task for task, _ in self._tasks.values() if _is_alive(task)]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        # A cancelled attempt still releases its delivery.
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, account: str, woken: asyncio.Event) -> None:
        while True:
            # Cleared before the step, so that a wake-up during the step is not lost.
            woken.clear()
            delay = await self._try_step(account)
            if delay is None:
                self._tasks.pop(account, None)
                return
            # At least a moment, so that an overdue delivery does not keep the loop busy.
            await self._wait(woken, min(max(delay, _SHORTEST), LONGEST))

    async def _try_step(self, account: str) -> float | None:
        try:
            return await self._step(account)
        except StoreUnavailable:  # The store has reported it.
            return LONGEST
        except Exception:
            _logger.exception("due work of an account failed; retrying")
            return LONGEST


def _is_alive(task: asyncio.Task[None]) -> bool:
    """Return whether a task runs in this event loop."""
    # A test client runs each request in a new event loop, where tasks of the last one never run.
    return not task.done() and task.get_loop() is asyncio.get_running_loop()
