"""`trackingmore-v2 delete` and `stop`, which ask before."""

import pytest

from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2._transport.http import Transport
from trackingmore_v2.hooks import ResponseEvent
from trackingmore_v2_cli._session import Session

ONE, TWO = "SANDBOX-TRANSIT_1", "SANDBOX-TRANSIT_2"


@pytest.fixture(autouse=True)
def created(client: TrackingMore) -> None:
    """Create two trackings."""
    for number in (ONE, TWO):
        client.trackings.create("ups", number)


def numbers(client: TrackingMore) -> set[str]:
    """Return the numbers of the account."""
    return {each.tracking_number for each in client.trackings.list()}


def test_delete(run: Run, client: TrackingMore) -> None:
    """Only those that were named."""
    finished = run("delete", ONE, "--yes", "--json")

    check_record(finished.records[0])
    assert finished.status == 0
    assert finished.records[0]["result"] == "deleted"
    assert numbers(client) == {TWO}


def test_stop(run: Run, client: TrackingMore) -> None:
    """They remain in the account."""
    finished = run("stop", f"ups:{ONE}", "--yes", "--json")

    check_record(finished.records[0])
    assert finished.records[0]["result"] == "stopped"
    assert client.trackings.get("ups", ONE).track_update is False
    assert client.trackings.get("ups", TWO).track_update is True


@pytest.mark.parametrize(
    ("command", "question"),
    [
        ("delete", f"delete 2 trackings: {ONE}, ups:{TWO}"),
        ("stop", f"stop the updates of 2 trackings: {ONE}, ups:{TWO}"),
    ],
)
def test_asked_before(run: Run, command: str, question: str) -> None:
    """With count and account; without a terminal nothing is sent."""
    yes = run(command, ONE, f"ups:{TWO}", terminal=80, stdin=b"y\n")
    no = run(command, ONE, f"ups:{TWO}", terminal=80, stdin=b"n\n")
    closed = run(command, ONE, f"ups:{TWO}", "--verbose")

    assert question in " ".join(yes.messages.split())
    assert "account ****" in yes.messages
    assert yes.status == 0
    assert no.status == 1
    assert closed.status == 2
    assert "HTTP" not in closed.messages


def test_unknown_field(run: Run, client: TrackingMore) -> None:
    """It is an error before anything is sent."""
    finished = run("delete", ONE, "--yes", "--json", "--fields", "outcome")

    assert finished.status == 2
    assert "unknown field 'outcome'" in finished.messages
    assert numbers(client) == {ONE, TWO}


def test_fields_on_a_terminal(run: Run) -> None:
    """A table of them, instead of the summary."""
    finished = run("delete", ONE, "--yes", "--fields", "result,tracking_number", terminal=80)

    assert finished.text.splitlines()[-1].split() == ["deleted", ONE]


def test_question_that_nobody_answers(run: Run, client: TrackingMore) -> None:
    """The end of standard input is an interruption."""
    finished = run("delete", ONE, terminal=80, stdin=b"")

    assert finished.status == 130
    assert numbers(client) == {ONE, TWO}


def test_missing_ones_are_named(run: Run, client: TrackingMore) -> None:
    """The others are deleted; a second run deletes nothing, and says so."""
    first = run("delete", ONE, "SANDBOX-PENDING_none", "--yes")
    again = run("delete", f"ups:{ONE}", "SANDBOX-PENDING_none", "--yes")

    assert first.status == 4
    assert numbers(client) == {TWO}
    assert again.status == 6
    assert [line.split("\t")[2] for line in again.text.splitlines()] == ["not_found"] * 2


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done is printed, and what was not sent; nothing is lost."""

    def interrupt(_session: Session, _event: ResponseEvent) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "_show_response", interrupt)
    many = [f"ups:SANDBOX-TRANSIT_{position}" for position in range(450)]

    finished = run("delete", *many, "--yes", "--json", "--verbose")

    assert finished.status == 130
    assert [f"ups:{each['tracking_number']}" for each in finished.records] == many
    results = [each["result"] for each in finished.records]
    assert results == ["unknown"] * 200 + ["not_sent"] * 250


def test_interrupted_with_one_tracking(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, too, it is printed that it may have been deleted."""

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Transport, "send", interrupt)

    finished = run("delete", f"ups:{ONE}", "--yes", terminal=80)

    assert finished.status == 130
    assert f"unknown (uncertain): ups:{ONE}" in finished.text


def test_error_that_stops_the_sending(run: Run, environment: dict[str, str]) -> None:
    """Items that were not sent are named, with the error."""
    environment["TRACKINGMORE_API_KEY"] = "no-key-of-the-API"
    many = [f"ups:SANDBOX-TRANSIT_{position}" for position in range(201)]

    finished = run("delete", *many, "--yes", "--json")

    assert finished.status == 5
    assert [each["result"] for each in finished.records] == ["rejected"] * 200 + ["not_sent"]
    assert "An earlier error stopped the sending" in finished.records[-1]["message"]
    assert "no-key-of-the-API" not in finished.messages + finished.text


def test_no_server(run: Run, environment: dict[str, str]) -> None:
    """Status 3, and each tracking is named."""
    environment["TRACKINGMORE_BASE_URL"] = "http://127.0.0.1:9/v2"

    finished = run("delete", f"ups:{ONE}", f"ups:{TWO}", "--yes", "--json")

    assert finished.status == 3
    assert len(finished.records) == 2
