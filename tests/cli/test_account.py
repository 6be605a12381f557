"""`trackingmore-v2 account`."""

from datetime import UTC, datetime

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli.commands.account import mask_address, time_of
from trackingmore_v2_sandbox import Sandbox


@pytest.fixture
def api_key() -> str:
    """Return a key that the stored texts show the end of, of an account for each test."""
    return "7c0ffee0-0000-4d0c-9c1e-2f6f0c7d8a11"


@pytest.fixture(autouse=True)
def _reset(sandbox: Sandbox, api_key: str) -> None:
    sandbox.reset(api_key=api_key)


def test_quota_and_source_of_the_key(run: Run, client: TrackingMore, api_key: str) -> None:
    """The key and the e-mail address, which is a secret of webhooks, are masked."""
    client.trackings.create("ups", "SANDBOX-TRANSIT")
    email = client.account.get().email

    finished = run("account", "--json")
    (record,) = finished.records

    check_record(record)
    assert record["quota_left"] == 999_999
    assert record["account"] == "****8a11"
    assert record["key_source"] == "the variable TRACKINGMORE_API_KEY"
    for secret in (api_key, email):
        assert secret not in finished.text
        assert secret not in run("account", "--verbose").messages


@pytest.mark.parametrize("columns", [80, 120])
def test_text(run: Run, sandbox: Sandbox, columns: int) -> None:
    """A line for each value."""
    finished = run("account", terminal=columns)
    text = finished.text.replace(sandbox.base_url, "http://127.0.0.1:8642/v2")

    check_golden(f"account.{columns}.txt", text)
    assert run("account", terminal=True, encoding="cp1252").status == 0


def test_wrong_key_and_no_server(run: Run, environment: dict[str, str]) -> None:
    """Each has its status."""
    assert run("account", "--base-url", "http://127.0.0.1:9/v2").status == 3
    environment["TRACKINGMORE_API_KEY"] = "wrong"
    assert run("account").status == 5


@pytest.mark.parametrize(
    ("email", "masked"), [("tom@example.com", "t***@example.com"), ("", "***"), ("tom", "t***")]
)
def test_masked_address(email: str, masked: str) -> None:
    """One character of the name is left."""
    assert mask_address(email) == masked


@pytest.mark.parametrize("seconds", [None, "", "soon", "9" * 5000, 9 * 10**17, "99999999999999"])
def test_time_that_is_none(seconds: str | int | None) -> None:
    """The API may write anything."""
    assert time_of(seconds) is None
    assert time_of("1700000000") == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
