"""Time. Tests replace `CLOCK` by one that does not wait."""

import time
from datetime import datetime


class Clock:
    """The clock of the machine."""

    def seconds(self) -> float:
        """Return seconds since any moment, unaffected by changes of the system's time."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def local_time(self) -> datetime:
        """Return the time of day, for a person."""
        return datetime.now().astimezone()


CLOCK = Clock()
