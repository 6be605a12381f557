"""The Markdown pages of the site, with the navigation of `docs/index.md`."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
REPOSITORY: Final = "https://github.com/trackingmore-v2/trackingmore-v2"
GENERATED: Final = {"API": "reference/index", "Python": "python/index"}
"""Captions and first pages of the parts that are made from the contract and the docstrings."""

_HEADING: Final = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_PAGE: Final = re.compile(r"^- \[(?P<name>[^]]+)\]\((?P<page>[\w-]+)\.md\)", re.MULTILINE)
_SITE: Final = re.compile(
    r"\]\(https://trackingmore-v2\.github\.io/trackingmore-v2/([^)]+)\.html\)"
)
"""A link to a page that only the site has, in the form that works in the repository, too."""
_OUTSIDE: Final = re.compile(r"\]\(\.\./(?P<path>[^)]+)\)")


def write(folder: Path) -> None:
    """Write the pages of `docs/`, and the changelog, into a folder."""
    shutil.copytree(ROOT / "docs/images", folder / "images")
    for page in sorted((ROOT / "docs").glob("*.md")):
        (folder / page.name).write_text(with_own_links(page.read_text("utf-8")), "utf-8")
    shutil.copy(ROOT / "CHANGELOG.md", folder / "changelog.md")
    index = folder / "index.md"
    index.write_text(with_navigation(index.read_text("utf-8")), "utf-8")


def with_navigation(index: str) -> str:
    """Return an index whose links are the navigation of the site, by heading."""
    trees = [_toctree(title, list(listed)) for title, listed in _sections(index) if listed]
    return "\n".join([index, *trees])


def _sections(index: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the headings of an index with the pages that each one lists, by the names of links."""
    _, *parts = _HEADING.split(index)
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        yield title, [f"{name} <{page}>" for name, page in _PAGE.findall(text)]
    yield from ((title, [page]) for title, page in GENERATED.items())


def _toctree(caption: str, listed: list[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *listed, "```", ""])


def with_own_links(text: str) -> str:
    """Return a page whose links stay in the site where it has the page, else in the repository."""
    text = text.replace(f"]({REPOSITORY}/blob/main/CHANGELOG.md)", "](changelog.md)")
    text = _SITE.sub(r"](\g<1>.md)", text)
    return _OUTSIDE.sub(rf"]({REPOSITORY}/blob/main/\g<path>)", text)
