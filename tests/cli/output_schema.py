"""
The JSON Schema of what commands print with `--json`.

`python -m tests.cli.output_schema` writes it to the package, from the types of the records.
"""

import ast
import json
from collections import ChainMap
from collections.abc import Iterator
from inspect import cleandoc, getsource
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import msgspec

import trackingmore_v2_cli
from trackingmore_v2 import rows
from trackingmore_v2_cli._output import records
from trackingmore_v2_cli._output.records import RECORDS

ID: Final = "urn:trackingmore-v2:output:1"
"""Its last part is the version of the schema as a whole; each record has one of its own."""

PATH: Final = Path(str(trackingmore_v2_cli.__file__)).parent / "schemas" / "output.json"


def make_schema() -> dict[str, Any]:
    """Return the schema: any of the records, each under its name, with its fields as declared."""
    (*references,), definitions = msgspec.json.schema_components(
        RECORDS.values(), ref_template="#/$defs/{name}"
    )
    for name, descriptions in _descriptions().items():
        if name in definitions:
            fields = definitions[name]["properties"]
            definitions[name]["properties"] = {
                field: _described(fields[field], descriptions.get(field))
                for field in getattr(records, name).__annotations__
            }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "A record that trackingmore-v2 prints with --json",
        "description": "The field `schema` names the shape of a record and its version.",
        "anyOf": references,
        "$defs": definitions,
    }


def _described(schema: dict[str, Any], description: str | None) -> dict[str, Any]:
    return {"description": description, **schema} if description else schema


def _descriptions() -> dict[str, dict[str, str]]:
    """Return what the texts below the fields of each class say, which Python does not keep."""
    found: dict[str, dict[str, str]] = {}
    for module in (rows, records):
        for node in ast.parse(getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                inherited = ChainMap(*(found.get(ast.unparse(base), {}) for base in node.bases))
                found[node.name] = {**inherited, **dict(_descriptions_of(node))}
    return found


def _descriptions_of(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(node.body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr)):
            continue
        if isinstance(text.value, ast.Constant) and isinstance(text.value.value, str):
            yield ast.unparse(field.target), cleandoc(text.value.value)


def check_record(record: object) -> None:
    """Validate a record against the schema in the package; the error names its place."""
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    shape = record["schema"] if isinstance(record, dict) else None
    name = RECORDS[shape].__name__ if isinstance(shape, str) else None
    wanted = {**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]}
    jsonschema_rs.validate(wanted, record)


def main() -> None:
    """Write the schema."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(json.dumps(make_schema(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
