"""The interface of a store."""

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
    Storage of records by account. Call every method inside a transaction.

    The `save_...` methods insert a record, or replace the one with the same key.
    """

    def transaction(
        self, *, write: bool, account: str | None = None
    ) -> AbstractContextManager[None]:
        """
        Return a context manager that commits on success and rolls back if an exception is raised.

        Do not await inside the transaction.

        Args:
            write: Whether the transaction writes. If False, it takes no lock or snapshot, so each
                call sees the state at that time.
            account: Account whose state is changed; writers of the same account in other processes
                wait until the transaction ends. Default: None, no lock, so data that was read
                may be stale.
        """
        ...

    def close(self) -> None:
        """Close the database."""
        ...

    def find_account(self, account: str) -> AccountRecord | None:
        """Return an account; None if it was never saved."""
        ...

    def accounts(self) -> list[AccountRecord]:
        """Return all accounts, in any order."""
        ...

    def save_account(self, account: AccountRecord) -> None:
        """Save an account."""
        ...

    def erase(self, account: str) -> None:
        """Delete an account and all its data."""
        ...

    def charge(self, account: str, trackings: int) -> None:
        """Add to the number of trackings charged to an account."""
        ...

    def standing(self, account: str, carrier_code: str, tracking_number: str) -> Standing:
        """Return whether an account has charged or currently follows a pair."""
        ...

    def count_detection(self, account: str) -> None:
        """Count one carrier detection of an account."""
        ...

    def charges(self, account: str) -> list[tuple[str, str]]:
        """Return the sorted pairs, carrier first, that were charged and have no tracking now."""
        ...

    def add_charges(self, account: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Mark pairs as charged, without adding to the number of charged trackings."""
        ...

    def find(self, account: str, carrier_code: str, tracking_number: str) -> TrackingRecord | None:
        """Return one tracking; None if it does not exist."""
        ...

    def insert(self, *trackings: TrackingRecord) -> None:
        """Insert trackings."""
        ...

    def replace(self, old: TrackingRecord, new: TrackingRecord) -> None:
        """Replace a tracking. If the pair changes, the old pair stays charged."""
        ...

    def delete(self, tracking: TrackingRecord) -> None:
        """Delete a tracking. Its pair stays charged."""
        ...

    def search(
        self, account: str, filters: TrackingFilter, *, limit: int | None = None, offset: int = 0
    ) -> list[TrackingRecord]:
        """
        Return matching trackings, the most recently inserted first.

        Args:
            account: The account.
            filters: The filters.
            limit: Maximum number of trackings. Default: None, no limit.
            offset: Number of trackings to skip. Default: 0.
        """
        ...

    def count(self, account: str, filters: TrackingFilter) -> int:
        """Return the number of matching trackings."""
        ...

    def count_by_status(self, account: str, filters: TrackingFilter) -> dict[str, int]:
        """Return the number of matching trackings by reported status, without zero counts."""
        ...

    def next_due_tracking(self, account: str, until: int) -> TrackingRecord | None:
        """
        Return the tracking with the earliest scheduled change until a time; None without one.

        Of several changes at the same time, that of the tracking inserted first comes first.
        """
        ...

    def next_due(self, account: str) -> int | None:
        """Return when the next tracking changes or the next delivery is due; None: never."""
        ...

    def targets(self, account: str) -> list[WebhookTarget]:
        """Return the webhook targets in the order of insertion."""
        ...

    def accounts_with_targets(self) -> list[AccountRecord]:
        """Return the accounts with webhook targets, with default values for unsaved accounts."""
        ...

    def save_target(self, target: WebhookTarget) -> None:
        """Save a webhook target."""
        ...

    def delete_target(self, target: WebhookTarget) -> None:
        """Delete a webhook target. Its deliveries stay."""
        ...

    def deliveries(self, account: str, *, limit: int | None = None) -> list[DeliveryRecord]:
        """Return deliveries, the most recently inserted first. Default: no limit."""
        ...

    def waiting_deliveries(
        self, account: str, target_id: str, tracking_id: str
    ) -> list[DeliveryRecord]:
        """Return the waiting deliveries to a target for a tracking, the earliest due first."""
        ...

    def find_delivery(self, account: str, delivery_id: str) -> DeliveryRecord | None:
        """Return one delivery; None if it does not exist."""
        ...

    def save_delivery(self, delivery: DeliveryRecord) -> None:
        """Save a delivery, and release it if it was claimed."""
        ...

    def claim_due_deliveries(
        self, account: str, until: int, *, machine_now: int, limit: int
    ) -> list[DeliveryRecord]:
        """
        Claim deliveries that are due until a time and return them, the earliest due first.

        No other caller gets a claimed delivery until it is saved, or until `LEASE` seconds of the
        machine's clock have passed.

        Args:
            account: The account.
            until: Time by the account's clock, Unix seconds.
            machine_now: Time by the machine's clock, Unix seconds.
            limit: Maximum number of deliveries.
        """
        ...

    def find_plan(self, plan: str) -> FaultPlanRecord | None:
        """Return a fault plan by its key; None if it does not exist."""
        ...

    def plans(self, account: str) -> list[FaultPlanRecord]:
        """Return the fault plans of an account."""
        ...

    def save_plan(self, plan: FaultPlanRecord) -> None:
        """Save a fault plan."""
        ...

    def delete_plan(self, plan: FaultPlanRecord) -> None:
        """Delete a fault plan."""
        ...
