"""Batch operations on trackings, with one result per item."""

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from trackingmore_v2_api import META_CODES, models
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, body_items, read_pair
from trackingmore_v2_sandbox.api.registration import Registration
from trackingmore_v2_sandbox.api.trackings import apply, find
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.http.envelope import ApiCode, Data, Rejection
from trackingmore_v2_sandbox.scenarios.number_faults import RejectedByNumber, reject_by_number

T = TypeVar("T")


def create(request: SandboxRequest) -> Data:
    """
    Create trackings.

    Assumed: the call succeeds even if every item is rejected.
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
    Update the details of trackings.

    Assumed: the whole response, by analogy with the other batch operations.
    """

    def change(fields: dict[str, object]) -> dict[str, object]:
        apply(request, read_pair(fields), fields, models.UpdateTrackingItem)
        return _pair_of(fields)

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
    Delete trackings.

    Assumed: rejected items are listed among the others, each with its own code.
    """

    def remove(fields: dict[str, object]) -> dict[str, object]:
        try:
            reject_by_number(request.operation, fields.get("tracking_number"))
            request.store.delete(find(request, read_pair(fields)))
        except Rejection as rejection:
            if _spoils_all(rejection):
                raise
            return _result(fields, rejection.code, rejection.message)
        return _result(fields, ApiCode.SUCCESS, META_CODES[ApiCode.SUCCESS].message)

    request.catch_up()
    results = [remove(fields) for fields in body_items(request)]
    deleted = sum(result["code"] == ApiCode.SUCCESS for result in results)
    return {
        "submitted": len(results),
        "delete": deleted,
        "trackings": [{"meta": result} for result in results],
    }


def stop_updates(request: SandboxRequest) -> Data:
    """
    Stop the background updates of trackings; they keep their last known state.

    Assumed: `track_update` becomes false, the fields of each item besides its number, and that
    rejected items are listed under `errors`.
    """

    def stop(fields: dict[str, object]) -> dict[str, object]:
        tracking = find(request, read_pair(fields))
        if tracking.stopped_at is None:
            stopped = replace(tracking, stopped_at=request.now)
            request.time_engine.change(tracking, stopped, request.now)
        return _pair_of(fields)

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
    Apply an action to each item; return the results and the rejected items.

    Raises:
        Rejection: An item invalidates the whole batch.
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
    Return whether a rejected item invalidates the whole batch.

    Assumed: an item that cannot be parsed does.
    """
    # A scenario number that asks for 4012 fails only its own item, although the code is the same.
    is_unreadable = rejection.code == ApiCode.INVALID_REQUEST
    return is_unreadable and not isinstance(rejection, RejectedByNumber)


def _pair_of(fields: dict[str, object]) -> dict[str, object]:
    return {name: fields[name] for name in ("tracking_number", "carrier_code")}


def _result(fields: dict[str, object], code: int, message: str) -> dict[str, object]:
    return {
        "tracking_number": fields.get("tracking_number") or "",
        "carrier_code": _carrier_code(fields),
        "code": int(code),
        "message": message,
    }


def _carrier_code(fields: dict[str, object]) -> str | None:
    # An invalid tracking number is rejected before the carrier code is checked.
    code = fields.get("carrier_code")
    return code if isinstance(code, str) else None
