"""The receiver of webhooks for users' tests."""

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Thread
from typing import Any

import pytest

from trackingmore_v2 import TrackingMore
from trackingmore_v2.webhooks import WebhookError, WebhookErrorReason, example
from trackingmore_v2_pytest import FROZEN_AT
from trackingmore_v2_pytest.receiver import WebhookReceiver
from trackingmore_v2_sandbox import Sandbox, Settings

EMAIL = "me@example.org"
PAIR = "ups", "SANDBOX-TRANSIT-1H-DELIVERED"
PATIENT = 10
"""Seconds until a test that hangs has failed."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox with a frozen clock, whose account has an address of its own."""
    with Sandbox(settings=Settings(email=EMAIL)) as sandbox:
        sandbox.clock.freeze(FROZEN_AT)
        yield sandbox


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[WebhookReceiver]:
    """Yield a receiver for the account."""
    email = sandbox.account.get().email
    with WebhookReceiver(account_email=email, clock=sandbox.clock) as receiver:
        yield receiver


def create(sandbox: Sandbox) -> TrackingMore:
    """Create a tracking, and return the client."""
    client = TrackingMore(api_key=sandbox.api_key, base_url=sandbox.base_url)
    client.trackings.create(*PAIR, title="Teapot")
    return client


@pytest.mark.parametrize("form", ["now", "2017", "2019"])
def test_each_webhook_is_a_verified_event(
    sandbox: Sandbox, receiver: WebhookReceiver, form: Any
) -> None:
    """Its age is that at its arrival, by the account's clock, however late it is parsed."""
    sandbox.webhooks.add(receiver.url, form=form)
    receiver.respond_with(500)
    with create(sandbox) as client:
        sandbox.clock.advance(2 * 3600)
        read = client.trackings.get(*PAIR)
    events = [webhook.event for webhook in receiver.received]

    assert [event.tracking.status for event in events] == ["transit", "transit", "delivered"]
    assert [event.verified_email for event in events] == [EMAIL] * 3
    assert [event.is_stale for event in events] == [False] * 3
    assert receiver.received[2].tracking == events[2].tracking
    assert (events[2].tracking.title, events[2].tracking.id) == ("Teapot", read.id)
    assert events[2].tracking.updated_at == read.updated_at
    assert repr(receiver.received[2]) == f"<ReceivedWebhook {PAIR[0]} {PAIR[1]}: delivered>"


@pytest.mark.parametrize(
    ("corrupt", "reason"),
    [
        ("cut", WebhookErrorReason.MALFORMED),
        ("signature", WebhookErrorReason.SIGNATURE_MISMATCH),
    ],
)
def test_a_corrupt_webhook_is_received_and_rejected(
    sandbox: Sandbox, receiver: WebhookReceiver, corrupt: Any, reason: WebhookErrorReason
) -> None:
    """The error comes when the event is asked for."""
    sandbox.webhooks.add(receiver.url, corrupt=corrupt)
    create(sandbox).close()
    sandbox.clock.advance(0)
    (webhook,) = receiver.received

    with pytest.raises(WebhookError) as caught:
        _ = webhook.tracking
    assert caught.value.reason is reason
    assert repr(webhook) == f"<ReceivedWebhook: {reason.value}>"


def test_without_an_address_the_signature_is_not_checked() -> None:
    """The time is that of this host then."""
    with WebhookReceiver() as receiver:
        receiver.receive({}, example(account_email="other@example.org"))
    (webhook,) = receiver.received

    assert not webhook.event.is_verified
    assert not webhook.event.is_stale


def test_waiting_returns_the_first_webhooks(receiver: WebhookReceiver) -> None:
    """As soon as they have been received, in another thread; later ones are not among them."""
    found: list[Any] = []
    waiting = Thread(
        target=lambda: found.append(receiver.wait(2, timeout=2 * PATIENT)), daemon=True
    )
    waiting.start()
    for status in ("transit", "pickup"):
        receiver.receive({}, example(status, account_email=EMAIL))
    waiting.join(PATIENT)
    receiver.receive({}, example("delivered", account_email=EMAIL))

    assert found == [receiver.received[:2]]
    assert receiver.wait(3, 0) == receiver.received


def test_waiting_in_vain_says_how_many_came(sandbox: Sandbox, receiver: WebhookReceiver) -> None:
    """A frozen clock is named as the reason; a running or an unknown one is none."""
    receiver.receive({}, example())
    with pytest.raises(TimeoutError) as caught:
        receiver.wait(2, timeout=0)
    assert str(caught.value) == (
        "received 1 of 2 webhooks in 0 s; the clock is frozen at 2026-01-05 12:00:00 UTC; "
        "advance it with trackingmore_clock.advance(…)"
    )

    sandbox.clock.run()
    with pytest.raises(TimeoutError, match=r"received 1 of 2 webhooks in 0 s$"):
        receiver.wait(2, timeout=0)
    with WebhookReceiver() as other, pytest.raises(TimeoutError, match=r"0 of 1 webhooks in 0 s$"):
        other.wait(timeout=0)


@pytest.mark.parametrize("change", [lambda _: None, lambda sandbox: sandbox.clock.advance(60)])
def test_before_time_has_passed_there_is_a_reason(
    sandbox: Sandbox, receiver: WebhookReceiver, change: Callable[[Sandbox], datetime | None]
) -> None:
    """It is in the repr, which pytest shows; the list is empty as any other."""
    change(sandbox)
    now = f"{sandbox.clock.now():%H:%M}"

    assert receiver.received == []
    assert repr(receiver.received) == (
        f"<no webhook yet; the clock is frozen at 2026-01-05 {now}:00 UTC; "
        "advance it with trackingmore_clock.advance(…)>"
    )
    # pytest shows that of the fixture, also if a test compares something else with it.
    assert "0 received; the clock is frozen" in repr(receiver)
    sandbox.clock.run()
    assert repr(receiver.received) == "<no webhook yet>"
