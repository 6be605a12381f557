"""The steps of a release, in a repository of their own."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from release.changelog import parse
from release.decisions import check_changelog, check_tag, check_tree, check_version
from release.history import VERSION_FILE
from release.walk import COMMANDS, Stop, Terminal, Walk
from tests.release.trees import commit, git, write

TODAY = date(2026, 11, 30)
DATED = "# Changelog\n\n## [0.1.0] - 2026-11-30\n\n- All.\n"
FILES = {VERSION_FILE: '__version__ = "0.1.0"\n', "CHANGELOG.md": DATED, ".gitignore": "build/\n"}


class Maintainer:
    """A terminal that keeps what it is given."""

    def __init__(self, *, agrees: bool = True, failing: str = "") -> None:
        self.agrees = agrees
        self.failing = failing
        self.said: list[str] = []
        self.asked: list[str] = []
        self.ran: list[str] = []

    def ask(self, question: str) -> bool:
        """Answer a question."""
        self.asked.append(question)
        return self.agrees

    def run(self, *command: str) -> int:
        """Keep a command, and fail if it is the one that fails."""
        self.ran.append(command[-1])
        return int(command[-1] == self.failing)

    def walk(self, root: Path) -> None:
        """Walk through the release of a repository."""
        Walk(root, Terminal(self.said.append, self.ask, self.run), TODAY).go()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository that is ready to be released."""
    for fact, value in (("NAME", "Test"), ("EMAIL", "test@example.com")):
        monkeypatch.setenv(f"GIT_COMMITTER_{fact}", value)
    return commit(tmp_path, FILES)


def tags(root: Path) -> list[str]:
    """Return the tags of the last commit."""
    return git(root, "tag", "--points-at", "HEAD").split()


def test_a_release_ends_with_a_tag_and_the_command_that_publishes_it(root: Path) -> None:
    """All commands are run, in order, and one question is asked."""
    maintainer = Maintainer()

    maintainer.walk(root)

    assert maintainer.ran == [command[-1] for _, command in COMMANDS.values()]
    assert len(maintainer.asked) == 1
    assert tags(root) == ["v0.1.0"]
    assert git(root, "cat-file", "-t", "v0.1.0") == "tag\n"
    assert "git push origin v0.1.0" in maintainer.said[-1]


def test_a_finished_release_does_nothing_again(root: Path) -> None:
    """It prints the commands that publish it."""
    Maintainer().walk(root)
    maintainer = Maintainer()

    maintainer.walk(root)

    assert maintainer.ran == maintainer.asked == []
    assert "git push origin v0.1.0" in maintainer.said[-1]


def test_a_stopped_release_is_continued(root: Path) -> None:
    """The commands that succeeded are not run again, and the one that failed is."""
    with pytest.raises(Stop, match="build failed"):
        Maintainer(failing="build").walk(root)
    maintainer = Maintainer()

    maintainer.walk(root)

    names = [command[-1] for _, command in COMMANDS.values()]
    assert maintainer.ran == names[names.index("build") :]
    assert tags(root) == ["v0.1.0"]


def test_another_commit_is_checked_anew(root: Path) -> None:
    """What succeeded for the commit before says nothing about it."""
    with pytest.raises(Stop):
        Maintainer(agrees=False).walk(root)
    commit(root, {"new.py": ""})
    maintainer = Maintainer()

    maintainer.walk(root)

    assert len(maintainer.ran) == len(COMMANDS)


def test_a_tag_needs_consent(root: Path) -> None:
    """Without it nothing is written."""
    with pytest.raises(Stop, match=r"v0\.1\.0 was not written"):
        Maintainer(agrees=False).walk(root)

    assert tags(root) == []


@pytest.mark.parametrize("name", ["new.py", VERSION_FILE])
def test_a_changed_tree_stops_it(root: Path, name: str) -> None:
    """Before any command is run."""
    write(root, {name: '__version__ = "0.1.0"  # changed\n'})
    maintainer = Maintainer()

    with pytest.raises(Stop, match=f"changed or not tracked: {name}; commit first"):
        maintainer.walk(root)
    assert maintainer.ran == []


def test_a_command_that_writes_stops_it(root: Path) -> None:
    """A check must not leave anything that is not committed."""

    def run(*_command: str) -> int:
        write(root, {"left.txt": ""})
        return 0

    with pytest.raises(Stop, match=r"left\.txt"):
        Walk(root, Terminal(str, bool, run), TODAY).go()
    assert tags(root) == []


@pytest.mark.parametrize(
    ("changelog", "reason"),
    [
        (DATED.replace("0.1.0", "0.2.0"), "begins with 0.2.0, but _version.py states 0.1.0"),
        (DATED.replace("## ", "## Unreleased\n\n- More.\n\n## "), "begins with Unreleased"),
        (DATED.replace(" - 2026-11-30", ""), "0.1.0 has no valid date"),
        (DATED.replace("11-30", "13-40"), "0.1.0 has no valid date"),
        (DATED.replace("11-30", "12-01"), "dated 2026-12-01, which is in the future"),
        ("# Changelog\n", "has no entry"),
    ],
)
def test_a_changelog_of_another_version_stops_it(root: Path, changelog: str, reason: str) -> None:
    """Its newest entry is that of the version, and has a date."""
    commit(root, {"CHANGELOG.md": changelog})

    with pytest.raises(Stop, match=reason):
        Maintainer().walk(root)


def test_a_folder_without_a_repository_stops_it(tmp_path: Path) -> None:
    """Such as an unpacked sdist; what git says is the reason."""
    write(tmp_path, FILES)

    with pytest.raises(Stop, match="not a git repository"):
        Maintainer().walk(tmp_path)


def test_a_tag_of_another_commit_stops_it(root: Path) -> None:
    """A version is released once."""
    git(root, "tag", "--annotate", "v0.1.0", "--message", "first")
    commit(root, {"new.py": ""})

    with pytest.raises(Stop, match=r"the tag v0\.1\.0 is on another commit"):
        Maintainer().walk(root)


@pytest.mark.parametrize(
    ("decide", "reason"),
    [
        (lambda: check_tree(""), None),
        (lambda: check_tree(" M a.py\n?? b.py\n"), "a.py and 1 more;"),
        (lambda: check_version("0.1.0"), None),
        (lambda: check_version("0.1.0-beta"), "written like 0.1.0b0"),
        (lambda: check_version("soon"), "written like 1.2.3"),
        (lambda: check_changelog("0.1.0", parse(DATED), TODAY), None),
        (lambda: check_tag("0.1.0", "a", {}), None),
        (lambda: check_tag("0.1.0", "a", {"v0.1.0": "a", "v0.0.1": "b"}), None),
        (lambda: check_tag("0.1.0", "a", {"v0.1.0": "b"}), "another commit, b"),
    ],
)
def test_each_decision_has_a_reason(decide: Callable[[], str | None], reason: str | None) -> None:
    """One line that says what to do, or None."""
    found = decide()

    assert found == reason or (reason and found and reason in found)
