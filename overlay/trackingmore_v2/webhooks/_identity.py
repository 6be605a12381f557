"""What distinguishes an event from others, and which of two events of a tracking is newer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from math import inf
from typing import Final

from msgspec import Struct, json

from trackingmore_v2.timelines._parsing import EARLIEST, read_time
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2_api import models

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STAGES: Final = (
    models.TrackingStatus.PENDING,
    models.TrackingStatus.NOTFOUND,
    models.TrackingStatus.TRANSIT,
    None,  # an unknown status
    models.TrackingStatus.PICKUP,
    models.TrackingStatus.UNDELIVERED,
    models.TrackingStatus.EXCEPTION,
    models.TrackingStatus.EXPIRED,
    models.TrackingStatus.DELIVERED,
)
_WITHOUT_RESULT: Final = (models.TrackingStatus.PENDING, models.TrackingStatus.NOTFOUND)


class Order(Struct, frozen=True, order=True, array_like=True, gc=False):
    """
    What the events of a tracking are sorted by. Times are in Unix seconds; unknown ones are first.

    The time of creation comes first, since a tracking that is deleted and created again keeps its
    ID. Of two events with the same order, only one is handled.
    """

    created: float
    changed: float
    stage: int


def tracking_key_of(event: WebhookEvent) -> str:
    """Return a digest of the carrier and the number of the tracking."""
    return _digest(event.tracking.carrier_code, event.tracking.tracking_number)


def key_of(event: WebhookEvent) -> str:
    """Return a digest of the event, which is the same for each delivery of it."""
    tracking = event.tracking
    return _digest(
        tracking.carrier_code,
        tracking.tracking_number,
        _seconds(tracking.created_at),
        _seconds(tracking.updated_at),
        tracking.status,
        tracking.substatus,
        _newest_checkpoint(tracking),
    )


def order_of(event: WebhookEvent) -> Order:
    """Return what the event is sorted by among those of its tracking."""
    tracking = event.tracking
    status = tracking.status
    stage = _STAGES.index(status if status in _STAGES else None)
    return Order(_seconds(tracking.created_at), _seconds(_changed_at(event)), stage)


def _changed_at(event: WebhookEvent) -> datetime | None:
    tracking = event.tracking
    if tracking.updated_at:
        return tracking.updated_at
    checkpoint = _newest_checkpoint(tracking)
    time = read_time(checkpoint.date) if checkpoint else None
    if time:
        return time.replace(tzinfo=UTC)
    # A retry may be signed anew, and would seem newer than the first result.
    return None if tracking.status in _WITHOUT_RESULT else event.sent_at


def _newest_checkpoint(tracking: models.Tracking) -> models.Checkpoint | None:
    """Return the newest checkpoint of both legs; without times, the first one."""
    checkpoints = _checkpoints(tracking)
    return max(checkpoints, key=lambda each: read_time(each.date) or EARLIEST, default=None)


def _checkpoints(tracking: models.Tracking) -> Iterator[models.Checkpoint]:
    for leg in (tracking.origin_info, tracking.destination_info):
        yield from leg.track_info or () if leg else ()


def _seconds(time: datetime | None) -> float:
    # Unlike `timestamp()`, this works for each time that has an offset.
    return -inf if time is None else (time - _EPOCH).total_seconds()


def _digest(*values: object) -> str:
    return sha256(json.encode(values)).hexdigest()
