"""Successes that cannot be read: settled as after no response."""

import json
from typing import Any

import httpx2
import pytest

from tests.overlay.stubs import (
    DATE,
    Recorder,
    async_client_of,
    client_of,
    error_response,
    result_of,
)
from trackingmore_v2 import (
    AdoptedTracking,
    ItemResult,
    TrackingMore,
)
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

PAIR = ("china-ems", "LK664578623CN")
TRACKING = {
    "id": "1",
    "tracking_number": PAIR[1],
    "carrier_code": PAIR[0],
    "status": "pending",
    "created_at": "2026-03-01T14:14:55+08:00",
    "title": "Teapot",
}
BATCH = OPERATIONS["createTrackingBatch"].batch
SIZE = BATCH.max_items if BATCH else 0
UNREADABLE = [b"", b"<html>", b'{"meta":{"code":200,"ty', b'{"meta":{"code":200},"data":[]}']


def success(data: object) -> bytes:
    """Return a valid response."""
    return json.dumps({"meta": {"code": 200}, "data": data}).encode()


OTHER = success({**TRACKING, "tracking_number": "LK894734223CN"})


def server_of(*bodies: bytes) -> Recorder:
    """Return a server that sends these bodies in turn."""
    rest = iter(bodies)
    return Recorder(lambda _request: httpx2.Response(200, headers=DATE, content=next(rest)))


def methods(server: Recorder) -> list[str]:
    """Return the HTTP methods of the requests."""
    return [request.method for request in server.requests]


@pytest.mark.parametrize("body", [*UNREADABLE, OTHER])
async def test_a_created_tracking_is_found(body: bytes) -> None:
    """The retry is rejected as a duplicate, and the tracking is read, by both clients."""
    for make in (client_of, async_client_of):
        server = server_of(body, error_response(4016), success({"items": [TRACKING]}))
        created = await result_of(make(server, retries=1).trackings.create(*PAIR, title="Teapot"))

        assert isinstance(created, AdoptedTracking)
        assert (created.id, created.title) == ("1", "Teapot")
        assert methods(server) == ["POST", "POST", "GET"]


@pytest.mark.parametrize(("retries", "result"), [(1, "adopted"), (0, "unknown")])
def test_an_import_goes_on(retries: int, result: str) -> None:
    """The call's items are adopted by a retry, or unknown, and all others are created."""
    items: Any = [
        {"carrier_code": "ups", "tracking_number": f"IMPORT{number:06}"}
        for number in range(4 * SIZE)
    ]
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        sandbox.faults.plan({"createTrackingBatch": ["pass", "truncated"]})
        report = client.with_options(retries=retries).trackings.create_many(items)

        assert report.counts == {ItemResult.CREATED: 3 * SIZE, ItemResult(result): SIZE}
        assert [outcome.result for outcome in report[SIZE : 2 * SIZE]] == [result] * SIZE
        assert report.error is None
        assert client.trackings.list().total() == 4 * SIZE
