"""A memory of millions of items, in less than twenty bytes for each."""

from array import array
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

_DIGEST_SIZE: Final = 8
_FIRST_SLOTS: Final = 64


def digests(texts: Iterable[bytes]) -> "array[int]":
    """Give 64 bits for each text, evenly spread."""
    found = array("Q")
    found.frombytes(b"".join([blake2b(text, digest_size=_DIGEST_SIZE).digest() for text in texts]))
    return found


class Seen:
    """
    Knows which items of an input stood there before, and what became of each.

    Items are added in their order, and told apart by a digest of their name. Objects would need ten
    times the memory, hence arrays: digest and result of each item, and a table, open-addressed by
    digest, of which item was the last of its name.
    """

    def __init__(self) -> None:
        self.results = bytearray()
        """A number for each item, 0 until it is set."""

        self._names = array("Q")
        """The digest of each item; 0 for one that is not to be found."""

        self._table = array("I", [0]) * _FIRST_SLOTS
        """Index of an item, plus one; 0 in a free slot. At least a quarter of them is free."""

        self._room = _FIRST_SLOTS * 3 // 4

    def __len__(self) -> int:
        return len(self.results)

    def slot(self, name: int) -> int:
        """Give the slot of a name, good until the next item is added."""
        table, names, mask = self._table, self._names, len(self._table) - 1
        slot = name & mask
        while (found := table[slot]) and names[found - 1] != name:
            slot = (slot + 1) & mask
        return slot

    def last(self, slot: int) -> int | None:
        """Give the index of the last item of a name, by its slot."""
        found = self._table[slot]
        return found - 1 if found else None

    def add(self, name: int, slot: int) -> None:
        """Add an item, which is the last of its name now."""
        self._names.append(name)
        self.results.append(0)
        if not self._table[slot]:
            self._room -= 1
        self._table[slot] = len(self._names)
        if not self._room:
            self._grow()

    def add_new(self, names: "array[int]") -> int:
        """Add items in their order, up to one whose name was met before; tell how many."""
        for count, name in enumerate(names):
            slot = self.slot(name)
            if self._table[slot]:
                return count
            self.add(name, slot)
        return len(names)

    def skip(self) -> None:
        """Add an item that is not to be found."""
        self._names.append(0)
        self.results.append(0)

    def _grow(self) -> None:
        slots = 2 * len(self._table)
        self._room = slots * 3 // 8
        self._table = array("I")  # so that the memory never holds both
        self._table = array("I", [0]) * slots
        for index, name in enumerate(self._names):
            if name:
                self._table[self.slot(name)] = index + 1
