"""
Inputs and outputs of the admin API: the schemas of openapi.json as msgspec structs.

All times are datetimes with a UTC offset, read from the account's clock.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from trackingmore_v2_sandbox.hints.hint import Hint
from trackingmore_v2_sandbox.store.models import Corruption

T = TypeVar("T")

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Speed: TypeAlias = Annotated[float, Meta(ge=0, le=1_000_000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**31)]
Money: TypeAlias = Annotated[int, Meta(ge=-(2**31), le=2**31)]
PlanName: TypeAlias = Annotated[str, Meta(pattern=r"\A[!-~]{1,100}\Z")]
InstructionInput: TypeAlias = str | dict[str, object]
"""A fault instruction: its text, or an object with `fault` and its values."""


class InvalidAdminInput(ValueError):
    """An input is invalid; the message names the field and what is allowed."""


class UnknownResource(ValueError):
    """The resource does not exist."""


def read(fields: Mapping[str, object], kind: type[T], *, strict: bool = True) -> T:
    """
    Convert fields to a struct, and validate them.

    Args:
        fields: Values by field name; those that are `UNSET` are left out.
        kind: The struct.
        strict: Whether to reject numbers in strings, such as `"5"`. Default: True.

    Raises:
        InvalidAdminInput: A field is unknown, missing or invalid.
    """
    present = {name: value for name, value in fields.items() if value is not UNSET}
    try:
        return msgspec.convert(present, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise InvalidAdminInput(str(error)) from error


def utc(moment: datetime) -> datetime:
    """
    Return a time in UTC.

    Raises:
        InvalidAdminInput: It has no UTC offset, or lies outside the years 1 to 9999.
    """
    if moment.tzinfo is None:
        raise InvalidAdminInput(
            f"{moment.isoformat()} has no UTC offset; append one, such as +00:00"
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidAdminInput(f"{moment.isoformat()} is out of range") from error


class _Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An input; unknown fields are rejected."""


class Nothing(_Input, frozen=True, kw_only=True):
    """A query without parameters."""


class _Change(_Input, frozen=True, kw_only=True):
    """Fields to change; those that are `UNSET` stay as they are."""

    def __post_init__(self) -> None:
        """Reject a change without fields."""
        if all(getattr(self, name) is UNSET for name in self.__struct_fields__):
            raise ValueError(f"give at least one of {', '.join(self.__struct_fields__)}")


class ClockView(Struct, frozen=True, kw_only=True):
    """The clock of an account."""

    now: datetime
    speed: float
    """Clock seconds per second of real time."""

    frozen: bool
    next_at: datetime | None
    """When the next change is due, or None if no change is planned."""


class ClockChange(_Change, frozen=True, kw_only=True):
    """A change of a clock."""

    now: Moment | UnsetType = UNSET
    speed: Speed | UnsetType = UNSET
    frozen: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Reject a change without fields, and a speed that contradicts `frozen`."""
        super().__post_init__()
        if self.frozen is not UNSET and self.speed is not UNSET and self.frozen == bool(self.speed):
            raise ValueError("frozen contradicts speed: only a clock with speed 0 is frozen")

    @property
    def new_speed(self) -> float | None:
        """The speed to set, or None to keep the current one."""
        if self.speed is not UNSET:
            return self.speed
        if self.frozen is not UNSET:
            return 0.0 if self.frozen else 1.0
        return None


class Advance(_Input, frozen=True, kw_only=True):
    """How far to advance a clock: by seconds, or to a time."""

    seconds: Annotated[float, Meta(ge=0, le=4_102_444_800)] | UnsetType = UNSET
    to: Moment | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Reject inputs with both fields or none."""
        if (self.seconds is UNSET) == (self.to is UNSET):
            raise ValueError("give exactly one of seconds, to")


class AccountSummaryView(Struct, frozen=True, kw_only=True):
    """An account in the list of accounts."""

    id: str
    key: str
    """The masked API key: asterisks and its last characters."""

    parcels: int
    clock: ClockView


class AccountListView(Struct, frozen=True):
    """The accounts that have been used."""

    items: list[AccountSummaryView]


class AccountView(Struct, frozen=True, kw_only=True):
    """The limits and the usage of an account."""

    id: str
    key: str
    """The masked API key: asterisks and its last characters."""

    parcels: int
    quota: int
    """Trackings that the account may create in total."""

    used: int
    """Trackings that have been charged."""

    detections: int
    left: int
    """Trackings that the account may still create."""

    balance: int
    rate_limited: bool
    locked_until: datetime | None
    key_deleted: bool


class AccountChange(_Change, frozen=True, kw_only=True):
    """A change of an account; None restores the default."""

    quota: Count | UnsetType | None = UNSET
    used: Count | UnsetType = UNSET
    detections: Count | UnsetType = UNSET
    balance: Money | UnsetType | None = UNSET
    rate_limited: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    key_deleted: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Reject a change without fields, and a lockout without rate limits."""
        super().__post_init__()
        if self.rate_limited is False and self.locked is True:
            raise ValueError("an account without rate limits cannot be locked out")


class FaultPlanChange(_Input, frozen=True, kw_only=True):
    """A fault plan to save."""

    instructions: dict[str, InstructionInput | list[InstructionInput]]
    name: PlanName | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] | None = None
    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] = 0


class FaultPlanView(Struct, frozen=True, kw_only=True):
    """A saved fault plan."""

    name: str | None
    """Value of the header `X-Sandbox-Fault-Plan`; None: for requests without that header."""

    instructions: dict[str, list[str]]
    """Unused instructions, or in a random plan all of them, by operation id."""

    unused: int
    """Number of unused instructions; 0 in a random plan."""

    probability: float | None
    seed: int | None
    decided: int
    """Number of requests for which the random plan has drawn; 0 in other plans."""


class FaultPlanListView(Struct, frozen=True, kw_only=True):
    """The fault plans of an account, with the available faults and operations."""

    items: list[FaultPlanView]
    forms: tuple[str, ...]
    """Syntax of each kind of instruction."""

    operations: tuple[str, ...]


class LogQuery(_Input, frozen=True, kw_only=True):
    """Query parameters of the request log."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    before: Annotated[int, Meta(ge=1, le=2**63 - 1)] = 2**63 - 1
    wait: Annotated[float, Meta(ge=0, le=60)] = 0.0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 500


class HintView(Hint, frozen=True):
    """A violation of the contract by a request."""


class ExchangeView(Struct, frozen=True, kw_only=True):
    """A request with its response; bytes that are not UTF-8 are replaced."""

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
    """A page of the request log, oldest first."""

    items: list[ExchangeView]
    last: int
    """Value of `after` that continues behind this page."""


class WebhookView(Struct, frozen=True, kw_only=True):
    """A webhook target."""

    id: str
    url: str
    statuses: tuple[str, ...]
    """Statuses to send; empty: all."""

    version: str
    callback: bool
    """Whether to retry deliveries that do not get HTTP 200."""

    duplicate: bool
    reorder: bool
    corrupt: Corruption | None
    delay_seconds: int


class WebhookListView(Struct, frozen=True):
    """The webhook targets of an account, oldest first."""

    items: list[WebhookView]


class Limit(_Input, frozen=True, kw_only=True):
    """Query parameter that limits a list."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class AttemptView(Struct, frozen=True, kw_only=True):
    """An attempt to send a delivery, and its outcome."""

    at: datetime
    status: int | None
    """HTTP status of the response; None: there was no response."""

    error: str | None
    """Why there was no response; None: there was one."""

    corrupt: Corruption | None


class DeliveryView(Struct, frozen=True, kw_only=True):
    """A webhook event for one target."""

    id: str
    webhook_id: str
    tracking_id: str
    status: str
    """Status of the tracking."""

    created_at: datetime
    due_at: datetime | None
    """When the next attempt is due; None: no further attempt."""

    state: Literal["waiting", "delivered", "failed"]
    attempts: list[AttemptView]
    body: str


class DeliveryListView(Struct, frozen=True):
    """Deliveries, newest first."""

    items: list[DeliveryView]


class TrackingListQuery(_Input, frozen=True, kw_only=True):
    """Query parameters of the tracking list."""

    query: Annotated[str, Meta(max_length=100)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    offset: Count = 0


class TrackingView(Struct, frozen=True, kw_only=True):
    """A tracking with its current status in the API."""

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
    """When the visible status changes next; None: never."""


class TrackingListView(Struct, frozen=True, kw_only=True):
    """Trackings, newest first."""

    items: list[TrackingView]
    total: int


class TimelineEventView(Struct, frozen=True, kw_only=True):
    """An event in the timeline of a tracking."""

    at: datetime
    kind: Literal["registered", "carrier", "shown"]
    """Registration, checkpoint of a carrier, or change of the status that the API shows."""

    status: str | None = None
    substatus: str | None = None
    text: str | None = None
    place: str | None = None
    leg: Literal["origin", "destination"] | None = None
    """Whether the checkpoint is of the origin's or the destination's carrier."""


class TrackingTimelineView(TrackingView, frozen=True, kw_only=True):
    """A tracking with its past and future events."""

    now: datetime
    """Current time of the account's clock; later events are in the future."""

    origin: str
    destination: str
    """Country codes of two letters, as `origin`."""

    destination_carrier: str | None
    timeline: list[TimelineEventView]


class SeedTrackingInput(_Input, frozen=True, kw_only=True):
    """A tracking to add to an account."""

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
    """Registration time, not in the future. Default: now."""


class Seed(_Input, frozen=True, kw_only=True):
    """Trackings to add to an account."""

    parcels: Annotated[list[SeedTrackingInput], Meta(min_length=1, max_length=10_000)]
