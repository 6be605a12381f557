"""
The lives of parcels and air waybills, and the numbers that choose them.

A life follows from the number alone, so the same number lives the same life on every machine.
Nothing here reads a clock or throws dice. A tracking number that begins with `SANDBOX-`, in any
case, is a program:

    number   = "SANDBOX-" ( failure [ "-" life ] | life ) [ "_" label ]

    life     = [ "SINCE-" time "-" ] state { "-" time "-" [ "TO-" country "-" ] state }
    state    = a status or substatus of the API, such as TRANSIT or PICKUP002
    time     = a whole number and S, M, H or D, at most ten years: 90S, 15M, 2H, 3D
    country  = two letters, once in a life: from there on it is told by that country's post

    failure  = ( "FAIL-" code | "HTTP-" status | "SLOW-" time | "BROKEN-" body ) [ "-ON-" call ]
    code     = a meta code that refuses, such as 4016
    status   = an HTTP status, 300 to 599
    body     = JSON (cut short) | HTML | EMPTY | GARBAGE
    call     = CREATE | GET | REALTIME | UPDATE | MOVE | STOP | DELETE | DETECT

    label    = up to 100 letters, digits, hyphens and underscores

A life begins when the parcel is registered, or the time after SINCE before that. A failure meets
every call that names the number, or only the call after ON. Where no life is given, it is that of
an ordinary number. A label changes nothing but the cities, and tells numbers of one program apart.
What begins with `SANDBOX-` and is no program is refused by every call, with 4014.
"""

from trackingmore_v2_sandbox.scenarios.flights import FlightPlan, plan_flights
from trackingmore_v2_sandbox.scenarios.journey import (
    CarrierReport,
    Journey,
    JourneyCheckpoint,
    State,
    look,
)
from trackingmore_v2_sandbox.scenarios.number_faults import air_waybill_failure_of, failure_of
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.program import (
    BrokenBody,
    Failure,
    HttpFailure,
    MetaFailure,
    ResponseDelay,
)

__all__ = [
    "BrokenBody",
    "CarrierReport",
    "Failure",
    "FlightPlan",
    "HttpFailure",
    "Journey",
    "JourneyCheckpoint",
    "MetaFailure",
    "ResponseDelay",
    "State",
    "air_waybill_failure_of",
    "failure_of",
    "look",
    "plan_flights",
    "plan_journey",
]
