"""The clock of the client, which tests replace."""

import time


class CallClock:
    """A monotonic clock that sleeps in real time."""

    def now(self) -> float:
        """Return the current time in seconds since an arbitrary moment in the past."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the thread for this many seconds."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Suspend the task for this many seconds."""
        from anyio import sleep  # noqa: PLC0415 - slow to import

        await sleep(seconds)
