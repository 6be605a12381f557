"""Figures of the page about rate limits are those of the code."""

import inspect

import pytest

from tests.docs.pages import page
from trackingmore_v2.limiters._schedule import MARGIN
from trackingmore_v2.limiters._store import StoreLimiter
from trackingmore_v2.limiters.postgres import PostgresLimiter
from trackingmore_v2.limiters.redis import RedisLimiter
from trackingmore_v2.limiters.sqlite import SqliteLimiter
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_cli._rate_limit import FILE_NAME

PAGE = page("rate-limits.md")


def test_slots_are_further_apart() -> None:
    """By the margin that the page names."""
    assert f"Slots are {MARGIN:.0%} further apart".replace("%", " %") in PAGE


@pytest.mark.parametrize("limiter", [SqliteLimiter, RedisLimiter, PostgresLimiter])
def test_the_timeout_of_a_store(limiter: type[StoreLimiter]) -> None:
    """The default of each limiter."""
    timeout = inspect.signature(limiter).parameters["timeout"].default

    assert f"takes `timeout` seconds at most, {timeout:g} by default" in PAGE


def test_the_largest_page() -> None:
    """The contract's."""
    pagination = OPERATIONS["listTrackings"].pagination

    assert pagination
    assert f"A page of {pagination.max_size:,} trackings takes one slot" in PAGE


def test_the_file_of_the_command() -> None:
    """The one that all commands share."""
    assert f"`{FILE_NAME}`" in PAGE
