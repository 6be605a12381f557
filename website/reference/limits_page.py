"""The page of limits: rates, batches, pages, costs, and the formats of times."""

from collections.abc import Iterator

from website.contract import Operation, contract, operations, parameters, resolve
from website.reference.facts import quota, rate_limit
from website.reference.links import code_link, linked, operation_link
from website.reference.markdown import DOCUMENTED, badge, page, sections, table, words


def limits_page() -> str:
    """Return the page of all limits."""
    texts = sections(contract()["info"]["description"])
    return page(
        "# Limits",
        linked(texts["Limits"]),
        "## Rates",
        table(("Operation", "Rate"), _rates()),
        "## Batches",
        "Items of one request. A request with more fails as a whole, with this code.",
        table(("Operation", "Items", "Code"), _batches()),
        "## Pages and filters",
        table(("Parameter", "Limit"), _pages()),
        "## Quota",
        "What a call costs. Other operations have no stated cost.",
        table(("Operation", "Cost"), _costs()),
        "## Times",
        linked(texts["Times"]),
    )


def _operations() -> Iterator[Operation]:
    return operations(contract())


def _rates() -> Iterator[tuple[str, str]]:
    for operation in _operations():
        yield operation_link(operation.name), rate_limit(operation.value)


def _batches() -> Iterator[tuple[str, str, str]]:
    for operation in _operations():
        if batch := operation.value.get("x-batch"):
            items = words(str(batch["max-items"]), badge(batch.get("evidence", DOCUMENTED)))
            yield operation_link(operation.name), items, code_link(batch["over-limit-code"])


def _costs() -> Iterator[tuple[str, str]]:
    for operation in _operations():
        if "x-quota" in operation.value:
            yield operation_link(operation.name), quota(operation.value)


def _pages() -> Iterator[tuple[str, str]]:
    """Yield the limits of query parameters."""
    for operation in _operations():
        for parameter in parameters(contract(), operation):
            schema = resolve(contract(), parameter["schema"])
            name = words(f"`{parameter['name']}` of", operation_link(operation.name))
            if "maxItems" in schema:
                yield name, f"{schema['maxItems']} values"
            elif "maximum" in schema and "default" in schema:
                low, high, default = (schema[it] for it in ("minimum", "maximum", "default"))
                yield name, f"{low} to {high}, default {default}"
