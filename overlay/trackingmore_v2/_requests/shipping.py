"""Remote areas and transit times, independent of any tracking."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._batch.chunking import cut, merge_times
from trackingmore_v2._batch.items import PlaceItem, RouteItem
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.shipping import check_remote_areas, get_transit_times

TransitTimes: TypeAlias = list[models.TransitTime]


def remote_areas(places: Iterable[PlaceItem]) -> Iterator[PreparedCall[models.RemoteAreas]]:
    _validation.several("items", places)
    check = partial(_validation.model, models.Place)
    chunks = cut(check_remote_areas.OPERATION, places, check)
    return (
        PreparedCall(check_remote_areas.call(chunk), lambda envelope: envelope.data)
        for chunk in chunks
    )


class RouteBatch:
    """The routes of one call, kept so that the results can be returned in their order."""

    def __init__(self, routes: Iterable[RouteItem]) -> None:
        _validation.several("items", routes)
        self._routes = routes
        self._checked: list[models.Route] = []

    def prepared_calls(self) -> Iterator[PreparedCall[TransitTimes]]:
        for chunk in cut(get_transit_times.OPERATION, self._routes, self._check):
            yield PreparedCall(get_transit_times.call(chunk), lambda envelope: envelope.data)

    def merge(self, parts: list[TransitTimes]) -> TransitTimes:
        return merge_times(self._checked, parts)

    def _check(self, route: RouteItem, index: int) -> models.Route:
        self._checked.append(_validation.model(models.Route, route, index))
        return self._checked[-1]
