"""Parcels that an account follows, one at a time."""

from typing import Final, TypeAlias

from msgspec.structs import replace

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.api.order_time import read_order_time
from trackingmore_v2_sandbox.api.parsing import (
    Pair,
    SandboxRequest,
    body_object,
    check_language,
    fit,
    read_carrier,
    read_pair,
)
from trackingmore_v2_sandbox.api.registration import Registration, check_auto_correct
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.tracking_state import last_look, observe
from trackingmore_v2_sandbox.http.envelope import ApiCode, Data, Rejection
from trackingmore_v2_sandbox.store import TrackingRecord

Changes: TypeAlias = models.UpdateTrackingRequest | models.UpdateTrackingItem

_SETTABLE: Final = {"4": "delivered", "7": "exception", "8": None}
"""Statuses that can be set by hand; 8 gives the parcel back to its carrier."""

_CHANGEABLE: Final = (
    "title",
    "logistics_channel",
    "customer_name",
    "customer_email",
    "customer_phone",
    "order_id",
    "destination_code",
)


def create(request: SandboxRequest) -> Data:
    """Register a parcel."""
    registration = Registration(request)
    tracking = registration.read(body_object(request), models.CreateTrackingRequest)
    registration.store()
    return serializers.created(tracking)


def get(request: SandboxRequest) -> Data:
    """Show a parcel as of the last look at its carrier."""
    check_language(request.path.get("lang"))
    tracking = find(request, read_pair(request.path))
    return serializers.written_tracking(tracking, last_look(tracking, request.now))


def update(request: SandboxRequest) -> Data:
    """Change a parcel's details."""
    pair = read_pair(request.path)
    changed = apply(request, pair, body_object(request), models.UpdateTrackingRequest)
    return serializers.updated(observe(changed, request.now))


def delete(request: SandboxRequest) -> Data:
    """Stop following a parcel."""
    request.catch_up()
    request.store.delete(find(request, read_pair(request.path)))
    return []


def track_in_realtime(request: SandboxRequest) -> Data:
    """
    Look at the carrier now.

    Assumed: a parcel that nobody follows yet is registered, unless there is no news of it.
    """
    fields = body_object(request)
    pair = read_pair(fields)
    query = fit(fields, models.RealtimeQuery)
    check_auto_correct(query.auto_correct)
    request.catch_up()
    tracking = request.store.find(request.account, *pair)
    if tracking is None:
        tracking = _tracking_of_query(request, pair, query)
        registration = Registration(request)
        registration.add(tracking)
        registration.store()
    looked = replace(tracking, looked_at=request.now)
    seen = observe(looked, request.now)
    if not seen.report.checkpoints:
        raise Rejection(ApiCode.NO_RESULT)
    request.time_engine.change(tracking, looked, request.now)
    order_create_time = query.order_create_time or tracking.order_create_time or ""
    destination = query.destination_code or tracking.destination_code or ""
    return {"items": [serializers.realtime(seen, order_create_time, destination)]}


def change_carrier(request: SandboxRequest) -> Data:
    """
    Move a parcel to another carrier.

    Assumed: the move is free, the new carrier was never asked on demand, the id follows the pair;
    and which codes refuse it.
    """
    fields = body_object(request)
    request.catch_up()
    tracking = find(request, read_pair(fields))
    carrier = read_carrier(fields.get("update_carrier_code"))
    if request.store.find(request.account, carrier.code, tracking.tracking_number):
        raise Rejection(ApiCode.TRACKING_EXISTS)
    moved = replace(tracking, carrier_code=carrier.code, looked_at=None)
    request.time_engine.change(tracking, moved, request.now)
    return {"Usertag": ""}


def find(request: SandboxRequest, pair: Pair) -> TrackingRecord:
    """
    Get one of the account's parcels.

    Raises:
        Refusal: The account does not follow the pair.
    """
    tracking = request.store.find(request.account, *pair)
    if tracking is None:
        raise Rejection(ApiCode.TRACKING_NOT_FOUND)
    return tracking


def apply(
    request: SandboxRequest, pair: Pair, fields: dict[str, object], model: type[Changes]
) -> TrackingRecord:
    """
    Change a parcel by the fields of a request.

    Assumed: an empty text clears, null does nothing, and 4033 refuses a status that cannot be set.

    Raises:
        Refusal: They are wrong, or the account does not follow the pair.
    """
    if fields.get("status") not in (None, *map(int, _SETTABLE), *_SETTABLE):
        raise Rejection(ApiCode.INVALID_STATUS)
    changes = fit(fields, model)
    request.catch_up()
    tracking = find(request, pair)
    given = {name: getattr(changes, name, None) for name in _CHANGEABLE}
    details = {name: text or None for name, text in given.items() if text is not None}
    changed = replace(tracking, **details)
    if changes.archived is not None:
        changed = replace(changed, archived=changes.archived == "true")
    if changes.status is not None:
        changed = replace(changed, status=_SETTABLE[str(changes.status.value)])
    return request.time_engine.change(tracking, changed, request.now)


def _tracking_of_query(
    request: SandboxRequest, pair: Pair, query: models.RealtimeQuery
) -> TrackingRecord:
    return TrackingRecord(
        account=request.account,
        carrier_code=pair.carrier_code,
        tracking_number=pair.tracking_number,
        created_at=request.now,
        order_id=query.order or None,
        order_create_time=query.order_create_time or None,
        ordered_at=read_order_time(query.order_create_time),
        comment=query.comment or None,
        destination_code=query.destination_code or None,
    )
