"""
Inputs of the admin API: the schemas of openapi.json as msgspec structs, with their validation.

All times are datetimes with a UTC offset, read from the account's clock.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from trackingmore_v2_sandbox.validation import explain

T = TypeVar("T")

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Speed: TypeAlias = Annotated[float, Meta(ge=0, le=1_000_000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**31)]
Money: TypeAlias = Annotated[int, Meta(ge=-(2**31), le=2**31)]
PlanName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"\A[!-~]{1,100}\Z",
        description="a string of 1 to 100 visible ASCII characters without spaces",
    ),
]
LogScopeName: TypeAlias = Literal["account", "without_account", "all"]
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
    # `UNSET` means that the caller gave no value; msgspec would reject it.
    present = {name: value for name, value in fields.items() if value is not UNSET}
    try:
        return msgspec.convert(present, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise InvalidAdminInput(explain(error, kind)) from None  # the message says all of it


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


class AccountChange(_Change, frozen=True, kw_only=True):
    """A change of an account; None restores the default."""

    quota: Count | UnsetType | None = UNSET
    used: Count | UnsetType = UNSET
    detections: Count | UnsetType = UNSET
    balance: Money | UnsetType | None = UNSET
    rate_limited: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    key_deleted: bool | UnsetType = UNSET
    reads_need_quota: bool | UnsetType = UNSET

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


class LogScope(_Input, frozen=True, kw_only=True):
    """Whose requests of the log are meant."""

    scope: LogScopeName = "account"
    """One account, requests without a valid API key, or all of them. Default: one account."""

    def select(self, account: str) -> str | None:
        """Return what the log calls these requests; `account` is used for the scope "account"."""
        return {"account": account, "without_account": "", "all": None}[self.scope]


class _LogRange(LogScope, frozen=True, kw_only=True):
    """A part of the request log."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    before: Annotated[int, Meta(ge=1, le=2**63 - 1)] = 2**63 - 1


class LogQuery(_LogRange, frozen=True, kw_only=True):
    """Query parameters of the request log."""

    wait: Annotated[float, Meta(ge=0, le=60)] = 0.0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 500


class HarQuery(_LogRange, frozen=True, kw_only=True):
    """Query parameters of the request log as a HAR document."""

    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1000


class Limit(_Input, frozen=True, kw_only=True):
    """Query parameter that limits a list."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class TrackingListQuery(_Input, frozen=True, kw_only=True):
    """Query parameters of the tracking list."""

    query: Annotated[str, Meta(max_length=100)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    offset: Count = 0


class SeedTrackingInput(_Input, frozen=True, kw_only=True, gc=False):
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

    trackings: Annotated[list[SeedTrackingInput], Meta(min_length=1)]
