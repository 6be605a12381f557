import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from trackingmore_v2_api import META_CODES, OPERATIONS
from trackingmore_v2_sandbox.quota import (
    LOCK_SECONDS,
    Credit,
    Pace,
    after_request,
    lock_end,
    milliseconds,
    moment_of,
    shortage,
    shortage_for_detection,
)

NOW = 1_772_366_400_123


def code_of(credit: Credit, *, detection: bool = False) -> int | None:
    """Ask for one more, and give the code of the refusal."""
    refusal = shortage_for_detection(credit) if detection else shortage(credit)
    return refusal.code if refusal else None


def sent(pace: Pace, operation_id: str, now: int, *, lock_seconds: float = LOCK_SECONDS) -> Pace:
    """Send one more request."""
    limit = OPERATIONS[operation_id].rate_limit
    return after_request(pace, operation_id, limit, now, lock_seconds)


def run(operation_id: str, moments: list[int], *, lock_seconds: float = LOCK_SECONDS) -> list[bool]:
    """Send requests at these moments without ever being patient; tell which were accepted."""
    pace = Pace()
    accepted: list[bool] = []
    for now in moments:
        pace = sent(pace, operation_id, now, lock_seconds=lock_seconds)
        accepted.append(pace.locked_at is None)
    return accepted


def test_five_detections_cost_one_tracking() -> None:
    """The first of five is charged, the other four come with it."""
    left = [Credit(10, 3, detections).left for detections in range(12)]

    assert left == [7, 6, 6, 6, 6, 6, 5, 5, 5, 5, 5, 4]


def test_a_tracking_needs_quota_and_balance() -> None:
    """The balance is told first; a quota that was lowered below what is used is used up too."""
    assert code_of(Credit(1, 0, 0)) is None
    assert code_of(Credit(1, 1, 0)) == 4021
    assert code_of(Credit(1, 5, 0)) == 4021
    assert code_of(Credit(2, 1, 1)) == 4021
    assert code_of(Credit(1, 0, 0, balance=0)) == 4019
    assert code_of(Credit(0, 0, 0, balance=-1)) == 4019


def test_a_detection_that_is_paid_for_needs_nothing() -> None:
    """Without quota or balance, the four that come with the first one are still good."""
    codes = [code_of(Credit(1, 0, used), detection=True) for used in range(7)]

    assert codes == [None, None, None, None, None, 4021, None]
    assert code_of(Credit(0, 0, 5, balance=0), detection=True) == 4019
    assert code_of(Credit(0, 0, 4, balance=0), detection=True) is None


def test_a_limit_holds_to_the_millisecond() -> None:
    """The second request is accepted one second after the first one, and not before."""
    assert run("createTracking", [NOW, NOW + 1000]) == [True, True]
    assert run("createTracking", [NOW, NOW + 999]) == [True, False]
    assert run("createTracking", [NOW, NOW]) == [True, False]


def test_three_are_accepted_where_three_are_allowed() -> None:
    """The window slides: the fourth has to wait for the first to be a second old."""
    assert run("trackInRealtime", [NOW, NOW + 400, NOW + 900, NOW + 999]) == [True] * 3 + [False]
    assert run("trackInRealtime", [NOW, NOW + 400, NOW + 900, NOW + 1000, NOW + 1400]) == [True] * 5


def test_each_operation_has_a_pace_of_its_own() -> None:
    """One request a second is allowed to each of them."""
    pace = Pace()
    for operation_id in OPERATIONS:
        pace = sent(pace, operation_id, NOW)

    assert pace.locked_at is None
    assert sent(pace, "createTracking", NOW).locked_at == NOW


def test_a_lock_out_ends_to_the_millisecond() -> None:
    """Two minutes after the request that was too many, and requests in between change nothing."""
    begin = NOW + 10
    during = [begin + 1, begin + 60_000, begin + 119_999]

    assert LOCK_SECONDS == META_CODES[429].pause_seconds == 120
    assert run("createTracking", [NOW, begin, *during, begin + 120_000]) == (
        [True, False, False, False, False, True]
    )


def test_a_lock_out_can_last_as_long_as_one_likes() -> None:
    """Its length is a setting; without any, only the one request that is too many is refused."""
    moments = [NOW, NOW + 900, NOW + 999, NOW + 1000, NOW + 1149, NOW + 1150]

    assert run("createTracking", moments, lock_seconds=0.25) == (
        [True, False, False, False, False, True]
    )
    assert run("createTracking", moments, lock_seconds=0) == (
        [True, False, False, True, False, False]
    )
    assert lock_end(Pace(locked_at=NOW), 0.25) == NOW + 250


def test_a_lock_out_concerns_every_request() -> None:
    """Also one that has no limit, or that asks for nothing that there is."""
    locked = sent(sent(Pace(), "createTracking", NOW), "createTracking", NOW)

    assert sent(locked, "getAccount", NOW + 5000) == locked
    assert after_request(locked, "", None, NOW + 119_999, LOCK_SECONDS) == locked
    assert after_request(locked, "", None, NOW + 120_000, LOCK_SECONDS).locked_at is None
    assert after_request(Pace(), "", None, NOW, LOCK_SECONDS) == Pace()


def test_a_clock_that_was_set_back_locks_nobody_out_for_ever() -> None:
    """What happened in the future has not happened yet."""
    late = sent(sent(Pace(), "createTracking", NOW), "createTracking", NOW)
    early = NOW - 86_400_000

    assert late.locked_at == NOW
    assert sent(late, "createTracking", early) == Pace({"createTracking": (early,)})


@pytest.mark.parametrize("operation_id", ["createTracking", "trackInRealtime"])
def test_no_window_holds_more_than_the_limit(operation_id: str) -> None:
    """Whatever the rhythm, and wherever a window begins, no more than the limit is accepted."""
    limit = OPERATIONS[operation_id].rate_limit
    assert limit
    rhythm = random.Random(7)  # noqa: S311 - a rhythm, not a secret
    moments = [NOW]
    for _ in range(3000):
        moments.append(moments[-1] + rhythm.choice([0, 1, 90, 340, 500, 999, 1000, 1500]))
    verdicts = run(operation_id, moments)
    accepted = [at for at, good in zip(moments, verdicts, strict=True) if good]

    for first, over in zip(accepted, accepted[limit.requests :], strict=False):
        assert over - first >= limit.seconds * 1000
    refused = [at for at, good in zip(moments, verdicts, strict=True) if not good]
    silences = [later - earlier for earlier, later in pairwise(accepted) if later - earlier > 2000]
    assert refused
    assert silences
    assert min(silences) >= 120_000


def test_little_is_kept() -> None:
    """The state does not grow with the number of requests."""
    pace = Pace()
    for index in range(1000):
        pace = sent(pace, "trackInRealtime", NOW + index * 500)

    assert len(pace.accepted["trackInRealtime"]) <= 3


def test_milliseconds_are_exact() -> None:
    """A moment is counted by whole milliseconds, and none is lost on the way back."""
    moment = datetime(2026, 3, 1, 12, 0, 0, 123_999, tzinfo=UTC)

    assert milliseconds(moment) == NOW
    assert moment_of(NOW) == moment.replace(microsecond=123_000)
