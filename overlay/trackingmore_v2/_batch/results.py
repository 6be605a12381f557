"""The outcomes of a batch, and the report that holds them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import count
from typing import Any, Final, Generic, TypeVar, overload

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _validation
from trackingmore_v2._errors import InvalidInput, TrackingMoreError
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2_api import models

ItemT = TypeVar("ItemT")
ItemT_co = TypeVar("ItemT_co", covariant=True)
TrackingT_co = TypeVar("TrackingT_co", covariant=True)
OutcomeT_co = TypeVar("OutcomeT_co", bound="ItemOutcome[Any, Any]", covariant=True)


class ItemResult(StrEnum):
    """The result of one item of a batch."""

    CREATED = "created"
    """The tracking was created."""

    UPDATED = "updated"
    """The tracking was updated."""

    DELETED = "deleted"
    """The tracking was deleted."""

    ABSENT = "absent"
    """
    The account does not have the tracking. Either an attempt without a response deleted it, or it
    did not exist before.
    """

    STOPPED = "stopped"
    """The API stopped refreshing the tracking."""

    ALREADY_EXISTED = "already_existed"
    """
    The account has the tracking already. If the outcome is `in_doubt`, an attempt without a
    response may have created it.
    """

    ADOPTED = "adopted"
    """
    An attempt without a response created the tracking, as far as its fields and its time show;
    another caller's equal create in the same seconds looks the same.
    """

    FOUND = "found"
    """
    The account has the tracking. If the outcome is `in_doubt`, it was to be created, and an attempt
    without a response may have created it.
    """

    NOT_FOUND = "not_found"
    """The account has no such tracking."""

    REJECTED = "rejected"
    """The API rejected the item or the whole call; `code` and `message` hold the reason."""

    INVALID = "invalid"
    """The item is invalid and was not sent; `error` is the `InvalidInput` that names the field."""

    NOT_SENT = "not_sent"
    """
    The item was not sent: an earlier error, in `error`, stopped the sending, or the input raised an
    error. It can be passed to the same method again.
    """

    UNKNOWN = "unknown"
    """The item was or may have been sent, and no response contains its result."""


FAILURES: Final = (
    ItemResult.NOT_FOUND,
    ItemResult.REJECTED,
    ItemResult.INVALID,
    ItemResult.NOT_SENT,
    ItemResult.UNKNOWN,
)
"""Results of items that did not succeed."""


class ItemVerdict(Struct, frozen=True):
    """The result of an item, according to a response or to its absence."""

    result: ItemResult
    carrier: str | None = None
    number: str | None = None
    """Carrier and number in the response; None in verdicts without a response."""

    code: int | None = None
    message: str = ""
    tracking: Any = None
    """The tracking that was created or read, or None."""

    error: TrackingMoreError | None = None


class ItemOutcome(Struct, Generic[ItemT_co, TrackingT_co], frozen=True):
    """What the outcomes of all methods of many items have in common."""

    index: int
    """The item's position in the input, from 0."""

    item: ItemT_co
    """The item as it was passed."""

    result: ItemResult
    """The item's result."""

    code: int | None = None
    """The API's meta code if it rejected the item, such as 4016."""

    message: str = ""
    """The API's message if it rejected the item."""

    tracking: TrackingT_co | None = None
    """The tracking that was created or read; None if there is none."""

    error: TrackingMoreError | None = None
    """The error of the item itself, or of the call that it belongs to."""

    duplicate_of: int | None = None
    """
    The index of an earlier, equal item, which was sent for both; None if this item is no duplicate.
    Both have the same result, and a duplicate of a failed item has its `code`, `message` and
    `error`. In the `iter_` forms, a duplicate of an item that succeeded in an earlier call has only
    the result.
    """

    @property
    def ok(self) -> bool:
        """Whether the item succeeded. A tracking that existed already counts as a success."""
        return self.result not in FAILURES

    @property
    def in_doubt(self) -> bool:
        """Whether the item may have been carried out, although no response says so."""
        # An item that was not sent has the error of an earlier call.
        is_sent = self.result is not ItemResult.NOT_SENT
        is_in_doubt = self.error is not None and self.error.in_doubt
        return self.result is ItemResult.UNKNOWN or (is_sent and is_in_doubt)

    @property
    def summary(self) -> str:
        """The result in words, with the API's code or the invalid field."""
        words = self.result.replace("_", " ")
        if isinstance(self.error, InvalidInput):
            return f"{words}: {self.error.field} {self.error.reason}"
        if self.in_doubt and self.result is not ItemResult.UNKNOWN:
            words += " (uncertain)"
        return words if self.code is None else f"{words} with code {self.code}"


class Outcome(ItemOutcome[ItemT_co, models.CreatedTracking], Generic[ItemT_co], frozen=True):
    """The outcome of one item of a batch."""


class TrackingOutcome(ItemOutcome[ItemT_co, models.Tracking], Generic[ItemT_co], frozen=True):
    """
    The outcome of one item of `trackings.get_many()` or `get_or_create_many()`.

    Its `result` is that of the lookup, or of the creation.
    """

    @property
    def ok(self) -> bool:
        """Whether the outcome has a tracking."""
        return self.tracking is not None

    @property
    def created(self) -> bool:
        """Whether this call created the tracking, which is certain."""
        return self.result is ItemResult.CREATED

    @property
    def adopted(self) -> bool:
        """Whether an attempt without a response created it, as far as can be determined."""
        return self.result is ItemResult.ADOPTED


def outcomes_of(
    first: int,
    items: Iterable[ItemT],
    verdicts: Iterable[ItemVerdict],
    duplicates: Iterable[int | None],
) -> list[Outcome[ItemT]]:
    """Return the outcomes of consecutive items, from their verdicts."""
    return [
        Outcome(
            index,
            item,
            verdict.result,
            verdict.code,
            verdict.message,
            verdict.tracking,
            verdict.error,
            duplicate_of,
        )
        for index, item, verdict, duplicate_of in zip(
            count(first), items, verdicts, duplicates, strict=False
        )
    ]


class Report(Sequence[OutcomeT_co]):
    """What the reports of all methods of many items have in common."""

    def __init__(
        self, outcomes: Iterable[OutcomeT_co] = (), error: TrackingMoreError | None = None
    ) -> None:
        self._outcomes = list(outcomes)
        self.error = error

    @property
    def failed(self) -> list[OutcomeT_co]:
        """Items that did not succeed, and their duplicates."""
        return [outcome for outcome in self._outcomes if not outcome.ok]

    @property
    def in_doubt(self) -> list[OutcomeT_co]:
        """Items that may have been carried out although no response says so, each once."""
        found = (outcome for outcome in self._outcomes if outcome.duplicate_of is None)
        return [outcome for outcome in found if outcome.in_doubt]

    @overload
    def __getitem__(self, index: int) -> OutcomeT_co: ...

    @overload
    def __getitem__(self, index: slice) -> list[OutcomeT_co]: ...

    def __getitem__(self, index: int | slice) -> OutcomeT_co | list[OutcomeT_co]:
        return self._outcomes[index]

    def __len__(self) -> int:
        return len(self._outcomes)


class TrackingReport(Report[TrackingOutcome[ItemT_co]], Generic[ItemT_co]):
    """
    The outcomes of all items, in input order.

    Attributes:
        error: The error that stopped the sending before the end of the input; None if all items
            were sent.
    """

    @property
    def trackings(self) -> list[models.Tracking]:
        """The trackings of all items, without those of duplicates."""
        found = (outcome for outcome in self if outcome.duplicate_of is None)
        return [outcome.tracking for outcome in found if outcome.tracking is not None]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} items, {len(self.failed)} without tracking>"


@scrub_methods
class BatchReport(Report[Outcome[ItemT_co]], Generic[ItemT_co]):
    """
    The outcomes of all items of a batch, in input order.

    The lists and counts by result hold each item once; its duplicates are in `duplicates`.

    Attributes:
        error: The error that stopped the sending before the end of the input; None if all items
            were sent.
    """

    def __init__(
        self, outcomes: Iterable[Outcome[ItemT_co]] = (), error: TrackingMoreError | None = None
    ) -> None:
        super().__init__((), error)
        for outcome in outcomes:
            self._outcomes.append(self._completed(outcome))

    @staticmethod
    def of(error: BaseException | None) -> "BatchReport[Any] | None":
        """
        Return the report of the batch that an exception ended, such as a `KeyboardInterrupt`.

        Args:
            error: The exception, or one that was raised from it or while it was handled.

        Returns:
            The outcomes until then; the items of a request that may have been sent are UNKNOWN, and
            items without an outcome were not sent. In the `iter_` forms, only the outcomes that
            were not yielded yet. None if no batch was interrupted.
        """
        while error is not None:
            report: BatchReport[Any] | None = getattr(error, "report", None)
            if isinstance(report, BatchReport):
                return report
            error = error.__cause__ or error.__context__
        return None

    @property
    def counts(self) -> Mapping[ItemResult, int]:
        """Number of items by result, without duplicates; 0 for a result that does not occur."""
        return Counter(outcome.result for outcome in self._outcomes if outcome.duplicate_of is None)

    @property
    def duplicates(self) -> list[Outcome[ItemT_co]]:
        """Items that equal an earlier one, which was sent for both."""
        return [outcome for outcome in self._outcomes if outcome.duplicate_of is not None]

    @property
    def created(self) -> list[Outcome[ItemT_co]]:
        """Items that were created."""
        return self._of(ItemResult.CREATED)

    @property
    def updated(self) -> list[Outcome[ItemT_co]]:
        """Items that were updated."""
        return self._of(ItemResult.UPDATED)

    @property
    def deleted(self) -> list[Outcome[ItemT_co]]:
        """Items that were deleted."""
        return self._of(ItemResult.DELETED)

    @property
    def absent(self) -> list[Outcome[ItemT_co]]:
        """Items that the account does not have, deleted by an attempt without a response or not."""
        return self._of(ItemResult.ABSENT)

    @property
    def stopped(self) -> list[Outcome[ItemT_co]]:
        """Items that the API stopped refreshing."""
        return self._of(ItemResult.STOPPED)

    @property
    def already_existed(self) -> list[Outcome[ItemT_co]]:
        """Items that the account has already, and those of them that are `in_doubt`."""
        return self._of(ItemResult.ALREADY_EXISTED)

    @property
    def adopted(self) -> list[Outcome[ItemT_co]]:
        """Items that an attempt without a response created, as far as can be determined."""
        return self._of(ItemResult.ADOPTED)

    @property
    def found(self) -> list[Outcome[ItemT_co]]:
        """Items that the account has, if the batch has read them."""
        return self._of(ItemResult.FOUND)

    @property
    def not_found(self) -> list[Outcome[ItemT_co]]:
        """Items that the account does not have."""
        return self._of(ItemResult.NOT_FOUND)

    @property
    def rejected(self) -> list[Outcome[ItemT_co]]:
        """Items that the API rejected for another reason."""
        return self._of(ItemResult.REJECTED)

    @property
    def invalid(self) -> list[Outcome[ItemT_co]]:
        """Items that are invalid and were not sent."""
        return self._of(ItemResult.INVALID)

    @property
    def not_sent(self) -> list[Outcome[ItemT_co]]:
        """Items that were not sent; they can be passed to the same method again."""
        return self._of(ItemResult.NOT_SENT)

    @property
    def unknown(self) -> list[Outcome[ItemT_co]]:
        """Items whose result is unknown, because no response contains it."""
        return self._of(ItemResult.UNKNOWN)

    def raise_for_rejected(self) -> None:
        """
        Raise an error unless all items succeeded. A tracking that existed already is a success.

        Raises:
            BatchRejected: An item was rejected, not found, invalid or not sent, or its result is
                unknown.
        """
        if self.failed:
            raise BatchRejected(self) from self.error

    def __repr__(self) -> str:
        return f"<BatchReport of {self}>"

    def __str__(self) -> str:
        counts = [f"{count} {self._words(result)}" for result, count in self.counts.items()]
        if duplicates := len(self.duplicates):
            counts.append(f"{duplicates} duplicate{'s' if duplicates > 1 else ''}")
        items = f"{len(self)} item{'s' if len(self) > 1 else ''}"
        return f"{items}: {', '.join(counts)}" if counts else "no items"

    def _words(self, result: ItemResult) -> str:
        words = result.replace("_", " ")
        in_doubt = sum(outcome.in_doubt for outcome in self._of(result))
        # All items with an unknown result are.
        is_said = in_doubt and result is not ItemResult.UNKNOWN
        return f"{words} ({in_doubt} uncertain)" if is_said else words

    def _of(self, result: ItemResult) -> list[Outcome[ItemT_co]]:
        found = (outcome for outcome in self if outcome.duplicate_of is None)
        return [outcome for outcome in found if outcome.result is result]

    def _completed(self, outcome: Outcome[ItemT]) -> Outcome[ItemT]:
        """Return an outcome; the details of a duplicate are those of the original."""
        if outcome.duplicate_of is None or not self._outcomes:
            return outcome
        position = outcome.duplicate_of - self._outcomes[0].index
        if not 0 <= position < len(self._outcomes):
            return outcome
        original = self._outcomes[position]
        if original.index != outcome.duplicate_of:  # some outcomes are missing
            return outcome
        details = ("code", "message", "tracking", "error")
        return replace(outcome, **{name: getattr(original, name) for name in details})


class BatchRejected(TrackingMoreError):
    """
    At least one item of a batch did not succeed; the others did.

    Attributes:
        report: The outcomes of all items.
        carrier_code: The carrier of the first item that failed, or None.
        tracking_number: The number of this item, or None.
    """

    def __init__(self, report: BatchReport[Any]) -> None:
        super().__init__()
        self.report = report
        if report.failed:
            _validation.with_pair(self, report.failed[0].item)

    def _state(self) -> dict[str, Any]:
        return {**super()._state(), "report": _without_details(self.report)}

    def __str__(self) -> str:
        failed = self.report.failed
        first = ""
        if failed:
            outcome = f"{failed[0].summary}{self._for_tracking()}"
            first = f"; the first is item {failed[0].index}, {outcome}"
        return f"{len(failed)} of {len(self.report)} items failed{first}. See .report.failed."


class BatchInterrupted(TrackingMoreError):
    """
    The input of a batch raised an error, or a call raised an unexpected one; it is the `__cause__`.

    Nothing was sent after it. An exception that is no `Exception`, such as `KeyboardInterrupt` or
    `asyncio.CancelledError`, is raised as it is; `BatchReport.of()` returns its report.

    Attributes:
        index: Position of the item at which the batch ended, from 0.
        report: The outcomes of the items before it; those not sent yet are NOT_SENT. Empty in the
            `iter_` forms, which have already yielded these outcomes.
        in_doubt: Whether an unexpected error ended a call that may have been carried out; its items
            are UNKNOWN.
    """

    def __init__(self, report: BatchReport[Any], index: int, *, in_doubt: bool = False) -> None:
        super().__init__()
        self.report = report
        self.index = index
        self.in_doubt = in_doubt

    def _state(self) -> dict[str, Any]:
        return {**super()._state(), "report": _without_details(self.report)}

    def __str__(self) -> str:
        cause = type(self.__cause__).__name__ if self.__cause__ else "an error"
        return f"interrupted at item {self.index} by {cause}; before it: {self.report}"


def _without_details(report: BatchReport[Any]) -> BatchReport[Any]:
    """Return a report with the keys of its items in their place, and without trackings."""
    outcomes = [replace(one, item=_key_of(one.item), tracking=None) for one in report]
    return BatchReport(outcomes, report.error)


def _key_of(item: object) -> models.TrackingKey | None:
    with suppress(Exception):  # of an invalid item
        carrier, number = _validation.pair_of(item)
        return models.TrackingKey(carrier_code=carrier, tracking_number=number)
    return None


def attach_report(error: BaseException, report: BatchReport[Any]) -> None:
    """Attach the report so far to an exception that is raised as it is; see `BatchReport.of()`."""
    error.__dict__["report"] = report
