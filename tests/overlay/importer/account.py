"""A server with one account, whose responses can be lost or incomplete, and the time of a test."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final, TypeAlias

import httpx2
from msgspec.structs import replace

from tests.overlay.stubs import KEY, URL, FakeClock
from trackingmore_v2 import AsyncTrackingMore, TrackingMore
from trackingmore_v2.importer import ImportReport

Fault: TypeAlias = str
"""
What happens to a request:

    lost        it is carried out, and the connection breaks
    interrupted it is carried out, and the client receives Ctrl-C
    unsent      the connection breaks before it arrives
    late        as `unsent`, and it is carried out after the next request
    omitted     its first tracking is missing in the response
    not listed  its first tracking is missing in the response, and in all lists
    502, 429/100, 4019, 4013    an HTTP status, or a meta code; the number after 429 is Retry-After
"""

_STATUS: Final = 600
"""Numbers below are HTTP statuses, and others meta codes."""


class Time(FakeClock):
    """The time of client, server and journal: it passes by waits only."""

    def __init__(self, base: float = 1_800_000_000.0) -> None:
        super().__init__()
        self.moment = base
        self.watchers: Final[list[Callable[[], object]]] = []
        """Called whenever the time has passed."""

    def sleep(self, seconds: float) -> None:
        """Advance the time."""
        self.waits.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Advance the time, without a wait of the client."""
        self.moment += seconds
        for watcher in self.watchers:
            watcher()


class Account:
    """A server that creates trackings, and lists them by number."""

    def __init__(self, time: Time) -> None:
        self.time: Final = time
        self.trackings: dict[tuple[str, str], dict[str, Any]] = {}
        self.requests: list[str] = []
        """Methods of the requests that arrived, and were carried out or rejected."""

        self.faults: list[Fault] = []
        """What happens to the next requests."""

        self.fault: Fault = ""
        """What happens to the other ones."""

        self.quota: int | None = None
        self.created = 0
        self.on_request: Callable[[], object] = lambda: None
        self._late: list[httpx2.Request] = []
        self._hidden: set[str] = set()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Respond to a request."""
        self.requests.append(request.method)
        self.on_request()
        fault = self.faults.pop(0) if self.faults else self.fault
        if fault in ("unsent", "late"):
            self._late += [request] if fault == "late" else []
            raise httpx2.ReadError("broken", request=request)
        if fault[:1].isdigit():
            return self._error(*map(int, fault.split("/")))
        response = self._carry_out(request, fault)
        late, self._late = self._late, []
        for each in late:
            self._carry_out(each, "")
        if fault == "interrupted":
            raise KeyboardInterrupt
        if fault == "lost":
            raise httpx2.ReadError("broken", request=request)
        return response

    def client(self, **settings: Any) -> TrackingMore:
        """Return a client of this server, whose waits take no time."""
        http = httpx2.Client(transport=httpx2.MockTransport(self))
        client = TrackingMore(KEY, base_url=URL, http_client=http, **settings)
        self._set_time(client)
        return client

    def async_client(self) -> AsyncTrackingMore:
        """Return an async client of this server, whose waits take no time."""
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        client = AsyncTrackingMore(KEY, base_url=URL, http_client=http)
        self._set_time(client)
        return client

    def add(self, row: Mapping[str, str]) -> None:
        """Create a tracking without a request."""
        pair = row["carrier_code"], row["tracking_number"]
        moment = datetime.fromtimestamp(self.time.moment, UTC).isoformat()
        common = {"id": "-".join(pair), "status": "pending", "created_at": moment}
        self.trackings[pair] = {**common, **row}
        self.created += 1

    def _set_time(self, client: Any) -> None:
        context = client._context  # noqa: SLF001 - so that no test waits
        client._context = replace(context, clock=self.time, jitter=lambda: 1.0)  # noqa: SLF001

    def _carry_out(self, request: httpx2.Request, fault: Fault) -> httpx2.Response:
        if request.method == "GET":
            return self._list(request.url.params["numbers"].split(","))
        return self._create(json.loads(request.content), fault)

    def _create(self, rows: list[dict[str, str]], fault: Fault) -> httpx2.Response:
        created, errors = list[Any](), list[Any]()
        for row in rows:
            pair = row["carrier_code"], row["tracking_number"]
            code = self._rejection(pair)
            if code:
                errors.append({**row, "code": code, "message": "Rejected."})
            else:
                self.add(row)
                created.append(self.trackings[pair])
        if fault == "not listed":
            self._hidden.add(
                created[0]["tracking_number"] if created else rows[0]["tracking_number"]
            )
        skipped = 1 if fault in ("omitted", "not listed") else 0
        counts = dict.fromkeys(("submitted", "added", "updated"), len(created))
        data = {
            **counts,
            "trackings": created[skipped:],
            "errors": errors if created else errors[skipped:],
        }
        return self._response(201, data)

    def _rejection(self, pair: tuple[str, str]) -> int | None:
        if pair in self.trackings:
            return 4016
        if pair[1].startswith("BAD"):
            return 4014
        if pair[1].startswith("HUGE"):
            return 10**30
        return 4021 if self.quota is not None and self.created >= self.quota else None

    def _list(self, numbers: list[str]) -> httpx2.Response:
        wanted = set(numbers) - self._hidden
        found = [one for (_, number), one in self.trackings.items() if number in wanted]
        if not found:
            return self._response(4031, [])
        data = {"page": 1, "limit": 2000, "total": len(found), "count": len(found), "items": found}
        return self._response(200, data)

    def _error(self, code: int, retry_after: int | None = None) -> httpx2.Response:
        status = code if code < _STATUS else 200
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return self._response(code, [], status, headers)

    def _response(
        self, code: int, data: object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        date = format_datetime(datetime.fromtimestamp(self.time.moment, UTC), usegmt=True)
        body = {"meta": {"code": code, "type": "", "message": ""}, "data": data}
        return httpx2.Response(status, json=body, headers={"Date": date, **(headers or {})})


def rows(count: int, title: str = "Teapot") -> list[dict[str, str]]:
    """Return rows of different trackings."""
    return [
        {"carrier_code": "ups", "tracking_number": f"1Z{number:08}", "title": title}
        for number in range(count)
    ]


def states(report: ImportReport) -> dict[str, int]:
    """Return the counts that are not 0; those of the rows themselves must be equal."""
    counts = {state.value: number for state, number in report.counts.items() if number}
    found = [row["result"] for row in report.rows()]
    assert counts == {each: found.count(each) for each in set(found) - {"pending"}}
    return counts
