"""
Speed and memory of the inspector with 100,000 requests: first paint, filters and scrolling.

A page shows a sandbox whose log is filled as fast as the page can follow. Needs a browser
(`apt-get install chromium`).
"""

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.bench.measure import Report
from tests.browser import chromium
from trackingmore_v2_sandbox import Sandbox, Settings
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord

ROWS = 100_000
STEP = 1000
ROUNDS = 7
FIRST_PAINT_BAR = 1000
FILTER_BAR = 200
FILTERS = ("TRACKING0000999", "delivered", "a", "not there at all")

SCRIPT = Path(__file__).with_suffix(".js")
FILTER = "(text) => bench.filter(text)"


def exchange(number: int) -> ExchangeRecord:
    """Return an exchange with a response of a common size."""
    name = f"TRACKING{number:09}"
    body = f'{{"meta":{{"code":200}},"data":{{"tracking_number":"{name}","text":"'
    return ExchangeRecord(
        at=1_772_366_400 + number,
        method="POST",
        path="/v2/trackings/post",
        query="",
        headers=(("content-type", "application/json"),),
        request=f'{{"tracking_number":"{name}","carrier_code":"china-ems"}}'.encode(),
        operation="createTracking",
        status=200,
        code=200 if number % 10 else 4016,
        response=(body + "Out for delivery " * 40 + '"}}').encode(),
        milliseconds=0.4,
    )


def fill(sandbox: Sandbox, first: int, last: int) -> None:
    """Add exchanges to the log of a sandbox."""

    async def act(admin: AdminService, account: str) -> None:
        for number in range(first, last):
            admin.log.append(account, exchange(number))

    sandbox._run(act, None)  # noqa: SLF001 - real requests would take minutes


def count(sandbox: Sandbox) -> int:
    """Return how many exchanges a sandbox keeps."""

    async def act(admin: AdminService, account: str) -> int:
        return len(admin.log.since(account))

    return sandbox._run(act, None)  # noqa: SLF001 - its method would return them all


def wait_for(page: Page, rows: int) -> None:
    """Wait until the page shows so many requests."""
    expect(page.locator("#requests .count")).to_have_text(f"{rows:,} requests", timeout=60_000)


def reopen(page: Page, url: str) -> tuple[float, float]:
    """Open the page again; return the milliseconds to its first paint, and to its first rows."""
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector(".room .row")
    rows: float = page.evaluate("performance.now()")
    return float(page.evaluate("bench.firstPaint()")), rows


def run(report: Report) -> None:
    """Measure and print."""
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    settings = Settings(log_exchanges=ROWS)
    with Sandbox(settings=settings) as sandbox, chromium.running(path) as browser:
        page = browser.new_page()
        page.add_init_script(path=SCRIPT)
        page.goto(sandbox.inspector_url)
        for first in range(0, ROWS, STEP):
            fill(sandbox, first, first + STEP)
            wait_for(page, first + STEP)
        rows = page.locator(".room .row").count()
        filters: dict[str, list[Any]] = {
            text: [page.evaluate(FILTER, text) for _ in range(ROUNDS)] for text in FILTERS
        }
        page.evaluate(FILTER, "")
        frames: list[float] = page.evaluate("bench.scroll()")
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
        paints = [reopen(page, sandbox.inspector_url) for _ in range(ROUNDS)]
        kept = count(sandbox)
        wait_for(page, kept)
    print(f"{ROWS:,} requests on the page, {rows} rows in the document, heap {heap:.0f} MiB")
    for text, times in filters.items():
        computed, painted = zip(*times, strict=True)
        report.add(f"filter {text!r}", computed, "ms", below=FILTER_BAR)
        report.add(f"filter {text!r}, painted", painted, "ms")
    report.add("scrolling, each frame", frames, "ms")
    print(f"opened with {kept:,} requests in the sandbox, median of {ROUNDS}:")
    first_paints, first_rows = zip(*paints, strict=True)
    report.add("first paint", first_paints, "ms", below=FIRST_PAINT_BAR)
    report.add("first rows", first_rows, "ms")
