"""A target of hostile bytes."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Target(NamedTuple):
    """Something that reads bytes."""

    name: str
    run: Callable[[bytes], None]
    """Takes any bytes. What it raises is a fault, and the same bytes raise it again."""

    seeds: Callable[[], list[bytes]]
    """Inputs that make sense, for others to be made of."""

    tokens: Sequence[bytes] = ()
    """Pieces that mean something to it."""

    share: int = 1
    """How many inputs of a hundred are for it."""
