"""The first page of the reference: the operations, access, and how to read the other pages."""

from collections.abc import Iterator

from website.contract import Operation, contract, operations, webhooks
from website.reference.links import linked
from website.reference.markdown import code, page, sections, table
from website.reference.parts import file_of

ABOUT = {
    "codes": "each `meta.code`, its meaning, and what to do",
    "statuses": "the statuses and substatuses of a tracking, and the values of other enums",
    "objects": "the fields that several responses share",
    "limits": "rate limits, items in a request, pages, and costs",
    "oddities": "what a client has to expect of requests and responses",
}
"""The pages that concern all operations, and what each is about."""

PAGES = ("webhook", *ABOUT)
"""The pages besides those of operations, in their order."""

_SECTIONS = ("Evidence", "Envelope", "Identity", "Requests", "Examples")


def index_page() -> str:
    """Return the first page."""
    info = contract()["info"]
    texts = sections(info["description"])
    return page(
        "# API reference",
        info["description"].partition("## ")[0],
        f"Contract: {info['title']} {info['version']}.",
        *(block for tag in contract()["tags"] for block in _tag(tag["name"], tag["description"])),
        "## For all operations",
        "\n".join(f"- [{name.title()}]({name}.md): {about}" for name, about in ABOUT.items()),
        "## Base URLs",
        "\n".join(f"- `{it['url']}`: {it['description']}" for it in contract()["servers"]),
        "## Authentication",
        *_authentication(),
        *(block for name in _SECTIONS for block in (f"## {name}", linked(texts[name]))),
        _toctree(),
    )


def _tag(name: str, description: str) -> Iterator[str]:
    yield f"## {name}"
    yield description
    found = [it for it in operations(contract()) if name in it.value["tags"]]
    rows = [(f"[{it.value['summary']}]({file_of(it.name)}.md)", _route(it)) for it in found]
    hooks = [it for it in webhooks(contract()) if name in it.value["tags"]]
    rows += [(f"[{it.value['summary']}](webhook.md)", f"`{it.name}`") for it in hooks]
    yield table(("Operation", "Request"), rows)


def _route(operation: Operation) -> str:
    return f"`{operation.method.upper()} {operation.path}`"


def _authentication() -> Iterator[str]:
    for scheme in contract()["components"]["securitySchemes"].values():
        yield f"The {scheme['in']} `{scheme['name']}` of each request. {scheme['description']}"


def _toctree() -> str:
    """Return the order of the pages, which the navigation has."""
    names = [file_of(it.name) for it in operations(contract())]
    return code("{toctree}", "\n".join([":hidden:", "", *names, *PAGES]))
