"""The steps of an event log that no store need be asked for."""

from msgspec import msgpack

from trackingmore_v2.webhooks._identity import Order
from trackingmore_v2.webhooks._state import (
    Holder,
    Outcome,
    Received,
    State,
    claim,
    done,
    pruned,
    release,
    take,
)

EVENT = Received("event", Order(0, 10, 2), b"customer")
OTHER = Received("other", Order(0, 20, 2), b"other customer")
ME, YOU = Holder("me", 60), Holder("you", 60)


def state_with(*events: Received) -> State:
    """Return a state in which events are received and none is in hand."""
    state = State()
    for event in events:
        state = release(claim(state, event, ME, 0)[0], event.key, "me")
    return state


def test_a_step_that_is_applied_twice() -> None:
    """As after a lost connection, when it is unknown whether the store carried it out."""
    state = claim(State(), EVENT, ME, 0)[0]
    assert claim(state, EVENT, ME, 1) == (state, Outcome.CLAIMED)
    state = done(state, "event", "me", 2)[0]
    assert done(state, "event", "me", 3) == (state, True)

    state = done(claim(state, OTHER, ME, 4)[0], "other", "me", 5)[0]
    assert done(state, "event", "me", 6) == (state, True)

    pending = state_with(EVENT)
    taken, first = take(pending, ME, 0, ())
    assert take(taken, ME, 0, ()) == (taken, first)


def test_a_step_that_changes_nothing_returns_the_same_state() -> None:
    """So a store writes nothing."""
    state = claim(State(), EVENT, ME, 0)[0]
    assert claim(state, EVENT, YOU, 1)[0] is state
    assert done(state, "event", "you", 1)[0] is state
    assert release(state, "event", "you") is state
    assert take(state, YOU, 1, ())[0] is state
    assert pruned(state, 1e9) is state
    state = done(state, "event", "me", 2)[0]
    assert claim(state, EVENT, YOU, 3)[0] is state


def test_what_is_done_has_no_body() -> None:
    """Only digest, order and times."""
    state = done(claim(state_with(OTHER, EVENT), OTHER, ME, 0)[0], "other", "me", 2)[0]
    encoded = msgpack.encode(state)

    assert [record.done_at for record in state.records.values()] == [2, 2]
    assert b"customer" not in encoded
    assert msgpack.decode(encoded, type=State) == state


def test_a_state_survives_its_encoding() -> None:
    """Also times that are unknown."""
    event = Received("event", Order(float("-inf"), float("-inf"), 0), b"\xff")
    state = claim(state_with(OTHER), event, ME, 0)[0]

    assert msgpack.decode(msgpack.encode(state), type=State) == state


def test_a_late_handler_of_a_newer_event() -> None:
    """Its event was handled, so an older one that is in hand meanwhile is outdated."""
    state = claim(State(), OTHER, ME, 0)[0]
    state, outcome = claim(state, EVENT, Holder("you", 200), 100)
    assert outcome is Outcome.CLAIMED
    state, is_done = done(state, "other", "me", 110)

    assert is_done
    assert done(state, "event", "you", 120) == (state, False)


def test_the_first_time_of_sending_counts() -> None:
    """If an event without any other time is signed anew."""
    state = state_with(EVENT)
    later = EVENT._replace(order=Order(0, 30, 2))
    state = done(claim(state, later, ME, 0)[0], "event", "me", 1)[0]

    assert claim(state, OTHER, ME, 2)[1] is Outcome.CLAIMED


def test_old_records_are_dropped() -> None:
    """Those that were done before some time; the newest order remains."""
    state = done(claim(state_with(OTHER), EVENT, ME, 0)[0], "event", "me", 2)[0]

    assert set(pruned(state, 2).records) == {"event", "other"}
    assert set(pruned(state, 2.1).records) == {"other"}
    assert pruned(state, 2.1).newest == EVENT.order
    assert not pruned(state, 2.1).is_finished
