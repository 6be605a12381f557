"""`trackingmore-v2 import`."""

import csv
import os
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any, cast
from uuid import uuid4

import openpyxl
import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Finished, Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2.importer import SqliteJournal, check_rows
from trackingmore_v2.importer._owner import this_process
from trackingmore_v2_cli._importing.columns import understand
from trackingmore_v2_cli._importing.outcomes import outcomes, summarize
from trackingmore_v2_cli._importing.rejects import default_path, write_rejects
from trackingmore_v2_cli._importing.report import report_record
from trackingmore_v2_cli._output.progress import Progress
from trackingmore_v2_cli._tables.reading import open_table
from trackingmore_v2_sandbox import Sandbox

ORDERS = """\
Tracking No;Courier;Order ID;Customer Name;Warehouse
SANDBOX-TRANSIT001;ups;#1;Ann;Berlin
SANDBOX-TRANSIT002;ups;#2;=Bob;Berlin
SANDBOX-TRANSIT001;ups;#1;Ann;Berlin
1.23457E+11;ups;#3;Cy;Berlin
12;ups;#4;Di;Berlin
SANDBOX-TRANSIT003;ups;#5;Ed;Berlin;more
"""
"""Two rows to create, one that repeats the first, and three that are wrong."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Path:
    """Work in a folder with `orders.csv`, and return it."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    environment["TRACKINGMORE_STATE_DIR"] = str(tmp_path / "state")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return folder


def numbers(client: TrackingMore) -> list[str]:
    """Return the numbers that the account has."""
    return sorted(each.tracking_number for each in client.trackings.list())


def counts(finished: Finished) -> tuple[int, ...]:
    """Return how many rows were created, existed, repeated others, and were rejected."""
    (record,) = finished.records
    check_record(record)
    names = ("created", "already_existed", "duplicates", "rejected")
    return tuple(record[name] for name in names)


def rejects(name: str = "orders.rejects.csv") -> list[dict[str, Any]]:
    """Return the rows of a file of rejected rows."""
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write_rows(*rows: str, name: str = "orders.csv") -> None:
    """Write a CSV file."""
    header = "carrier_code,tracking_number,title"
    Path(name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def test_dry_run_needs_no_key(run: Run, environment: dict[str, str]) -> None:
    """It shows how columns were understood and what is wrong, and sends nothing."""
    del environment["TRACKINGMORE_API_KEY"]
    environment["TRACKINGMORE_BASE_URL"] = "http://127.0.0.1:9/v2"

    finished = run("import", "orders.csv", "--dry-run", "--json")

    (record,) = finished.records
    check_record(record)
    assert finished.status == 4
    assert (record["rows"], record["to_create"], record["duplicates"]) == (6, 2, 1)
    assert record["columns"]["Tracking No"] == "tracking_number"
    assert record["ignored_columns"] == ["Warehouse"]
    first, second, third, last = finished.messages.splitlines()[-4:]
    assert first.startswith("line 5: column 'Tracking No' is 1.23457E+11, whose digits")
    assert second.startswith("line 6: tracking_number must be at least five letters")
    assert third == "line 7: has more cells than the header"
    assert last == "6 rows: 2 to create, 1 duplicate, 3 wrong"


def test_rows_are_created_and_rejected_ones_written(run: Run, client: TrackingMore) -> None:
    """The file of rejected rows has reasons, lines and cells, in the dialect of the input."""
    finished = run("import", "orders.csv", "--yes", "--json")

    assert finished.status == 4
    assert counts(finished) == (2, 0, 1, 3)
    assert numbers(client) == ["SANDBOX-TRANSIT001", "SANDBOX-TRANSIT002"]
    assert client.trackings.get("ups", "SANDBOX-TRANSIT002").customer_name == "=Bob"
    scientific, short, long = rejects()
    assert "digits a spreadsheet has lost" in scientific["reject_reason"]
    assert (short["reject_line"], short["Tracking No"], short["Warehouse"]) == ("6", "12", "Berlin")
    assert list(long.values())[-1] == ["more"]


def test_rejected_rows_can_be_mended_and_imported(run: Run, client: TrackingMore) -> None:
    """Unmended ones are rejected again; the columns with the reasons are not the table's."""
    run("import", "orders.csv", "--yes")
    text = Path("orders.rejects.csv").read_text(encoding="utf-8-sig")
    mended = text.replace(";12;", ";SANDBOX-TRANSIT004;").replace("Berlin;more", "Berlin")
    Path("orders.rejects.csv").write_text(mended, encoding="utf-8-sig")

    finished = run("import", "orders.rejects.csv", "--yes", "--json")

    assert counts(finished) == (2, 0, 0, 1)
    assert "reject_reason" not in finished.messages
    assert numbers(client)[2:] == ["SANDBOX-TRANSIT003", "SANDBOX-TRANSIT004"]
    assert [row["Tracking No"] for row in rejects("orders.rejects.rejects.csv")] == ["1.23457E+11"]


def test_carriers_in_either_case(run: Run, client: TrackingMore) -> None:
    """Shops write UPS, and all codes are in lower case."""
    write_rows("UPS,SANDBOX-TRANSIT001,Lamp", ",SANDBOX-TRANSIT002,Table")

    finished = run("import", "orders.csv", "--carrier", "Dhl", "--yes", "--json")

    assert counts(finished) == (2, 0, 0, 0)
    assert sorted(each.carrier_code for each in client.trackings.list()) == ["dhl", "ups"]


def test_unknown_carriers(run: Run) -> None:
    """The first look warns of those that the last list of carriers does not have."""
    write_rows("usp,SANDBOX-TRANSIT001,Lamp", "ups,SANDBOX-TRANSIT002,Table", "usp,12,Short")

    unwarned = run("import", "orders.csv", "--dry-run")
    run("carriers", "--quiet")
    warned = run("import", "orders.csv", "--dry-run")

    warning = "1 row: carrier 'usp' is not in the list of carriers. Did you mean 'usps'?\n"
    assert warned.messages == unwarned.messages + warning
    run("import", "orders.csv", "--yes")
    reason = "The value of `carrier_code` is invalid. For the codes, run: trackingmore-v2 carriers."
    assert f'{reason}",4015,2,usp' in Path("orders.rejects.csv").read_text(encoding="utf-8")


def test_without_rejected_rows(run: Run) -> None:
    """The status is 0, and there is no file."""
    write_rows("ups,SANDBOX-TRANSIT001,Lamp")

    finished = run("import", "orders.csv", "--yes", "--json")

    assert finished.status == 0
    assert finished.records[0]["rejects_file"] is None
    assert not Path("orders.rejects.csv").exists()


def test_what_exists_is_not_rejected(run: Run, client: TrackingMore) -> None:
    """Such a row costs nothing and is counted for itself."""
    client.trackings.create("ups", "SANDBOX-TRANSIT001")
    write_rows("ups,SANDBOX-TRANSIT001,Lamp")

    finished = run("import", "orders.csv", "--yes", "--json")

    assert finished.status == 0
    assert counts(finished) == (0, 1, 0, 0)


def test_what_the_api_rejects(run: Run, client: TrackingMore) -> None:
    """The file has its code and message, without the rows that were created."""
    write_rows("ups,SANDBOX-NONSENSE,Lamp", "ups,SANDBOX-TRANSIT001,Lamp")

    finished = run("import", "orders.csv", "--yes", "--json")

    assert counts(finished) == (1, 0, 0, 1)
    assert Path("orders.rejects.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "The value of `tracking_number` is invalid.,4014,2,ups,SANDBOX-NONSENSE,Lamp"
    ]
    assert numbers(client) == ["SANDBOX-TRANSIT001"]


def test_without_a_terminal_it_needs_yes(run: Run, client: TrackingMore) -> None:
    """Nothing is sent, and nothing remains that would let the next run go on without it."""
    for _ in range(2):
        finished = run("import", "orders.csv")

        assert finished.status == 2
        assert "create 2 trackings, which costs 2 of the quota" in finished.messages
        assert "--yes" in finished.messages
    assert numbers(client) == []


def test_answers(run: Run, client: TrackingMore) -> None:
    """No sends nothing; yes imports."""
    refused = run("import", "orders.csv", terminal=True, stdin=b"n\n")
    assert (refused.status, numbers(client)) == (1, [])

    accepted = run("import", "orders.csv", terminal=True, stdin=b"y\n")
    assert (accepted.status, len(numbers(client))) == (4, 2)


def test_interrupted_import_is_continued(
    run: Run, client: TrackingMore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command continues without another question; each row is created once."""
    write_rows(*(f"china-ems,LK{number:09}CN,Lamp" for number in range(100)), "ups,1,x")

    def interrupt(_progress: Progress, _count: int = 1) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "follow", lambda _progress, items: items)
        patch.setattr(Progress, "advance", interrupt)
        stopped = run("import", "orders.csv", "--yes")
    assert stopped.status == 130
    assert "the same command continues the import" in stopped.messages
    assert len(numbers(client)) == 40
    assert not Path("orders.rejects.csv").exists()

    finished = run("import", "orders.csv", "--json")
    assert "Continuing the import of orders.csv: 41 of 101 rows are done." in finished.messages
    assert (finished.status, counts(finished)) == (4, (100, 0, 0, 1))
    assert len(numbers(client)) == 100


def test_finished_import_creates_nothing_again(run: Run, client: TrackingMore) -> None:
    """It reports the same, and leaves the file of rejected rows, which may be mended already."""
    first = run("import", "orders.csv", "--yes", "--json")
    client.trackings.delete("ups", "SANDBOX-TRANSIT001")
    Path("orders.rejects.csv").write_text("mended", encoding="utf-8")

    again = run("import", "orders.csv", "--json")
    assert again.records == first.records
    assert "has ended before" in again.messages
    assert Path("orders.rejects.csv").read_text(encoding="utf-8") == "mended"
    assert numbers(client) == ["SANDBOX-TRANSIT002"]

    assert run("import", "orders.csv", "--restart").status == 2
    assert run("import", "orders.csv", "--json").records == first.records

    restarted = run("import", "orders.csv", "--yes", "--restart", "--json")
    assert counts(restarted) == (1, 1, 1, 3)
    assert len(rejects()) == 3


def test_rejects_are_not_replaced_without_a_question(run: Run) -> None:
    """The file may have been corrected since an earlier import."""
    Path("orders.rejects.csv").write_text("corrected", encoding="utf-8")
    Path("wrong.csv").write_text("tracking_number,carrier_code\n12,ups\n", encoding="utf-8")

    finished = run("import", "orders.csv")
    nothing_to_create = run("import", "wrong.csv", "--rejects", "orders.rejects.csv")

    assert (finished.status, nothing_to_create.status) == (2, 2)
    assert "of the quota, and replace orders.rejects.csv (account" in finished.messages
    assert "this would replace orders.rejects.csv (account" in nothing_to_create.messages
    assert Path("orders.rejects.csv").read_text(encoding="utf-8") == "corrected"


def test_lost_rejects_are_written_again(run: Run) -> None:
    """Such as after a kill between the last row and the file."""
    run("import", "orders.csv", "--yes")
    written = Path("orders.rejects.csv").read_bytes()
    Path("orders.rejects.csv").unlink()

    run("import", "orders.csv")

    assert Path("orders.rejects.csv").read_bytes() == written


def test_changed_input(run: Run, client: TrackingMore) -> None:
    """The error says what to do; nothing is sent."""
    run("import", "orders.csv", "--yes")
    write_rows("ups,SANDBOX-TRANSIT003,Lamp")

    changed = run("import", "orders.csv", "--yes")
    assert changed.status == 2
    assert "pass --restart to begin anew" in changed.messages
    assert "has ended before" not in changed.messages
    assert len(numbers(client)) == 2
    assert run("import", "orders.csv", "--yes", "--restart").status == 0


def test_restart_of_an_import_that_runs(run: Run, client: TrackingMore) -> None:
    """It must not lose its journal: it could not be continued after an interruption."""
    run("import", "orders.csv", "--yes", "--journal", "state.sqlite3")
    with closing(SqliteJournal("state.sqlite3").open(create=False)) as running:
        running.acquire(this_process())
        client.trackings.delete("ups", "SANDBOX-TRANSIT001")

        restarted = run("import", "orders.csv", "--yes", "--restart", "--journal", "state.sqlite3")

        assert restarted.status == 1
        assert "in use by process" in restarted.messages
        running.release()  # an error if it had lost the journal
    assert numbers(client) == ["SANDBOX-TRANSIT002"]
    assert run("import", "orders.csv", "--journal", "state.sqlite3", "--json").status == 4


def test_journal_of_an_option(run: Run, client: TrackingMore, folder: Path) -> None:
    """It is used as is; another program's file is never removed."""
    assert run("import", "orders.csv", "--yes", "--journal", "state.sqlite3").status == 4
    assert (folder / "state.sqlite3").exists()

    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    wrong = run("import", "orders.csv", "--yes", "--restart", "--journal", "notes.txt")
    assert wrong.status == 1
    assert "Pass the path of a journal" in wrong.messages
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert len(numbers(client)) == 2


def test_journal_of_another_account(
    run: Run, client: TrackingMore, environment: dict[str, str]
) -> None:
    """Nothing is sent, and the advice holds for this account, which has none of the trackings."""
    run("import", "orders.csv", "--yes", "--journal", "state.sqlite3")
    environment["TRACKINGMORE_API_KEY"] = str(uuid4())

    other = run("import", "orders.csv", "--yes", "--journal", "state.sqlite3")

    assert other.status == 2
    assert "another API key" in other.messages
    assert "that this account has are not created again" in other.messages
    assert run("list").output == b""
    assert len(numbers(client)) == 2


def test_folder_of_journals_that_cannot_be_created(
    run: Run, client: TrackingMore, environment: dict[str, str]
) -> None:
    """The error names the option."""
    environment["TRACKINGMORE_STATE_DIR"] = "orders.csv"

    finished = run("import", "orders.csv", "--yes")

    assert finished.status == 2
    assert "pass --journal FILE" in finished.messages
    assert numbers(client) == []


@pytest.mark.parametrize("option", ["--journal", "--rejects"])
def test_files_that_would_be_overwritten(run: Run, option: str, folder: Path) -> None:
    """The input is never one of the outputs; a missing folder is an error before the first row."""
    same = run("import", "orders.csv", "--yes", option, str(folder / "orders.csv"))
    missing = run("import", "orders.csv", "--yes", option, "missing/file")
    both = run("import", "orders.csv", "--yes", "--journal", "a", "--rejects", "./a")

    assert (same.status, missing.status, both.status) == (2, 2, 2)
    assert f"{option} is the input" in same.messages
    assert "--rejects is the journal" in both.messages
    assert "there is no folder missing" in missing.messages
    assert (folder / "orders.csv").read_text(encoding="utf-8") == ORDERS


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize(
    "line",
    [
        "import orders.csv --yes --rejects",
        "import orders.csv --yes --journal",
        "watch --for 0s --state",
        "export all.csv --state",
    ],
)
def test_devices_are_not_replaced(run: Run, client: TrackingMore, line: str) -> None:
    """A superuser would replace /dev/null by a file."""
    os.mkfifo("device")

    finished = run(*line.split(), "device")

    assert finished.status == 2
    assert "'device' is no regular file" in finished.messages
    assert Path("device").is_fifo()
    assert numbers(client) == []


def test_standard_input(run: Run, client: TrackingMore) -> None:
    """The same content continues the same import."""
    first = run("import", "-", "--yes", "--json", stdin=ORDERS.encode())
    again = run("import", "-", "--yes", "--json", stdin=ORDERS.encode())
    other = run("import", "-", "--yes", "--json", stdin=ORDERS.replace("002", "005").encode())

    assert counts(first) == counts(again) == (2, 0, 1, 3)
    assert counts(other) == (1, 1, 1, 3)
    assert len(numbers(client)) == 3
    assert len(rejects("import.rejects.csv")) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_pipe(run: Run, client: TrackingMore) -> None:
    """Such as `import <(command)` in a shell: it is read once."""
    os.mkfifo("pipe")
    writer = Thread(target=lambda: Path("pipe").write_text(ORDERS, encoding="utf-8"))
    writer.start()

    finished = run("import", "pipe", "--yes", "--json")

    writer.join()
    assert counts(finished) == (2, 0, 1, 3)
    assert len(numbers(client)) == 2
    assert len(rejects("import.rejects.csv")) == 3


@pytest.mark.parametrize(
    ("header", "options", "field"),
    [
        ("TRACKING-NUMBER,e mail", (), "customer_email"),
        ("Number,E-Mail", (), "customer_email"),
        ("x,y", ("--map", "x=tracking_number", "--map", "2=customer_email"), "customer_email"),
        ("x,number", ("--map", "X=tracking_number", "--map", "Number=title"), "title"),
        ("number,email", ("--map", "email=comment"), "comment"),
        ("tracking,tracking_number", ("--map", "tracking_number="), None),
    ],
)
def test_columns(run: Run, header: str, options: tuple[str, ...], field: str | None) -> None:
    """Case, spaces and hyphens do not count, and --map decides."""
    Path("a.csv").write_text(f"{header}\nSANDBOX1,x\n", encoding="utf-8")

    finished = run("import", "a.csv", "--dry-run", "--json", "--carrier", "ups", *options)

    assert finished.status == 0
    wanted = ["tracking_number", *([field] if field else [])]
    assert list(finished.records[0]["columns"].values()) == wanted


def test_name_of_the_api_wins(run: Run) -> None:
    """A column with the same meaning is ignored, and that is said."""
    Path("a.csv").write_text("number,tracking_number\n1,SANDBOX1\n", encoding="utf-8")

    finished = run("import", "a.csv", "--dry-run", "--json", "--carrier", "ups")

    assert finished.records[0]["columns"] == {"tracking_number": "tracking_number"}
    assert "Ignored columns: number" in finished.messages


def test_carrier_of_rows_without_one(run: Run, client: TrackingMore) -> None:
    """A blank cell gets the one of the option; others stay."""
    write_rows("dhl,SANDBOX-TRANSIT001,a", ",SANDBOX-TRANSIT002,b")

    run("import", "orders.csv", "--yes", "--carrier", "ups")

    found = {each.tracking_number[-1]: each.carrier_code for each in client.trackings.list()}
    assert found == {"1": "dhl", "2": "ups"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "standard input is closed"),
        (["."], "cannot read .: Is a directory"),
        (["a.csv", "--delimiter", ";;"], "is not one character"),
        (["missing.csv"], "cannot read missing.csv: No such file"),
        (["a.csv"], "no column is understood as the tracking number; pass --map"),
        (["a.csv", "--map", "a=tracking_number"], "no column is understood as the carrier"),
        (["a.csv", "--map", "a"], "--map 'a' is not COLUMN=FIELD"),
        (["a.csv", "--map", "c=title"], "there is no column 'c'"),
        (["a.csv", "--map", "a=titel"], "did you mean 'title'?"),
        (["a.csv", "--map", "a=title", "--map", "b=title"], "two columns for title"),
    ],
)
def test_bad_input(run: Run, arguments: list[str], message: str) -> None:
    """The status is 2, and the message says what to do."""
    Path("a.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    finished = run("import", *arguments)

    assert finished.status == 2
    assert message in finished.messages


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx", "parquet"])
def test_what_export_writes_is_read_unchanged(
    run: Run, client: TrackingMore, environment: dict[str, str], sandbox: Sandbox, suffix: str
) -> None:
    """Also what a spreadsheet would evaluate, and ids with leading zeros."""
    details = {"title": "=1+1", "order_id": "007", "customer_name": "'=x", "comment": "a\n-b;c"}
    client.trackings.create("ups", "SANDBOX-TRANSIT001", **details)  # type: ignore[arg-type]  # by name
    run("export", f"trackings.{suffix}", "--force")
    environment["TRACKINGMORE_API_KEY"] = other = str(uuid4())

    finished = run("import", f"trackings.{suffix}", "--yes", "--json")

    assert counts(finished) == (1, 0, 0, 0)
    with TrackingMore(other, base_url=sandbox.base_url) as account:
        copy = account.trackings.get("ups", "SANDBOX-TRANSIT001")
    assert {name: getattr(copy, name) for name in details} == details


def test_numbers_that_excel_has_cut(run: Run) -> None:
    """Only of columns that are used."""
    workbook = openpyxl.Workbook()
    for row in (["number", "price"], [1.23456789012345e17, 1], ["SANDBOX1", 1.2e20], ["#N/A", 1]):
        workbook.active.append(row)  # type: ignore[union-attr]  # it has a sheet
    workbook.save("orders.xlsx")

    finished = run("import", "orders.xlsx", "--dry-run", "--carrier", "ups", "--json")

    assert (finished.records[0]["to_create"], finished.records[0]["rejected"]) == (1, 2)
    assert "row 2: column 'number' is a number of more than 15 digits" in finished.messages
    assert "row 4: column 'number' is the error #N/A of a spreadsheet" in finished.messages


def test_many_wrong_rows_are_not_all_shown(run: Run) -> None:
    """The first ones are, and how many there are."""
    write_rows(*("ups,1,x" for _ in range(7)))

    messages = run("import", "orders.csv", "--dry-run").messages

    assert messages.count("tracking_number must be") == 5
    assert "\nand 2 more wrong rows\n" in messages


def test_nothing_to_create(run: Run) -> None:
    """Nothing is asked, and the file of rejected rows is written."""
    write_rows("ups,1,x")

    finished = run("import", "orders.csv", "--json")

    assert (finished.status, counts(finished)) == (4, (0, 0, 0, 1))
    Path("orders.rejects.csv").write_text("corrected", encoding="utf-8")
    run("import", "orders.csv")
    assert Path("orders.rejects.csv").read_text(encoding="utf-8") == "corrected"


def test_rows_that_the_api_rejects_are_shown_after_the_import(run: Run) -> None:
    """With their reasons; the first look could not know them."""
    write_rows("ups,SANDBOX-NONSENSE,x", "ups,1,x")

    finished = run("import", "orders.csv", "--yes")
    _, _, after = finished.messages.partition("Rejected by the API:\n")

    assert finished.status == 4
    assert after.startswith("line 2: The value of `tracking_number` is invalid.")
    assert "line 3:" not in after


@pytest.mark.parametrize(
    ("variable", "value", "status"),
    [
        ("TRACKINGMORE_BASE_URL", "http://127.0.0.1:9/v2", 3),
        ("TRACKINGMORE_API_KEY", "wrong", 5),
    ],
)
def test_failures(
    run: Run, environment: dict[str, str], variable: str, value: str, status: int
) -> None:
    """They end the import, which the same command continues."""
    right = environment[variable]
    environment[variable] = value

    finished = run("import", "orders.csv", "--yes", "--max-outage", "0.001s")
    assert finished.status == status
    assert "the same command continues it" in finished.messages
    # A wrong key is no outage.
    is_outage = finished.messages.count("(ConnectionFailed); trying again for up to 0.001 s.") == 1
    assert is_outage == (status == 3)

    environment[variable] = right
    assert counts(run("import", "orders.csv", "--yes", "--json")) == (2, 0, 1, 3)


def test_a_name_of_a_country_is_not_taken_for_its_code() -> None:
    """Exported files have a column of names, which the API would get as they are."""
    names = ["tracking_number", "carrier", "destination_country", "Country Code"]
    columns = understand(names)

    assert columns.fields["Country Code"] == "destination_code"
    assert columns.ignored == ["destination_country"]


def test_rows_of_unknown_outcome_are_neither_created_nor_rejected() -> None:
    """They have a number of their own, and are in the file of rows to import again."""
    with open_table("orders.csv") as table:
        columns = understand(table.columns, (), None)
        rows = check_rows(columns.items(table))
        results = ({**row, "result": "unknown", "message": ""} for row in rows)
        found = list(outcomes(table, columns, cast("Any", results)))
        summary = summarize(iter(found))
        write_rejects(Path("r.csv"), table, found)

    record = report_record("orders.csv", Path("j"), Path("r.csv"), summary)
    assert record["unknown"] == record["rows"] - record["rejected"] > 0
    assert Path("r.csv").read_text(encoding="utf-8").count("import it again") == record["unknown"]


def test_sandbox_of_the_command(run: Run, client: TrackingMore, tmp_path: Path) -> None:
    """A trial leaves no files, keeps those of the real import, and asks nothing."""
    Path("orders.rejects.csv").write_text("half corrected", encoding="utf-8")

    finished = run("import", "orders.csv", "--sandbox", "--json")

    assert counts(finished) == (2, 0, 1, 3)
    assert numbers(client) == []
    assert not (tmp_path / "state").exists()
    assert Path("orders.rejects.csv").read_text(encoding="utf-8") == "half corrected"


def test_output_on_a_terminal(run: Run) -> None:
    """The first look, the question and the report fit."""
    for columns in (80, 120):
        finished = run("import", "orders.csv", "--restart", "--yes", terminal=columns)

        check_golden(f"import.{columns}.txt", finished.text)
        check_golden(f"import.{columns}.messages.txt", _without_progress(finished.messages))


def _without_progress(text: str) -> str:
    """Return messages without the bars, and without the key, which differs each time."""
    moving = ("Checking", "Creating", "Create")
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(moving))


def test_code_page_1252(run: Run) -> None:
    """Characters that it lacks are replaced."""
    Path("orders.csv").write_text(ORDERS.replace("Order ID", "Заказ"), encoding="utf-8")

    finished = run("import", "orders.csv", "--yes", encoding="cp1252")

    assert finished.status == 4
    assert b"Tracking No -> tracking_number" in finished.errors


def test_folder_that_is_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejected rows are then written to the current folder."""
    Path("data").mkdir()
    Path("data/orders.csv").touch()
    Path("data/orders.xlsx").touch()
    assert default_path("data/orders.csv") == Path("data/orders.rejects.csv")
    assert default_path("data/orders.xlsx") == Path("data/orders.xlsx.rejects.csv")

    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert default_path("data/orders.csv") == Path("orders.rejects.csv")
