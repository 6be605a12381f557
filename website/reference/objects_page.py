"""The page of the objects and values that several operations have."""

from collections.abc import Iterator

from website.reference.fields import field_list, type_of
from website.reference.links import linked
from website.reference.markdown import badge, line, page, words
from website.reference.parts import (
    evidence_of,
    fields_of,
    limited_values,
    schema_named,
    shared_objects,
)


def objects_page() -> str:
    """Return the page of the shared objects and values."""
    return page(
        "# Objects",
        "What several operations send or return.",
        *(block for name in shared_objects() for block in _object(name)),
        *(block for name in limited_values() for block in _value(name)),
    )


def _object(name: str) -> Iterator[str]:
    schema = schema_named(name)
    yield f"## {name}"
    yield words(linked(line(schema["description"]), name), badge(evidence_of(schema)))
    yield field_list(fields_of(schema), name.lower())


def _value(name: str) -> Iterator[str]:
    schema = schema_named(name)
    yield f"## {name}"
    yield words(linked(line(schema["description"]), name), badge(evidence_of(schema)))
    facts = [f"- **Type:** {type_of(schema)}", f"- **Example:** `{schema['examples'][0]}`"]
    facts += [f"- **Pattern:** `{schema['pattern']}`"] if "pattern" in schema else []
    facts += [f"- **Allowed:** {schema['x-allowed']}"] if "x-allowed" in schema else []
    yield "\n".join(facts)
