"""The machinery of hostile bytes: it makes the same inputs again, and lets no fault go unseen."""

import os
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.hostile import corpus, replay, storm
from tests.fuzz.hostile.mutator import JSON_TOKENS, LONGEST, Mutator
from tests.fuzz.hostile.storm import Done, Lot, gather, lots, run_lot, shares
from tests.fuzz.hostile.target import Target
from tests.fuzz.hostile.targets import TARGETS
from tests.fuzz.profile import PROFILE


def inputs(seed: int) -> list[bytes]:
    """Build some inputs."""
    mutator = Mutator(Random(seed), [b'{"a":[1,"b"]}', b"[]"], [b"token"])  # noqa: S311 - no secret
    return [mutator.make() for _ in range(500)]


def test_the_same_seed_makes_the_same_inputs() -> None:
    """And another one makes others, most of them made once."""
    assert inputs(1) == inputs(1)
    assert len(set(inputs(1)) - set(inputs(2))) > 300
    assert max(map(len, inputs(1))) <= LONGEST
    assert any(b"token" in data for data in inputs(1))
    assert any(JSON_TOKENS[-1] in data for data in inputs(1))


def test_every_parser_has_its_share() -> None:
    """The whole sandbox, which is no parser, is not counted as one; nothing is lost in rounding."""
    given = shares(1_000_003)

    assert sum(given.values()) == 1_000_003
    assert given.keys() == TARGETS.keys() - {storm.WHOLE}
    assert min(given.values()) > 10_000
    assert [lot.inputs for lot in lots(7, {"answers": 11_000})] == [5000, 5000, 1000]


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_bytes_do_no_harm(name: str) -> None:
    """Nothing that is made of what makes sense raises what it should not."""
    wanted = PROFILE.examples or 20
    done = run_lot(Lot(name, PROFILE.seed or 0, 0, wanted if name == storm.WHOLE else 10 * wanted))

    assert [fault.text for fault in done.faults] == []


def fragile(data: bytes) -> None:
    """Fail in two ways."""
    assert b"boom" not in data
    data.decode()


def test_what_fails_is_kept_and_fails_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One input for each fault, as a file that `replay` runs again, with what was raised."""
    planted = Target("planted", fragile, lambda: [b"fine"], (b"boom", b"\xff"))
    for module in (storm, corpus):
        monkeypatch.setattr(module, "TARGETS", {"planted": planted})
    done = [run_lot(lot) for lot in lots(1, {"planted": 6000})]
    result = gather("planted", done, tmp_path)
    run = ["replay", *map(str, result.files)]
    monkeypatch.setattr("sys.argv", run)

    assert result.inputs == 6000
    assert [path.name.partition("-")[0] for path in result.files] == [
        "AssertionError",
        "UnicodeDecodeError",
    ]
    assert replay.main() == 1
    told = capsys.readouterr().out
    assert "AssertionError" in told
    assert "UnicodeDecodeError" in told
    assert "planted" in storm.table([result])


def deadly(data: bytes) -> None:
    """End the process."""
    if b"boom" in data:
        os._exit(1)


def run_deadly(lot: Lot, folder: Path) -> Done:
    """Run a lot of another target, in a process of its own."""
    planted = Target(lot.target, deadly, lambda: [b"fine"], (b"boom",))
    pytest.MonkeyPatch().setattr(storm, "TARGETS", {lot.target: planted})
    return run_lot(lot, folder)


def test_an_input_that_ends_its_process_is_kept(tmp_path: Path) -> None:
    """What was run just then is a fault, and the rest is not counted as run."""
    (result,) = storm.storm(1, {"answers": 6000}, tmp_path, processes=1, run=run_deadly)
    (path,) = result.files

    assert result.inputs < 6000
    assert b"boom" in path.read_bytes()
    assert path.name.startswith("ProcessDied-")
    assert "alone" in (tmp_path / f"answers-{path.name}.txt").read_text(encoding="utf-8")


def test_nothing_is_left_of_what_ran_well(tmp_path: Path) -> None:
    """Nor is an input of an earlier run taken for one of this."""
    old = tmp_path / "running" / "answers" / "7"
    old.parent.mkdir(parents=True)
    old.touch()
    (result,) = storm.storm(1, {"answers": 20}, tmp_path, processes=1)

    assert (result.inputs, result.files) == (20, ())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_lot_holds_the_same_inputs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever process runs it, and whenever; another number or seed gives other inputs."""
    seen: list[bytes] = []
    monkeypatch.setattr(
        storm, "TARGETS", {"planted": Target("planted", seen.append, lambda: [b"x"])}
    )
    lots = [Lot("planted", 1, 0, 50), Lot("planted", 1, 0, 50)]
    lots += [Lot("planted", 1, 1, 50), Lot("planted", 2, 0, 50)]
    for lot in lots:
        run_lot(lot)
    first, again, *others = (seen[start : start + 50] for start in range(0, 200, 50))

    assert first == again
    assert first not in others


def test_inputs_are_replayed_by_their_folder(tmp_path: Path) -> None:
    """A file that lies elsewhere cannot be taken for anything."""
    with pytest.raises(ValueError, match="the folder of no target"):
        corpus.target_of(tmp_path / "x")
    path = next(islice(corpus.kept(TARGETS["answers"]), 1))
    assert corpus.target_of(path) is TARGETS["answers"]
