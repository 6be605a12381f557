"""
The admin API as methods of `Sandbox`, grouped by subject. They are thread-safe.

Each method takes the API key of the account it applies to. Default: the sandbox's own key. An
invalid argument raises `ValueError`, one of a wrong type `ValueError` or `TypeError`; nothing is
changed.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias, TypeVar
from urllib.parse import urljoin

from msgspec import UNSET, UnsetType, structs

from trackingmore_v2_api.webhooks import WebhookForm
from trackingmore_v2_sandbox.admin import schemas, views
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.faults.instructions import InstructionLike
from trackingmore_v2_sandbox.faults.plan import Chance, Plan, make_plan
from trackingmore_v2_sandbox.store.models import Corruption

T = TypeVar("T")

Instructions: TypeAlias = Mapping[str, InstructionLike | Sequence[InstructionLike]]
"""One or more fault instructions by operation id, or under `*` for all operations."""


class AdminRunner(Protocol):
    """A callable that runs a coroutine in the event loop of the sandbox."""

    def __call__(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        """Run an action for the account of an API key, and return its result."""
        ...


class _Methods:
    """Base class for the methods of one subject."""

    def __init__(self, run: AdminRunner) -> None:
        self._run = run

    def __repr__(self) -> str:
        methods = ", ".join(name for name in vars(type(self)) if not name.startswith("_"))
        return f"<{type(self).__name__}: {methods}>"


class ClockMethods(_Methods):
    """Methods for the clock of an account, which runs in real time until it is changed."""

    def state(self, *, api_key: str | None = None) -> views.ClockView:
        """
        Return the state of the clock.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The time and the speed of the clock.
        """
        return self._run(lambda admin, account: admin.get_clock(account), api_key)

    def now(self, *, api_key: str | None = None) -> datetime:
        """
        Return the current time of the clock.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The time, in UTC.
        """
        return self.state(api_key=api_key).now

    def freeze(self, at: datetime | None = None, *, api_key: str | None = None) -> datetime:
        """
        Stop the clock.

        Args:
            at: Time to set the clock to first, as with `set`. Default: the current time.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The current time of the clock.

        Raises:
            ValueError: The time is invalid, as with `set`.
        """
        return self._change(api_key, now=UNSET if at is None else at, frozen=True)

    def run(self, speed: float = 1.0, *, api_key: str | None = None) -> datetime:
        """
        Start the clock.

        Args:
            speed: Clock seconds per second of real time, from 0 to 1,000,000. Default: 1.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The current time of the clock.

        Raises:
            ValueError: The speed is negative, NaN, or above 1,000,000.
        """
        return self._change(api_key, speed=speed)

    def set(self, to: datetime, *, api_key: str | None = None) -> datetime:
        """
        Set the clock. A later time advances it, as with `advance`.

        Args:
            to: The time, with a UTC offset. In an account with trackings or webhook deliveries it
                must not be in the past.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The current time of the clock.

        Raises:
            ValueError: The time has no UTC offset, is out of range, or is in the past of an account
                with trackings or webhook deliveries.
        """
        return self._change(api_key, now=to)

    def advance(self, by: timedelta | float, *, api_key: str | None = None) -> datetime:
        """
        Advance the clock. Returns when due changes are stored and due webhooks are sent.

        Args:
            by: A duration, or a number of seconds.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The current time of the clock.

        Raises:
            ValueError: The duration is negative, or leads past the year 2100.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        # Validated by the same schema as over HTTP, so both reject the same values.
        advance = schemas.read({"seconds": seconds}, schemas.Advance)
        return self._run(lambda admin, account: admin.advance_clock(account, advance), api_key).now

    def _change(self, api_key: str | None, **fields: object) -> datetime:
        change = schemas.read(fields, schemas.ClockChange)
        return self._run(lambda admin, account: admin.change_clock(account, change), api_key).now


class FaultMethods(_Methods):
    """Methods that plan faults for requests."""

    def plan(
        self, instructions: Instructions, *, name: str | None = None, api_key: str | None = None
    ) -> views.FaultPlanView:
        """
        Plan faults for the next requests, replacing the plan with the same name.

        Args:
            instructions: One or more instructions by operation id, or under `*` for all operations,
                such as `{"createTracking": ["status=503", "lose-response"]}`. Each request uses the
                next instruction.
            name: Apply to requests with this value of the header `X-Sandbox-Fault-Plan`. Default:
                requests without that header.
            api_key: API key of the requests. Default: the sandbox's own key.

        Returns:
            The plan.

        Raises:
            InstructionError: An instruction is invalid, or an operation id is unknown.
        """
        return self._save(make_plan(instructions), name, api_key)

    def random(
        self,
        instructions: Instructions,
        *,
        probability: float,
        seed: int = 0,
        name: str | None = None,
        api_key: str | None = None,
    ) -> views.FaultPlanView:
        """
        Plan random faults, replacing the plan with the same name. A seed reproduces a run.

        Args:
            instructions: Instructions to draw from, as for `plan`.
            probability: Probability that a request gets a fault, from 0 to 1.
            seed: Seed of the draws, a signed 64-bit integer. Default: 0.
            name: As for `plan`. Default: requests without the header.
            api_key: API key of the requests. Default: the sandbox's own key.

        Returns:
            The plan.

        Raises:
            InstructionError: An instruction is invalid, or an operation id is unknown.
        """
        chance = Chance(probability=probability, seed=seed)
        return self._save(make_plan(instructions, chance), name, api_key)

    def _save(self, plan: Plan, name: str | None, api_key: str | None) -> views.FaultPlanView:
        return self._run(lambda admin, account: admin.plan_faults(account, plan, name), api_key)

    def plans(self, *, api_key: str | None = None) -> list[views.FaultPlanView]:
        """
        Return all plans.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The plans, with their unused instructions.
        """
        return self._run(lambda admin, account: admin.list_faults(account), api_key).items

    def unused(self, *, api_key: str | None = None) -> dict[str, dict[str, list[str]]]:
        """
        Return the instructions that no request has used yet.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            Instructions by operation id, by name of the plan; the unnamed plan has the name `""`.
        """
        plans = self.plans(api_key=api_key)
        return {plan.name or "": plan.instructions for plan in plans if plan.unused}

    def clear(self, *, api_key: str | None = None) -> None:
        """
        Delete all plans.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.
        """
        self._run(lambda admin, account: admin.clear_faults(account), api_key)


class WebhookMethods(_Methods):
    """Methods for webhook targets and deliveries."""

    def add(  # noqa: PLR0913 - one argument per option of a target
        self,
        url: str,
        *,
        statuses: Collection[str] = (),
        callback: bool = True,
        duplicate: bool = False,
        reorder: bool = False,
        corrupt: Corruption | None = None,
        delay_seconds: int = 0,
        form: WebhookForm = "now",
        re_sign: bool = True,
        api_key: str | None = None,
    ) -> views.WebhookView:
        """
        Add a target; it replaces the one with the same URL.

        Args:
            url: URL of the receiver, on this machine or a host that the sandbox's settings allow.
            statuses: Statuses to send. Default: all.
            callback: Whether to retry deliveries that do not get HTTP 200. Default: True.
            duplicate: Whether to send each delivery twice. Default: False.
            reorder: Whether to send later deliveries before earlier ones. Default: False.
            corrupt: Corruption of each delivery: `cut`, `status` or `signature`. Default: None.
            delay_seconds: Delay of each delivery in seconds. Default: 0.
            form: Form of the body: `now`, or as in the recordings of `2017` or `2019`. Default:
                `now`.
            re_sign: Whether to sign retries anew; otherwise they have the signature of the first
                attempt. Default: True.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The target.

        Raises:
            TargetError: An option is invalid, or the settings do not allow the URL.
        """
        # A mapping and not a struct: `add_target` validates it, for HTTP and Python alike.
        fields = {
            "url": url,
            "statuses": tuple(statuses),
            "callback": callback,
            "duplicate": duplicate,
            "reorder": reorder,
            "corrupt": corrupt,
            "delay_seconds": delay_seconds,
            "form": form,
            "re_sign": re_sign,
        }
        return self._run(lambda admin, account: admin.add_webhook(account, fields), api_key)

    def targets(self, *, api_key: str | None = None) -> list[views.WebhookView]:
        """
        Return all targets.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The targets, oldest first.
        """
        return self._run(lambda admin, account: admin.list_webhooks(account), api_key).items

    def remove(self, webhook_id: str, *, api_key: str | None = None) -> None:
        """
        Remove a target. Its waiting deliveries fail when they are due.

        Args:
            webhook_id: The `id` of the target.
            api_key: API key of the account. Default: the sandbox's own key.

        Raises:
            UnknownTarget: No target has this id.
        """
        self._run(lambda admin, account: admin.remove_webhook(account, webhook_id), api_key)

    def deliveries(
        self, *, limit: int = 100, api_key: str | None = None
    ) -> list[views.DeliveryView]:
        """
        Return the newest deliveries, sent and waiting.

        Args:
            limit: Maximum number of deliveries, up to 1,000. Default: 100.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The deliveries, newest first.

        Raises:
            ValueError: The limit is out of range.
        """
        query = schemas.read({"limit": limit}, schemas.Limit)
        return self._run(
            lambda admin, account: admin.list_deliveries(account, query), api_key
        ).items

    def resend(self, delivery_id: str, *, api_key: str | None = None) -> views.DeliveryView:
        """
        Send a delivery again.

        Args:
            delivery_id: The `id` of the delivery.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The delivery, with the new attempt.

        Raises:
            UnknownDelivery: No delivery has this id.
        """
        return self._run(
            lambda admin, account: admin.resend_delivery(account, delivery_id), api_key
        )


class AccountMethods(_Methods):
    """Methods for the limits and the usage of an account."""

    def get(self, *, api_key: str | None = None) -> views.AccountView:
        """
        Return the account.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The limits and the usage of the account.
        """
        return self._run(lambda admin, account: admin.get_account(account), api_key)

    def update(  # noqa: PLR0913 - one argument per field of an account
        self,
        *,
        quota: int | UnsetType | None = UNSET,
        used: int | UnsetType = UNSET,
        detections: int | UnsetType = UNSET,
        balance: int | UnsetType | None = UNSET,
        rate_limited: bool | UnsetType = UNSET,
        locked: bool | UnsetType = UNSET,
        key_deleted: bool | UnsetType = UNSET,
        reads_need_quota: bool | UnsetType = UNSET,
        api_key: str | None = None,
    ) -> views.AccountView:
        """
        Change the given fields; the others stay as they are.

        Args:
            quota: Trackings that the account may create in total. None: the sandbox's setting.
                Default: unchanged.
            used: Trackings that have been charged. Default: unchanged.
            detections: Carrier detections that have been charged; five cost as much as one
                tracking. Default: unchanged.
            balance: Account balance. None: that of the documented account. Default: unchanged.
            rate_limited: Whether the API's rate limits apply. Default: unchanged.
            locked: Whether the account is locked out, as after exceeding a rate limit. True also
                turns the rate limits on. Default: unchanged.
            key_deleted: Whether the API rejects the key as deleted. Default: unchanged.
            reads_need_quota: Whether reads of trackings are rejected too once quota or balance is
                used up, as after an ended trial. Default: unchanged.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The account after the change.

        Raises:
            ValueError: No field is given, a value is out of range, or `locked` is True and
                `rate_limited` is False.
        """
        fields = {
            "quota": quota,
            "used": used,
            "detections": detections,
            "balance": balance,
            "rate_limited": rate_limited,
            "locked": locked,
            "key_deleted": key_deleted,
            "reads_need_quota": reads_need_quota,
        }
        change = schemas.read(fields, schemas.AccountChange)
        return self._run(lambda admin, account: admin.change_account(account, change), api_key)


def _key_for(query: schemas.LogScope, api_key: str | None) -> str | None:
    """Return the key of the account to act for, which only one scope of the log has."""
    if query.scope != "account" and api_key is not None:
        raise schemas.InvalidAdminInput(
            f"api_key contradicts scope={query.scope!r}; leave one of them out"
        )
    return api_key


class AdminApi(ABC):
    """
    Base class of objects with the methods of the admin API.

    Attributes:
        clock: Clock of an account.
        faults: Faults for requests.
        webhooks: Webhook targets and deliveries.
        account: Limits and usage of an account.
    """

    def __init__(self) -> None:
        self.clock: Final = ClockMethods(self._run)
        self.faults: Final = FaultMethods(self._run)
        self.webhooks: Final = WebhookMethods(self._run)
        self.account: Final = AccountMethods(self._run)

    @property
    @abstractmethod
    def base_url(self) -> str:
        """Base URL of the API, up to and including `/v2`."""

    @abstractmethod
    def _run(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        """Run an action for the account of an API key, and return its result."""

    def accounts(self) -> list[views.AccountSummaryView]:
        """
        Return all accounts.

        Returns:
            The accounts that have been used, the last used one first.
        """
        return self._run(lambda admin, _account: admin.list_accounts(), None).items

    def log(  # noqa: PLR0913 - one argument per parameter of the query
        self,
        *,
        after: int = 0,
        before: int | UnsetType = UNSET,
        wait: float = 0.0,
        limit: int = 500,
        scope: schemas.LogScopeName = "account",
        api_key: str | None = None,
    ) -> list[views.ExchangeView]:
        """
        Return requests with their responses. API keys are masked.

        Args:
            after: Return only exchanges after this sequence number. Default: 0, all.
            before: Return only exchanges before this sequence number. Default: all.
            wait: Maximum seconds to wait for the first exchange, up to 60. Default: 0.
            limit: Maximum number of exchanges, up to 1,000; the newest are returned. Default: 500.
            scope: `account` for the requests of one account, `without_account` for those with a
                wrong key or none, `all` for all of them in one order. Default: `account`.
            api_key: API key of the requests. Default: the sandbox's own key.

        Returns:
            The exchanges, oldest first.

        Raises:
            ValueError: An argument is out of range, or a key is given for another scope.
        """
        query = schemas.read(
            {"after": after, "before": before, "wait": wait, "limit": limit, "scope": scope},
            schemas.LogQuery,
        )
        return self._run(
            lambda admin, account: admin.list_exchanges(query.select(account), query),
            _key_for(query, api_key),
        ).items

    def log_har(
        self,
        *,
        after: int = 0,
        before: int | UnsetType = UNSET,
        limit: int = 1000,
        scope: schemas.LogScopeName = "account",
        api_key: str | None = None,
    ) -> bytes:
        """
        Return requests with their responses in the HTTP Archive format, HAR 1.2.

        Args:
            after: Return only requests after this sequence number. Default: 0, all.
            before: Return only requests before this sequence number. Default: all.
            limit: Maximum number of requests, up to 10,000; the newest are returned. Default: 1000.
            scope: As for `log`. Default: `account`.
            api_key: API key of the requests. Default: the sandbox's own key.

        Returns:
            The document, JSON, which browsers can import. API keys are masked.

        Raises:
            ValueError: An argument is out of range, or a key is given for another scope.
        """
        query = schemas.read(
            {"after": after, "before": before, "limit": limit, "scope": scope}, schemas.HarQuery
        )
        origin = urljoin(self.base_url, "/").rstrip("/")
        return self._run(
            lambda admin, account: admin.export_log(query.select(account), query, origin),
            _key_for(query, api_key),
        )

    def clear_log(
        self, *, scope: schemas.LogScopeName = "account", api_key: str | None = None
    ) -> None:
        """
        Clear the request log.

        Args:
            scope: Which requests to delete, as for `log`. Default: `account`.
            api_key: API key of the account. Default: the sandbox's own key.

        Raises:
            ValueError: The scope is unknown, or a key is given for another scope.
        """
        query = schemas.read({"scope": scope}, schemas.LogScope)
        self._run(
            lambda admin, account: admin.clear_log(query.select(account), query),
            _key_for(query, api_key),
        )

    def trackings(
        self, query: str = "", *, limit: int = 50, offset: int = 0, api_key: str | None = None
    ) -> list[views.TrackingView]:
        """
        Return trackings with their current status in the API.

        Args:
            query: Part of a tracking number, title or order number, case-insensitive. Default: all.
            limit: Maximum number of trackings, up to 500. Default: 50.
            offset: Number of trackings to skip. Default: 0.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The trackings, newest first.

        Raises:
            ValueError: An argument is out of range.
        """
        criteria = schemas.read(
            {"query": query, "limit": limit, "offset": offset}, schemas.TrackingListQuery
        )
        return self._run(
            lambda admin, account: admin.list_trackings(account, criteria), api_key
        ).items

    def tracking(
        self, carrier_code: str, tracking_number: str, *, api_key: str | None = None
    ) -> views.TrackingTimelineView:
        """
        Return a tracking.

        Args:
            carrier_code: The carrier.
            tracking_number: The tracking number at that carrier.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The tracking, with its past and future events.

        Raises:
            UnknownResource: The account has no such tracking.
        """
        return self._run(
            lambda admin, account: admin.get_tracking(account, carrier_code, tracking_number),
            api_key,
        )

    def reset(self, *, api_key: str | None = None) -> views.AccountView:
        """
        Delete the trackings, deliveries, log, faults and settings of an account.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The account after the reset.
        """
        return self._run(lambda admin, account: admin.reset(account), api_key)

    def seed(
        self,
        trackings: Iterable[Mapping[str, object] | schemas.SeedTrackingInput],
        *,
        api_key: str | None = None,
    ) -> views.AccountView:
        """
        Add trackings to an account: all of them, or none if one is invalid. They are charged.

        Other requests are served meanwhile; a pair that one of them creates stays as it is.

        Args:
            trackings: Any number, each a `SeedTrackingInput`, or a mapping with its fields:
                `carrier_code`, `tracking_number`, and optional ones such as `created_at`, a past
                time.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The account after the change.

        Raises:
            ValueError: A tracking is invalid, or the account has it already.
        """
        # Structs become mappings, since `convert` would take them unchecked.
        items = [
            structs.asdict(each) if isinstance(each, schemas.SeedTrackingInput) else dict(each)
            for each in trackings
        ]
        seed = schemas.read({"trackings": items}, schemas.Seed)
        return self._run(lambda admin, account: admin.seed(account, seed), api_key)

    def snapshot(self, *, api_key: str | None = None) -> bytes:
        """
        Return the stored state of an account, as JSON that any sandbox can restore.

        Args:
            api_key: API key of the account. Default: the sandbox's own key.
        """
        return self._run(lambda admin, account: admin.get_snapshot(account), api_key)

    def restore(self, snapshot: bytes, *, api_key: str | None = None) -> views.AccountView:
        """
        Replace the stored state of an account by a snapshot.

        Other requests are served meanwhile, and see the account grow. Changes that are due by the
        clock of the snapshot are applied.

        Args:
            snapshot: What `snapshot()` returned, of this or any other sandbox.
            api_key: API key of the account. Default: the sandbox's own key.

        Returns:
            The account after the change.

        Raises:
            SnapshotError: The content is not a valid snapshot.
        """
        return self._run(lambda admin, account: admin.restore_snapshot(account, snapshot), api_key)
