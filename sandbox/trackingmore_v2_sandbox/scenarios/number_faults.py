"""
Failures encoded in tracking numbers and air waybill numbers, as faults of the requests.

An air waybill number has no letters, so its failures use the prefix 000, which no airline has. The
first digit of the serial number selects the kind of failure, the other six digits its parameter.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from trackingmore_v2_api import ApiCode, Operation
from trackingmore_v2_sandbox.faults.instructions import Code, Instruction
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.scenarios import grammar
from trackingmore_v2_sandbox.scenarios.flights import serial_number
from trackingmore_v2_sandbox.scenarios.program import EFFECTS, Failure

AIR_WAYBILL_PREFIX: Final = "000"
_AIR_CARGO: Final = "trackAirWaybills"
_INVALID_PROGRAM: Final = Failure(EFFECTS["FAIL"](ApiCode.INVALID_TRACKING_NUMBER))
_EFFECTS: Final = tuple(EFFECTS.values())
"""By first digit."""


def failure_of(tracking_number: str) -> Failure | None:
    """Return the failure of calls with a tracking number; None if they succeed."""
    if not grammar.is_scenario(tracking_number):
        return None
    program = grammar.parse(tracking_number)
    return program.failure if program else _INVALID_PROGRAM


def air_waybill_failure_of(number: str) -> Failure | None:
    """Return the failure of calls with an air waybill number; None if they succeed."""
    serial = serial_number(number) if number.startswith(AIR_WAYBILL_PREFIX) else None
    if serial is None:
        return None
    try:
        return Failure(_EFFECTS[int(serial[0])](int(serial[1:])))
    except (ValueError, IndexError):
        return None


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
        # All other effects concern the whole response, whatever item asks for them.
        if not (isinstance(body, list) and isinstance(failure.effect, Code)):
            return failure.instruction
    return None


def _numbers(path: Mapping[str, str], body: object) -> Sequence[object]:
    """Return the values in the place of a number: in the path, the body, or each batch item."""
    if "tracking_number" in path:
        return (path["tracking_number"],)
    if isinstance(body, dict):
        fields = cast("Mapping[str, object]", body)
        value = fields.get("tracking_number") or fields.get("track_number")
        return cast("list[object]", value) if isinstance(value, list) else (value,)
    if isinstance(body, list):
        items = cast("list[object]", body)
        batch = [cast("Mapping[str, object]", item) for item in items if isinstance(item, dict)]
        return [fields.get("tracking_number") for fields in batch]
    return ()


def reject_by_number(operation: Operation[Any], tracking_number: object) -> None:
    """
    Reject an item of a batch if its tracking number has a meta code failure for the operation.

    Raises:
        Rejection: The tracking number has one.
    """
    failure = failure_of(tracking_number) if isinstance(tracking_number, str) else None
    if failure and failure.hits(operation.id) and isinstance(failure.effect, Code):
        raise Rejection(failure.effect.code)
