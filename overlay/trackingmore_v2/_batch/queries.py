"""Queries for many items, and their results merged."""

from collections.abc import Callable, Hashable, Iterable
from itertools import chain
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2_api import Operation, models

ItemT = TypeVar("ItemT")
CheckedT = TypeVar("CheckedT", bound=Hashable)
PartT = TypeVar("PartT")

_RouteKey: TypeAlias = tuple[str, ...]


class BatchQuery(Struct, Generic[ItemT, CheckedT, PartT], frozen=True, kw_only=True):
    """A query for any number of items, which may take several calls."""

    operation: Operation[Any]
    check: Callable[[ItemT, int], CheckedT]
    """Returns an item as it is sent; the integer is its index."""

    prepare: Callable[[list[CheckedT]], PreparedCall[PartT]]
    name: str = "items"
    """The name of the items in errors."""


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


def _route_key(route: models.Route | models.TransitTime) -> _RouteKey:
    """Return what identifies a route. The server may change the case of codes."""
    return tuple(
        (part or "").casefold() for part in (route.carrier_code, route.original, route.destination)
    )
