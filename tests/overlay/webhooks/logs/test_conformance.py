"""What every event log does, on each store."""

from itertools import islice

import pytest

from tests.overlay.webhooks.logs.conftest import Build, Clock
from tests.overlay.webhooks.logs.events import claimed, event_of, handed_out, handle
from trackingmore_v2 import ConfigurationError
from trackingmore_v2.webhooks import Claim, EventLog, Outcome

OLD, NEW, NEWEST = event_of(updated=10), event_of(updated=20), event_of("delivered", 30)


def test_an_event_is_handled_once(log: EventLog) -> None:
    """Also if it is signed anew."""
    claim = handle(log, OLD)
    again = log.claim(event_of(updated=10, sent=2_000))

    assert again.outcome is Outcome.REPEATED
    assert (again.key, again.owner) == (claim.key, None)
    assert not log.done(again)
    assert list(log.pending()) == []


def test_a_redelivery_while_the_event_is_in_hand(log: EventLog) -> None:
    """The first one may yet fail, so the sender has to try once more."""
    claim = claimed(log, OLD)

    assert log.claim(OLD).outcome is Outcome.IN_HAND
    assert list(log.pending()) == []
    assert log.done(claim)


def test_a_newer_event_while_an_older_one_is_in_hand(log: EventLog) -> None:
    """It is recorded, and handled afterwards."""
    claim = claimed(log, OLD)

    assert log.claim(NEW).outcome is Outcome.IN_HAND
    assert log.done(claim)
    assert list(handed_out(log)) == [NEW]
    assert log.claim(NEW).outcome is Outcome.REPEATED


def test_an_older_event_while_a_newer_one_is_in_hand(log: EventLog) -> None:
    """It is outdated when the newer one is done, and is not handed out."""
    claim = claimed(log, NEW)

    assert log.claim(OLD).outcome is Outcome.IN_HAND
    assert log.done(claim)
    assert list(log.pending()) == []
    assert log.claim(OLD).outcome is Outcome.OUTDATED


def test_an_older_event(log: EventLog) -> None:
    """It is not handled, whenever it arrives, also while another one is in hand."""
    handle(log, NEW)
    claimed(log, NEWEST)

    assert log.claim(OLD).outcome is Outcome.OUTDATED
    assert log.claim(OLD).outcome is Outcome.OUTDATED


def test_an_event_with_the_order_of_another(log: EventLog) -> None:
    """It says the same of the same moment."""
    handle(log, OLD)

    assert log.claim(event_of(updated=10, substatus="transit001")).outcome is Outcome.REPEATED
    assert list(log.pending()) == []


def test_a_tracking_that_is_created_again(log: EventLog) -> None:
    """Its first event is newer than the last one of before, which is outdated from then on."""
    handle(log, NEW)
    handle(log, event_of("pending", None, created=60))

    assert log.claim(NEWEST).outcome is Outcome.OUTDATED


def test_trackings_are_independent(log: EventLog) -> None:
    """An event in hand delays none of another tracking."""
    claimed(log, NEW)
    handle(log, event_of(updated=10, number="LK664578624CN"))


def test_a_released_event_can_be_claimed_again(log: EventLog) -> None:
    """By a redelivery, or because it is pending."""
    claim = claimed(log, OLD)
    log.release(claim)
    other = claimed(log, OLD)
    log.release(claim)

    assert log.claim(OLD).outcome is Outcome.IN_HAND
    assert not log.done(claim)
    log.release(other)
    assert list(handed_out(log)) == [OLD]


def test_nothing_is_released_when_it_is_done(log: EventLog) -> None:
    """As by a handler that fails after the event is done."""
    claim = handle(log, OLD)
    log.release(claim)

    assert log.claim(OLD).outcome is Outcome.REPEATED
    assert log.done(claim)


def test_an_expired_claim_is_taken_over(log: EventLog, clock: Clock) -> None:
    """And the one who had it changes nothing any more."""
    late = claimed(log, OLD)
    clock.moment += 59.9
    assert log.claim(OLD).outcome is Outcome.IN_HAND
    clock.moment += 0.2
    claim = claimed(log, OLD)

    assert not log.done(late)
    log.release(late)
    assert log.claim(OLD).outcome is Outcome.IN_HAND
    assert log.done(claim)


def test_an_expired_claim_that_nobody_took_over(log: EventLog, clock: Clock) -> None:
    """It can still be done."""
    claim = claimed(log, OLD)
    clock.moment += 61

    assert log.done(claim)
    assert log.claim(OLD).outcome is Outcome.REPEATED


def test_a_newer_event_takes_over_too(log: EventLog, clock: Clock) -> None:
    """When it is done, the older one is outdated, although a slow handler had it."""
    late = claimed(log, OLD)
    clock.moment += 61
    handle(log, NEW)

    assert not log.done(late)
    assert list(log.pending()) == []


def test_pending_events_in_order(log: EventLog, clock: Clock) -> None:
    """The oldest one of a tracking first; each of them with all that it contained."""
    claimed(log, NEW)
    other = event_of(number="LK664578624CN")
    for event in (NEWEST, OLD):
        assert log.claim(event).outcome is Outcome.IN_HAND
    claimed(log, other)
    clock.moment += 61
    events = list(handed_out(log))

    assert [each for each in events if each != other] == [OLD, NEW, NEWEST]
    assert other in events
    assert list(log.pending()) == []


def test_a_pending_event_that_fails_is_handed_out_once(log: EventLog) -> None:
    """Until the next time."""
    log.release(claimed(log, OLD))
    attempts: list[Claim] = []
    for claim in islice(log.pending(), 5):
        attempts.append(claim)
        log.release(claim)

    assert len(attempts) == 1
    assert list(handed_out(log)) == [OLD]


@pytest.mark.parametrize("wrong", [False, True, 5, 0.5, "yesterday"])
def test_a_pending_event_with_repairs(log: EventLog, wrong: object) -> None:
    """It is read as it was written, whatever stood in the place of a time."""
    event = event_of(created_at=wrong, updated_at=wrong)
    log.release(claimed(log, event))

    assert {each.original for each in event.repairs} == {wrong}
    assert list(handed_out(log)) == [event]


def test_pending_events_that_are_not_handled_before_the_next(log: EventLog) -> None:
    """The first one of each tracking is in hand, so the others wait."""
    claim = claimed(log, OLD)
    log.claim(NEW)
    log.release(claim)

    assert [claim.event for claim in list(log.pending())] == [OLD]


def test_what_is_done_is_forgotten_after_its_retention(build: Build, clock: Clock) -> None:
    """But not the latest order, as long as other events of the tracking arrive."""
    log = build(retention=3_600)
    clock.set_for(log)
    old = handle(log, OLD)
    handle(log, NEW)
    clock.moment += 3_601
    handle(log, NEWEST)

    assert not log.done(old)
    assert log.claim(OLD).outcome is Outcome.OUTDATED


def test_an_event_that_is_not_done_is_never_forgotten(build: Build, clock: Clock) -> None:
    """Whoever sent it may have been told that all is well."""
    log = build(retention=3_600)
    clock.set_for(log)
    claimed(log, OLD)
    log.claim(NEW)
    clock.moment += 86_400

    assert list(handed_out(log)) == [OLD, NEW]


@pytest.mark.parametrize("wrong", [{"lease": 0}, {"retention": -1}], ids=str)
def test_arguments_are_checked(build: Build, wrong: dict[str, float]) -> None:
    """The message names the argument."""
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        build(**wrong)


def test_the_clock_of_the_store(build: Build) -> None:
    """A claim expires by it."""
    log = build(lease=1e-9)
    late = claimed(log, OLD)
    claimed(log, OLD)

    assert not log.done(late)
    other = build(lease=30)
    handle(other, NEW)
    claimed(other, NEWEST)
    assert other.claim(NEWEST).outcome is Outcome.IN_HAND
