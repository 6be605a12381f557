"""
The JSON Schema of what commands print with `--json`.

`python -m tests.cli.output_schema` writes it to the package, from the types of the records.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec

import trackingmore_v2_cli
from trackingmore_v2_cli._output.records import RECORDS

PATH = Path(str(trackingmore_v2_cli.__file__)).parent / "schemas" / "output.json"


def make_schema() -> dict[str, Any]:
    """Return the schema: any of the records, each under its name."""
    (*references,), definitions = msgspec.json.schema_components(
        RECORDS.values(), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record that trackingmore-v2 prints with --json",
        "anyOf": references,
        "$defs": definitions,
    }


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
