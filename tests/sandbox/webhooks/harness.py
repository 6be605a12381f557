"""A sandbox whose webhooks go to a function."""

import json
from datetime import timedelta
from typing import Any

from tests.sandbox.harness import NOON, Api
from trackingmore_v2_sandbox import API_KEY
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.store.models import DeliveryRecord, WebhookTarget
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.outbox import Outbox
from trackingmore_v2_sandbox.webhooks.sender import SendResult
from trackingmore_v2_sandbox.webhooks.subscriptions import add_target
from trackingmore_v2_sandbox.webhooks.url_policy import UrlPolicy

ACCOUNT = account_of(API_KEY)
START = int(NOON.timestamp())
HOOK = "http://127.0.0.1:8080/hook"
NUMBER = "SANDBOX-TRANSIT-1H-PICKUP-1H-DELIVERED"
PATIENT = 30
"""Seconds until a test that hangs has failed."""

OK = SendResult(status=200)
BROKEN = SendResult(status=500)


class Receiver:
    """A receiver without a socket, which stores requests and returns given results."""

    def __init__(self, *responses: SendResult) -> None:
        self.responses = list(responses)
        self.received: list[tuple[str, str]] = []

    async def __call__(self, url: str, body: str) -> SendResult:
        """Receive something."""
        self.received.append((url, body))
        return self.responses.pop(0) if self.responses else OK

    @property
    def events(self) -> list[tuple[int, str]]:
        """The signed time and the status of each event."""
        contents = [json.loads(body) for _, body in self.received]
        return [(int(each["verifyInfo"]["timeStr"]), each["data"]["status"]) for each in contents]


class DeliveryHarness:
    """A sandbox whose webhooks go to a function, and whose clock the test advances."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.receiver = Receiver()
        self.api = Api(store=store, send_webhook=self.receiver)
        self.outbox = Outbox(self.store, self.receiver, "user@example.com")
        self.engine = TimeEngine(
            self.store, self.api.clock, self.outbox.on_change, self.outbox.deliver
        )
        self.engine.run(ACCOUNT, 0)

    def add(self, url: str = HOOK, **fields: Any) -> WebhookTarget:
        """Add a target."""
        with self.store.transaction(write=True, account=ACCOUNT):
            return add_target(self.store, ACCOUNT, {"url": url, **fields}, UrlPolicy())

    def follow(self, number: str = NUMBER) -> str:
        """Create a tracking, and return its id."""
        created = self.api.create(tracking_number=number, carrier_code="china-ems")
        return str(created["id"])

    async def advance(self, **time: float) -> None:
        """Advance the account's clock, and send what is due on the way."""
        await self.engine.advance(ACCOUNT, timedelta(**time))

    @property
    def deliveries(self) -> list[DeliveryRecord]:
        """All deliveries, the oldest first."""
        with self.store.transaction(write=False):
            return self.store.deliveries(ACCOUNT)[::-1]
