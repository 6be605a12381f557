"""What an import would make of its input, without a journal and without requests."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Final

from trackingmore_v2._batch.conversion import models_of
from trackingmore_v2._batch.inputs import Items, Source
from trackingmore_v2._batch.items import CreateItem, Unknown
from trackingmore_v2._batch.operations import CREATE
from trackingmore_v2._scrubbing import scrubbed
from trackingmore_v2._validation import require_unknown
from trackingmore_v2.importer._keys import CREATE_KEYS, add_keys
from trackingmore_v2.importer._rows import end_duplicates, rows_of
from trackingmore_v2.importer.report import ImportRowDict, as_dict

_BLOCK: Final = 100 * CREATE.max_items
_SET_UP: Final = f"""
    PRAGMA journal_mode=OFF;
    PRAGMA cache_size=-4000;
    {CREATE_KEYS}
    BEGIN;
"""


@scrubbed
def check_rows(items: Items[CreateItem], *, unknown: Unknown = "reject") -> Iterator[ImportRowDict]:
    """
    Yield the rows of an input as `run_import()` would load them. Nothing is sent.

    Memory does not grow with their number: carriers and numbers are kept in a temporary file, in
    which duplicates are found.

    Args:
        items: The rows, as `run_import()` takes them.
        unknown: What to do with unknown fields of rows. Default: "reject".

    Yields:
        The rows in their order. The result is `pending` for one that would be sent, and otherwise
        `invalid` or `duplicate`.

    Raises:
        InvalidInput: An argument is invalid, or the first row has an unknown field.
    """
    require_unknown(unknown)
    source, first = Source(items), 0
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.executescript(_SET_UP)
        while True:
            read = source.read(_BLOCK)
            if read.error:
                raise read.error
            models = models_of(CREATE, read.items, first, drops_unknown=unknown == "ignore")
            rows, _ = rows_of(models)
            end_duplicates(rows, first, partial(add_keys, database))
            yield from map(as_dict, range(first, first + len(rows)), rows)
            first += len(rows)
            if len(rows) < _BLOCK:
                return
