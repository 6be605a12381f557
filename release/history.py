"""The repository's releases: their tags, and files as they were."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSION_FILE = "overlay/trackingmore_v2/_version.py"


class GitError(Exception):
    """A revision, or a file in it, that does not exist, or a folder without a repository."""


def last_tag(root: Path = ROOT) -> str | None:
    """Return the tag of the last final release that HEAD contains; None before the first one."""
    tags = git(root, "tag", "--merged", "HEAD", "--sort=-version:refname").decode().split()
    return next((tag for tag in tags if re.fullmatch(r"v\d+(\.\d+)+", tag)), None)


def read_at(revision: str, path: str, root: Path = ROOT) -> bytes:
    """Return a file as it was in a revision."""
    return git(root, "show", f"{revision}:{path}")


def version_at(revision: str, root: Path = ROOT) -> str:
    """Return the package's version in a revision."""
    return version_in(read_at(revision, VERSION_FILE, root).decode())


def current_version(root: Path = ROOT) -> str:
    """Return the package's version in the working tree."""
    return version_in((root / VERSION_FILE).read_text(encoding="utf-8"))


def version_in(module: str) -> str:
    """Return the version that the module `_version` states."""
    found = re.search(r'^__version__ = "(.+?)"', module, re.MULTILINE)
    if found is None:
        raise ValueError(f"no __version__ in {VERSION_FILE}")
    return found[1]


def git(root: Path, *arguments: str) -> bytes:
    """
    Return what git prints.

    Raises:
        GitError: It failed; the message is its own.
    """
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        raise GitError(done.stderr.decode().strip())
    return done.stdout
