"""
The records in the store, each one row of a table.

Records are immutable. All times are Unix seconds by the account's clock, unless a field says
otherwise. The fields are in the order of the columns.
"""

from enum import IntEnum
from hashlib import sha256
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import replace

from trackingmore_v2_api.webhooks import WebhookForm

Moment: TypeAlias = Annotated[int, Meta(ge=0, le=4_102_444_800)]
"""A time that the API can express, up to the year 2100. Validated when a record is decoded."""

Number: TypeAlias = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**62)]

Corruption: TypeAlias = Literal["cut", "status", "signature"]
"""
How the body of a delivery is corrupted.

`cut`: it is truncated; `status`: the status is changed, and the signature still valid; `signature`:
the signature is invalid.
"""


class AccountRecord(Struct, frozen=True):
    """An account: the owner of an API key."""

    account: str
    """SHA-256 of the lower-case key, in hexadecimal. The key itself is not stored."""

    key_hint: str = ""
    """Last four characters of the key, for display. Default: empty."""

    trackings: Count = 0
    """Number of charged trackings. Default: 0."""

    detections: Count = 0
    """Number of carrier detections. Default: 0."""

    quota: Count | None = None
    """Maximum number of trackings to create. Default: None, the sandbox's setting."""

    anchor_machine: Count | None = None
    """
    When the clock was last set, by the machine's clock, in microseconds. Default: None, never.
    """

    anchor_virtual: Count = 0
    """Time that the clock was set to, in microseconds. Default: 0."""

    clock_speed: Annotated[float, Meta(ge=0, le=1_000_000)] = 1.0
    """Clock speed multiplier since then; 0 stops the clock. Default: 1."""

    balance: Number | None = None
    """Balance of the account. Default: None, that of the documented account."""

    rate_limited: bool | None = None
    """Whether the contract's rate limits apply. Default: None, the sandbox's setting."""

    rate_limit_state: str = "{}"
    """State of the rate limiter as JSON, kept while the account is `rate_limited`."""

    key_deleted: bool = False
    reads_need_quota: bool = False
    """Whether an account without quota or balance cannot read its trackings. Default: False."""

    has_faults: bool = False
    """Whether the account's unnamed plan has faults left. If not, requests skip its query."""


class Standing(IntEnum):
    """Relation between an account and a pair of carrier and tracking number."""

    UNKNOWN = 0
    CHARGED = 1
    """The pair was charged, and has no tracking now."""

    TRACKED = 2
    """The pair has a tracking."""


# `gc=False`: records hold only strings and numbers, and never form a cycle.
class TrackingRecord(Struct, frozen=True, gc=False, omit_defaults=True):
    """
    The input of an account for one of its trackings, and the changes made to it.

    Everything else is computed from these and the time. The fields from `seen_status` on are
    computed too, by `with_observed_state()`, and stored so that queries can filter and count them.
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
    """The text as it was sent."""

    ordered_at: Moment | None = None
    """The same as a time; None if it could not be parsed."""

    comment: str | None = None
    destination_code: str | None = None
    archived: bool = False
    status: str | None = None
    """The status that was set manually; None if none was."""

    polled_at: Moment | None = None
    """When the carrier was last polled on demand; None: never."""

    stopped_at: Moment | None = None
    """When the account stopped the updates; None: never."""

    seen_status: str = "pending"
    """Reported status as of the last stored change."""

    seen_substatus: str | None = None
    due_at: Number | None = None
    """When the reported state changes next; None: never."""

    first_poll: Number = 0
    """Time of the first scheduled poll."""

    poll_interval: Annotated[int, Meta(ge=1, le=2**62)] = 1
    """Seconds between two scheduled polls."""

    last_poll: Number | None = None
    """Time of the last scheduled poll; None if there is no scheduled poll."""

    extra_poll: Number | None = None
    """When the carrier was last polled outside the schedule, as of the last stored change."""

    @property
    def id(self) -> str:
        """
        Id of the tracking, always the same for a pair and an account.

        Assumed: the live API's algorithm is unknown.
        """
        # Without the time, so that a tracking that is created again keeps its id.
        pair = f"{self.account}/{self.carrier_code}/{self.tracking_number}"
        return sha256(pair.encode()).hexdigest()[:32]


class WebhookTarget(Struct, frozen=True):
    """A webhook target: a URL that receives an account's tracking events."""

    account: str
    id: str
    """Unique within the account."""

    url: str
    statuses: tuple[str, ...] = ()
    """Statuses to send. Default: empty, all statuses."""

    version: str = "2"
    callback: bool = True
    """Whether the target must respond with 200, or the delivery is retried. Default: True."""

    duplicate: bool = False
    """Send each delivery twice. Default: False."""

    reorder: bool = False
    """Hold back each delivery until the tracking's next one was sent. Default: False."""

    corrupt: Corruption | None = None
    """Corrupt each delivery in this way. Default: None."""

    delay_seconds: Count = 0
    """Delay of each delivery, in seconds. Default: 0."""

    form: WebhookForm = "now"
    """Form of the body of each delivery. Default: "now"."""

    re_sign: bool = True
    """Sign retries anew; otherwise they keep the first attempt's signature. Default: True."""


class DeliveryRecord(Struct, frozen=True):
    """A delivery to a webhook target, with its attempts."""

    account: str
    id: str
    """Unique within the account."""

    target_id: str
    tracking_id: str
    status: str
    """Status of the tracking."""

    created_at: Moment
    due_at: Number | None
    """When the next attempt is due; None: no further attempt."""

    body: str
    attempt: Number = 1
    """Number of the next attempt. Default: 1."""

    state: Literal["waiting", "delivered", "failed"] = "waiting"
    attempts: str = "[]"
    """Results of the attempts as JSON. Default: an empty list."""


class FaultPlanRecord(Struct, frozen=True):
    """A fault plan."""

    plan: str
    """Key of the plan, unique among all accounts: the account, and `/` and the name if named."""

    account: str
    """The account of the plan."""

    instructions: str = "[]"
    """Instructions as JSON."""

    seed: Number | None = None
    probability: float | None = None
    """Probability of a fault in a random plan, from 0 to 1. Default: None, a sequential plan."""


class TrackingFilter(Struct, frozen=True, kw_only=True):
    """Filters for the trackings of an account; None or an empty tuple disables a filter."""

    created_min: int | None = None
    created_max: int | None = None
    ordered_min: int | None = None
    ordered_max: int | None = None
    """Time of the order. A tracking without one matches a maximum, and no minimum."""

    numbers: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    archived: bool | None = None
    text: str = ""
    """Substring of the number, the title or the order number, case-insensitive in ASCII."""

    status: str | None = None
    """Reported status; correct only if all due changes have been stored."""

    polled_min: int | None = None
    polled_max: int | None = None
    """
    Time of the last poll of the carrier, as of the time `now`.

    A tracking that was never polled matches a maximum, and no minimum. A maximum without a minimum
    reads every tracking of the account.
    """

    now: int = 0
    """Current time by the account's clock, Unix seconds. Default: 0."""

    @property
    def is_empty(self) -> bool:
        """Whether every tracking matches."""
        return replace(self, now=0) == _NO_FILTER

    @property
    def depends_on_time(self) -> bool:
        """Whether the matching trackings change as time passes."""
        return (self.status, self.polled_min, self.polled_max) != (None, None, None)


_NO_FILTER: Final = TrackingFilter()
