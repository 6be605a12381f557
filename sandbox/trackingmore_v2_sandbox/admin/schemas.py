"""
What goes into the control of a sandbox, and what comes out: the schemas of openapi.json.

All times are moments with a zone, by the account's clock.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from trackingmore_v2_sandbox.store import Corruption

T = TypeVar("T")

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Speed: TypeAlias = Annotated[float, Meta(ge=0, le=1_000_000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**31)]
Money: TypeAlias = Annotated[int, Meta(ge=-(2**31), le=2**31)]
PlanName: TypeAlias = Annotated[str, Meta(pattern=r"\A[!-~]{1,100}\Z")]
Given: TypeAlias = str | dict[str, object]
"""A fault as its text, or as an object with `fault` and its values."""


class InvalidAdminInput(ValueError):
    """What was given does not fit; the message says where, and what would."""


class UnknownResource(ValueError):
    """There is nothing by that name."""


def read(fields: Mapping[str, object], kind: type[T], *, strict: bool = True) -> T:
    """
    Read what is given.

    Args:
        fields: What is given, by name; what is UNSET is not.
        kind: What it should be.
        strict: Whether a text is no number.

    Raises:
        InvalidInput: It is something else.
    """
    given = {name: value for name, value in fields.items() if value is not UNSET}
    try:
        return msgspec.convert(given, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise InvalidAdminInput(str(error)) from error


def utc(moment: datetime) -> datetime:
    """
    Give a moment in UTC.

    Raises:
        InvalidInput: It has no zone, or lies outside the years that Python knows.
    """
    if moment.tzinfo is None:
        raise InvalidAdminInput("a time needs a zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidAdminInput(f"{moment.isoformat()} is out of range") from error


class _Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is given; a name that is not known is a mistake."""


class Nothing(_Input, frozen=True, kw_only=True):
    """A query without parameters."""


class _Change(_Input, frozen=True, kw_only=True):
    """What is to be changed; what is UNSET stays."""

    def __post_init__(self) -> None:
        """Refuse to change nothing."""
        if all(getattr(self, name) is UNSET for name in self.__struct_fields__):
            raise ValueError(f"give at least one of {', '.join(self.__struct_fields__)}")


class ClockView(Struct, frozen=True, kw_only=True):
    """The clock of an account."""

    now: datetime
    speed: float
    """Seconds that pass in each second of the machine's clock."""

    frozen: bool
    next_at: datetime | None
    """When something happens next by itself; None: never."""


class ClockChange(_Change, frozen=True, kw_only=True):
    """What is to become of a clock."""

    now: Moment | UnsetType = UNSET
    speed: Speed | UnsetType = UNSET
    frozen: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse to change nothing, and what contradicts itself."""
        super().__post_init__()
        if self.frozen is not UNSET and self.speed is not UNSET and self.frozen == bool(self.speed):
            raise ValueError("a clock is frozen when its speed is 0, and only then")

    @property
    def new_speed(self) -> float | None:
        """The speed that is asked for; None leaves it as it is."""
        if self.speed is not UNSET:
            return self.speed
        if self.frozen is not UNSET:
            return 0.0 if self.frozen else 1.0
        return None


class Advance(_Input, frozen=True, kw_only=True):
    """How far to go ahead."""

    seconds: Annotated[float, Meta(ge=0, le=4_102_444_800)] | UnsetType = UNSET
    to: Moment | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse both at once, and neither."""
        if (self.seconds is UNSET) == (self.to is UNSET):
            raise ValueError("give either seconds or to")


class AccountSummaryView(Struct, frozen=True, kw_only=True):
    """An account that was used."""

    id: str
    key: str
    """Its last characters."""

    parcels: int
    clock: ClockView


class AccountListView(Struct, frozen=True):
    """All accounts that were used."""

    items: list[AccountSummaryView]


class AccountView(Struct, frozen=True, kw_only=True):
    """What an account may do, and has used."""

    id: str
    key: str
    """Its last characters."""

    parcels: int
    quota: int
    """Trackings that it may create in all."""

    used: int
    """Trackings that were charged."""

    detections: int
    left: int
    """Trackings that it may still create."""

    balance: int
    rate_limited: bool
    locked_until: datetime | None
    key_deleted: bool


class AccountChange(_Change, frozen=True, kw_only=True):
    """What is to become of an account; None stands for what is usual."""

    quota: Count | UnsetType | None = UNSET
    used: Count | UnsetType = UNSET
    detections: Count | UnsetType = UNSET
    balance: Money | UnsetType | None = UNSET
    rate_limited: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    key_deleted: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse to change nothing, and what contradicts itself."""
        super().__post_init__()
        if self.rate_limited is False and self.locked is True:
            raise ValueError("an account without rate limits cannot be locked out")


class FaultPlanChange(_Input, frozen=True, kw_only=True):
    """A fault plan to follow."""

    instructions: dict[str, Given | list[Given]]
    name: PlanName | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] | None = None
    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] = 0


class FaultPlanView(Struct, frozen=True, kw_only=True):
    """A fault plan that is followed."""

    name: str | None
    """What requests give in `X-Sandbox-Fault-Plan`; None: the plan of all that give none."""

    instructions: dict[str, list[str]]
    """What is left, or what the dice choose from, by operation id."""

    unused: int
    """Instructions that no request took yet; none in a random plan."""

    probability: float | None
    seed: int | None
    decided: int
    """Requests that the dice have decided on."""


class FaultPlanListView(Struct, frozen=True, kw_only=True):
    """The fault plans of an account, and of what plans are made."""

    items: list[FaultPlanView]
    forms: tuple[str, ...]
    """How each kind of instruction is written."""

    operations: tuple[str, ...]


class LogQuery(_Input, frozen=True, kw_only=True):
    """Which exchanges are meant."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    before: Annotated[int, Meta(ge=1, le=2**63 - 1)] = 2**63 - 1
    wait: Annotated[float, Meta(ge=0, le=60)] = 0.0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 500


class HintView(Struct, frozen=True, kw_only=True):
    """What a request breaks in the contract."""

    pointer: str
    expected: str
    got: str
    see: str


class ExchangeView(Struct, frozen=True, kw_only=True):
    """A request and its answer; what is no UTF-8 in them is replaced."""

    sequence: int
    at: datetime
    method: str
    path: str
    query: str
    headers: dict[str, str]
    request: str
    request_size: int
    operation: str | None
    status: int
    code: int | None
    answer: str
    answer_size: int
    hints: list[HintView]
    fault: str | None
    milliseconds: float


class LogPageView(Struct, frozen=True, kw_only=True):
    """Some exchanges, oldest first."""

    items: list[ExchangeView]
    last: int
    """What `after` takes to get what comes next."""


class WebhookView(Struct, frozen=True, kw_only=True):
    """A target of webhooks."""

    id: str
    url: str
    statuses: tuple[str, ...]
    """Which ones to tell of; empty: all."""

    version: str
    callback: bool
    """Whether it must answer 200, and is tried again otherwise."""

    duplicate: bool
    reorder: bool
    corrupt: Corruption | None
    delay_seconds: int


class WebhookListView(Struct, frozen=True):
    """The targets of an account, the one added first first."""

    items: list[WebhookView]


class Limit(_Input, frozen=True, kw_only=True):
    """How many are meant."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class AttemptView(Struct, frozen=True, kw_only=True):
    """What came of an attempt to deliver something."""

    at: datetime
    status: int | None
    """HTTP status of the answer."""

    error: str | None
    """Why there is no answer."""

    corrupt: Corruption | None


class DeliveryView(Struct, frozen=True, kw_only=True):
    """Something that is sent to a target."""

    id: str
    webhook_id: str
    tracking_id: str
    status: str
    """The parcel's."""

    created_at: datetime
    due_at: datetime | None
    """When it is tried next; None: never again."""

    state: Literal["waiting", "delivered", "failed"]
    attempts: list[AttemptView]
    body: str


class DeliveryListView(Struct, frozen=True):
    """Deliveries, the newest first."""

    items: list[DeliveryView]


class TrackingListQuery(_Input, frozen=True, kw_only=True):
    """Which parcels are meant."""

    query: Annotated[str, Meta(max_length=100)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    offset: Count = 0


class TrackingView(Struct, frozen=True, kw_only=True):
    """A parcel, and what the API shows of it now."""

    id: str
    carrier_code: str
    tracking_number: str
    title: str | None
    order_id: str | None
    status: str
    substatus: str | None
    archived: bool
    created_at: datetime
    changes_at: datetime | None
    """When the API shows something else by itself; None: never."""


class TrackingListView(Struct, frozen=True, kw_only=True):
    """Parcels, the one added last first."""

    items: list[TrackingView]
    total: int


class TimelineEventView(Struct, frozen=True, kw_only=True):
    """Something in the life of a parcel."""

    at: datetime
    kind: Literal["registered", "carrier", "shown"]
    """The account registered it; its carrier has news; the API shows another status."""

    status: str | None = None
    substatus: str | None = None
    text: str | None = None
    place: str | None = None
    leg: Literal["origin", "destination"] | None = None
    """Whose news it is: of the carrier at the origin, or at the destination."""


class TrackingTimelineView(TrackingView, frozen=True, kw_only=True):
    """The whole life of a parcel."""

    now: datetime
    """What comes after it is still to come."""

    origin: str
    destination: str
    """Countries, as two letters."""

    destination_carrier: str | None
    timeline: list[TimelineEventView]


class SeedTrackingInput(_Input, frozen=True, kw_only=True):
    """A parcel to fill an account with."""

    carrier_code: str
    tracking_number: str
    title: str | None = None
    logistics_channel: str | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    order_id: str | None = None
    comment: str | None = None
    destination_code: str | None = None
    archived: bool = False
    created_at: Moment | None = None
    """When it was registered; None: now."""


class Seed(_Input, frozen=True, kw_only=True):
    """Parcels to fill an account with."""

    parcels: Annotated[list[SeedTrackingInput], Meta(min_length=1, max_length=10_000)]
