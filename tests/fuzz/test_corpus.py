"""Inputs that are kept: a few that reach much, and each that once found a fault."""

from pathlib import Path

import pytest

from tests.fuzz.hostile.choose import LARGEST, MOST, choose
from tests.fuzz.hostile.corpus import CORPUS, kept
from tests.fuzz.hostile.targets import TARGETS

KEPT = [path for target in TARGETS.values() for path in kept(target)]


@pytest.mark.parametrize("path", KEPT, ids=[str(path.relative_to(CORPUS)) for path in KEPT])
def test_what_was_found_stays_found(path: Path) -> None:
    """No input that is kept raises anything any more."""
    TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_what_makes_sense_is_read(name: str) -> None:
    """No documented payload and no other beginning raises anything."""
    for data in TARGETS[name].seeds():
        TARGETS[name].run(data)


def test_the_corpus_stays_small() -> None:
    """Each folder belongs to a target, and holds a few small files."""
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)
    for target in TARGETS.values():
        assert 1 <= len(kept(target)) <= MOST
    assert [path for path in KEPT if path.stat().st_size > LARGEST] == []


def test_what_reaches_more_is_chosen() -> None:
    """Inputs that take no new step are not kept, nor are large ones."""
    target = TARGETS["scenarios"]
    program, longer = b"SANDBOX-TRANSIT-2H-DELIVERED", b"SANDBOX-TRANSIT-2H-DELIVERED_1"
    offered = [b"", longer, b"?", program, b"SANDBOX-" + b"A" * LARGEST]

    assert choose(target, [], offered, most=1) == [longer]
    assert choose(target, [longer], [program, longer, b"?"], most=9) == [b"?"]
