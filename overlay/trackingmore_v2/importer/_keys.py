"""The table of carriers and numbers in SQLite, in which duplicates are found."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from trackingmore_v2.importer._rows import Key

CREATE_KEYS: Final = """
    CREATE TABLE IF NOT EXISTS keys (
        carrier TEXT, number TEXT, row INTEGER NOT NULL, PRIMARY KEY (carrier, number)
    ) WITHOUT ROWID;
"""


def add_keys(database: sqlite3.Connection, keys: Sequence[Key]) -> dict[int, int]:
    """Add keys to a table; return those of duplicates, each with the row that has its key."""
    added = database.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", keys)
    if added.rowcount == len(keys):
        return {}
    query = "SELECT row FROM keys WHERE carrier = ? AND number = ?"
    found = ((key[2], database.execute(query, key[:2]).fetchone()[0]) for key in keys)
    return {index: first for index, first in found if index != first}
