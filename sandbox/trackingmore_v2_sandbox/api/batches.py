"""Parcels that an account follows, many at once: one verdict for each item."""

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from trackingmore_v2_api import META_CODES, models
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, body_items, read_pair
from trackingmore_v2_sandbox.api.registration import Registration
from trackingmore_v2_sandbox.api.trackings import apply, find
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.faults import RejectedByNumber, reject_by_number
from trackingmore_v2_sandbox.http.envelope import ApiCode, Data, Rejection

T = TypeVar("T")


def create(request: SandboxRequest) -> Data:
    """
    Register parcels.

    Assumed: the call succeeds also when all of them are refused.
    """
    items = body_items(request)
    registration = Registration(request)
    new, errors = _each(
        request,
        items,
        lambda fields: serializers.created(registration.read(fields, models.CreateTrackingItem)),
    )
    registration.store()
    return {"submitted": len(items), "added": len(new), "trackings": new, "errors": errors}


def update(request: SandboxRequest) -> Data:
    """
    Change the details of parcels.

    Assumed: the whole answer, along those to the other batches.
    """

    def change(fields: dict[str, object]) -> dict[str, object]:
        apply(request, read_pair(fields), fields, models.UpdateTrackingItem)
        return _name(fields)

    items = body_items(request)
    changed, errors = _each(request, items, change)
    return {
        "submitted": len(items),
        "updated": len(changed),
        "trackings": changed,
        "errors": errors,
    }


def delete(request: SandboxRequest) -> Data:
    """
    Stop following parcels.

    Assumed: refused items stand among the others, with their own code.
    """

    def remove(fields: dict[str, object]) -> dict[str, object]:
        try:
            reject_by_number(request.operation, fields.get("tracking_number"))
            request.store.delete(find(request, read_pair(fields)))
        except Rejection as rejection:
            if _spoils_all(rejection):
                raise
            return _verdict(fields, rejection.code, rejection.message)
        return _verdict(fields, ApiCode.SUCCESS, META_CODES[ApiCode.SUCCESS].message)

    request.catch_up()
    verdicts = [remove(fields) for fields in body_items(request)]
    deleted = sum(verdict["code"] == ApiCode.SUCCESS for verdict in verdicts)
    return {
        "submitted": len(verdicts),
        "delete": deleted,
        "trackings": [{"meta": verdict} for verdict in verdicts],
    }


def stop_updates(request: SandboxRequest) -> Data:
    """
    Freeze parcels at what the last look at their carrier showed.

    Assumed: `track_update` becomes false; what the answer says of each parcel but its number; and
    that those that are refused stand under `errors`.
    """

    def stop(fields: dict[str, object]) -> dict[str, object]:
        tracking = find(request, read_pair(fields))
        if tracking.stopped_at is None:
            stopped = replace(tracking, stopped_at=request.now)
            request.time_engine.change(tracking, stopped, request.now)
        return _name(fields)

    items = body_items(request)
    request.catch_up()
    stopped, errors = _each(request, items, stop)
    return {
        "submitted": len(items),
        "change": len(stopped),
        "trackings": stopped,
        "errors": errors,
    }


def _each(
    request: SandboxRequest,
    items: list[dict[str, object]],
    act: Callable[[dict[str, object]], T],
) -> tuple[list[T], list[dict[str, object]]]:
    """
    Do something with each item; give the results, and the refusals.

    Raises:
        Refusal: An item spoils the whole batch.
    """
    done: list[T] = []
    errors: list[dict[str, object]] = []
    for fields in items:
        try:
            reject_by_number(request.operation, fields.get("tracking_number"))
            done.append(act(fields))
        except Rejection as rejection:
            if _spoils_all(rejection):
                raise
            errors.append(
                {
                    "tracking_number": fields.get("tracking_number"),
                    "carrier_code": _carrier_code(fields),
                    "code": rejection.code,
                    "message": rejection.message,
                }
            )
    return done, errors


def _spoils_all(rejection: Rejection) -> bool:
    """
    Tell whether an item that is refused spoils the whole batch.

    Assumed: one that cannot be read at all does.
    """
    is_unreadable = rejection.code == ApiCode.INVALID_REQUEST
    return is_unreadable and not isinstance(rejection, RejectedByNumber)


def _name(fields: dict[str, object]) -> dict[str, object]:
    return {name: fields[name] for name in ("tracking_number", "carrier_code")}


def _verdict(fields: dict[str, object], code: int, message: str) -> dict[str, object]:
    return {
        "tracking_number": fields.get("tracking_number") or "",
        "carrier_code": _carrier_code(fields),
        "code": int(code),
        "message": message,
    }


def _carrier_code(fields: dict[str, object]) -> str | None:
    """Tell it as it was sent, if it is a text: a bad number is refused before it is looked at."""
    code = fields.get("carrier_code")
    return code if isinstance(code, str) else None
