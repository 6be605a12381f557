"""The account's trackings."""

from trackingmore_v2 import _validation
from trackingmore_v2._calls.flow import PreparedCall, RetryOutcome
from trackingmore_v2._errors import TrackingExists, TrackingNotFound
from trackingmore_v2._listing import filters as listing_filters
from trackingmore_v2._listing.filters import TimeWindowDict
from trackingmore_v2_api import models
from trackingmore_v2_api.operations import trackings as operations
from trackingmore_v2_api.options import (
    CreateTrackingRequestOptionsDict,
    RealtimeQueryOptionsDict,
    UpdateTrackingRequestOptionsDict,
)


def create(
    carrier_code: str, tracking_number: str, options: CreateTrackingRequestOptionsDict
) -> PreparedCall[models.CreatedTracking]:
    new = _validation.model(
        models.CreateTrackingRequest,
        models.CreateTrackingRequest(
            carrier_code=carrier_code, tracking_number=tracking_number, **options
        ),
    )
    return PreparedCall(
        operations.create_tracking.call(new),
        lambda envelope: envelope.data,
        retry_outcome=RetryOutcome(TrackingExists, _find_created(new)),
    )


def _find_created(new: models.CreateTrackingRequest) -> PreparedCall[models.CreatedTracking]:
    """Prepare the lookup of a tracking that an attempt without a response may have created."""

    def read(envelope: models.TrackingResponse) -> models.CreatedTracking:
        found = envelope.data
        # Different details mean that it existed before: the caller gets `TrackingExists`.
        for detail in ("title", "order_id", "customer_name", "comment"):
            if (getattr(new, detail) or None) != (getattr(found, detail) or None):
                raise LookupError(detail)
        return models.CreatedTracking(
            id=found.id,
            tracking_number=found.tracking_number,
            carrier_code=found.carrier_code,
            status=found.status,
            created_at=found.created_at,
            title=found.title,
            order_id=found.order_id,
            customer_name=found.customer_name,
            comment=found.comment,
        )

    return PreparedCall(operations.get_tracking.call(new.carrier_code, new.tracking_number), read)


def get(carrier_code: str, tracking_number: str, lang: str | None) -> PreparedCall[models.Tracking]:
    pair = _validation.carrier_code(carrier_code), _validation.tracking_number(tracking_number)
    language = _validation.language(lang)
    call = (
        operations.get_localized_tracking.call(*pair, language)
        if language
        else operations.get_tracking.call(*pair)
    )
    return PreparedCall(call, lambda envelope: envelope.data)


def update(
    carrier_code: str, tracking_number: str, changes: UpdateTrackingRequestOptionsDict
) -> PreparedCall[models.UpdatedTracking]:
    _validation.known("update", changes, UpdateTrackingRequestOptionsDict.__optional_keys__)
    pair = _validation.carrier_code(carrier_code), _validation.tracking_number(tracking_number)
    body = _validation.changes_by_keyword(changes)
    return PreparedCall(
        operations.update_tracking.call(*pair, body),
        lambda envelope: envelope.data,
    )


def delete(carrier_code: str, tracking_number: str) -> PreparedCall[None]:
    pair = _validation.carrier_code(carrier_code), _validation.tracking_number(tracking_number)
    # If the response was lost, a retry that finds nothing proves the deletion.
    deleted = RetryOutcome[None](TrackingNotFound, lambda: None)
    return PreparedCall(
        operations.delete_tracking.call(*pair), lambda _: None, retry_outcome=deleted
    )


def realtime(
    carrier_code: str,
    tracking_number: str,
    options: RealtimeQueryOptionsDict,
    lang: str | None,
) -> PreparedCall[models.RealtimeTracking]:
    if lang is not None:
        options = {"lang": lang, **options}
    query = models.RealtimeQuery(
        carrier_code=carrier_code, tracking_number=tracking_number, **options
    )
    return PreparedCall(
        operations.track_in_realtime.call(_validation.model(models.RealtimeQuery, query)),
        lambda envelope: envelope.data.items[0],
    )


def change_carrier(carrier_code: str, tracking_number: str, to: str) -> PreparedCall[None]:
    change = models.CarrierChange(
        carrier_code=carrier_code, tracking_number=tracking_number, update_carrier_code=to
    )
    checked = _validation.model(models.CarrierChange, change)
    # After a lost response, "not found" under the old carrier alone does not prove the move.
    find_moved = PreparedCall(
        operations.get_tracking.call(checked.update_carrier_code, checked.tracking_number),
        lambda _: None,
    )
    moved = RetryOutcome(TrackingNotFound, find_moved)
    return PreparedCall(
        operations.change_carrier.call(checked), lambda _: None, retry_outcome=moved
    )


def count_by_status(window: TimeWindowDict) -> PreparedCall[models.StatusCounts]:
    _validation.known("count_by_status", window, TimeWindowDict.__optional_keys__)
    return PreparedCall(
        operations.count_trackings.call(**listing_filters.span(window)),
        lambda envelope: envelope.data,
    )
