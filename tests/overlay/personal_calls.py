"""A call of every public method, with personal data wherever the method takes or returns any."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from trackingmore_v2 import models
from trackingmore_v2_api.operations.trackings import create_tracking

CARRIER, NUMBER = "china-ems", "LK664578623CN"
MARK: Final = "cnry7"
PHONE: Final = "+86400700912"
PERSONAL: Final = (MARK, PHONE)
"""Texts that personal data contains; numbers of trackings and carriers do not."""

ORDER: Final = f"#{MARK}-order"
DETAILS: Final[Mapping[str, Any]] = {
    "title": f"{MARK} title",
    "customer_name": f"{MARK} name",
    "customer_email": f"{MARK}@example.com",
    "customer_phone": PHONE,
    "order_id": ORDER,
    "comment": f"{MARK} comment",
    "logistics_channel": f"{MARK} channel",
    "tracking_postal_code": f"{MARK} postal code",
    "tracking_account_number": f"{MARK} account",
}
_UPDATABLE: Final = ("title", "customer_name", "customer_email", "order_id")
_CHANGES: Final = {name: DETAILS[name] for name in _UPDATABLE}
_KEY: Final = {"carrier_code": CARRIER, "tracking_number": NUMBER}
_NEW: Final = {**_KEY, **DETAILS}
_ITEM: Final = models.CreateTrackingItem(carrier_code=CARRIER, tracking_number=NUMBER, **DETAILS)
_UPDATE: Final = {**_KEY, **_CHANGES}
_DUPLICATES: Final = [_NEW, _ITEM, {**_NEW, "tracking_number": "?"}]
_START: Final = datetime(2020, 1, 1, tzinfo=UTC)

PERSONAL_CALLS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "trackings.create": lambda it: it.trackings.create(CARRIER, NUMBER, **DETAILS),
    "trackings.get_or_create": lambda it: it.trackings.get_or_create(CARRIER, NUMBER, **DETAILS),
    "trackings.create_many": lambda it: it.trackings.create_many(_DUPLICATES),
    "trackings.iter_create_many": lambda it: it.trackings.iter_create_many(_DUPLICATES),
    "trackings.get_or_create_many": lambda it: it.trackings.get_or_create_many([_NEW]),
    "trackings.get_many": lambda it: it.trackings.get_many([_NEW, _ITEM]),
    "trackings.get": lambda it: it.trackings.get(CARRIER, NUMBER),
    "trackings.list": lambda it: it.trackings.list(orders=[ORDER], page_size=1),
    "trackings.list (prefetched)": lambda it: it.trackings.list(orders=[ORDER], prefetch=True),
    "trackings.list().first": lambda it: it.trackings.list(orders=[ORDER]).first(),
    "trackings.list().pages": lambda it: it.trackings.list(orders=[ORDER]).pages(),
    "trackings.list().total": lambda it: it.trackings.list(orders=[ORDER]).total(),
    "trackings.changes": lambda it: it.trackings.changes(_START),
    "trackings.update": lambda it: it.trackings.update(
        CARRIER, NUMBER, customer_phone=PHONE, **_CHANGES
    ),
    "trackings.update_many": lambda it: it.trackings.update_many([_UPDATE]),
    "trackings.iter_update_many": lambda it: it.trackings.iter_update_many([_UPDATE]),
    "trackings.count_by_status": lambda it: it.trackings.count_by_status(created_after=_START),
    "trackings.realtime": lambda it: it.trackings.realtime(
        CARRIER, NUMBER, order=ORDER, tracking_postal_code=DETAILS["tracking_postal_code"]
    ),
    "trackings.stop_updates": lambda it: it.trackings.stop_updates([_NEW], unknown="ignore"),
    "trackings.iter_stop_updates": lambda it: it.trackings.iter_stop_updates([_ITEM]),
    "trackings.change_carrier": lambda it: it.trackings.change_carrier(CARRIER, NUMBER, to="usps"),
    "trackings.delete": lambda it: it.trackings.delete(CARRIER, NUMBER),
    "trackings.delete_many": lambda it: it.trackings.delete_many([_NEW], unknown="ignore"),
    "trackings.iter_delete_many": lambda it: it.trackings.iter_delete_many([_ITEM]),
    "shipping.remote_areas": lambda it: it.shipping.remote_areas(
        [models.Place(country="Japan", postcode=f"{MARK} postcode")]
    ),
    "shipping.transit_times": lambda it: it.shipping.transit_times(
        [models.Route(carrier_code="dhl", original="CN", destination="US")]
    ),
    "air_waybills.track": lambda it: it.air_waybills.track("172-28891936"),
    "carriers.list": lambda it: it.carriers.list(lang="en"),
    "carriers.detect": lambda it: it.carriers.detect("RN123456789CN"),
    "account.get": lambda it: it.account.get(),
    "call": lambda it: it.call(
        create_tracking.call(
            models.CreateTrackingRequest(carrier_code=CARRIER, tracking_number=NUMBER, **DETAILS)
        )
    ),
    "recorder().trackings.create": lambda it: it.recorder().trackings.create(
        CARRIER, NUMBER, **DETAILS
    ),
}
"""By the method."""


def errors_of(result: Any) -> list[BaseException]:
    """Read a result of the sync client, and return the errors in its outcomes."""
    if isinstance(result, Iterable):
        return _errors_in(list(result), result)
    return []


async def errors_of_async(result: Any) -> list[BaseException]:
    """Read a result of the async client, and return the errors in its outcomes."""
    if isinstance(result, Awaitable):
        return errors_of(await result)
    if isinstance(result, AsyncIterable):
        return _errors_in([each async for each in result], result)
    return errors_of(result)


def _errors_in(items: list[Any], result: object) -> list[BaseException]:
    errors = [getattr(result, "error", None), *(getattr(each, "error", None) for each in items)]
    return [error for error in errors if error]
