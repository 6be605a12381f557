"""All that the sandbox knows of the place where it keeps its state."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    Standing,
    TrackingFilter,
    TrackingRecord,
    WebhookTarget,
)


class StoreError(Exception):
    """The database cannot be used."""


class Store(Protocol):
    """
    Keeps records, by account. Every call belongs inside a transaction.

    To save a record adds it, or puts it in the place of the one with the same name.
    """

    def transaction(
        self, *, write: bool, account: str | None = None
    ) -> AbstractContextManager[None]:
        """
        Keep all that happens inside when it ends well, and nothing of it when it raises.

        Nothing may be awaited inside.

        Args:
            write: Whether something will be changed. If not, nothing is held, and each call sees
                what is stored by then.
            account: Whose state will be changed: other processes that want to change it too wait
                until this is over. None: nobody waits, so what was read may be out of date.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...

    def find_account(self, account: str) -> AccountRecord | None:
        """Get an account; None: nothing was ever stored of it."""
        ...

    def accounts(self) -> list[AccountRecord]:
        """Get all accounts, in any order."""
        ...

    def save_account(self, account: AccountRecord) -> None:
        """Save an account."""
        ...

    def erase(self, account: str) -> None:
        """Delete an account and all that belongs to it."""
        ...

    def charge(self, account: str, trackings: int) -> None:
        """Count trackings that an account pays for."""
        ...

    def standing(self, account: str, carrier_code: str, tracking_number: str) -> Standing:
        """Tell what a pair is to an account."""
        ...

    def count_detection(self, account: str) -> None:
        """Note that an account had a carrier detected."""
        ...

    def charges(self, account: str) -> list[tuple[str, str]]:
        """Get the pairs, carrier first, that were paid for and are not followed now, sorted."""
        ...

    def add_charges(self, account: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Note pairs as paid for, without counting them as used."""
        ...

    def find(self, account: str, carrier_code: str, tracking_number: str) -> TrackingRecord | None:
        """Get one parcel."""
        ...

    def insert(self, *trackings: TrackingRecord) -> None:
        """Add parcels."""
        ...

    def replace(self, old: TrackingRecord, new: TrackingRecord) -> None:
        """Put a parcel in the place of another. A pair that it leaves stays paid for."""
        ...

    def delete(self, tracking: TrackingRecord) -> None:
        """Remove a parcel. Its pair stays paid for."""
        ...

    def search(
        self, account: str, filters: TrackingFilter, *, limit: int | None = None, offset: int = 0
    ) -> list[TrackingRecord]:
        """Get parcels, the ones added last first."""
        ...

    def count(self, account: str, filters: TrackingFilter) -> int:
        """Count parcels."""
        ...

    def count_by_status(self, account: str, filters: TrackingFilter) -> dict[str, int]:
        """Count parcels by the status that is seen of them; statuses without any are left out."""
        ...

    def next_due_tracking(self, account: str, until: int) -> TrackingRecord | None:
        """
        Get the parcel that changes next by itself, if it does by then.

        Of those that change at the same moment, it is the one added first.
        """
        ...

    def next_due(self, account: str) -> int | None:
        """Tell when next a parcel changes by itself, or a delivery is to be tried."""
        ...

    def targets(self, account: str) -> list[WebhookTarget]:
        """Get the webhook targets, the ones added first first."""
        ...

    def accounts_with_targets(self) -> list[AccountRecord]:
        """Get the accounts that have webhook targets; one that was never saved has its defaults."""
        ...

    def save_target(self, target: WebhookTarget) -> None:
        """Save a webhook target."""
        ...

    def delete_target(self, target: WebhookTarget) -> None:
        """Remove a webhook target. Its deliveries stay."""
        ...

    def deliveries(self, account: str, *, limit: int | None = None) -> list[DeliveryRecord]:
        """Get deliveries, the ones added last first."""
        ...

    def waiting_deliveries(
        self, account: str, target_id: str, tracking_id: str
    ) -> list[DeliveryRecord]:
        """Get what is still to be tried for a target and about a parcel, the earliest first."""
        ...

    def find_delivery(self, account: str, delivery_id: str) -> DeliveryRecord | None:
        """Get one delivery."""
        ...

    def save_delivery(self, delivery: DeliveryRecord) -> None:
        """Save a delivery, and let go of it if it was claimed."""
        ...

    def claim_due_deliveries(
        self, account: str, until: int, *, machine_now: int, limit: int
    ) -> list[DeliveryRecord]:
        """
        Take deliveries that are due by then, the earliest and oldest first, in order to send them.

        Nobody else gets them until they are saved again, or for `LEASE` seconds of the machine's
        clock if that never happens.

        Args:
            account: Whose deliveries.
            until: A moment of the account's clock.
            machine_now: The machine's time, Unix seconds.
            limit: How many at most.
        """
        ...

    def find_plan(self, plan: str) -> FaultPlanRecord | None:
        """Get a fault plan by what requests name."""
        ...

    def plans(self, account: str) -> list[FaultPlanRecord]:
        """Get the fault plans of an account."""
        ...

    def save_plan(self, plan: FaultPlanRecord) -> None:
        """Save a fault plan."""
        ...

    def delete_plan(self, plan: FaultPlanRecord) -> None:
        """Remove a fault plan."""
        ...
