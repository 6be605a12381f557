"""Items of any type as the models of an operation, or their errors."""

from collections.abc import Sequence
from typing import Any, TypeVar

from trackingmore_v2 import _coercion, _validation
from trackingmore_v2._batch.operations import BatchOperation, Sendable
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._scrubbing import scrub

ItemT = TypeVar("ItemT")


def models_of(
    operation: BatchOperation[ItemT], items: list[ItemT], first: int, *, drops_unknown: bool
) -> Sequence[Sendable | InvalidInput]:
    """
    Return the model of each item, or its error.

    Args:
        operation: The operation to carry out on each item.
        items: Consecutive items of the input.
        first: Index of the first one in the input.
        drops_unknown: Whether to drop unknown fields of rows.

    Raises:
        InvalidInput: The first item of the input has an unknown field; others are likely to have
            it too.
    """
    # Checking all items at once is several times faster, but does not say which one is invalid.
    kind, model_of = operation.kind, operation.model_of
    rows: list[Any] = items
    if drops_unknown:
        rows = [_coercion.without_unknown(kind, item) for item in items]
    if first == 0 and items:
        _coercion.check_first(kind, rows[0])
    models = _validation.several_models(kind, rows)
    if models is not None:
        return models
    try:
        unchecked = [model_of(item, index) for index, item in enumerate(rows, first)]
        models = _validation.several_models(kind, unchecked)
    except Exception:  # noqa: BLE001 - raised and reported again below, item by item
        models = None
    if models is not None:
        return models
    return [_model(operation, item, index) for index, item in enumerate(rows, first)]


def _model(operation: BatchOperation[ItemT], item: ItemT, index: int) -> Sendable | InvalidInput:
    try:
        return _validation.model(operation.kind, operation.model_of(item, index), index)
    except InvalidInput as error:
        scrub(error)  # it outlives this call, in the outcome
        return _validation.with_pair(error, item)
    except Exception as error:  # noqa: BLE001 - attributes of the caller's object may raise any
        return InvalidInput("item", f"cannot be read: {type(error).__name__}", index)
