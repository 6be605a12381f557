"""
Lives of ordinary numbers: plausible, and always the same for a number and its carrier.

Assumed: all of it. The order of events is the one that recordings show.
"""

import re
from hashlib import sha256
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.checkpoints import tell
from trackingmore_v2_sandbox.scenarios.journey import (
    HOUR,
    Journey,
    JourneyCheckpoint,
    State,
    expiry,
)
from trackingmore_v2_sandbox.scenarios.reference_data import (
    COUNTRIES,
    CarrierInfo,
    Country,
    find_country,
)

_POSTAL_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9]{9}([A-Z]{2})")
_COUNTRIES: Final = tuple(COUNTRIES.values())


class _RouteStep(Struct, frozen=True):
    """A checkpoint of a route: `hours` after the one before it."""

    hours: int
    word: str
    abroad: bool = True


def _through_customs(departs: int, arrives: int, clears: int) -> tuple[_RouteStep, ...]:
    """Fly into another country, each step so many hours after the one before it."""
    return (
        _RouteStep(departs, "transit007", abroad=False),
        _RouteStep(arrives, "transit004"),
        _RouteStep(clears, "transit005"),
    )


_ACCEPTED: Final = _RouteStep(0, "transit001", abroad=False)
_AT_DELIVERY_OFFICE: Final = _RouteStep(20, "transit003")
_POST_ABROAD: Final = (
    _ACCEPTED,
    _RouteStep(8, "transit002", abroad=False),
    _RouteStep(14, "transit006", abroad=False),
    *_through_customs(departs=16, arrives=50, clears=10),
    _AT_DELIVERY_OFFICE,
)
_EXPRESS_ABROAD: Final = (
    _ACCEPTED,
    *_through_customs(departs=9, arrives=15, clears=4),
    _AT_DELIVERY_OFFICE,
)
_DOMESTIC: Final = (_ACCEPTED, _RouteStep(11, "transit002"), _AT_DELIVERY_OFFICE)

_OUT_FOR_DELIVERY: Final = _RouteStep(7, "pickup001")
_TO_BE_COLLECTED: Final = _RouteStep(6, "pickup002")
_DELIVERED: Final = (_OUT_FOR_DELIVERY, _RouteStep(5, "delivered001"))
_ENDINGS: Final = (
    *(_DELIVERED,) * 18,
    *((_OUT_FOR_DELIVERY, _RouteStep(5, "delivered003")),) * 2,
    (_OUT_FOR_DELIVERY, _RouteStep(6, "delivered004")),
    *((_OUT_FOR_DELIVERY, _RouteStep(5, "undelivered"), *_DELIVERED),) * 2,
    (_RouteStep(4, "pickup003"), *_DELIVERED),
    *((_TO_BE_COLLECTED, _RouteStep(40, "delivered002")),) * 2,
    (_TO_BE_COLLECTED, _RouteStep(150, "exception004"), _RouteStep(20, "exception011")),
    (_OUT_FOR_DELIVERY, _RouteStep(5, "exception009"), _RouteStep(20, "exception011")),
    (_RouteStep(6, "exception007"),),
    (),
    *(None,) * 2,
)
"""Picked by the number's hash. The empty one gets lost on its way; None never gives any news."""

_NEVER_EXPIRE: Final = frozenset({"delivered", "exception"})


def plan(
    carrier: CarrierInfo, tracking_number: str, created_at: int, destination: str | None
) -> Journey:
    """Plan a life; the carrier has had the parcel for up to three days when it is registered."""
    seed = sha256(f"{carrier.code}/{tracking_number}".encode()).digest()
    origin = _origin(carrier, tracking_number)
    goal = (find_country(destination) if destination else None) or _destination(origin, seed)
    abroad = goal != origin
    steps = _steps(carrier, seed, abroad=abroad)
    checkpoints = _checkpoints(steps, origin, goal, created_at, seed)
    expires_at = expiry(carrier, created_at)
    end = checkpoints[-1] if checkpoints else None
    return Journey(
        origin=origin,
        destination=goal,
        destination_carrier=goal.post if abroad and not carrier.is_express else None,
        checkpoints=checkpoints,
        states=_states(checkpoints, expires_at),
        expires_at=expires_at,
        settles_at=end.at if end and end.status == "delivered" else expires_at,
    )


def _origin(carrier: CarrierInfo, tracking_number: str) -> Country:
    postal = _POSTAL_NUMBER.fullmatch(tracking_number)
    named = COUNTRIES.get(postal.group(1)) if postal else None
    return named or COUNTRIES[carrier.country]


def _destination(origin: Country, seed: bytes) -> Country:
    stays_at_home = seed[4] % 4 == 0
    return origin if stays_at_home else _COUNTRIES[seed[5] % len(_COUNTRIES)]


def _steps(carrier: CarrierInfo, seed: bytes, *, abroad: bool) -> tuple[_RouteStep, ...]:
    ending = _ENDINGS[seed[0] % len(_ENDINGS)]
    if ending is None:
        return ()
    if not abroad:
        return _DOMESTIC + ending
    return (_EXPRESS_ABROAD if carrier.is_express else _POST_ABROAD) + ending


def _checkpoints(
    steps: tuple[_RouteStep, ...],
    origin: Country,
    destination: Country,
    created_at: int,
    seed: bytes,
) -> tuple[JourneyCheckpoint, ...]:
    at = created_at - (seed[1] % 72) * HOUR - seed[2]
    # Three quarters to seven quarters of the usual time.
    pace = 192 + seed[3]
    told: list[JourneyCheckpoint] = []
    for step in steps:
        at += step.hours * HOUR * pace // 256
        told.append(
            tell(
                step.word,
                at=at,
                country=destination if step.abroad else origin,
                in_destination=step.abroad and destination != origin,
                seed=seed[6],
            )
        )
    return tuple(told)


def _states(checkpoints: tuple[JourneyCheckpoint, ...], expires_at: int) -> tuple[State, ...]:
    states = [State(each.at, each.status, each.substatus) for each in checkpoints]
    if not states or states[-1].status not in _NEVER_EXPIRE:
        states.append(State(expires_at, "expired", None))
    return tuple(states)
