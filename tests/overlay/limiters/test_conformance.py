"""
What all rate limiters have in common, tested on real stores.

The slots are hundreds of seconds apart, so that the time that a test takes makes no difference.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final, TypeAlias

import pytest

from trackingmore_v2.limiters import RateLimiter, Slot
from trackingmore_v2_api import OPERATIONS

Build: TypeAlias = Callable[..., RateLimiter]
GET: Final = OPERATIONS["getTracking"]
REALTIME: Final = OPERATIONS["trackInRealtime"]
RATE: Final = 1 / 1_000
INTERVAL: Final = 1_000.0
MARGIN: Final = 0.05
"""Share by which slots may be further apart, and by which a wait may have been shortened."""


def slot_of(limiter: RateLimiter, account: str = "account", **given: Any) -> Slot:
    """Reserve a slot."""
    slot = limiter.reserve(account, GET, **given)
    assert slot is not None
    return slot


def near(seconds: float) -> Any:
    """Stand for a delay."""
    return pytest.approx(seconds, abs=MARGIN * max(seconds, INTERVAL))


def delays_after_first(limiter: RateLimiter, count: int) -> list[float]:
    """Return how much later each slot is than the one before the first of them."""
    first = slot_of(limiter).at
    return [slot_of(limiter).at - first for _ in range(count)]


def test_slots_are_one_interval_apart(build: Build) -> None:
    """And never closer than the limit allows."""
    limiter = build(RATE)
    delays = delays_after_first(limiter, 3)

    assert delays == [near(INTERVAL), near(2 * INTERVAL), near(3 * INTERVAL)]
    assert delays[0] >= INTERVAL


def test_the_contract_states_the_rate(build: Build) -> None:
    """Each operation has its own, and its own slots."""
    limiter = build()
    first, second = (limiter.reserve("account", REALTIME) for _ in range(2))
    assert first
    assert second

    assert second.at - first.at == pytest.approx(1 / 3, rel=MARGIN)
    assert slot_of(limiter).delay < 1.1


def test_a_first_call_waits_for_one_interval_at_most(build: Build) -> None:
    """A store that has just been created may have lost what it knew."""
    assert slot_of(build(RATE)).delay in (near(0), near(INTERVAL))


def test_accounts_do_not_limit_each_other(build: Build) -> None:
    """Each API key has slots of its own."""
    limiter = build(RATE)
    slots = [slot_of(limiter, f"account {number}").delay for number in range(3)]

    assert slots == [near(slots[0])] * 3


def test_a_slot_that_is_too_late_is_not_reserved(build: Build) -> None:
    """A caller that cannot wait leaves the slot to others."""
    limiter = build(RATE)
    first = slot_of(limiter)

    assert limiter.reserve("account", GET, latest=INTERVAL / 2) is None
    assert slot_of(limiter, latest=3 * INTERVAL).at - first.at == near(INTERVAL)


def test_released_slots_are_reserved_first(build: Build) -> None:
    """In the order of their times, and each only once."""
    limiter = build(RATE)
    slots = [slot_of(limiter) for _ in range(5)]
    for slot in (slots[3], slots[1]):
        limiter.release(slot)

    assert [slot_of(limiter).at for _ in range(3)] == [
        pytest.approx(slots[1].at),
        pytest.approx(slots[3].at),
        near(slots[4].at + INTERVAL),
    ]


def test_a_block_voids_slots(build: Build) -> None:
    """Those before its end, also of callers that wait, for every operation."""
    limiter = build(RATE)
    held = [slot_of(limiter) for _ in range(4)]
    limiter.block("account", 2.5 * INTERVAL)
    checked = [slot_of(limiter, held=slot) for slot in held]
    realtime = limiter.reserve("account", REALTIME)
    assert realtime

    assert all(slot.delay > 2 * INTERVAL for slot in checked if slot.delay)
    assert checked[0].delay > 2 * INTERVAL
    assert realtime.delay > 2 * INTERVAL
    assert slot_of(limiter, "another").delay <= INTERVAL * 1.1


def test_a_shorter_block_changes_nothing(build: Build) -> None:
    """The longest one holds."""
    limiter = build(RATE)
    limiter.block("account", 10 * INTERVAL)
    limiter.block("account", INTERVAL)

    assert slot_of(limiter).delay == near(10 * INTERVAL)


def test_a_slot_that_was_waited_for_is_valid(build: Build) -> None:
    """The caller sends at once, and no other slot is used up."""
    limiter = build(RATE)
    first, second = slot_of(limiter), slot_of(limiter)
    checked = slot_of(limiter, held=second)

    assert checked.delay == 0.0
    assert slot_of(limiter).at - first.at == near(2 * INTERVAL)


def test_threads_get_slots_of_their_own(build: Build) -> None:
    """No two threads share a slot."""
    limiter = build(RATE)
    with ThreadPoolExecutor(16) as pool:
        slots = sorted(pool.map(lambda _: slot_of(limiter).at, range(64)))

    gaps = [later - earlier for earlier, later in pairwise(slots)]
    assert min(gaps) > INTERVAL - 0.001
    assert max(gaps) == near(INTERVAL)


async def test_awaited_forms_use_the_same_slots(build: Build) -> None:
    """One limiter serves sync and async clients."""
    limiter = build(RATE)
    first = slot_of(limiter)
    second = await limiter.reserve_async("account", GET)
    assert second
    await limiter.release_async(second)
    again = slot_of(limiter)
    await limiter.block_async("account", 10 * INTERVAL)
    checked = await limiter.reserve_async("account", GET, held=again)
    assert checked

    assert second.at - first.at == near(INTERVAL)
    assert again.at == pytest.approx(second.at)
    assert checked.delay == near(10 * INTERVAL)
