"""Links from the words of the contract to the pages of what they name."""

import re
from functools import cache

from website.contract import contract, operations, webhooks
from website.reference.parts import file_of, home_of

_NAME = re.compile(r"(?<![\[\w])`(\w+)`(?!\])")


@cache
def _targets() -> dict[str, str]:
    named = {name: home_of(name) for name in contract()["components"]["schemas"]}
    pages = {it.name: f"{file_of(it.name)}.md" for it in operations(contract())}
    hooks = {it.name: "webhook.md" for it in webhooks(contract())}
    return {name: target for name, target in {**named, **pages, **hooks}.items() if target}


def linked(text: str, own: str = "") -> str:
    """
    Return a text whose names of operations and schemas are links.

    Args:
        text: A text of the contract.
        own: The name of what the page is about, which gets no link. Default: none.
    """

    def link(found: re.Match[str]) -> str:
        target = _targets().get(found[1]) if found[1] != own else None
        return f"[{found[0]}]({target})" if target else found[0]

    return _NAME.sub(link, text)


def operation_link(name: str) -> str:
    """Return a link to the page of an operation."""
    return f"[`{name}`]({file_of(name)}.md)"


def code_link(number: int) -> str:
    """Return a link to the section of a meta code."""
    return f"[{number}](codes.md#code-{number})"
