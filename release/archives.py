"""Wheel and sdist, as names and bytes."""

import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

Files: TypeAlias = Mapping[str, bytes]


def read_wheel(path: Path) -> Files:
    """Return the files of a wheel, by their names in it."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_sdist(path: Path) -> Files:
    """Return the files of an sdist, by their names below its folder."""
    with tarfile.open(path) as archive:
        members = [(each.name, archive.extractfile(each)) for each in archive if each.isfile()]
        return {name.partition("/")[2]: file.read() for name, file in members if file}
