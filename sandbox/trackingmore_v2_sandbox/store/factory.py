"""Selection of the database for the state."""

from pathlib import Path
from typing import Final, TypeGuard
from urllib.parse import urlsplit

from trackingmore_v2_sandbox.store.sql import Store, StoreError
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

_SCHEMES: Final = ("postgresql://", "postgres://")


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
        return SqliteStore(database)
    try:
        # psycopg is an optional dependency, and slow to import.
        from trackingmore_v2_sandbox.store.postgres import PostgresStore  # noqa: PLC0415
    except ImportError as missing:
        raise StoreError(
            "psycopg is not installed; run: python3 -m pip install 'trackingmore-v2[postgres]'"
        ) from missing
    return PostgresStore(database)


def is_shared(database: Path | str | None) -> TypeGuard[str]:
    """Return whether a database can be shared between processes."""
    return isinstance(database, str) and database.startswith(_SCHEMES)


def without_password(database: Path | str | None) -> str:
    """Return the name of a database without its password, for display."""
    if not is_shared(database):
        return str(database)
    url = urlsplit(database)
    # The query may contain a password too, so it is left out.
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
