"""Signals that end the command, which cleans up first."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_NAMES: Final = ("SIGTERM", "SIGHUP")
"""Windows lacks the second."""


@contextmanager
def cleaning_up() -> Generator[None]:
    """
    Interrupt a command that is terminated, and end the process by the same signal afterwards.

    Without it, temporary files would stay and the cursor of the terminal would be hidden.
    """
    received: list[int] = []

    def interrupt(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # A second one waits for nothing.
        received.append(number)
        raise KeyboardInterrupt

    for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
        # `nohup` ignores hang-ups.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in received:
            signal.raise_signal(number)
