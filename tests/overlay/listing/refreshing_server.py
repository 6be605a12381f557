"""A server whose trackings are refreshed while a client reads them, page by page."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final, TypeAlias

import httpx2

from tests.overlay.stubs import error_response
from trackingmore_v2 import models

START: Final = 1_772_366_400
"""Unix seconds at which the server starts."""

State: TypeAlias = tuple[str, str | None, str | None]
"""Number, `updated_at` and last event."""


class RefreshingServer:
    """
    A server with trackings, newest first.

    Args:
        before_response: Called before each response, to change the trackings or the time.
    """

    def __init__(self, before_response: Callable[[], object] = int) -> None:
        self.now = START
        self.trackings: dict[str, tuple[int, int]] = {}
        """Time of the last refresh and number of refreshes, by tracking number."""

        self.hidden: dict[str, int] = {}
        """Until when a refreshed tracking is not listed."""

        self.requests: list[httpx2.QueryParams] = []
        self.before_response = before_response

    def refresh(self, number: str, delay: int = 0) -> None:
        """Refresh a tracking, or create one; the new state is listed after a delay in seconds."""
        _, count = self.trackings.get(number, (0, 0))
        self.trackings[number] = (self.now, count + 1)
        self.hidden[number] = self.now + delay

    def states(self) -> set[State]:
        """Return the present state of each tracking."""
        return {(number, _iso(at), f"#{count}") for number, (at, count) in self.trackings.items()}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Respond to a request for a page."""
        self.before_response()
        query = request.url.params
        self.requests.append(query)
        page, limit = int(query["page"]), int(query["limit"])
        hits = list(self._hits(int(query["update_time_min"]), query.get("update_time_max")))
        items = hits[(page - 1) * limit : page * limit]
        if not items:
            return httpx2.Response(200, content=error_response(4031))
        counters = {"page": page, "limit": limit, "total": str(len(hits)), "count": len(items)}
        content = {"meta": {"code": 200}, "data": {**counters, "items": items}}
        return httpx2.Response(200, content=json.dumps(content))

    def _hits(self, first: int, last: str | None) -> Iterator[dict[str, str]]:
        for number, (at, count) in reversed(self.trackings.items()):
            is_listed = self.hidden[number] <= self.now
            if is_listed and first <= at <= (self.now if last is None else int(last)):
                yield {
                    "id": "",
                    "tracking_number": number,
                    "carrier_code": "ups",
                    "status": "transit",
                    "created_at": _iso(START),
                    "updated_at": _iso(at),
                    "lastEvent": f"#{count}",
                }


def state_of(tracking: models.Tracking) -> State:
    """Return the state of a tracking that was read."""
    at: object = tracking.updated_at
    text = at.isoformat() if isinstance(at, datetime) else str(at)
    return tracking.tracking_number, text, tracking.last_event


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
