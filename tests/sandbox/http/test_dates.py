"""The `Date` header of responses."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import time

import pytest

from tests.sandbox.harness import NOON, PAIR, Api
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Sandbox
from trackingmore_v2_sandbox.http.dates import date_value

LATER = datetime(2050, 1, 1, tzinfo=UTC)


@pytest.mark.behaviour("time.date")
def test_the_date_follows_the_clock_of_the_account(api: Api) -> None:
    """In successes and errors, as `created_at` does, and without a fraction of a second."""
    created = api.call("createTracking", PAIR)
    api.advance(hours=1, milliseconds=1900)
    rejected = api.call("createTracking", PAIR)

    assert created.headers["Date"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert datetime.fromisoformat(created.success()["created_at"]) == NOON
    assert rejected.headers["Date"] == "Sun, 01 Mar 2026 13:00:01 GMT"


@pytest.mark.parametrize("path", ["/nope", "/carriers"])
@pytest.mark.parametrize("key", [None, API_KEY])
def test_a_request_without_an_account_has_the_time_of_the_machine(
    api: Api, path: str, key: str | None
) -> None:
    """An unknown route, or a missing key."""
    response = api.send("GET", path, key=key)

    assert parsedate_to_datetime(response.headers["Date"]) == NOON


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox whose account's clock is far ahead."""
    with Sandbox() as sandbox:
        sandbox.clock.freeze(LATER)
        yield sandbox


def head_of(sandbox: Sandbox, path: str, **headers: str) -> list[str]:
    """Send a request over a socket, and return the lines of the response's head."""
    host, _, port = sandbox.base_url.removeprefix("http://").partition("/")[0].partition(":")
    given = {"Host": host, "Connection": "close", **headers}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return received.partition(b"\r\n\r\n")[0].decode().split("\r\n")


def dates_of(head: list[str]) -> list[datetime]:
    """Return the values of all `Date` headers."""
    found = [line.partition(":")[2] for line in head if line.lower().startswith("date:")]
    return list(map(parsedate_to_datetime, found))


def test_a_response_has_one_date(sandbox: Sandbox) -> None:
    """With and without a fault, which sends its response in another way."""
    key = {API_KEY_HEADER: API_KEY}
    assert dates_of(head_of(sandbox, "/v2/carriers", **key)) == [LATER]
    sandbox.faults.plan({"*": ["status=503", "cut=5"]})
    assert dates_of(head_of(sandbox, "/v2/carriers", **key)) == [LATER]
    assert dates_of(head_of(sandbox, "/v2/carriers", **key)) == [LATER]


@pytest.mark.parametrize("path", ["/_sandbox/", "/_sandbox/clock", "/v2/nope"])
@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example"])
def test_other_responses_have_the_time_of_the_machine(
    path: str, host: str, sandbox: Sandbox
) -> None:
    """The admin API, the inspector, and a rejected host name."""
    [date] = dates_of(head_of(sandbox, path, Host=host))

    assert abs(date.timestamp() - time()) < timedelta(hours=1).total_seconds()


def test_a_date_is_cut_to_the_second() -> None:
    """A time before it would be in the future."""
    assert date_value(1.9) == "Thu, 01 Jan 1970 00:00:01 GMT"
