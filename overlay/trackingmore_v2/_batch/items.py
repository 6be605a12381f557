"""What users give as an item of a batch, and how it becomes the contract's model."""

from collections.abc import Mapping
from typing import Any, Protocol, Required, TypeAlias, TypedDict, TypeVar, cast

from msgspec import Struct

from trackingmore_v2 import _validation
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import models
from trackingmore_v2_api.options import CreateTrackingItemOptionsDict, PlaceOptionsDict

ModelT = TypeVar("ModelT", bound=Struct)


class CreateTrackingItemDict(CreateTrackingItemOptionsDict):
    """A parcel to follow, for `trackings.create_many()`. Source: schema CreateTrackingItem."""

    carrier_code: Required[str]
    """The carrier, as `carriers.list()` names it."""

    tracking_number: Required[str]
    """The parcel's number at that carrier."""


class TrackingDetailsDict(TypedDict, total=False):
    """What may be changed of a parcel, alone or in a batch."""

    title: str
    logistics_channel: str
    customer_name: str
    customer_email: str
    order_id: str
    destination_code: str
    """Two letters of either case."""

    archived: bool
    status: models.SettableStatus
    """DELIVERED, EXCEPTION, or ORIGINAL, which takes back what was set."""


class UpdateTrackingItemDict(TrackingDetailsDict):
    """
    What to change of a parcel, as `trackings.update_many()` takes it.

    Source: schema UpdateTrackingItem.
    """

    carrier_code: Required[str]
    """The carrier, as `carriers.list()` names it."""

    tracking_number: Required[str]
    """The parcel's number at that carrier."""


class TrackingKeyDict(TypedDict):
    """Names a parcel. Source: schema TrackingKey."""

    carrier_code: str
    """The carrier, as `carriers.list()` names it."""

    tracking_number: str
    """The parcel's number at that carrier."""


class Keyed(Protocol):
    """Anything that names a parcel, such as the parcel itself. Source: schema TrackingKey."""

    @property
    def carrier_code(self) -> str:
        """The carrier."""
        ...

    @property
    def tracking_number(self) -> str:
        """The parcel's number at that carrier."""
        ...


class PlaceDict(PlaceOptionsDict):
    """A place, as `shipping.remote_areas()` takes it. Source: schema Place."""

    country: Required[str]
    """English name or two-letter code of the country."""

    postcode: Required[str]
    """Postal code, or the name of the town where there are none."""


class RouteDict(TypedDict):
    """A route, as `shipping.transit_times()` takes it. Source: schema Route."""

    carrier_code: str
    """The carrier, as `carriers.list()` names it."""

    original: str
    """Country of origin, two letters."""

    destination: str
    """Destination country, two letters."""


CreateItem: TypeAlias = models.CreateTrackingItem | CreateTrackingItemDict
"""What `trackings.create_many()` takes."""

UpdateItem: TypeAlias = models.UpdateTrackingItem | UpdateTrackingItemDict
"""What `trackings.update_many()` takes."""

KeyItem: TypeAlias = Keyed | TrackingKeyDict | tuple[str, str]
"""What `trackings.delete_many()` and `stop_updates()` take; a pair is carrier and number."""

PlaceItem: TypeAlias = models.Place | PlaceDict
"""What `shipping.remote_areas()` takes."""

RouteItem: TypeAlias = models.Route | RouteDict
"""What `shipping.transit_times()` takes."""


def model_of(kind: type[ModelT], item: object, index: int) -> ModelT:
    """
    Make the contract's model of an item; its fields are not checked yet.

    Raises:
        InvalidInput: The item is something else; the error names its index and the field.
    """
    if isinstance(item, kind):
        return item
    if isinstance(item, dict | Mapping):  # to ask for a dict first takes a tenth of the time
        return _of_mapping(kind, cast("Mapping[str, object]", item), index)
    reason = f"must be a {kind.__name__} or a dict, not {type(item).__name__}"
    raise InvalidInput("item", reason, index)


def checked_model(kind: type[ModelT], item: object, index: int) -> ModelT:
    """Make the contract's model of an item, and check every field of it."""
    return _validation.body(model_of(kind, item, index), index)


def changes_of(item: object, index: int) -> models.UpdateTrackingItem:
    """Make the model of changes, where `archived` may be a truth value, as in `update()`."""
    if not isinstance(item, dict | Mapping):
        return model_of(models.UpdateTrackingItem, item, index)
    given = cast("Mapping[str, object]", item)
    if isinstance(given.get("archived"), bool):
        given = {**given, "archived": _validation.archived(given["archived"])}
    return _of_mapping(models.UpdateTrackingItem, given, index)


def key_of(item: object, index: int) -> models.TrackingKey:
    """Make the model that names a parcel, of a pair or of anything that has one."""
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
        raise _misfit(kind, given, index) from None


def _misfit(kind: type[Struct], given: Mapping[str, object], index: int) -> InvalidInput:
    """Name the field that is missing, or that no such model has."""
    wanted = _validation.fields_of(kind)
    for field in wanted:
        if field.required and field.name not in given:
            return InvalidInput(field.name, "is missing", index)
    unknown = set(given) - {field.name for field in wanted}
    return InvalidInput(str(min(unknown, key=str)), f"is no field of {kind.__name__}", index)
