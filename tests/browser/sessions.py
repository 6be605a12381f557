"""Sessions with the inspector: a sandbox, clients of it, and a page in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox, Settings

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY: Final = "5ec2e7c0-ca4a-4000-8000-0123456789ab"
"""An API key that the page must not show."""

TRACKING: Final = ("china-ems", "SANDBOX-TRANSIT001-2D-TO-US-TRANSIT004-1D-DELIVERED")
PATIENT: Final = 30_000
"""Milliseconds until a test that hangs has failed."""

SECTIONS: Final = ("Requests", "Trackings", "Webhooks", "Faults", "Account")


@dataclass
class Session:
    """A sandbox, clients that use its API, and a page that shows it."""

    sandbox: Sandbox
    context: BrowserContext
    page: Page
    client: TrackingMore
    http: httpx2.Client
    requested_urls: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Uncaught errors, and errors and warnings of the console."""

    def watch(self, page: Page) -> None:
        """Record the requests and the problems of a page."""
        page.on("request", lambda request: self.requested_urls.append(request.url))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._on_console)

    def _on_console(self, message: ConsoleMessage) -> None:
        # The browser logs each error response; the page shows those to its user.
        is_response = "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not is_response:
            self.problems.append(message.text)

    def open(self) -> None:
        """Open the inspector, and wait until it is connected."""
        self.page.goto(self.sandbox.inspector_url)
        expect(self.page.locator("#connection")).to_have_text("Live")

    def go(self, section: str) -> Locator:
        """Open a section."""
        self.page.get_by_role("tab", name=section, exact=True).click()
        return self.page.get_by_role("tabpanel", name=section)

    def button(self, name: str) -> Locator:
        """Return a button."""
        return self.page.get_by_role("button", name=name, exact=True)

    def choose(self, account: str) -> None:
        """Choose an account or a stream by a part of its label."""
        option = self.accounts.locator("option", has_text=account)
        self.accounts.select_option(value=option.get_attribute("value"))

    @property
    def accounts(self) -> Locator:
        """The choice of an account."""
        return self.page.get_by_role("combobox", name="Account", exact=True)

    @property
    def clock(self) -> Locator:
        """The clock in the page's head."""
        return self.page.get_by_role("region", name="Clock", exact=True)

    @property
    def notice(self) -> Locator:
        """The message to the user."""
        return self.page.locator("#notice")

    @property
    def rows(self) -> Locator:
        """The rows of the list of requests."""
        return self.page.get_by_role("option").and_(self.page.locator(".row"))

    @property
    def detail(self) -> Locator:
        """The details of the selected request."""
        return self.page.get_by_role("region", name="Request", exact=True)


@contextmanager
def new_session(
    browser: Browser, settings: Settings | None = None, *, is_used: bool = True, **options: Any
) -> Iterator[Session]:
    """Yield a session with a new sandbox, and check at its end that the page behaved."""
    with (
        Sandbox(settings=settings) as sandbox,
        TrackingMore(KEY, base_url=sandbox.base_url) as client,
        httpx2.Client(headers={API_KEY_HEADER: KEY}, trust_env=False) as http,
        browser.new_context(**options) as context,
    ):
        origin, _, _ = sandbox.inspector_url.partition("/_sandbox/")
        if is_used:
            sandbox.clock.freeze(NOON, api_key=KEY)
        context.set_default_timeout(PATIENT)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        session = Session(sandbox, context, context.new_page(), client, http)
        session.watch(session.page)
        yield session
        assert session.problems == []
        for url in session.requested_urls:
            assert url.startswith((f"{origin}/", "data:"))
            assert sandbox.admin_token not in url
            assert KEY not in url
