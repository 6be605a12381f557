"""A PostgreSQL store, which can be shared between processes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from functools import cache
from typing import Final

import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import conninfo_to_dict

from trackingmore_v2_sandbox.store import migrations
from trackingmore_v2_sandbox.store.sql import SqlCursor, Store, StoreError, TargetKey
from trackingmore_v2_sandbox.store.tables import Value

_SEQUENCE: Final = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_CONNECT_SECONDS: Final = 5
"""Timeout of a connection attempt, unless the URL has another one."""

_FAILURES: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.UndefinedTable,
)
"""Errors of a server that is away, full or read-only, or of tables that were deleted meanwhile."""

_CONFLICTS: Final = psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure
"""Operational errors that the sandbox causes itself."""

# Locks of the session, which end with its process. Another seed keeps them apart from `_LOCK`.
_CLAIM: Final = "SELECT pg_try_advisory_lock(hashtextextended(%s, 1))"
_RELEASE: Final = "SELECT pg_advisory_unlock(hashtextextended(%s, 1))"


class PostgresStore(Store):
    """
    A PostgreSQL store.

    Args:
        url: URL of the database, `postgresql://user:password@host/name`.
        namespace: Database schema for the tables, created if it is missing. Default:
            `trackingmore_sandbox`.

    Raises:
        StoreError: The database cannot be reached or used.
    """

    _begin = "BEGIN"
    _error = psycopg.Error
    is_shared = True

    def __init__(self, url: str, namespace: str = "trackingmore_sandbox") -> None:
        super().__init__("the PostgreSQL database")
        self._url = url
        self._namespace = namespace
        try:
            self._connection = self._connect()
        except psycopg.ProgrammingError as error:
            # Its message quotes a part of the URL, which may be the password.
            raise StoreError(
                "invalid URL; expected postgresql://user:password@host/name, with special "
                "characters percent-encoded"
            ) from error
        except psycopg.Error as error:
            raise StoreError(_one_line(error)) from error
        try:
            self._prepare()
        except (psycopg.Error, StoreError) as error:
            self._connection.close()
            raise StoreError(_one_line(error)) from error

    def _connect(self) -> psycopg.Connection:
        given = conninfo_to_dict(self._url)
        # All requests wait meanwhile; the driver would wait for minutes.
        seconds = given.get("connect_timeout", _CONNECT_SECONDS)
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=seconds)
        connection.adapters.register_dumper(str, _TextDumper)
        connection.adapters.register_loader("text", _TextLoader)
        path = sql.SQL("SET search_path TO {}").format(sql.Identifier(self._namespace))
        connection.execute(path)
        return connection

    def _prepare(self) -> None:
        # The lock on the namespace serializes the migrations of workers that start together.
        with self._committing(self._namespace):
            create = sql.SQL("CREATE SCHEMA IF NOT EXISTS {}")
            self._connection.execute(create.format(sql.Identifier(self._namespace)))
            self._execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
            version = self._number("SELECT COALESCE(MAX(version), 0) FROM schema_version")
            if version > migrations.VERSION:
                raise StoreError("the database was written by a newer version of the sandbox")
            for statement in migrations.statements(
                version,
                sequence=_SEQUENCE,
                then_sequence=", sequence",
                account_number="0",  # Version 1 did not support PostgreSQL: no rows to convert.
            ):
                self._execute(statement)
            # One row, whatever versions the database went through.
            self._execute("DELETE FROM schema_version")
            self._execute("INSERT INTO schema_version VALUES (?)", (migrations.VERSION,))

    def transaction(
        self, *, write: bool, account: str | None = None
    ) -> AbstractContextManager[None]:
        """Return a context manager that commits on success and rolls back on an exception."""
        if self._connection.closed:  # For example after a restart of the server.
            with self._reading:
                self._connection = self._connect()
        return super().transaction(write=write, account=account)

    def failure(self, error: BaseException) -> str | None:
        """Return why the database failed, in one line; None for an error of another kind."""
        if isinstance(error, _FAILURES) and not isinstance(error, _CONFLICTS):
            return _one_line(error)
        return None

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _lock(self, account: str) -> None:
        self._connection.execute(_LOCK, (account,))

    def _claim(self, target: TargetKey, /) -> bool:
        row = self._connection.execute(_CLAIM, (self._name(target),)).fetchone()
        return row is not None and bool(row[0])

    def _release(self, target: TargetKey, /) -> None:
        with suppress(psycopg.Error):
            self._connection.execute(_RELEASE, (self._name(target),))

    def _name(self, target: TargetKey) -> str:
        return "/".join((self._namespace, *target))

    def _execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        return self._connection.execute(_translate(statement), parameters)


@cache
def _translate(statement: str) -> bytes:
    """Convert the `?` placeholders of a statement to those of psycopg."""
    return statement.replace("%", "%%").replace("?", "%s").encode()


_ESCAPE: Final = "\x1a"


class _TextDumper(Dumper):
    """A dumper that escapes NUL characters, which PostgreSQL does not allow in text."""

    oid = psycopg.adapters.types["text"].oid

    def dump(self, obj: str) -> Buffer:
        if "\x00" in obj or _ESCAPE in obj:
            obj = obj.replace(_ESCAPE, f"{_ESCAPE}1").replace("\x00", f"{_ESCAPE}0")
        return obj.encode()


class _TextLoader(Loader):
    """A loader that restores the NUL characters that `_TextDumper` escaped."""

    def load(self, data: Buffer) -> str:
        text = bytes(data).decode()
        if _ESCAPE in text:
            text = text.replace(f"{_ESCAPE}0", "\x00").replace(f"{_ESCAPE}1", _ESCAPE)
        return text


def _one_line(error: Exception) -> str:
    # The whole message quotes the statement, if there is one.
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return " ".join((primary or str(error)).split())
