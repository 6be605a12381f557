"""What became of trackings that the client sent."""

from typing import Any
from unittest.mock import Mock

import pytest
from msgspec import json

from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import BatchReport, ItemResult, Outcome, TrackingMore
from trackingmore_v2._transport.http import Transport
from trackingmore_v2_cli._batch import carry_out
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._references import Pair
from trackingmore_v2_cli._session import Session

PAIR = Pair("upss", "SANDBOX-DELIVERED001")


def printed(capsys: pytest.CaptureFixture[bytes], *outcomes: Outcome[Any]) -> list[Any]:
    """Return the records of outcomes."""
    items = [outcome.item for outcome in outcomes]
    carry_out(Session(json="lines"), lambda _: BatchReport(outcomes), items)
    return [json.decode(line) for line in capsys.readouterr().out.splitlines()]


def test_carrier_that_the_api_corrected(
    client: TrackingMore, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The record has the one that the tracking has."""
    created = client.trackings.create("ups", PAIR.number)

    (record,) = printed(capsysbinary, Outcome(0, PAIR, ItemResult.CREATED, tracking=created))

    assert record["carrier_code"] == "ups"


@pytest.mark.parametrize(
    ("outcome", "status", "message"),
    [
        (Outcome(0, PAIR, ItemResult.UNKNOWN), 3, "may have been carried out"),
        (Outcome(0, PAIR, ItemResult.REJECTED, 9999, "new reason"), 1, "new reason."),
        (Outcome(0, PAIR, ItemResult.REJECTED), 1, "rejected"),
        (Outcome(0, PAIR, ItemResult.REJECTED, 4021), 7, "QuotaExhausted. For what is left"),
        (Outcome(0, PAIR, ItemResult.NOT_FOUND, 4031), 6, "not found"),
    ],
)
def test_status_and_message(
    capsysbinary: pytest.CaptureFixture[bytes],
    outcome: Outcome[Any],
    status: int,
    message: str,
) -> None:
    """Also of codes and results that say little."""
    with pytest.raises(CommandError, match=message) as raised:
        printed(capsysbinary, outcome)

    assert raised.value.status == status


@pytest.mark.parametrize(
    "arguments",
    [
        ("carrier", "change", "ups:SANDBOX-1", "fedex"),
        ("update", "ups:SANDBOX-1", "--customer-phone=1"),
    ],
)
def test_interrupted_call(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Ctrl-C leaves the outcome unknown, also on a terminal."""
    monkeypatch.setattr(Transport, "send", Mock(side_effect=KeyboardInterrupt))

    finished = run(*arguments, "--json")
    shown = run(*arguments, terminal=80)

    (record,) = finished.records
    check_record(record)
    assert (finished.status, record["result"], record["in_doubt"]) == (130, "unknown", True)
    assert "unknown (uncertain): ups:SANDBOX-1" in shown.text
