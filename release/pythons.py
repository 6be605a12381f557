"""The Pythons of this machine."""

import os
import shutil
import tomllib
from pathlib import Path
from typing import Final

_CLASSIFIER: Final = "Programming Language :: Python :: 3."


def supported(root: Path) -> list[str]:
    """Return the versions that pyproject.toml names, such as "3.11"."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [name for name in project["classifiers"] if name.startswith(_CLASSIFIER)]
    return [name.rpartition(" ")[2] for name in names]


def find(version: str) -> Path | None:
    """Return the interpreter of a version: one of pyenv, or the first one on the path."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    of_pyenv = sorted(home.glob(f"versions/{version}.*/bin/python"))
    on_path = shutil.which(f"python{version}")
    return of_pyenv[-1] if of_pyenv else Path(on_path) if on_path else None


def present(root: Path) -> dict[str, Path]:
    """Return the supported versions that this machine has, with their interpreters."""
    found = {version: find(version) for version in supported(root)}
    return {version: path for version, path in found.items() if path}


def of_the_system(root: Path) -> Path | None:
    """Return a supported Python that all users may run."""
    names = [shutil.which(f"python{version}", path=os.defpath) for version in supported(root)]
    return next((Path(name) for name in names if name), None)
