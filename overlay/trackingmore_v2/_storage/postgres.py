"""Connections to PostgreSQL. It needs the extra `postgres`."""

from collections.abc import Generator
from math import ceil
from typing import Any, Final, TypeVar

from trackingmore_v2._config import checked_text
from trackingmore_v2._errors import ConfigurationError

try:
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import conninfo_to_dict
except ImportError as missing:
    raise ImportError(
        "psycopg is not installed; run: python3 -m pip install 'trackingmore-v2[postgres]'",
        name=missing.name,
    ) from missing

__all__ = ["Connection", "checked_url", "connect", "create_schema", "psycopg", "sql"]

ResultT = TypeVar("ResultT")

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class Connection(psycopg.Connection[Any]):
    """A connection whose statements have a timeout, also if the server does not respond."""

    timeout: float | None = None

    def wait(
        self,
        gen: Generator[Any, Any, ResultT],
        interval: float = 0.1,
        timeout: float | None = None,
    ) -> ResultT:
        """Wait for the result of a statement."""
        return super().wait(gen, interval, self.timeout if timeout is None else timeout)


def connect(url: str, timeout: float) -> Connection:
    """
    Connect to a database.

    Args:
        url: URL of the database.
        timeout: Maximum time in seconds for a statement; to connect, at least 2.
    """
    connection = Connection.connect(url, autocommit=True, connect_timeout=max(2, ceil(timeout)))
    connection.timeout = timeout
    return connection


def create_schema(connection: Connection, schema: str, statements: sql.Composed) -> None:
    """
    Create a schema that is missing, or wait for another connection that creates it.

    Args:
        connection: The connection.
        schema: Name of the schema.
        statements: What creates the schema and its contents, as far as they are missing.
    """
    with connection.transaction():
        # Two statements that create the same schema at once would fail.
        connection.execute(_LOCK, (schema,))
        connection.execute(statements)


def checked_url(url: object) -> str:
    """
    Return the URL of a database.

    Raises:
        ConfigurationError: It is invalid; it is not quoted, since it may contain a password.
    """
    text = checked_text("url", url)
    try:
        conninfo_to_dict(text)
    except psycopg.Error:
        # The message of psycopg may contain the URL, with its password.
        raise ConfigurationError("url must be a postgresql:// URL") from None
    return text
