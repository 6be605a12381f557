# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""All operations by id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from trackingmore_v2_api.runtime import Operation

from . import account, air_waybills, carriers, shipping, trackings

_ALL: tuple[Operation[Any], ...] = (
    trackings.create_tracking.OPERATION,
    trackings.get_tracking.OPERATION,
    trackings.update_tracking.OPERATION,
    trackings.delete_tracking.OPERATION,
    trackings.get_localized_tracking.OPERATION,
    trackings.create_tracking_batch.OPERATION,
    trackings.list_trackings.OPERATION,
    trackings.update_tracking_batch.OPERATION,
    trackings.delete_tracking_batch.OPERATION,
    trackings.track_in_realtime.OPERATION,
    trackings.change_carrier.OPERATION,
    trackings.count_trackings.OPERATION,
    trackings.stop_tracking_updates.OPERATION,
    account.get_account.OPERATION,
    shipping.check_remote_areas.OPERATION,
    shipping.get_transit_times.OPERATION,
    air_waybills.track_air_waybills.OPERATION,
    carriers.list_carriers.OPERATION,
    carriers.detect_carrier.OPERATION,
)

OPERATIONS: Final[Mapping[str, Operation[Any]]] = MappingProxyType(
    {operation.id: operation for operation in sorted(_ALL, key=lambda operation: operation.id)}
)
"""Every operation of the contract by id, sorted by id."""
