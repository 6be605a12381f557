"""
Event log for processes on any number of hosts, in PostgreSQL.

    log = PostgresEventLog("postgresql://shop@db.example.com/shop")

It needs the extra `postgres`.
"""

from typing import Any, Final, LiteralString, TypeVar

from trackingmore_v2._config import checked_text
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.postgres import (
    Connection,
    checked_url,
    connect,
    create_schema,
    psycopg,
    sql,
)
from trackingmore_v2.webhooks._log import DEFAULT_LEASE, DEFAULT_RETENTION
from trackingmore_v2.webhooks.logs._store import DEFAULT_TIMEOUT, Apply, StoreEventLog

ResultT = TypeVar("ResultT")

_SET_UP: Final = """
    CREATE SCHEMA IF NOT EXISTS {schema};
    CREATE TABLE IF NOT EXISTS {schema}.trackings (
        key text PRIMARY KEY, state bytea NOT NULL, is_finished boolean NOT NULL,
        written_at float8 NOT NULL
    ) WITH (fillfactor = 50);
    CREATE INDEX IF NOT EXISTS trackings_unfinished
        ON {schema}.trackings (is_finished, written_at);
"""
_IS_SET_UP: Final = "SELECT to_regclass(%s) IS NOT NULL"

# The row is locked first, so the time is that after the wait for others.
_READ: Final = """
    INSERT INTO {schema}.trackings AS t VALUES (%s, '', true, 0)
    ON CONFLICT (key) DO UPDATE SET key = excluded.key
    RETURNING t.state, extract(epoch FROM clock_timestamp())::float8
"""
_WRITE: Final = """
    UPDATE {schema}.trackings SET state = %s, is_finished = %s, written_at = %s WHERE key = %s
"""
_DELETE: Final = """
    DELETE FROM {schema}.trackings
    WHERE is_finished AND written_at < extract(epoch FROM clock_timestamp()) - %s
"""
_UNFINISHED: Final = """
    SELECT key FROM {schema}.trackings WHERE NOT is_finished ORDER BY written_at
"""


@scrub_methods
class PostgresEventLog(StoreEventLog):
    """
    An event log that processes on any number of hosts share, in PostgreSQL.

    The database contains events with personal data until they are done. All times are those of the
    server's clock.

    Args:
        url: URL of the database: postgresql://user:password@host/name.
        schema: Database schema of the table, created if it is missing. Default:
            `trackingmore_webhooks`.
        lease: Seconds after which a claim expires, unless the event is done before. Default: 60.
        retention: Seconds for which it is known what is done; retries of the sender can go on for
            days. Default: 30 days.
        timeout: Maximum time in seconds for a statement; to connect, at least 2. Default: 5.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _store_errors = (psycopg.Error,)

    def __init__(
        self,
        url: str,
        *,
        schema: str = "trackingmore_webhooks",
        lease: float = DEFAULT_LEASE,
        retention: float = DEFAULT_RETENTION,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        super().__init__(checked_text("schema", schema), lease, retention, timeout)
        self._url: Final = checked_url(url)

    def _connect(self) -> "_Session":
        connection = connect(self._url, self._timeout)
        try:
            return _Session(connection, self._name)
        except BaseException:
            connection.close()
            raise


class _Session:
    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection: Final = connection
        self._schema: Final = sql.Identifier(schema)
        # Others would report conflicts instead of waiting for the row.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        if not self._row(sql.SQL(_IS_SET_UP).format(), f'"{schema}".trackings')[0]:
            create_schema(connection, schema, self._statement(_SET_UP))

    def update(self, tracking: str, apply: Apply[ResultT]) -> ResultT:
        connection = self._connection
        with connection.transaction():
            stored, now = self._row(self._statement(_READ), tracking)
            written, result = apply(stored, now)
            if written.state is not None:
                values = (written.state, written.is_finished, now, tracking)
                connection.execute(self._statement(_WRITE), values)
        return result

    def unfinished(self, retention: float) -> list[str]:
        self._connection.execute(self._statement(_DELETE), (retention,))
        found = self._connection.execute(self._statement(_UNFINISHED))
        return [key for (key,) in found.fetchall()]

    def close(self) -> None:
        self._connection.close()

    def _row(self, statement: sql.Composed, *values: object) -> Any:  # noqa: ANN401 - a row
        return self._connection.execute(statement, values).fetchone()

    def _statement(self, text: LiteralString) -> sql.Composed:
        return sql.SQL(text).format(schema=self._schema)
