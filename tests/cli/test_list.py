"""`trackingmore-v2 list`."""

from datetime import timedelta

import pytest

from tests.cli.conftest import NOW
from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore

NUMBER = "SANDBOX-SINCE-2D-TRANSIT001"


def test_off_a_terminal_values_are_separated_by_tabs(run: Run, client: TrackingMore) -> None:
    """No header, no colour, nothing cut off: for `cut` and `while read`."""
    client.trackings.create("ups", NUMBER)

    finished = run("list")

    assert finished.status == 0
    assert finished.text.split("\t")[:3] == [NUMBER, "ups", "transit"]
    assert finished.errors == b""


def test_json_names_its_shape(run: Run, client: TrackingMore) -> None:
    """Each line is one object."""
    client.trackings.create("ups", NUMBER)

    (record,) = run("list", "--json").records

    check_record(record)
    assert record["schema"] == "tracking/1"
    assert record["tracking_number"] == NUMBER


def test_fields_select_and_order(run: Run, client: TrackingMore) -> None:
    """An unknown field is an error before anything is sent."""
    client.trackings.create("ups", NUMBER)

    (record,) = run("list", "--json", "--fields", "status,carrier_code").records
    wrong = run("list", "--json", "--fields", "state")

    assert list(record.items()) == [("status", "transit"), ("carrier_code", "ups")]
    assert wrong.status == 2
    assert "unknown field 'state'" in wrong.messages


@pytest.mark.parametrize("columns", [80, 120])
def test_table_fits_the_terminal(run: Run, client: TrackingMore, columns: int) -> None:
    """No line is longer than the terminal is wide, and no number is cut."""
    client.trackings.create("ups", NUMBER)
    client.trackings.create("hong-kong-post", "SANDBOX-DELIVERED001")

    finished = run("list", terminal=columns)

    check_golden(f"list.{columns}.txt", finished.text)
    assert finished.status == 0
    assert max(map(len, finished.text.splitlines())) <= columns
    assert NUMBER in finished.text


def test_any_field_is_printed_on_a_terminal(run: Run, client: TrackingMore) -> None:
    """As blocks, if they are too wide for a table."""
    client.trackings.create("ups", NUMBER, title="Teapot [red]\x1b[31m")
    fields = "tracking_number,title,created_at,updated_at,last_event_text,last_event_place"

    finished = run("list", "--fields", fields, terminal=80)

    check_golden("list.blocks.txt", finished.text)


def test_code_page_1252(run: Run, client: TrackingMore) -> None:
    """What it lacks becomes a question mark; the ellipsis of cut text it has."""
    client.trackings.create("ups", NUMBER, title="日本" + "x" * 100)

    finished = run("list", "--fields", "tracking_number,title", terminal=60, encoding="cp1252")

    assert finished.status == 0
    assert "?" in finished.output.decode("cp1252")
    assert "…" in finished.output.decode("cp1252")


def test_filters_are_those_of_the_client(run: Run, client: TrackingMore) -> None:
    """Status, number, order, time and archive; several of each."""
    client.trackings.create("ups", NUMBER, order_id="#1")
    client.trackings.create("ups", "SANDBOX-DELIVERED001", order_id="#2")
    client.trackings.update("ups", "SANDBOX-DELIVERED001", archived=True)
    later = (NOW + timedelta(seconds=1)).isoformat()

    def numbers(*arguments: str) -> list[str]:
        return run("list", "--fields", "tracking_number", *arguments).text.split()

    assert numbers("--status", "transit") == [NUMBER]
    assert len(numbers("--status", "transit", "--status", "delivered")) == 2
    assert numbers("--order", "#1", "--order", "#3") == [NUMBER]
    assert numbers("--number", NUMBER) == [NUMBER]
    assert numbers("--archived") == ["SANDBOX-DELIVERED001"]
    assert numbers("--not-archived") == [NUMBER]
    assert numbers("--created-after", later) == []
    assert len(numbers("--created-before", later)) == 2
    assert len(numbers("--limit", "1")) == 1


def test_limit_requests_no_more_than_it_prints(run: Run, client: TrackingMore) -> None:
    """One request of that size, instead of a page of 2,000."""
    client.trackings.create("ups", NUMBER)

    finished = run("list", "--limit", "1", "--verbose")

    assert finished.messages.count("listTrackings") == 1


def test_no_trackings(run: Run) -> None:
    """A message on standard error, and no array without brackets."""
    assert run("list").messages == "No trackings match.\n"
    assert run("list", "--quiet").messages == ""
    assert run("list", "--json=array").output == b"[]\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--status", "transt"), "Did you mean 'transit'?"),
        (("--created-after", "7x"), "'7x' is no time"),
        (("--created-after", "1d", "--created-before", "2d"), "must not be later"),
        (("--limit", "0"), "--limit"),
        (("--lang", "english"), "lang"),
        (("--order", "a,b"), "orders"),
    ],
)
def test_invalid_filter(run: Run, arguments: tuple[str, ...], message: str) -> None:
    """Status 2, and nothing is sent."""
    finished = run("list", *arguments, "--verbose")

    assert finished.status == 2
    assert message in finished.messages
    assert "listTrackings" not in finished.messages


def test_odd_trackings_are_listed(run: Run, client: TrackingMore) -> None:
    """Text of any kind and length, on a terminal and elsewhere."""
    odd = [
        "x" * 5000,
        "[/red]",
        "\x1b]0;title\x07",
        "\u202e\ufeff",
        "e\u0301",
        "\U0001f600",
        "\t\r\n",
    ]
    for position, title in enumerate(odd):
        client.trackings.create("ups", f"SANDBOX-DELIVERED_{position}", title=title)

    for terminal in (False, 40, 80):
        finished = run("list", "--fields", "tracking_number,title", terminal=terminal)

        assert finished.status == 0
        assert finished.text.count("SANDBOX") == len(odd)
        assert "\u202e" not in finished.text
