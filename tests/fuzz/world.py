"""
Sandboxes that begin anew as often as they are told to, always with the same parcels.

The contract cannot say what exists, so data made from it alone would mostly meet nothing. These
parcels, and `meet_what_exists`, see to it that most requests find something to do.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from schemathesis import Case
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import OPERATIONS, models, patterns
from trackingmore_v2_sandbox import API_KEY, Sandbox, SettableClock, SqliteStore, create_app
from trackingmore_v2_sandbox.admin.schemas import Seed, read
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.scenarios.number_faults import AIR_WAYBILL_PREFIX

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment that does not pass."""

CREATED_AT: Final = datetime(2025, 12, 1, tzinfo=UTC)
CARRIERS: Final = ("china-ems", "singapore-post", "ups")
NEXT_CARRIERS: Final = ("dhl", "usps")
"""Carriers that none of the parcels begins with."""

DETECTABLE: Final = "RN123456789CN"
ORDER: Final = "#123"
STORY: Final = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}
"""The pair that the contract gives as an example of its path parameters."""

PARCELS: Final = [
    {
        **pair,
        "created_at": CREATED_AT.isoformat(),
        "order_id": ORDER,
        "archived": pair["tracking_number"].endswith("_1"),
    }
    for pair in [
        STORY,
        *(
            {"carrier_code": "ups", "tracking_number": f"SANDBOX-{status.upper()}_{copy}"}
            for status in models.TrackingStatus
            for copy in (0, 1)
        ),
    ]
]
"""The parcel of the contract's story, and two of each status, of which one is archived."""

_SECONDS: Final = int(CREATED_AT.timestamp())
_WIDE: Final[dict[str, Callable[[int], int]]] = {
    "page": lambda _: 1,
    "created_at_min": lambda given: min(given, _SECONDS),
    "created_at_max": lambda given: max(given, _SECONDS),
    "update_time_min": lambda given: min(given, _SECONDS),
    "update_time_max": lambda given: max(given, int(NOW.timestamp())),
}
"""What is made of a good filter, so that something passes it."""

_ORDERED: Final = {"order_created_time_min", "order_created_time_max"}
"""Filters that no parcel passes, as the control cannot say when one was ordered."""

_LOOKED: Final = {"update_time_min", "update_time_max"}
"""Filters that nothing passes before its carrier was asked."""

_AIRLINE: Final = "001"
"""Takes the place of the prefix that no airline has."""

CREATING: Final = {OPERATIONS[name].path for name in ("createTracking", "createTrackingBatch")}
"""Paths whose parcels must not exist yet."""

_LISTING: Final = OPERATIONS["listTrackings"]


class World:
    """An ASGI app: the sandbox, which forgets all but `PARCELS` when it is told to."""

    def __init__(self) -> None:
        self._sandbox = create_app(SqliteStore(), SettableClock(NOW))
        self._control: AdminService = self._sandbox.state.control
        self._account = self._control.account_of_key(API_KEY)
        self._is_new = True

    def begin(self) -> None:
        """Forget all but the parcels, before the next request."""
        self._is_new = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the sandbox does."""
        if self._is_new:
            self._is_new = False
            await self._control.reset(self._account)
            await self._control.seed(self._account, read({"parcels": PARCELS}, Seed))
        await self._sandbox(scope, receive, send)


def live_world() -> Sandbox:
    """Return a sandbox on a socket, at the same moment."""
    return Sandbox(clock=SettableClock(NOW))


def meet_what_exists(case: Case[Any]) -> None:
    """
    Use values that exist in about three cases of four.

    Only what is valid is replaced, and by what is valid, so no case becomes better or worse. Of
    queries, no part of an invalid one is touched: on the wire all is text, and it might be mended.
    """
    if case.path_parameters:
        _name_parcel(case.path_parameters, 0)
    for index, item in enumerate(objects_of(case.body)):
        name_carrier(item)
        avoid_failures(item)
        if "carrier_code" not in item:
            _name_detectable(item)
        elif case.path not in CREATING:
            _name_parcel(item, index)
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if is_valid and case.query and case.path == _LISTING.path:
        _widen(case.query)


def objects_of(body: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of a body, which may be one itself."""
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict):
            yield item


def name_carrier(item: dict[str, Any]) -> None:
    """Name carriers that exist."""
    for name, carriers in (("carrier_code", CARRIERS), ("update_carrier_code", NEXT_CARRIERS)):
        if _fits(patterns.CARRIER_CODE, item.get(name)):
            item[name] = carriers[len(str(item.get("tracking_number"))) % len(carriers)]


def _name_parcel(item: Any, index: int) -> None:
    number = item.get("tracking_number")
    if not _fits(patterns.CARRIER_CODE, item.get("carrier_code")):
        return
    if _fits(patterns.TRACKING_NUMBER, number) and _is_chosen(number):
        parcel = PARCELS[(len(number) + index) % len(PARCELS)]
        item.update({name: parcel[name] for name in STORY})


def _name_detectable(item: dict[str, Any]) -> None:
    number = item.get("tracking_number")
    if _fits(patterns.TRACKING_NUMBER, number) and _is_chosen(str(number)):
        item["tracking_number"] = DETECTABLE


def avoid_failures(item: dict[str, Any]) -> None:
    """Name no air waybill whose number makes the call fail, or wait for minutes."""
    given = item.get("track_number")
    if isinstance(given, list):
        item["track_number"] = list(map(_ordinary, given))
    elif given is not None:
        item["track_number"] = _ordinary(given)


def _ordinary(number: Any) -> Any:
    if _fits(patterns.AIR_WAYBILL_NUMBER, number) and number.startswith(AIR_WAYBILL_PREFIX):
        return f"{_AIRLINE}{number.removeprefix(AIR_WAYBILL_PREFIX)}"
    return number


def _widen(query: dict[str, Any]) -> None:
    """Relax the filters so that some tracking passes: there are two of each status."""
    if not _is_chosen(str(sorted(query.items()))):
        return
    unmet = _ORDERED | (_LOOKED if query.get("status") == "pending" else set())
    for name in unmet & query.keys():
        del query[name]
    for name in _WIDE.keys() & query.keys():
        if query[name] != "":
            query[name] = _WIDE[name](int(float(query[name])))
    if query.get("numbers"):
        query["numbers"] = ",".join(str(parcel["tracking_number"]) for parcel in PARCELS)
    if query.get("orders"):
        query["orders"] = ORDER


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_chosen(text: str) -> bool:
    """Choose three texts of four, always the same ones."""
    return sum(map(ord, text)) % 4 != 0
