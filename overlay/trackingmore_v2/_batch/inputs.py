"""Inputs of many items, read no further than the next call needs."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2 import _validation

ItemT = TypeVar("ItemT")

Items: TypeAlias = Iterable[ItemT] | AsyncIterable[ItemT]
"""What an async verb takes."""


class Read(Struct, Generic[ItemT], frozen=True):
    """What could be read."""

    items: list[ItemT]
    error: Exception | None = None
    """What the input raised after these."""


class Source(Generic[ItemT]):
    """
    An input that is iterated.

    Raises:
        InvalidInput: That is no iterable of items.
    """

    def __init__(self, items: Iterable[ItemT]) -> None:
        _validation.several("items", items)
        self._items: Iterator[ItemT] = iter(items)

    def read(self, limit: int) -> Read[ItemT]:
        """Read as many items, or as many as there are."""
        items: list[ItemT] = []
        try:
            items.extend(islice(self._items, limit))  # keeps what was read before an error
        except Exception as error:  # noqa: BLE001 - whatever the input raises
            return Read(items, error)
        return Read(items)


class AsyncSource(Generic[ItemT]):
    """
    An input that is iterated, awaited or not.

    Raises:
        InvalidInput: That is no iterable of items.
    """

    def __init__(self, items: Items[ItemT]) -> None:
        self._items: AsyncIterator[ItemT] | None = None
        if isinstance(items, AsyncIterable):
            self._items = aiter(items)
        else:
            self._source = Source(items)

    async def read(self, limit: int) -> Read[ItemT]:
        """Read as many items, or as many as there are."""
        if self._items is None:
            return self._source.read(limit)
        items: list[ItemT] = []
        try:
            while len(items) < limit:
                items.append(await anext(self._items))
        except StopAsyncIteration:
            pass
        except Exception as error:  # noqa: BLE001 - whatever the input raises
            return Read(items, error)
        return Read(items)
