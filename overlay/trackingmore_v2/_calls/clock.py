"""Time as the client sees it: one place to read it, and to let it pass."""

import time


class CallClock:
    """A clock that only goes forward, and waits for real."""

    def now(self) -> float:
        """Give the present moment, in seconds since some moment in the past."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block for so long."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let others run for so long."""
        import asyncio  # noqa: PLC0415 - a blocking client never needs it

        await asyncio.sleep(seconds)
