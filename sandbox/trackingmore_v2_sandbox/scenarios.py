"""
The lives of parcels: pure functions of number, carrier and time.

A parcel's whole journey follows from its number and carrier, so the same number lives the same life
on every machine. Nothing here reads a clock or throws dice.

Assumed: all of it. The texts are ours, the order of events is the one that recordings show.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from .catalogue import COUNTRIES, Carrier, Country, find_country

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_DAYS_TO_EXPIRY: Final = {"express": 30, "globalpost": 60}
_POSTAL_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9]{9}([A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One piece of news from a carrier."""

    at: int
    """Unix seconds."""

    country: Country
    city: str
    text: str
    status: str
    substatus: str | None
    milestone: str | None
    in_destination: bool

    @property
    def local(self) -> int:
        """The time on the wall where it happened, counted like Unix seconds."""
        return self.at + round(self.country.utc_offset * _HOUR)


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that ever happens to a parcel, known from the start."""

    origin: Country
    destination: Country
    destination_carrier: str | None
    """Code of the carrier that takes over abroad."""

    checkpoints: tuple[Checkpoint, ...]
    """Oldest first."""

    expires_at: int

    @property
    def settles_at(self) -> int:
        """From when on nothing can change any more."""
        delivered = (news.at for news in self.checkpoints if news.status == "delivered")
        return min(next(delivered, self.expires_at), self.expires_at)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look at the carrier shows."""

    status: str
    substatus: str | None
    checkpoints: tuple[Checkpoint, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A checkpoint of a route: `hours` after the one before it."""

    hours: int
    status: str
    substatus: str | None
    text: str
    milestone: str | None = field(default=None, kw_only=True)
    abroad: bool = field(default=True, kw_only=True)


_ACCEPTED: Final = _Step(
    0, "transit", "transit001", "Accepted by carrier", milestone="ItemReceived", abroad=False
)
_AT_DELIVERY_OFFICE: Final = _Step(
    20, "transit", "transit003", "Arrived at delivery office", milestone="DestinationArrived"
)


def _through_customs(departs: int, arrives: int, clears: int) -> tuple[_Step, ...]:
    """Fly into another country, each step so many hours after the one before it."""
    return (
        _Step(
            departs,
            "transit",
            "transit007",
            "Departed from airport",
            milestone="DepartfromAirport",
            abroad=False,
        ),
        _Step(
            arrives,
            "transit",
            "transit004",
            "Arrived in destination country",
            milestone="ArrivalfromAbroad",
        ),
        _Step(clears, "transit", "transit005", "Customs cleared", milestone="CustomsClearance"),
    )


_POST_ABROAD: Final = (
    _ACCEPTED,
    _Step(8, "transit", "transit002", "Arrived at sorting centre", abroad=False),
    _Step(
        14, "transit", "transit006", "Dispatched abroad", milestone="ItemDispatched", abroad=False
    ),
    *_through_customs(departs=16, arrives=50, clears=10),
    _AT_DELIVERY_OFFICE,
)
_EXPRESS_ABROAD: Final = (
    _ACCEPTED,
    *_through_customs(departs=9, arrives=15, clears=4),
    _AT_DELIVERY_OFFICE,
)
_DOMESTIC: Final = (
    _ACCEPTED,
    _Step(11, "transit", "transit002", "Arrived at sorting centre"),
    _AT_DELIVERY_OFFICE,
)

_OUT_FOR_DELIVERY: Final = _Step(7, "pickup", "pickup001", "Out for delivery")
_DELIVERED: Final = (_OUT_FOR_DELIVERY, _Step(5, "delivered", "delivered001", "Delivered"))
_ENDINGS: Final = (
    *(_DELIVERED,) * 10,
    (_OUT_FOR_DELIVERY, _Step(5, "delivered", "delivered003", "Signed by the customer")),
    (
        _OUT_FOR_DELIVERY,
        _Step(5, "undelivered", None, "Delivery attempted, nobody at home"),
        *_DELIVERED,
    ),
    (
        _Step(6, "pickup", "pickup002", "Ready for collection"),
        _Step(40, "delivered", "delivered002", "Collected by the customer"),
    ),
    (_OUT_FOR_DELIVERY, _Step(5, "exception", "exception009", "Refused by the customer")),
    (),
    None,
)
"""Picked by the number's hash. The empty one gets lost on its way; None never gives any news."""


def plan_journey(
    carrier: Carrier, tracking_number: str, created_at: int, destination: str | None = None
) -> Journey:
    """
    Plan the whole life of a parcel.

    The carrier has had it for up to three days when it is registered.

    Args:
        carrier: Who carries it.
        tracking_number: Its number.
        created_at: When it was registered, Unix seconds.
        destination: Country where it goes, if that is known; else the number tells.
    """
    seed = sha256(f"{carrier.code}/{tracking_number}".encode()).digest()
    origin = _origin(carrier, tracking_number)
    goal = (find_country(destination) if destination else None) or _destination(origin, seed)
    abroad = goal != origin
    return Journey(
        origin=origin,
        destination=goal,
        destination_carrier=goal.post if abroad and not carrier.is_express else None,
        checkpoints=_checkpoints(_steps(carrier, abroad, seed), origin, goal, created_at, seed),
        expires_at=created_at + _DAYS_TO_EXPIRY[carrier.type] * _DAY,
    )


def look(journey: Journey, at: int) -> Sight:
    """See what a carrier shows of a parcel at a moment."""
    known = tuple(news for news in journey.checkpoints if news.at <= at)
    status, substatus = (known[-1].status, known[-1].substatus) if known else _NOTHING_YET
    if at >= journey.expires_at and status not in _ENDS:
        return Sight("expired", None, known)
    return Sight(status, substatus, known)


_NOTHING_YET: Final = ("notfound", "notfound002")
_ENDS: Final = frozenset({"delivered", "exception"})


def _origin(carrier: Carrier, tracking_number: str) -> Country:
    postal = _POSTAL_NUMBER.fullmatch(tracking_number)
    named = COUNTRIES.get(postal.group(1)) if postal else None
    return named or COUNTRIES[carrier.country]


def _destination(origin: Country, seed: bytes) -> Country:
    stays_at_home = seed[4] % 4 == 0
    return origin if stays_at_home else tuple(COUNTRIES.values())[seed[5] % len(COUNTRIES)]


def _steps(carrier: Carrier, abroad: bool, seed: bytes) -> tuple[_Step, ...]:  # noqa: FBT001
    ending = _ENDINGS[seed[0] % len(_ENDINGS)]
    if ending is None:
        return ()
    if not abroad:
        return _DOMESTIC + ending
    return (_EXPRESS_ABROAD if carrier.is_express else _POST_ABROAD) + ending


def _checkpoints(
    steps: tuple[_Step, ...], origin: Country, destination: Country, created_at: int, seed: bytes
) -> tuple[Checkpoint, ...]:
    at = created_at - (seed[1] % 72) * _HOUR - seed[2]
    pace = 0.75 + seed[3] / 256
    news: list[Checkpoint] = []
    for step in steps:
        at += round(step.hours * _HOUR * pace)
        country = destination if step.abroad else origin
        news.append(
            Checkpoint(
                at=at,
                country=country,
                city=country.cities[seed[6] % len(country.cities)],
                text=step.text,
                status=step.status,
                substatus=step.substatus,
                milestone=step.milestone,
                in_destination=step.abroad and destination != origin,
            )
        )
    return tuple(news)
