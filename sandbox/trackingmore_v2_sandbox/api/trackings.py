"""Operations on a single tracking."""

from typing import Final, TypeAlias

from msgspec.structs import replace

from trackingmore_v2_api import ApiCode, models
from trackingmore_v2_sandbox.api.letter_case import hint_at_other_case
from trackingmore_v2_sandbox.api.parsing import (
    Pair,
    SandboxRequest,
    check_language,
    convert,
    read_carrier,
    read_pair,
)
from trackingmore_v2_sandbox.api.registration import Registration, tracking_of
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.tracking_state import last_poll, observe
from trackingmore_v2_sandbox.http.body import json_object
from trackingmore_v2_sandbox.http.envelope import Data, Rejection
from trackingmore_v2_sandbox.store.models import TrackingRecord

Changes: TypeAlias = models.UpdateTrackingRequest | models.UpdateTrackingItem

_SETTABLE: Final = {"4": "delivered", "7": "exception", "8": None}
"""Statuses that can be set manually; 8 restores the carrier's status."""

_NOT_DETAILS: Final = {*Pair._fields, "archived", "status"}
"""Fields of an update that are not stored as they are."""


def create(request: SandboxRequest) -> Data:
    """
    Create a tracking.

    Assumed: a pair that was deleted is created with 200 too. The provider's Chinese table of codes
    describes 201 as "added once before".
    """
    registration = Registration(request)
    tracking = registration.read(json_object(request.body), models.CreateTrackingRequest)
    registration.store()
    return serializers.created(tracking)


def get(request: SandboxRequest) -> Data:
    """
    Return a tracking in its last known state.

    Assumed: an unknown pair is rejected with 4017. That was seen for updates and deletions only;
    the live API may use 4031, which the provider's Chinese table describes as "not added yet".
    """
    check_language(request.path.get("lang"))
    tracking = find(request, read_pair(request.path, request.settings))
    return serializers.written_tracking(tracking, last_poll(tracking, request.now))


def update(request: SandboxRequest) -> Data:
    """Update the details of a tracking."""
    pair = read_pair(request.path, request.settings)
    changed = apply(request, pair, json_object(request.body), models.UpdateTrackingRequest)
    return serializers.updated(observe(changed, request.now))


def delete(request: SandboxRequest) -> Data:
    """Delete a tracking."""
    request.catch_up()
    request.store.delete(find(request, read_pair(request.path, request.settings)))
    return []


def track_in_realtime(request: SandboxRequest) -> Data:
    """
    Poll the carrier now and return the tracking.

    Assumed: an unknown tracking is created, unless it has no checkpoints yet.
    """
    fields = json_object(request.body)
    pair = read_pair(fields, request.settings)
    query = convert(fields, models.RealtimeQuery)
    request.catch_up()
    tracking = request.store.find(request.account, *pair)
    if tracking is None:
        tracking = tracking_of(request, query, order_id=query.order)
        registration = Registration(request)
        registration.add(tracking)
        registration.store()
    polled = replace(tracking, polled_at=request.now)
    state = observe(polled, request.now)
    if not state.report.checkpoints:
        # The rejection rolls the transaction back, so a tracking created above is not kept.
        raise Rejection(ApiCode.NO_RESULT)
    request.time_engine.change(tracking, polled, request.now)
    order_create_time = query.order_create_time or tracking.order_create_time or ""
    destination = query.destination_code or tracking.destination_code or ""
    return {"items": [serializers.realtime(state, order_create_time, destination)]}


def change_carrier(request: SandboxRequest) -> Data:
    """
    Move a tracking to another carrier.

    Assumed: the change is free, earlier on-demand polls do not count for the new carrier, the id
    follows the pair, and the codes of rejections.
    """
    fields = json_object(request.body)
    request.catch_up()
    tracking = find(request, read_pair(fields, request.settings))
    carrier = read_carrier(fields.get("update_carrier_code"), request.settings)
    # Moving a tracking onto itself is a conflict, too.
    if request.store.find(request.account, carrier.code, tracking.tracking_number):
        raise Rejection(ApiCode.TRACKING_EXISTS)
    # On-demand polls went to the old carrier.
    moved = replace(tracking, carrier_code=carrier.code, polled_at=None)
    request.time_engine.change(tracking, moved, request.now)
    return {"Usertag": ""}


def find(request: SandboxRequest, pair: Pair) -> TrackingRecord:
    """
    Return one of the account's trackings.

    Raises:
        Rejection: The account has no such tracking.
    """
    tracking = request.store.find(request.account, *pair)
    if tracking is None:
        hint_at_other_case(request, pair)
        raise Rejection(ApiCode.TRACKING_NOT_FOUND)
    return tracking


def apply(
    request: SandboxRequest, pair: Pair, fields: dict[str, object], model: type[Changes]
) -> TrackingRecord:
    """
    Update a tracking from the fields of a request and return it.

    Assumed: an empty string clears a field, null leaves it unchanged, and a status that cannot be
    set is rejected with 4033.

    Raises:
        Rejection: The fields are invalid, or the account has no such tracking.
    """
    # Before the conversion, which would reject the status with another code.
    if fields.get("status") not in (None, *map(int, _SETTABLE), *_SETTABLE):
        raise Rejection(ApiCode.INVALID_STATUS)
    changes = convert(fields, model)
    request.catch_up()
    tracking = find(request, pair)
    names = [name for name in changes.__struct_fields__ if name not in _NOT_DETAILS]
    given = {name: getattr(changes, name) for name in names}
    details = {name: text or None for name, text in given.items() if text is not None}
    changed = replace(tracking, **details)
    if changes.archived is not None:
        changed = replace(changed, archived=changes.archived == "true")
    if changes.status is not None:
        changed = replace(changed, status=_SETTABLE[str(changes.status.value)])
    return request.time_engine.change(tracking, changed, request.now)
