"""The types of batch items, and their conversion to the models of the contract."""

from collections.abc import Mapping
from typing import Any, Protocol, Required, TypeAlias, TypedDict, TypeVar, cast

from msgspec import Struct

from trackingmore_v2 import _validation
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import models
from trackingmore_v2_api.options import CreateTrackingItemOptionsDict, PlaceOptionsDict

ModelT = TypeVar("ModelT", bound=Struct)


class CreateTrackingItemDict(CreateTrackingItemOptionsDict):
    """A tracking to create, for `trackings.create_many()`. Source: schema CreateTrackingItem."""

    carrier_code: Required[str]
    """The carrier's `code` in `carriers.list()`."""

    tracking_number: Required[str]
    """The tracking number."""


class TrackingDetailsDict(TypedDict, total=False):
    """The fields that an update can change, alone or in a batch."""

    title: str
    logistics_channel: str
    customer_name: str
    customer_email: str
    order_id: str
    destination_code: str
    """Two-letter country code, in either case."""

    archived: bool
    status: models.SettableStatus
    """DELIVERED, EXCEPTION, or ORIGINAL, which removes a status set by hand."""


class UpdateTrackingItemDict(TrackingDetailsDict):
    """
    An update of a tracking, for `trackings.update_many()`.

    Source: schema UpdateTrackingItem.
    """

    carrier_code: Required[str]
    """The carrier's `code` in `carriers.list()`."""

    tracking_number: Required[str]
    """The tracking number."""


class TrackingKeyDict(TypedDict):
    """The identity of a tracking. Source: schema TrackingKey."""

    carrier_code: str
    """The carrier's `code` in `carriers.list()`."""

    tracking_number: str
    """The tracking number."""


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


class PlaceDict(PlaceOptionsDict):
    """A place, for `shipping.remote_areas()`. Source: schema Place."""

    country: Required[str]
    """English name or two-letter code of the country."""

    postcode: Required[str]
    """Postal code, or the name of the town in countries without postal codes."""


class RouteDict(TypedDict):
    """A route, for `shipping.transit_times()`. Source: schema Route."""

    carrier_code: str
    """The carrier's `code` in `carriers.list()`."""

    original: str
    """Two-letter code of the country of origin."""

    destination: str
    """Two-letter code of the destination country."""


CreateItem: TypeAlias = models.CreateTrackingItem | CreateTrackingItemDict
"""An item of `trackings.create_many()`."""

UpdateItem: TypeAlias = models.UpdateTrackingItem | UpdateTrackingItemDict
"""An item of `trackings.update_many()`."""

KeyItem: TypeAlias = Keyed | TrackingKeyDict | tuple[str, str]
"""An item of `trackings.delete_many()` and `stop_updates()`; a pair is carrier code and number."""

PlaceItem: TypeAlias = models.Place | PlaceDict
"""An item of `shipping.remote_areas()`."""

RouteItem: TypeAlias = models.Route | RouteDict
"""An item of `shipping.transit_times()`."""


def model_of(kind: type[ModelT], item: object, index: int) -> ModelT:
    """
    Convert an item to a model of the contract; its fields are not checked yet.

    Raises:
        InvalidInput: The item has another type, or a field is missing or unknown.
    """
    if isinstance(item, kind):
        return item
    if isinstance(item, dict | Mapping):  # checking for dict first is ten times as fast
        return _of_mapping(kind, cast("Mapping[str, object]", item), index)
    reason = f"must be a {kind.__name__} or a dict, not {type(item).__name__}"
    raise InvalidInput("item", reason, index)


def checked_model(kind: type[ModelT], item: object, index: int) -> ModelT:
    """Convert an item to a model of the contract, with every field checked."""
    return _validation.body(model_of(kind, item, index), index)


def changes_of(item: object, index: int) -> models.UpdateTrackingItem:
    """Convert an item to an update, whose `archived` may be a boolean as in `update()`."""
    if not isinstance(item, dict | Mapping):
        return model_of(models.UpdateTrackingItem, item, index)
    given = cast("Mapping[str, object]", item)
    if isinstance(given.get("archived"), bool):
        given = {**given, "archived": _validation.archived(given["archived"])}
    return _of_mapping(models.UpdateTrackingItem, given, index)


def key_of(item: object, index: int) -> models.TrackingKey:
    """Convert a pair, a dict or an object with the two attributes to a tracking key."""
    if isinstance(item, models.TrackingKey):
        return item
    if isinstance(item, dict | Mapping):
        return _of_mapping(models.TrackingKey, cast("Mapping[str, object]", item), index)
    carrier: Any = getattr(item, "carrier_code", None)
    number: Any = getattr(item, "tracking_number", None)
    if carrier is None and number is None:
        return _of_pair(item, index)
    return models.TrackingKey(carrier_code=cast("str", carrier), tracking_number=number)


def _of_pair(item: object, index: int) -> models.TrackingKey:
    kind = type(item).__name__
    size = len(cast("tuple[str, ...]", item)) if isinstance(item, tuple) else 0
    if size != len(TrackingKeyDict.__annotations__):
        raise InvalidInput("item", f"must name carrier and number, not be a {kind}", index)
    carrier, number = cast("tuple[str, str]", item)
    return models.TrackingKey(carrier_code=carrier, tracking_number=number)


def _of_mapping(kind: type[ModelT], given: Mapping[str, Any], index: int) -> ModelT:
    try:
        return kind(**given)
    except TypeError:
        raise _field_error(kind, given, index) from None


def _field_error(kind: type[Struct], given: Mapping[str, object], index: int) -> InvalidInput:
    """Return the error for a field that is missing or unknown."""
    wanted = _validation.fields_of(kind)
    for field in wanted:
        if field.required and field.name not in given:
            return InvalidInput(field.name, "is missing", index)
    unknown = set(given) - {field.name for field in wanted}
    return InvalidInput(str(min(unknown, key=str)), f"is not a field of {kind.__name__}", index)
