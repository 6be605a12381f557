"""`trackingmore-v2 carrier change`."""

from pathlib import Path

from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore

NUMBER = "SANDBOX-DELIVERED001"


def test_carrier_is_changed(run: Run, client: TrackingMore) -> None:
    """The record has the new one."""
    client.trackings.create("ups", NUMBER)

    finished = run("carrier", "change", f"ups:{NUMBER}", "fedex", "--json")

    (record,) = finished.records
    check_record(record)
    assert (record["carrier_code"], record["result"]) == ("fedex", "changed")
    assert client.trackings.get("fedex", NUMBER).carrier_code == "fedex"


def test_present_carrier_is_looked_up(run: Run, client: TrackingMore) -> None:
    """If it is left out. The case of the new one does not matter."""
    client.trackings.create("ups", NUMBER)

    finished = run("carrier", "change", NUMBER, "FedEx", terminal=80, encoding="cp1252")

    assert finished.text == f"changed: fedex:{NUMBER}\n"
    assert run("carrier", "change", "SANDBOX-PENDING_none", "fedex").status == 6
    assert run("carrier", "change", "ups:SANDBOX-PENDING_none", "fedex").status == 6


def test_carrier_that_has_the_number_already(run: Run, client: TrackingMore) -> None:
    """Status 1, and nothing is changed."""
    client.trackings.create("ups", NUMBER)
    client.trackings.create("fedex", NUMBER)

    assert run("carrier", "change", f"ups:{NUMBER}", "fedex").status == 1
    assert client.trackings.get("ups", NUMBER).carrier_code == "ups"


def test_similar_carrier_is_suggested(
    run: Run, client: TrackingMore, environment: dict[str, str], tmp_path: Path
) -> None:
    """If the API rejects the one that was given."""
    environment["TRACKINGMORE_CACHE_DIR"] = str(tmp_path)
    (tmp_path / "carriers.tsv").write_text("fedex\tFedEx\n", encoding="utf-8")
    client.trackings.create("ups", "SANDBOX-FAIL-4015-ON-MOVE")

    finished = run("carrier", "change", "ups:SANDBOX-FAIL-4015-ON-MOVE", "fedx")

    assert finished.status == 1
    assert "the API rejected the carrier 'fedx'" in finished.messages
    assert "Did you mean 'fedex'?" in finished.messages


def test_invalid_arguments(run: Run) -> None:
    """Status 2."""
    assert run("carrier", "change", NUMBER).status == 2
    assert run("carrier", "change", f"ups:{NUMBER}", "").status == 2
    assert run("carrier", "change", "-", "ups").status == 2
