"""Which failures are retried, and when. See also test_attempts.py."""

from typing import Any

import pytest

from trackingmore_v2 import (
    ConnectionFailed,
    ContractBroken,
    DeadlineExceeded,
    TimedOut,
    TrackingMoreError,
)
from trackingmore_v2._calls.retry import (
    INITIAL_BACKOFF,
    MAX_BACKOFF,
    MAX_REQUESTED_DELAY,
    requested_delay,
    retry_delay,
)
from trackingmore_v2._errors import API_ERRORS, api_error
from trackingmore_v2_api import META_CODES, ApiRejected, ContractViolated
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.operations.trackings import delete_tracking
from trackingmore_v2_api.salvage import ResponseMeta

CALL = get_account.call()
NOON = "Wed, 25 Nov 2026 12:00:00 GMT"
A_MINUTE_LATER = "Wed, 25 Nov 2026 12:01:00 GMT"


def build_api_error(code: int | None, status: int = 200, **headers: str) -> TrackingMoreError:
    """Build an error; underscores in names of headers stand for hyphens."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return api_error(
        ApiRejected("getAccount", status, given, b"", ResponseMeta(code, "", "")), CALL
    )


LOST = ConnectionFailed(CALL, "reset", in_doubt=True)
UNSENT = ConnectionFailed(CALL, "refused", in_doubt=False)
BROKEN_WRITE = ContractBroken(
    ContractViolated("deleteTracking", 200, {}, b"<html>", "no JSON"),
    delete_tracking.call("ups", "1Z97X17XYW06605211"),
)
BROKEN = ContractBroken(ContractViolated("getAccount", 200, {}, b"<html>", "no JSON"), CALL)


@pytest.mark.parametrize(
    "error",
    [
        LOST,
        UNSENT,
        TimedOut(CALL, "late", in_doubt=True),
        build_api_error(500),
        build_api_error(503),
        build_api_error(None, status=502),
        build_api_error(None, status=504),
        BROKEN_WRITE,
    ],
    ids=str,
)
@pytest.mark.parametrize("failures", [1, 2, 3, 10, 100, 10_000])
def test_transient_failures_are_retried_within_bounds(
    error: TrackingMoreError, failures: int
) -> None:
    """The delay lies between 0 and a bound that doubles, up to the longest."""
    bound = min(MAX_BACKOFF, INITIAL_BACKOFF * 2 ** min(failures - 1, 60))

    assert retry_delay(error, failures, 0.0) == 0.0
    assert retry_delay(error, failures, 0.5) == pytest.approx(bound / 2)
    assert retry_delay(error, failures, 1.0) == pytest.approx(bound)


@pytest.mark.parametrize("code", [code for code in API_ERRORS if code not in {429, 500, 503}])
def test_permanent_errors_are_not_retried(code: int) -> None:
    """Errors with a reason of their own, "no result yet" included."""
    assert retry_delay(build_api_error(code), 1, 1.0) is None
    assert requested_delay(build_api_error(code, Retry_After="1")) is None


@pytest.mark.parametrize(
    "error",
    [BROKEN, DeadlineExceeded(CALL, "late", in_doubt=True), build_api_error(None, status=302)],
)
def test_hopeless_failures_are_not_retried(error: TrackingMoreError) -> None:
    """An unreadable response to a read, the end of the time, and a redirect."""
    assert retry_delay(error, 1, 1.0) is None


@pytest.mark.parametrize("status", [200, 429])
def test_too_many_requests_delay_as_the_contract_says(status: int) -> None:
    """Under either HTTP status, and whatever the chance."""
    pause = META_CODES[429].pause_seconds

    assert pause == MAX_REQUESTED_DELAY
    assert retry_delay(build_api_error(429 if status == 200 else None, status), 1, 0.0) == pause


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"retry_after": " 0.25 "}, 0.25),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After_Ms": "1500", "Retry_After": "9"}, 1.5),
        ({"Retry_After": A_MINUTE_LATER, "Date": NOON}, 60.0),
        ({"Retry_After": NOON, "Date": A_MINUTE_LATER}, 0.0),
        ({"Retry_After": str(MAX_REQUESTED_DELAY)}, MAX_REQUESTED_DELAY),
        ({"Retry_After": str(MAX_REQUESTED_DELAY + 1)}, None),
        ({"Retry_After": "1e999"}, META_CODES[429].pause_seconds),
        ({"Retry_After": "nan"}, META_CODES[429].pause_seconds),
        ({"Retry_After": "-1"}, META_CODES[429].pause_seconds),
        ({"Retry_After": "soon"}, META_CODES[429].pause_seconds),
        ({"Retry_After": NOON}, META_CODES[429].pause_seconds),
    ],
    ids=str,
)
def test_the_server_may_set_the_delay(headers: dict[str, Any], pause: float | None) -> None:
    """Seconds, milliseconds or a date; invalid values are ignored, and too long a delay ends it."""
    assert retry_delay(build_api_error(429, **headers), 1, 0.0) == pause


def test_a_server_error_may_set_the_delay() -> None:
    """The server's delay replaces the client's."""
    assert retry_delay(build_api_error(503, Retry_After="7"), 1, 0.0) == 7.0


@pytest.mark.parametrize(
    ("error", "doubt"),
    [
        (LOST, True),
        (UNSENT, False),
        (BROKEN, True),
        (build_api_error(500), True),
        (build_api_error(None, status=502), True),
        (build_api_error(429), False),
        (build_api_error(4016), False),
    ],
    ids=str,
)
def test_some_failures_are_in_doubt(error: TrackingMoreError, *, doubt: bool) -> None:
    """A call without a response may have been carried out; one that was rejected was not."""
    assert error.in_doubt is doubt
