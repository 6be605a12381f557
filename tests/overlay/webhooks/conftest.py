"""Fixtures for the tests of webhooks."""

import logging
from collections.abc import Iterator
from threading import Event

import pytest


@pytest.fixture
def time_is_over() -> Iterator[Event]:
    """Return an event that is set when the time limit of a handler is over."""
    over = Event()

    def note(record: logging.LogRecord) -> bool:
        if "exceeds" in record.getMessage():
            over.set()
        return True

    logger = logging.getLogger("trackingmore_v2.webhooks")
    logger.addFilter(note)
    yield over
    logger.removeFilter(note)
