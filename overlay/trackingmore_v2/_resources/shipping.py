"""Facts about places and routes, independent of any parcel."""

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
        prepare(check_remote_areas.call(some), lambda envelope: envelope.data) for some in chunks
    )


class _Routes:
    """Routes to ask for, remembered so that the answers can be put into their order."""

    def __init__(self, routes: Iterable[RouteItem]) -> None:
        _validation.several("items", routes)
        self._routes = routes
        self._asked: list[models.Route] = []

    def prepared_calls(self) -> Iterator[PreparedCall[TransitTimes]]:
        """Give the calls, each when it is asked for."""
        for some in cut(get_transit_times.OPERATION, self._routes, self._check):
            yield prepare(get_transit_times.call(some), lambda envelope: envelope.data)

    def merge(self, parts: list[TransitTimes]) -> TransitTimes:
        """Put the answers in order."""
        return merge_times(self._asked, parts)

    def _check(self, route: RouteItem, index: int) -> models.Route:
        self._asked.append(checked_model(models.Route, route, index))
        return self._asked[-1]


class ShippingResource(Resource):
    """Facts about places and routes: `client.shipping`."""

    def remote_areas(self, places: Iterable[PlaceItem]) -> models.RemoteAreas:
        """
        Tell which places DHL, UPS, FedEx or TNT call remote, and charge extra for.

        Args:
            places: Country and postal code, or town, of each place, as `models.Place` or as a dict;
                any number of them. The same place is asked for once.

        Returns:
            `remote` has one entry for each company and place, `submitted` counts what was sent.

        Raises:
            InvalidInput: A place is wrong, and was not sent.
            BatchInterrupted: The input raised an error.
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        What earlier calls had read is in the error's `partial`.

        Source: operation checkRemoteAreas.
        """
        return gather(self._run, _remote_areas(places), merge_areas)

    def transit_times(self, routes: Iterable[RouteItem]) -> TransitTimes:
        """
        Give delivery-time statistics of carriers on routes.

        Args:
            routes: Carrier code and two-letter countries of each route, as `models.Route` or as a
                dict; any number of them. The same route is asked for once.

        Returns:
            Shares of parcels by days taken, in the order of the routes, none where the API left a
            route out; the API does not state their scale.

        Raises:
            InvalidInput: A route is wrong, and was not sent.
            BatchInterrupted: The input raised an error.
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        What earlier calls had read is in the error's `partial`.

        Source: operation getTransitTimes.
        """
        asked = _Routes(routes)
        return gather(self._run, asked.prepared_calls(), asked.merge)


class AsyncShippingResource(AsyncResource):
    """Facts about places and routes: `client.shipping`."""

    async def remote_areas(self, places: Items[PlaceItem]) -> models.RemoteAreas:
        """Await `ShippingResource.remote_areas()`. Source: operation checkRemoteAreas."""
        return await gather_async(self._run, _remote_areas(await listed(places)), merge_areas)

    async def transit_times(self, routes: Items[RouteItem]) -> TransitTimes:
        """Await `ShippingResource.transit_times()`. Source: operation getTransitTimes."""
        asked = _Routes(await listed(routes))
        return await gather_async(self._run, asked.prepared_calls(), asked.merge)
