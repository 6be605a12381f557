"""
How the inspector bears 100,000 requests: first paint, filter, scrolling, and what is kept.

A page follows a sandbox whose log is filled as fast as it can follow. Run it with
`python3 -m nox -s bench -- inspector`; it needs a browser (`apt-get install chromium`).
"""

import sys
from statistics import median
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import chromium
from trackingmore_v2_sandbox import Sandbox, Settings
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord

ROWS = 100_000
STEP = 1000
ROUNDS = 7
FIRST_PAINT_BAR = 1000
FILTER_BAR = 200
FILTERS = ("PARCEL0000999", "delivered", "a", "not there at all")

FILTER = """async (text) => {
    const field = document.querySelector("input[type=search]");
    const began = performance.now();
    field.value = text;
    field.dispatchEvent(new Event("input"));
    const worked = performance.now() - began;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return [worked, performance.now() - began];
}"""
SCROLL = """async () => {
    const list = document.querySelector(".long-list");
    const frames = [];
    for (let step = 0; step < 60; step += 1) {
        const began = performance.now();
        list.scrollTop = (list.scrollHeight * step) / 60;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        frames.push(performance.now() - began);
    }
    return frames;
}"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def exchange(number: int) -> ExchangeRecord:
    """Ensure a request such as parcels cause, with an answer of a common size."""
    name = f"PARCEL{number:09}"
    answer = f'{{"meta":{{"code":200}},"data":{{"tracking_number":"{name}","text":"'
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
        answer=(answer + "Out for delivery " * 40 + '"}}').encode(),
        milliseconds=0.4,
    )


def fill(sandbox: Sandbox, first: int, last: int) -> None:
    """Send some requests to a sandbox."""

    async def act(control: AdminService, account: str) -> None:
        for number in range(first, last):
            control.log.append(account, exchange(number))

    sandbox._run(act, None)  # noqa: SLF001 - real requests would take minutes


def count(sandbox: Sandbox) -> int:
    """Return how many requests a sandbox still keeps."""

    async def act(control: AdminService, account: str) -> int:
        return len(control.log.since(account))

    return sandbox._run(act, None)  # noqa: SLF001 - it would send them all


def wait_for(page: Page, rows: int) -> None:
    """Wait until the page knows of so many requests."""
    expect(page.locator("#requests .count")).to_have_text(f"{rows:,} requests", timeout=60_000)


def opened(page: Page, url: str) -> tuple[float, float]:
    """Open the page anew; give the milliseconds until it is painted, and until it has rows."""
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector(".room .row")
    rows: float = page.evaluate("performance.now()")
    return float(page.evaluate(FIRST_PAINT)), rows


def main() -> None:
    """Measure and print; fail when a bar is missed."""
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    settings = Settings(log_exchanges=ROWS)
    with Sandbox(settings=settings) as sandbox, chromium.running(path) as browser:
        page = browser.new_page()
        page.goto(sandbox.inspector_url)
        for first in range(0, ROWS, STEP):
            fill(sandbox, first, first + STEP)
            wait_for(page, first + STEP)
        rows = page.locator(".room .row").count()
        texts: dict[str, list[Any]] = {
            text: [page.evaluate(FILTER, text) for _ in range(ROUNDS)] for text in FILTERS
        }
        page.evaluate(FILTER, "")
        frames: list[float] = page.evaluate(SCROLL)
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
        paints = [opened(page, sandbox.inspector_url) for _ in range(ROUNDS)]
        kept = count(sandbox)
        wait_for(page, kept)
    paint = median(first for first, _ in paints)
    slowest = max(median(worked for worked, _ in found) for found in texts.values())
    print(f"{ROWS:,} requests on the page, {rows} rows in the document, heap {heap:.0f} MiB")
    for text, found in texts.items():
        worked, seen = (median(each) for each in zip(*found, strict=True))
        print(f"filter {text!r:20} {worked:6.0f} ms, seen after {seen:6.0f} ms")
    print(f"slowest filter               {slowest:6.0f} ms   (bar: less than {FILTER_BAR})")
    print(f"scrolling, slowest frame     {max(frames):6.0f} ms, median {median(frames):.0f} ms")
    print(f"opened with {kept:,} requests in the sandbox, median of {ROUNDS}:")
    print(f"first paint                  {paint:6.0f} ms   (bar: less than {FIRST_PAINT_BAR})")
    print(f"first rows                   {median(rows for _, rows in paints):6.0f} ms")
    sys.exit(paint >= FIRST_PAINT_BAR or slowest >= FILTER_BAR)


if __name__ == "__main__":
    main()
