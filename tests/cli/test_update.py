"""`trackingmore-v2 update`."""

from pathlib import Path

import pytest

from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore

ONE, TWO = "SANDBOX-TRANSIT_1", "SANDBOX-TRANSIT_2"


@pytest.fixture(autouse=True)
def created(client: TrackingMore) -> None:
    """Create two trackings."""
    for number in (ONE, TWO):
        client.trackings.create("ups", number, title="before")


def test_details_of_all(run: Run, client: TrackingMore) -> None:
    """Others stay as they are."""
    finished = run("update", ONE, f"ups:{TWO}", "--order-id", "#7", "--json")

    for record in finished.records:
        check_record(record)
    assert finished.status == 0
    assert [each["result"] for each in finished.records] == ["updated", "updated"]
    assert [(each.title, each.order_id) for each in client.trackings.list()] == [
        ("before", "#7")
    ] * 2


def test_status_by_hand(run: Run, client: TrackingMore) -> None:
    """And back."""
    assert run("update", ONE, "--status", "delivered").status == 0
    assert client.trackings.get("ups", ONE).status == "delivered"
    assert run("update", ONE, "--status", "original").status == 0
    assert client.trackings.get("ups", ONE).status == "transit"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("changes.csv", f"tracking_number;title;archived\n{ONE};first;true\n{TWO};;\n"),
        (
            "changes.jsonl",
            f"""{{"tracking_number":"{ONE}","title":"first","archived":true}}
{{"tracking_number":"{TWO}","carrier_code":"ups"}}""",
        ),
    ],
)
def test_table_with_the_changes_of_each(
    run: Run, client: TrackingMore, tmp_path: Path, name: str, content: str
) -> None:
    """Its cells have precedence over the options; blank ones change nothing."""
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")

    finished = run("update", "--from", str(file), "--title", "other")

    one, two = (client.trackings.get("ups", number) for number in (ONE, TWO))
    assert finished.status == 0
    assert (one.title, one.archived, two.title, two.archived) == ("first", True, "other", False)


def test_table_besides_arguments(run: Run, client: TrackingMore, tmp_path: Path) -> None:
    """Both count."""
    file = tmp_path / "changes.csv"
    file.write_text(f"tracking_number,title\n{ONE},first\n", encoding="utf-8")

    run("update", TWO, "--from", str(file), "--title", "other")

    titles = [client.trackings.get("ups", number).title for number in (ONE, TWO)]
    assert titles == ["first", "other"]


def test_unknown_column(run: Run, client: TrackingMore, tmp_path: Path) -> None:
    """Nothing is sent."""
    file = tmp_path / "changes.csv"
    file.write_text(f"carrier_code,tracking_number,titel\nups,{ONE},x\n", encoding="utf-8")

    finished = run("update", "--from", str(file), "--order-id", "#7")

    assert finished.status == 2
    assert "titel" in finished.messages
    assert client.trackings.get("ups", ONE).order_id is None


def test_telephone_number_of_one(run: Run) -> None:
    """The API's batch does not take it."""
    one = run("update", ONE, "--customer-phone", "+86123", "--json")
    several = run("update", ONE, TWO, "--customer-phone", "+86123")

    check_record(one.records[0])
    assert (one.status, several.status) == (0, 2)
    assert "one tracking at a time" in several.messages


def test_missing_trackings(run: Run, client: TrackingMore) -> None:
    """Others are updated."""
    some = run(
        "update", ONE, "SANDBOX-PENDING_none", "ups:SANDBOX-PENDING_none", "--title", "x", "--json"
    )
    single = run("update", "SANDBOX-PENDING_none", "--title", "x")

    assert some.status == 4
    assert [each["result"] for each in some.records] == ["updated", "not_found", "not_found"]
    assert single.status == 6
    assert "run: trackingmore-v2 list" in single.messages
    assert client.trackings.get("ups", ONE).title == "x"


@pytest.mark.parametrize("arguments", [(ONE,), (ONE, "--title", ""), (ONE, "--status", "lost"), ()])
def test_invalid_arguments(run: Run, arguments: tuple[str, ...]) -> None:
    """Status 2, and nothing is sent."""
    finished = run("update", *arguments, "--verbose")

    assert finished.status == 2
    assert "HTTP" not in finished.messages
