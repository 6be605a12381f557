"""
Long work on an account, in pieces, so that other requests are served in between.

The work is a generator that yields after each piece, outside any transaction.
"""

import asyncio
import gc
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")

Pieces: TypeAlias = Iterator[None]
"""Work in pieces of a few milliseconds; each step of the iterator does one."""

WORK: Final = 100
"""Work in one piece. A unit of it is to store a tracking or a delivery."""

_MANY: Final = 10
"""Number of pieces after which garbage is collected."""


def split(
    items: Iterable[T], work_of: Callable[[T], int] = lambda _: 1, limit: int = WORK
) -> Iterator[list[T]]:
    """
    Split items into lists, in order.

    Args:
        items: The items.
        work_of: Work of an item. Default: 1 for each.
        limit: Maximum work of a list. An item with more makes up a list of its own. Default:
            `WORK`.
    """
    piece: list[T] = []
    left = limit
    for item in items:
        work = work_of(item)
        if piece and work > left:
            yield piece
            piece, left = [], limit
        piece.append(item)
        left -= work
    if piece:
        yield piece


class PieceRunner:
    """Runs work in pieces, for each account one at a time in this process."""

    def __init__(self) -> None:
        # A lock is dropped with its last user.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, account: str, pieces: Pieces) -> None:
        """Do all pieces, and let the event loop do other work after each one."""
        async with self._locks.setdefault(account, asyncio.Lock()):
            done = 0
            for _ in pieces:
                done += 1
                await asyncio.sleep(0)
        # The next request would wait for it.
        if done >= _MANY:
            gc.collect()
