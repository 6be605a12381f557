"""Programs that tests need, and that Python packages cannot bring."""

import os
from typing import NoReturn

import pytest


def report_missing(reason: str) -> NoReturn:
    """Skip the test that lacks a program; in CI, where all are installed, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
