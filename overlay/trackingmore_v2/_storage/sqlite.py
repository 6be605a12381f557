"""SQLite files: paths, permissions and transactions."""

import os
import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from typing import Final

from trackingmore_v2._config import checked_text
from trackingmore_v2._errors import ConfigurationError

_LIKE_URL: Final = re.compile(r"(?i)[a-z][a-z0-9+.-]+:/|.*\bpassword *=")
"""URLs, also as `Path` writes them, and other connection strings of databases."""


def checked_path(name: str, path: str | PathLike[str], alternative: str) -> str:
    """
    Return the path of a file.

    Args:
        name: Name of the argument.
        path: What was given.
        alternative: What takes the URL of a database.

    Raises:
        ConfigurationError: It is no path; a URL is not quoted, since it may contain a password.
    """
    text = checked_text(name, fspath(path) if isinstance(path, PathLike) else path)
    if _LIKE_URL.match(text):
        reason = f"{name} must be the path of a file; pass {alternative} for a database"
        raise ConfigurationError(reason)
    return text


def create_file(path: str) -> None:
    """Create a file that only its owner can read; SQLite's other files get the same permissions."""
    # An existing file is not even opened: closing it would end the locks of this process.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def transaction(database: sqlite3.Connection) -> Generator[None]:
    """Return a context manager for a transaction that writes."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # SQLite ends it itself if the disk is full
            database.execute("ROLLBACK")
        raise
