"""The files that archives are made from, and the time that they show."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from pathspec import GitIgnoreSpec

from release.changelog import Entry
from release.history import git

EPOCH: Final = "SOURCE_DATE_EPOCH"
UNDATED: Final = 1580601600
"""Time of archives from a changelog without a date: the default of hatchling."""

WRITTEN_BY_SDIST: Final = "PKG-INFO"


def source_files(root: Path) -> list[str]:
    """
    Return the files of a source tree: those that git tracks.

    A tree without `.git`, such as an unpacked sdist, has those that .gitignore does not exclude.
    """
    if (root / ".git").exists():
        tracked = git(root, "ls-files", "-z").decode().split("\0")[:-1]
        return sorted(name for name in tracked if (root / name).is_file())
    rules = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    found = GitIgnoreSpec.from_lines(rules).match_tree_files(root, negate=True)
    return sorted(set(found) - {WRITTEN_BY_SDIST})


def copy_sources(root: Path, target: Path) -> Path:
    """Copy the files of a source tree, and nothing else; return the folder of the copy."""
    for name in source_files(root):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, target / name)
    return target


def source_date(environment: Mapping[str, str], entries: Iterable[Entry]) -> int:
    """
    Return the time that archives show, in seconds since 1970.

    It is that of the environment, or the day of the newest version in the changelog: unlike the
    time of a commit, it is in an export and in an sdist too.
    """
    if EPOCH in environment:
        return int(environment[EPOCH])
    days = (entry.day for entry in entries if entry.day)
    day = next(days, None)
    return int(datetime.combine(day, time(), UTC).timestamp()) if day else UNDATED
