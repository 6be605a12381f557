"""What became of the items of a batch: one outcome for each, and all of them as a report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar, overload

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2._errors import InvalidInput, TrackingMoreError
from trackingmore_v2_api import models

ItemT = TypeVar("ItemT")


class ItemResult(StrEnum):
    """What became of one item."""

    CREATED = "created"
    """The account follows it now, and did not before."""

    UPDATED = "updated"
    """It was changed."""

    DELETED = "deleted"
    """The account does not follow it any more."""

    STOPPED = "stopped"
    """It is not refreshed any more."""

    ALREADY_EXISTED = "already_existed"
    """It was to be created, and the account followed it before."""

    ADOPTED = "adopted"
    """
    It was to be created, and the account follows it now: an attempt that got no answer created it,
    or it was there before.
    """

    NOT_FOUND = "not_found"
    """The account does not follow it."""

    REJECTED = "rejected"
    """The API said no, to the item or to the whole call; `code` and `message` say why."""

    INVALID = "invalid"
    """The item is wrong and was not sent; `error` is the `InvalidInput` that names the field."""

    NOT_SENT = "not_sent"
    """
    Sending had stopped, `error` says why, or the input raised an error. It can be given to the same
    verb again.
    """

    UNKNOWN = "unknown"
    """It was sent, or may have been, and no answer tells what became of it."""


_WELCOME: Final = frozenset(
    {
        ItemResult.CREATED,
        ItemResult.UPDATED,
        ItemResult.DELETED,
        ItemResult.STOPPED,
        ItemResult.ALREADY_EXISTED,
        ItemResult.ADOPTED,
    }
)


class ItemVerdict(Struct, frozen=True):
    """What an answer, or its absence, says about an item."""

    result: ItemResult
    carrier: str | None = None
    number: str | None = None
    """Whom the answer names; the verdicts on a call that failed name nobody."""

    code: int | None = None
    message: str = ""
    tracking: models.CreatedTracking | None = None
    error: TrackingMoreError | None = None


class Outcome(Struct, Generic[ItemT], frozen=True):
    """What became of one item of a batch."""

    index: int
    """The item's place in the input, from 0."""

    item: ItemT
    """The item as it was given."""

    result: ItemResult
    """What became of it."""

    code: int | None = None
    """The API's code where it refused, such as 4016."""

    message: str = ""
    """The API's words where it refused."""

    tracking: models.CreatedTracking | None = None
    """The parcel, where one was created."""

    error: TrackingMoreError | None = None
    """What went wrong with the item itself, or with the call that was to carry it."""

    duplicate_of: int | None = None
    """
    The index of the same item further up, which was sent for both. The result is the same. The
    iterator forms know no more than that of an item that went with an earlier call.
    """

    @property
    def ok(self) -> bool:
        """Whether the item is as was wanted; a parcel that existed already is."""
        return self.result in _WELCOME

    @property
    def summary(self) -> str:
        """The result in words, with the API's code or the field that is wrong."""
        words = self.result.replace("_", " ")
        if isinstance(self.error, InvalidInput):
            return f"{words}: {self.error.field} {self.error.reason}"
        return words if self.code is None else f"{words} with code {self.code}"


def outcome_of(
    index: int, item: ItemT, verdict: ItemVerdict, duplicate_of: int | None = None
) -> Outcome[ItemT]:
    """Tell an item's verdict."""
    return Outcome(
        index,
        item,
        verdict.result,
        verdict.code,
        verdict.message,
        verdict.tracking,
        verdict.error,
        duplicate_of,
    )


class BatchReport(Sequence[Outcome[ItemT]]):
    """
    What became of every item, in the order of the input.

    Attributes:
        error: What stopped the sending before the end of the input; None when nothing did.
    """

    def __init__(
        self, outcomes: Iterable[Outcome[ItemT]] = (), error: TrackingMoreError | None = None
    ) -> None:
        self._outcomes: list[Outcome[ItemT]] = []
        for outcome in outcomes:
            self.add(outcome)
        self.error = error

    def add(self, outcome: Outcome[ItemT]) -> None:
        """
        Append the next item's outcome; a duplicate's is completed from its twin's.

        Args:
            outcome: The outcome, whose `index` is the number of items told before.
        """
        if outcome.duplicate_of is not None:
            twin = self._outcomes[outcome.duplicate_of]
            outcome = replace(
                outcome,
                code=twin.code,
                message=twin.message,
                tracking=twin.tracking,
                error=twin.error,
            )
        self._outcomes.append(outcome)

    @property
    def counts(self) -> Mapping[ItemResult, int]:
        """Items by result, duplicates included; 0 for a result that did not occur."""
        return Counter(outcome.result for outcome in self._outcomes)

    @property
    def created(self) -> list[Outcome[ItemT]]:
        """Items that the account follows now, and did not before."""
        return self._of(ItemResult.CREATED)

    @property
    def updated(self) -> list[Outcome[ItemT]]:
        """Items that were changed."""
        return self._of(ItemResult.UPDATED)

    @property
    def deleted(self) -> list[Outcome[ItemT]]:
        """Items that the account does not follow any more."""
        return self._of(ItemResult.DELETED)

    @property
    def stopped(self) -> list[Outcome[ItemT]]:
        """Items that are not refreshed any more."""
        return self._of(ItemResult.STOPPED)

    @property
    def already_existed(self) -> list[Outcome[ItemT]]:
        """Items that were to be created, and that the account followed before."""
        return self._of(ItemResult.ALREADY_EXISTED)

    @property
    def adopted(self) -> list[Outcome[ItemT]]:
        """Items that the account follows now, since an attempt without an answer or before."""
        return self._of(ItemResult.ADOPTED)

    @property
    def not_found(self) -> list[Outcome[ItemT]]:
        """Items that the account does not follow."""
        return self._of(ItemResult.NOT_FOUND)

    @property
    def rejected(self) -> list[Outcome[ItemT]]:
        """Items that the API refused for another reason."""
        return self._of(ItemResult.REJECTED)

    @property
    def invalid(self) -> list[Outcome[ItemT]]:
        """Items that are wrong and were not sent."""
        return self._of(ItemResult.INVALID)

    @property
    def not_sent(self) -> list[Outcome[ItemT]]:
        """Items that were not sent; they can be given to the same verb again."""
        return self._of(ItemResult.NOT_SENT)

    @property
    def unknown(self) -> list[Outcome[ItemT]]:
        """Items that may have been carried out, or not."""
        return self._of(ItemResult.UNKNOWN)

    @property
    def failed(self) -> list[Outcome[ItemT]]:
        """Items that are not as was wanted."""
        return [outcome for outcome in self._outcomes if not outcome.ok]

    def raise_for_rejected(self) -> None:
        """
        Raise unless every item is as was wanted; a parcel that existed already is.

        Raises:
            BatchRejected: An item was refused, not found, invalid, not sent, or is unknown.
        """
        if self.failed:
            raise BatchRejected(self) from self.error

    @overload
    def __getitem__(self, index: int) -> Outcome[ItemT]: ...

    @overload
    def __getitem__(self, index: slice) -> list[Outcome[ItemT]]: ...

    def __getitem__(self, index: int | slice) -> Outcome[ItemT] | list[Outcome[ItemT]]:
        return self._outcomes[index]

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        return f"<BatchReport of {self}>"

    def __str__(self) -> str:
        found = ", ".join(
            f"{count} {result.replace('_', ' ')}" for result, count in self.counts.items()
        )
        return f"{len(self)} items: {found}" if found else "no items"

    def _of(self, result: ItemResult) -> list[Outcome[ItemT]]:
        return [outcome for outcome in self._outcomes if outcome.result is result]


class BatchRejected(TrackingMoreError):
    """
    Some items of a batch are not as was wanted; the others are.

    Attributes:
        report: What became of every item.
    """

    def __init__(self, report: BatchReport[Any]) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        failed = self.report.failed
        first = f"; the first is item {failed[0].index}, {failed[0].summary}" if failed else ""
        return f"{len(failed)} of {len(self.report)} items failed{first}. See .report.failed."


class BatchInterrupted(TrackingMoreError):
    """
    The input of a batch raised an error, which is the cause of this one; nothing more was sent.

    Attributes:
        index: Position of the item that could not be read, from 0.
        report: What became of the items before it; those read but not sent yet are NOT_SENT. Empty
            in the iterator forms, which told each of them before.
    """

    def __init__(self, report: BatchReport[Any], index: int) -> None:
        super().__init__(report, index)
        self.report = report
        self.index = index

    def __str__(self) -> str:
        return f"item {self.index} could not be read; before it: {self.report}"
