"""The schema of `--json` in the package."""

import json

from tests.cli.output_schema import PATH, make_schema


def test_schema_is_that_of_the_types() -> None:
    """If this fails, run: python -m tests.cli.output_schema."""
    assert json.loads(PATH.read_text(encoding="utf-8")) == make_schema()
