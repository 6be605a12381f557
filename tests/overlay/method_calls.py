"""A valid call of every method, by operation."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from trackingmore_v2 import BatchReport, models

NUMBER: Final = "LK664578623CN"
KEY: Final = models.TrackingKey(carrier_code="china-ems", tracking_number=NUMBER)
NEW: Final = models.CreateTrackingItem(carrier_code="china-ems", tracking_number=NUMBER)
CHANGE: Final = models.UpdateTrackingItem(
    carrier_code="china-ems", tracking_number=NUMBER, title="Teapot"
)

METHOD_CALLS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "createTracking": lambda client: client.trackings.create("china-ems", NUMBER, title="Pot"),
    "getTracking": lambda client: client.trackings.get("china-ems", NUMBER),
    "getLocalizedTracking": lambda client: client.trackings.get("china-ems", NUMBER, lang="en"),
    "updateTracking": lambda client: client.trackings.update(
        "china-ems", NUMBER, title="Teapot", archived=True, status=models.SettableStatus.DELIVERED
    ),
    "listTrackings": lambda client: client.trackings.list(numbers=[NUMBER]).first(),
    "countTrackings": lambda client: client.trackings.count_by_status(
        created_after=datetime(2020, 1, 1, tzinfo=UTC)
    ),
    "trackInRealtime": lambda client: client.trackings.realtime("china-ems", NUMBER, order="#1"),
    "stopTrackingUpdates": lambda client: client.trackings.stop_updates([KEY]),
    "updateTrackingBatch": lambda client: client.trackings.update_many([CHANGE]),
    "changeCarrier": lambda client: client.trackings.change_carrier("china-ems", NUMBER, to="usps"),
    "deleteTrackingBatch": lambda client: client.trackings.delete_many([KEY]),
    "createTrackingBatch": lambda client: client.trackings.create_many([NEW]),
    "deleteTracking": lambda client: client.trackings.delete("china-ems", NUMBER),
    "checkRemoteAreas": lambda client: client.shipping.remote_areas(
        [models.Place(country="Japan", postcode="7621094")]
    ),
    "getTransitTimes": lambda client: client.shipping.transit_times(
        [models.Route(carrier_code="dhl", original="CN", destination="US")]
    ),
    "trackAirWaybills": lambda client: client.air_waybills.track("172-28891936"),
    "listCarriers": lambda client: client.carriers.list(lang="en"),
    "detectCarrier": lambda client: client.carriers.detect("RN123456789CN"),
    "getAccount": lambda client: client.account.get(),
}
"""In an order in which each finds what it needs."""


def raise_for_rejected(result: object) -> None:
    """Raise the errors in the report of a batch; other methods raise their own."""
    if isinstance(result, BatchReport):
        result.raise_for_rejected()
