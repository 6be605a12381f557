"""Operation handlers: functions that take a request and return the `data` of its response."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from trackingmore_v2_sandbox.api import (
    account,
    air_waybills,
    batches,
    carriers,
    listing,
    shipping,
    trackings,
)
from trackingmore_v2_sandbox.api.parsing import SandboxRequest
from trackingmore_v2_sandbox.http.envelope import Data

Handler: TypeAlias = Callable[[SandboxRequest], Data]

HANDLERS: Final[Mapping[str, Handler]] = {
    "createTracking": trackings.create,
    "getTracking": trackings.get,
    "getLocalizedTracking": trackings.get,
    "updateTracking": trackings.update,
    "deleteTracking": trackings.delete,
    "createTrackingBatch": batches.create,
    "listTrackings": listing.page,
    "updateTrackingBatch": batches.update,
    "deleteTrackingBatch": batches.delete,
    "trackInRealtime": trackings.track_in_realtime,
    "changeCarrier": trackings.change_carrier,
    "getAccount": account.get,
    "countTrackings": listing.count_by_status,
    "stopTrackingUpdates": batches.stop_updates,
    "checkRemoteAreas": shipping.check_remote_areas,
    "getTransitTimes": shipping.get_transit_times,
    "trackAirWaybills": air_waybills.track,
    "listCarriers": carriers.list_all,
    "detectCarrier": carriers.detect,
}
"""The handler of each operation, by its id."""

READ_ONLY: Final[frozenset[Handler]] = frozenset({trackings.get, account.get, carriers.list_all})
"""Handlers that write nothing. Lists are not among them: they store the status changes due."""


def require_handlers(operation_ids: Iterable[str]) -> None:
    """
    Check that each operation of the contract has a handler.

    Raises:
        ValueError: An operation has none.
    """
    if missing := sorted(set(operation_ids) - HANDLERS.keys()):
        raise ValueError(f"no handler for {', '.join(missing)}; add it to HANDLERS in {__name__}")
