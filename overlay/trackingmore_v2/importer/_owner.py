"""The process that owns a journal, and whether it is known to have ended."""

import os
import socket
from pathlib import Path
from secrets import token_hex
from typing import Final

from msgspec import Struct

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE: Final = Path("/proc/self/ns/pid")
_FINAL_STATES: Final = ("Z", "X")
"""States of processes that have ended, and whose parent has not noticed it yet."""


ENDED: Final[set[str]] = set()
"""Tokens of imports of this process that have ended, also if the journal could not be written."""


class Owner(Struct, frozen=True):
    """A process that owns a journal, or wants to."""

    token: str
    """A random text, which distinguishes it from the same process at another time."""

    host: str
    pid: int
    place: str
    """Where `pid` is unique until the host restarts; empty if that is unknown."""

    started: str
    """When the process started, by the kernel's clock; empty if that is unknown."""

    def has_ended(self) -> bool:
        """
        Return whether it is known to have ended.

        That is known of imports of this process, and on Linux of processes on this host.
        """
        if self.token in ENDED:
            return True
        if not self.place or self.place != _place():
            return False
        return _start_of(self.pid) != self.started


def this_process() -> Owner:
    """Return this process as an owner."""
    pid = os.getpid()
    return Owner(token_hex(8), socket.gethostname(), pid, _place(), _start_of(pid))


def _place() -> str:
    """Return what distinguishes this host, since its start, and this container from others."""
    try:
        return f"{_BOOT.read_text(encoding='ascii').strip()} {_NAMESPACE.readlink()}"
    except OSError:
        return ""


def _start_of(pid: int) -> str:
    """Return when a process started; empty if there is none that runs."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name of the program comes before, in parentheses, and may contain anything.
    state, *fields = text.rpartition(")")[2].split()
    return "" if state in _FINAL_STATES else fields[18]
