"""Small source trees."""

import os
import subprocess
from pathlib import Path
from typing import Final

_AUTHOR: Final = {
    f"GIT_{role}_{fact}": value
    for role in ("AUTHOR", "COMMITTER")
    for fact, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))
}
CLEAN: Final = {**os.environ, **_AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull}
"""An environment in which git has an author, and no settings of the user."""


def git(root: Path, *arguments: str) -> str:
    """Run git in a tree."""
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=CLEAN)  # noqa: S603 - git
    return done.stdout


def write(root: Path, files: dict[str, str]) -> Path:
    """Write the files of a tree."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def commit(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write files, and commit all to a repository that is new or exists."""
    write(root, files or {})
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Change something")
    return root
