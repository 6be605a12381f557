"""A consumer's code of the last release, type-checked against today's package."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from release.changes import Change, Impact
from release.history import ROOT

CONSUMER: Final = "tests/typing/api.py"
"""The public API as users write it."""

Checker: TypeAlias = Callable[[Path, Path], list[str]]
"""Returns the command that checks a file with the packages of a repository."""


def mypy(file: Path, root: Path) -> list[str]:
    """Return the command of mypy; an ignored error that no longer occurs does no harm."""
    config = f"--config-file={root / 'pyproject.toml'}"
    return ["mypy", config, "--no-warn-unused-ignores", "--no-error-summary", str(file)]


def pyright(file: Path, root: Path) -> list[str]:
    """Write a configuration beside the file, and return the command of pyright."""
    config = {
        "typeCheckingMode": "strict",
        "extraPaths": [str(root / name) for name in ("generated", "overlay", "sandbox")],
        "enableTypeIgnoreComments": False,
        "reportUnnecessaryTypeIgnoreComment": False,
        "pythonVersion": "3.11",
    }
    file.with_name("pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    return ["pyright", f"--project={file.parent}", f"--pythonpath={sys.executable}"]


def check_consumer(
    source: bytes, root: Path = ROOT, checkers: Iterable[Checker] = (mypy, pyright)
) -> list[Change]:
    """Return a breaking change for each error that a type checker finds in a consumer's file."""
    changes: list[Change] = []
    with TemporaryDirectory() as folder:
        file = Path(folder, Path(CONSUMER).name)
        file.write_bytes(source)
        for checker in checkers:
            changes += _run(checker(file, root), root, folder)
    return changes


def _run(command: list[str], root: Path, folder: str) -> list[Change]:
    done = subprocess.run(  # noqa: S603 - the commands above
        [sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return []
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line] or lines[-1:]
    return [
        Change(
            f"{command[0]} rejects a consumer: {line.replace(f'{folder}/', '')}", Impact.BREAKING
        )
        for line in errors
    ]
