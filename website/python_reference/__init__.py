"""
The reference of the Python packages, from their docstrings.

Sources are read and never imported, so the pages do not depend on the version of Python.

    public.py        what users may import, and the page of each name
    render.py        one page for each public module
    signatures.py    code of the source, with full names
"""

from pathlib import Path

from website.python_reference.public import Library
from website.python_reference.render import render_index, render_page

__all__ = ["write"]


def write(folder: Path) -> None:
    """Write an index and one page for each public module into a folder."""
    folder.mkdir(parents=True)
    library = Library.load()
    (folder / "index.md").write_text(render_index(library), "utf-8")
    for name in library.modules:
        (folder / f"{name}.md").write_text(render_page(library, name), "utf-8")
