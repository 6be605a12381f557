"""The schema of `--json` in the package."""

import json

import pytest

from tests.cli.output_schema import PATH, make_schema
from trackingmore_v2_cli._output.records import RECORDS, fields_of


def test_schema_is_that_of_the_types() -> None:
    """If this fails, run: python -m tests.cli.output_schema."""
    assert json.loads(PATH.read_text(encoding="utf-8")) == make_schema()


@pytest.mark.parametrize(
    ("name", "field", "description"),
    [
        ("TrackingRecord", "order_id", "Your own order id."),
        ("TrackingDetailsRecord", "events", "Newest first."),
        ("ChangeRecord", "is_final", "Whether no further changes of the tracking are expected."),
        ("OutcomeRecord", "code", "The API's code if it rejected the tracking, such as 4016."),
    ],
)
def test_fields_have_descriptions(name: str, field: str, description: str) -> None:
    """Those of the row that a record extends, and its own."""
    fields = make_schema()["$defs"][name]["properties"]

    assert fields[field]["description"] == description


@pytest.mark.parametrize("shape", RECORDS)
def test_fields_are_in_the_order_of_the_records(shape: str) -> None:
    """The schema, and thereby the help, lists them as they are printed."""
    fields = [*make_schema()["$defs"][RECORDS[shape].__name__]["properties"]]

    assert [name for name in fields if name != "schema"] == [*fields_of(shape)]
