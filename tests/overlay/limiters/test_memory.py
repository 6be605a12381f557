"""Slots of the limiter in memory, by a clock that the test sets. See also test_conformance.py."""

import os
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

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
    """And 4 % further: the first goes at once, each other one after its operation's interval."""
    limiter = Limiter(now=FakeClock().now)

    assert delays(limiter, 3) == pytest.approx([0.0, 1.04, 2.08])
    assert delays(limiter, 3, "trackInRealtime") == pytest.approx([0.0, 1.04 / 3, 2.08 / 3])


def test_an_idle_time_is_not_saved_up() -> None:
    """After a delay the next slots are as far apart as before."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    delays(limiter, 1)
    clock.moment += 100

    assert delays(limiter, 2) == pytest.approx([0.0, 1.04])


def test_a_plan_may_allow_more() -> None:
    """A rate of one's own holds for every operation."""
    assert delays(Limiter(per_second=10, now=FakeClock().now), 3) == pytest.approx(
        [0.0, 0.104, 0.208]
    )


def test_a_slot_that_was_waited_for_is_not_used_much_too_late() -> None:
    """A process that was stopped would otherwise send all that waited at once."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    limiter.reserve(ACCOUNT, GET)
    held = [limiter.reserve(ACCOUNT, GET) for _ in range(3)]
    clock.moment += 100
    renewed = [limiter.reserve(ACCOUNT, GET, held=slot) for slot in held]

    assert [slot and slot.delay for slot in renewed] == pytest.approx([0.0, 1.04, 2.08])


def test_a_slot_may_be_used_a_little_late() -> None:
    """No wait ends on time; the slot stays the caller's."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    limiter.reserve(ACCOUNT, GET)
    held = limiter.reserve(ACCOUNT, GET)
    clock.moment += 1.06
    renewed = limiter.reserve(ACCOUNT, GET, held=held)

    assert renewed
    assert renewed.at == pytest.approx(clock.moment - 0.02)
    assert renewed.delay == 0.0


@pytest.mark.parametrize("per_second", [0.5, 1.0, 20.0])
def test_callers_that_are_always_late_lose_no_slot(per_second: float) -> None:
    """An event loop may be slow; still no window has more requests than the limit."""
    clock, sent, callers = FakeClock(), list[float](), 3
    limiter = Limiter(per_second=per_second, now=clock.now)
    waiting = [(clock.now(), limiter.reserve(ACCOUNT, GET)) for _ in range(callers)]
    for _ in range(300):
        moment, slot = waiting.pop(0)
        assert slot
        clock.moment = max(clock.moment, moment + slot.delay + 0.9 / per_second)
        held = limiter.reserve(ACCOUNT, GET, held=slot)
        assert held
        if not held.delay:
            sent.append(clock.moment)
            held = limiter.reserve(ACCOUNT, GET)
        waiting.append((clock.moment, held))
        waiting.sort(key=lambda each: each[0] + (each[1].delay if each[1] else 0))

    allowed = max(1, int(per_second))
    gaps = [later - earlier for earlier, later in zip(sent, sent[allowed:], strict=False)]
    assert min(gaps) >= allowed / per_second - 1e-6
    assert (len(sent) - 1) / (sent[-1] - sent[0]) > 0.5 * per_second


def test_a_released_slot_that_has_passed_is_not_used() -> None:
    """It is as close to the slot after it as the limit allows, and time has passed since."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    slots = [limiter.reserve(ACCOUNT, GET) for _ in range(3)]
    assert slots[1]
    limiter.release(slots[1])
    clock.moment += 1.5

    assert delays(limiter, 1) == pytest.approx([1.62])


def test_no_second_has_more_requests_than_the_limit() -> None:
    """Although some slots are used a little late, and some requests sent a little after that."""
    clock, lateness = FakeClock(), cycle([*[0.0] * 6, 0.039])
    transfers = cycle([0.009, *[0.0] * 4, 0.009])
    limiter, sent = Limiter(per_second=20, now=clock.now), list[float]()
    for slot in [limiter.reserve(ACCOUNT, GET) for _ in range(200)]:
        assert slot
        clock.moment = max(clock.moment, slot.at + next(lateness))
        held = limiter.reserve(ACCOUNT, GET, held=slot) if slot.delay else slot
        while held and held.delay:
            clock.moment += held.delay
            held = limiter.reserve(ACCOUNT, GET, held=held)
        sent.append(clock.moment + next(transfers))

    sent.sort()
    assert max(bisect_left(sent, start + 1) - number for number, start in enumerate(sent)) == 20


def test_threads_get_slots_of_their_own() -> None:
    """No two threads share a slot."""
    limiter = Limiter(now=FakeClock().now)
    with ThreadPoolExecutor(32) as pool:
        slots = list(pool.map(lambda _: limiter.reserve(ACCOUNT, GET), range(1_000)))

    expected = [1.04 * number for number in range(1_000)]
    assert sorted(slot.delay for slot in slots if slot) == pytest.approx(expected)


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
