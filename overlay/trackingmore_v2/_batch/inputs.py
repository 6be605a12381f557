"""Lazy readers for sync and async iterables."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2 import _validation

ItemT = TypeVar("ItemT")

Items: TypeAlias = Iterable[ItemT]
"""The items that a method of the sync client takes."""

AsyncItems: TypeAlias = Iterable[ItemT] | AsyncIterable[ItemT]
"""The items that a method of the async client takes."""


class Read(Struct, Generic[ItemT], frozen=True):
    """The result of reading from an input."""

    items: list[ItemT]
    error: BaseException | None = None
    """The error or interruption that the input raised after these items; None if it raised none."""


class Source(Generic[ItemT]):
    """
    A reader for an iterable.

    Args:
        items: The iterable.
        name: Its name in errors. Default: "items".

    Raises:
        InvalidInput: `items` is not an iterable of items.
    """

    def __init__(self, items: Iterable[ItemT], name: str = "items") -> None:
        _validation.several(name, items)
        self._items: Iterator[ItemT] = iter(items)

    def read(self, limit: int) -> Read[ItemT]:
        """Return the next items, at most `limit`; fewer only at the end or before an error."""
        items: list[ItemT] = []
        try:
            items.extend(islice(self._items, limit))  # keeps the items before an error
        except BaseException as error:  # noqa: BLE001 - the batch raises it, with a report
            return Read(items, error)
        return Read(items)


class AsyncSource(Generic[ItemT]):
    """
    A reader for an iterable or an async iterable.

    Args:
        items: The iterable.
        name: Its name in errors. Default: "items".

    Raises:
        InvalidInput: `items` is not an iterable of items.
    """

    def __init__(self, items: AsyncItems[ItemT], name: str = "items") -> None:
        self._items: AsyncIterator[ItemT] | None = None
        if isinstance(items, AsyncIterable):
            self._items = aiter(items)
        else:
            self._source = Source(items, name)

    async def read(self, limit: int) -> Read[ItemT]:
        """Return the next items, at most `limit`; fewer only at the end or before an error."""
        if self._items is None:
            return self._source.read(limit)
        items: list[ItemT] = []
        try:
            while len(items) < limit:
                items.append(await anext(self._items))
        except StopAsyncIteration:
            pass
        except BaseException as error:  # noqa: BLE001 - the batch raises it, with a report
            return Read(items, error)
        return Read(items)
