"""Imports from their input to the report, and what stops them."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from stat import S_IMODE
from threading import Event
from typing import Any

import anyio
import httpx2
import psycopg
import pytest
from msgspec.structs import replace

from tests.overlay.importer.account import Account, Time, rows, states
from tests.overlay.importer.conftest import TimedPostgresJournal
from tests.overlay.leak_search import find_leaks
from tests.overlay.stubs import KEY, URL
from trackingmore_v2 import (
    AsyncTrackingMore,
    ConnectionFailed,
    Hooks,
    InvalidInput,
    InvalidKey,
    JournalMismatch,
    JournalUnavailable,
    QuotaExhausted,
    ServerFailed,
    TrackingMore,
    TrackingMoreError,
)
from trackingmore_v2.importer import (
    ImportReport,
    Journal,
    Progress,
    RowState,
    SqliteJournal,
    check_rows,
    read_report,
    resume,
    resume_async,
    run_import,
    run_import_async,
)
from trackingmore_v2.importer.postgres import PostgresJournal
from trackingmore_v2_api import models

POST, GET = "POST", "GET"


def test_each_row_ends_in_one_state(account: Account, journal: Journal) -> None:
    """The report has them in the order of the input."""
    given: list[dict[str, str]] = rows(100)
    account.add(given[7])
    given[20:20] = [{"carrier_code": "ups", "tracking_number": "x!"}]
    given[30:30] = [{"carrier_code": "ups", "tracking_number": "BAD00000"}]
    given += [given[3], given[90]]
    report = run_import(account.client(), given, journal=journal)
    found = list(report.rows())

    assert states(report) == {
        "created": 99,
        "already_existed": 1,
        "rejected": 1,
        "invalid": 1,
        "duplicate": 2,
    }
    assert report.is_complete
    assert (report.done, report.total) == (104, 104)
    assert [row["index"] for row in found] == list(range(104))
    assert [row["tracking_number"] for row in found if row["duplicate_of"] is not None] == [
        given[3]["tracking_number"],
        given[90]["tracking_number"],
    ]
    assert [found[index]["duplicate_of"] for index in (102, 103)] == [3, 90]
    assert found[7]["result"] == "already_existed"
    assert (found[7]["code"], found[7]["in_doubt"]) == (4016, False)
    assert [(row["index"], row["code"]) for row in report.failed()] == [(20, None), (30, 4014)]
    assert next(report.failed())["message"].startswith("tracking_number must be")
    assert str(report) == (
        "104 rows: 99 created, 1 already existed, 1 rejected, 1 invalid, 2 duplicate"
    )
    assert account.requests == [POST] * 3


def test_many_duplicates_in_later_blocks(account: Account, journal: Journal) -> None:
    """An index in the journal finds them, also across transactions."""
    report = run_import(account.client(), rows(90) * 3, journal=journal)

    assert states(report) == {"created": 90, "duplicate": 180}
    assert {row["duplicate_of"] for row in report.rows() if row["result"] == "duplicate"} == set(
        range(90)
    )


@pytest.mark.parametrize("count", [0, 1, 40, 80, 81])
def test_any_number_of_rows(count: int, account: Account, journal: Journal) -> None:
    """Also none, and as many as a request or a transaction takes."""
    for _ in range(2):
        report = run_import(account.client(), iter(rows(count)), journal=journal)

        assert states(report) == ({"created": count} if count else {})
        assert report.is_complete
    assert len(account.requests) == -(-count // 40)


def test_a_second_run_sends_nothing(account: Account, journal: Journal) -> None:
    """The same call returns the same report."""
    first = run_import(account.client(), rows(50), journal=journal)
    sent = len(account.requests)
    second = run_import(account.client(), rows(50), journal=journal)

    assert list(second.rows()) == list(first.rows())
    assert states(resume(account.client(), journal=journal)) == states(second)
    assert len(account.requests) == sent


def test_rows_of_other_types(account: Account, journal: Journal) -> None:
    """Rows are what `create_many()` takes: models, subclasses of them, and lines of CSV files."""

    class Order(models.CreateTrackingItem, frozen=True, kw_only=True):
        customer_since: int = 0

    given: list[Any] = [
        models.CreateTrackingItem(carrier_code="ups", tracking_number="1Z00000001"),
        Order(carrier_code="ups", tracking_number="1Z00000002", title="Teapot", customer_since=7),
        {"carrier_code": "ups", "tracking_number": " 1Z00000003 ", "title": ""},
        7,
    ]
    report = run_import(account.client(), given, journal=journal)

    assert states(report) == {"created": 3, "invalid": 1}
    assert account.trackings["ups", "1Z00000002"]["title"] == "Teapot"
    assert "customer_since" not in account.trackings["ups", "1Z00000002"]


def test_unknown_fields(account: Account, journal: Journal) -> None:
    """They stop the import before anything is loaded, or are dropped."""
    given = [{**row, "color": "red"} for row in rows(2)]
    with pytest.raises(InvalidInput, match="color"):
        run_import(account.client(), given, journal=journal)
    with pytest.raises(InvalidInput, match="no import"):
        read_report(journal)

    assert states(run_import(account.client(), given, journal=journal, unknown="ignore")) == {
        "created": 2
    }


def test_an_input_that_raises_an_error(account: Account, journal: Journal) -> None:
    """Nothing is sent; the same input is loaded from where it was."""

    def broken() -> Iterator[dict[str, str]]:
        yield from rows(170)
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        run_import(account.client(), broken(), journal=journal)

    assert not account.requests
    assert read_report(journal).total == 160
    assert not read_report(journal).is_complete
    with pytest.raises(InvalidInput, match="only the first 160 rows"):
        resume(account.client(), journal=journal)
    assert states(run_import(account.client(), rows(200), journal=journal)) == {"created": 200}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (rows(159), "has 200 rows, and this input 159"),
        (rows(199), "has 200 rows, and this input 199"),
        (rows(201), "has 200 rows, and this input more"),
        (rows(200, "Lamp"), "first 200 rows are not those"),
    ],
    ids=["shorter", "one less", "longer", "other"],
)
def test_another_input(
    given: list[dict[str, str]], reason: str, account: Account, journal: Journal
) -> None:
    """It is rejected, and nothing is sent."""
    run_import(account.client(), rows(200), journal=journal)
    account.requests.clear()
    with pytest.raises(JournalMismatch, match=reason):
        run_import(account.client(), given, journal=journal)

    assert not account.requests


def test_another_account(account: Account, journal: Journal) -> None:
    """Neither another key nor another server continues an import."""
    run_import(account.client(), rows(1), journal=journal)
    http = httpx2.Client(transport=httpx2.MockTransport(account))
    for other, reason in (
        (TrackingMore("other-key", base_url=URL, http_client=http), "another API key"),
        (TrackingMore(KEY, base_url=f"{URL}/x", http_client=http), f"base URL {URL}"),
    ):
        with pytest.raises(JournalMismatch, match=reason):
            resume(other, journal=journal)
    assert KEY not in str(list(read_report(journal).rows()))


def test_invalid_arguments(account: Account, tmp_path: Path) -> None:
    """They are rejected before the journal is created."""
    path = tmp_path / "import.sqlite3"
    wrong: Any = "rows"
    with pytest.raises(InvalidInput, match="items"):
        run_import(account.client(), wrong, journal=path)
    with pytest.raises(InvalidInput, match="client"):
        run_import(account.async_client(), [], journal=path)  # type: ignore[arg-type]  # the fault
    with pytest.raises(ValueError, match="lease"):
        SqliteJournal(path, lease=0)
    with pytest.raises(ValueError, match="max_outage"):
        run_import(account.client(), [], journal=path, max_outage=-1)

    assert not path.exists()


def test_an_outage(account: Account, journal: Journal, time: Time) -> None:
    """The waits grow, and the error is raised after the maximum; a later run goes on."""
    start = time.moment
    account.fault = "unsent"
    with pytest.raises(ConnectionFailed):
        run_import(account.client(retries=0), rows(50), journal=journal, max_outage=100)

    assert 40 < time.moment - start <= 100
    assert len(account.requests) < 15
    assert read_report(journal).done == 0
    account.fault = ""
    assert states(resume(account.client(), journal=journal)) == {"created": 50}


def test_an_outage_of_creates_only(account: Account, journal: Journal) -> None:
    """Reads that succeed in between do not count as progress."""
    run = iter(["502", ""] * 40)
    account.on_request = lambda: account.faults.append(next(run))
    with pytest.raises(ServerFailed):
        run_import(account.client(retries=0), rows(2), journal=journal, max_outage=60)

    assert len(account.requests) < 30


def test_a_rejected_key(account: Account, journal: Journal) -> None:
    """It stops the import at once, and the rows stay pending."""
    account.faults = ["", "4001"]
    with pytest.raises(InvalidKey):
        run_import(account.client(), rows(100), journal=journal)

    assert states(read_report(journal)) == {"created": 40}
    account.requests.clear()
    assert states(resume(account.client(), journal=journal)) == {"created": 100}
    assert account.requests == [POST] * 2


def test_an_exhausted_quota(account: Account, journal: Journal) -> None:
    """Rows that the account cannot pay for are not rejected: they are sent later."""
    account.quota = 50
    with pytest.raises(QuotaExhausted):
        run_import(account.client(), rows(100), journal=journal)

    assert states(read_report(journal)) == {"created": 50}
    assert str(read_report(journal)) == "100 rows: 50 created, 50 pending"
    account.quota = None
    account.add(rows(100)[60])
    assert states(resume(account.client(), journal=journal)) == {
        "created": 99,
        "already_existed": 1,
    }
    assert GET not in account.requests


def test_a_request_that_is_rejected_as_a_whole(account: Account, journal: Journal) -> None:
    """Its rows are rejected, as in `create_many()`."""
    account.faults = ["4013"]

    assert states(run_import(account.client(), rows(50), journal=journal)) == {
        "rejected": 40,
        "created": 10,
    }


def test_a_code_that_no_journal_can_store(account: Account, journal: Journal) -> None:
    """The row is rejected, and the others are created."""
    huge = {**rows(1)[0], "tracking_number": "HUGE0001"}
    report = run_import(account.client(), [huge, *rows(2)], journal=journal)

    assert states(report) == {"created": 2, "rejected": 1}
    assert [row["code"] for row in report.failed()] == [None]


def test_progress(account: Account, journal: Journal, time: Time) -> None:
    """It is reported after each batch, and counts earlier runs except in the rate."""
    reports: list[Progress] = []
    account.on_request = lambda: time.advance(10.0)
    account.faults = ["", "4001"]
    given = [*rows(119), {"carrier_code": "ups", "tracking_number": "BAD00000"}]
    with pytest.raises(InvalidKey):
        run_import(account.client(), given, journal=journal, on_progress=reports.append)
    resume(account.client(), journal=journal, on_progress=reports.append)

    assert [(each.done, each.total, each.created, each.rejected) for each in reports] == [
        (40, 120, 40, 0),
        (80, 120, 80, 0),
        (120, 120, 119, 1),
    ]
    assert [(each.rate, each.seconds_left) for each in reports] == [(4, 20), (4, 10), (4, 0)]


def test_a_callback_that_raises_an_error(account: Account, journal: Journal) -> None:
    """The batch before it is settled."""

    def fail(_progress: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_import(account.client(), rows(100), journal=journal, on_progress=fail)

    assert states(read_report(journal)) == {"created": 40}
    assert states(resume(account.client(), journal=journal)) == {"created": 100}
    assert account.requests == [POST] * 3


def test_ctrl_c(account: Account, journal: Journal) -> None:
    """A request that is interrupted is in doubt, and read before it is sent again."""

    def interrupt() -> None:
        if len(account.requests) == 2:
            raise KeyboardInterrupt

    account.on_request = interrupt
    with pytest.raises(KeyboardInterrupt):
        run_import(account.client(), rows(100), journal=journal)
    report = run_import(account.client(), rows(100), journal=journal)

    assert states(report) == {"created": 100}
    assert account.requests == [POST, POST, GET, POST, POST]


def test_adoption_is_reported_to_hooks(account: Account, journal: Journal) -> None:
    """As for other creates without a response."""
    adopted: list[int] = []
    account.faults = ["lost"]
    hooks = Hooks(on_adoption=lambda event: adopted.append(event.trackings))
    client = account.client(hooks=hooks)

    assert states(run_import(client, rows(50), journal=journal)) == {"adopted": 40, "created": 10}
    assert adopted == [40]


async def items(count: int) -> AsyncIterator[dict[str, str]]:
    """Yield rows."""
    for row in rows(count):
        await asyncio.sleep(0)
        yield row


async def test_the_awaited_form(account: Account, journal: Journal) -> None:
    """It does the same, from an async iterable too."""
    account.faults = ["", "lost", "", "unsent"]
    report = await run_import_async(account.async_client(), items(100), journal=journal)

    assert states(report) == {"created": 60, "adopted": 40}
    assert account.requests == [POST, POST, GET, POST, GET, POST]
    again = await resume_async(account.async_client(), journal=journal)
    assert list(again.rows()) == list(report.rows())


def test_the_awaited_form_under_trio(account: Account, journal: Journal) -> None:
    """It needs no particular event loop."""

    async def main() -> ImportReport:
        return await run_import_async(account.async_client(), rows(50), journal=journal)

    assert states(anyio.run(main, backend="trio")) == {"created": 50}


async def test_a_cancelled_import(journal: Journal, account: Account) -> None:
    """It releases the journal, and the next run settles what was interrupted."""
    arrived = asyncio.Event()

    async def hang(request: httpx2.Request) -> httpx2.Response:
        response = account(request)
        if len(account.requests) == 2:
            arrived.set()
            await asyncio.Event().wait()
        return response

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(hang))
    client = AsyncTrackingMore(KEY, base_url=URL, http_client=http)
    client._context = replace(client._context, clock=account.time)  # noqa: SLF001
    task = asyncio.create_task(run_import_async(client, rows(100), journal=journal))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    report = await resume_async(client, journal=journal)

    assert states(report) == {"created": 60, "adopted": 40}
    assert account.requests == [POST, POST, GET, POST]


async def test_an_import_that_is_cancelled_while_it_writes(
    journal: Journal, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is closed only after the thread has written."""
    session, order = journal.open(create=True), list[str]()
    save, close = session._save, session._close  # noqa: SLF001
    loop, started, closed = asyncio.get_running_loop(), asyncio.Event(), Event()

    def slow_save(values: Any, *, is_safe: bool) -> bool:
        loop.call_soon_threadsafe(started.set)
        closed.wait(0.2)  # it would be closed meanwhile
        order.append("written")
        return save(values, is_safe=is_safe)

    def noted_close() -> None:
        order.append("closed")
        closed.set()
        close()

    monkeypatch.setattr(session, "_save", slow_save)
    monkeypatch.setattr(session, "_close", noted_close)
    monkeypatch.setattr(journal, "open", lambda **_settings: session)
    task = asyncio.create_task(run_import_async(account.async_client(), rows(9), journal=journal))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()

    assert order == ["written", "closed"]
    report = await resume_async(account.async_client(), journal=journal)
    assert states(report) == {"created": 9}


@pytest.mark.parametrize("fault", ["unsent", "4001", "4021", "502"])
def test_errors_show_neither_key_nor_personal_data(
    fault: str, account: Account, journal: Journal
) -> None:
    """As with all methods: not even the local variables of frames."""
    account.fault = fault
    account.quota = 0
    with pytest.raises(TrackingMoreError) as caught:
        run_import(account.client(), rows(50, "Jane Roe"), journal=journal, max_outage=10)
    errors: list[BaseException] = [caught.value]
    account.on_request = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError) as other:
        resume(account.client(), journal=journal)
    errors.append(other.value)

    assert [find_leaks(error, [KEY, "Jane Roe"]) for error in errors] == [[], []]


def test_a_report_of_a_running_import(account: Account, journal: Journal) -> None:
    """Another process can read it."""
    reports: list[dict[str, int]] = []
    run_import(
        account.client(),
        rows(100),
        journal=journal,
        on_progress=lambda _: reports.append(states(read_report(journal))),
    )

    assert reports == [{"created": 40}, {"created": 80}, {"created": 100}]


def test_details_are_dropped(account: Account, journal: Journal) -> None:
    """The journal has the details of customers only while they are needed."""
    account.faults = ["", "4001"]
    with pytest.raises(InvalidKey):
        run_import(account.client(), rows(50), journal=journal)
    session = journal.open(create=False)
    items = [row.item for chunk in session.chunks(0) for row in chunk.rows]
    session.close()

    assert items[:40] == [None] * 40
    assert None not in items[40:]


def test_the_file_of_a_journal(account: Account, tmp_path: Path) -> None:
    """Only its owner can read it, it holds no key, and other programs' files stay as they are."""
    path, other, text = (tmp_path / name for name in ("import.sqlite3", "other", "text"))
    mask = os.umask(0)
    try:
        run_import(account.client(), rows(2), journal=str(path))
    finally:
        os.umask(mask)
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE import (id)")
    database.close()
    text.write_text("carrier_code,tracking_number\n" * 100)

    assert S_IMODE(path.stat().st_mode) == 0o600
    assert KEY.encode() not in path.read_bytes()
    with pytest.raises(JournalMismatch, match="another program"):
        run_import(account.client(), rows(2), journal=other)
    with pytest.raises(JournalUnavailable, match="not a database"):
        run_import(account.client(), rows(2), journal=text)
    with pytest.raises(JournalUnavailable):
        run_import(account.client(), rows(2), journal=tmp_path / "missing" / "file")


def test_a_journal_that_is_missing(account: Account, tmp_path: Path, postgres_url: str) -> None:
    """It is not created by what needs one."""
    path = tmp_path / "import.sqlite3"
    for journal in (SqliteJournal(path), PostgresJournal(postgres_url, schema="missing")):
        for _ in range(2):
            with pytest.raises(JournalUnavailable):
                resume(account.client(), journal=journal)
            with pytest.raises(JournalUnavailable):
                read_report(journal)

    assert not path.exists()


def test_a_database_that_is_away(account: Account) -> None:
    """The error is typed, and has no password."""
    journal = PostgresJournal("postgresql://shop:secret@127.0.0.1:9/shop")
    with pytest.raises(JournalUnavailable) as caught:
        run_import(account.client(), rows(2), journal=journal)

    assert "secret" not in f"{caught.value} {caught.value!r} {caught.value.__context__} {journal!r}"
    with pytest.raises(ValueError, match="url must be") as wrong:
        PostgresJournal("postgresql//secret")
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize("new_journal", ["postgres"], indirect=True)
def test_a_database_that_goes_away(account: Account, journal: TimedPostgresJournal) -> None:
    """The import stops with a typed error, and the next run settles what was interrupted."""

    def disconnect() -> None:
        if len(account.requests) == 2:
            with psycopg.connect(journal.url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (journal.backend,))

    account.on_request = disconnect
    with pytest.raises(JournalUnavailable):
        run_import(account.client(), rows(100), journal=journal)
    account.on_request = lambda: None

    assert states(resume(account.client(), journal=journal)) == {"created": 60, "adopted": 40}


def test_the_extra_of_the_database_is_optional() -> None:
    """Without it, only the module of the database cannot be imported."""
    code = (
        "import sys; sys.modules['psycopg'] = None; import trackingmore_v2.importer\n"
        "try: import trackingmore_v2.importer.postgres\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )

    assert "trackingmore-v2[postgres]" in run.stdout


def test_rows_are_checked_without_an_import(account: Account, journal: Journal) -> None:
    """They have the states in which an import loads them, and its duplicates and messages."""
    given: list[Any] = [*rows(4100), {"carrier_code": "ups"}, *rows(2), 7]

    found = list(check_rows(given))

    assert Counter(row["result"] for row in found) == {
        "pending": 4100,
        "invalid": 2,
        "duplicate": 2,
    }
    failed = [row for row in found if row["result"] != "pending"]
    report = run_import(account.client(), given, journal=journal)
    assert failed == list(report.rows(RowState.INVALID, RowState.DUPLICATE))


def test_check_of_an_input_that_raises_an_error() -> None:
    """It raises the error, and that of an unknown field, as an import does."""

    def broken() -> Iterator[dict[str, str]]:
        yield from rows(10)
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(check_rows(broken()))
    with pytest.raises(InvalidInput, match="color"):
        list(check_rows([{**rows(1)[0], "color": "red"}]))
    with pytest.raises(InvalidInput, match="unknown"):
        list(check_rows([], unknown="drop"))  # type: ignore[arg-type]  # the fault
