"""
Failures encoded in tracking numbers and air waybill numbers.

An air waybill number has no letters, so its failures use the prefix 000, which no airline has. The
first digit of the serial number selects the kind of failure, the other six digits its parameter.
"""

from collections.abc import Callable, Mapping
from typing import Final, get_args

from trackingmore_v2_sandbox.scenarios import grammar
from trackingmore_v2_sandbox.scenarios.flights import serial_number
from trackingmore_v2_sandbox.scenarios.program import (
    Body,
    BrokenBody,
    Failure,
    HttpFailure,
    MetaFailure,
    ResponseDelay,
)

AIR_WAYBILL_PREFIX: Final = "000"
_INVALID_PROGRAM: Final = Failure(MetaFailure(4014))
_EFFECTS: Final[
    Mapping[str, Callable[[int], MetaFailure | HttpFailure | ResponseDelay | BrokenBody]]
] = {
    "0": MetaFailure,
    "1": HttpFailure,
    "2": ResponseDelay,
    "3": lambda which: BrokenBody(get_args(Body)[which]),
}
"""By first digit. The parameter is a meta code, an HTTP status, seconds, or an index of `Body`."""


def failure_of(tracking_number: str) -> Failure | None:
    """Return the failure of calls with a tracking number; None if they succeed."""
    if not grammar.is_scenario(tracking_number):
        return None
    program = grammar.parse(tracking_number)
    return program.failure if program else _INVALID_PROGRAM


def air_waybill_failure_of(number: str) -> Failure | None:
    """Return the failure of calls with an air waybill number; None if they succeed."""
    serial = serial_number(number) if number.startswith(AIR_WAYBILL_PREFIX) else None
    effect = _EFFECTS.get(serial[0]) if serial else None
    if serial is None or effect is None:
        return None
    try:
        return Failure(effect(int(serial[1:])))
    except (ValueError, IndexError):
        return None
