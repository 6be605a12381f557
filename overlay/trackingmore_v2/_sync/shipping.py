# Derived from _async/shipping.py by codegen/derive_sync.py; do not edit.
"""Remote areas and transit times, independent of any tracking."""

from functools import partial
from typing import overload

from trackingmore_v2 import _validation
from trackingmore_v2._batch.chunking import cut, merge_areas, merge_times
from trackingmore_v2._batch.dict_displays import deprecated
from trackingmore_v2._batch.inputs import Items, listed
from trackingmore_v2._batch.items import (
    AnyPlaceItem,
    AnyRouteItem,
    PlaceItem,
    RouteItem,
    TypedPlaceItem,
    TypedRouteItem,
)
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._sync.batches import gather
from trackingmore_v2._sync.resource import Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.shipping import check_remote_areas, get_transit_times


class ShippingResource(Resource):
    """
    Remote areas and transit times: `client.shipping`.

    Every method can raise the errors below, besides those in its own docstring.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: The response cannot be parsed.
        TransportError: No response was received.
    """

    @overload
    def remote_areas(self, places: Items[TypedPlaceItem]) -> models.RemoteAreas: ...

    @overload
    @deprecated("an item is a dict with an unknown key, or with a value of another type")
    def remote_areas(
        self,
        places: Items[AnyPlaceItem],
    ) -> models.RemoteAreas: ...

    @overload
    def remote_areas(self, places: Items[PlaceItem]) -> models.RemoteAreas: ...

    def remote_areas(self, places: Items[PlaceItem]) -> models.RemoteAreas:
        """
        Check which places DHL, UPS, FedEx or TNT treat as remote areas, with a surcharge.

        Args:
            places: Any number of places, as `models.Place`, or as dicts or rows with the
                country and the postal code or town. Duplicates are sent once.

        Returns:
            `remote` has one entry for each company and place; `submitted` is the number of places
            sent.

        Raises:
            InvalidInput: A place is invalid; it was not sent.
            BatchInterrupted: The iterable raised an error.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation checkRemoteAreas.
        """
        items = listed(places)
        check = partial(_validation.model, models.Place)
        prepared_calls = (
            PreparedCall(check_remote_areas.call(chunk), lambda envelope: envelope.data)
            for chunk in cut(check_remote_areas.OPERATION, items, check)
        )
        return gather(self._run, prepared_calls, merge_areas)

    @overload
    def transit_times(self, routes: Items[TypedRouteItem]) -> list[models.TransitTime]: ...

    @overload
    @deprecated("an item is a dict with an unknown key, or with a value of another type")
    def transit_times(
        self,
        routes: Items[AnyRouteItem],
    ) -> list[models.TransitTime]: ...

    @overload
    def transit_times(self, routes: Items[RouteItem]) -> list[models.TransitTime]: ...

    def transit_times(self, routes: Items[RouteItem]) -> list[models.TransitTime]:
        """
        Return delivery-time statistics of carriers by route.

        Args:
            routes: Any number of routes, as `models.Route`, or as dicts or rows with the carrier
                code and the two-letter countries of origin and destination. Duplicates are sent
                once.

        Returns:
            Shares of parcels by days in transit, in the order of the routes. Routes that the API
            omits are missing. The API does not document the scale of the shares.

        Raises:
            InvalidInput: A route is invalid; it was not sent.
            BatchInterrupted: The iterable raised an error.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation getTransitTimes.
        """
        items = listed(routes)
        checked: list[models.Route] = []  # in order, to return the results in this order

        def check(route: RouteItem, index: int) -> models.Route:
            checked.append(_validation.model(models.Route, route, index))
            return checked[-1]

        prepared_calls = (
            PreparedCall(get_transit_times.call(chunk), lambda envelope: envelope.data)
            for chunk in cut(get_transit_times.OPERATION, items, check)
        )
        return gather(self._run, prepared_calls, partial(merge_times, checked))
