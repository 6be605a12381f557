"""A process that ends at any moment, and another one that continues."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from tests.overlay.importer.account import Account, Time, rows, states
from trackingmore_v2 import JournalInUse
from trackingmore_v2._batch.inputs import Source
from trackingmore_v2.importer import Journal, resume, run_import
from trackingmore_v2.importer._drivers import _Driver
from trackingmore_v2.importer._flow import Importer, Settings
from trackingmore_v2.importer._owner import this_process

POST, GET = "POST", "GET"
ROWS = 100
NEEDED = 3
"""Requests for so many rows, without a crash."""

LEASE = 60.0


class Crash(BaseException):
    """The process ends here: what it has not done before is not done."""


class Countdown:
    """Ends the process at one of the moments at which it reads, writes or sends."""

    def __init__(self, moments: float) -> None:
        self.moments = moments

    def pass_one(self) -> None:
        """Pass a moment, or end the process."""
        self.moments -= 1
        if self.moments < 0:
            raise Crash

    def around(self, action: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function with a moment before and after it."""

        def act(*arguments: Any, **settings: Any) -> Any:
            self.pass_one()
            result = action(*arguments, **settings)
            self.pass_one()
            return result

        return act


class Fragile:
    """A session of a journal, with a moment before and after each use."""

    def __init__(self, session: Any, countdown: Countdown) -> None:
        self._session, self._countdown = session, countdown

    def __getattr__(self, name: str) -> Any:
        return self._countdown.around(getattr(self._session, name))


def run_until_crash(account: Account, journal: Journal, moments: float, count: int = ROWS) -> bool:
    """Run an import that releases nothing when it ends, and return whether it was completed."""
    countdown = Countdown(moments)
    session = journal.open(create=True)
    client = account.client(retries=0)
    try:
        state = session.acquire(this_process())
        fragile: Any = Fragile(session, countdown)
        context = client._context  # noqa: SLF001
        importer = Importer(journal, fragile, context, Settings(), state)
        send = countdown.around(client._send)  # noqa: SLF001
        _Driver(importer, journal.lease, send, Source(rows(count))).drive()
    except Crash:
        return False
    finally:
        session.close()
    return True


def expect_in_use(journal: Journal) -> None:
    """Check that another process cannot take a journal over."""
    session = journal.open(create=True)
    with pytest.raises(JournalInUse):
        session.acquire(this_process())
    session.close()


def check(account: Account, journal: Journal, count: int = ROWS) -> dict[str, int]:
    """Check that no row is lost and none was created twice, and return the counts."""
    account.time.advance(LEASE + 1)
    report = resume(account.client(), journal=journal)
    assert report.is_complete
    assert report.total == account.created == len(account.trackings) == count
    counts = states(report)
    assert counts.keys() <= {"created", "adopted"}
    return counts


def test_a_crash_at_each_moment(new_journal: Callable[[], Journal], time: Time) -> None:
    """Nothing is lost or doubled, and there is at most one further request."""
    is_complete, moments = False, 0
    while not is_complete:
        account, journal = Account(time), new_journal()
        is_complete = run_until_crash(account, journal, moments)
        time.advance(LEASE + 1)  # it has not released the journal
        run_import(account.client(), rows(ROWS), journal=journal)

        check(account, journal)
        assert account.requests.count(POST) == NEEDED
        assert account.requests.count(GET) <= 1
        moments += 1
    assert moments > 20


@pytest.mark.parametrize("seed", range(12))
def test_many_crashes_and_failures(
    seed: int, new_journal: Callable[[], Journal], time: Time
) -> None:
    """Processes that end at random moments, while every fourth request fails."""
    random, account, journal = Random(seed), Account(time), new_journal()  # noqa: S311 - a test
    failures = ("lost", "unsent", "late", "omitted", "502", "429/5")
    account.on_request = lambda: account.faults.extend(
        [random.choice(failures)] if random.random() < 0.25 else []
    )
    crashes = 0
    while not run_until_crash(account, journal, random.randrange(25), 200):
        crashes += 1
        time.advance(LEASE + 1)
    account.on_request = lambda: None
    counts = check(account, journal, 200)

    assert crashes
    assert counts["created"] + counts.get("adopted", 0) == 200


def test_crashes_without_failures_cost_one_request_each(
    new_journal: Callable[[], Journal], time: Time
) -> None:
    """A read settles what was in doubt, and nothing that arrived is sent again."""
    random, account, journal = Random(7), Account(time), new_journal()  # noqa: S311 - a test
    crashes = 0
    while not run_until_crash(account, journal, random.randrange(16), 400):
        crashes += 1
        time.advance(LEASE + 1)
    check(account, journal, 400)

    assert crashes > 10
    assert account.requests.count(POST) == 10
    assert account.requests.count(GET) <= crashes


def test_a_lost_response(account: Account, journal: Journal) -> None:
    """The rows are read, and were created."""
    account.faults = ["lost"]

    assert states(run_import(account.client(), rows(2), journal=journal)) == {"adopted": 2}
    assert account.requests == [POST, GET]


def test_a_request_that_never_arrived(account: Account, journal: Journal) -> None:
    """The rows are read, and sent again."""
    account.faults = ["unsent"]

    assert states(run_import(account.client(), rows(2), journal=journal)) == {"created": 2}
    assert account.requests == [POST, GET, POST]


def test_a_request_that_arrives_late(account: Account, journal: Journal) -> None:
    """It is carried out after the rows were read; the second request finds them, and a read too."""
    account.faults = ["late"]

    assert states(run_import(account.client(), rows(2), journal=journal)) == {"adopted": 2}
    assert account.requests == [POST, GET, POST, GET]
    assert account.created == 2


@pytest.mark.parametrize("fault", ["lost", "interrupted"])
def test_trackings_that_existed_before(fault: str, account: Account, journal: Journal) -> None:
    """They are not adopted: one has other details, and an equal one is older than the import."""
    given = rows(4)
    account.add({**given[0], "title": "Lamp"})
    account.add(given[1])
    account.time.advance(100)
    account.faults = [fault]
    with suppress(KeyboardInterrupt):
        run_import(account.client(), given, journal=journal)
    report = run_import(account.client(), given, journal=journal)

    assert states(report) == {"adopted": 2, "already_existed": 2}
    assert [row["in_doubt"] for row in report.rows()] == [True, True, False, False]
    assert account.requests == [POST, GET]


def test_a_tracking_of_another_carrier(account: Account, journal: Journal) -> None:
    """It has the same number, and is none of the import's."""
    account.add({**rows(1)[0], "carrier_code": "dhl"})
    account.time.advance(100)
    account.faults = ["unsent"]

    assert states(run_import(account.client(), rows(1), journal=journal)) == {"created": 1}


def test_a_row_that_a_response_leaves_out(account: Account, journal: Journal) -> None:
    """It is read, and was created."""
    account.faults = ["omitted"]

    assert states(run_import(account.client(), rows(3), journal=journal)) == {
        "created": 2,
        "adopted": 1,
    }
    assert account.requests == [POST, GET]


def test_a_row_that_is_never_listed(account: Account, journal: Journal) -> None:
    """It exists according to the second response, but nothing shows who created it."""
    account.faults = ["not listed"]
    report = run_import(account.client(), rows(3), journal=journal)

    assert states(report) == {"created": 2, "already_existed": 1}
    assert next(report.rows())["in_doubt"]
    assert account.requests == [POST, GET, POST, GET]


def test_a_row_that_no_response_names(account: Account, journal: Journal) -> None:
    """After three requests it is unknown, and the import goes on."""
    account.faults = ["not listed", "", "not listed", "", "not listed", ""]
    report = run_import(account.client(), rows(50), journal=journal)

    assert states(report) == {"created": 49, "unknown": 1}
    assert [row["index"] for row in report.failed()] == [0]
    assert account.requests == [POST, GET] * 3 + [POST]


def test_a_rate_limit_that_is_longer_than_the_lease(account: Account, journal: Journal) -> None:
    """The lease is renewed while the import waits."""
    account.faults = ["429/100"]
    account.time.watchers.append(lambda: expect_in_use(journal))

    assert states(run_import(account.client(), rows(2), journal=journal)) == {"created": 2}
    assert account.requests == [POST, POST]
    assert account.time.waits == [20.0] * 5
