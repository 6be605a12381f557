"""Facts about places and routes, independent of any parcel."""

from collections.abc import Iterable

from trackingmore_v2 import _checks
from trackingmore_v2._flow import Verb, verb
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.shipping import check_remote_areas, get_transit_times

from ._base import AsyncResource, Resource


def _remote_areas(places: Iterable[models.Place]) -> Verb[models.RemoteAreas]:
    body = _checks.batch(check_remote_areas.OPERATION, places, models.Place)
    return verb(check_remote_areas.call(body), lambda answer: answer.data)


def _transit_times(routes: Iterable[models.Route]) -> Verb[list[models.TransitTime]]:
    body = _checks.batch(get_transit_times.OPERATION, routes, models.Route)
    return verb(get_transit_times.call(body), lambda answer: answer.data)


class Shipping(Resource):
    """Facts about places and routes: `client.shipping`."""

    def remote_areas(self, places: Iterable[models.Place]) -> models.RemoteAreas:
        """
        Tell which places DHL, UPS, FedEx or TNT call remote, and charge extra for.

        Args:
            places: Country and postal code, or town, of each place.

        Returns:
            `remote` has one entry for each company and place.

        Raises:
            InvalidInput: A place is wrong, or there are none or too many; nothing was sent.
            ApiError: The API refused.
            TransportError: No answer came.

        Source: operation checkRemoteAreas.
        """
        return self._run(_remote_areas(places))

    def transit_times(self, routes: Iterable[models.Route]) -> list[models.TransitTime]:
        """
        Give delivery-time statistics of carriers on routes.

        Args:
            routes: Carrier code and two-letter countries of each route.

        Returns:
            Shares of parcels by days taken; the API does not state their scale.

        Raises:
            InvalidInput: A route is wrong, or there are none or too many; nothing was sent.
            ApiError: The API refused.
            TransportError: No answer came.

        Source: operation getTransitTimes.
        """
        return self._run(_transit_times(routes))


class AsyncShipping(AsyncResource):
    """Facts about places and routes: `client.shipping`."""

    async def remote_areas(self, places: Iterable[models.Place]) -> models.RemoteAreas:
        """Await what `Shipping.remote_areas()` does. Source: operation checkRemoteAreas."""
        return await self._run(_remote_areas(places))

    async def transit_times(self, routes: Iterable[models.Route]) -> list[models.TransitTime]:
        """Await what `Shipping.transit_times()` does. Source: operation getTransitTimes."""
        return await self._run(_transit_times(routes))
