"""
Generated journeys: plausible, and always the same for a tracking number and its carrier.

Assumed: everything. The order of events follows recorded responses.
"""

import re
from hashlib import sha256
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.checkpoints import checkpoint_at
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
    """A checkpoint of a route, `hours` after the previous one."""

    hours: int
    word: str
    abroad: bool = True


def _through_customs(departs: int, arrives: int, clears: int) -> tuple[_RouteStep, ...]:
    """Return the steps into another country, with the hours before each one."""
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
# An ending that is listed more often occurs more often.
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
"""
Endings, selected by a hash of the number.

With the empty one the parcel gets lost in transit; with None the carrier never reports it.
"""

_NEVER_EXPIRE: Final = frozenset({"delivered", "exception"})


def plan(
    carrier: CarrierInfo, tracking_number: str, created_at: int, destination: str | None
) -> Journey:
    """
    Return the journey of a parcel.

    The carrier accepted the parcel up to three days before the tracking was created.

    Args:
        carrier: The carrier.
        tracking_number: The tracking number.
        created_at: When the tracking was created, Unix seconds.
        destination: Name or code of the destination country; None selects one by the number.
    """
    # Each byte of the hash selects one property of the journey, independently of the others.
    seed = sha256(f"{carrier.code}/{tracking_number}".encode()).digest()
    origin = _origin(carrier, tracking_number)
    country = (find_country(destination) if destination else None) or _destination(origin, seed)
    abroad = country != origin
    steps = _steps(carrier, seed, abroad=abroad)
    checkpoints = _checkpoints(steps, origin, country, created_at, seed)
    expires_at = expiry(carrier, created_at)
    end = checkpoints[-1] if checkpoints else None
    return Journey(
        origin=origin,
        destination=country,
        destination_carrier=country.post if abroad and not carrier.is_express else None,
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
    # One parcel in four stays in its country.
    is_domestic = seed[4] % 4 == 0
    return origin if is_domestic else _COUNTRIES[seed[5] % len(_COUNTRIES)]


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
    # Duration in 256ths of the nominal one: three quarters to seven quarters of it.
    duration = 192 + seed[3]
    checkpoints: list[JourneyCheckpoint] = []
    for step in steps:
        at += step.hours * HOUR * duration // 256
        checkpoints.append(
            checkpoint_at(
                step.word,
                at=at,
                country=destination if step.abroad else origin,
                in_destination=step.abroad and destination != origin,
                seed=seed[6],
            )
        )
    return tuple(checkpoints)


def _states(checkpoints: tuple[JourneyCheckpoint, ...], expires_at: int) -> tuple[State, ...]:
    states = [State(each.at, each.status, each.substatus) for each in checkpoints]
    if not states or states[-1].status not in _NEVER_EXPIRE:
        states.append(State(expires_at, "expired", None))
    return tuple(states)
