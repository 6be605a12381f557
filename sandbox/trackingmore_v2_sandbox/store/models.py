"""
What the sandbox keeps: records, each one row of a table.

Records are never changed, only replaced. All times are Unix seconds of the account's own clock,
unless a field says otherwise. The fields stand in the order of the columns.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from hashlib import sha256
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

Moment: TypeAlias = Annotated[int, Meta(ge=0, le=4_102_444_800)]
"""A time that the API can tell: up to the year 2100. Checked when a record is read from JSON."""

Number: TypeAlias = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**62)]

Corruption: TypeAlias = Literal["cut", "status", "signature"]
"""
How the body of a delivery is spoilt: it ends in the middle; it tells of another status under a
signature that is right nevertheless; its signature is wrong.
"""


class AccountRecord(Struct, frozen=True):
    """A tenant: the owner of an API key."""

    account: str
    """SHA-256 of the key in lower case, in hexadecimal. The key itself is not kept."""

    key_hint: str = ""
    """The key's last four characters, for people to recognise it by."""

    trackings: Count = 0
    """How many were charged."""

    detections: Count = 0
    """How often a carrier was detected."""

    quota: Count | None = None
    """Trackings that may be created; None stands for the sandbox's setting."""

    anchor_machine: Count | None = None
    """When the clock was set last, by the machine's clock, in microseconds; None: it never was."""

    anchor_virtual: Count = 0
    """What the clock was set to then, in microseconds."""

    clock_speed: Annotated[float, Meta(ge=0, le=1_000_000)] = 1.0
    """How much faster than the machine's clock it has run since; 0 stands still."""

    balance: Number | None = None
    """Money that is left; None stands for the documented account's."""

    rate_limited: bool | None = None
    """Whether the contract's limits hold; None stands for the sandbox's setting."""

    pace: str = "{}"
    """How fast the account went lately: JSON. Only kept while it is `rate_limited`."""

    key_deleted: bool = False
    has_faults: bool = False
    """Whether there is a fault plan of this key; saves each request a look for it."""


class Standing(IntEnum):
    """What a pair is to an account."""

    UNKNOWN = 0
    PAID = 1
    """It was paid for once, and is not followed now."""

    FOLLOWED = 2


class TrackingRecord(Struct, frozen=True, gc=False, omit_defaults=True):
    """
    What an account told about one of its trackings, and what was done to it.

    The rest follows from these and the time. What a query must filter or count by is stored all the
    same, from `seen_status` on; `observation.note()` fills it in.
    """

    account: str
    carrier_code: str
    tracking_number: str
    created_at: Moment
    title: str | None = None
    logistics_channel: str | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    order_id: str | None = None
    order_create_time: str | None = None
    """As it was sent."""

    ordered_at: Moment | None = None
    """The same, if it could be read as a time."""

    comment: str | None = None
    destination_code: str | None = None
    archived: bool = False
    status: str | None = None
    """Set by hand."""

    looked_at: Moment | None = None
    """When the carrier was last asked on demand."""

    stopped_at: Moment | None = None
    """When the account stopped the background refreshing."""

    seen_status: str = "pending"
    """The status as of the last change that was stored."""

    seen_substatus: str | None = None
    due_at: Number | None = None
    """When what is seen changes next by itself; None: never."""

    first_round: Number = 0
    """When the provider first asks the carrier on its rounds."""

    round_interval: Annotated[int, Meta(ge=1, le=2**62)] = 1
    """Seconds from one round to the next."""

    last_round: Number | None = None
    """The last one; None: there is none at all."""

    other_look: Number | None = None
    """When the carrier was last asked besides, as of the last change that was stored."""

    @property
    def id(self) -> str:
        """
        The tracking's id: always the same for one pair of one account.

        Assumed: the live API's own way to compute it is unknown.
        """
        pair = f"{self.account}/{self.carrier_code}/{self.tracking_number}"
        return sha256(pair.encode()).hexdigest()[:32]


class WebhookTarget(Struct, frozen=True):
    """Where an account wants to be told of news."""

    account: str
    id: str
    """Unique within the account."""

    url: str
    statuses: tuple[str, ...] = ()
    """Which ones to tell of; empty stands for all."""

    version: str = "2"
    callback: bool = True
    """Whether it must answer 200, and is tried again otherwise."""

    duplicate: bool = False
    """Send each delivery twice."""

    reorder: bool = False
    """Send a delivery before the one that came first."""

    corrupt: Corruption | None = None
    """Spoil each delivery in this way."""

    delay_seconds: Count = 0
    """Send each delivery so much later."""


class DeliveryRecord(Struct, frozen=True):
    """A message for a webhook target, with all attempts to deliver it."""

    account: str
    id: str
    """Unique within the account."""

    target_id: str
    tracking_id: str
    status: str
    """The parcel's."""

    created_at: Moment
    due_at: Number | None
    """When to try next; None: never again."""

    body: str
    attempt: Number = 1
    """Number of the next attempt."""

    state: Literal["waiting", "delivered", "failed"] = "waiting"
    attempts: str = "[]"
    """What came of each one: JSON."""


class FaultPlanRecord(Struct, frozen=True):
    """Faults to come, for the requests that name the plan."""

    plan: str
    """What requests name: their account, or the value of a header. Unique among all accounts."""

    account: str
    """Whose plan it is."""

    instructions: str = "[]"
    """JSON."""

    seed: Number | None = None
    probability: float | None = None
    """How often a random fault happens, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingFilter:
    """Which parcels of an account are meant; None and the empty tuple stand for all."""

    created_min: int | None = None
    created_max: int | None = None
    ordered_min: int | None = None
    ordered_max: int | None = None
    numbers: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    archived: bool | None = None
    text: str = ""
    """Part of the number, the title or the order number, in either case of ASCII letters."""

    status: str | None = None
    """As it is seen; right only when all news that is due has been stored."""

    looked_min: int | None = None
    looked_max: int | None = None
    """When the carrier was last asked; right only for the moment `now`."""

    now: int = 0

    @property
    def let_all_pass(self) -> bool:
        """Whether every parcel passes them."""
        return replace(self, now=0) == _EVERYTHING

    @property
    def depend_on_time(self) -> bool:
        """Whether what passes them changes by itself."""
        return (self.status, self.looked_min, self.looked_max) != (None, None, None)


_EVERYTHING: Final = TrackingFilter()
