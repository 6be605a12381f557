"""Which database keeps the state."""

from pathlib import Path
from typing import Final, TypeGuard
from urllib.parse import urlsplit

from trackingmore_v2_sandbox.store.interface import Store, StoreError
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

_SCHEMES: Final = ("postgresql://", "postgres://")


def open_store(database: Path | str | None = None) -> Store:
    """
    Open a store.

    Args:
        database: An SQLite file, or the URL of a PostgreSQL database. None keeps it all in memory.

    Raises:
        StoreError: It cannot be opened, or its driver is not installed.
    """
    if not is_shared(database):
        return SqliteStore(database)
    try:
        # An extra, and slow to import.
        from trackingmore_v2_sandbox.store.postgres import PostgresStore  # noqa: PLC0415
    except ImportError as missing:
        raise StoreError(
            "psycopg is not installed; run: python3 -m pip install 'trackingmore-v2[postgres]'"
        ) from missing
    return PostgresStore(database)


def is_shared(database: Path | str | None) -> TypeGuard[str]:
    """Tell whether several processes can share a database."""
    return isinstance(database, str) and database.startswith(_SCHEMES)


def without_password(database: Path | str | None) -> str:
    """Name a database in a way that can be shown."""
    if not is_shared(database):
        return str(database)
    url = urlsplit(database)
    # Another part may hold a password as well.
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
