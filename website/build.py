"""The steps of a build: write the pages, run Sphinx, add what the pages load, and check it all."""

import os
import shutil
from pathlib import Path
from typing import Final

from sphinx.cmd.build import main as run_sphinx

from website import licenses, pages, python_reference, reference, try_it
from website.checks import findings

ROOT: Final = Path(__file__).parents[1]
SANDBOX_FOLDER: Final = ROOT / "sandbox/trackingmore_v2_sandbox/_docs"
"""Folder of the site in the sandbox's package."""

_WORK: Final = ROOT / "build/website"
_OPTIONS: Final = ("--quiet", "--fail-on-warning", "--nitpicky", "--jobs=auto", "--builder=html")
_EPOCH: Final = "315532800"
"""The time for whatever records one, so that two builds are equal: 1980, in seconds."""


class SiteError(Exception):
    """The site has a fault and must not be published."""


def build(folder: Path, *, with_try_it: bool = True) -> None:
    """
    Build the site.

    Args:
        folder: Where to; a site that exists is replaced.
        with_try_it: Whether operations can be tried, which needs npm. Default: True.

    Raises:
        SiteError: The folder has other files, Sphinx reported a warning, or `checks.findings()`
            found a fault.
    """
    require_replaceable(folder)
    source, html = _emptied(_WORK / "source"), _emptied(_WORK / "html")
    write_source(source)
    _build_html(source, html)
    licenses.write(html / "_static/licenses")
    try_it.write_contract(html / "_static")
    if with_try_it:
        try_it.add_bundle(html / "_static", _WORK / "node")
    if found := list(findings(html)):
        raise SiteError("\n".join([*found, f"{len(found)} faults of the site"]))
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(html, folder)


def require_replaceable(folder: Path) -> None:
    """Raise if a folder has something else than a site, which a build would delete."""
    is_used = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if is_used and not (folder / "searchindex.js").is_file():
        raise SiteError(f"{folder} exists and is no site; choose another folder, or delete it")


def write_source(folder: Path) -> None:
    """Write all pages as Markdown, which is what Sphinx reads."""
    pages.write(folder)
    reference.write(folder / "reference")
    python_reference.write(folder / "python")


def _build_html(source: Path, html: Path) -> None:
    os.environ["SOURCE_DATE_EPOCH"] = _EPOCH
    doctrees = _emptied(_WORK / "doctrees")
    places = [f"--conf-dir={Path(__file__).parent}", f"--doctree-dir={doctrees}"]
    if run_sphinx([*_OPTIONS, *places, str(source), str(html)]):
        raise SiteError("the pages have the faults above")
    (html / ".buildinfo").unlink()
    (html / "_sources").rmdir()


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
