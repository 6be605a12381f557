"""
The outputs of the sandbox's admin API, derived from its contract: `python codegen/derive_views.py`.

Each schema of `admin/openapi.json` whose name ends in `View` becomes a class of `admin/views.py`.
`--check` compares instead of writing.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from derive_sync import formatted

ADMIN: Final = Path(__file__).parents[1] / "sandbox" / "trackingmore_v2_sandbox" / "admin"
VIEWS: Final = ADMIN / "views.py"
HEADER: Final = '''# Derived from openapi.json by codegen/derive_views.py; do not edit.
"""Outputs of the admin API: the schemas of openapi.json as msgspec structs."""

from datetime import datetime
from typing import Literal

from msgspec import Struct
'''
TYPES: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
PYTHON_WORDS: Final = {"`null`": "None", "`true`": "True", "`false`": "False"}
WIDTH: Final = 94
"""Maximum length of a docstring in one line, without the quotes."""


def references(schema: object) -> Iterator[str]:
    """Yield the name of each schema that a schema refers to."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for each in schema.values():
            yield from references(each)


def type_of(schema: Mapping[str, Any], *, is_nested: bool = False) -> str:
    """Return the Python type of a schema; words that are a field's whole value are a tuple."""
    if "$ref" in schema:
        return next(references(schema))
    kinds = schema.get("type", [])
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    values = schema.get("enum", [])
    is_nullable = "null" in names or None in values
    if values:
        kind = f"Literal[{', '.join(json.dumps(each) for each in values if each is not None)}]"
    elif schema.get("format") == "date-time":
        kind = "datetime"
    elif "array" in names and "$ref" not in schema["items"] and not is_nested:
        kind = f"tuple[{type_of(schema['items'])}, ...]"
    elif "array" in names:
        kind = f"list[{type_of(schema['items'])}]"
    elif "object" in names:
        kind = f"dict[str, {type_of(schema['additionalProperties'], is_nested=True)}]"
    else:
        (kind,) = (TYPES[name] for name in names if name != "null")
    return f"{kind} | None" if is_nullable else kind


def docstring(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a schema's description as a docstring, not indented."""
    text = schema.get("description", "")
    for word, python_word in PYTHON_WORDS.items():
        text = text.replace(word, python_word)
    lines = wrap(text, WIDTH)
    if len(lines) == 1:
        yield f'"""{text}"""'
    elif lines:
        yield from ('"""', *lines, '"""')


def class_of(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the class of a schema."""
    yield f"class {name}(Struct, frozen=True, kw_only=True):"
    yield from (f"    {line}" for line in docstring(schema))
    yield ""
    for field, each in schema["properties"].items():
        kind = type_of(each)
        yield f"    {field}: {kind}{' = None' if kind.endswith('| None') else ''}"
        lines = [f"    {line}" for line in docstring(each)]
        yield from (*lines, "") if lines else ()


def derive(document: Mapping[str, Any]) -> str:
    """Return the module of all views, those that others refer to first; not formatted yet."""
    schemas = document["components"]["schemas"]
    views = {name: schema for name, schema in schemas.items() if name.endswith("View")}
    graph = {name: list(references(schema["properties"])) for name, schema in views.items()}
    order = TopologicalSorter(graph).static_order()
    classes = ["\n".join(class_of(name, views[name])) for name in order]
    return "\n\n\n".join((HEADER, *classes)) + "\n"


def main() -> None:
    """Write the derived module, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    document = json.loads((ADMIN / "openapi.json").read_text(encoding="utf-8"))
    code = formatted(derive(document), VIEWS)
    if not parser.parse_args().check:
        VIEWS.write_text(code, encoding="utf-8")
    elif not VIEWS.exists() or VIEWS.read_text(encoding="utf-8") != code:
        raise SystemExit(f"{VIEWS.name} is stale; run python codegen/derive_views.py")


if __name__ == "__main__":
    main()
