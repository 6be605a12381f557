"""The pages as a reader sees them: headings, fields, rows, badges, links and anchors."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from website.reference import pages

DOCUMENTED = "documented"
_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_BADGE = re.compile(r' ?<span class="evidence (\w+)">(\w+)</span>')
_ITEM = re.compile(
    r'^ *- <a id="(?P<anchor>[^"]+)"></a>\*\*`(?P<name>\w+)`\*\* \*\((?P<type>.*?)\)\*'
    r"(?P<badge>.*)\n(?:\n +(?! |- )(?P<about>.+))?",
    re.MULTILINE,
)


class Item(NamedTuple):
    """A field, as a page lists it."""

    name: str
    evidence: str
    about: str


@cache
def all_pages() -> dict[str, str]:
    """Return the text of each page, made once."""
    return pages()


def prose(text: str) -> str:
    """Return a page without its blocks of code."""
    return _CODE.sub("", text)


def plain(text: str) -> str:
    """Return the words of a text, without links and badges."""
    return " ".join(_BADGE.sub("", _LINK.sub(r"\1", text)).split())


def evidence_in(text: str) -> str:
    """Return the evidence that the badge in a text states; there may be one."""
    found = _BADGE.findall(text)
    assert len(found) <= 1, text
    assert all(kind == word for kind, word in found), text
    return found[0][0] if found else DOCUMENTED


def items(text: str) -> list[Item]:
    """Return the fields that a page lists."""
    return [
        Item(found["name"], evidence_in(found["badge"]), plain(found["about"] or ""))
        for found in _ITEM.finditer(text)
    ]


def section(text: str, heading: str) -> str:
    """Return the part of a page below a heading of the second level; empty without it."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    return found[1] if found else ""


def rows(text: str) -> list[list[str]]:
    """Return the cells of the rows of all tables in a text, without the heads."""
    lines = [line for line in prose(text).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = {number for number, row in enumerate(cells) if {*"".join(row)} <= {"-"}}
    return [row for number, row in enumerate(cells) if not {number, number + 1} & rules]


def anchors(text: str) -> list[str]:
    """Return the anchors of a page: those of its headings, and its own."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    slugs = [re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings]
    return [*slugs, *re.findall(r'<a id="([^"]+)">', text)]


def links(text: str) -> Iterator[tuple[str, str]]:
    """Yield the page and the anchor of each link; the page is empty for a link within."""
    for target in re.findall(r"\]\(([^)]+)\)", prose(text)):
        page, _, anchor = target.partition("#")
        yield page, anchor
