"""Licences of what Sphinx and the theme copy into the pages; Swagger UI brings its own."""

from importlib.metadata import distribution
from pathlib import Path
from typing import Final

PACKAGES: Final = ("accessible-pygments", "furo", "snowballstemmer", "sphinx", "sphinx-basic-ng")
_NAMES: Final = ("LICENSE", "LICENSE.rst", "COPYING")


def write(folder: Path) -> None:
    """Write the full text of each package's licence into a folder."""
    folder.mkdir()
    for name in PACKAGES:
        (folder / f"{name}.LICENSE.txt").write_text(read(name), "utf-8")


def read(name: str) -> str:
    """Return the text of the licence that an installed package carries."""
    files = distribution(name).files or ()
    texts = [file.read_text("utf-8") for file in files if file.name in _NAMES]
    if not texts:
        raise FileNotFoundError(f"no licence in the installed package {name}")
    return "\n".join(texts)
