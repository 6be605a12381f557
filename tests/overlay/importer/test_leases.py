"""One writer at a time: leases, their ends, and what a process that lost one does."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname
from typing import Any

import pytest
from msgspec.structs import replace

from tests.overlay.importer.account import Account, Time, rows, states
from trackingmore_v2 import InvalidKey, JournalInUse, JournalLost, JournalUnavailable
from trackingmore_v2._batch.inputs import Source
from trackingmore_v2._transport.response import Response
from trackingmore_v2.importer import (
    Journal,
    Progress,
    SqliteJournal,
    resume,
    resume_async,
    run_import,
    run_import_async,
    sqlite,
)
from trackingmore_v2.importer._drivers import _Driver
from trackingmore_v2.importer._flow import Importer, Settings
from trackingmore_v2.importer._journal import Session
from trackingmore_v2.importer._owner import Owner, this_process
from trackingmore_v2.importer._rows import State
from trackingmore_v2_api import Call

POST, GET = "POST", "GET"
LEASE = 60.0
UNAVAILABLE = JournalUnavailable("import.sqlite3", "the disk is full", "Free space.")


def try_to_acquire(journal: Journal) -> None:
    """Acquire a journal, and end without a release."""
    session = journal.open(create=True)
    try:
        session.acquire(this_process())
    finally:
        session.close()


def test_a_second_process(account: Account, journal: Journal, time: Time) -> None:
    """It gets an error that names the first one, until that one ends its import."""
    begun = datetime.fromtimestamp(time.moment, UTC)
    errors: list[JournalInUse] = []

    def start_second(_progress: Progress) -> None:
        time.advance(10.0)
        with pytest.raises(JournalInUse) as caught:
            resume(account.client(), journal=journal)
        errors.append(caught.value)

    run_import(account.client(), rows(100), journal=journal, on_progress=start_second)
    error = errors[-1]

    assert (error.host, error.pid, error.since) == (gethostname(), os.getpid(), begun)
    assert (error.lease_ends - begun).total_seconds() == 20 + LEASE
    assert str(error.pid) in str(error)
    assert error.host in str(error)
    assert error.journal in str(error)
    assert states(resume(account.client(), journal=journal)) == {"created": 100}


def test_a_process_that_lost_its_lease(account: Account, journal: Journal, time: Time) -> None:
    """It was stopped for too long, and sends and writes nothing more when it continues."""
    sent: list[int] = []

    def take_over(_progress: Progress) -> None:
        time.advance(LEASE + 1)
        assert states(resume(account.client(), journal=journal)) == {"created": 100}
        sent.append(len(account.requests))

    with pytest.raises(JournalLost) as caught:
        run_import(account.client(), rows(100), journal=journal, on_progress=take_over)

    assert sent == [3]
    assert account.requests == [POST] * 3
    assert caught.value.journal in str(caught.value)
    assert states(resume(account.client(), journal=journal)) == {"created": 100}


def test_a_process_that_loses_its_lease_during_a_request(
    account: Account, journal: Journal, time: Time
) -> None:
    """The other one settles the request; the first one does not write what it received."""

    def take_over() -> None:
        if account.requests == [POST, POST]:
            account.on_request = lambda: None
            time.advance(LEASE + 1)
            assert states(resume(account.client(), journal=journal)) == {"created": 100}

    account.on_request = take_over
    with pytest.raises(JournalLost):
        run_import(account.client(), rows(100), journal=journal)

    # Its own request arrives after all, and is rejected: the trackings exist.
    assert account.created == 100
    assert account.requests == [POST, POST, GET, POST, POST]
    assert states(resume(account.client(), journal=journal)) == {"created": 100}


def test_a_process_that_loses_its_lease_while_it_loads(
    account: Account, journal: Journal, time: Time
) -> None:
    """Its rows are not added a second time."""

    def items() -> Any:
        yield from rows(100)
        time.advance(LEASE + 1)
        run_import(account.client(), rows(200), journal=journal)
        yield from rows(200)[100:]

    with pytest.raises(JournalLost):
        run_import(account.client(), items(), journal=journal)

    assert states(resume(account.client(), journal=journal)) == {"created": 200}
    assert account.requests == [POST] * 5


def test_a_lease_that_has_ended(journal: Journal, time: Time) -> None:
    """Another process takes the journal over, and not before."""
    try_to_acquire(journal)
    time.advance(LEASE - 1)
    with pytest.raises(JournalInUse):
        try_to_acquire(journal)
    time.advance(1)
    try_to_acquire(journal)
    with pytest.raises(JournalInUse):
        try_to_acquire(journal)


def test_an_owner_that_was_killed(account: Account, tmp_path: Path) -> None:
    """On the same host, its lease need not end."""
    path = tmp_path / "import.sqlite3"
    code = (
        "import os, sys\n"
        "from trackingmore_v2.importer import SqliteJournal\n"
        "from trackingmore_v2.importer._owner import this_process\n"
        "SqliteJournal(sys.argv[1]).open(create=True).acquire(this_process())\n"
        "os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)  # noqa: S603 - our own code

    assert killed.returncode == -9
    assert states(run_import(account.client(), rows(2), journal=path)) == {"created": 2}


def fail(error: BaseException) -> Callable[[Session], None]:
    """Return a method that fails."""

    def method(_self: Session) -> None:
        raise error

    return method


@pytest.mark.parametrize("error", [KeyboardInterrupt(), UNAVAILABLE])
def test_a_lease_that_is_not_released(
    error: BaseException, account: Account, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later run in the same process need not wait for its end."""
    account.fault = "4001"
    with monkeypatch.context() as patch:
        patch.setattr(Session, "release", fail(error))
        with pytest.raises((KeyboardInterrupt, InvalidKey)):
            run_import(account.client(), rows(2), journal=journal)
    account.fault = ""

    assert states(resume(account.client(), journal=journal)) == {"created": 2}


async def test_a_lease_that_is_not_released_by_the_async_form(
    account: Account, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later run in the same process need not wait for its end either."""
    account.fault = "4001"
    monkeypatch.setattr(Session, "release", fail(UNAVAILABLE))
    with pytest.raises(InvalidKey):
        await run_import_async(account.async_client(), rows(2), journal=journal)
    account.fault = ""
    report = await resume_async(account.async_client(), journal=journal)

    assert states(report) == {"created": 2}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_ctrl_c_while_the_lease_is_taken(
    moment: str, account: Account, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run begins at once."""
    acquire = Session.acquire

    def interrupted(session: Session, owner: Owner) -> None:
        if moment == "after":
            acquire(session, owner)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Session, "acquire", interrupted)
        patch.setattr(Session, "release", fail(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            run_import(account.client(), rows(2), journal=journal)

    assert states(run_import(account.client(), rows(2), journal=journal)) == {"created": 2}


def test_ctrl_c_that_leaves_the_connection_locked(account: Account, journal: Journal) -> None:
    """The run ends all the same, and the next one begins at once."""
    sessions: list[Session] = []

    def interrupt() -> None:
        sessions[0]._lock.acquire()  # noqa: SLF001 - the signal arrives before `with` is entered
        raise KeyboardInterrupt

    open_journal: Callable[..., Session] = journal.open

    def noted_open(*, create: bool) -> Session:
        sessions.append(open_journal(create=create))
        return sessions[-1]

    journal.open = noted_open  # type: ignore[method-assign]  # replaced
    account.on_request = interrupt
    with pytest.raises(KeyboardInterrupt):
        run_import(account.client(), rows(2), journal=journal)
    account.on_request = lambda: None

    assert states(resume(account.client(), journal=journal)) == {"created": 2}


@pytest.mark.parametrize(
    ("changes", "has_ended"),
    [
        ({}, False),
        ({"pid": 2**22 + 1}, True),
        ({"started": "7"}, True),
        ({"pid": 2**22 + 1, "place": "another host"}, False),
        ({"pid": 2**22 + 1, "place": ""}, False),
    ],
    ids=["alive", "ended", "its pid in use again", "on another host", "on an unknown host"],
)
def test_owners(changes: dict[str, Any], *, has_ended: bool) -> None:
    """Only a process on this host is known to have ended."""
    owner: Owner = replace(this_process(), **changes)

    assert owner.has_ended() is has_ended


def test_an_owner_whose_parent_has_not_noticed_its_end() -> None:
    """It has ended, although its process ID is still taken."""
    with subprocess.Popen([sys.executable, "-c", "print()"], stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.read()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        owner = replace(this_process(), pid=child.pid)

        assert owner.has_ended()


def test_an_attempt_is_shorter_than_the_lease(account: Account, tmp_path: Path) -> None:
    """No request takes more than half of it, so that the lease can be renewed in time."""
    journal = SqliteJournal(tmp_path / "import.sqlite3", lease=20)
    client, timeouts = account.client(deadline=3), list[float | None]()

    def send(call: Call[Any], timeout: float | None) -> Response:
        timeouts.append(timeout)
        return original(call, timeout)

    original, client._send = client._send, send  # noqa: SLF001
    run_import(client, rows(1), journal=journal)
    client = account.client()
    original, client._send = client._send, send  # noqa: SLF001
    run_import(client, rows(1), journal=SqliteJournal(tmp_path / "other.sqlite3", lease=20))

    assert timeouts == [3.0, 10.0]


def test_each_request_is_preceded_by_a_check(account: Account, journal: Journal) -> None:
    """Also each attempt of a read, and after the wait for the rate limit."""
    session: Any = journal.open(create=True)
    state: State | None = session.acquire(this_process())
    saves: list[str] = []
    original: Callable[..., None] = session.save

    def save(*arguments: Any, **settings: Any) -> None:
        saves.append("save")
        original(*arguments, **settings)

    session.save = save
    account.on_request = lambda: saves.append("request")
    account.faults = ["unsent", "unsent", "502"]
    client = account.client()
    context = client._context  # noqa: SLF001
    importer = Importer(journal, session, context, Settings(), state)
    send = client._send  # noqa: SLF001
    _Driver(importer, journal.lease, send, Source(rows(2))).drive()
    session.close()

    assert account.requests == [POST, GET, GET, GET, POST]
    assert all(
        saves[position - 1] == "save" for position, each in enumerate(saves) if each == "request"
    )


def test_a_lock_of_another_program(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that stays locked is a typed error."""
    monkeypatch.setattr(sqlite, "_LOCK_TIMEOUT", 0.0)
    path = tmp_path / "import.sqlite3"
    run_import(account.client(), rows(1), journal=path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnavailable, match="locked"):
            resume(account.client(), journal=path)
    other.close()
