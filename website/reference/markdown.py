"""Pieces of Markdown: tables, code, links, and the two elements of HTML that the pages have."""

import json
import re
from collections.abc import Iterable, Sequence

from website.contract import Json

DOCUMENTED = "documented"
_STATED_EVIDENCE = re.compile(r"\s*Evidence: (?:recorded|inferred)\.$")


def badge(evidence: str) -> str:
    """Return the badge of evidence; empty for what is documented."""
    if evidence == DOCUMENTED:
        return ""
    return f'<span class="evidence {evidence}">{evidence}</span>'


def anchor(name: str) -> str:
    """Return a target for links from elsewhere."""
    return f'<a id="{name}"></a>'


def slug(heading: str) -> str:
    """Return the anchor of a heading, as MyST and GitHub make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def words(*parts: str) -> str:
    """Join the parts that are not empty by spaces."""
    return " ".join(filter(None, parts))


def listed(values: Iterable[str], last: str = "or") -> str:
    """Join values as in a sentence."""
    *first, final = values
    return f"{', '.join(first)} {last} {final}" if first else final


def prose(text: str) -> str:
    """Return a description without its statement of evidence, which the badge makes."""
    return _STATED_EVIDENCE.sub("", text.strip())


def line(text: str) -> str:
    """Return a description as one line."""
    return " ".join(prose(text).split())


def cell(text: str) -> str:
    """Return a text as it may stand in a table."""
    return line(text).replace("|", r"\|")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(cell, each))} |" for each in lines)


def indented(text: str, by: int = 2) -> str:
    """Return a text as it continues an item of a list."""
    return re.sub(r"^(?=.)", " " * by, text, flags=re.MULTILINE)


def code(language: str, text: str) -> str:
    """Return a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def index(*names: str) -> str:
    """Return an entry of the search for each name, which finds this place first."""
    return f"```{{index}} {', '.join(f'!{name}' for name in names)}\n```" if names else ""


def json_code(value: object) -> str:
    """Return a block of JSON."""
    return code("json", json.dumps(value, indent=2, ensure_ascii=False))


def sections(text: str) -> Json:
    """Return the parts of a Markdown text by their second-level headings."""
    _, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def page(*blocks: str) -> str:
    """Return a page of blocks, without those that are empty."""
    return "\n\n".join(block.strip("\n") for block in blocks if block.strip()) + "\n"
