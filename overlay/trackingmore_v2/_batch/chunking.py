"""Queries for many items: split into calls without I/O, and their results merged."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeAlias, TypeVar

from trackingmore_v2._batch.inputs import Source
from trackingmore_v2._batch.operations import max_items_of
from trackingmore_v2._batch.results import BatchInterrupted, BatchReport
from trackingmore_v2_api import Operation, models

CheckedT = TypeVar("CheckedT", bound=Hashable)
ItemT = TypeVar("ItemT")

_RouteKey: TypeAlias = tuple[str, ...]


def cut(
    operation: Operation[Any], items: Iterable[ItemT], check: Callable[[ItemT, int], CheckedT]
) -> Iterator[list[CheckedT]]:
    """
    Yield the checked items of each call, without duplicates. Items are read lazily.

    Raises:
        InvalidInput: An item is invalid.
        BatchInterrupted: The iterable raised an error.
    """
    checked = _unique(check(item, index) for index, item in _numbered(items))
    while chunk := list(islice(checked, max_items_of(operation))):
        yield chunk


def _numbered(items: Iterable[ItemT]) -> Iterator[tuple[int, ItemT]]:
    # Not enumerate(): only errors of the iterable itself become a BatchInterrupted.
    source, index = Source(items), 0
    while (read := source.read(1)).items:
        yield index, read.items[0]
        index += 1
    if read.error:
        raise BatchInterrupted(BatchReport[ItemT](), index) from read.error


def merge_areas(parts: list[models.RemoteAreas]) -> models.RemoteAreas:
    """Return the entries of all results in order, with their counts summed."""
    return models.RemoteAreas(
        submitted=sum(part.submitted for part in parts),
        remote=list(chain.from_iterable(part.remote for part in parts)),
        other=list(chain.from_iterable(part.other or [] for part in parts)),
    )


def merge_times(
    routes: Iterable[models.Route], parts: list[list[models.TransitTime]]
) -> list[models.TransitTime]:
    """Return the transit times in the order of the routes; those of other routes come last."""
    requested = [_route_key(route) for route in routes]
    times: dict[_RouteKey, models.TransitTime] = {}
    for time in chain.from_iterable(parts):
        times.setdefault(_route_key(time), time)
    in_order = [times[key] for key in requested if key in times]
    others = times.keys() - set(requested)
    return in_order + [time for key, time in times.items() if key in others]


def merge_waybills(parts: list[dict[str, models.AirWaybill]]) -> dict[str, models.AirWaybill]:
    """Return the waybills of all results by number."""
    return {number: waybill for part in parts for number, waybill in part.items()}


def _unique(items: Iterable[CheckedT]) -> Iterator[CheckedT]:
    # Not `dict.fromkeys()`, which would read all items before the first call.
    seen: set[CheckedT] = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item


def _route_key(route: models.Route | models.TransitTime) -> _RouteKey:
    """Return what identifies a route. The server may change the case of codes."""
    return tuple(
        (part or "").casefold() for part in (route.carrier_code, route.original, route.destination)
    )
