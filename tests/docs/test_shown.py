"""
Each Python block of these pages prints what is shown below it.

The blocks of a page run in their order, in one folder and for one account.
`GOLDEN=write pytest tests/docs/test_shown.py` writes the outputs anew; look at them.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import NOW
from tests.docs.pages import DOCS, page
from tests.overlay.limiters.redis_server import redis_server
from tests.sandbox.databases import new_postgres_database, postgres_server
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2_sandbox import API_KEY, Sandbox, Settings, start_clock

SHOWN: Final = (
    *("client.md", "errors.md", "first-tracking.md", "lists.md"),
    *("guarantees.md", "later-versions.md", "migrating.md", "rate-limits.md", "security.md"),
    *("faults.md", "sandbox-webhooks.md", "sandbox.md", "scenarios.md"),
)
_EXAMPLE: Final = re.compile(
    r"^```python\n(.*?)^```\n(?:\n```text\n.*?^```\n)?", re.DOTALL | re.MULTILINE
)


async def sleep_not(_clock: CallClock, _seconds: float) -> None:
    """Return at once, in place of the clock's own method."""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Set the environment of a client of a sandbox whose time stands still."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(CallClock, "sleep", lambda _clock, _seconds: None)
    monkeypatch.setattr(CallClock, "sleep_async", sleep_not)
    with Sandbox(settings=Settings(default_clock=start_clock(at=NOW, speed=0))) as sandbox:
        monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
        monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)
        yield


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Yield a function that starts the stores that a page names by an environment variable."""
    with ExitStack() as running:

        def start(text: str) -> None:
            if "REDIS_URL" in text:
                monkeypatch.setenv("REDIS_URL", running.enter_context(redis_server()).url)
            if "DATABASE_URL" in text:
                server = running.enter_context(postgres_server())
                database = running.enter_context(new_postgres_database(server))
                monkeypatch.setenv("DATABASE_URL", database)

        yield start


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("name", SHOWN)
def test_each_block_prints_what_is_shown(
    name: str, capsys: pytest.CaptureFixture[str], stores: Callable[[str], None]
) -> None:
    """It runs as it stands, and leaves no thread behind."""
    text = page(name)
    stores(text)

    def run(example: re.Match[str]) -> str:
        code = example[1]
        before = set(threading.enumerate())
        exec(compile(code, name, "exec"), {"__name__": "example"})  # noqa: S102 - our own words
        for thread in set(threading.enumerate()) - before:
            thread.join(10)
        assert set(threading.enumerate()) <= before
        output = capsys.readouterr().out
        return f"```python\n{code}```\n" + (f"\n```text\n{output}```\n" if output else "")

    shown = _EXAMPLE.sub(run, text)
    if os.environ.get("GOLDEN") == "write":
        (DOCS / name).write_text(shown, encoding="utf-8")

    assert shown == page(name)
