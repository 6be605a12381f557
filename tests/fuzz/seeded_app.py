"""
Sandboxes that are reset to the same trackings as often as a test needs it.

The contract cannot state what exists, so data generated from it alone would mostly be unknown.
With these trackings and `use_existing_values`, most requests succeed.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from schemathesis import Case
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import OPERATIONS, models, patterns
from trackingmore_v2_sandbox import (
    API_KEY,
    Sandbox,
    SettableClock,
    Settings,
    SqliteStore,
    create_app,
)
from trackingmore_v2_sandbox.admin.schemas import Seed, read
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.scenarios.number_faults import AIR_WAYBILL_PREFIX

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
CREATED_AT: Final = datetime(2025, 12, 1, tzinfo=UTC)
CARRIERS: Final = ("china-ems", "singapore-post", "ups")
NEW_CARRIERS: Final = ("dhl", "usps")
"""Carriers without trackings."""

DETECTABLE: Final = "RN123456789CN"
ORDER_ID: Final = "#123"
EXAMPLE_PAIR: Final = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}
"""The pair in the examples of the contract."""

TRACKINGS: Final = [
    {
        **pair,
        "created_at": CREATED_AT.isoformat(),
        "order_id": ORDER_ID,
        "archived": pair["tracking_number"].endswith("_1"),
    }
    for pair in [
        EXAMPLE_PAIR,
        *(
            {"carrier_code": "ups", "tracking_number": f"SANDBOX-{status.upper()}_{copy}"}
            for status in models.TrackingStatus
            for copy in (0, 1)
        ),
    ]
]
"""The example, and two trackings of each status, of which one is archived."""

_SECONDS: Final = int(CREATED_AT.timestamp())
_WIDE: Final[dict[str, Callable[[int], int]]] = {
    "page": lambda _: 1,
    "created_at_min": lambda given: min(given, _SECONDS),
    "created_at_max": lambda given: max(given, _SECONDS),
    "update_time_min": lambda given: min(given, _SECONDS),
    "update_time_max": lambda given: max(given, int(NOW.timestamp())),
}
"""Filters with the value that some tracking passes."""

_NEVER_PASSED: Final = {"order_created_time_min", "order_created_time_max"}
_NOT_PASSED_BY_PENDING: Final = {"update_time_min", "update_time_max"}
CREATING: Final = {OPERATIONS[name].path for name in ("createTracking", "createTrackingBatch")}
"""Paths whose trackings must not exist yet."""


class SeededApp:
    """
    The sandbox as an ASGI app that can be reset to `TRACKINGS`.

    Args:
        strict: Whether to reject what violates the contract. Default: False.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._sandbox = create_app(SqliteStore(), SettableClock(NOW), Settings(strict=strict))
        self._admin: AdminService = self._sandbox.state.admin
        self._account = self._admin.account_of_key(API_KEY)
        self._is_stale = True

    def reset(self) -> None:
        """Restore the trackings before the next request."""
        self._is_stale = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond as the sandbox does."""
        if self._is_stale:
            self._is_stale = False
            await self._admin.reset(self._account)
            await self._admin.seed(self._account, read({"trackings": TRACKINGS}, Seed))
        await self._sandbox(scope, receive, send)


def sandbox_at_now() -> Sandbox:
    """Return a sandbox behind a socket, whose clock stands still."""
    return Sandbox(clock=SettableClock(NOW))


def use_existing_values(case: Case[Any]) -> None:
    """
    Replace the values of about three cases of four by existing ones.

    A valid value is replaced by a valid one, so no case changes its validity. The query of an
    invalid case stays as it is: on the wire all is text, which a replacement might make valid.
    """
    if case.path_parameters:
        _use_tracking(case.path_parameters, 0)
    for index, item in enumerate(objects_of(case.body)):
        use_known_carriers(item)
        avoid_failing_numbers(item)
        if "carrier_code" not in item and _is_selected_number(item.get("tracking_number")):
            item["tracking_number"] = DETECTABLE
        elif case.path not in CREATING:
            _use_tracking(item, index)
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if is_valid and case.query and case.path == OPERATIONS["listTrackings"].path:
        _widen(case.query)


def objects_of(body: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of a body, which may be one itself."""
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict):
            yield item


def use_known_carriers(item: dict[str, Any]) -> None:
    """Replace carriers by known ones."""
    for name, carriers in (("carrier_code", CARRIERS), ("update_carrier_code", NEW_CARRIERS)):
        if _matches(patterns.CARRIER_CODE, item.get(name)):
            item[name] = carriers[len(str(item.get("tracking_number"))) % len(carriers)]


def avoid_failing_numbers(item: dict[str, Any]) -> None:
    """Replace the air waybill numbers that make a call fail or wait for minutes."""
    given = item.get("track_number")
    if isinstance(given, list):
        item["track_number"] = list(map(_without_fault, given))
    elif given is not None:
        item["track_number"] = _without_fault(given)


def _without_fault(number: Any) -> Any:
    if _matches(patterns.AIR_WAYBILL_NUMBER, number) and number.startswith(AIR_WAYBILL_PREFIX):
        return f"001{number.removeprefix(AIR_WAYBILL_PREFIX)}"
    return number


def _use_tracking(item: Any, index: int) -> None:
    number = item.get("tracking_number")
    if _matches(patterns.CARRIER_CODE, item.get("carrier_code")) and _is_selected_number(number):
        tracking = TRACKINGS[(len(number) + index) % len(TRACKINGS)]
        item.update({name: tracking[name] for name in EXAMPLE_PAIR})


def _widen(query: dict[str, Any]) -> None:
    """Relax the filters until some tracking passes: there are two of each status."""
    if not _is_selected(str(sorted(query.items()))):
        return
    is_pending = query.get("status") == "pending"
    for name in _NEVER_PASSED | (_NOT_PASSED_BY_PENDING if is_pending else set()):
        query.pop(name, None)
    for name in _WIDE.keys() & query.keys():
        if query[name] != "":
            query[name] = _WIDE[name](int(float(query[name])))
    if query.get("numbers"):
        query["numbers"] = ",".join(str(tracking["tracking_number"]) for tracking in TRACKINGS)
    if query.get("orders"):
        query["orders"] = ORDER_ID


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_selected_number(number: Any) -> bool:
    return _matches(patterns.TRACKING_NUMBER, number) and _is_selected(number)


def _is_selected(text: str) -> bool:
    """Select three texts of four, always the same ones."""
    return sum(map(ord, text)) % 4 != 0
