# Derived from _async/shipping.py by codegen/derive_sync.py; do not edit.
"""Remote areas and transit times, independent of any tracking."""

from functools import partial

from trackingmore_v2 import _validation
from trackingmore_v2._batch.inputs import Items
from trackingmore_v2._batch.items import (
    PlaceItem,
    RouteItem,
    TypedPlaceItem,
    TypedRouteItem,
    Unknown,
)
from trackingmore_v2._batch.overloads import AnyItem, TakesRows
from trackingmore_v2._batch.queries import BatchQuery, merge_areas, merge_times
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._sync.batches import gather
from trackingmore_v2._sync.resource import Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.shipping import check_remote_areas, get_transit_times

_of_places = TakesRows[Items[TypedPlaceItem], Items[AnyItem]]()
_of_routes = TakesRows[Items[TypedRouteItem], Items[AnyItem]]()


class ShippingResource(Resource):
    """
    Remote areas and transit times: `client.shipping`.

    Every method can raise the errors below, besides those in its own docstring.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: The response cannot be parsed.
        TransportError: No response was received.
    """

    @_of_places
    def remote_areas(
        self, items: Items[PlaceItem], *, unknown: Unknown = "reject"
    ) -> models.RemoteAreas:
        """
        Check which places DHL, UPS, FedEx or TNT treat as remote areas, with a surcharge.

        Args:
            items: Any number of places, as `models.Place`, or as dicts or rows with the country and
                the postal code or town. Duplicates are sent once.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                such a row is invalid.

        Returns:
            `remote` has one entry for each company and place; `submitted` is the number of places
            sent.

        Raises:
            InvalidInput: A place is invalid; it was not sent.
            BatchInterrupted: The iterable raised an error.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation checkRemoteAreas.
        """
        query = BatchQuery(
            operation=check_remote_areas.OPERATION,
            check=_validation.row_checker(models.Place, unknown),
            prepare=lambda places: PreparedCall(
                check_remote_areas.call(places), lambda found: found.data
            ),
        )
        return gather(self._run, query, items, merge_areas)

    @_of_routes
    def transit_times(
        self, items: Items[RouteItem], *, unknown: Unknown = "reject"
    ) -> list[models.TransitTime]:
        """
        Return delivery-time statistics of carriers by route.

        Args:
            items: Any number of routes, as `models.Route`, or as dicts or rows with the carrier
                code and the two-letter countries of origin and destination. Duplicates are sent
                once.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                such a row is invalid.

        Returns:
            Shares of parcels by days in transit, in the order of the routes. Routes that the API
            omits are missing. The API does not document the scale of the shares.

        Raises:
            InvalidInput: A route is invalid; it was not sent.
            BatchInterrupted: The iterable raised an error.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation getTransitTimes.
        """
        model_of = _validation.row_checker(models.Route, unknown)
        checked: list[models.Route] = []  # in order, to return the results in this order

        def check(route: RouteItem, index: int) -> models.Route:
            checked.append(model_of(route, index))
            return checked[-1]

        query = BatchQuery(
            operation=get_transit_times.OPERATION,
            check=check,
            prepare=lambda routes: PreparedCall(
                get_transit_times.call(routes), lambda found: found.data
            ),
        )
        return gather(self._run, query, items, partial(merge_times, checked))
