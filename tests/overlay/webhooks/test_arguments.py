"""Arguments of a wrong type: a typed error that names the argument, before anything is done."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from trackingmore_v2 import ConfigurationError, InvalidInput, TrackingMore, webhooks

EVENT: Final = webhooks.parse(webhooks.example())
LOG: Final = webhooks.MemoryEventLog()


async def handle_async(_event: webhooks.WebhookEvent) -> None:
    """Handle an event."""


WRONG: Final[dict[str, tuple[Callable[[Any], object], type[Exception]]]] = {
    "event of confirm": (lambda it: webhooks.confirm(it, TrackingMore("key")), ConfigurationError),
    "client": (lambda it: webhooks.confirm(EVENT, it), ConfigurationError),
    "awaited client": (
        lambda it: asyncio.run(webhooks.confirm_async(EVENT, it)),
        ConfigurationError,
    ),
    "account_email": (lambda it: webhooks.sign(it, 1), ConfigurationError),
    "time": (lambda it: webhooks.sign("user@example.com", it), ConfigurationError),
    "now": (lambda it: webhooks.MemoryEventLog(now=it), ConfigurationError),
    "handler": (lambda it: webhooks.process(EVENT, it, LOG), ConfigurationError),
    "awaited handler": (
        lambda it: asyncio.run(webhooks.process_async(EVENT, it, LOG)),
        ConfigurationError,
    ),
    "log": (lambda it: webhooks.process(EVENT, print, it), InvalidInput),
    "log of process_async": (
        lambda it: asyncio.run(webhooks.process_async(EVENT, handle_async, it)),
        InvalidInput,
    ),
    "event": (lambda it: webhooks.process(it, print, LOG), InvalidInput),
    "event of claim": (LOG.claim, InvalidInput),
    "claim": (LOG.done, InvalidInput),
    "claim of release": (LOG.release, InvalidInput),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("value", [None, True, object()], ids=["None", "True", "object"])
def test_an_argument_of_a_wrong_type(name: str, value: object) -> None:
    """And nothing is claimed."""
    call, kind = WRONG[name]
    with pytest.raises(kind, match=f"^{name.removeprefix('awaited ').partition(' of ')[0]} must"):
        call(value)

    assert list(LOG.pending()) == []


def test_an_example_from_before_1970() -> None:
    """`timeStr` counts the seconds since then."""
    with pytest.raises(ConfigurationError, match="1970"):
        webhooks.example(sent_at=datetime.min.replace(tzinfo=UTC))
