"""The steps of a build: write the pages, run Sphinx, add what the pages load, and check it all."""

import os
import shutil
from pathlib import Path
from typing import Final

from sphinx.cmd.build import main as sphinx_build

from website import pages, python_reference, reference, try_it
from website.checks import findings

ROOT: Final = Path(__file__).parents[1]
SANDBOX_FOLDER: Final = ROOT / "sandbox/trackingmore_v2_sandbox/_docs"
"""Folder of the site in the sandbox's package."""

_WORK: Final = ROOT / "build/website"
_CONFIGURATION: Final = Path(__file__).parent
_EPOCH: Final = "315532800"
"""Time of a build for what records one: 1980, so that two builds are equal."""


class SiteError(Exception):
    """The site cannot be built, or must not be published."""


def build(folder: Path, *, try_it: bool = True) -> None:
    """
    Build the site.

    Args:
        folder: Where to; a folder that exists is replaced.
        try_it: Whether operations can be tried, which needs npm. Default: True.

    Raises:
        SiteError: Sphinx reported an error or a warning, or the site has a dead link.
    """
    source = _emptied(_WORK / "source")
    write_source(source)
    _run_sphinx(source, _emptied(_WORK / "html"))
    _add_try_it(_WORK / "html", with_bundle=try_it)
    if found := list(findings(_WORK / "html")):
        raise SiteError("\n".join([*found, f"{len(found)} faults of the site"]))
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_WORK / "html", folder)


def write_source(folder: Path) -> None:
    """Write all pages as Markdown, which is what Sphinx reads."""
    pages.write(folder)
    reference.write(folder / "reference")
    python_reference.write(folder / "python")


def _add_try_it(folder: Path, *, with_bundle: bool) -> None:
    try_it.write_contract(folder / "_static")
    if with_bundle:
        try_it.add_bundle(folder / "_static", _WORK / "node")


def _run_sphinx(source: Path, html: Path) -> None:
    os.environ["SOURCE_DATE_EPOCH"] = _EPOCH
    doctrees = _emptied(_WORK / "doctrees")
    options = ["--quiet", "--fail-on-warning", "--nitpicky", "--builder=html"]
    places = [f"--conf-dir={_CONFIGURATION}", f"--doctree-dir={doctrees}", str(source), str(html)]
    if sphinx_build([*options, *places]):
        raise SiteError("Sphinx reported the above")
    (html / ".buildinfo").unlink()


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
