"""The four operations that take many trackings, and how items become their calls."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec import Struct

from trackingmore_v2 import _validation
from trackingmore_v2._batch import parsing
from trackingmore_v2._batch.items import CreateItem, KeyItem, UpdateItem, key_of
from trackingmore_v2._batch.results import ItemVerdict
from trackingmore_v2._batch.settlement import adopt_items, settle_deleted_items
from trackingmore_v2._calls.flow import Flow, PreparedCall, Retried, RetryOutcome
from trackingmore_v2_api import Call, Operation, models
from trackingmore_v2_api.operations import trackings as operations

ItemT = TypeVar("ItemT")

Sendable: TypeAlias = models.CreateTrackingItem | models.UpdateTrackingItem | models.TrackingKey
"""An item in the form in which it is sent."""


class BatchOperation(Struct, Generic[ItemT], frozen=True, kw_only=True):
    """An operation that takes many items, how items become its calls, and its responses results."""

    operation: Operation[Any]
    call: Callable[[list[Any]], Call[Any]]
    kind: type[Sendable]
    model_of: Callable[[ItemT, int], Sendable]
    parse: Callable[[Any], list[ItemVerdict]]
    """Returns the verdicts in the `data` of a response."""

    settle: Callable[[list[Any], Retried[list[ItemVerdict]]], Flow[list[ItemVerdict]]] | None = None
    """Returns the verdicts on items if an earlier attempt of their call may have succeeded."""

    has_changes: bool = False
    """Whether two items for one tracking may differ, so that both are sent."""

    @property
    def max_items(self) -> int:
        """The maximum number of items of one call."""
        return max_items_of(self.operation)

    def prepare(self, items: list[Sendable]) -> PreparedCall[list[ItemVerdict]]:
        """Prepare the call that sends items."""
        return PreparedCall(
            self.call(items),
            lambda envelope: self.parse(envelope.data),
            retry_outcome=RetryOutcome(list, partial(self.settle, items)) if self.settle else None,
        )


CREATE: Final = BatchOperation[CreateItem](
    operation=operations.create_tracking_batch.OPERATION,
    call=operations.create_tracking_batch.call,
    kind=models.CreateTrackingItem,
    model_of=partial(_validation.unchecked_model, models.CreateTrackingItem),
    parse=parsing.parse_created,
    settle=adopt_items,
)
UPDATE: Final = BatchOperation[UpdateItem](
    operation=operations.update_tracking_batch.OPERATION,
    call=operations.update_tracking_batch.call,
    kind=models.UpdateTrackingItem,
    model_of=partial(_validation.unchecked_model, models.UpdateTrackingItem),
    parse=parsing.parse_updated,
    # Updates of one tracking with other values are no duplicates: the last one has to win.
    has_changes=True,
)
DELETE: Final = BatchOperation[KeyItem](
    operation=operations.delete_tracking_batch.OPERATION,
    call=operations.delete_tracking_batch.call,
    kind=models.TrackingKey,
    model_of=key_of,
    parse=parsing.parse_deleted,
    settle=settle_deleted_items,
)
STOP: Final = BatchOperation[KeyItem](
    operation=operations.stop_tracking_updates.OPERATION,
    call=operations.stop_tracking_updates.call,
    kind=models.TrackingKey,
    model_of=key_of,
    parse=parsing.parse_stopped,
)


def max_items_of(operation: Operation[Any]) -> int:
    """Return the maximum number of items of one call."""
    return operation.batch.max_items if operation.batch else 1
