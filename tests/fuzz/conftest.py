"""A sandbox for tests, and the counts of cases at the end of a long run."""

import json
import os
from collections.abc import Iterator

import pytest

from tests.fuzz.profile import CASES, PROFILE
from tests.fuzz.seeded_app import sandbox_at_now
from trackingmore_v2_sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox behind a socket, whose clock stands still."""
    with sandbox_at_now() as running:
        yield running


def pytest_sessionfinish() -> None:
    """Write the counts of this process, which may be one of several workers."""
    if PROFILE.record and CASES:
        PROFILE.record.mkdir(parents=True, exist_ok=True)
        path = PROFILE.record / f"cases-{os.getpid()}.json"
        path.write_text(json.dumps([[*key, cases] for key, cases in CASES.items()]))
