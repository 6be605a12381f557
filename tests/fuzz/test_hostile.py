"""Mutated inputs for each target, and what the runner reports."""

import os
from pathlib import Path

import pytest

from tests.fuzz.hostile import corpus, runner
from tests.fuzz.hostile.corpus import TARGETS, Target
from tests.fuzz.profile import PROFILE


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_inputs_do_not_fail(name: str, tmp_path: Path) -> None:
    """No mutation of a seed or of a stored input raises an exception."""
    inputs = (PROFILE.examples or 20) * (1 if name == runner.WHOLE else 10)
    result = runner.run_batch(TARGETS[name], PROFILE.seed or 0, 0, inputs, tmp_path)

    assert (result.inputs, result.files) == (inputs, [])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_all_inputs_are_distributed() -> None:
    """Every parser gets a share, and no input is lost in rounding."""
    shares = runner.shares(1_000_003)

    assert sum(shares.values()) == 1_000_003
    assert shares.keys() == TARGETS.keys() - {runner.WHOLE}
    assert min(shares.values()) > 10_000


def test_a_seed_determines_the_inputs(tmp_path: Path) -> None:
    """Another seed or another batch gives other inputs."""
    seen: list[bytes] = []
    target = Target("test", seen.append, lambda: [b'{"a":[1,"b"]}', b"[]"], [b"token"])
    for seed, start in ((1, 0), (1, 0), (1, 500), (2, 0)):
        runner.run_batch(target, seed, start, start + 500, tmp_path)
    first, again, *others = (seen[start : start + 500] for start in range(0, 2000, 500))

    assert first == again
    assert first not in others
    assert len(set(first)) > 300
    assert any(b"token" in data for data in first)


def fail(data: bytes) -> None:
    """Fail in three ways."""
    if b"exit" in data:
        os._exit(1)
    assert b"fail" not in data
    data.decode()


def seeds() -> list[bytes]:
    """Return one seed."""
    return [b"seed"]


TARGET = Target("test", fail, seeds, [b"fail", b"\xff"])


def test_an_input_of_each_failure_is_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file is named by the failure, and its input raises the same exception again."""
    monkeypatch.setattr(corpus, "TARGETS", {"test": TARGET})
    result = runner.run_batch(TARGET, 1, 0, 6000, tmp_path)
    files = {path.name.partition("-")[0]: path for path in result.files}

    assert result.inputs == 6000
    assert files.keys() == {"AssertionError", "UnicodeDecodeError"}
    assert len(result.files) == 2
    with pytest.raises(AssertionError):
        corpus.replay(files["AssertionError"])
    with pytest.raises(UnicodeDecodeError):
        corpus.replay(files["UnicodeDecodeError"])


def test_an_input_that_ends_its_process_is_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The crash of a process is a failure, and its batch does not count as run."""
    monkeypatch.setattr(runner, "TARGETS", {"test": TARGET._replace(tokens=[b"exit"])})
    (result,) = runner.run(1, {"test": 6000}, tmp_path, processes=1)
    (path,) = result.files

    assert result.inputs < 6000
    assert path.name == "ProcessCrash-0"
    assert b"exit" in path.read_bytes()
    assert runner.table([result]).splitlines()[1].split()[::5] == ["test", "1"]


def test_a_run_reports_the_inputs_of_each_target(tmp_path: Path) -> None:
    """Nothing is left of an earlier run that was stopped, nor of inputs that did not fail."""
    current = tmp_path / "current" / "faults" / "7"
    current.parent.mkdir(parents=True)
    current.touch()
    results = runner.run(1, {"faults": 30, "scenarios": 20}, tmp_path, processes=1)

    assert [(it.target, it.inputs, it.files) for it in results] == [
        ("faults", 30, []),
        ("scenarios", 20, []),
    ]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
