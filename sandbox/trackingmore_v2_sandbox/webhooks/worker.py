"""Background tasks that apply due changes and send due webhooks, independently of requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct

from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.store.models import AccountRecord
from trackingmore_v2_sandbox.store.sql import Store, StoreUnavailable

WaitFor: TypeAlias = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits for an event, with a timeout in seconds."""


class StepResult(NamedTuple):
    """What a step has started, and when the next one is due."""

    attempts: Sequence[asyncio.Task[None]] = ()
    """Running attempts, each for another target."""

    delay: float | None = None
    """Seconds until the next step; None: none is needed after the attempts."""


WorkerStep: TypeAlias = Callable[[str], StepResult]
"""Does the due work of an account, and starts an attempt for each target that is free."""

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

    def __call__(self, account: str) -> StepResult:
        """
        Store all changes due by now, and start to attempt what is due for the targets.

        Returns:
            The attempts; the delay is in seconds of the machine's clock until more work is due, or
            `LONGEST` if none is known or the account's clock stands still. It is None if the
            account has no webhook target.
        """
        with self.store.transaction(write=False):
            owner = self.store.find_account(account)
            has_targets = bool(self.store.targets(account))
            next_at = self.store.next_due(account)
        attempts: list[asyncio.Task[None]] = []
        # Most steps find nothing, and take no lock.
        if next_at is not None and next_at <= self.time_engine.now(owner).timestamp():
            due = self.time_engine.claim_due(account)
            attempts = [self.time_engine.start_attempt(each, due.now) for each in due.claimed]
            next_at = due.next_at
        return StepResult(attempts, self._delay(owner, next_at) if has_targets else None)

    def _delay(self, owner: AccountRecord | None, next_at: int | None) -> float:
        # By the account's clock; its speed converts it to real seconds.
        speed = self.time_engine.speed(owner)
        if next_at is None or not speed:
            return LONGEST
        return (next_at - self.time_engine.now(owner).timestamp()) / speed


class WebhookWorker:
    """
    A background task for each account that runs a step when work is due, or when woken.

    Args:
        step: Does the due work of an account.
        accounts: Returns the accounts that need a task. Default: none but those that are started.
        wait: Waits between two steps. Default: `wait`.
    """

    def __init__(
        self,
        step: WorkerStep,
        accounts: Callable[[], Iterable[str]] = tuple,
        wait: WaitFor = wait,
    ) -> None:
        self._step = step
        self._accounts = accounts
        self._wait = wait
        self._tasks: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}
        self._attempts: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None

    def watch(self) -> None:
        """Start the tasks of all accounts that need one, now and later, until `stop()`."""
        self._watch = asyncio.create_task(self._start_all(), name="webhook accounts")

    def start(self, account: str) -> None:
        """Start the task of an account in the running event loop, or wake it if it runs."""
        existing = self._tasks.get(account)
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
        """Cancel all tasks. Attempts in progress are made again when a worker is started again."""
        tasks = [task for task, _ in self._tasks.values()]
        tasks += [*self._attempts, *([self._watch] if self._watch else [])]
        self._tasks.clear()
        alive = [task for task in tasks if _is_alive(task)]
        for task in alive:
            task.cancel()
        # A cancelled attempt still releases its target.
        await asyncio.gather(*alive, return_exceptions=True)

    async def _start_all(self) -> None:
        while True:
            try:
                # Another process may have added targets.
                for account in set(self._accounts()) - self._tasks.keys():
                    self.start(account)
            except Exception as error:  # noqa: BLE001 - the next search may succeed
                _report("the search for accounts with webhooks", error)
            await self._wait(asyncio.Event(), LONGEST)

    async def _run(self, account: str, woken: asyncio.Event) -> None:
        while True:
            # Cleared before the step, so that a wake-up during the step is not lost.
            woken.clear()
            attempts, delay = self._try_step(account)
            for attempt in attempts:
                self._attempts.add(attempt)
                attempt.add_done_callback(partial(self._finish, woken))
            if delay is None and not attempts:
                self._tasks.pop(account, None)
                return
            # At least a moment, so that an overdue delivery does not keep the loop busy.
            seconds = LONGEST if delay is None else min(max(delay, _SHORTEST), LONGEST)
            await self._wait(woken, seconds)

    def _finish(self, woken: asyncio.Event, attempt: asyncio.Task[None]) -> None:
        """Wake the worker for the next delivery, unless the attempt raised an error."""
        self._attempts.discard(attempt)
        if attempt.cancelled():
            return
        if error := attempt.exception():
            _report("an attempt of a delivery", error)
        else:
            woken.set()

    def _try_step(self, account: str) -> StepResult:
        try:
            return self._step(account)
        except Exception as error:  # noqa: BLE001 - the next step may succeed
            _report("due work of an account", error)
            return StepResult(delay=LONGEST)


def _report(work: str, error: BaseException) -> None:
    """Log an error, unless the store has reported it."""
    if not isinstance(error, StoreUnavailable):
        _logger.error("%s failed; retrying", work, exc_info=error)


def _is_alive(task: asyncio.Task[None]) -> bool:
    """Return whether a task runs in this event loop."""
    # A test client runs each request in a new event loop, where tasks of the last one never run.
    return not task.done() and task.get_loop() is asyncio.get_running_loop()
