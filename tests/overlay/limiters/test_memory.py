"""Slots of the limiter in memory, by a clock that the test sets. See also test_conformance.py."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.overlay.stubs import FakeClock
from trackingmore_v2 import ConfigurationError, Limiter
from trackingmore_v2.limiters import RateLimiter
from trackingmore_v2_api import OPERATIONS

GET = OPERATIONS["getTracking"]
REALTIME = OPERATIONS["trackInRealtime"]
ACCOUNT = "account"


def delays(limiter: RateLimiter, count: int, operation: str = "getTracking") -> list[float]:
    """Reserve slots, and return their delays."""
    slots = [limiter.reserve(ACCOUNT, OPERATIONS[operation]) for _ in range(count)]
    return [slot.delay for slot in slots if slot]


def test_slots_are_as_far_apart_as_the_contract_says() -> None:
    """The first goes at once, each other one after its operation's interval."""
    limiter = Limiter(now=FakeClock().now)

    assert delays(limiter, 3) == [0.0, 1.0, 2.0]
    assert delays(limiter, 3, "trackInRealtime") == pytest.approx([0.0, 1 / 3, 2 / 3])


def test_an_idle_time_is_not_saved_up() -> None:
    """After a delay the next slots are as far apart as before."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    delays(limiter, 1)
    clock.moment += 100

    assert delays(limiter, 2) == [0.0, 1.0]


def test_a_plan_may_allow_more() -> None:
    """A rate of one's own holds for every operation."""
    assert delays(Limiter(per_second=10, now=FakeClock().now), 3) == pytest.approx([0.0, 0.1, 0.2])


def test_a_slot_that_was_waited_for_is_used_late_only_by_its_interval() -> None:
    """A process that was stopped would otherwise send all that waited at once."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    limiter.reserve(ACCOUNT, GET)
    held = [limiter.reserve(ACCOUNT, GET) for _ in range(3)]
    clock.moment += 100
    renewed = [limiter.reserve(ACCOUNT, GET, held=slot) for slot in held]

    assert [slot and slot.delay for slot in renewed] == [0.0, 1.0, 2.0]


def test_a_slot_may_be_used_a_little_late() -> None:
    """No wait ends on time; the slot stays the caller's."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    limiter.reserve(ACCOUNT, GET)
    held = limiter.reserve(ACCOUNT, GET)
    clock.moment += 1.02
    renewed = limiter.reserve(ACCOUNT, GET, held=held)

    assert renewed
    assert (renewed.at, renewed.delay) == (clock.moment - 0.02, 0.0)


def test_a_released_slot_that_has_passed_is_not_used() -> None:
    """It is as close to the slot after it as the limit allows, and time has passed since."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    slots = [limiter.reserve(ACCOUNT, GET) for _ in range(3)]
    assert slots[1]
    limiter.release(slots[1])
    clock.moment += 1.5

    assert delays(limiter, 1) == [1.5]


def test_threads_get_slots_of_their_own() -> None:
    """No two threads share a slot."""
    limiter = Limiter(now=FakeClock().now)
    with ThreadPoolExecutor(32) as pool:
        slots = list(pool.map(lambda _: limiter.reserve(ACCOUNT, GET), range(1_000)))

    assert sorted(slot.delay for slot in slots if slot) == [float(slot) for slot in range(1_000)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_lock_that_is_held_at_a_fork_is_free_in_the_child() -> None:
    """Another thread may be in the limiter when the process forks."""
    limiter = Limiter()
    with limiter._lock:  # noqa: SLF001 - as if by another thread
        child = os.fork()
        if child == 0:
            # Not `limiter.reserve()`, which would wait forever without the fix.
            os._exit(0 if limiter._lock._lock.acquire(blocking=False) else 1)  # noqa: SLF001
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), True, "1"])
def test_a_rate_is_a_number_greater_than_zero(rate: object) -> None:
    """Anything else is rejected."""
    with pytest.raises(ConfigurationError, match="per_second"):
        Limiter(per_second=rate)  # type: ignore[arg-type]  # on purpose
