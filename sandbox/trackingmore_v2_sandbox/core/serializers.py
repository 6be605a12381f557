"""
Serializers for trackings: every form found under `data`, with the keys in the API's order.

The forms follow responses recorded from 2019 to 2021.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Final

import msgspec

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.core.tracking_state import TrackingState, observe_at
from trackingmore_v2_sandbox.http.envelope import ascii_json
from trackingmore_v2_sandbox.scenarios.journey import JourneyCheckpoint
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, CarrierInfo
from trackingmore_v2_sandbox.store.models import TrackingRecord

_DAY: Final = 24 * 3600
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - to be formatted without a time zone
_MILESTONES: Final = tuple(milestone.value for milestone in models.Milestone)


def created(tracking: TrackingRecord) -> dict[str, object]:
    """Return a tracking as sent after its creation, alone or in a batch."""
    return {
        **_identity(tracking),
        # Assumed: a number for every order time; only the 0 for none was recorded.
        "order_create_time": tracking.ordered_at or 0,
        "status": "pending",
        "created_at": _iso(tracking.created_at),
        "customer_email": tracking.customer_email,
        "customer_name": tracking.customer_name,
        "customer_phone": tracking.customer_phone,
        "order_id": tracking.order_id,
        "comment": tracking.comment,
        "title": tracking.title,
        "logistics_channel": tracking.logistics_channel,
        "destination": tracking.destination_code or "",
    }


def updated(state: TrackingState) -> dict[str, object]:
    """
    Return a tracking as sent after an update.

    Assumed: `updated_at` is the time of the last poll of the carrier, as in `tracking()`.
    """
    tracking = state.tracking
    return {
        **_identity(tracking),
        "created_at": _iso(tracking.created_at),
        "updated_at": _iso_or_null(state.polled_at),
        "customer_email": tracking.customer_email,
        "customer_name": tracking.customer_name,
        "customer_phone": tracking.customer_phone,
        "order_id": tracking.order_id,
        "title": tracking.title,
        "destination_code": tracking.destination_code,
        "logistics_channel": tracking.logistics_channel,
        "archived": tracking.archived,
        "status": state.status,
    }


def tracking(state: TrackingState) -> dict[str, object]:
    """
    Return a tracking as sent by reads, alone or in a list.

    Assumed: `customer_phone` is an array of one number, or absent. Both legs are absent while
    pending.
    """
    tracking = state.tracking
    return {
        **_identity(tracking),
        "status": state.status,
        "track_update": state.is_refreshed,
        "created_at": _iso(tracking.created_at),
        "updated_at": _iso_or_null(state.polled_at),
        "order_create_time": _order_time(tracking),
        "customer_email": _addresses(tracking),
        **({"customer_phone": [tracking.customer_phone]} if tracking.customer_phone else {}),
        "title": tracking.title or "",
        "order_id": tracking.order_id,
        "comment": tracking.comment,
        "customer_name": tracking.customer_name,
        "archived": tracking.archived,
        **_countries(state),
        **_durations(state),
        "service_code": None,
        "status_info": None,
        "substatus": state.substatus,
        **({} if state.polled_at is None else _legs(state, with_reference=True)),
        **_last_event(state),
    }


@lru_cache(maxsize=1024)
def written_tracking(record: TrackingRecord, polled_at: int | None) -> msgspec.Raw:
    """
    Return a tracking as encoded JSON.

    The result is cached: a stored record looks the same from one poll of the carrier to the next.
    """
    return msgspec.Raw(ascii_json(tracking(observe_at(record, polled_at))))


def realtime(state: TrackingState, order_create_time: str, destination: str) -> dict[str, object]:
    """Return a tracking as sent by an on-demand poll of the carrier."""
    tracking = state.tracking
    return {
        **_identity(tracking),
        "order_create_time": order_create_time,
        "destination_code": destination,
        "status": state.status,
        "track_update": state.is_refreshed,
        **_countries(state),
        **_durations(state),
        "service_code": None,
        "packageStatus": None,
        "substatus": state.substatus,
        "last_mile_tracking_supported": None,
        **_legs(state, with_reference=False),
        **_last_event(state),
    }


def webhook_event(state: TrackingState) -> dict[str, object]:
    """Return a tracking as sent in a webhook, with the fields that webhooks are known to have."""
    tracking = state.tracking
    return {
        **_identity(tracking),
        "status": state.status,
        "created_at": _iso(tracking.created_at),
        "updated_at": _iso_or_null(state.polled_at),
        "customer_email": _addresses(tracking),
        "title": tracking.title or "",
        "order_id": tracking.order_id,
        "customer_name": tracking.customer_name,
        **_countries(state),
        "itemTimeLength": _durations(state)["itemTimeLength"],
        "service_code": None,
        "substatus": state.substatus,
        **({} if state.polled_at is None else _legs(state, with_reference=False)),
        **_last_event(state),
    }


def _identity(tracking: TrackingRecord) -> dict[str, object]:
    return {
        "id": tracking.id,
        "tracking_number": tracking.tracking_number,
        "carrier_code": tracking.carrier_code,
    }


def _addresses(tracking: TrackingRecord) -> list[str] | str:
    # Creation takes a single address, but reads return an array.
    return [tracking.customer_email] if tracking.customer_email else ""


def _countries(state: TrackingState) -> dict[str, object]:
    """
    Return the names of both countries; an unknown destination is omitted.

    Assumed: both are known from the first checkpoint on.
    """
    if not state.report.checkpoints:
        return {"original_country": ""}
    return {
        "original_country": state.journey.origin.name,
        "destination_country": state.journey.destination.name,
    }


def _durations(state: TrackingState) -> dict[str, object]:
    """
    Return durations in days, rounded up, computed from the local times in checkpoints.

    The live API ignores time zones in the same way.

    Assumed: durations are null before the first checkpoint.
    """
    checkpoints = state.report.checkpoints
    if state.polled_at is None or not checkpoints:
        return {"itemTimeLength": None, "stayTimeLength": None}
    oldest, newest = checkpoints[0].local, checkpoints[-1].local
    # The time of a delivered parcel no longer grows.
    end = newest if state.status == "delivered" else state.polled_at
    return {
        "itemTimeLength": _days(end - oldest),
        "stayTimeLength": _days(state.polled_at - newest),
    }


def _days(seconds: int) -> int:
    # Local times of carriers east of UTC can be later than the UTC time of the poll.
    return max(0, ceil(seconds / _DAY))


def _legs(state: TrackingState, *, with_reference: bool) -> dict[str, object]:
    """
    Return both legs; without a second carrier, all checkpoints are in the first.

    Assumed: before the first checkpoint, the `trackinfo` of the origin leg is null.
    """
    checkpoints = state.report.checkpoints
    abroad = [each for each in checkpoints if each.in_destination]
    # The second leg appears with its first checkpoint, not before.
    second = CARRIERS.get(state.journey.destination_carrier or "") if abroad else None
    first = [each for each in checkpoints if not each.in_destination] if second else checkpoints
    reference = {"ReferenceNumber": None} if with_reference else {}
    return {
        "origin_info": {**reference, **_leg(state.carrier, first)},
        "destination_info": _leg(second, abroad) if second else None,
    }


def _leg(carrier: CarrierInfo, checkpoints: Sequence[JourneyCheckpoint]) -> dict[str, object]:
    reached = {each.milestone: _wall_time(each) for each in checkpoints if each.milestone}
    return {
        **{milestone: reached.get(milestone) for milestone in _MILESTONES},
        "weblink": carrier.homepage or None,
        "phone": carrier.phone or None,
        "carrier_code": carrier.code,
        "trackinfo": [_checkpoint(each) for each in reversed(checkpoints)] or None,
    }


def _checkpoint(checkpoint: JourneyCheckpoint) -> dict[str, object]:
    return {
        "Date": _wall_time(checkpoint),
        "StatusDescription": checkpoint.text,
        "Details": checkpoint.city,
        "checkpoint_status": checkpoint.status,
        "substatus": checkpoint.substatus,
        **({"ItemNode": checkpoint.milestone} if checkpoint.milestone else {}),
    }


def _last_event(state: TrackingState) -> dict[str, object]:
    """Return a summary of the newest checkpoint; no `lastUpdateTime` while pending (assumed)."""
    checkpoints = state.report.checkpoints
    if state.polled_at is None:
        return {"lastEvent": None}
    if not checkpoints:
        return {"lastEvent": None, "lastUpdateTime": None}
    newest = checkpoints[-1]
    parts = (newest.text, newest.city, _wall_time(newest))
    return {"lastEvent": ",".join(filter(None, parts)), "lastUpdateTime": _wall_time(newest)}


def _order_time(tracking: TrackingRecord) -> str | None:
    if tracking.ordered_at is None:
        return tracking.order_create_time
    return datetime.fromtimestamp(tracking.ordered_at, UTC).strftime("%Y-%m-%d %H:%M")


def _wall_time(checkpoint: JourneyCheckpoint) -> str:
    return _format_local(checkpoint.local)


# A response has most times twice, and they dominate the cost of a long list.
@lru_cache(maxsize=1024)
def _format_local(seconds: int) -> str:
    # Several times faster than strftime().
    return str(_EPOCH + timedelta(seconds=seconds))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _iso_or_null(seconds: int | None) -> str | None:
    return None if seconds is None else _iso(seconds)
