"""`trackingmore-v2 create`."""

from pathlib import Path

import pytest
from msgspec import json

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_sandbox import Sandbox

NUMBER = "1Z97X17XYW06605211"


def test_created_with_details(
    run: Run, client: TrackingMore, sandbox: Sandbox, api_key: str
) -> None:
    """Each option sets its field."""
    finished = run(
        *("create", f"ups:{NUMBER}", "--yes", "--json", "--title", "Teapot", "--order-id", "#1"),
        *("--customer-name", "Sandy", "--customer-email", "sandy@example.com", "--comment", "no"),
        *("--country", "CZ", "--keep-carrier"),
    )

    (record,) = finished.records
    tracking = client.trackings.get("ups", NUMBER)
    check_record(record)
    assert finished.status == 0
    assert record["result"] == "created"
    assert (tracking.title, tracking.order_id, tracking.comment) == ("Teapot", "#1", "no")
    assert tracking.customer_name == "Sandy"
    (sent,) = json.decode(sandbox.log(api_key=api_key)[0].request)
    assert (sent["specialNumberDestination"], sent["auto_correct"]) == ("CZ", 1)


def test_asked_before_it_costs(run: Run, client: TrackingMore) -> None:
    """With the count, the cost and the account; no is an end without a request."""
    no = run("create", f"ups:{NUMBER}", terminal=80, stdin=b"n\n")
    without_terminal = run("create", f"ups:{NUMBER}", "--verbose")

    assert no.status == 1
    assert "create 1 tracking, which costs up to 1 of the quota" in no.messages
    assert without_terminal.status == 2
    assert "pass --yes" in without_terminal.messages
    assert "HTTP" not in without_terminal.messages
    assert list(client.trackings.list()) == []


def test_carrier_is_detected_where_it_is_left_out(run: Run, client: TrackingMore) -> None:
    """Which is said and asked before, and the carrier is named."""
    finished = run("create", NUMBER, terminal=80, stdin=b"y\n")

    assert finished.status == 0
    assert "detect the carrier of 1 number and create 1 tracking" in finished.messages
    assert "costs up to 2 of the quota" in " ".join(finished.messages.split())
    assert f"{NUMBER}: carrier ups (UPS) detected" in finished.messages
    assert client.trackings.get("ups", NUMBER).tracking_number == NUMBER


@pytest.mark.parametrize("columns", [80, 120])
def test_summary_on_a_terminal(run: Run, client: TrackingMore, columns: int) -> None:
    """Each reason once, with the trackings that failed for it and what to do."""
    client.trackings.create("ups", NUMBER)

    finished = run(
        *("create", f"ups:{NUMBER}", "ups:SANDBOX-DELIVERED", "usps:abc", "--yes"),
        *("nope:SANDBOX-FAIL-4015", "nope:SANDBOX-FAIL-4015_2", "SANDBOX-FAIL-4032"),
        terminal=columns,
    )

    check_golden(f"create.{columns}.txt", finished.text)
    assert finished.status == 4
    assert "4 of 6 trackings failed: 1 invalid, 3 rejected" in finished.messages


def test_record_for_each_tracking(run: Run) -> None:
    """Whatever became of it."""
    arguments = ("ups:SANDBOX-DELIVERED", "ups:abc", "ups:SANDBOX-FAIL-4014", "SANDBOX-FAIL-4032")

    finished = run("create", *arguments, "--yes", "--json")

    for record in finished.records:
        check_record(record)
    assert [each["result"] for each in finished.records] == [
        *("created", "invalid", "rejected", "rejected")
    ]
    assert [each["code"] for each in finished.records] == [None, None, 4014, None]


@pytest.mark.parametrize(
    ("reference", "status", "message"),
    [
        ("nope:SANDBOX-FAIL-4015", 1, "run: trackingmore-v2 carriers"),
        ("ups:abc", 2, "at least five letters"),
        ("ups:SANDBOX-FAIL-4001", 5, "run: trackingmore-v2 login"),
        ("SANDBOX-FAIL-4032", 6, "Pass it, as CARRIER:NUMBER"),
        ("ups:SANDBOX-FAIL-4021", 7, "run: trackingmore-v2 account"),
        ("ups:SANDBOX-FAIL-4016", 0, ""),
    ],
)
def test_status_of_one_tracking(run: Run, reference: str, status: int, message: str) -> None:
    """That of its error, with what to do. One that exists already is a success."""
    finished = run("create", reference, "--yes", "--quiet")

    assert finished.status == status
    assert message in finished.messages


def test_similar_carrier_is_suggested(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    """From the file of the carriers."""
    environment["TRACKINGMORE_CACHE_DIR"] = str(tmp_path)
    (tmp_path / "carriers.tsv").write_text("fedex\tFedEx\n", encoding="utf-8")

    finished = run("create", "fedx:SANDBOX-FAIL-4015", "--yes")

    assert "Did you mean 'fedex'?" in finished.messages


def test_code_page_1252(run: Run) -> None:
    """No symbol fails."""
    finished = run("create", "ups:SANDBOX-FAIL-4014", "--yes", terminal=80, encoding="cp1252")

    assert finished.status == 1


@pytest.mark.parametrize("option", [("--title", " "), ("--lang", "")])
def test_blank_detail(run: Run, option: tuple[str, str]) -> None:
    """The API takes it for not given."""
    finished = run("create", f"ups:{NUMBER}", "--yes", *option)

    assert finished.status == 2
    assert option[0] in finished.messages


def test_table_is_to_be_imported(run: Run, tmp_path: Path) -> None:
    """Its columns may be details, which would be lost."""
    file = tmp_path / "numbers.csv"
    file.write_text(f"tracking_number,title\n{NUMBER},Teapot\n", encoding="utf-8")

    finished = run("create", "--from", str(file), "--yes")

    assert finished.status == 2
    assert "run: trackingmore-v2 import" in finished.messages


def test_invalid_number_without_a_carrier(run: Run) -> None:
    """Nothing is sent, since a detection costs."""
    finished = run("create", NUMBER, "abc", "--yes", "--verbose")

    assert finished.status == 2
    assert "'abc' is no tracking number; expected at least five letters" in finished.messages
    assert "HTTP" not in finished.messages


def test_failed_detection(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """No tracking is created, and each is accounted for."""
    sandbox.account.update(quota=0, api_key=api_key)

    finished = run("create", "ups:SANDBOX-TRANSIT", "1Z97X17XYW06605211", "--yes", "--json")

    assert finished.status == 7
    for record in finished.records:
        check_record(record)
    assert [(each["tracking_number"], each["result"]) for each in finished.records] == [
        ("SANDBOX-TRANSIT", "not_sent"),
        ("1Z97X17XYW06605211", "not_sent"),
    ]
