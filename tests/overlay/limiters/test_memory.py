"""Slots of one limiter, without a clock."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from trackingmore_v2 import ConfigurationError, Limiter
from trackingmore_v2_api import OPERATIONS

GET = OPERATIONS["getTracking"]
REALTIME = OPERATIONS["trackInRealtime"]


def test_slots_are_as_far_apart_as_the_contract_says() -> None:
    """The first goes at once, each other one after its operation's interval."""
    limiter = Limiter()

    assert [limiter.reserve(GET, 10.0) for _ in range(3)] == [10.0, 11.0, 12.0]
    assert [limiter.reserve(REALTIME, 10.0) for _ in range(3)] == pytest.approx(
        [10.0, 10 + 1 / 3, 10 + 2 / 3]
    )


def test_an_idle_time_is_not_saved_up() -> None:
    """After a delay the next slots are as far apart as before."""
    limiter = Limiter()
    limiter.reserve(GET, 0.0)

    assert [limiter.reserve(GET, 100.0) for _ in range(2)] == [100.0, 101.0]


def test_a_plan_may_allow_more() -> None:
    """A rate of one's own holds for every operation."""
    limiter = Limiter(per_second=10)

    assert [limiter.reserve(GET, 0.0) for _ in range(3)] == pytest.approx([0.0, 0.1, 0.2])


def test_a_slot_that_is_too_late_is_not_reserved() -> None:
    """Who cannot wait leaves the turn to others."""
    limiter = Limiter()
    limiter.reserve(GET, 0.0)

    assert limiter.reserve(GET, 0.0, latest=0.5) is None
    assert limiter.reserve(GET, 0.0, latest=1.0) == 1.0


def test_a_delay_holds_for_every_operation() -> None:
    """And is never cut short by a shorter one."""
    limiter = Limiter()
    limiter.block_until(50.0)
    limiter.block_until(20.0)

    assert limiter.reserve(GET, 0.0) == 50.0
    assert limiter.reserve(REALTIME, 0.0) == 50.0
    assert limiter.reserve(REALTIME, 60.0) == 60.0


def test_threads_get_slots_of_their_own() -> None:
    """No two threads share a turn."""
    limiter = Limiter()
    with ThreadPoolExecutor(32) as pool:
        slots = list(pool.map(lambda _: limiter.reserve(GET, 0.0), range(1_000)))

    assert sorted(slot or 0.0 for slot in slots) == [float(slot) for slot in range(1_000)]


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), True, "1"])
def test_a_rate_is_a_number_greater_than_zero(rate: object) -> None:
    """Anything else is rejected."""
    with pytest.raises(ConfigurationError, match="per_second"):
        Limiter(per_second=rate)  # type: ignore[arg-type]  # on purpose
