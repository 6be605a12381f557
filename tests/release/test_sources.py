"""The files that archives are made from."""

from pathlib import Path

import pytest

from release.sources import copy_sources, source_files
from tests.release.trees import commit, write

FILES = {".gitignore": "*.log\n__pycache__/\n/dist/\n", "a.py": "", "package/b.py": ""}
STRAY = {"a.log": "", "dist/c.whl": "", "package/__pycache__/b.pyc": ""}


def test_a_repository_has_what_git_tracks(tmp_path: Path) -> None:
    """Files that nobody has committed are not copied, and neither are those that are gone."""
    root = commit(tmp_path / "root", {**FILES, "gone.py": ""})
    write(root, {**STRAY, "new.py": "", "package/new.py": ""})
    (root / "gone.py").unlink()

    copy = copy_sources(root, tmp_path / "copy")

    assert source_files(root) == sorted(FILES)
    assert sorted(
        str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()
    ) == sorted(FILES)


def test_an_export_has_what_git_would_not_ignore(tmp_path: Path) -> None:
    """An unpacked sdist has a file more, which the next sdist writes itself."""
    root = write(tmp_path, {**FILES, **STRAY, "PKG-INFO": ""})

    assert source_files(root) == sorted(FILES)


@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_a_program_stays_one(tmp_path: Path, mode: int) -> None:
    """The mode of a file is copied."""
    root = write(tmp_path / "root", FILES)
    (root / "a.py").chmod(mode)

    assert copy_sources(root, tmp_path / "copy").joinpath("a.py").stat().st_mode & 0o777 == mode
