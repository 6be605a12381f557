"""Whose life it is: that of a program, or an ordinary one."""

from functools import lru_cache

from trackingmore_v2_sandbox.scenarios import generated, grammar, scripted
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, CarrierInfo


def plan_journey(
    carrier: CarrierInfo, tracking_number: str, created_at: int, destination: str | None = None
) -> Journey:
    """
    Plan the whole life of a parcel.

    Args:
        carrier: Who carries it.
        tracking_number: Its number.
        created_at: When it was registered, Unix seconds.
        destination: Country where it goes, if that is known; else the number tells.
    """
    return _plan(carrier.code, tracking_number, created_at, destination)


@lru_cache(maxsize=4096)
def _plan(
    carrier_code: str, tracking_number: str, created_at: int, destination: str | None
) -> Journey:
    carrier = CARRIERS[carrier_code]
    program = grammar.parse(tracking_number) if grammar.is_scenario(tracking_number) else None
    if program and program.life:
        return scripted.plan(carrier, program, program.life, created_at, destination)
    return generated.plan(carrier, tracking_number, created_at, destination)
