import random
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.sandbox.harness import NOON, OTHER_KEY, PAIR, Api, NewApi
from trackingmore_v2_api import META_CODES, OPERATIONS, RateLimit
from trackingmore_v2_sandbox import API_KEY, Settings, SqliteStore
from trackingmore_v2_sandbox.core.quota import (
    LOCK_SECONDS,
    Credit,
    RateLimitState,
    after_request,
    lock_end,
    milliseconds,
    moment_of,
    shortage,
    shortage_for_detection,
)
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.store.models import AccountRecord

NOW = 1_772_366_400_123


def code_of(credit: Credit, *, detection: bool = False) -> int | None:
    """Return the code of the error for one more tracking."""
    rejection = shortage_for_detection(credit) if detection else shortage(credit)
    return rejection.code if rejection else None


def sent(
    state: RateLimitState, operation_id: str, now: int, *, lock_seconds: float = LOCK_SECONDS
) -> RateLimitState:
    """Send one more request."""
    limit = OPERATIONS[operation_id].rate_limit
    return after_request(state, operation_id, limit, now, lock_seconds)


def run(operation_id: str, moments: list[int], *, lock_seconds: float = LOCK_SECONDS) -> list[bool]:
    """Send requests at these times, and return which were accepted."""
    state = RateLimitState()
    accepted: list[bool] = []
    for now in moments:
        state = sent(state, operation_id, now, lock_seconds=lock_seconds)
        accepted.append(state.locked_at is None)
    return accepted


@pytest.mark.behaviour("quota.five-detections")
def test_five_detections_cost_one_tracking() -> None:
    """The first of five is charged, the other four come with it."""
    left = [Credit(10, 3, detections).left for detections in range(12)]

    assert left == [7, 6, 6, 6, 6, 6, 5, 5, 5, 5, 5, 4]


@pytest.mark.behaviour("quota.balance-first")
def test_a_tracking_needs_quota_and_balance() -> None:
    """The balance is reported first; a quota lowered below the used amount is exhausted too."""
    assert code_of(Credit(1, 0, 0)) is None
    assert code_of(Credit(1, 1, 0)) == 4021
    assert code_of(Credit(1, 5, 0)) == 4021
    assert code_of(Credit(2, 1, 1)) == 4021
    assert code_of(Credit(1, 0, 0, balance=0)) == 4019
    assert code_of(Credit(0, 0, 0, balance=-1)) == 4019


@pytest.mark.behaviour("quota.first-detection")
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


@pytest.mark.behaviour("rate.limit")
def test_three_are_accepted_where_three_are_allowed() -> None:
    """The window slides: the fourth has to wait for the first to be a second old."""
    assert run("trackInRealtime", [NOW, NOW + 400, NOW + 900, NOW + 999]) == [True] * 3 + [False]
    assert run("trackInRealtime", [NOW, NOW + 400, NOW + 900, NOW + 1000, NOW + 1400]) == [True] * 5


@pytest.mark.behaviour("rate.limit")
def test_each_operation_has_its_own_rate_limit() -> None:
    """One request a second is allowed to each of them."""
    state = RateLimitState()
    for operation_id in OPERATIONS:
        state = sent(state, operation_id, NOW)

    assert state.locked_at is None
    assert sent(state, "createTracking", NOW).locked_at == NOW


@pytest.mark.behaviour("rate.lock-out", "rate.what-counts")
def test_a_lock_out_ends_to_the_millisecond() -> None:
    """Two minutes after the request that was too many, and requests in between change nothing."""
    begin = NOW + 10
    during = [begin + 1, begin + 60_000, begin + 119_999]

    assert LOCK_SECONDS == META_CODES[429].pause_seconds == 120
    assert run("createTracking", [NOW, begin, *during, begin + 120_000]) == (
        [True, False, False, False, False, True]
    )


def test_the_length_of_a_lock_out_is_configurable() -> None:
    """With none, only the one request over the limit is rejected."""
    moments = [NOW, NOW + 900, NOW + 999, NOW + 1000, NOW + 1149, NOW + 1150]

    assert run("createTracking", moments, lock_seconds=0.25) == (
        [True, False, False, False, False, True]
    )
    assert run("createTracking", moments, lock_seconds=0) == (
        [True, False, False, True, False, False]
    )
    assert lock_end(RateLimitState(locked_at=NOW), 0.25) == NOW + 250


def test_a_lock_out_rejects_every_request() -> None:
    """Also those without a limit, and those to unknown routes."""
    locked = sent(sent(RateLimitState(), "createTracking", NOW), "createTracking", NOW)

    assert sent(locked, "getAccount", NOW + 5000) == locked
    assert after_request(locked, "", None, NOW + 119_999, LOCK_SECONDS) == locked
    assert after_request(locked, "", None, NOW + 120_000, LOCK_SECONDS).locked_at is None
    assert after_request(RateLimitState(), "", None, NOW, LOCK_SECONDS) == RateLimitState()


def test_a_clock_set_back_ends_a_lock_out() -> None:
    """Requests in the future do not count."""
    late = sent(sent(RateLimitState(), "createTracking", NOW), "createTracking", NOW)
    early = NOW - 86_400_000

    assert late.locked_at == NOW
    assert sent(late, "createTracking", early) == RateLimitState({"createTracking": (early,)})


@pytest.mark.parametrize("operation_id", ["createTracking", "trackInRealtime"])
def test_no_window_holds_more_than_the_limit(operation_id: str) -> None:
    """Whatever the rhythm, and wherever a window begins, no more than the limit is accepted."""
    limit = OPERATIONS[operation_id].rate_limit
    assert limit
    rhythm = random.Random(7)  # noqa: S311 - a rhythm, not a secret
    moments = [NOW]
    for _ in range(3000):
        moments.append(moments[-1] + rhythm.choice([0, 1, 90, 340, 500, 999, 1000, 1500]))
    results = run(operation_id, moments)
    accepted = [at for at, good in zip(moments, results, strict=True) if good]

    for first, over in zip(accepted, accepted[limit.requests :], strict=False):
        assert over - first >= limit.seconds * 1000
    refused = [at for at, good in zip(moments, results, strict=True) if not good]
    silences = [later - earlier for earlier, later in pairwise(accepted) if later - earlier > 2000]
    assert refused
    assert silences
    assert min(silences) >= 120_000


def test_the_state_is_small() -> None:
    """The state does not grow with the number of requests."""
    state = RateLimitState()
    for index in range(1000):
        state = sent(state, "trackInRealtime", NOW + index * 500)

    assert len(state.accepted["trackInRealtime"]) <= 3


def test_milliseconds_are_exact() -> None:
    """A moment is counted by whole milliseconds, and none is lost on the way back."""
    moment = datetime(2026, 3, 1, 12, 0, 0, 123_999, tzinfo=UTC)

    assert milliseconds(moment) == NOW
    assert moment_of(NOW) == moment.replace(microsecond=123_000)


def set_account(api: Api, key: str = API_KEY, **fields: Any) -> None:
    """Change the record of an account."""
    account = account_of(key)
    with api.store.transaction(write=True, account=account):
        known = api.store.find_account(account) or AccountRecord(account)
        api.store.save_account(replace(known, **fields))


def codes(api: Api, operation_id: str = "getAccount", times: int = 1) -> list[int]:
    """Call an operation, and return the codes of the responses."""
    return [api.call(operation_id).code for _ in range(times)]


@pytest.mark.behaviour("account.response", "tenant.default-quota")
def test_an_account_has_the_quota_and_the_balance_that_it_was_given(api: Api) -> None:
    """Its own quota counts and not the setting; both are shown."""
    set_account(api, quota=1, balance=7)
    before = api.call("getAccount").data
    api.create()
    after = api.call("createTracking", {**PAIR, "carrier_code": "usps"})

    assert (before["track_number"], before["money"]) == (1, 7)
    assert after.code == 4021
    assert "got 0 of 1 trackings left" in after.headers["X-Sandbox-Hint"]
    assert api.call("getAccount", key=OTHER_KEY).data["track_number"] == 1_000_000


@pytest.mark.behaviour("quota.no-balance")
def test_without_balance_nothing_new_is_created(api: Api) -> None:
    """The error is 4019; what was paid for once can be created again."""
    api.create()
    api.call("deleteTracking", **PAIR)
    set_account(api, balance=0)

    assert api.call("createTracking", {**PAIR, "carrier_code": "usps"}).code == 4019
    assert api.call("detectCarrier", {"tracking_number": "LK664578623CN"}).code == 4019
    assert api.call("createTracking", PAIR).code == 200


@pytest.mark.behaviour("quota.balance-first")
def test_creating_does_not_reduce_the_balance(api: Api) -> None:
    """It is charged to the quota."""
    money = api.call("getAccount").data["money"]
    api.create()

    assert api.call("getAccount").data["money"] == money


@pytest.mark.behaviour("tenant.negative-quota")
def test_a_quota_can_be_lowered_below_what_is_used(api: Api) -> None:
    """What is left is negative then."""
    api.create()
    set_account(api, quota=0)

    assert api.call("getAccount").data["track_number"] == -1


@pytest.mark.behaviour("request.deleted-key")
def test_a_deleted_key_is_rejected(api: Api) -> None:
    """With 4002, for every request; a restored key has its data again."""
    api.create()
    set_account(api, key_deleted=True)

    assert codes(api) == [4002]
    assert api.send("GET", "/nowhere").code == 4002
    assert api.call("createTracking", raw=b"{").code == 4002
    set_account(api, key_deleted=False)
    assert api.get()


@pytest.mark.behaviour("quota.reads")
def test_reads_can_need_quota(api: Api) -> None:
    """Without quota they are rejected with 4021, without balance with 4019; others are not."""
    api.create()
    set_account(api, quota=1, reads_need_quota=True)
    reads: list[tuple[str, dict[str, Any]]] = [
        ("getTracking", PAIR),
        ("getLocalizedTracking", {**PAIR, "lang": "en"}),
        ("listTrackings", {}),
        ("countTrackings", {}),
    ]

    assert [api.call(name, **sent).code for name, sent in reads] == [4021] * 4
    assert api.send("POST", "/trackings/get", content=b"{}").code == 4021
    assert api.call("getAccount").code == api.call("listCarriers").code == 200
    set_account(api, balance=0)
    assert api.call("getTracking", **PAIR).code == 4019
    set_account(api, balance=1, quota=2)
    assert [api.call(name, **sent).code for name, sent in reads] == [200] * 4
    set_account(api, quota=1, reads_need_quota=False)
    assert [api.call(name, **sent).code for name, sent in reads] == [200] * 4


@pytest.mark.behaviour("tenant.rate-limits")
def test_rate_limits_are_off_by_default(api: Api) -> None:
    """Tests are not slowed down."""
    assert codes(api, times=20) == [200] * 20


@pytest.mark.behaviour("rate.lock-out")
def test_exceeding_the_rate_limit_locks_the_account_out(api: Api) -> None:
    """All requests are rejected with 429 for two minutes of the account's clock."""
    set_account(api, rate_limited=True)
    api.create()
    too_many = api.call("createTracking", {**PAIR, "carrier_code": "usps"})

    assert too_many.meta == {
        "code": 429,
        "type": "Too Many Requests",
        "message": "Exceeded API limits. Pause requests, wait two minute, and try again.",
    }
    assert "2026-03-01T12:02:00+00:00" in too_many.headers["X-Sandbox-Hint"]
    assert api.send("GET", "/nowhere").code == 429
    assert codes(api, "listCarriers") == [429]
    assert api.call("getAccount", key=OTHER_KEY).code == 200
    api.advance(milliseconds=119_999)
    assert codes(api) == [429]
    api.advance(milliseconds=1)
    assert codes(api) == [200]
    assert api.call("getTracking", **{**PAIR, "carrier_code": "usps"}).code == 4017


@pytest.mark.behaviour("rate.limit")
def test_the_limit_is_the_contracts_for_each_operation(api: Api) -> None:
    """Exactly so many are accepted in a second, and again in the next."""
    set_account(api, rate_limited=True)
    accepted = 0
    for _ in range(40):
        accepted += codes(api, "getAccount") == [200]
        api.advance(milliseconds=1000)

    assert accepted == 40
    assert [codes(api, each) for each in ("getAccount", "listCarriers")] == [[200], [200]]
    api.advance(milliseconds=999)
    assert codes(api) == [429]


@pytest.mark.behaviour("rate.what-counts")
def test_a_rejected_request_counts(api: Api) -> None:
    """It counts against the rate limit, though its changes are undone."""
    set_account(api, rate_limited=True)

    assert api.call("createTracking", raw=b"{").code == 4015
    assert api.call("createTracking", PAIR).code == 429


def test_limit_and_lock_out_are_settings(new_api: NewApi) -> None:
    """They can be anything, for tests in a hurry."""
    api = new_api(Settings(rate_limit=RateLimit(2, 10), lock_seconds=1))
    set_account(api, rate_limited=True)

    assert codes(api, times=4) == [200, 200, 429, 429]
    api.advance(seconds=1)
    assert codes(api) == [429]
    api.advance(seconds=9)
    assert codes(api, times=2) == [200, 200]


@pytest.mark.behaviour("tenant.rate-limits")
def test_the_clock_of_the_account_decides(api: Api) -> None:
    """A frozen account stays locked out, and one whose time flies is soon free."""
    instant = int(NOON.timestamp()) * 1_000_000
    set_account(api, rate_limited=True, anchor_machine=instant, anchor_virtual=instant)
    set_account(api, clock_speed=0.0)

    assert codes(api, times=2) == [200, 429]
    api.advance(days=1)
    assert codes(api) == [429]
    set_account(api, clock_speed=1.0)
    assert codes(api) == [200]


def test_a_lock_out_survives_the_process(tmp_path: Path) -> None:
    """It is kept where everything is kept."""
    database = tmp_path / "sandbox.sqlite3"
    first = Api(store=SqliteStore(database))
    set_account(first, rate_limited=True)
    assert codes(first, times=2) == [200, 429]
    first.close()
    second = Api(store=SqliteStore(database))
    assert codes(second) == [429]
    second.close()
