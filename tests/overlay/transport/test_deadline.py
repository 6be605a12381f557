"""The arithmetic of deadlines."""

from threading import Thread

import pytest

from tests.overlay.stubs import FakeClock
from trackingmore_v2._transport.deadline import deadline_after, has_passed, time_left


class TooLateError(Exception):
    """The error to raise after the deadline."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Replace the clock of deadlines."""
    clock = FakeClock()
    monkeypatch.setattr("trackingmore_v2._transport.deadline.monotonic", clock.now)
    return clock


def test_without_a_deadline_the_timeout_remains(clock: FakeClock) -> None:
    """However much time passes."""
    with deadline_after(None):
        clock.sleep(1_000_000)

        assert time_left(30, TooLateError) == 30
        assert time_left(None, TooLateError) is None
        assert not has_passed()


def test_a_timeout_ends_at_the_deadline(clock: FakeClock) -> None:
    """The shorter of both applies, at each operation anew."""
    with deadline_after(10):
        assert time_left(30, TooLateError) == 10
        assert time_left(3, TooLateError) == 3
        clock.sleep(8)
        assert time_left(3, TooLateError) == 2
        assert time_left(None, TooLateError) == 2
        clock.sleep(2)
        with pytest.raises(TooLateError, match="timed out"):
            time_left(3, TooLateError)
        assert not has_passed()
        clock.sleep(1)
        assert has_passed()

    assert time_left(3, TooLateError) == 3


def test_the_deadline_of_the_outer_call_returns(clock: FakeClock) -> None:
    """An event hook may make a call of its own."""
    with deadline_after(10):
        with deadline_after(None):
            clock.sleep(4)
            assert time_left(30, TooLateError) == 30

        assert time_left(30, TooLateError) == 6


@pytest.mark.usefixtures("clock")
def test_each_thread_has_its_own_deadline() -> None:
    """They share the connections of a client."""
    found: list[float | None] = []
    with deadline_after(10):
        thread = Thread(target=lambda: found.append(time_left(30, TooLateError)))
        thread.start()
        thread.join()

    assert found == [30]
