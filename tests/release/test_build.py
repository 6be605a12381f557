"""What a build leaves behind, above all if it stops."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from release import build
from tests.release.running import ROOT

OLD = "trackingmore_v2-0.0.9.tar.gz"
NEW = ["trackingmore_v2-0.1.0-py3-none-any.whl", "trackingmore_v2-0.1.0.tar.gz"]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a folder with new archives."""
    folder = tmp_path / "made"
    folder.mkdir()
    for name in NEW:
        (folder / name).write_text(name, encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a folder with an older archive, and a file of someone else."""
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in (OLD, "notes.txt"):
        (folder / name).write_text("old", encoding="utf-8")
    return folder


def names(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_archives_replace_earlier_ones(made: Path, out: Path) -> None:
    """Other files stay."""
    found = build.replace_archives(made, out)

    assert [path.read_text(encoding="utf-8") for path in found] == NEW
    assert names(out) == ["notes.txt", *NEW]


def test_an_interruption_leaves_the_earlier_archives(
    made: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no part of a new one."""

    def interrupt(_source: Path, target: Path | str) -> None:
        Path(target, "part").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copy", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build.replace_archives(made, out)

    assert names(out) == ["notes.txt", OLD]


def test_without_npm_one_line_says_what_to_do(tmp_path: Path) -> None:
    """Before anything is built."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "release.build", str(tmp_path / "dist")],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        text=True,
    )

    assert done.stderr.splitlines() == [
        "npm is not installed; install it, or build without documentation: --without-docs"
    ]
    assert (done.returncode, done.stdout) == (1, "")
    assert names(tmp_path) == []
