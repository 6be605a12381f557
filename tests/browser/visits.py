"""Visits of the inspector: a sandbox, a client of it, and a page in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox, Settings

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY: Final = "5ec2e7c0-ca4a-4000-8000-0123456789ab"
"""A key that nobody must see."""

PARCEL: Final = ("china-ems", "SANDBOX-TRANSIT001-2D-TO-US-TRANSIT004-1D-DELIVERED")
SECTIONS: Final = ("Requests", "Parcels", "Webhooks", "Faults", "Account")


@dataclass
class Visit:
    """A sandbox, somebody who uses its API, and a page that shows it."""

    sandbox: Sandbox
    context: BrowserContext
    page: Page
    client: TrackingMore
    http: httpx2.Client
    asked: list[str] = field(default_factory=list)
    """Addresses of all requests of the page."""

    problems: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Take down what the page asks for, and what goes wrong in it."""
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        # The browser says so of every refusal; the page tells its user itself.
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.problems.append(text)

    def open(self) -> None:
        """Open the inspector, and wait until it is live."""
        self.page.goto(self.sandbox.inspector_url)
        expect(self.page.locator("#connection")).to_have_text("Live")

    def go(self, section: str) -> Locator:
        """Open a section."""
        self.page.get_by_role("tab", name=section, exact=True).click()
        return self.page.get_by_role("tabpanel", name=section)

    def button(self, name: str) -> Locator:
        """Find a button."""
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def clock(self) -> Locator:
        """The clock in the page's head."""
        return self.page.get_by_role("region", name="Clock of the account")

    @property
    def notice(self) -> Locator:
        """What the page tells its user."""
        return self.page.locator("#notice")

    @property
    def rows(self) -> Locator:
        """The rows of the list of requests."""
        return self.page.get_by_role("option").and_(self.page.locator(".row"))

    @property
    def detail(self) -> Locator:
        """What is shown of one request."""
        return self.page.get_by_role("region", name="Request", exact=True)


@contextmanager
def visiting(
    browser: Browser,
    settings: Settings | None = None,
    *,
    is_used: bool = True,
    **context_options: Any,
) -> Iterator[Visit]:
    """Visit a fresh sandbox, and hold what is true of every visit at its end."""
    with (
        Sandbox(settings=settings) as sandbox,
        TrackingMore(KEY, base_url=sandbox.base_url) as client,
        httpx2.Client(headers={API_KEY_HEADER: KEY}, trust_env=False) as http,
    ):
        origin, _, _ = sandbox.inspector_url.partition("/_sandbox/")
        if is_used:
            sandbox.clock.freeze(NOON, api_key=KEY)
        context = browser.new_context(**context_options)
        context.set_default_timeout(10_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        visit = Visit(sandbox, context, page, client, http)
        visit.watch(page)
        try:
            yield visit
            assert visit.problems == []
            assert [url for url in visit.asked if not url.startswith((f"{origin}/", "data:"))] == []
            assert not any(sandbox.control_token in url for url in visit.asked)
            assert not any(KEY in url for url in visit.asked)
        finally:
            context.close()


@dataclass
class Receiver:
    """Somebody who gets webhooks."""

    url: str
    bodies: list[bytes]
