"""The types of batch items, and their conversion to the models of the contract."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias, cast

from trackingmore_v2 import _validation
from trackingmore_v2._coercion import Row
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import models
from trackingmore_v2_api.options import (
    CreateTrackingItemDict,
    PlaceDict,
    RouteDict,
    TrackingKeyDict,
    UpdateTrackingItemDict,
)

__all__ = [
    "CreateItem",
    "KeyItem",
    "Keyed",
    "PlaceItem",
    "RouteItem",
    "Row",
    "TypedCreateItem",
    "TypedKeyItem",
    "TypedPlaceItem",
    "TypedRouteItem",
    "TypedUpdateItem",
    "Unknown",
    "UpdateItem",
]


class Keyed(Protocol):
    """Any object that identifies a tracking, such as a model. Source: schema TrackingKey."""

    @property
    def carrier_code(self) -> str:
        """The carrier's code."""
        ...

    @property
    def tracking_number(self) -> str:
        """The tracking number."""
        ...


TypedCreateItem: TypeAlias = models.CreateTrackingItem | CreateTrackingItemDict
"""A `CreateItem` whose fields a type checker knows."""

TypedUpdateItem: TypeAlias = models.UpdateTrackingItem | UpdateTrackingItemDict
"""An `UpdateItem` whose fields a type checker knows."""

TypedKeyItem: TypeAlias = Keyed | TrackingKeyDict | tuple[str, str]
"""A `KeyItem` whose fields a type checker knows."""

TypedPlaceItem: TypeAlias = models.Place | PlaceDict
"""A `PlaceItem` whose fields a type checker knows."""

TypedRouteItem: TypeAlias = models.Route | RouteDict
"""A `RouteItem` whose fields a type checker knows."""

CreateItem: TypeAlias = TypedCreateItem | Row
"""An item of `trackings.create_many()`."""

UpdateItem: TypeAlias = TypedUpdateItem | Row
"""An item of `trackings.update_many()`."""

KeyItem: TypeAlias = TypedKeyItem | Row
"""An item of `trackings.delete_many()` and `stop_updates()`; a pair is carrier code and number."""

PlaceItem: TypeAlias = TypedPlaceItem | Row
"""An item of `shipping.remote_areas()`."""

RouteItem: TypeAlias = TypedRouteItem | Row
"""An item of `shipping.transit_times()`."""

Unknown: TypeAlias = Literal["reject", "ignore"]
"""What to do with a field of an item that the method does not have: reject the item, or drop it."""


def key_of(item: object, index: int) -> models.TrackingKey:
    """Convert a pair, a dict or an object with the two attributes to a tracking key."""
    if isinstance(item, models.TrackingKey):
        return item
    if isinstance(item, dict | Mapping):
        given = cast("Mapping[str, Any]", item)
        return _validation.unchecked_model(models.TrackingKey, given, index)
    carrier: Any = getattr(item, "carrier_code", None)
    number: Any = getattr(item, "tracking_number", None)
    # With one of the two, it is not a pair, and the check of the model names the missing one.
    if carrier is None and number is None:
        carrier, number = _pair(item, index)
    return models.TrackingKey(carrier_code=cast("str", carrier), tracking_number=number)


def _pair(item: object, index: int) -> tuple[Any, Any]:
    kind = type(item).__name__
    size = len(cast("tuple[object, ...]", item)) if isinstance(item, tuple) else 0
    if size != len(TrackingKeyDict.__annotations__):
        raise InvalidInput("item", f"must name carrier and number, not be a {kind}", index)
    return cast("tuple[Any, Any]", item)
