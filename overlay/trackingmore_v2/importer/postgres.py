"""
Journals of imports in PostgreSQL databases, for hosts whose disks do not last.

    journal = PostgresJournal("postgresql://shop@db.example.com/shop")
    run_import(client, rows, journal=journal)

It needs the extra `postgres`.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

from trackingmore_v2._config import checked_positive, checked_text
from trackingmore_v2._errors import JournalUnavailable
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.errors import first_line
from trackingmore_v2._storage.postgres import (
    Connection,
    checked_url,
    connect,
    create_schema,
    psycopg,
    sql,
)
from trackingmore_v2.importer._journal import (
    CONTINUE,
    DEFAULT_LEASE,
    RESTORE,
    VERSION,
    Cursor,
    Journal,
    Saved,
    Session,
    check_version,
)
from trackingmore_v2.importer._rows import Key

_TABLES: Final = """
    CREATE SCHEMA IF NOT EXISTS {schema};
    CREATE TABLE IF NOT EXISTS {schema}.import (
        id integer PRIMARY KEY, state text, token text, owner text, since float8, expires float8,
        sent_at float8, version integer NOT NULL DEFAULT {version}
    );
    CREATE TABLE IF NOT EXISTS {schema}.chunks (first bigint PRIMARY KEY, rows bytea NOT NULL);
    CREATE TABLE IF NOT EXISTS {schema}.keys (
        carrier text, number text, row bigint NOT NULL, PRIMARY KEY (carrier, number)
    );
    CREATE OR REPLACE FUNCTION {schema}.clock() RETURNS float8 LANGUAGE sql
        AS 'SELECT extract(epoch FROM clock_timestamp())::float8';

    CREATE OR REPLACE FUNCTION {schema}.save(
        _state text, _lease float8, _is_sent boolean, _token text, _rows bytea, _first bigint
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE {schema}.import i SET state = _state, expires = {schema}.clock() + _lease,
            sent_at = CASE WHEN _is_sent THEN coalesce(i.sent_at, {schema}.clock()) END
            WHERE i.token = _token;
        IF FOUND THEN
            UPDATE {schema}.chunks c SET rows = _rows WHERE c.first = _first;
            RETURN true;
        END IF;
        RETURN false;
    END $$
"""
_VERSION: Final = "SELECT max(version) FROM import"
_MISSING: Final = (
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.UndefinedTable,
)
_READ_ONLY: Final = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
_NEXT_STEPS: Final = (
    (_MISSING, RESTORE),
    (_READ_ONLY, "Check that the user may write the schema, and that the server takes writes."),
)
_IS_SET_UP: Final = "SELECT to_regproc(?) IS NOT NULL"
_ADD: Final = """
    INSERT INTO keys (carrier, number, row)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) ON CONFLICT DO NOTHING
"""
_FIND: Final = """
    SELECT given.row, keys.row
    FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS given (carrier, number, row)
    JOIN keys ON keys.carrier = given.carrier AND keys.number = given.number
    WHERE keys.row <> given.row
"""


@scrub_methods
class PostgresJournal(Journal):
    """
    The journal of an import in a PostgreSQL database.

    Args:
        url: URL of the database: postgresql://user:password@host/name.
        schema: Database schema of the tables, created if it is missing; one for each journal.
            Default: `trackingmore_import`.
        lease: Seconds after which another process may take the journal over, unless its owner
            renews the lease. An owner on the same host that has ended need not be waited for on
            Linux. An attempt to send a request takes at most half as long. Default: 60.
        timeout: Maximum time in seconds for a statement; to connect, at least 2. Default: 30.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    def __init__(
        self,
        url: str,
        *,
        schema: str = "trackingmore_import",
        lease: float = DEFAULT_LEASE,
        timeout: float = 30.0,
    ) -> None:
        super().__init__(checked_text("schema", schema), lease)
        self._url: Final = checked_url(url)
        self._timeout: Final = checked_positive("timeout", timeout)

    def open(self, *, create: bool) -> "PostgresSession":
        """
        Connect to the database.

        Args:
            create: Whether to create the schema if it is missing.

        Returns:
            The connection.

        Raises:
            JournalUnavailable: The schema is missing, or the database cannot be used.
        """
        try:
            return PostgresSession(self, connect(self._url, self._timeout), create=create)
        except psycopg.Error as error:
            next_step = PostgresSession.next_step(error)
            raise JournalUnavailable(self.name, first_line(error), next_step) from None


class PostgresSession(Session):
    """
    A connection to a PostgreSQL database.

    Args:
        journal: The journal.
        connection: The connection.
        create: Whether to create the schema if it is missing.
    """

    errors = (psycopg.Error,)

    def __init__(self, journal: Journal, connection: Connection, *, create: bool) -> None:
        super().__init__(journal)
        self._connection: Final = connection
        try:
            self._set_up(journal.name, create=create)
        except BaseException:
            connection.close()
            raise

    def _set_up(self, schema: str, *, create: bool) -> None:
        names = {"schema": sql.Identifier(schema), "version": sql.Literal(VERSION)}
        connection = self._connection
        if not self._execute(_IS_SET_UP, (f'"{schema}".save',)).fetchone()[0]:
            if not create:
                next_step = "Check its name; run_import() starts an import."
                raise JournalUnavailable(schema, "there is no such schema", next_step)
            create_schema(connection, schema, sql.SQL(_TABLES).format(**names))
        connection.execute(sql.SQL("SET search_path TO {schema}").format(**names))
        check_version(schema, self._execute(_VERSION).fetchone()[0] or 0)

    @staticmethod
    def next_step(error: Exception) -> str:
        """
        Return what to do about an error of the store.

        Args:
            error: The error.

        Returns:
            A sentence.
        """
        return next((step for kind, step in _NEXT_STEPS if isinstance(error, kind)), CONTINUE)

    def _close(self) -> None:
        self._connection.close()

    def _save(self, values: Saved, *, is_safe: bool) -> bool:  # noqa: ARG002 - the server's setting holds
        is_ours: bool = self._execute("SELECT save(?, ?, ?, ?, ?, ?)", values).fetchone()[0]
        return is_ours

    def _execute(self, statement: str, values: Sequence[object] = ()) -> Cursor:
        return self._connection.execute(statement.replace("?", "%s").encode(), values)

    def _transaction(self) -> AbstractContextManager[object]:
        return self._connection.transaction()

    def _add_keys(self, keys: Sequence[Key]) -> dict[int, int]:
        columns = [list(column) for column in zip(*keys, strict=True)]
        if not columns or self._connection.execute(_ADD, columns).rowcount == len(keys):
            return {}
        return dict(self._connection.execute(_FIND, columns).fetchall())
