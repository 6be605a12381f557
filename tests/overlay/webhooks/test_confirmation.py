"""The tracking of an event, read from the API; and every webhook of a sandbox."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import msgspec
import pytest

from tests.overlay.webhooks.bodies import EMAIL, webhook
from trackingmore_v2 import AsyncTrackingMore, InvalidInput, TrackingMore, TrackingNotFound, models
from trackingmore_v2.webhooks import WebhookEvent, confirm, confirm_async, parse
from trackingmore_v2_sandbox import Sandbox

CARRIER = "china-ems"
JOURNEYS = (
    "SANDBOX-PENDING-1H-NOTFOUND001-1H-TRANSIT001-1H-TO-US-TRANSIT004-1H-PICKUP-1H-DELIVERED001",
    "SANDBOX-TRANSIT-1H-UNDELIVERED-1H-EXCEPTION006-1H-EXPIRED",
    "LK664578623CN",
)
STATUSES = set(models.TrackingStatus) - {"pending"}
"""Those that a tracking enters; it is pending from the beginning."""

DETAILS: dict[str, Any] = {
    "title": "Teapot, blue",
    "order_id": "#123",
    "customer_name": "sandy",
    "customer_email": "sandy@example.com",
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox whose clock stands still."""
    with Sandbox() as started:
        started.clock.freeze()
        yield started


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[TrackingMore]:
    """Yield a client of the sandbox."""
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as opened:
        yield opened


def shared(tracking: models.Tracking) -> dict[str, object]:
    """Return the fields of a tracking that a webhook has."""
    names = {field.name for field in msgspec.structs.fields(models.TrackingEventData)}
    return {
        name: value for name, value in msgspec.structs.asdict(tracking).items() if name in names
    }


@contextmanager
def receiver(handle: Callable[[bytes], None]) -> Iterator[str]:
    """Serve a receiver that calls a function with the body before it responds; yield its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            handle(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_every_webhook_of_a_sandbox_has_the_tracking_of_a_read(
    sandbox: Sandbox, client: TrackingMore
) -> None:
    """In each status, while it is delivered: verified, in time, and equal in what it contains."""
    received: list[tuple[WebhookEvent, models.Tracking]] = []

    def handle(body: bytes) -> None:
        event = parse(body, account_email=EMAIL, max_age=300, now=sandbox.clock.now)
        received.append((event, confirm(event, client)))

    with receiver(handle) as url:
        sandbox.webhooks.add(url)
        for number in JOURNEYS:
            client.trackings.create(CARRIER, number, **DETAILS)
        sandbox.clock.advance(timedelta(days=90))

    assert {event.tracking.status for event, _ in received} >= STATUSES
    assert {event.tracking.tracking_number for event, _ in received} == set(JOURNEYS)
    for event, read in received:
        assert event.is_verified
        assert shared(event.tracking) == shared(read)
        assert {each.path for each in event.repairs} <= {"$.data.destination_info"}


FORGED = {"tracking_number": "FORGED123"}


def test_a_forged_webhook_is_not_confirmed(client: TrackingMore) -> None:
    """The API has no such tracking, or there can be none."""
    with pytest.raises(TrackingNotFound):
        confirm(parse(webhook(**FORGED)), client)
    with pytest.raises(InvalidInput, match="tracking_number"):
        confirm(parse(webhook(tracking_number="..")), client)
    with pytest.raises(InvalidInput, match="carrier_code"):
        confirm(parse(webhook(carrier_code="../admin")), client)


def test_the_tracking_of_the_api_is_returned(client: TrackingMore) -> None:
    """Not that of the webhook."""
    client.trackings.create(CARRIER, "SANDBOX-TRANSIT", **DETAILS)
    event = parse(webhook(tracking_number="SANDBOX-TRANSIT", title="Forged"))
    read = client.trackings.get(CARRIER, "SANDBOX-TRANSIT")

    assert confirm(event, client) == read
    assert (event.tracking.title, read.title) == ("Forged", DETAILS["title"])


async def test_the_awaited_twin_does_the_same(sandbox: Sandbox, client: TrackingMore) -> None:
    """With an async client."""
    client.trackings.create(CARRIER, "SANDBOX-TRANSIT", **DETAILS)
    event = parse(webhook(tracking_number="SANDBOX-TRANSIT"))
    async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as twin:
        assert await confirm_async(event, twin) == confirm(event, client)
        with pytest.raises(TrackingNotFound):
            await confirm_async(parse(webhook(**FORGED)), twin)
