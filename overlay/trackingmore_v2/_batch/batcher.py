"""
Batches as a state machine without I/O: what to send, and the outcome of each item.

A driver reads the items that `fill()` requests, sends the call `chunk.prepared` if there is one,
and passes the result to `settle()`:

    chunk = ... batch.fill() ...
    result = ...
    outcomes = batch.settle(chunk, result)          one outcome for each item of the chunk

Duplicates are not sent. To recognize them, a batch keeps number, index and result of each distinct
item, and the verdict on each one that failed.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Generator
from hashlib import blake2b
from itertools import compress
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import msgspec

from trackingmore_v2 import _validation
from trackingmore_v2._batch.conversion import models_of
from trackingmore_v2._batch.inputs import Read
from trackingmore_v2._batch.items import Unknown
from trackingmore_v2._batch.operations import BatchOperation, Sendable
from trackingmore_v2._batch.parsing import (
    UNKNOWN,
    is_fatal_for_batch,
    match,
    quota_error,
    verdict_of_failure,
)
from trackingmore_v2._batch.results import (
    FAILURES,
    BatchInterrupted,
    BatchReport,
    ItemResult,
    ItemVerdict,
    Outcome,
    outcomes_of,
)
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._errors import InvalidInput, TrackingMoreError

ItemT = TypeVar("ItemT")

_RESULTS: Final = tuple(ItemResult)
_result_of: Final = attrgetter("result")
_error_of: Final = attrgetter("error")
_pair_of: Final[Callable[[Any], tuple[str, str]]] = attrgetter("carrier_code", "tracking_number")
_SUCCESSES: Final = bytes(
    position for position, result in enumerate(_RESULTS) if result not in FAILURES
)
_READ_AHEAD: Final = 25
"""Maximum of items read for one call, as a multiple of its size, in case most are duplicates."""


class Chunk(Generic[ItemT]):
    """Consecutive items of the input, and the call that sends them."""

    def __init__(self, first: int) -> None:
        self.first = first
        """Index of the first item in the input."""

        self.items: list[ItemT] = []
        self.verdicts: list[int | ItemVerdict] = []
        """For each item, its position in `sent`, or its verdict if it is not sent."""

        self.duplicates: list[int | None] = []
        """For each item, the index of the item that is sent in its place; None if it is sent."""

        self.sent: list[Sendable] = []
        self.prepared: PreparedCall[list[ItemVerdict]] | None = None
        """The call; None if there is nothing to send, or sending has stopped."""

    def add(self, item: ItemT, verdict: int | ItemVerdict, duplicate_of: int | None = None) -> None:
        """Append an item."""
        self.items.append(item)
        self.verdicts.append(verdict)
        self.duplicates.append(duplicate_of)


class Batcher(Generic[ItemT]):
    """
    The state of one batch: what was read, what was sent, and what stopped it.

    Args:
        operation: The operation to carry out on each item.
        unknown: What to do with unknown fields of items. Default: "reject".
    """

    def __init__(self, operation: BatchOperation[ItemT], unknown: Unknown = "reject") -> None:
        _validation.require_unknown(unknown)
        self.error: TrackingMoreError | None = None
        """The error that stopped the sending; None while there was no such error."""

        self.unreported: list[Outcome[ItemT]] = []
        """The outcomes of a call that was interrupted, which were not yielded."""

        self._operation = operation
        self._drops_unknown = unknown == "ignore"
        self._limit = operation.max_items
        self._held: list[ItemT] = []
        """Items that were read, and have to wait for the next call."""

        self._interruption: BaseException | None = None
        """An error of the input, or one of a call that is not a `TrackingMoreError`."""

        self._in_doubt = False
        """Whether the call that raised `_interruption` may have been carried out."""

        self._latest: defaultdict[str, dict[str, int]] = defaultdict(dict)
        """
        Index of the latest item sent, by carrier and then by number: a tuple of both as the key
        would take half as much memory again.
        """

        self._results = bytearray()
        """Position in `_RESULTS` of each item's result."""

        self._failures: dict[int, ItemVerdict] = {}
        """
        By index, the verdict on each item that failed or has an error, for its duplicates in later
        chunks.
        """

        self._digests = array("Q")
        """A digest of each item, if `has_changes`; empty otherwise."""

    def fill(self) -> Generator[int, Read[ItemT], Chunk[ItemT]]:
        """
        Return the next chunk; it has no items at the end of the input.

        Yields:
            The maximum number of items to read.
        """
        chunk = Chunk[ItemT](len(self._results))
        room, ahead = self._limit, self._limit * _READ_AHEAD
        while room and len(chunk.items) < ahead:
            items, self._held = self._held[:room], self._held[room:]
            if len(items) < room and self._interruption is None:
                read = yield room - len(items)
                items, self._interruption = items + read.items, read.error
            self._queue(chunk, items)
            if len(items) < room or self._held:
                break
            # Duplicates and invalid items are not sent, so there may be room for more.
            room = self._limit - len(chunk.sent)
        if chunk.sent and self.error is None and self._interruption is None:
            chunk.prepared = self._operation.prepare(chunk.sent)
        return chunk

    def check_interruption(self) -> None:
        """Raise what interrupted the reading of the input and is no error, such as Ctrl-C."""
        if self._interruption is not None and not isinstance(self._interruption, Exception):
            raise self._interruption

    def finish(self) -> None:
        """
        End the batch.

        Raises:
            BatchInterrupted: The input raised an error, or a call raised an error other than a
                `TrackingMoreError`.
        """
        self.check_interruption()
        if self._interruption is not None:
            raise BatchInterrupted(
                BatchReport[ItemT](), len(self._results), in_doubt=self._in_doubt
            ) from self._interruption

    def settle(
        self, chunk: Chunk[ItemT], result: list[ItemVerdict] | BaseException | None
    ) -> list[Outcome[ItemT]]:
        """
        Return the outcome of each item of a chunk, in input order.

        Args:
            chunk: The chunk.
            result: What its call returned or raised; None if it was not sent.
        """
        of_sent = self._verdicts(chunk, result)
        verdicts = [of_sent[each] if isinstance(each, int) else each for each in chunk.verdicts]
        # One byte for each item, since a batch may have millions.
        results = bytes(map(_RESULTS.index, map(_result_of, verdicts)))
        self._results += results
        errors = list(map(_error_of, verdicts))
        if results.translate(None, _SUCCESSES) or any(errors):
            failed = [
                _RESULTS[result] in FAILURES or error is not None
                for result, error in zip(results, errors, strict=True)
            ]
            self._failures.update(compress(enumerate(verdicts, chunk.first), failed))
        return outcomes_of(chunk.first, chunk.items, verdicts, chunk.duplicates)

    def _queue(self, chunk: Chunk[ItemT], items: list[ItemT]) -> None:
        """
        Queue items in input order, up to the first one that has to wait for a later call.

        An item has to wait if it updates a tracking that this call updates with other values. The
        order in which the API applies the items of a call is unknown, and the response does not say
        which of the two it means.
        """
        first, drops_unknown = chunk.first + len(chunk.items), self._drops_unknown
        models = models_of(self._operation, items, first, drops_unknown=drops_unknown)
        if self._operation.has_changes:
            self._digests.extend(map(_digest, models))
        for position, (item, model) in enumerate(zip(items, models, strict=True)):
            if not self._queue_one(chunk, item, model):
                self._held = items[position:] + self._held
                # The items that wait are digested again with the next chunk.
                del self._digests[chunk.first + len(chunk.items) :]
                break

    def _queue_one(self, chunk: Chunk[ItemT], item: ItemT, model: Sendable | InvalidInput) -> bool:
        """Queue an item, unless it has to wait; return whether it was queued."""
        if isinstance(model, InvalidInput):
            chunk.add(item, ItemVerdict(ItemResult.INVALID, error=model))
            return True
        index = chunk.first + len(chunk.items)
        index_of = self._latest[model.carrier_code]
        latest = index_of.get(model.tracking_number)
        if latest is not None and not self._differ(latest, index):
            chunk.add(item, self._verdict_of(latest, chunk), latest)
            return True
        if latest is not None and latest >= chunk.first:
            return False
        index_of[model.tracking_number] = index
        chunk.add(item, len(chunk.sent))
        chunk.sent.append(model)
        return True

    def _verdict_of(self, index: int, chunk: Chunk[ItemT]) -> int | ItemVerdict:
        """Return the verdict on an earlier item, for its duplicate."""
        if index >= chunk.first:
            return chunk.verdicts[index - chunk.first]
        # Earlier chunks are gone; of an item that succeeded, only the result is kept.
        return self._failures.get(index) or ItemVerdict(_RESULTS[self._results[index]])

    def _differ(self, latest: int, index: int) -> bool:
        return self._operation.has_changes and self._digests[latest] != self._digests[index]

    def _verdicts(
        self, chunk: Chunk[ItemT], result: list[ItemVerdict] | BaseException | None
    ) -> list[ItemVerdict]:
        if isinstance(result, list):
            verdicts = match(list(map(_pair_of, chunk.sent)), result)
            if chunk.prepared:
                self.error = quota_error(verdicts, chunk.prepared.call)
            return verdicts
        if result is not None and not isinstance(result, TrackingMoreError):
            # An error of a hook, for example.
            self._interruption = result
            self._in_doubt = chunk.prepared is not None and chunk.prepared.in_doubt
        return [self._verdict_without_response(result)] * len(chunk.sent)

    def _verdict_without_response(self, failure: BaseException | None) -> ItemVerdict:
        """Return the verdict on every item of a call that failed or was not sent."""
        if isinstance(failure, TrackingMoreError):
            if is_fatal_for_batch(failure):
                # The next calls would fail alike, and each would wait for the rate limit first.
                self.error = failure
            return verdict_of_failure(failure)
        is_unknown = failure is not None and self._in_doubt
        return UNKNOWN if is_unknown else ItemVerdict(ItemResult.NOT_SENT, error=self.error)


def _digest(model: Sendable | InvalidInput) -> int:
    """Return 64 bits of a hash. Only items for one tracking are compared, so these are enough."""
    if isinstance(model, InvalidInput):
        return 0
    return int.from_bytes(blake2b(msgspec.json.encode(model), digest_size=8).digest())
