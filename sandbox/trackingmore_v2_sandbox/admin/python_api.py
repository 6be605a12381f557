"""
The control as methods of `Sandbox`, by subject. They may be called from any thread.

Each takes the API key of the account that is meant, by default the sandbox's own, and raises
`ValueError` for what is wrong, and then changes nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias, TypeVar

from msgspec import UNSET, UnsetType, structs

from trackingmore_v2_sandbox.admin.schemas import (
    AccountChange,
    AccountSummaryView,
    AccountView,
    Advance,
    ClockChange,
    ClockView,
    DeliveryView,
    ExchangeView,
    FaultPlanView,
    Limit,
    LogQuery,
    Seed,
    SeedTrackingInput,
    TrackingListQuery,
    TrackingTimelineView,
    TrackingView,
    WebhookView,
    read,
)
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.faults import Chance, Given, make_plan
from trackingmore_v2_sandbox.store import Corruption

T = TypeVar("T")

Instructions: TypeAlias = Mapping[str, Given | Sequence[Given]]
"""Faults by operation id, or `*` for those of every operation: one or several."""


class AdminRunner(Protocol):
    """Runs something in the event loop of the sandbox."""

    def __call__(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        """Do something for the account of a key, and wait until it is done."""
        ...


class _Methods:
    """The methods of one subject."""

    def __init__(self, run: AdminRunner) -> None:
        self._run = run


class ClockMethods(_Methods):
    """The time of an account. It runs like the machine's until something else is said."""

    def state(self, *, api_key: str | None = None) -> ClockView:
        """Tell what the clock shows, and how fast it runs."""
        return self._run(lambda control, account: control.get_clock(account), api_key)

    def now(self, *, api_key: str | None = None) -> datetime:
        """Tell the time, in UTC."""
        return self.state(api_key=api_key).now

    def freeze(self, at: datetime | None = None, *, api_key: str | None = None) -> datetime:
        """
        Let time stand still from now on.

        Args:
            at: Jump there first, as `set` does.
            api_key: Whose clock. Default: that of the sandbox's own key.

        Returns:
            The time.
        """
        return self._change(api_key, now=UNSET if at is None else at, frozen=True)

    def run(self, speed: float = 1.0, *, api_key: str | None = None) -> datetime:
        """
        Let time pass by itself.

        Args:
            speed: Seconds that pass in each second of the machine's clock, up to a million.
            api_key: Whose clock. Default: that of the sandbox's own key.

        Returns:
            The time.
        """
        return self._change(api_key, speed=speed)

    def set(self, to: datetime, *, api_key: str | None = None) -> datetime:
        """
        Jump to a moment. Ahead, that is to advance.

        Args:
            to: The moment, with its zone. In an account with trackings it must not have passed.
            api_key: Whose clock. Default: that of the sandbox's own key.

        Returns:
            The time.
        """
        return self._change(api_key, now=to)

    def advance(self, by: timedelta | float, *, api_key: str | None = None) -> datetime:
        """
        Let time pass. At the end all that became due is stored, and all webhooks due were sent.

        Args:
            by: How long, or so many seconds.
            api_key: Whose clock. Default: that of the sandbox's own key.

        Returns:
            The time.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        wanted = read({"seconds": seconds}, Advance)
        return self._run(
            lambda control, account: control.advance_clock(account, wanted), api_key
        ).now

    def _change(self, api_key: str | None, **fields: object) -> datetime:
        change = read(fields, ClockChange)
        return self._run(
            lambda control, account: control.change_clock(account, change), api_key
        ).now


class FaultMethods(_Methods):
    """What goes wrong with requests."""

    def plan(
        self, instructions: Instructions, *, name: str | None = None, api_key: str | None = None
    ) -> FaultPlanView:
        """
        Say what goes wrong with the next requests, in the place of what was planned before.

        Args:
            instructions: By operation id, or `*` for those of every operation: one instruction or
                several, as in `{"createTracking": ["status=503", "lose-response"]}`. Each request
                takes the next one.
            name: Touch only requests whose header `X-Sandbox-Fault-Plan` says this name. Default:
                those without that header.
            api_key: Whose requests. Default: those of the sandbox's own key.

        Raises:
            InstructionError: An instruction, or the id of an operation, is none.
        """
        return self._plan(instructions, None, name, api_key)

    def random(
        self,
        instructions: Instructions,
        *,
        probability: float,
        seed: int = 0,
        name: str | None = None,
        api_key: str | None = None,
    ) -> FaultPlanView:
        """
        Let dice decide which requests go wrong, and how; the same dice fall the same way again.

        Args:
            instructions: What may go wrong, as in `plan`.
            probability: How many of the requests meet a fault, from 0 to 1.
            seed: Any integer of 64 bits.
            name: As in `plan`.
            api_key: Whose requests. Default: those of the sandbox's own key.

        Raises:
            InstructionError: An instruction, or the id of an operation, is none.
        """
        chance = Chance(probability=probability, seed=seed)
        return self._plan(instructions, chance, name, api_key)

    def _plan(
        self,
        instructions: Instructions,
        chance: Chance | None,
        name: str | None,
        api_key: str | None,
    ) -> FaultPlanView:
        plan = make_plan(instructions, chance)
        return self._run(lambda control, account: control.plan_faults(account, plan, name), api_key)

    def plans(self, *, api_key: str | None = None) -> list[FaultPlanView]:
        """Give all plans, with what is left of them."""
        return self._run(lambda control, account: control.list_faults(account), api_key).items

    def unused(self, *, api_key: str | None = None) -> dict[str, dict[str, list[str]]]:
        """
        Tell which instructions no request has taken.

        They stand by name of the plan, the one without a name under "", and by operation.
        """
        plans = self.plans(api_key=api_key)
        return {plan.name or "": plan.instructions for plan in plans if plan.unused}

    def clear(self, *, api_key: str | None = None) -> None:
        """Forget all plans."""
        self._run(lambda control, account: control.clear_faults(account), api_key)


class WebhookMethods(_Methods):
    """Who is told of news, and what came of it."""

    def add(  # noqa: PLR0913 - a target has that many options
        self,
        url: str,
        *,
        statuses: Collection[str] = (),
        callback: bool = True,
        duplicate: bool = False,
        reorder: bool = False,
        corrupt: Corruption | None = None,
        delay_seconds: int = 0,
        api_key: str | None = None,
    ) -> WebhookView:
        """
        Add a target, or put it in the place of the one with the same URL.

        Args:
            url: Where to send it: this machine, or where the sandbox's settings allow it.
            statuses: Which ones to tell of. Default: all.
            callback: Whether it must answer 200, and is tried again otherwise.
            duplicate: Send each delivery twice.
            reorder: Send a delivery before the one that came first.
            corrupt: Spoil each delivery: `cut`, `status` or `signature`.
            delay_seconds: Send each delivery so much later.
            api_key: Whose news. Default: those of the sandbox's own key.

        Raises:
            TargetError: Something is wrong with it, or the sandbox does not send there.
        """
        fields = {
            "url": url,
            "statuses": tuple(statuses),
            "callback": callback,
            "duplicate": duplicate,
            "reorder": reorder,
            "corrupt": corrupt,
            "delay_seconds": delay_seconds,
        }
        return self._run(lambda control, account: control.add_webhook(account, fields), api_key)

    def targets(self, *, api_key: str | None = None) -> list[WebhookView]:
        """Give all targets, the one added first first."""
        return self._run(lambda control, account: control.list_webhooks(account), api_key).items

    def remove(self, webhook_id: str, *, api_key: str | None = None) -> None:
        """
        Remove a target; what still waits for it fails when it is due.

        Raises:
            UnknownTarget: There is none with that id.
        """
        self._run(lambda control, account: control.remove_webhook(account, webhook_id), api_key)

    def deliveries(self, *, limit: int = 100, api_key: str | None = None) -> list[DeliveryView]:
        """Give what was sent or waits to be, the newest first, so many at most."""
        query = read({"limit": limit}, Limit)
        return self._run(
            lambda control, account: control.list_deliveries(account, query), api_key
        ).items

    def resend(self, delivery_id: str, *, api_key: str | None = None) -> DeliveryView:
        """
        Send something once more, and give what came of it.

        Raises:
            UnknownDelivery: There is none with that id.
        """
        return self._run(
            lambda control, account: control.resend_delivery(account, delivery_id), api_key
        )


class AccountMethods(_Methods):
    """What an account may do, and has used."""

    def get(self, *, api_key: str | None = None) -> AccountView:
        """Tell how it stands."""
        return self._run(lambda control, account: control.get_account(account), api_key)

    def update(  # noqa: PLR0913 - an account has that many
        self,
        *,
        quota: int | UnsetType | None = UNSET,
        used: int | UnsetType = UNSET,
        detections: int | UnsetType = UNSET,
        balance: int | UnsetType | None = UNSET,
        rate_limited: bool | UnsetType = UNSET,
        locked: bool | UnsetType = UNSET,
        key_deleted: bool | UnsetType = UNSET,
        api_key: str | None = None,
    ) -> AccountView:
        """
        Change what is given; everything else stays as it is.

        Args:
            quota: Trackings that it may create in all; None: the sandbox's setting.
            used: Trackings that were charged.
            detections: Carriers that were detected; five cost as much as one tracking.
            balance: Money that is left; None: the documented account's.
            rate_limited: Whether the API's rate limits hold.
            locked: Lock it out from now on, under rate limits; or let it in.
            key_deleted: Whether the key is refused as deleted.
            api_key: Whose account. Default: that of the sandbox's own key.

        Returns:
            How it stands now.
        """
        fields = {
            "quota": quota,
            "used": used,
            "detections": detections,
            "balance": balance,
            "rate_limited": rate_limited,
            "locked": locked,
            "key_deleted": key_deleted,
        }
        change = read(fields, AccountChange)
        return self._run(lambda control, account: control.change_account(account, change), api_key)


class AdminApi(ABC):
    """
    A sandbox that its owner can do something with.

    Attributes:
        clock: The time of an account.
        faults: What goes wrong with requests.
        webhooks: Who is told of news.
        account: What an account may do, and has used.
    """

    def __init__(self) -> None:
        self.clock: Final = ClockMethods(self._run)
        self.faults: Final = FaultMethods(self._run)
        self.webhooks: Final = WebhookMethods(self._run)
        self.account: Final = AccountMethods(self._run)

    @abstractmethod
    def _run(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        """Do something for the account of a key, and wait until it is done."""

    def accounts(self) -> list[AccountSummaryView]:
        """Give all accounts that were used."""
        return self._run(lambda control, _account: control.list_accounts(), None).items

    def log(
        self, *, after: int = 0, wait: float = 0.0, limit: int = 500, api_key: str | None = None
    ) -> list[ExchangeView]:
        """
        Tell what was asked and answered, oldest first. Keys are masked.

        Args:
            after: Only what came after the exchange with this sequence number.
            wait: So many seconds at most are spent waiting, if there is nothing.
            limit: So many of the newest at most.
            api_key: Who asked. Default: whoever has the sandbox's own key.
        """
        query = read({"after": after, "wait": wait, "limit": limit}, LogQuery)
        return self._run(
            lambda control, account: control.list_exchanges(account, query), api_key
        ).items

    def clear_log(self, *, api_key: str | None = None) -> None:
        """Forget what was asked and answered."""
        self._run(lambda control, account: control.clear_log(account), api_key)

    def trackings(
        self, query: str = "", *, limit: int = 50, offset: int = 0, api_key: str | None = None
    ) -> list[TrackingView]:
        """
        Find parcels, the one added last first, with what the API shows of them now.

        Args:
            query: Part of a tracking number, title or order number, in any case.
            limit: So many at most, up to 500.
            offset: So many are left out first.
            api_key: Whose parcels. Default: those of the sandbox's own key.
        """
        wanted = read({"query": query, "limit": limit, "offset": offset}, TrackingListQuery)
        return self._run(
            lambda control, account: control.list_parcels(account, wanted), api_key
        ).items

    def tracking(
        self, carrier_code: str, tracking_number: str, *, api_key: str | None = None
    ) -> TrackingTimelineView:
        """
        Tell the whole life of a parcel, past and to come.

        Raises:
            Unknown: The account does not follow it.
        """
        return self._run(
            lambda control, account: control.get_parcel(account, carrier_code, tracking_number),
            api_key,
        )

    def reset(self, *, api_key: str | None = None) -> AccountView:
        """Forget everything about an account: what it did, was given and was told."""
        return self._run(lambda control, account: control.reset(account), api_key)

    def seed(
        self,
        parcels: Iterable[Mapping[str, object] | SeedTrackingInput],
        *,
        api_key: str | None = None,
    ) -> AccountView:
        """
        Put parcels into an account: all of them, or none. They are charged.

        Args:
            parcels: Each a `SeedTrackingInput`, or its fields: `carrier_code`, `tracking_number`,
                and what else is known, among it `created_at`, a moment that has passed.
            api_key: Whose parcels. Default: those of the sandbox's own key.
        """
        given = [
            structs.asdict(each) if isinstance(each, SeedTrackingInput) else dict(each)
            for each in parcels
        ]
        seed = read({"parcels": given}, Seed)
        return self._run(lambda control, account: control.seed(account, seed), api_key)

    def snapshot(self, *, api_key: str | None = None) -> bytes:
        """Give all that is kept of an account, to be put back later, here or elsewhere."""
        return self._run(lambda control, account: control.get_snapshot(account), api_key)

    def restore(self, snapshot: bytes, *, api_key: str | None = None) -> AccountView:
        """
        Put a snapshot in the place of all that is kept of an account.

        Raises:
            SnapshotError: This is no snapshot.
        """
        return self._run(
            lambda control, account: control.restore_snapshot(account, snapshot), api_key
        )
