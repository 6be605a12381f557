"""Stored inputs: a few with high coverage, and each that once failed."""

from pathlib import Path

import pytest

from tests.fuzz.hostile.corpus import CORPUS, TARGETS, replay
from trackingmore_v2_sandbox import SettableClock, SqliteStore
from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.admin.snapshots import restore, take_snapshot
from trackingmore_v2_sandbox.core.time_engine import TimeEngine

STORED = [path for target in TARGETS.values() for path in target.stored()]


@pytest.mark.parametrize("path", STORED, ids=[str(path.relative_to(CORPUS)) for path in STORED])
def test_stored_inputs_do_not_fail(path: Path) -> None:
    """No stored input raises an exception."""
    replay(path)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_do_not_fail(name: str) -> None:
    """No documented payload and no other seed raises an exception."""
    for data in TARGETS[name].seeds():
        TARGETS[name].run(data)


def test_the_corpus_is_small() -> None:
    """Each folder belongs to a target, and contains a few small files."""
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)
    for target in TARGETS.values():
        assert 1 <= len(target.stored()) <= 40
    assert max(path.stat().st_size for path in STORED) <= 5_000


@pytest.mark.parametrize("name", ["account-with-everything", "two-trackings"])
def test_stored_snapshots_are_current(name: str) -> None:
    """The seeds of snapshots are restored, and have all fields of the format."""
    store, snapshot = SqliteStore(), (CORPUS / "snapshots" / name).read_bytes()

    for _ in restore(TimeEngine(store, SettableClock(moment_of(0))), "a", snapshot):
        pass

    assert take_snapshot(store, "a") == snapshot
