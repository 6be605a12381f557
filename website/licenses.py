"""The licences of the files of others in the site."""

from importlib.metadata import distribution
from pathlib import Path
from typing import Final

PACKAGES: Final = ("accessible-pygments", "furo", "snowballstemmer", "sphinx", "sphinx-basic-ng")
"""What parts of the pages, their scripts and their styles come from; Sphinx copies Snowball's."""

_NAMES: Final = ("LICENSE", "LICENSE.rst", "COPYING")


def copy_licenses(folder: Path) -> None:
    """Copy the licence of each package, as it is installed."""
    folder.mkdir()
    for package in PACKAGES:
        (folder / f"{package}.txt").write_text(license_of(package), "utf-8")


def license_of(package: str) -> str:
    """Return the text of the licence of an installed package."""
    files = distribution(package).files or ()
    return next(file.read_text("utf-8") for file in files if file.name in _NAMES)
