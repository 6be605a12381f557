"""Fault instructions for tracking and air waybill numbers that make calls fail."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, assert_never, cast

from trackingmore_v2_api import Operation
from trackingmore_v2_sandbox.faults.instructions import (
    LONGEST,
    Code,
    Delay,
    Empty,
    Html,
    Instruction,
    NotJson,
    Status,
    Truncated,
)
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.scenarios.number_faults import air_waybill_failure_of, failure_of
from trackingmore_v2_sandbox.scenarios.program import (
    BrokenBody,
    Failure,
    HttpFailure,
    MetaFailure,
    ResponseDelay,
)


class RejectedByNumber(Rejection):
    """An item of a batch is rejected because of a failure in its tracking number."""


_BODIES: Final[Mapping[str, Instruction]] = {
    "json": Truncated(),
    "html": Html(200, after=True),
    "empty": Empty(),
    "garbage": NotJson(),
}


_AIR_CARGO: Final = "trackAirWaybills"


def fault_of_numbers(
    operation: Operation[Any], path: Mapping[str, str], body: object
) -> Instruction | None:
    """
    Return the fault for the numbers that a request names; None if it proceeds.

    A meta code in a batch rejects only its own item; `reject_by_number` does that.
    """
    find_failure = air_waybill_failure_of if operation.id == _AIR_CARGO else failure_of
    for number in _numbers(path, body):
        failure = find_failure(number) if isinstance(number, str) else None
        if failure is None or not failure.hits(operation.id):
            continue
        if not (isinstance(body, list) and isinstance(failure.effect, MetaFailure)):
            return instruction_of(failure)
    return None


def _numbers(path: Mapping[str, str], body: object) -> Sequence[object]:
    """Return the values in the place of a number: in the path, the body, or each batch item."""
    if isinstance(body, dict):
        fields = cast("Mapping[str, object]", body)
        value = fields.get("tracking_number") or fields.get("track_number")
        return cast("list[object]", value) if isinstance(value, list) else (value,)
    if isinstance(body, list):
        items = cast("list[object]", body)
        batch = [cast("Mapping[str, object]", item) for item in items if isinstance(item, dict)]
        return [fields.get("tracking_number") for fields in batch]
    return (path.get("tracking_number"),)


def reject_by_number(operation: Operation[Any], tracking_number: object) -> None:
    """
    Reject an item of a batch if its tracking number has a meta code failure for the operation.

    Raises:
        RejectedByNumber: The tracking number has one.
    """
    failure = failure_of(tracking_number) if isinstance(tracking_number, str) else None
    if failure and failure.hits(operation.id) and isinstance(failure.effect, MetaFailure):
        raise RejectedByNumber(failure.effect.code)


def instruction_of(failure: Failure) -> Instruction:
    """Return the instruction that has the effect of a failure."""
    effect = failure.effect
    match effect:
        case MetaFailure():
            return Code(effect.code)
        case HttpFailure():
            return Status(effect.status)
        case ResponseDelay():
            return Delay(min(effect.seconds, LONGEST))
        case BrokenBody():
            return _BODIES[effect.body]
        case _:
            assert_never(effect)
