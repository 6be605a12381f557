"""`trackingmore-v2 track`."""

import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import json

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Finished, Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli._carrier_details import REQUIRED
from trackingmore_v2_cli._references import Reference
from trackingmore_v2_cli._tracking.lookup import references_naming
from trackingmore_v2_cli._tracking.recognition import is_air_waybill, may_be_air_waybill
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.admin.views import AccountView

MOVING = "SANDBOX-SINCE-2D-TRANSIT001-1D-TO-US-TRANSIT004"
"""Two legs, with an event each."""

UPS = "1Z97X17XYW06605211"
TWO_CARRIERS = "EE123456785CN"
"""China EMS or China Post."""

WAYBILL = "172-28891936"
CONTRACT = Path(__file__).parents[2] / "openapi.yaml"


@pytest.fixture
def account(sandbox: Sandbox, api_key: str) -> Callable[[], AccountView]:
    """Return a function that returns the account's usage."""
    return lambda: sandbox.account.get(api_key=api_key)


@pytest.fixture
def sent(sandbox: Sandbox, api_key: str) -> Callable[[], list[str]]:
    """Return a function that returns the operations that were sent."""
    return lambda: [str(each.operation) for each in sandbox.log(api_key=api_key)]


def lines_of(finished: Finished) -> list[list[str]]:
    """Return the values in each line."""
    return [line.split("\t") for line in finished.text.splitlines()]


def test_tracking_of_the_account_is_free(
    run: Run, client: TrackingMore, sent: Callable[[], list[str]]
) -> None:
    """One request, no question, and the newest event first."""
    client.trackings.create("ups", MOVING)
    finished = run("track", MOVING)

    assert finished.status == 0
    assert finished.errors == b""
    assert lines_of(finished)[0][:3] == [MOVING, "2026-03-01 07:00", "transit"]
    assert lines_of(finished)[1][:3] == [MOVING, "2026-02-28 07:00", "transit"]
    assert sent() == ["createTracking", "listTrackings"]


def test_tracking_without_events_has_a_line_with_its_status(run: Run, client: TrackingMore) -> None:
    """A script sees that it exists."""
    client.trackings.create("ups", "SANDBOX-PENDING")

    assert lines_of(run("track", "SANDBOX-PENDING")) == [["SANDBOX-PENDING", "", "pending", "", ""]]


def test_nothing_is_sent_that_costs_without_a_terminal(
    run: Run, account: Callable[[], AccountView]
) -> None:
    """The error names the cost and `--yes`."""
    finished = run("track", "ups:SANDBOX-TRANSIT", UPS)

    assert finished.status == 2
    assert "create 2 trackings, which costs up to 3 of the quota" in finished.messages
    assert "detect the carrier of 1 number and" in finished.messages
    assert "pass --yes" in finished.messages
    assert (account().trackings, account().detections) == (0, 0)


@pytest.mark.parametrize(("answer", "status", "created"), [(b"y\n", 0, 2), (b"n\n", 1, 0)])
def test_one_question_for_all(
    run: Run, account: Callable[[], AccountView], answer: bytes, status: int, created: int
) -> None:
    """It is asked before the carrier is detected."""
    finished = run("track", f"ups:{MOVING}", UPS, stdin=answer, terminal=True)

    assert finished.status == status
    assert finished.messages.count("Continue?") == 1
    assert account().trackings == created
    assert account().detections == created // 2


def test_rejected_number_is_named_once(run: Run) -> None:
    """The message of the client begins with it as well."""
    finished = run("track", "ups:SANDBOX-BOGUS", "--yes")

    assert finished.status == 1
    error = finished.messages.splitlines()[-1]
    assert error.startswith("trackingmore-v2: SANDBOX-BOGUS: the API responded with code 4014")


def test_created_tracking_is_queried_at_once(
    run: Run, sent: Callable[[], list[str]], account: Callable[[], AccountView]
) -> None:
    """A tracking that was created a moment ago is pending for hours otherwise."""
    finished = run("track", f"ups:{MOVING}", "--yes")

    assert finished.status == 0
    assert [line[2] for line in lines_of(finished)] == ["transit", "transit"]
    assert sent() == ["listTrackings", "createTracking", "getTracking", "trackInRealtime"]
    assert account().used == 1


def test_created_tracking_that_cannot_be_queried(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """An error line says that it was created, before that of the query."""
    sandbox.faults.plan({"trackInRealtime": "status=503"}, api_key=api_key)

    finished = run("track", "ups:SANDBOX-TRANSIT", "--yes", "--quiet")
    created, error = finished.messages.splitlines()

    assert finished.status == 3
    assert "ups:SANDBOX-TRANSIT is in the account, but was not queried" in created
    assert "code 503" in error


def test_carrier_without_data_is_pending(run: Run) -> None:
    """The tracking that was created is shown."""
    finished = run("track", "ups:SANDBOX-PENDING", "--yes")

    assert (finished.status, lines_of(finished)[0][2]) == (0, "pending")


def test_detected_carrier_is_named(run: Run, client: TrackingMore) -> None:
    """With the others, and how to choose one."""
    finished = run("track", TWO_CARRIERS, "--yes")

    assert finished.status == 0
    assert "carrier china-ems (China EMS) detected, or china-post" in finished.messages
    assert f"To choose another: china-post:{TWO_CARRIERS}" in finished.messages
    assert [each.carrier_code for each in client.trackings.list()] == ["china-ems"]


def test_failures_alone_print_one_line_each(run: Run) -> None:
    """Nothing else, with `--json` as well."""
    finished = run("track", "zzzzz", "172-00000000", "--json", "--no-create")

    assert (finished.status, finished.output) == (6, b"")
    assert finished.messages.count("\n") == 2


def test_number_of_no_carrier(run: Run, account: Callable[[], AccountView]) -> None:
    """The other numbers are shown, and the error says what to do."""
    both = run("track", "zzzzz", f"ups:{MOVING}", "--yes")
    alone = run("track", "zzzzz", "--yes")

    assert (both.status, alone.status) == (4, 6)
    assert "zzzzz: no carrier matches the number; pass it as CARRIER:zzzzz" in both.messages
    assert lines_of(both)[0][0] == MOVING
    assert account().used == 1


def test_without_creation(run: Run, client: TrackingMore, sent: Callable[[], list[str]]) -> None:
    """Numbers that the account does not have are reported."""
    client.trackings.create("ups", MOVING)
    finished = run("track", "--no-create", MOVING, UPS)

    assert finished.status == 4
    assert f"{UPS}: the account does not have it" in finished.messages
    assert lines_of(finished)[0][0] == MOVING
    assert sent() == ["createTracking", "listTrackings"]


def test_option_for_the_carrier(run: Run, client: TrackingMore) -> None:
    """It counts for the numbers without one."""
    finished = run("track", "--carrier", "fedex", MOVING, f"dhl:{MOVING}", "--yes")

    assert finished.status == 0
    assert {each.carrier_code for each in client.trackings.list()} == {"dhl", "fedex"}


def test_all_trackings_with_a_number(run: Run, client: TrackingMore) -> None:
    """Of one with a carrier, only that."""
    for carrier in ("ups", "dhl"):
        client.trackings.create(carrier, MOVING)
    every = run("track", MOVING, "--json").records
    one = run("track", f"dhl:{MOVING}", "--json").records

    assert {record["carrier_code"] for record in every} == {"ups", "dhl"}
    assert [record["carrier_code"] for record in one] == ["dhl"]


def test_case_of_letters(client: TrackingMore) -> None:
    """The API may write a number in another case."""
    tracking = client.trackings.get_or_create("ups", UPS).tracking
    given = [
        Reference(None, UPS.lower()),
        Reference("ups", UPS),
        Reference("dhl", UPS),
        Reference(None, "123456"),
    ]

    assert references_naming(given)(tracking) == given[:2]


@pytest.mark.parametrize(
    ("reference", "certain", "possible"),
    [
        (Reference(None, "172-28891936"), True, False),
        (Reference(None, "172 28891936"), True, False),
        (Reference(None, "172-2889193"), True, False),
        (Reference(None, "17228891936"), False, True),
        (Reference(None, "17228891935"), False, False),
        (Reference(None, "1722889193"), False, False),
        (Reference("gls", "17228891936"), False, False),
        (Reference("ups", "172-28891936"), False, False),
        (Reference(None, UPS), False, False),
    ],
)
def test_recognition_of_air_waybills(
    reference: Reference, *, certain: bool, possible: bool
) -> None:
    """A separator makes it certain; eleven digits may be a parcel's too."""
    assert is_air_waybill(reference) == certain
    assert may_be_air_waybill(reference) == possible


def test_air_waybills_among_parcels(run: Run, client: TrackingMore) -> None:
    """In the order of the command line, each with its own record."""
    client.trackings.create("ups", MOVING)
    finished = run("track", "17228891936", MOVING, WAYBILL, "--json=array")

    records = json.decode(finished.output)
    for record in records:
        check_record(record)
    assert [record["schema"] for record in records] == [
        "air_waybill/1",
        "tracking_details/1",
        "air_waybill/1",
    ]


def test_eleven_digits_of_the_account_are_a_parcel(run: Run, client: TrackingMore) -> None:
    """A free lookup decides."""
    client.trackings.create("gls", "17228891936")
    (record,) = run("track", "17228891936", "--json").records

    assert record["carrier_code"] == "gls"


def test_eleven_digits_without_data_of_an_airline_are_a_parcel(
    run: Run, client: TrackingMore
) -> None:
    """No airline has this prefix."""
    finished = run("track", "00012345675", "--carrier", "gls", "--yes")

    assert finished.status == 0
    assert [each.tracking_number for each in client.trackings.list()] == ["00012345675"]


@pytest.mark.parametrize(
    ("number", "status", "message"),
    [
        ("172-28891935", 2, "must have 6 as its check digit"),
        ("172-00000000", 6, "no data for this air waybill"),
        ("1Z#", 2, "the tracking number must be"),
        (":123456", 2, "is not [CARRIER:]NUMBER"),
    ],
)
def test_invalid_number(
    run: Run, account: Callable[[], AccountView], number: str, status: int, message: str
) -> None:
    """Nothing is created."""
    finished = run("track", number, "--yes")

    assert (finished.status, account().trackings) == (status, 0)
    assert message in finished.messages


def test_details_that_the_contract_names() -> None:
    """The descriptions of the options name the carriers that require them."""
    found: dict[str, set[str]] = {}
    pattern = r"tracking_(\w+):(?:(?!\n {8}\w).)*?required by some carriers \(([^)]+)\)"
    contract = CONTRACT.read_text(encoding="utf-8")
    for option, carriers in re.findall(pattern, contract, re.DOTALL):
        name = "country" if option == "destination_country" else option
        for carrier in carriers.split(", "):
            found.setdefault(carrier, set()).add(name)

    assert found == {carrier: set(names) for carrier, names in REQUIRED.items()}


def test_missing_detail(run: Run, account: Callable[[], AccountView]) -> None:
    """The error names the option, and nothing is created."""
    finished = run("track", "postnl-3s:3S12345678", "--postal-code", "1011AB")

    assert finished.status == 2
    assert "postnl-3s needs the destination country; pass --country" in finished.messages
    assert account().used == 0


def test_details_are_sent(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """To the creation, and to the query of the carrier, where one has another name."""
    details = ["--postal-code", "1011AB", "--ship-date", "2026-03-01"]
    more = ["--account-number", "A1", "--country", "NL"]
    finished = run("track", "postnl-3s:3S12345678", *details, *more, "--yes")

    log = sandbox.log(api_key=api_key)
    bodies = {each.operation: json.decode(each.request) for each in log if each.request}
    shared = {
        "tracking_number": "3S12345678",
        "carrier_code": "postnl-3s",
        "tracking_postal_code": "1011AB",
        "tracking_ship_date": "20260301",
        "tracking_account_number": "A1",
    }
    assert finished.status == 0
    assert bodies["createTracking"] == {**shared, "tracking_destination_country": "NL"}
    assert bodies["trackInRealtime"] == {**shared, "specialNumberDestination": "NL"}


def test_carrier_that_wants_a_detail_has_no_data(run: Run, client: TrackingMore) -> None:
    """The message names the option; with it, the carrier is queried again."""
    number = "SANDBOX-NOTFOUND002"
    client.trackings.create("mondialrelay", number)
    without = run("track", number)
    given = run("track", number, "--postal-code", "59650", "--verbose")

    assert without.status == 0
    assert f"{number}: mondialrelay needs the postal code of the destination" in without.messages
    assert "pass --postal-code" in without.messages
    assert "trackInRealtime" in given.messages


def test_other_carrier_without_data(run: Run, client: TrackingMore) -> None:
    """It may want any of the details."""
    client.trackings.create("ups", "SANDBOX-NOTFOUND002")
    finished = run("track", "SANDBOX-NOTFOUND002")

    assert "ups has no data; check the number, and whether the carrier wants" in finished.messages
    assert "--postal-code, --ship-date, --account-number, --country" in finished.messages


def test_json(run: Run, client: TrackingMore) -> None:
    """The columns of a tracking, and its events, newest first."""
    client.trackings.create("ups", MOVING)
    (record,) = run("track", MOVING, "--json").records

    check_record(record)
    assert [(each["leg"], each["carrier_code"]) for each in record["events"]] == [
        ("destination", "usps"),
        ("origin", "ups"),
    ]
    assert record["last_event_at"] == record["events"][0]["time"]


def test_fields(run: Run, client: TrackingMore) -> None:
    """An air waybill lacks those of a parcel."""
    client.trackings.create("ups", MOVING)
    finished = run("track", MOVING, WAYBILL, "--fields", "carrier_code,status")
    events = run("track", MOVING, "--fields", "events")
    wrong = run("track", MOVING, "--fields", "carrier")

    assert finished.text == "ups\ttransit\n\tdelivered\n"
    assert [each["leg"] for each in json.decode(events.output)] == ["destination", "origin"]
    assert wrong.status == 2


@pytest.mark.parametrize("columns", [80, 120])
def test_drawing(run: Run, client: TrackingMore, columns: int) -> None:
    """A header, the legs with their events, and local times."""
    finals = "SANDBOX-SINCE-9D-TRANSIT001-1D-TO-US-TRANSIT004-36H-DELIVERED003"
    client.trackings.create("china-ems", finals, title="Teapot [bold]\x1b[31m, blue")
    client.trackings.create("ups", "SANDBOX-PENDING")
    finished = run("track", finals, "SANDBOX-PENDING", WAYBILL, terminal=columns)

    check_golden(f"track.{columns}.txt", finished.text)
    assert finished.status == 0
    assert max(map(len, finished.text.splitlines())) <= columns


def test_code_page_without_the_symbols(run: Run, client: TrackingMore) -> None:
    """They are replaced by ASCII characters."""
    client.trackings.create("ups", MOVING)
    finished = run("track", MOVING, terminal=True, encoding="cp1252")

    assert finished.status == 0
    assert b"* transit" in finished.output
    assert b"`-- 2026-02-28 07:00" in finished.output


def test_numbers_from_standard_input(run: Run, client: TrackingMore) -> None:
    """They are read only where a hyphen stands."""
    client.trackings.create("ups", MOVING)
    finished = run("track", "-", stdin=f"ups:{MOVING}\n\n{WAYBILL}\n".encode())

    assert {line[0] for line in lines_of(finished)} == {MOVING, WAYBILL}


@pytest.mark.parametrize(
    "command", [("track", UPS), ("track", WAYBILL), ("waybill", WAYBILL), ("watch",)]
)
@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ({"TRACKINGMORE_API_KEY": "wrong"}, 5),
        ({"TRACKINGMORE_BASE_URL": "ftp://localhost"}, 2),
    ],
)
def test_key_and_server(
    run: Run,
    environment: dict[str, str],
    command: tuple[str, ...],
    variables: dict[str, str],
    status: int,
) -> None:
    """The error is one line."""
    environment.update(variables)
    finished = run(*command)

    assert finished.status == status
    assert finished.messages.count("\n") == 1


@pytest.mark.parametrize("name", ["track", "waybill", "watch"])
def test_no_server(run: Run, environment: dict[str, str], name: str) -> None:
    """The watch, too, ends in its first round."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment["TRACKINGMORE_BASE_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}/v2"
    finished = run(name, *(["--for", "0s"] if name == "watch" else [WAYBILL]))

    assert finished.status == 3
    assert finished.messages.count("\n") == 1


def test_exhausted_quota_ends_the_command(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """What was created before is shown; the status is that of the quota."""
    sandbox.account.update(quota=1, api_key=api_key)
    finished = run("track", f"ups:{MOVING}", f"dhl:{MOVING}", f"fedex:{MOVING}", "--yes")

    assert finished.status == 7
    assert len(lines_of(finished)) == 2
    assert finished.messages.count("4021") == 1
