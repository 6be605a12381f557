import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.running import Run, run_command
from trackingmore_v2 import TrackingMore
from trackingmore_v2_sandbox import Sandbox, Settings, start_clock

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""The time of each account's clock, which stands still until a test advances it."""


@pytest.fixture(scope="session", autouse=True)
def _default_interrupt() -> None:
    # A run in the background ignores SIGINT, as would the commands that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox. Each test has an account of its own, the one of `api_key`."""
    with Sandbox(settings=Settings(default_clock=start_clock(at=NOW, speed=0))) as sandbox:
        yield sandbox


@pytest.fixture
def api_key() -> str:
    """Return the key of a new account."""
    return str(uuid4())


@pytest.fixture
def environment(sandbox: Sandbox, api_key: str, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a command that uses the sandbox."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "TRACKINGMORE_API_KEY": api_key,
        "TRACKINGMORE_BASE_URL": sandbox.base_url,
        "TRACKINGMORE_CONFIG_DIR": str(tmp_path / "config"),
        "TRACKINGMORE_CACHE_DIR": str(tmp_path / "cache"),
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Return a function that runs a command line against the sandbox; see `run_command`."""
    return partial(run_command, environment=environment)


@pytest.fixture
def client(sandbox: Sandbox, api_key: str) -> Iterator[TrackingMore]:
    """Yield a client for the account that the commands use."""
    with TrackingMore(api_key, base_url=sandbox.base_url) as client:
        yield client
