"""The page of the peculiarities of requests and responses."""

from collections.abc import Iterator

from website.contract import Json, contract, types
from website.reference.fields import type_of
from website.reference.links import linked
from website.reference.markdown import badge, line, page, sections, table, words
from website.reference.parts import Field, evidence_of, fields_of


def oddities_page() -> str:
    """Return the page of peculiarities, and of the fields that have them."""
    return page(
        "# Oddities",
        "Peculiarities of requests and responses. The Python client handles those of responses; "
        "other clients must do so themselves.",
        *(block for entry in contract()["x-oddities"] for block in _section(entry)),
        "## Fields of several types",
        table(("Field", "Type"), _of_several_types()),
        "## Names in Python",
        "The Python models use snake_case; these fields have other names.",
        table(("Field", "Name in Python"), _renamed()),
        "## Encoding of responses",
        linked(sections(contract()["info"]["description"])["Response encoding"]),
    )


def _section(entry: Json) -> Iterator[str]:
    yield f"## {entry['title']}"
    yield words(linked(line(entry["description"])), badge(evidence_of(entry)))


def _fields() -> Iterator[tuple[str, Field]]:
    for name, schema in contract()["components"]["schemas"].items():
        yield from ((f"`{name}.{field.name}`", field) for field in fields_of(schema))


def _of_several_types() -> Iterator[tuple[str, str]]:
    for name, field in _fields():
        if len({*types(field.schema)} - {"null"}) > 1:
            yield words(name, badge(field.evidence)), type_of(field.schema)


def _renamed() -> Iterator[tuple[str, str]]:
    for name, field in _fields():
        if other := field.schema.get("x-python-name"):
            yield words(name, badge(field.evidence)), f"`{other}`"
