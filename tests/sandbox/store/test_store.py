import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.sandbox.databases import Database, new_schema
from trackingmore_v2_sandbox import SqliteStore, StoreError
from trackingmore_v2_sandbox.store import migrations
from trackingmore_v2_sandbox.store.factory import open_store, without_password
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    Standing,
    TrackingFilter,
    TrackingRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.store.sql import BLOCK, Store, StoreUnavailable

EVERYTHING = TrackingFilter()


def tracking(number: str = "12345", **fields: Any) -> TrackingRecord:
    """Return a tracking."""
    return TrackingRecord(
        account="a", carrier_code="usps", tracking_number=number, created_at=1, **fields
    )


def delivery(delivery_id: str, due_at: int | None = 5, **fields: Any) -> DeliveryRecord:
    """Return a delivery."""
    return DeliveryRecord(
        account="a",
        id=delivery_id,
        target_id="t",
        tracking_id="p",
        status="transit",
        created_at=1,
        due_at=due_at,
        body="{}",
        **fields,
    )


@contextmanager
def older_version(version: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open stores with the schema of an older version."""
    with monkeypatch.context() as older:
        older.setattr(migrations, "_SCRIPTS", vars(migrations)["_SCRIPTS"][:version])
        older.setattr(migrations, "VERSION", version)
        yield


def test_a_tracking_is_stored_unchanged(store: Store) -> None:
    """Every field survives, nulls and truth values included, and any text."""
    plain = tracking()
    full = tracking(
        "67890",
        title="\x00 \x1a0 \x1a \U0001f4e6 %s ? \\ '",
        ordered_at=2**40,
        archived=True,
        status="exception",
        polled_at=0,
        stopped_at=5,
        seen_status="exception",
        due_at=2**40,
        first_poll=7,
        poll_interval=3600,
        last_poll=2**40,
        extra_poll=9,
    )
    with store.transaction(write=True):
        store.insert(plain)
        store.insert(full)

    assert store.find("a", "usps", "12345") == plain
    assert store.search("a", EVERYTHING) == [full, plain]
    found = store.find("a", "usps", "67890")
    assert found is not None
    assert found.archived is True


def test_many_trackings_are_added_at_once(store: Store) -> None:
    """They come back as they were and in their order, of several accounts, alike or not."""
    many = [
        tracking(f"number{index}", title="x" if index == 700 else None, archived=index % 2 == 1)
        for index in range(701)
    ]
    others = [replace(each, account="b", due_at=5) for each in many[:3]]
    store.insert(*many[:600], *others, *many[600:])

    assert store.search("a", EVERYTHING)[::-1] == many
    assert store.search("b", EVERYTHING)[::-1] == others
    assert (store.count("a", EVERYTHING), store.count("b", EVERYTHING)) == (701, 3)


def test_a_tracking_is_changed_and_moved(store: Store) -> None:
    """It takes the place of the one before, also under another carrier, and can be removed."""
    old, other = tracking(), tracking("67890")
    store.insert(old, other)
    changed = replace(old, title="shoes", archived=True)
    store.replace(old, changed)
    assert store.search("a", EVERYTHING) == [other, changed]

    moved = replace(changed, carrier_code="ups", title=None)
    store.replace(changed, moved)
    assert store.search("a", EVERYTHING) == [other, moved]
    assert store.find("a", "usps", "12345") is None

    store.delete(moved)
    assert store.search("a", EVERYTHING) == [other]


def test_every_other_record_is_stored_unchanged(store: Store) -> None:
    """Accounts, targets, deliveries and fault plans can be saved, saved again, and found."""
    account = AccountRecord("a", "beef", 3, 4, 5, 6, 7, 0.25, 8, True, '{"x":"?%"}', True, True)  # noqa: FBT003 - all of them
    target = WebhookTarget(
        "a", "t", "http://x", ("transit", "delivered"), callback=False, form="2017", re_sign=False
    )
    sent = delivery("1", None, attempt=3, state="delivered", attempts="[1]")
    plan = FaultPlanRecord("p", "a", "[]", 2**62, 0.5)
    with store.transaction(write=True, account="a"):
        for _ in range(2):
            store.save_account(account)
            store.save_target(target)
            store.save_delivery(sent)
            store.save_plan(plan)

    assert (store.find_account("a"), store.accounts()) == (account, [account])
    assert (store.targets("a"), store.targets("b")) == ([target], [])
    assert (store.find_delivery("a", "1"), store.deliveries("a")) == (sent, [sent])
    assert (store.find_plan("p"), store.plans("a")) == (plan, [plan])
    store.delete_target(target)
    store.delete_plan(plan)
    assert (store.targets("a"), store.plans("a"), store.find_plan("p")) == ([], [], None)
    assert store.find_account("b") is None
    assert store.find_delivery("b", "1") is None


def test_an_account_is_erased_alone(store: Store) -> None:
    """Nothing of it stays, and the others keep everything."""
    for name in ("a", "b"):
        owned = replace(tracking(), account=name)
        gone = replace(owned, tracking_number="gone")
        store.charge(name, 1)
        store.insert(owned, gone)
        store.delete(gone)
        store.save_target(WebhookTarget(name, "t", "http://x"))
        store.save_delivery(replace(delivery("1"), account=name))
        store.save_plan(FaultPlanRecord(f"plan of {name}", name))
    store.erase("a")

    assert store.accounts() == [AccountRecord("b", trackings=1)]
    for name, count in (("a", 0), ("b", 1)):
        assert len(store.search(name, EVERYTHING)) == count
        assert len(store.charges(name)) == count
        assert len(store.targets(name)) == count
        assert len(store.deliveries(name)) == count
        assert len(store.plans(name)) == count


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    """Whatever happened before the failure is undone."""

    def fail() -> None:
        with store.transaction(write=True, account="a"):
            store.insert(tracking())
            store.charge("a", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert store.count("a", EVERYTHING) == 0
    assert store.find_account("a") is None
    with store.transaction(write=True):
        store.insert(tracking())
    assert store.count("a", EVERYTHING) == 1


def test_what_was_used_is_added_up(store: Store) -> None:
    """Trackings and detections are counted apart."""
    store.charge("a", 2)
    store.charge("a", 1)
    store.count_detection("a")

    assert store.find_account("a") == AccountRecord("a", trackings=3, detections=1)


def test_a_pair_stays_charged(store: Store) -> None:
    """It is while it is followed, and when it was deleted or moved, and then on."""
    store.insert(*map(tracking, ("deleted", "moved", "tracked")))
    store.delete(tracking("deleted"))
    store.replace(tracking("moved"), replace(tracking("moved"), carrier_code="ups"))
    store.add_charges("a", [("dhl", "99999")])
    store.insert(tracking("deleted"))
    store.delete(tracking("deleted"))
    expected = {
        ("usps", "tracked"): Standing.TRACKED,
        ("ups", "moved"): Standing.TRACKED,
        ("usps", "moved"): Standing.CHARGED,
        ("usps", "deleted"): Standing.CHARGED,
        ("dhl", "99999"): Standing.CHARGED,
        ("usps", "00000"): Standing.UNKNOWN,
        ("dhl", "tracked"): Standing.UNKNOWN,
    }

    assert {pair: store.standing("a", *pair) for pair in expected} == expected
    assert {store.standing("b", *pair) for pair in expected} == {Standing.UNKNOWN}
    assert store.charges("a") == [("dhl", "99999"), ("usps", "deleted"), ("usps", "moved")]


def test_the_earliest_change_comes_first(store: Store) -> None:
    """Trackings become due by their moment, and at the same moment in the order they were added."""
    store.insert(
        tracking("aaaaa", due_at=7),
        tracking("bbbbb", due_at=5),
        tracking("ccccc", due_at=5),
        tracking("ddddd", due_at=4),
        tracking(),
    )
    order = []
    while due := store.next_due_tracking("a", 6):
        order.append(due.tracking_number)
        store.replace(due, replace(due, due_at=None))

    assert order == ["ddddd", "bbbbb", "ccccc"]
    assert store.next_due("a") == 7
    assert store.next_due("b") is None
    store.save_delivery(delivery("1", 6))
    store.save_delivery(delivery("2", None))
    assert store.next_due("a") == 6


def test_filters_apply_to_the_visible_state(store: Store) -> None:
    """By status, and by the last query: a regular one up to a time, or a later one."""
    schedule: dict[str, Any] = {"first_poll": 100, "poll_interval": 10}
    store.insert(
        tracking("never"),
        tracking("before", **schedule, last_poll=None, extra_poll=130),
        tracking("scheduled", **schedule, last_poll=200, seen_status="transit"),
        tracking("ended", **schedule, last_poll=120, seen_status="transit"),
        tracking("besides", **schedule, last_poll=200, extra_poll=133, seen_status="expired"),
    )

    def found(now: int, **filters: Any) -> list[str]:
        return [
            each.tracking_number for each in store.search("a", TrackingFilter(now=now, **filters))
        ]

    assert found(0, status="transit") == ["ended", "scheduled"]
    assert found(139, polled_min=130) == ["besides", "scheduled", "before"]
    assert found(139, polled_max=130) == ["ended", "scheduled", "before", "never"]
    assert found(139, polled_min=120, polled_max=120) == ["ended"]
    assert found(145, polled_min=134) == ["besides", "scheduled"]
    assert found(99, polled_min=0) == ["besides", "before"]
    assert found(999, polled_min=200) == ["besides", "scheduled"]
    assert store.count_by_status("a", EVERYTHING) == {"pending": 2, "transit": 2, "expired": 1}
    assert store.count("a", TrackingFilter(status="transit", numbers=("scheduled",))) == 1


def test_every_page_is_part_of_the_whole(store: Store) -> None:
    """Pages from either end and the middle are what a slice of everything would be."""
    store.insert(*(tracking(f"number{index}", archived=index % 3 == 0) for index in range(11)))
    for filters in (EVERYTHING, TrackingFilter(archived=False)):
        everything = store.search("a", filters)
        for limit in (1, 3, 4, 20):
            for offset in range(13):
                page = store.search("a", filters, limit=limit, offset=offset)
                assert page == everything[offset : offset + limit]


def test_the_count_of_all_is_kept(store: Store) -> None:
    """Whatever is added, moved, deleted or erased, the number that is kept is that of the rows."""

    def counts() -> tuple[int, int]:
        everything = store.search("a", EVERYTHING)
        assert store.count("a", EVERYTHING) == store.count("a", TrackingFilter(created_min=0))
        assert store.count("a", EVERYTHING) == len(everything)
        return store.count("a", EVERYTHING), store.count("b", EVERYTHING)

    first, other = tracking("first"), replace(tracking("first"), account="b")
    store.insert()
    assert counts() == (0, 0)
    store.insert(first, other, tracking("second"))
    store.insert(tracking("third"))
    assert counts() == (3, 1)
    moved = replace(first, carrier_code="ups")
    store.replace(first, moved)
    store.delete(moved)
    store.delete(moved)
    assert counts() == (2, 1)
    store.erase("a")
    assert counts() == (0, 1)


def test_a_target_is_claimed_once(store: Store) -> None:
    """Its deliveries are given out one at a time, in order; other targets do not wait."""
    for name, due_at in (("late", 9), ("b", 3), ("c", 3), ("a", 2)):
        store.save_delivery(delivery(name, due_at))
    store.save_delivery(replace(delivery("other", 5), target_id="other"))

    def claim(target_id: str = "t") -> str | None:
        with store.transaction(write=True, account="a"):
            claimed = store.claim_delivery("a", target_id, 5)
        return claimed.id if claimed else None

    assert store.next_deliveries("a") == {"t": 2, "other": 5}
    for name in ("a", "b", "c"):
        assert (claim(), claim()) == (name, None)
        store.save_delivery(replace(delivery(name, 1), due_at=None))
        store.release_target("a", "t")
    assert claim() is None
    assert claim("other") == "other"
    assert store.next_deliveries("a") == {"t": 9, "other": 5}
    store.release_target("a", "other")
    assert claim("other") == "other"


def test_a_rollback_ends_its_claims(store: Store) -> None:
    """Earlier claims stay."""
    for target_id in ("kept", "undone"):
        store.save_delivery(replace(delivery(target_id, 1), target_id=target_id))

    def claim(target_id: str, error: Exception | None = None) -> bool:
        with suppress(ZeroDivisionError), store.transaction(write=True, account="a"):
            claimed = store.claim_delivery("a", target_id, 1)
            if error:
                raise error
        return bool(claimed)

    assert claim("kept")
    assert claim("undone", ZeroDivisionError())
    assert not claim("kept")
    assert claim("undone")


def test_a_database_keeps_everything(database: Database) -> None:
    """What was stored is there when it is opened again."""
    if database.kind == "memory":
        return
    for expected in (0, 1):
        with database.open() as store:
            assert store.count("a", EVERYTHING) == expected
            with store.transaction(write=True):
                store.insert(tracking(f"1234{expected}"))


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_database_is_shared_safely(database: Database) -> None:
    """Two stores on one database see what the other has committed, and nothing before."""
    with ExitStack() as stack:
        one, two = (stack.enter_context(database.open()) for _ in range(2))
        with one.transaction(write=True):
            one.insert(tracking())
            assert two.count("a", EVERYTHING) == 0

        assert two.count("a", EVERYTHING) == 1


def test_a_file_is_of_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one is refused, since both would send the same webhooks."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", partial(connect, timeout=0))
    with (
        closing(SqliteStore(tmp_path / "sandbox.sqlite3")),
        pytest.raises(StoreError, match="another process uses the file"),
    ):
        SqliteStore(tmp_path / "sandbox.sqlite3")
    SqliteStore(tmp_path / "sandbox.sqlite3").close()


def test_accounts_are_remembered_until_a_row_changes() -> None:
    """What a transaction changed and undid is not remembered."""
    with closing(SqliteStore()) as store:
        assert store.find_account("a") is None
        with suppress(ZeroDivisionError), store.transaction(write=True):
            store.charge("a", 1)
            assert store.find_account("a") == AccountRecord("a", trackings=1)
            raise ZeroDivisionError
        assert store.find_account("a") is None
        with store.transaction(write=True):
            store.count_detection("a")
        assert store.find_account("a") == AccountRecord("a", detections=1)


def test_a_file_is_one_file(tmp_path: Path) -> None:
    """It is in write-ahead mode, and nothing else is left beside it."""
    path = tmp_path / "sandbox.sqlite3"
    SqliteStore(path).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()

    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_file_of_the_first_version_is_migrated(tmp_path: Path) -> None:
    """Its trackings, and what they cost, are kept, and what is seen of them is due to be stored."""
    path = tmp_path / "sandbox.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "version1.sql").read_text())
    connection.close()

    store = SqliteStore(path)
    kept = tracking(title="shoes", archived=True, polled_at=7, due_at=1)
    assert store.search("a", EVERYTHING) == [kept]
    assert store.count("a", EVERYTHING) == 1
    assert store.find_account("a") == AccountRecord("a", trackings=2, detections=1)
    assert store.standing("a", kept.carrier_code, kept.tracking_number) is Standing.TRACKED
    store.close()


def test_trackings_of_an_older_version_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In all, by status, and by block, so that pages are found."""
    path, size = tmp_path / "sandbox.sqlite3", BLOCK + 1000
    with older_version(5, monkeypatch):
        SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO trackings (account, carrier_code, tracking_number, created_at, archived)"
            " VALUES (?, 'usps', ?, 1, ?)",
            ((migrations.number_of("a"), f"number{index}", index == 7) for index in range(size)),
        )

    with closing(SqliteStore(path)) as store:
        assert store.count_by_status("a", EVERYTHING) == {"pending": size}
        (page,) = store.search("a", EVERYTHING, offset=2000, limit=1)
        assert page.tracking_number == f"number{size - 2001}"
        (archived,) = store.search("a", TrackingFilter(archived=True))
        assert archived.tracking_number == "number7"
        store.delete(archived)
        assert store.count("a", EVERYTHING) == size - 1


def test_targets_of_an_older_version_have_the_default_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current form, with retries that are signed anew."""
    path, target = tmp_path / "sandbox.sqlite3", WebhookTarget("a", "t", "http://x", callback=False)
    with older_version(3, monkeypatch):
        SqliteStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO webhook_targets"
        " (account, id, url, statuses, version, callback, duplicate, reorder, delay_seconds)"
        " VALUES ('a', 't', 'http://x', '[]', '2', FALSE, FALSE, FALSE, 0)"
    )
    connection.commit()
    connection.close()

    store = SqliteStore(path)
    assert store.targets("a") == [target]
    store.close()


def test_a_path_that_cannot_be_opened_is_rejected(tmp_path: Path) -> None:
    """A missing folder, a folder, and a path that no system knows."""
    for path in (tmp_path / "missing" / "x.sqlite3", tmp_path, "\x00"):
        with pytest.raises(StoreError):
            SqliteStore(path)


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    """Neither a text nor the database of another program is touched."""
    text = tmp_path / "notes.txt"
    text.write_text("not a database" * 100)
    foreign = tmp_path / "foreign.sqlite3"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.commit()
    connection.close()
    before = foreign.read_bytes()

    with pytest.raises(StoreError, match="not a database"):
        SqliteStore(text)
    with pytest.raises(StoreError, match="not a sandbox database"):
        SqliteStore(foreign)
    assert text.read_text() == "not a database" * 100
    assert foreign.read_bytes() == before


def test_a_file_of_a_newer_sandbox_is_rejected(tmp_path: Path) -> None:
    """An older sandbox does not guess what a newer one wrote."""
    path = tmp_path / "sandbox.sqlite3"
    SqliteStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1000")
    connection.close()

    with pytest.raises(StoreError, match="newer"):
        SqliteStore(path)


def test_a_location_without_a_scheme_is_a_file(tmp_path: Path) -> None:
    """A path is opened as a file, also one given as text."""
    for path in (tmp_path / "one", str(tmp_path / "two")):
        open_store(path).close()

    assert sorted(file.name for file in tmp_path.iterdir()) == ["one", "two"]


@pytest.mark.parametrize(
    "url", ["mysql://me:secret@host/x", "sqlite:///x", "postgresql+psycopg://secret@h"]
)
def test_an_unknown_kind_of_url_is_rejected(url: str) -> None:
    """It is not the name of a file; the message names the scheme, and no password."""
    with pytest.raises(StoreError, match=r"SQLite file.* postgresql://") as error:
        open_store(url)

    assert "secret" not in str(error.value) + without_password(url)
    assert str(error.value).startswith(url.partition("/")[0])


@pytest.mark.parametrize("rest", ["me:sec/ret@h/d", "me:sec?ret@h/d", "h/d?password=sec@ret"])
def test_the_name_of_a_database_never_shows_a_part_of_the_password(rest: str) -> None:
    """Also if it was not encoded."""
    name = without_password(f"postgresql://{rest}")

    assert name in {"postgresql://h/d", "postgresql://..."}


def test_a_server_that_cannot_be_reached_is_one_clear_line() -> None:
    """The line says why, and never shows the password."""
    url = "postgresql://me:secret@127.0.0.1:1/sandbox?password=secret"
    with pytest.raises(StoreError, match="refused") as error:
        open_store(url)

    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)
    assert without_password(url) == "postgresql://127.0.0.1:1/sandbox"


def test_a_missing_database_is_rejected(postgres_url: str) -> None:
    """One that does not exist is not created."""
    with pytest.raises(StoreError, match="does not exist"):
        PostgresStore(make_conninfo(postgres_url, dbname="no_such_database"))


def test_a_schema_of_a_newer_sandbox_is_rejected(postgres_url: str) -> None:
    """An older sandbox does not guess what a newer one wrote."""
    with new_schema(postgres_url) as name:
        PostgresStore(postgres_url, name).close()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            table = sql.Identifier(name, "schema_version")
            connection.execute(sql.SQL("UPDATE {} SET version = 1000").format(table))
        with pytest.raises(StoreError, match="newer"):
            PostgresStore(postgres_url, name)


def test_a_lost_connection_is_restored(postgres_url: str) -> None:
    """After the server has closed it, the next transaction but one opens another one."""
    with new_schema(postgres_url) as name:
        store = PostgresStore(make_conninfo(postgres_url, application_name=name), name)
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s",
                (name,),
            )
        with pytest.raises(StoreUnavailable), store.transaction(write=False):
            store.accounts()
        with store.transaction(write=True, account="a"):
            store.insert(tracking())
        assert store.count("a", EVERYTHING) == 1
        store.close()
