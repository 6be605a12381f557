"""Batch operations on trackings, with one result per item."""

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

from msgspec.structs import replace

from trackingmore_v2_api import META_CODES, ApiCode, MetaCode, models
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, body_items, read_pair
from trackingmore_v2_sandbox.api.registration import Registration
from trackingmore_v2_sandbox.api.trackings import apply, find
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.http.envelope import Data, Rejection
from trackingmore_v2_sandbox.scenarios.number_faults import reject_by_number

T = TypeVar("T")
Fields: TypeAlias = dict[str, object]


def create(request: SandboxRequest) -> Data:
    """
    Create trackings.

    Assumed: the call succeeds even if every item is rejected.
    """
    registration = Registration(request)

    def add(fields: Fields) -> Fields:
        return serializers.created(registration.read(fields, models.CreateTrackingItem))

    response = _respond(request, add, "added")
    registration.store()
    return response


def update(request: SandboxRequest) -> Data:
    """
    Update the details of trackings.

    Assumed: the whole response, by analogy with the other batch operations.
    """

    def change(fields: Fields) -> Fields:
        apply(request, read_pair(fields, request.settings), fields, models.UpdateTrackingItem)
        return _pair_of(fields)

    return _respond(request, change, "updated")


def delete(request: SandboxRequest) -> Data:
    """
    Delete trackings.

    Assumed: rejected items are listed among the others, each with its own code.
    """

    def remove(fields: Fields) -> None:
        request.store.delete(find(request, read_pair(fields, request.settings)))

    request.catch_up()
    results = [_deletion(fields, rejection) for fields, rejection in _each(request, remove)]
    deleted = sum(result["code"] == ApiCode.SUCCESS for result in results)
    return {
        "submitted": len(results),
        "delete": deleted,
        "trackings": [{"meta": result} for result in results],
    }


def _deletion(fields: Fields, rejection: Rejection | None) -> Fields:
    success = META_CODES[ApiCode.SUCCESS]
    result = _result(fields, rejection or success)
    return {**result, "tracking_number": _text_of(fields, "tracking_number") or ""}


def stop_updates(request: SandboxRequest) -> Data:
    """
    Stop the background updates of trackings; they keep their last known state.

    Assumed: `track_update` becomes false, the fields of each item besides its number, and that
    rejected items are listed under `errors`.
    """

    def stop(fields: Fields) -> Fields:
        tracking = find(request, read_pair(fields, request.settings))
        if tracking.stopped_at is None:
            stopped = replace(tracking, stopped_at=request.now)
            request.time_engine.change(tracking, stopped, request.now)
        return _pair_of(fields)

    request.catch_up()
    return _respond(request, stop, "change")


def _respond(request: SandboxRequest, act: Callable[[Fields], Fields], counter: str) -> Data:
    """Apply an action to each item; `counter` is the name of the number of accepted ones."""
    outcomes = list(_each(request, act))
    done = [outcome for _, outcome in outcomes if not isinstance(outcome, Rejection)]
    return {
        "submitted": len(outcomes),
        counter: len(done),
        "trackings": done,
        "errors": [
            _result(fields, outcome)
            for fields, outcome in outcomes
            if isinstance(outcome, Rejection)
        ],
    }


def _each(
    request: SandboxRequest, act: Callable[[Fields], T]
) -> Iterator[tuple[Fields, T | Rejection]]:
    """
    Yield each item with the result of an action, or with its rejection.

    Assumed: an item with an invalid field is rejected alone, with 4012.

    Raises:
        Rejection: The body is not an array of objects, or has too many of them.
    """
    # In order, so that an item sees what the items before it changed.
    for fields in body_items(request):
        outcome: T | Rejection
        try:
            reject_by_number(request.operation, fields.get("tracking_number"))
            outcome = act(fields)
        except Rejection as rejection:
            outcome = rejection
        yield fields, outcome


def _pair_of(fields: Fields) -> Fields:
    return {name: fields[name] for name in ("tracking_number", "carrier_code")}


def _result(fields: Fields, meta: Rejection | MetaCode) -> Fields:
    return {
        **{name: _text_of(fields, name) for name in ("tracking_number", "carrier_code")},
        "code": meta.code,
        "message": meta.message,
    }


def _text_of(fields: Fields, name: str) -> str | None:
    # An array or an object is not echoed.
    value = fields.get(name)
    return value if isinstance(value, str) else None
