"""
The pictures of README and docs: `python -m tests.browser.pictures docs/images`.

The sandbox has a fixed clock, so two runs draw the same, except for the time that a request took.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Final, Literal, TypeAlias

from playwright.sync_api import Browser, Page, ViewportSize

from examples.demo import show
from tests.browser import chromium
from trackingmore_v2 import ApiError, TrackingMore
from trackingmore_v2_sandbox import Sandbox, SettableClock

Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOWN_URL: Final = "http://127.0.0.1:8642/v2"
"""The URL of the sandbox in the pictures; the one in use has a free port."""

WIDTH: Final = 1180

PARCELS: Final = (
    ("china-ems", "SANDBOX-TRANSIT001_1", "Teapot"),
    ("ups", "SANDBOX-DELIVERED_2", "Lamp"),
    ("dhl", "SANDBOX-PICKUP_3", "Bicycle bell"),
    ("china-post", "SANDBOX-NOTFOUND002_4", "Chess set"),
    ("usps", "SANDBOX-TRANSIT004_5", "Kettle"),
    ("china-ems", "SANDBOX-EXCEPTION006_6", "Vase"),
    ("ups", "SANDBOX-DELIVERED003_7", "Radio"),
    ("china-ems", "RM123456789CN", "Umbrella"),
)
COLORS: Final = {"light": ("#f6f8fa", "#1f2328"), "dark": ("#0d1117", "#e6edf3")}
"""Background and text of a terminal."""

TERMINAL: Final = """
<body style="margin:0; padding:16px 20px; background:{0}; color:{1}">
<pre style="margin:0; font:13px/1.45 'DejaVu Sans Mono', monospace; white-space:pre-wrap">{2}</pre>
"""


def main() -> None:
    """Write each picture into the folder that the first argument names."""
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    with chromium.running(path) as browser:
        draw_all(browser, Path(sys.argv[1]))


def draw_all(browser: Browser, folder: Path) -> None:
    """Draw each picture, those of the README in both schemes."""
    for scheme in SCHEMES:
        draw_demo(browser, folder / f"demo-{scheme}.png", scheme)
        draw_timeline(browser, folder / f"inspector-{scheme}.png", scheme)
    draw_request(browser, folder / "inspector-requests.png")


@contextmanager
def new_sandbox() -> Iterator[tuple[Sandbox, TrackingMore]]:
    """Yield a sandbox, and a client of it."""
    with (
        Sandbox(clock=SettableClock(NOON)) as sandbox,
        TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client,
    ):
        yield sandbox, client


@contextmanager
def new_page(browser: Browser, scheme: Scheme, height: int) -> Iterator[Page]:
    """Yield an empty page."""
    size = ViewportSize(width=WIDTH, height=height)
    with browser.new_context(color_scheme=scheme, viewport=size) as context:
        yield context.new_page()


def draw_demo(browser: Browser, file: Path, scheme: Scheme) -> None:
    """Draw the demo in a terminal."""
    output = io.StringIO()
    with new_sandbox() as (_, client), redirect_stdout(output):
        output.write(f"$ python3 -m nox -s demo\nSandbox ready: {SHOWN_URL}\n\n")
        show(client)
    with new_page(browser, scheme, height=100) as page:
        page.set_content(TERMINAL.format(*COLORS[scheme], escape(output.getvalue().rstrip())))
        page.screenshot(path=file, full_page=True)


def draw_timeline(browser: Browser, file: Path, scheme: Scheme) -> None:
    """Draw the timeline of a tracking in the inspector."""
    with open_inspector(browser, scheme) as page:
        page.get_by_role("tab", name="Trackings", exact=True).click()
        trackings = page.get_by_role("tabpanel", name="Trackings")
        trackings.get_by_role("button", name=PARCELS[-1][1]).click()
        trackings.get_by_text("Accepted by carrier").wait_for()
        page.screenshot(path=file)


def draw_request(browser: Browser, file: Path) -> None:
    """Draw the details of a rejected request in the inspector."""
    with open_inspector(browser, "light") as page:
        requests = page.get_by_role("tabpanel", name="Requests")
        requests.get_by_role("option").filter(has_text="SANDBOX-DELIVERD").click()
        requests.get_by_role("heading", name="1 hint").wait_for()
        page.screenshot(path=file)


@contextmanager
def open_inspector(browser: Browser, scheme: Scheme) -> Iterator[Page]:
    """Yield the inspector of a sandbox with trackings and requests."""
    with new_sandbox() as (sandbox, client), new_page(browser, scheme, height=700) as page:
        fill(sandbox, client)
        page.clock.set_fixed_time(NOON)
        page.goto(sandbox.inspector_url)
        yield page


def fill(sandbox: Sandbox, client: TrackingMore) -> None:
    """Create trackings, let a week pass, and send some requests."""
    sandbox.clock.freeze()
    for carrier, number, title in PARCELS:
        client.trackings.create(carrier, number, title=title)
    sandbox.clock.advance(timedelta(days=6, hours=9))
    sandbox.clear_log()
    for number in ("SANDBOX-DELIVERD", "SANDBOX-DELIVERED"):
        try:
            client.trackings.create("ups", number, title="Camera strap")
        except ApiError:
            continue
    client.trackings.list(status="delivered").first()
    sandbox.faults.plan({"getTracking": "status=503"})
    client.trackings.get("china-ems", "RM123456789CN")
    client.trackings.update("ups", "SANDBOX-DELIVERED", title="Camera strap, black")
    client.trackings.count_by_status()


if __name__ == "__main__":
    main()
