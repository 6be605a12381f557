"""The commands in a repository with releases, from the tag to the exit status."""

from pathlib import Path

import pytest

from release.history import VERSION_FILE, GitError, last_tag
from tests.release.running import ROOT, run
from tests.release.trees import commit, git

CONTRACT = "openapi.yaml"
COMMANDS = [str(path.relative_to(ROOT)) for path in (ROOT / "release").rglob("*.py")]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with the contract and the commands, and no tag."""
    for name in (CONTRACT, *COMMANDS):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((ROOT / name).read_bytes())
    version = tmp_path / VERSION_FILE
    version.parent.mkdir(parents=True)
    version.write_text('__version__ = "0.1.0"\n', encoding="utf-8")
    return commit(tmp_path)


def replace(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text in a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def compare(folder: Path, *arguments: str) -> tuple[list[str], int]:
    """Return the lines that the comparison of contracts prints, and its exit status."""
    done = run("release.contract_diff", *arguments, root=folder, path=str(folder))
    assert done.stderr == ""
    return done.stdout.splitlines(), done.returncode


def test_without_a_release_there_is_nothing_to_compare(repository: Path) -> None:
    """Before the first release the command succeeds, with one line."""
    line = "no release to compare with: HEAD has no tag of the form v1.2.3"

    assert compare(repository) == ([line], 0)


def test_a_release_is_judged_by_its_changes(repository: Path) -> None:
    """The version is compared with that of the last tag; a breaking change needs a minor step."""
    git(repository, "tag", "v0.1.0")
    unchanged = compare(repository)
    replace(repository, CONTRACT, "maxItems: 40", "maxItems: 30")
    change = "createTrackingBatch: maxItems of request body is now 30, was 40 (breaking)"
    head = [f"{CONTRACT} since v0.1.0", change, "changes: 1 breaking, 0 additive, 0 wording"]
    too_low = "is too low for these changes; the lowest allowed is 0.2.0"

    assert unchanged == ([head[0], "no changes", "version 0.1.0 fits"], 0)
    assert compare(repository) == ([*head, f"version 0.1.0 {too_low}"], 1)
    replace(repository, VERSION_FILE, "0.1.0", "0.1.1")
    assert compare(repository) == ([*head, f"version 0.1.1 {too_low}"], 1)
    assert compare(repository, "--version", "0.2.0") == ([*head, "version 0.2.0 fits"], 0)


def test_the_last_release_is_the_last_final_one(repository: Path) -> None:
    """Tags of pre-releases, and tags with other names, are no releases to compare with."""
    git(repository, "tag", "v0.1.0")
    for number, tag in enumerate(("v0.10.0", "v0.11.0rc1", "docs-2")):
        commit(repository, {"file": str(number)})
        git(repository, "tag", tag)

    assert last_tag(repository) == "v0.10.0"


def test_without_a_repository_nothing_passes(tmp_path: Path) -> None:
    """A folder without git is no folder without a release."""
    with pytest.raises(GitError, match="not a git repository"):
        last_tag(tmp_path)


def test_a_version_that_is_none_is_a_usage_error(repository: Path) -> None:
    """The exit status of a wrong argument differs from that of a wrong version."""
    done = run("release.contract_diff", "--version", "next", root=repository, path=str(repository))

    assert (done.stdout, done.returncode) == ("", 2)
