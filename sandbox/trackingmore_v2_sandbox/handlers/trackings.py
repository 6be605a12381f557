"""Parcels that an account follows, one at a time."""

import re
from datetime import UTC, datetime
from typing import Final, TypeAlias

from msgspec.structs import replace

from trackingmore_v2_api import OPERATIONS, models
from trackingmore_v2_sandbox import answers
from trackingmore_v2_sandbox.envelope import Code, Data, Refusal
from trackingmore_v2_sandbox.handlers.account import credit_of
from trackingmore_v2_sandbox.observation import last_look, observe
from trackingmore_v2_sandbox.quota import shortage
from trackingmore_v2_sandbox.requests import (
    Pair,
    SandboxRequest,
    body_object,
    check_language,
    fit,
    read_carrier,
    read_pair,
)
from trackingmore_v2_sandbox.store import Parcel

New: TypeAlias = models.NewTracking | models.NewBatchTracking
Changes: TypeAlias = models.TrackingChanges | models.BatchTrackingChanges

_ORDER_TIME: Final = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?: ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_LAST_SECOND: Final = OPERATIONS["listTrackings"].bounds_of("order_created_time_max").maximum or 0
"""The last moment that an order can be asked for by."""

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
    return answers.created(register_new(request, body_object(request), models.NewTracking))


def get(request: SandboxRequest) -> Data:
    """Show a parcel as of the last look at its carrier."""
    check_language(request.path.get("lang"))
    parcel = find(request, read_pair(request.path))
    return answers.written_tracking(parcel, last_look(parcel, request.now))


def update(request: SandboxRequest) -> Data:
    """Change a parcel's details."""
    pair = read_pair(request.path)
    changed = apply(request, pair, body_object(request), models.TrackingChanges)
    return answers.updated(observe(changed, request.now))


def delete(request: SandboxRequest) -> Data:
    """Stop following a parcel."""
    request.keep_up()
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
    _check_auto_correct(query.auto_correct)
    request.keep_up()
    known = request.store.find(request.account, *pair)
    parcel = known or _register(request, _parcel_of_query(request, pair, query))
    looked = replace(parcel, looked_at=request.now)
    seen = observe(looked, request.now)
    if not seen.sight.checkpoints:
        raise Refusal(Code.NO_RESULT)
    request.passage.change(parcel, looked, request.now)
    order_create_time = query.order_create_time or parcel.order_create_time or ""
    destination = query.destination_code or parcel.destination_code or ""
    return {"items": [answers.realtime(seen, order_create_time, destination)]}


def change_carrier(request: SandboxRequest) -> Data:
    """
    Move a parcel to another carrier.

    Assumed: the move is free, the new carrier was never asked on demand, the id follows the pair;
    and which codes refuse it.
    """
    fields = body_object(request)
    request.keep_up()
    parcel = find(request, read_pair(fields))
    carrier = read_carrier(fields.get("update_carrier_code"))
    if request.store.find(request.account, carrier.code, parcel.tracking_number):
        raise Refusal(Code.TRACKING_EXISTS)
    moved = replace(parcel, carrier_code=carrier.code, looked_at=None)
    request.passage.change(parcel, moved, request.now)
    return {"Usertag": ""}


def find(request: SandboxRequest, pair: Pair) -> Parcel:
    """
    Get one of the account's parcels.

    Raises:
        Refusal: The account does not follow the pair.
    """
    parcel = request.store.find(request.account, *pair)
    if parcel is None:
        raise Refusal(Code.TRACKING_NOT_FOUND)
    return parcel


def register_new(request: SandboxRequest, fields: dict[str, object], model: type[New]) -> Parcel:
    """
    Register a parcel from the fields of a request.

    Raises:
        Refusal: They are wrong, the account follows the pair already, or its quota is used up.
    """
    pair = read_pair(fields)
    new = fit(fields, model)
    _check_auto_correct(new.auto_correct)
    if request.store.find(request.account, *pair):
        raise Refusal(Code.TRACKING_EXISTS)
    return _register(request, _parcel_of_new(request, pair, new))


def apply(
    request: SandboxRequest, pair: Pair, fields: dict[str, object], model: type[Changes]
) -> Parcel:
    """
    Change a parcel by the fields of a request.

    Assumed: an empty text clears, null does nothing, and 4033 refuses a status that cannot be set.

    Raises:
        Refusal: They are wrong, or the account does not follow the pair.
    """
    if fields.get("status") not in (None, *map(int, _SETTABLE), *_SETTABLE):
        raise Refusal(Code.INVALID_STATUS)
    changes = fit(fields, model)
    request.keep_up()
    parcel = find(request, pair)
    given = {name: getattr(changes, name, None) for name in _CHANGEABLE}
    details = {name: text or None for name, text in given.items() if text is not None}
    changed = replace(parcel, **details)
    if changes.archived is not None:
        changed = replace(changed, archived=changes.archived == "true")
    if changes.status is not None:
        changed = replace(changed, status=_SETTABLE[str(changes.status.value)])
    return request.passage.change(parcel, changed, request.now)


def _register(request: SandboxRequest, parcel: Parcel) -> Parcel:
    refusal = shortage(credit_of(request))
    if refusal and not request.store.has_paid(parcel):
        raise refusal
    request.store.charge(parcel)
    return request.passage.add(parcel, request.now)


def _parcel_of_new(request: SandboxRequest, pair: Pair, new: New) -> Parcel:
    return Parcel(
        account=request.account,
        carrier_code=pair.carrier_code,
        tracking_number=pair.tracking_number,
        created_at=request.now,
        title=new.title or None,
        logistics_channel=new.logistics_channel or None,
        customer_name=new.customer_name or None,
        customer_email=new.customer_email or None,
        customer_phone=new.customer_phone or None,
        order_id=new.order_id or None,
        order_create_time=new.order_create_time or None,
        ordered_at=_read_order_time(new.order_create_time),
        comment=new.comment or None,
        destination_code=new.destination_code or None,
    )


def _parcel_of_query(request: SandboxRequest, pair: Pair, query: models.RealtimeQuery) -> Parcel:
    return Parcel(
        account=request.account,
        carrier_code=pair.carrier_code,
        tracking_number=pair.tracking_number,
        created_at=request.now,
        order_id=query.order or None,
        order_create_time=query.order_create_time or None,
        ordered_at=_read_order_time(query.order_create_time),
        comment=query.comment or None,
        destination_code=query.destination_code or None,
    )


def _check_auto_correct(value: int | None) -> None:
    if value not in (None, 0, 1):
        raise Refusal(Code.INVALID_REQUEST)


def _read_order_time(text: str | None) -> int | None:
    """
    Read free text as Unix seconds, if it looks like one of the documented forms.

    Assumed: it is in UTC, and kept as it came when it cannot be read.
    """
    found = _ORDER_TIME.fullmatch(text or "")
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    seconds = int(moment.timestamp())
    return seconds if 0 < seconds <= _LAST_SECOND else None
