"""Pages of the documentation, and the code blocks on them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGES: Final = sorted(file.name for file in DOCS.glob("*.md"))

ORDERS: Final = """carrier_code,tracking_number,order_id
china-ems,LK664578623CN,#1
ups,1Z97X17XYW06605211,#2
ups,nonsense!,#3
"""
"""The file `orders.csv` of the examples."""

_HEADING_OR_FENCE: Final = re.compile(
    r"^(?:#+ ([^\n]+)|```(\w*)\n(.*?)^```)$", re.DOTALL | re.MULTILINE
)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    section: str
    language: str
    text: str


def page(name: str) -> str:
    """Return the text of a page."""
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(name: str) -> Iterator[Block]:
    """Yield each fenced block of a page, with the title of its section."""
    section = ""
    for title, language, text in _HEADING_OR_FENCE.findall(page(name)):
        if title:
            section = title
        else:
            yield Block(name, section, language, text)


def examples(text: str) -> dict[str, str]:
    """Return the first Python block of each section of a page, by the section's title."""
    return dict(re.findall(r"## ([^\n]+)\n(?:(?!## ).)*?```python\n(.*?)```", text, re.DOTALL))
