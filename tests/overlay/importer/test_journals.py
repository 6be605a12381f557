"""Journals that cannot be used: what is wrong with each, and what to do about it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.overlay.importer.account import Account, rows, states
from tests.overlay.importer.conftest import TimedPostgresJournal
from tests.overlay.leak_search import find_leaks
from trackingmore_v2 import ConfigurationError, ConnectionFailed, JournalUnavailable
from trackingmore_v2.importer import (
    Journal,
    SqliteJournal,
    read_report,
    resume,
    run_import,
)
from trackingmore_v2.importer.postgres import PostgresJournal

CONTINUES = "continues where it was"


def change(journal: Journal, statement: str) -> None:
    """Execute a statement with the tables of a journal."""
    if isinstance(journal, TimedPostgresJournal):
        with psycopg.connect(journal.url, autocommit=True) as database:
            database.execute(f'SET search_path TO "{journal.name}"'.encode())
            database.execute(statement.encode())
    else:
        with sqlite3.connect(journal.name) as file:
            file.execute(statement)
        file.close()


def expect_unavailable(account: Account, journal: Journal, reason: str) -> str:
    """Check that an import cannot be continued and sends nothing; return the next step."""
    account.requests.clear()
    with pytest.raises(JournalUnavailable, match=reason) as caught:
        resume(account.client(), journal=journal)
    assert not account.requests
    assert str(caught.value).endswith(caught.value.next_step)
    return caught.value.next_step


def begin(account: Account, journal: Journal) -> None:
    """Import the first 40 rows of 100."""

    def stop(_progress: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_import(account.client(), rows(100), journal=journal, on_progress=stop)


def test_a_journal_of_a_later_version(account: Account, journal: Journal) -> None:
    """An earlier version of the package does not use it."""
    begin(account, journal)
    is_file = isinstance(journal, SqliteJournal)
    change(journal, "PRAGMA user_version=99" if is_file else "UPDATE import SET version = 99")

    assert "Update" in expect_unavailable(account, journal, "format has version 99")
    with pytest.raises(JournalUnavailable, match="version 99"):
        read_report(journal)


@pytest.mark.parametrize("column", ["state = '{\"rows\": -'", "state = '{}'", "owner = '{}'"])
def test_a_damaged_state(column: str, account: Account, journal: Journal) -> None:
    """It is reported as such, without what it contains."""
    begin(account, journal)
    change(journal, f"UPDATE import SET {column}")  # noqa: S608 - our own text

    assert "backup" in expect_unavailable(account, journal, "is damaged")


@pytest.mark.parametrize("damaged", ["x'00'", "x'789c0300000000'", "substr(rows, 2)"])
def test_a_damaged_chunk(damaged: str, account: Account, journal: Journal) -> None:
    """Neither an import nor a report uses it."""
    begin(account, journal)
    if not isinstance(journal, SqliteJournal):
        damaged = damaged.replace("x'", r"'\x")
    change(journal, f"UPDATE chunks SET rows = {damaged}")  # noqa: S608 - our own text

    assert "backup" in expect_unavailable(account, journal, "is damaged")
    with pytest.raises(JournalUnavailable, match="is damaged"):
        list(read_report(journal).rows())


@pytest.mark.parametrize("chunk", [40, 80])
def test_a_missing_chunk(chunk: int, account: Account, journal: Journal) -> None:
    """Its rows are not skipped."""
    begin(account, journal)
    change(journal, f"DELETE FROM chunks WHERE first = {chunk}")  # noqa: S608 - our own text
    with pytest.raises(JournalUnavailable, match=f"row {chunk} is missing") as caught:
        resume(account.client(), journal=journal)

    assert "backup" in str(caught.value)
    assert account.created == chunk


@pytest.mark.parametrize("table", ["import", "chunks"])
def test_a_missing_table(table: str, account: Account, journal: Journal) -> None:
    """The import cannot be continued, and the error does not promise it."""
    begin(account, journal)
    change(journal, f"DROP TABLE {table}")

    assert "backup" in expect_unavailable(account, journal, "table|relation")


def test_files_that_are_no_journals(account: Account, tmp_path: Path) -> None:
    """The error says what to do, and not that the import continues."""
    text = tmp_path / "text"
    text.write_text("carrier_code,tracking_number\n" * 100)
    steps = [
        expect_unavailable(account, SqliteJournal(path), reason)
        for path, reason in (
            (tmp_path / "missing", "no such file"),
            (tmp_path, "unable to open"),
            (text, "not a database"),
        )
    ]
    with pytest.raises(JournalUnavailable, match="No such file") as caught:
        run_import(account.client(), rows(1), journal=tmp_path / "missing" / "file")
    steps.append(caught.value.next_step)

    assert [step.split(",")[0].split(";")[0] for step in steps] == [
        "Check the path",
        "Check the path",
        "Pass the path of a journal",
        "Check the path",
    ]


def test_a_file_that_is_read_only(account: Account, tmp_path: Path) -> None:
    """The error says so."""
    path = tmp_path / "import.sqlite3"

    class ReadOnly(SqliteJournal):
        def open(self, *, create: bool) -> Any:
            session = super().open(create=create)
            session._database.execute("PRAGMA query_only=ON")  # noqa: SLF001
            return session

    run_import(account.client(), rows(1), journal=path)

    assert "may write" in expect_unavailable(account, ReadOnly(path), "readonly")


def test_a_disk_that_is_full(account: Account, tmp_path: Path) -> None:
    """The error says so, and the same call continues the import at once, in this process too."""
    path = tmp_path / "import.sqlite3"

    class Full(SqliteJournal):
        def open(self, *, create: bool) -> Any:
            session = super().open(create=create)
            session._database.execute("PRAGMA max_page_count=14")  # noqa: SLF001
            return session

    with pytest.raises(JournalUnavailable, match="disk is full") as caught:
        run_import(account.client(), rows(2000), journal=Full(path))

    assert CONTINUES in caught.value.next_step
    assert states(run_import(account.client(), rows(2000), journal=path)) == {"created": 2000}


def test_a_missing_schema(account: Account, postgres_url: str) -> None:
    """The error says how to start an import."""
    journal = PostgresJournal(postgres_url, schema="missing")

    assert "run_import()" in expect_unavailable(account, journal, "no such schema")


@pytest.mark.parametrize("new_journal", ["postgres"], indirect=True)
def test_a_schema_that_is_dropped(account: Account, journal: TimedPostgresJournal) -> None:
    """The error does not promise that the import continues."""
    drop = f'DROP SCHEMA "{journal.name}" CASCADE'
    account.on_request = lambda: change(journal, drop)
    with pytest.raises(JournalUnavailable) as caught:
        run_import(account.client(), rows(2), journal=journal)

    assert "backup" in str(caught.value)


def test_a_database_that_can_be_used_later(account: Account) -> None:
    """The error says that the import continues."""
    journal = PostgresJournal("postgresql://shop@127.0.0.1:9/shop")

    assert CONTINUES in expect_unavailable(account, journal, "connection")


@pytest.mark.parametrize(
    "path",
    [
        "postgresql://shop:secret@db.example.com/shop",
        "POSTGRES://shop:secret@db.example.com/shop",
        Path("postgresql://shop:secret@db.example.com/shop"),
        "host=db.example.com password=secret",
    ],
)
def test_the_url_of_a_database_as_a_path(
    path: str | Path, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the journal to pass, and has no password."""
    monkeypatch.chdir(tmp_path)  # where a file of that name would be made
    errors: list[BaseException] = []
    for use in (
        lambda: run_import(account.client(), rows(1), journal=path),
        lambda: resume(account.client(), journal=path),
        lambda: read_report(path),
        lambda: SqliteJournal(path),
    ):
        with pytest.raises(ConfigurationError, match=r"PostgresJournal\(url\)") as caught:
            use()
        errors.append(caught.value)

    assert [find_leaks(error, ["secret"]) for error in errors] == [[]] * 4


def test_paths_with_a_colon(account: Account, tmp_path: Path) -> None:
    """They are no URLs."""
    path = tmp_path / "import: 12:30.sqlite3"

    assert states(run_import(account.client(), rows(1), journal=path)) == {"created": 1}


def test_a_report_of_an_import_that_loads_its_first_rows(
    account: Account, journal: Journal
) -> None:
    """It has no rows yet."""
    reports: list[tuple[str, bool]] = []

    def items() -> Iterator[dict[str, str]]:
        report = read_report(journal)
        reports.append((str(report), report.is_complete))
        yield from rows(2)

    run_import(account.client(), items(), journal=journal)

    assert reports == [("no rows yet", False)]


def test_a_callback_that_is_no_function(account: Account, tmp_path: Path) -> None:
    """It is rejected before anything is loaded."""
    path, wrong = tmp_path / "import.sqlite3", 5
    callback: Any = wrong
    with pytest.raises(ConfigurationError, match="on_progress must be a function, not 5"):
        run_import(account.client(), rows(1), journal=path, on_progress=callback)
    with pytest.raises(ConfigurationError, match="on_progress"):
        resume(account.client(), journal=path, on_progress=callback)

    assert not path.exists()


def test_an_outage_ends_with_a_note(account: Account, journal: Journal) -> None:
    """It says how to continue."""
    account.fault = "unsent"
    with pytest.raises(ConnectionFailed) as caught:
        run_import(account.client(), rows(2), journal=journal, max_outage=10)

    assert "same call continues" in " ".join(caught.value.__notes__)
