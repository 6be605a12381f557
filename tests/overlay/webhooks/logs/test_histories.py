"""Random histories of trackings, whose webhooks arrive in any order, and more than once."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Final, NamedTuple

import pytest
from msgspec.structs import replace

from tests.overlay.webhooks.logs.conftest import Clock
from tests.overlay.webhooks.logs.events import event_of
from trackingmore_v2.webhooks import Claim, EventLog, Outcome, WebhookEvent
from trackingmore_v2.webhooks._identity import key_of

HISTORIES: Final = 200
STATUSES: Final = (
    *(("transit",), ("pickup",), ("exception",), ("delivered",), ("an unknown one",)),
    *(("transit", "pickup"), ("undelivered", "delivered")),
)
"""The statuses at one time, in order."""

LEASE: Final = 60.0


class Delivery(NamedTuple):
    """An event of a history, as it is sent."""

    position: int
    event: WebhookEvent


class Receiver:
    """Handles the events of one tracking, and checks each outcome against what it should be."""

    def __init__(self, log: EventLog, clock: Clock, random: Random) -> None:
        self._log: Final = log
        self._clock: Final = clock
        self._random: Final = random
        self._received: Final = set[int]()
        self._in_hand: tuple[int, Claim] | None = None
        self.handled: Final = Counter[int]()
        self.state = -1
        """Position of the event that was handled last."""

    def receive(self, delivery: Delivery) -> bool:
        """Claim an event, and return whether the sender is content."""
        self._perhaps_end()
        self._received.add(delivery.position)
        expected = self._expected(delivery.position)
        claim = self._log.claim(delivery.event)
        assert claim.outcome is expected
        if claim.outcome is Outcome.CLAIMED:
            self._in_hand = delivery.position, claim
            return self._random.random() < 0.7 and self._finish()
        return claim.outcome is not Outcome.IN_HAND

    def finish(self, deliveries: list[Delivery]) -> None:
        """Handle what is pending after a restart."""
        self._clock.moment += LEASE + 1
        positions = {key_of(event): position for position, event in deliveries}
        expected = sorted(each for each in self._received if each > self.state)
        found: list[int] = []
        for claim in self._log.pending():
            found.append(positions[claim.key])
            self._in_hand = found[-1], claim
            self._finish()
        assert found == expected

    def _expected(self, position: int) -> Outcome:
        if position in self.handled:
            return Outcome.REPEATED
        if position < self.state:
            return Outcome.OUTDATED
        return Outcome.IN_HAND if self._in_hand else Outcome.CLAIMED

    def _perhaps_end(self) -> None:
        """End what is in hand: it is handled at last, it fails, or its process is killed."""
        if self._in_hand is None or self._random.random() < 0.4:
            return
        end = self._random.choice(("handled", "failed", "killed"))
        if end == "handled":
            self._finish()
        elif end == "failed":
            self._log.release(self._in_hand[1])
        else:
            self._clock.moment += LEASE + 1
        self._in_hand = None

    def _finish(self) -> bool:
        assert self._in_hand
        position, claim = self._in_hand
        self._in_hand = None
        assert self._log.done(claim)
        self.state = max(self.state, position)
        self.handled[position] += 1
        return True


def history_of(random: Random, number: str) -> Iterator[WebhookEvent]:
    """Yield the events of a tracking, which is deleted and created again now and then."""
    now = 0.0
    for _ in range(random.choice((1, 1, 2, 3))):
        now += random.randint(1, 5_000)
        created, checkpoint = now, None
        if random.random() < 0.7:
            yield event_of("pending", None, created=created, sent=now, number=number)
        if random.random() < 0.3:
            yield event_of("notfound", None, created=created, sent=now, number=number)
        for _ in range(random.randint(1, 6)):
            now += random.randint(2, 2_000)
            is_unknown = random.random() < 0.3
            checkpoint = now if is_unknown or random.random() < 0.8 else checkpoint
            for status in random.choice(STATUSES):
                yield event_of(
                    status,
                    None if is_unknown else now,
                    created=created,
                    sent=now,
                    number=number,
                    checkpoint=checkpoint,
                )


def deliveries_of(random: Random, number: str) -> list[Delivery]:
    """Return the deliveries of a history in any order; most events are sent more than once."""
    deliveries: list[Delivery] = []
    for position, event in enumerate(history_of(random, number)):
        deliveries.append(Delivery(position, event))
        deliveries.extend(
            Delivery(position, signed_anew(random, event)) for _ in range(random.randint(0, 2))
        )
    random.shuffle(deliveries)
    return deliveries


def signed_anew(random: Random, event: WebhookEvent) -> WebhookEvent:
    """Return an event as it is sent again, some of them with another time of sending."""
    later = timedelta(seconds=random.choice((0, 30, 300_000)))
    return replace(event, sent_at=event.sent_at + later) if event.sent_at else event


@pytest.mark.parametrize("seed", range(4))
def test_any_order_ends_in_the_same_state(log: EventLog, clock: Clock, seed: int) -> None:
    """And each event is handled once, unless a newer one was handled before."""
    random = Random(seed)  # noqa: S311 - a test
    for index in range(HISTORIES // 4):
        deliveries = deliveries_of(random, f"LK{index:09}CN")
        receiver = Receiver(log, clock, random)
        queue = deque(deliveries)
        while queue:
            delivery = queue.popleft()
            if not receiver.receive(delivery) and random.random() < 0.8:
                queue.append(delivery)  # otherwise, the sender has given up
        receiver.finish(deliveries)
        last = max(delivery.position for delivery in deliveries)

        assert receiver.state == last
        assert set(receiver.handled.values()) == {1}
        assert list(log.pending()) == []
