"""
Walk through a release: `python -m release.walk`.

Each step says what it does. A step that has been done for this commit is not done again, so a walk
that was stopped is continued by the same command. The upload is not a step: its command is printed.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from release import changelog
from release.decisions import check_changelog, check_tag, check_tree, check_version, tag_of
from release.history import ROOT, GitError, current_version, git

_DONE: Final = "build/release"
"""Folder with a file for each command that succeeded, in a folder for each commit."""

_NOX: Final = (sys.executable, "-m", "nox")
COMMANDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "contract_diff": (
        "Compare the contract with that of the last tag",
        (*_NOX, "--session", "contract_diff"),
    ),
    "api_diff": (
        "Compare the Python API with that of the last tag",
        (*_NOX, "--session", "api_diff"),
    ),
    "checks": ("Run all checks, which takes some minutes", _NOX),
    "build": ("Build wheel and sdist into dist/, and check them", (*_NOX, "--session", "build")),
    "reproducible": (
        "Compare builds under other circumstances",
        (*_NOX, "--session", "reproducible"),
    ),
    "install_matrix": (
        "Install the wheel with each extra, on each Python",
        (*_NOX, "--session", "install_matrix"),
    ),
}
"""The commands of the steps between the first checks and the tag, with what they do."""

UPLOAD: Final = """\
{tag} is ready, and nothing is published yet. To publish it, push the tag. The workflow release.yml
builds the same files, and uploads them once the environment "release" is approved:

    git push origin {tag}

By hand, with a token of the package index:

    python3 -m twine upload dist/trackingmore_v2-{version}*
"""


class Stop(Exception):
    """A release cannot continue; the message is one line."""


class Run(Protocol):
    """A function that runs a command in the repository."""

    def __call__(self, *command: str) -> int:
        """Run a command, and return its exit status."""
        ...  # pragma: no cover - a protocol


class Terminal(NamedTuple):
    """How a walk talks to the maintainer, and has commands run."""

    say: Callable[[str], object]
    ask: Callable[[str], bool]
    run: Run


class Walk:
    """The steps of the release of a repository's last commit."""

    def __init__(self, root: Path, terminal: Terminal, today: date) -> None:
        self._root = root
        self._terminal = terminal
        self._today = today
        self._version = current_version(root)

    def go(self) -> None:
        """
        Go through all steps.

        Raises:
            Stop: A step cannot be done; the message says what to do.
        """
        self._check()
        for name, (sentence, command) in COMMANDS.items():
            self._do(name, sentence, command)
        self._check()  # a command may have written something, or a commit been made
        self._tag()
        self._terminal.say(UPLOAD.format(tag=tag_of(self._version), version=self._version))

    def _check(self) -> None:
        self._terminal.say(f"Check version {self._version}, changelog, working tree and tags")
        reasons = (
            check_tree(self._git("status", "--porcelain")),
            check_version(self._version),
            check_changelog(self._version, changelog.read_entries(self._root), self._today),
            check_tag(self._version, self._head(), self._tags()),
        )
        for reason in filter(None, reasons):
            raise Stop(reason)

    def _do(self, name: str, sentence: str, command: tuple[str, ...]) -> None:
        """Run a command, unless it has succeeded for this commit."""
        done = self._root / _DONE / self._head() / name
        if done.exists():
            self._terminal.say(f"{sentence}: done")
            return
        self._terminal.say(f"{sentence}: {' '.join(command[1:])}")
        if self._terminal.run(*command):
            raise Stop(f"{name} failed; correct what it reports, and start again")
        done.parent.mkdir(parents=True, exist_ok=True)
        done.touch()

    def _tag(self) -> None:
        tag = tag_of(self._version)
        if tag in self._tags():
            self._terminal.say(f"Tag the commit: done, it is {tag}")
            return
        if not self._terminal.ask(f"Tag {self._head()[:12]} as {tag}?"):
            raise Stop(f"{tag} was not written; start again to write it")
        self._git("tag", "--annotate", tag, "--message", f"trackingmore-v2 {self._version}")

    def _tags(self) -> dict[str, str]:
        """Return the commit of each tag."""
        form = (
            "%(refname:strip=2) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
        )
        lines = self._git("for-each-ref", "refs/tags", f"--format={form}").splitlines()
        return {name: commit for name, _, commit in (line.partition(" ") for line in lines)}

    def _head(self) -> str:
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *arguments: str) -> str:
        try:
            return git(self._root, *arguments).decode()
        except GitError as error:
            raise Stop(str(error)) from error


def ask(question: str) -> bool:
    """Return whether the maintainer agrees; without a terminal, they do not."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def run(*command: str) -> int:
    """Run a command in the repository."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own commands


def say(text: str) -> None:
    """Print a line at once, before what the next command prints."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Walk through the release of this repository."""
    try:
        Walk(ROOT, Terminal(say, ask, run), datetime.now().astimezone().date()).go()
    except Stop as reason:
        sys.exit(f"stopped: {reason}")


if __name__ == "__main__":
    main()
