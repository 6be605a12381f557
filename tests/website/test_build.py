"""What a build replaces."""

from pathlib import Path

import pytest

from website.build import SiteError, require_replaceable


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """A mistaken folder, such as that of the project, is not deleted; neither is a file."""
    (tmp_path / "thesis.txt").write_text("words")

    for path in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(SiteError, match="is no site"):
            require_replaceable(path)


def test_a_new_folder_and_a_site_are_replaced(tmp_path: Path, site: Path) -> None:
    """What does not exist, is empty or is an older site needs no question."""
    for path in (tmp_path / "new", tmp_path, site):
        require_replaceable(path)
