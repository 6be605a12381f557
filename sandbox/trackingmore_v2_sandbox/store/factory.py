"""Selection of the database for the state."""

import re
from pathlib import Path
from typing import Final, TypeGuard

from trackingmore_v2_sandbox.store.sql import Store, StoreError
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

_SCHEMES: Final = ("postgresql://", "postgres://")
_URL: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]+://")


def open_store(database: Path | str | None = None) -> Store:
    """
    Open a store.

    Args:
        database: An SQLite file, or the URL of a PostgreSQL database. Default: None, which keeps
            the state in memory.

    Raises:
        StoreError: The database cannot be opened, or its driver is not installed.
    """
    if not is_shared(database):
        return SqliteStore(_require_path(database))
    try:
        # psycopg is an optional dependency, and slow to import.
        from trackingmore_v2_sandbox.store.postgres import PostgresStore  # noqa: PLC0415
    except ImportError as missing:
        raise StoreError(
            "psycopg is not installed; run: python3 -m pip install 'trackingmore-v2[postgres]'"
        ) from missing
    return PostgresStore(database)


def _require_path(database: Path | str | None) -> Path | str | None:
    # A file of this name could not be found again, and the rest of the URL may be a password.
    if isinstance(database, str) and (url := _URL.match(database)):
        raise StoreError(
            f"{url[0]} is not supported; expected the path of an SQLite file, or a URL such as "
            "postgresql://user:password@host/name"
        )
    return database


def is_shared(database: Path | str | None) -> TypeGuard[str]:
    """Return whether a database can be shared between processes."""
    return isinstance(database, str) and database.startswith(_SCHEMES)


def without_password(database: Path | str | None) -> str:
    """Return the name of a database without its password, for display."""
    if not isinstance(database, str) or not _URL.match(database):
        return str(database)
    scheme, _, rest = database.partition("://")
    # The query may contain a password too, and a password characters that are not encoded.
    before_query = rest.partition("?")[0]
    place = before_query.rpartition("@")[2] if "@" in before_query or "@" not in rest else "..."
    return f"{scheme}://{place}"
