"""
Numbers that make calls fail.

Letters have no place in an air waybill number, so the prefix 000, which no airline has, is
reserved: the first digit of the serial number says what goes wrong, the other six say how.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
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
_NO_PROGRAM: Final = Failure(MetaFailure(4014))
_EFFECTS: Final[
    Mapping[str, Callable[[int], MetaFailure | HttpFailure | ResponseDelay | BrokenBody]]
] = MappingProxyType(
    {
        "0": MetaFailure,
        "1": HttpFailure,
        "2": ResponseDelay,
        "3": lambda which: BrokenBody(get_args(Body)[which]),
    }
)
"""By the first digit: a meta code, an HTTP status, seconds, or a body's place in the list."""


def failure_of(tracking_number: str) -> Failure | None:
    """Tell what goes wrong with calls that name a tracking number; None if nothing does."""
    if not grammar.is_scenario(tracking_number):
        return None
    program = grammar.parse(tracking_number)
    return program.failure if program else _NO_PROGRAM


def air_waybill_failure_of(number: str) -> Failure | None:
    """Tell what goes wrong with calls that name an air waybill number; None if nothing does."""
    serial = serial_number(number) if number.startswith(AIR_WAYBILL_PREFIX) else None
    effect = _EFFECTS.get(serial[0]) if serial else None
    if serial is None or effect is None:
        return None
    try:
        return Failure(effect(int(serial[1:])))
    except (ValueError, IndexError):
        return None
