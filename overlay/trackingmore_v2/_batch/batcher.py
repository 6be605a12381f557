"""
Many items, cut into calls: what to send, and what became of each item. Nothing here does I/O.

    chunk = ... batch.fill() ...                    somebody reads as many items as it asks for
    answer = ...                                    and sends `chunk.prepared`, if there is one
    outcomes = batch.settle(chunk, answer)          one outcome for each item that was read

The same item further down the input is not sent again. What is remembered of an item is a digest
of 64 bits: among a million items the chance that any two share one is one in 37 million, among a
hundred million one in 3,700. It would show as a `duplicate_of` that names another parcel.
"""

from array import array
from collections.abc import Callable, Generator, Sequence
from itertools import count
from operator import attrgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _validation
from trackingmore_v2._batch.dedup import Deduplicator, digests
from trackingmore_v2._batch.inputs import Read
from trackingmore_v2._batch.items import (
    CreateItem,
    KeyItem,
    UpdateItem,
    changes_of,
    key_of,
    model_of,
)
from trackingmore_v2._batch.parsing import (
    UNKNOWN,
    is_fatal_for_batch,
    match,
    of_created,
    of_deleted,
    of_failure,
    of_retry_outcome,
    of_stopped,
    of_updated,
)
from trackingmore_v2._batch.results import (
    BatchInterrupted,
    BatchReport,
    ItemResult,
    ItemVerdict,
    Outcome,
    outcome_of,
)
from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._errors import InvalidInput, TrackingMoreError
from trackingmore_v2_api import Operation, models
from trackingmore_v2_api.operations.trackings import (
    create_tracking_batch,
    delete_tracking_batch,
    stop_tracking_updates,
    update_tracking_batch,
)

ItemT = TypeVar("ItemT")

Sendable: TypeAlias = models.CreateTrackingItem | models.UpdateTrackingItem | models.TrackingKey

_RESULTS: Final = tuple(ItemResult)
_result_of: Final = attrgetter("result")
_pair_of: Final[Callable[[Any], tuple[str, str]]] = attrgetter("carrier_code", "tracking_number")
_NOWHERE: Final = -1
_READ_AHEAD: Final = 25
"""Items read for one call, in multiples of what it takes: duplicates must not fill the memory."""


class Work(Struct, Generic[ItemT], frozen=True):
    """What is done to each item of a batch."""

    operation: Operation[Any]
    kind: type[Sendable]
    model_of: Callable[[ItemT, int], Sendable]
    ask: Callable[[list[Any]], PreparedCall[list[ItemVerdict]]]
    repeats: bool = False
    """Whether a parcel may stand in the input again with other details, and is sent again then."""


CREATE: Final = Work[CreateItem](
    create_tracking_batch.OPERATION,
    models.CreateTrackingItem,
    lambda item, index: model_of(models.CreateTrackingItem, item, index),
    lambda items: prepare(
        create_tracking_batch.call(items),
        lambda envelope: of_created(envelope.data),
        parse_after_retry=lambda envelope: of_retry_outcome(of_created(envelope.data)),
    ),
)
UPDATE: Final = Work[UpdateItem](
    update_tracking_batch.OPERATION,
    models.UpdateTrackingItem,
    changes_of,
    lambda items: prepare(
        update_tracking_batch.call(items), lambda envelope: of_updated(envelope.data)
    ),
    repeats=True,
)
DELETE: Final = Work[KeyItem](
    delete_tracking_batch.OPERATION,
    models.TrackingKey,
    key_of,
    lambda items: prepare(
        delete_tracking_batch.call(items),
        lambda envelope: of_deleted(envelope.data),
        parse_after_retry=lambda envelope: of_retry_outcome(of_deleted(envelope.data)),
    ),
)
STOP: Final = Work[KeyItem](
    stop_tracking_updates.OPERATION,
    models.TrackingKey,
    key_of,
    lambda items: prepare(
        stop_tracking_updates.call(items), lambda envelope: of_stopped(envelope.data)
    ),
)


class Chunk(Generic[ItemT]):
    """A stretch of the input, and the call that carries it."""

    def __init__(self, first: int) -> None:
        self.first = first
        """Index of the first item."""

        self.items: list[ItemT] = []
        self.places: list[int] = []
        """Where in the call each item stands, or its twin; `_NOWHERE` if it is told already."""

        self.duplicates: dict[int, int] = {}
        """Of each item whose twin is sent for both: its position here, and the twin's index."""

        self.summary: dict[int, Outcome[ItemT]] = {}
        """What is known already, by position here."""

        self.sent: list[Sendable] = []
        self.prepared: PreparedCall[list[ItemVerdict]] | None = None
        """What to send; None when there is nothing, or nothing any more."""

    def put(self, item: ItemT, place: int) -> None:
        """Add an item, by its place in the call."""
        self.items.append(item)
        self.places.append(place)


class Batcher(Generic[ItemT]):
    """
    An input on its way: what was read, what was sent, and what stopped it.

    Args:
        work: What is done to each item.
    """

    def __init__(self, work: Work[ItemT]) -> None:
        self.error: TrackingMoreError | None = None
        """What stopped the sending."""

        self._work = work
        self._limit = max_items_of(work.operation)
        self._held: list[ItemT] = []
        """What was read and goes with the next call."""

        self._broken: Exception | None = None
        self._seen = Deduplicator()
        self._details = array("q")
        """A digest of all that is asked for, by index, where a parcel may come again."""

    def fill(self) -> Generator[int, Read[ItemT], Chunk[ItemT]]:
        """
        Fill the next chunk; it has no items at the end of the input.

        Yields:
            How many items are to be read, at most.
        """
        chunk = Chunk[ItemT](len(self._seen))
        room, ahead = self._limit, self._limit * _READ_AHEAD
        while room and len(chunk.items) < ahead:
            items, self._held = self._held[:room], self._held[room:]
            if len(items) < room and self._broken is None:
                read = yield room - len(items)
                items, self._broken = items + read.items, read.error
            self._queue(chunk, items)
            if len(items) < room or self._held:
                break
            room = self._limit - len(chunk.sent)
        if chunk.sent and self.error is None and self._broken is None:
            chunk.prepared = self._work.ask(chunk.sent)
        return chunk

    def finish(self) -> None:
        """
        End the input.

        Raises:
            BatchInterrupted: It raised an error, or a call one that is none of ours.
        """
        if self._broken is not None:
            raise BatchInterrupted(BatchReport[ItemT](), len(self._seen)) from self._broken

    def settle(
        self, chunk: Chunk[ItemT], result: list[ItemVerdict] | Exception | None
    ) -> list[Outcome[ItemT]]:
        """
        Give each item of a chunk its outcome, in the order of the input.

        Args:
            chunk: The chunk.
            result: What its call returned or raised; None if it had none.
        """
        verdicts = [*self._verdicts(chunk, result), UNKNOWN]  # the last one for who is nowhere
        found = map(verdicts.__getitem__, chunk.places)
        outcomes = list(map(outcome_of, count(chunk.first), chunk.items, found))
        for position, twin in chunk.duplicates.items():
            outcomes[position] = replace(outcomes[position], duplicate_of=twin)
        for position, outcome in chunk.summary.items():
            outcomes[position] = outcome
        codes = bytes(map(_RESULTS.index, map(_result_of, outcomes)))
        self._seen.results[chunk.first : chunk.first + len(codes)] = codes
        return outcomes

    def _queue(self, chunk: Chunk[ItemT], items: list[ItemT]) -> None:
        """
        Queue items in their order, up to one that must go with a later call.

        That is one that asks for something else of a parcel that the call asks for already: no
        answer would tell which of the two it means, and no one knows which is carried out first.
        """
        models, fine = self._models(items)
        names = digests(map("/".join, map(_pair_of, models)) if fine else map(_name, models))
        if self._work.repeats:
            self._details.extend(digests(map(_all_of, models)))
        new = self._queue_new(chunk, items, models, names) if fine else 0
        for place, model in enumerate(models[new:], new):
            if not self._queue_one(chunk, items[place], model, names[place]):
                self._held = items[place:] + self._held
                del self._details[len(self._seen) :]
                break

    def _queue_new(
        self,
        chunk: Chunk[ItemT],
        items: list[ItemT],
        models: Sequence[Any],
        names: "array[int]",
    ) -> int:
        """Queue items up to one that was met before, which is mostly all of them; tell how many."""
        place = len(chunk.sent)
        new = self._seen.add_new(names)
        chunk.items += items[:new]
        chunk.places += range(place, place + new)
        chunk.sent += models[:new]
        return new

    def _queue_one(
        self, chunk: Chunk[ItemT], item: ItemT, model: Sendable | InvalidInput, name: int
    ) -> bool:
        """Queue an item, unless it must go with a later call."""
        index, position = len(self._seen), len(chunk.items)
        if isinstance(model, InvalidInput):
            self._seen.skip()
            chunk.summary[position] = Outcome(index, item, ItemResult.INVALID, error=model)
            chunk.put(item, _NOWHERE)
            return True
        slot = self._seen.slot(name)
        first = self._seen.last(slot)
        if first is None or (self._differ(first, index) and first < chunk.first):
            self._seen.add(name, slot)
            chunk.sent.append(model)
            chunk.put(item, len(chunk.sent) - 1)
            return True
        if self._differ(first, index):
            return False
        self._seen.skip()
        if first >= chunk.first:
            chunk.duplicates[position] = first
            chunk.put(item, chunk.places[first - chunk.first])
            return True
        result = _RESULTS[self._seen.results[first]]
        chunk.summary[position] = Outcome(index, item, result, duplicate_of=first)
        chunk.put(item, _NOWHERE)
        return True

    def _differ(self, first: int, index: int) -> bool:
        """Whether two items ask for different things of one parcel."""
        return self._work.repeats and self._details[first] != self._details[index]

    def _models(self, items: list[ItemT]) -> tuple[Sequence[Sendable | InvalidInput], bool]:
        """Make the model of each item, or tell what is wrong with it; and whether all are fine."""
        made = _validation.of_dicts(self._work.kind, items)
        if made is not None:
            return made, True
        model_of, first = self._work.model_of, len(self._seen)
        try:
            models = [model_of(item, index) for index, item in enumerate(items, first)]
        except Exception:  # noqa: BLE001 - it is told below, where it is known of which item
            models = []
        if len(models) == len(items) and _validation.all_fine(self._work.kind, models):
            return models, True
        return [self._model(item, index) for index, item in enumerate(items, first)], False

    def _model(self, item: ItemT, index: int) -> Sendable | InvalidInput:
        try:
            return _validation.body(self._work.model_of(item, index), index)
        except InvalidInput as error:
            return error
        except Exception as error:  # noqa: BLE001 - an object may raise anything when looked at
            return InvalidInput("item", f"cannot be read: {type(error).__name__}", index)

    def _verdicts(
        self, chunk: Chunk[ItemT], result: list[ItemVerdict] | Exception | None
    ) -> list[ItemVerdict]:
        if isinstance(result, list):
            return match(list(map(_pair_of, chunk.sent)), result)
        return [self._failure(result)] * len(chunk.sent)

    def _failure(self, failure: Exception | None) -> ItemVerdict:
        """Tell what became of a call without an answer, and whether to stop there."""
        if failure is None:
            return ItemVerdict(ItemResult.NOT_SENT, error=self.error)
        if not isinstance(failure, TrackingMoreError):
            self._broken = failure
            return UNKNOWN
        if is_fatal_for_batch(failure):
            self.error = failure
        return of_failure(failure)


def max_items_of(operation: Operation[Any]) -> int:
    """Tell how many items one call takes."""
    return operation.batch.max_items if operation.batch else 1


def _name(model: Sendable | InvalidInput) -> str:
    if isinstance(model, InvalidInput):
        return ""
    return "/".join(_pair_of(model))


def _all_of(model: Sendable | InvalidInput) -> str:
    return "" if isinstance(model, InvalidInput) else msgspec.json.encode(model).decode()
