"""Selection of a tracking's journey: scripted by a scenario number, or generated."""

from functools import lru_cache

from trackingmore_v2_sandbox.scenarios import generated, grammar, scripted
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.reference_data import CarrierInfo


@lru_cache(maxsize=4096)
def plan_journey(
    carrier: CarrierInfo, tracking_number: str, created_at: int, destination: str | None = None
) -> Journey:
    """
    Return the complete journey of a parcel.

    Args:
        carrier: The carrier.
        tracking_number: The tracking number.
        created_at: When the tracking was created, Unix seconds.
        destination: Name or code of the destination country. Default: None, which leaves it to the
            number.
    """
    program = grammar.parse(tracking_number) if grammar.is_scenario(tracking_number) else None
    if program and program.journey:
        return scripted.plan(carrier, program, program.journey, created_at, destination)
    return generated.plan(carrier, tracking_number, created_at, destination)
