"""Figures of the page about guarantees are those of the code."""

from tests.docs.pages import page
from trackingmore_v2._calls import retry
from trackingmore_v2._calls.retry_quota import MAX_TOKENS, RATE_LIMIT_RETRY_COST, RETRY_COST
from trackingmore_v2._config import DEFAULT_MAX_RESPONSE_SIZE
from trackingmore_v2._transport.decoding import MAX_TINY_CHUNKS, MIN_CHUNK_SIZE
from trackingmore_v2._transport.resolver import MAX_LOOKUPS
from trackingmore_v2_api.limits import MAX_GROWTH, MAX_ITEMS, MAX_MEMORY

PAGE = page("guarantees.md")


def test_retries() -> None:
    """Delays, and what the retry quota allows in an outage."""
    assert f"up to {retry.INITIAL_BACKOFF:g} seconds before the first one" in PAGE
    assert f"and {retry.MAX_BACKOFF:g} seconds at most" in PAGE
    assert f"asks for more than {retry.MAX_REQUESTED_DELAY} seconds" in PAGE
    assert f"a client makes {MAX_TOKENS // RETRY_COST} retries in all" in PAGE
    assert f"or {MAX_TOKENS // RATE_LIMIT_RETRY_COST} after rate-limit responses" in PAGE


def test_when_the_retry_quota_lasts() -> None:
    """It is not used up by the share of failures that is named, and by a percent more it is."""
    assert "no more than 21 % of attempts fail" in PAGE
    assert tokens_for_a_call(0.21) > 0 > tokens_for_a_call(0.22)


def tokens_for_a_call(failing: float) -> float:
    """Return what a call with two retries adds to the quota on average, if a share fails."""
    first_retry_fails = failing * failing
    both_fail = first_retry_fails * failing
    cost = RETRY_COST * (first_retry_fails - both_fail) + 2 * RETRY_COST * both_fail
    return (1 - failing) - cost


def test_limits_of_a_response() -> None:
    """Each row of the table."""
    assert f"| `max_response_size`, {DEFAULT_MAX_RESPONSE_SIZE >> 20} MiB by default" in PAGE
    assert f"| {MAX_TINY_CHUNKS:,} chunks, and one more for every {MIN_CHUNK_SIZE} bytes |" in PAGE
    assert f"| {MAX_ITEMS:,} repairs of malformed parts |" in PAGE
    assert f"| {MAX_MEMORY >> 20} MiB for a response and its models" in PAGE
    assert MAX_GROWTH == 5
    assert "unless the models take less than five times its size" in PAGE


def test_name_lookups() -> None:
    """As many at once as the code allows."""
    assert f"of sync calls at most {MAX_LOOKUPS} at once in a process" in PAGE
