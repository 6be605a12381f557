"""
What stands under `data`: every shape of a tracking, with the keys in the order of the wire.

The shapes are those of the recordings of 2019 to 2021.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from typing import Final

import msgspec

from trackingmore_v2_sandbox.core.tracking_state import TrackingState, observe_at
from trackingmore_v2_sandbox.http.envelope import ascii_json
from trackingmore_v2_sandbox.scenarios import JourneyCheckpoint
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, CarrierInfo
from trackingmore_v2_sandbox.store import TrackingRecord

_DAY: Final = 24 * 3600
_MILESTONES: Final = (
    "ItemReceived",
    "ItemDispatched",
    "DepartfromAirport",
    "ArrivalfromAbroad",
    "CustomsClearance",
    "DestinationArrived",
)


def created(tracking: TrackingRecord) -> dict[str, object]:
    """Give the shape of a parcel just created, alone or in a batch."""
    return {
        "id": tracking.id,
        "tracking_number": tracking.tracking_number,
        "carrier_code": tracking.carrier_code,
        # Assumed: a number also when it is given; only the 0 was recorded.
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


def updated(seen: TrackingState) -> dict[str, object]:
    """
    Give the shape of a parcel after a change.

    Assumed: `updated_at` is the last look at the carrier, as it is when the parcel is read.
    """
    tracking = seen.tracking
    return {
        "id": tracking.id,
        "tracking_number": tracking.tracking_number,
        "carrier_code": tracking.carrier_code,
        "created_at": _iso(tracking.created_at),
        "updated_at": _iso_or_null(seen.looked_at),
        "customer_email": tracking.customer_email,
        "customer_name": tracking.customer_name,
        "customer_phone": tracking.customer_phone,
        "order_id": tracking.order_id,
        "title": tracking.title,
        "destination_code": tracking.destination_code,
        "logistics_channel": tracking.logistics_channel,
        "archived": tracking.archived,
        "status": seen.status,
    }


def tracking(seen: TrackingState) -> dict[str, object]:
    """
    Give the shape of a parcel that is read, alone or in a list.

    Assumed: `customer_phone` is an array of one number, or absent; both legs are absent while
    pending.
    """
    tracking = seen.tracking
    return {
        "id": tracking.id,
        "tracking_number": tracking.tracking_number,
        "carrier_code": tracking.carrier_code,
        "status": seen.status,
        "track_update": seen.is_refreshed,
        "created_at": _iso(tracking.created_at),
        "updated_at": _iso_or_null(seen.looked_at),
        "order_create_time": _order_time(tracking),
        "customer_email": _addresses(tracking),
        **({"customer_phone": [tracking.customer_phone]} if tracking.customer_phone else {}),
        "title": tracking.title or "",
        "order_id": tracking.order_id,
        "comment": tracking.comment,
        "customer_name": tracking.customer_name,
        "archived": tracking.archived,
        **_countries(seen),
        **_durations(seen),
        "service_code": None,
        "status_info": None,
        "substatus": seen.substatus,
        **({} if seen.looked_at is None else _legs(seen, with_reference=True)),
        **_last_event(seen),
    }


@lru_cache(maxsize=1024)
def written_tracking(record: TrackingRecord, looked_at: int | None) -> msgspec.Raw:
    """
    Write a parcel that is read alone.

    Between two looks at its carrier nothing of it changes, so the same is written only once.
    """
    return msgspec.Raw(ascii_json(tracking(observe_at(record, looked_at))))


def realtime(seen: TrackingState, order_create_time: str, destination: str) -> dict[str, object]:
    """Give the shape of a parcel whose carrier was asked on demand."""
    tracking = seen.tracking
    return {
        "id": tracking.id,
        "tracking_number": tracking.tracking_number,
        "carrier_code": tracking.carrier_code,
        "order_create_time": order_create_time,
        "destination_code": destination,
        "status": seen.status,
        "track_update": seen.is_refreshed,
        **_countries(seen),
        **_durations(seen),
        "service_code": None,
        "packageStatus": None,
        "substatus": seen.substatus,
        "last_mile_tracking_supported": None,
        **_legs(seen, with_reference=False),
        **_last_event(seen),
    }


def webhook_event(seen: TrackingState) -> dict[str, object]:
    """Give the shape of a parcel of which a webhook tells: the fields that are known to be sent."""
    tracking = seen.tracking
    return {
        "id": tracking.id,
        "tracking_number": tracking.tracking_number,
        "carrier_code": tracking.carrier_code,
        "status": seen.status,
        "created_at": _iso(tracking.created_at),
        "updated_at": _iso_or_null(seen.looked_at),
        "customer_email": _addresses(tracking),
        "title": tracking.title or "",
        "order_id": tracking.order_id,
        "customer_name": tracking.customer_name,
        **_countries(seen),
        "itemTimeLength": _durations(seen)["itemTimeLength"],
        "service_code": None,
        "substatus": seen.substatus,
        **({} if seen.looked_at is None else _legs(seen, with_reference=False)),
        **_last_event(seen),
    }


def _addresses(tracking: TrackingRecord) -> list[str] | str:
    """Give the customer's address: a single one goes in, and comes out in an array."""
    return [tracking.customer_email] if tracking.customer_email else ""


def _countries(seen: TrackingState) -> dict[str, object]:
    """
    Name the countries; an unknown destination is left out.

    Assumed: they are known as soon as there is news.
    """
    if not seen.report.checkpoints:
        return {"original_country": ""}
    return {
        "original_country": seen.journey.origin.name,
        "destination_country": seen.journey.destination.name,
    }


def _durations(seen: TrackingState) -> dict[str, object]:
    """
    Count days, rounded up, from the times as they are written, as the live API does.

    Assumed: there are none to count before the first news.
    """
    news = seen.report.checkpoints
    if seen.looked_at is None or not news:
        return {"itemTimeLength": None, "stayTimeLength": None}
    oldest, newest = news[0].local, news[-1].local
    end = newest if seen.status == "delivered" else seen.looked_at
    return {
        "itemTimeLength": _days(end - oldest),
        "stayTimeLength": _days(seen.looked_at - newest),
    }


def _days(seconds: int) -> int:
    # Carriers east of us write times that lie ahead of ours.
    return max(0, ceil(seconds / _DAY))


def _legs(seen: TrackingState, *, with_reference: bool) -> dict[str, object]:
    """
    Give both legs, or all news in the first when no second carrier takes over.

    Assumed: before the first news, the origin leg has no checkpoints but `trackinfo` null.
    """
    news = seen.report.checkpoints
    abroad = [each for each in news if each.in_destination]
    second = CARRIERS.get(seen.journey.destination_carrier or "") if abroad else None
    first = [each for each in news if not each.in_destination] if second else news
    reference = {"ReferenceNumber": None} if with_reference else {}
    return {
        "origin_info": {**reference, **_leg(seen.carrier, first)},
        "destination_info": _leg(second, abroad) if second else None,
    }


def _leg(carrier: CarrierInfo, news: Sequence[JourneyCheckpoint]) -> dict[str, object]:
    reached = {each.milestone: _wall_time(each) for each in news}
    return {
        **{milestone: reached.get(milestone) for milestone in _MILESTONES},
        "weblink": carrier.homepage or None,
        "phone": carrier.phone or None,
        "carrier_code": carrier.code,
        "trackinfo": [_checkpoint(each) for each in reversed(news)] or None,
    }


def _checkpoint(news: JourneyCheckpoint) -> dict[str, object]:
    return {
        "Date": _wall_time(news),
        "StatusDescription": news.text,
        "Details": news.city,
        "checkpoint_status": news.status,
        "substatus": news.substatus,
        **({"ItemNode": news.milestone} if news.milestone else {}),
    }


def _last_event(seen: TrackingState) -> dict[str, object]:
    """Sum the newest checkpoint up; while pending there is no `lastUpdateTime` at all (assumed)."""
    news = seen.report.checkpoints
    if seen.looked_at is None:
        return {"lastEvent": None}
    if not news:
        return {"lastEvent": None, "lastUpdateTime": None}
    newest = news[-1]
    parts = (newest.text, newest.city, _wall_time(newest))
    return {"lastEvent": ",".join(filter(None, parts)), "lastUpdateTime": _wall_time(newest)}


def _order_time(tracking: TrackingRecord) -> str | None:
    if tracking.ordered_at is None:
        return tracking.order_create_time
    return datetime.fromtimestamp(tracking.ordered_at, UTC).strftime("%Y-%m-%d %H:%M")


def _wall_time(news: JourneyCheckpoint) -> str:
    # Several times faster than strftime(), and most of an answer is made of these.
    return str(datetime.fromtimestamp(news.local, UTC))[: len("YYYY-MM-DD HH:MM:SS")]


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _iso_or_null(seconds: int | None) -> str | None:
    return None if seconds is None else _iso(seconds)
