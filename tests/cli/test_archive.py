"""`trackingmore-v2 archive`."""

from pathlib import Path

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore

ONE, TWO = "SANDBOX-DELIVERED_1", "SANDBOX-DELIVERED_2"


def archived(client: TrackingMore) -> set[str]:
    """Return the numbers of archived trackings."""
    return {each.tracking_number for each in client.trackings.list(archived=True)}


def test_archive_and_back(run: Run, client: TrackingMore) -> None:
    """The records say which of the two."""
    client.trackings.create("ups", ONE)
    client.trackings.create("ups", TWO)

    done = run("archive", ONE, f"ups:{TWO}", "--json")
    assert archived(client) == {ONE, TWO}
    undone = run("archive", "--undo", ONE, "--json")

    for record in done.records:
        check_record(record)
    assert archived(client) == {TWO}
    assert [each["result"] for each in done.records + undone.records] == [
        *("archived", "archived", "restored")
    ]


def test_terminal(run: Run, client: TrackingMore) -> None:
    """A count, and why the others failed."""
    client.trackings.create("ups", ONE)
    client.trackings.create("ups", TWO)
    arguments = ("archive", ONE, TWO, "SANDBOX-PENDING_none", "ups:SANDBOX-PENDING_none")

    for columns in (80, 120):
        finished = run(*arguments, terminal=columns)

        check_golden(f"archive.{columns}.txt", finished.text)
        assert finished.status == 4
    assert run(*arguments, terminal=80, encoding="cp1252").status == 4


def test_missing(run: Run) -> None:
    """Status 6, and one line."""
    finished = run("archive", "SANDBOX-PENDING_none", terminal=80)

    assert finished.status == 6
    assert finished.output == b""
    assert len(finished.messages.splitlines()) == 1


def test_many(run: Run, client: TrackingMore, tmp_path: Path) -> None:
    """With progress on a terminal, in several requests."""
    numbers = [f"SANDBOX-DELIVERED_{position}" for position in range(450)]
    items = [{"carrier_code": "ups", "tracking_number": number} for number in numbers]
    client.trackings.create_many(items)
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(numbers), encoding="utf-8")

    finished = run("archive", "--from", str(file), terminal=80, encoding="cp1252")

    assert finished.status == 0
    assert finished.text == "archived: 450\n"
    assert len(archived(client)) == 450
