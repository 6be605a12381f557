import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from trackingmore_v2_sandbox import SqliteStore, StoreError
from trackingmore_v2_sandbox.store import Filters, Parcel, Usage

EVERYTHING = Filters()


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """Open a store in memory."""
    store = SqliteStore()
    yield store
    store.close()


def parcel(number: str = "12345", **fields: object) -> Parcel:
    """Make up a parcel."""
    return Parcel(account="a", carrier_code="usps", tracking_number=number, created_at=1, **fields)  # type: ignore[arg-type]


def test_a_parcel_comes_back_as_it_was(store: SqliteStore) -> None:
    """Every field survives, nulls and truth values included."""
    plain = parcel()
    full = parcel(
        "67890",
        title="\x00 \U0001f4e6",
        ordered_at=2**40,
        archived=True,
        status="exception",
        looked_at=0,
        stopped_at=5,
    )
    with store.transaction(write=True):
        store.insert(plain)
        store.insert(full)

    assert store.find("a", "usps", "12345") == plain
    assert store.search("a", EVERYTHING) == [full, plain]


def test_a_failed_transaction_leaves_nothing(store: SqliteStore) -> None:
    """Whatever happened before the failure is undone."""

    def fail() -> None:
        with store.transaction(write=True):
            store.insert(parcel())
            store.charge(parcel())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert store.count("a", EVERYTHING) == 0
    assert store.usage("a") == Usage()
    with store.transaction(write=True):
        store.insert(parcel())
    assert store.count("a", EVERYTHING) == 1


def test_a_parcel_is_charged_once(store: SqliteStore) -> None:
    """A second charge for the same pair costs nothing, and neither does a free one."""
    store.charge(parcel())
    store.charge(parcel())
    store.charge(parcel("67890"), free=True)
    store.charge(parcel("67890"))
    store.count_detection("a")

    assert store.usage("a") == Usage(trackings=1, detections=1)
    assert store.has_paid(parcel("67890"))
    assert not store.has_paid(parcel("00000"))


def test_a_file_keeps_everything(tmp_path: Path) -> None:
    """What was stored is there when the file is opened again."""
    path = tmp_path / "sandbox.sqlite3"
    for expected in (0, 1):
        store = SqliteStore(path)
        assert store.count("a", EVERYTHING) == expected
        with store.transaction(write=True):
            store.insert(parcel(f"1234{expected}"))
        store.close()

    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_file_is_shared_safely(tmp_path: Path) -> None:
    """Two stores on one file see what the other has committed, in write-ahead mode."""
    path = str(tmp_path / "sandbox.sqlite3")
    one, two = SqliteStore(path), SqliteStore(path)
    with one.transaction(write=True):
        one.insert(parcel())
        assert two.count("a", EVERYTHING) == 0

    assert two.count("a", EVERYTHING) == 1
    one.close()
    two.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
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
    with pytest.raises(StoreError, match="another program"):
        SqliteStore(foreign)
    assert text.read_text() == "not a database" * 100
    assert foreign.read_bytes() == before


def test_a_file_of_a_newer_sandbox_is_refused(tmp_path: Path) -> None:
    """An older sandbox does not guess what a newer one wrote."""
    path = tmp_path / "sandbox.sqlite3"
    SqliteStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1000")
    connection.close()

    with pytest.raises(StoreError, match="newer"):
        SqliteStore(path)
