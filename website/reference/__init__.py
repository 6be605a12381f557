"""
The reference of the API as Markdown, made from openapi.yaml.

    parts.py        the contract: fields, evidence, and where each part is described
    samples.py      the code of each operation
    markdown.py     pieces of Markdown
    links.py        links from words of the contract
    fields.py       lists of fields
    facts.py        limits, costs and rules of an operation
    errors.py       errors of an operation
    *_page.py       one module for each kind of page
"""

from pathlib import Path

from website.contract import contract, operations
from website.reference.codes_page import codes_page
from website.reference.index_page import index_page
from website.reference.limits_page import limits_page
from website.reference.objects_page import objects_page
from website.reference.oddities_page import oddities_page
from website.reference.operation_page import operation_page
from website.reference.parts import file_of
from website.reference.statuses_page import statuses_page
from website.reference.webhook_page import webhook_page

__all__ = ["pages", "write"]


def pages() -> dict[str, str]:
    """Return the text of each page, by the name of its file."""
    found = {f"{file_of(it.name)}.md": operation_page(it) for it in operations(contract())}
    return {
        "index.md": index_page(),
        **found,
        "webhook.md": webhook_page(),
        "codes.md": codes_page(),
        "statuses.md": statuses_page(),
        "objects.md": objects_page(),
        "limits.md": limits_page(),
        "oddities.md": oddities_page(),
    }


def write(folder: Path) -> None:
    """Write the pages into a folder, which is made if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
