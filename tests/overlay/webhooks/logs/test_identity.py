"""Which events are the same, and which of two is newer."""

from itertools import pairwise

import pytest

from tests.overlay.webhooks.logs.events import EMAIL, event_of
from trackingmore_v2 import webhooks
from trackingmore_v2.webhooks import WebhookEvent
from trackingmore_v2.webhooks._identity import key_of, order_of, tracking_key_of


@pytest.mark.parametrize(
    "other",
    [
        event_of(sent=2_000),
        event_of(title="another"),
        event_of(created_at="2026-03-01T08:00:00+08:00"),
    ],
    ids=["signed anew", "another title", "another zone"],
)
def test_deliveries_of_one_event_have_one_key(other: WebhookEvent) -> None:
    """Whenever they are sent, and whatever else they contain."""
    assert key_of(other) == key_of(event_of())


@pytest.mark.parametrize(
    "given",
    [
        {"created": 1},
        {"updated": 11},
        {"updated": None},
        {"status": "pickup"},
        {"status": "an unknown one"},
        {"substatus": "transit001"},
        {"checkpoint": 5},
        {"number": "LK664578623"},
        {"carrier_code": "china-post"},
    ],
    ids=str,
)
def test_another_event_has_another_key(given: dict[str, object]) -> None:
    """Each field that changes with an event is part of the key."""
    assert key_of(event_of(**given)) != key_of(event_of())  # type: ignore[arg-type]  # parameters of the test


def test_the_newest_checkpoint_is_part_of_the_key() -> None:
    """Of both legs; the others are not, since carriers correct them."""
    old, new, newest = ({"Date": f"2026-03-0{day} 10:00", "Details": "here"} for day in (1, 2, 3))
    both = event_of(origin_info={"trackinfo": [new, old]}, destination_info={"trackinfo": [newest]})
    without = event_of(origin_info={"trackinfo": [old]}, destination_info={"trackinfo": [newest]})
    elsewhere = event_of(destination_info={"trackinfo": [{**newest, "Details": "there"}]})

    assert key_of(both) == key_of(without)
    assert key_of(both) != key_of(elsewhere)


def test_keys_of_trackings() -> None:
    """The pair decides, not the ID; and the digest does not contain the number."""
    one = event_of()

    assert tracking_key_of(one) == tracking_key_of(event_of("delivered", 99, id="0" * 32))
    assert tracking_key_of(one) != tracking_key_of(event_of(carrier_code="china-post"))
    assert one.tracking.tracking_number not in tracking_key_of(one) + key_of(one)


SORTED = {
    "creation, before all else": [
        event_of("delivered", 90, created=None),
        event_of("delivered", 90, created=0),
        event_of("pending", 50, created=60),
    ],
    "update": [event_of("delivered", 10), event_of("transit", 11), event_of("transit", 12)],
    "update, as an instant": [
        event_of(updated_at="2026-03-01T12:00:00+09:00"),
        event_of(updated_at="2026-03-01T05:00:00+00:00"),
        event_of(updated_at="2026-03-01T02:00:00-06:00"),
    ],
    "newest checkpoint": [
        event_of(updated=10),
        event_of(updated=None, checkpoint=20),
        event_of(updated=30, checkpoint=5),
    ],
    "time of sending": [
        event_of(updated=10),
        event_of(updated=None, sent=20),
        event_of(updated=None, sent=30),
    ],
    "time of sending, but never before a result": [
        event_of("pending", None, sent=90),
        event_of("notfound", None, sent=80),
        event_of("transit", 10),
        event_of("pending", 20),
    ],
    "stage": [
        event_of(status)
        for status in (
            *("pending", "notfound", "transit", "an unknown one", "pickup", "undelivered"),
            *("exception", "expired", "delivered"),
        )
    ],
}


@pytest.mark.parametrize("events", SORTED.values(), ids=SORTED)
def test_order(events: list[WebhookEvent]) -> None:
    """Each event is newer than the one before it."""
    orders = [order_of(event) for event in events]

    assert all(one < other for one, other in pairwise(orders))


def test_times_at_the_ends_of_the_calendar() -> None:
    """Whatever a webhook contains has an order and a key."""
    early, late = (
        event_of(created_at=text, updated_at=text)
        for text in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
    )

    assert order_of(early) < order_of(event_of()) < order_of(late)
    assert key_of(early) != key_of(late)


@pytest.mark.parametrize("form", ["now", "2017", "2019"])
def test_each_form_of_a_body(form: webhooks.WebhookForm) -> None:
    """A delivery is newer than what was before it, in each form."""
    one, other = (
        webhooks.parse(webhooks.example(status, form), account_email=EMAIL)
        for status in ("transit", "delivered")
    )

    assert order_of(one) < order_of(other)
    assert key_of(one) != key_of(other)
