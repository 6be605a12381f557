"""Questions about many things, cut into calls, and their answers merged. Nothing here does I/O."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeAlias, TypeVar

from trackingmore_v2._batch.batcher import max_items_of
from trackingmore_v2._batch.results import BatchInterrupted, BatchReport
from trackingmore_v2_api import Operation, models

AskedT = TypeVar("AskedT", bound=Hashable)
ItemT = TypeVar("ItemT")

_RouteName: TypeAlias = tuple[str, ...]


def cut(
    operation: Operation[Any], items: Iterable[ItemT], check: Callable[[ItemT, int], AskedT]
) -> Iterator[list[AskedT]]:
    """
    Check items as they are read, and cut them into calls; what was asked for is left out.

    Raises:
        InvalidInput: An item is wrong.
        BatchInterrupted: The input raised an error.
    """
    new = _unique(check(item, index) for index, item in _numbered(items))
    while some := list(islice(new, max_items_of(operation))):
        yield some


def _numbered(items: Iterable[ItemT]) -> Iterator[tuple[int, ItemT]]:
    rest, index = iter(items), 0
    while True:
        try:
            item = next(rest)
        except StopIteration:
            return
        except Exception as error:
            raise BatchInterrupted(BatchReport[ItemT](), index) from error
        yield index, item
        index += 1


def merge_areas(parts: list[models.RemoteAreas]) -> models.RemoteAreas:
    """Put answers together: entries one after another, counts summed."""
    return models.RemoteAreas(
        submitted=sum(part.submitted for part in parts),
        remote=list(chain.from_iterable(part.remote for part in parts)),
        other=list(chain.from_iterable(part.other or [] for part in parts)),
    )


def merge_times(
    routes: Iterable[models.Route], parts: list[list[models.TransitTime]]
) -> list[models.TransitTime]:
    """Put answers into the order of the routes; answers that fit no route come last."""
    asked = [_name(route) for route in routes]
    times: dict[_RouteName, models.TransitTime] = {}
    for time in chain.from_iterable(parts):
        times.setdefault(_name(time), time)
    answered = [times[name] for name in asked if name in times]
    strangers = times.keys() - set(asked)
    return answered + [time for name, time in times.items() if name in strangers]


def merge_waybills(parts: list[dict[str, models.AirWaybill]]) -> dict[str, models.AirWaybill]:
    """Put answers together."""
    return {number: waybill for part in parts for number, waybill in part.items()}


def _unique(items: Iterable[AskedT]) -> Iterator[AskedT]:
    known: set[AskedT] = set()
    for item in items:
        if item not in known:
            known.add(item)
            yield item


def _name(one: models.Route | models.TransitTime) -> _RouteName:
    """Name a route, whatever case the server prefers."""
    return tuple(
        (part or "").casefold() for part in (one.carrier_code, one.original, one.destination)
    )
