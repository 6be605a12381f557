"""Readers of the site: a page of a real browser that reaches nothing but this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

PATIENT: Final = 30_000
"""Milliseconds until a test that hangs has failed."""

OVERHANG: Final = """() => document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll("body *")]
        .filter((each) => each.checkVisibility()
            && each.getBoundingClientRect().right > innerWidth + 0.5)
        .map((each) => each.outerHTML.slice(0, 120))
    : []"""


@dataclass
class Reader:
    """A page, the addresses that it asked for, and what its console reported."""

    page: Page
    requested: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def start(cls, browser: Browser, **options: Any) -> "Iterator[Reader]":
        """Yield a reader, and check at its end that no page had a problem or left this machine."""
        with browser.new_context(**options) as context:
            context.set_default_timeout(PATIENT)
            reader = cls(context.new_page())
            reader.page.on("request", lambda request: reader.requested.append(request.url))
            reader.page.on("pageerror", lambda error: reader.problems.append(str(error)))
            reader.page.on("console", reader.note)
            yield reader
            reader.check()

    def check(self) -> None:
        """Check that no page had a problem or left this machine, and forget what was recorded."""
        problems, requested = self.problems[:], self.requested[:]
        self.problems.clear()
        self.requested.clear()
        assert problems == [], problems
        assert list(filter(is_outside, requested)) == []

    def note(self, message: ConsoleMessage) -> None:
        """Record an error or a warning of the console."""
        if message.type in {"error", "warning"}:
            self.problems.append(f"{self.page.url}: {message.text}")

    def try_it(self) -> Locator:
        """Open the form of an operation's page, and return it."""
        form = self.page.locator(".try-it")
        form.locator("summary").first.click()
        form.locator(".execute").wait_for()
        return form

    def search(self, site: str, words: str) -> list[str]:
        """Search a site, and return the addresses of what was found, within the site."""
        self.page.goto(f"{site}/index.html")
        box = self.page.get_by_role("searchbox").or_(self.page.locator("input[name=q]")).first
        box.fill(words)
        box.press("Enter")
        self.page.locator("#search-results .search-summary", has_text="finished").wait_for()
        links = self.page.locator("#search-results li a")
        found = links.evaluate_all("(all) => all.map((each) => each.href)")
        return [url.removeprefix(f"{site}/").partition("?")[0] for url in found]


def is_outside(url: str) -> bool:
    """Return whether an address is not on this machine."""
    parts = urlsplit(url)
    return parts.scheme not in {"file", "data", "blob"} and parts.hostname != "127.0.0.1"
