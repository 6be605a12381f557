"""Remote areas and transit times, independent of any tracking."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._batch.chunking import cut, merge_areas, merge_times
from trackingmore_v2._batch.drivers import gather, gather_async, listed
from trackingmore_v2._batch.inputs import Items
from trackingmore_v2._batch.items import PlaceItem, RouteItem, checked_model
from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.shipping import check_remote_areas, get_transit_times

TransitTimes: TypeAlias = list[models.TransitTime]


def _remote_areas(places: Iterable[PlaceItem]) -> Iterator[PreparedCall[models.RemoteAreas]]:
    _validation.several("items", places)
    check = partial(checked_model, models.Place)
    chunks = cut(check_remote_areas.OPERATION, places, check)
    return (
        prepare(check_remote_areas.call(chunk), lambda envelope: envelope.data) for chunk in chunks
    )


class _Routes:
    """The routes of one call, kept so that the results can be returned in their order."""

    def __init__(self, routes: Iterable[RouteItem]) -> None:
        _validation.several("items", routes)
        self._routes = routes
        self._checked: list[models.Route] = []

    def prepared_calls(self) -> Iterator[PreparedCall[TransitTimes]]:
        for chunk in cut(get_transit_times.OPERATION, self._routes, self._check):
            yield prepare(get_transit_times.call(chunk), lambda envelope: envelope.data)

    def merge(self, parts: list[TransitTimes]) -> TransitTimes:
        return merge_times(self._checked, parts)

    def _check(self, route: RouteItem, index: int) -> models.Route:
        self._checked.append(checked_model(models.Route, route, index))
        return self._checked[-1]


class ShippingResource(Resource):
    """Remote areas and transit times: `client.shipping`."""

    def remote_areas(self, places: Iterable[PlaceItem]) -> models.RemoteAreas:
        """
        Check which places DHL, UPS, FedEx or TNT treat as remote areas, with a surcharge.

        Args:
            places: Any number of places, as `models.Place` or as dicts with the country and the
                postal code or town. Duplicates are sent once.

        Returns:
            `remote` has one entry for each company and place; `submitted` is the number of places
            sent.

        Raises:
            InvalidInput: A place is invalid; it was not sent.
            BatchInterrupted: The iterable raised an error.
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation checkRemoteAreas.
        """
        return gather(self._run, _remote_areas(places), merge_areas)

    def transit_times(self, routes: Iterable[RouteItem]) -> TransitTimes:
        """
        Return delivery-time statistics of carriers by route.

        Args:
            routes: Any number of routes, as `models.Route` or as dicts with the carrier code and
                the two-letter countries of origin and destination. Duplicates are sent once.

        Returns:
            Shares of parcels by days in transit, in the order of the routes. Routes that the API
            omits are missing. The API does not document the scale of the shares.

        Raises:
            InvalidInput: A route is invalid; it was not sent.
            BatchInterrupted: The iterable raised an error.
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation getTransitTimes.
        """
        requested = _Routes(routes)
        return gather(self._run, requested.prepared_calls(), requested.merge)


class AsyncShippingResource(AsyncResource):
    """Remote areas and transit times: `client.shipping`."""

    async def remote_areas(self, places: Items[PlaceItem]) -> models.RemoteAreas:
        """Await `ShippingResource.remote_areas()`. Source: operation checkRemoteAreas."""
        return await gather_async(self._run, _remote_areas(await listed(places)), merge_areas)

    async def transit_times(self, routes: Items[RouteItem]) -> TransitTimes:
        """Await `ShippingResource.transit_times()`. Source: operation getTransitTimes."""
        requested = _Routes(await listed(routes))
        return await gather_async(self._run, requested.prepared_calls(), requested.merge)
