"""A memory of millions of items, in less than twenty bytes for each."""

import sys
from array import array
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

_DIGEST_SIZE: Final = 8
_FIRST_SLOTS: Final = 64


def _digest(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=_DIGEST_SIZE).digest()
    return int.from_bytes(digest, sys.byteorder, signed=True)


# Python's own hash is keyed and evenly spread, but has 64 bits on most machines only.
_hash: Final = hash if sys.hash_info.width == 8 * _DIGEST_SIZE else _digest


def digests(texts: Iterable[str]) -> "array[int]":
    """Give 64 bits for each text, evenly spread."""
    return array("q", map(_hash, texts))


class Deduplicator:
    """
    Knows which items of an input stood there before, and what became of each.

    Items are added in their order, and told apart by a digest of their name. Objects would need ten
    times the memory, hence arrays: digest and result of each item, and a table, open-addressed by
    digest, of which item was the last of its name.
    """

    def __init__(self) -> None:
        self.results = bytearray()
        """A number for each item, 0 until it is set."""

        self._names = array("q")
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
        while self._room < len(names):
            self._grow()
        # The same search as in slot(), written out: this runs once for each of a million items.
        table, known, mask = self._table, self._names, len(self._table) - 1
        last = len(known)
        for name in names:
            slot = name & mask
            while found := table[slot]:
                if known[found - 1] == name:
                    break
                slot = (slot + 1) & mask
            if found:
                break
            known.append(name)
            last += 1
            table[slot] = last
        new = last - len(self.results)
        self.results.extend(bytes(new))
        self._room -= new
        return new

    def skip(self) -> None:
        """Add an item that is not to be found."""
        self._names.append(0)
        self.results.append(0)

    def _grow(self) -> None:
        slots = 2 * len(self._table)
        self._room += slots * 3 // 8
        self._table = array("I")  # so that the memory never holds both
        self._table = table = array("I", [0]) * slots
        mask = slots - 1
        for last, name in enumerate(self._names, 1):
            if name:
                slot = name & mask
                while (found := table[slot]) and self._names[found - 1] != name:
                    slot = (slot + 1) & mask
                table[slot] = last
