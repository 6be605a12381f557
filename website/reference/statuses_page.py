"""The page of statuses, substatuses and other enums."""

from collections.abc import Iterator

from website.contract import Json
from website.reference.links import linked
from website.reference.markdown import badge, index, line, page, table, words
from website.reference.parts import enums, evidence_of, schema_named, summary_of


def statuses_page() -> str:
    """Return the page of all enums but the codes."""
    return page(
        "# Statuses",
        "The statuses and substatuses of a tracking, and the values of other enums.",
        *(block for name in enums() for block in _section(name, schema_named(name))),
    )


def _section(name: str, schema: Json) -> Iterator[str]:
    yield index(*(value for value in schema["enum"] if isinstance(value, str)))
    yield f"## {name}"
    more = "Responses may contain other values." if schema.get("x-open") else ""
    yield words(linked(line(summary_of(schema))), more, badge(evidence_of(schema)))
    meaning = "Meaning" if "x-enum-values" in schema else "Name in Python"
    yield table(("Value", meaning), _rows(schema))


def _rows(schema: Json) -> Iterator[tuple[str, str]]:
    names = schema.get("x-enum-varnames", [str(each).upper() for each in schema["enum"]])
    values = schema.get("x-enum-values")
    for value, name in zip(schema["enum"], names, strict=True):
        entry = values[str(value)] if values else {"description": f"`{name}`"}
        evidence = evidence_of(entry, evidence_of(schema))
        yield words(f"`{value}`", badge(evidence)), line(entry["description"]).removesuffix(".")
