"""Parquet, with typed columns."""

from collections.abc import Iterable
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO, Final

from trackingmore_v2_cli._tables.writing.columns import Layout, Row

_ROWS_OF_GROUP: Final = 5000


def write_parquet(stream: BinaryIO, rows: Iterable[Row], layout: Layout) -> None:
    """Write rows as Parquet, one group of them after the other."""
    # An extra, without types.
    pa: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "utc": pa.timestamp("us", "UTC"),
        "local": pa.timestamp("us"),
    }
    schema = pa.schema([(column.name, types[column.kind]) for column in layout.columns])
    remaining = iter(rows)
    with parquet.ParquetWriter(stream, schema) as writer:
        while group := list(map(layout.typed_values, islice(remaining, _ROWS_OF_GROUP))):
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema))
