# Derived from openapi.json by codegen/derive_views.py; do not edit.
"""Outputs of the admin API: the schemas of openapi.json as msgspec structs."""

from datetime import datetime
from typing import Literal

from msgspec import Struct


class ClockView(Struct, frozen=True, kw_only=True):
    """The clock of an account."""

    now: datetime
    """Current time of the clock, in UTC."""

    speed: float
    """Clock seconds per second of real time."""

    frozen: bool
    """Whether the clock is stopped; then the speed is 0."""

    next_at: datetime | None = None
    """When the next change is due; None: no change is planned."""


class HealthView(Struct, frozen=True, kw_only=True):
    """The state of the sandbox, without anything of its accounts."""

    status: Literal["ok"]
    """The sandbox responds and its database can be read."""


class WithoutAccountView(Struct, frozen=True, kw_only=True):
    """The requests without a valid API key."""

    requests: int
    """Number of these requests in the log."""

    last_request_arrived_at: datetime | None = None
    """Real time of the newest one; None: none."""


class AccountView(Struct, frozen=True, kw_only=True):
    """The limits and the usage of an account."""

    id: str
    """Id for `?account=`."""

    key: str
    """Masked API key: asterisks and its last characters."""

    email: str
    """E-mail address of the account, with which webhooks are signed."""

    trackings: int
    """Number of trackings in the account."""

    quota: int
    """Trackings that the account may create in total."""

    used: int
    """Trackings that have been charged."""

    detections: int
    """Carrier detections that have been charged; five cost as much as one tracking."""

    left: int
    """Trackings that the account may still create."""

    balance: int
    """Account balance."""

    rate_limited: bool
    """Whether the API's rate limits apply."""

    locked_until: datetime | None = None
    """End of the lockout after too many requests; None: not locked out."""

    key_deleted: bool
    """Whether the API rejects the key as deleted."""

    reads_need_quota: bool
    """Whether reads of trackings are rejected too once quota or balance is used up."""


class FaultPlanView(Struct, frozen=True, kw_only=True):
    """A saved fault plan."""

    name: str | None = None
    """Name of the plan; None: the plan for requests without the header."""

    instructions: dict[str, list[str]]
    """Unused instructions, or in a random plan all of them, by operation id."""

    unused: int
    """Number of unused instructions; 0 in a random plan."""

    probability: float | None = None
    """Probability of a fault in a random plan; None: not a random plan."""

    seed: int | None = None
    decided: int
    """Number of requests for which the random plan has drawn; 0 in other plans."""


class HintView(Struct, frozen=True, kw_only=True):
    """A violation of the contract by a request."""

    pointer: str
    """Location in the request."""

    expected: str
    got: str
    see: str
    """URL of the rule in the contract, relative to the server."""


class NamedTrackingView(Struct, frozen=True, kw_only=True):
    """A tracking that a request names."""

    carrier_code: str | None = None
    """None: the request names no carrier."""

    tracking_number: str
    """Tracking number or air waybill number, cut after 100 characters."""


class WebhookView(Struct, frozen=True, kw_only=True):
    """A webhook target."""

    id: str
    url: str
    """URL of the receiver, on this machine or a host that the sandbox's settings allow."""

    statuses: tuple[
        Literal[
            "pending",
            "notfound",
            "transit",
            "pickup",
            "delivered",
            "undelivered",
            "exception",
            "expired",
        ],
        ...,
    ]
    """Statuses to send; empty: all."""

    version: Literal["2"]
    callback: bool
    """Whether to retry deliveries that do not get HTTP 200."""

    duplicate: bool
    """Whether to send each delivery twice."""

    reorder: bool
    """Whether to send later deliveries before earlier ones."""

    corrupt: Literal["cut", "status", "signature"] | None = None
    """Corruption of each delivery; None: none."""

    delay_seconds: int
    """Delay of each delivery in seconds."""

    form: Literal["now", "2017", "2019"]
    """Form of the body: the current one, or as in the recordings of that year."""

    re_sign: bool
    """Whether to sign retries anew; otherwise they have the signature of the first attempt."""


class AttemptView(Struct, frozen=True, kw_only=True):
    """An attempt to send a delivery, and its outcome."""

    at: datetime
    """Time of the account's clock."""

    status: int | None = None
    """HTTP status of the response; None: no response."""

    error: str | None = None
    """Why there was no response; None: there was one."""

    corrupt: Literal["cut", "status", "signature"] | None = None
    """Corruption of the body; None: none."""


class TrackingView(Struct, frozen=True, kw_only=True):
    """A tracking with its current status in the API."""

    id: str
    carrier_code: str
    tracking_number: str
    title: str | None = None
    order_id: str | None = None
    status: str
    """Current status in the API."""

    substatus: str | None = None
    archived: bool
    """Whether the tracking is archived."""

    created_at: datetime
    """When the tracking was created."""

    changes_at: datetime | None = None
    """When the visible status changes next; None: never."""


class TimelineEventView(Struct, frozen=True, kw_only=True):
    """An event in the timeline of a tracking."""

    at: datetime
    """Time of the event."""

    kind: Literal["registered", "carrier", "shown"]
    """Registration, checkpoint of a carrier, or change of the status that the API shows."""

    status: str | None = None
    substatus: str | None = None
    text: str | None = None
    """Text of the checkpoint."""

    place: str | None = None
    leg: Literal["origin", "destination"] | None = None
    """Whether the checkpoint is of the origin's or the destination's carrier."""


class AccountSummaryView(Struct, frozen=True, kw_only=True):
    """An account in the list of accounts."""

    id: str
    """Id for `?account=`: the first digits of the key's digest."""

    key: str
    """Masked API key: asterisks and its last characters, as `****0001`."""

    trackings: int
    """Number of trackings in the account."""

    clock: ClockView
    requests: int
    """Number of its requests in the log."""

    last_request_at: datetime | None = None
    """Time of the newest request in the log, by the account's clock; None: none."""

    last_request_arrived_at: datetime | None = None
    """The same in real time."""


class FaultPlanListView(Struct, frozen=True, kw_only=True):
    """The fault plans of an account, with the available faults and operations."""

    items: list[FaultPlanView]
    forms: tuple[str, ...]
    """Syntax of each kind of instruction."""

    operations: tuple[str, ...]
    """Ids of all operations."""


class ExchangeView(Struct, frozen=True, kw_only=True):
    """A request with its response. API keys are masked."""

    sequence: int
    """Number of the exchange, counted over all accounts."""

    account: str | None = None
    """Id of the account for `?account=`; None: the request had no valid API key."""

    key: str | None = None
    """Masked API key as it was sent, as `****0001`; None: none was sent."""

    at: datetime
    """Time of the account's clock."""

    arrived_at: datetime
    """Real time at which the request arrived."""

    method: str
    path: str
    query: str
    """Query string as sent, without the question mark."""

    headers: dict[str, str]
    """Logged headers, by lower-case name."""

    request: str
    """Request body or its beginning; bytes that are not UTF-8 are replaced."""

    request_size: int
    """Size of the whole body in bytes."""

    operation: str | None = None
    """Operation id; None: unknown route."""

    status: int
    """HTTP status."""

    code: int | None = None
    """`meta.code` of the response."""

    response: str
    """Response body or its beginning."""

    response_size: int
    """Size of the whole body in bytes."""

    hints: list[HintView]
    fault: str | None = None
    """Fault that was injected."""

    trackings: list[NamedTrackingView]
    """The first three trackings that the request names in its path, query or body."""

    trackings_total: int | None = None
    """Number of all that it names; None: unknown, since the body was cut."""

    milliseconds: float


class WebhookListView(Struct, frozen=True, kw_only=True):
    """The webhook targets, oldest first."""

    items: list[WebhookView]


class DeliveryView(Struct, frozen=True, kw_only=True):
    """A webhook event for one target."""

    id: str
    webhook_id: str
    """Id of the target."""

    url: str | None = None
    """URL of the target; None: it was removed."""

    tracking_id: str
    """Id of the tracking."""

    carrier_code: str | None = None
    """Carrier of the tracking; None: the body has none."""

    tracking_number: str | None = None
    """Number of the tracking; None: the body has none."""

    status: str
    """Status of the tracking."""

    created_at: datetime
    """When the delivery was created."""

    due_at: datetime | None = None
    """When the next attempt is due; None: no further attempt."""

    state: Literal["waiting", "delivered", "failed"]
    failure: str | None = None
    """Why the last attempt failed, such as `HTTP 500`; None: it did not fail, or there was none."""

    attempts: list[AttemptView]
    """Oldest first."""

    body: str
    """Request body, JSON."""


class TrackingListView(Struct, frozen=True, kw_only=True):
    """Trackings, newest first."""

    items: list[TrackingView]
    """Trackings, newest first."""

    total: int
    """Number of all matching trackings."""


class TrackingTimelineView(Struct, frozen=True, kw_only=True):
    """A tracking with its past and future events."""

    id: str
    carrier_code: str
    tracking_number: str
    title: str | None = None
    order_id: str | None = None
    status: str
    """Current status in the API."""

    substatus: str | None = None
    archived: bool
    """Whether the tracking is archived."""

    created_at: datetime
    """When the tracking was created."""

    changes_at: datetime | None = None
    """When the visible status changes next; None: never."""

    now: datetime
    """Current time of the account's clock; later events are in the future."""

    origin: str
    """Country code, two letters."""

    destination: str
    """Country code, two letters."""

    destination_carrier: str | None = None
    """Carrier in the destination country; None: the same carrier."""

    timeline: list[TimelineEventView]
    """Past and future events, in order of time."""


class AccountListView(Struct, frozen=True, kw_only=True):
    """The accounts that have been used, the last used one first."""

    items: list[AccountSummaryView]
    without_account: WithoutAccountView


class LogPageView(Struct, frozen=True, kw_only=True):
    """A page of the request log, oldest first."""

    items: list[ExchangeView]
    """Oldest first."""

    last: int
    """Value of `after` that continues behind this page."""


class DeliveryListView(Struct, frozen=True, kw_only=True):
    """Deliveries, newest first."""

    items: list[DeliveryView]
