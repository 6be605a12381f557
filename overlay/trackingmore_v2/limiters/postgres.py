"""
Rate limiter for processes on any number of hosts, in PostgreSQL.

    client = TrackingMore(limiter=PostgresLimiter("postgresql://shop@db.example.com/shop"))

It needs the extra `postgres`.
"""

from collections.abc import Sequence
from typing import Any, Final

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
from trackingmore_v2.limiters._store import Grant, Reservation, StoreLimiter

_SET_UP: Final = """
    CREATE SCHEMA IF NOT EXISTS {schema};

    CREATE TABLE IF NOT EXISTS {schema}.schedules (
        account text, operation text, server timestamptz NOT NULL, epoch text NOT NULL,
        seen float8 NOT NULL, free_at float8 NOT NULL, released float8[] NOT NULL,
        PRIMARY KEY (account, operation)
    ) WITH (fillfactor = 50);

    CREATE TABLE IF NOT EXISTS {schema}.blocks (
        account text PRIMARY KEY, until float8 NOT NULL, seen float8 NOT NULL
    );

    CREATE OR REPLACE FUNCTION {schema}.reserve(
        _account text, _operation text, _interval float8, _tolerance float8, _latest float8,
        _held float8, _held_epoch text, OUT epoch text, OUT slot float8, OUT delay float8
    ) LANGUAGE plpgsql AS $$
    DECLARE
        state {schema}.schedules;
        moment float8;
        earliest float8;
        is_released boolean;
    BEGIN
        INSERT INTO {schema}.schedules
            VALUES (_account, _operation, '-infinity', '', 0, 0, '{{}}') ON CONFLICT DO NOTHING;
        SELECT * INTO state FROM {schema}.schedules s
            WHERE s.account = _account AND s.operation = _operation FOR UPDATE;
        moment := extract(epoch FROM clock_timestamp());

        -- After a restart or a failover the latest slots may be missing, so all of them are void,
        -- and the next one is as far from now as from a request that was sent just before.
        IF state.server <> pg_postmaster_start_time() OR moment < state.seen THEN
            state.server := pg_postmaster_start_time();
            state.epoch := moment::text;
            state.free_at := moment + _interval;
            state.released := '{{}}';
        END IF;
        state.seen := moment;
        epoch := state.epoch;

        SELECT greatest(moment, max(b.until)) INTO earliest
            FROM {schema}.blocks b WHERE b.account = _account AND b.seen <= moment;
        IF _held_epoch = state.epoch AND _held >= moment - _tolerance
            AND (earliest = moment OR _held >= earliest)
        THEN
            slot := moment;
        ELSE
            state.released := array(SELECT r FROM unnest(state.released) r WHERE r >= earliest);
            slot := (SELECT min(r) FROM unnest(state.released) r);
            is_released := slot IS NOT NULL;
            slot := coalesce(slot, greatest(earliest, state.free_at));
            IF slot - moment > _latest THEN
                slot := NULL;
            ELSIF is_released THEN
                state.released := array_remove(state.released, slot);
            ELSE
                state.free_at := slot + _interval;
            END IF;
        END IF;
        delay := slot - moment;

        UPDATE {schema}.schedules s SET server = state.server, epoch = state.epoch,
            seen = state.seen, free_at = state.free_at, released = state.released
            WHERE s.account = _account AND s.operation = _operation;
    END $$;

    CREATE OR REPLACE FUNCTION {schema}.block(_account text, _seconds float8) RETURNS void
    LANGUAGE sql AS $$
        INSERT INTO {schema}.blocks AS b
            SELECT _account, moment + _seconds, moment
            FROM (SELECT extract(epoch FROM clock_timestamp())::float8 AS moment) AS clock
        ON CONFLICT (account) DO UPDATE SET seen = excluded.seen, until = CASE
            WHEN b.seen > excluded.seen THEN excluded.until
            ELSE greatest(b.until, excluded.until) END;
        SELECT pg_notify({channel}, '');
    $$
"""

_IS_SET_UP: Final = "SELECT to_regproc(%s) IS NOT NULL"


@scrub_methods
class PostgresLimiter(StoreLimiter):
    """
    A rate limiter that processes on any number of hosts share, in PostgreSQL.

    Slots are reserved in the order of the calls, by the clock of the server, with one statement for
    each slot. The database stores times, names of operations, and digests of API keys. Each process
    holds one connection, which listens for notifications, so a connection pooler must pool
    sessions, not transactions.

    Args:
        url: URL of the database: postgresql://user:password@host/name.
        per_second: Maximum number of requests per second for each operation. Default: the limit in
            the contract, one request per second for most operations.
        fallback_share: Share of the rate, from 0 to 1, at which each process continues while the
            server is unavailable. Default: calls raise `LimiterUnavailable`.
        timeout: Maximum time in seconds for a statement; to connect, at least 2. Default: 1.
        schema: Database schema of the tables, created if it is missing. Default:
            `trackingmore_limiter`.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _store_errors = (psycopg.OperationalError, psycopg.Error)

    def __init__(
        self,
        url: str,
        *,
        per_second: float | None = None,
        fallback_share: float | None = None,
        timeout: float = 1.0,
        schema: str = "trackingmore_limiter",
    ) -> None:
        super().__init__(per_second, fallback_share, timeout)
        self._url: Final = checked_url(url)
        self._schema: Final = checked_text("schema", schema)

    def _connect(self) -> "_Session":
        connection = connect(self._url, self._timeout)
        try:
            return _Session(connection, self._schema)
        except BaseException:
            connection.close()
            raise


class _Session:
    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection: Final = connection
        self._has_news = False
        names = {"schema": sql.Identifier(schema), "channel": sql.Literal(schema)}
        connection.add_notify_handler(self._notice)
        if not self._row(sql.SQL(_IS_SET_UP).format(), (f'"{schema}".block',))[0]:
            create_schema(connection, schema, sql.SQL(_SET_UP).format(**names))
        connection.execute(sql.SQL("LISTEN {schema}").format(**names))
        self._reserve: Final = sql.SQL(
            "SELECT epoch, slot, delay FROM {schema}.reserve(%s, %s, %s, %s, %s, %s, %s)"
        ).format(**names)
        self._release: Final = sql.SQL(
            "UPDATE {schema}.schedules SET released = array_append(released, %s)"
            " WHERE account = %s AND operation = %s AND epoch = %s"
        ).format(**names)
        self._block: Final = sql.SQL("SELECT {schema}.block(%s, %s)").format(**names)

    def reserve(self, wanted: Reservation) -> Grant | None:
        *values, held = wanted
        slot = (held.at, held.epoch) if held else (None, None)
        epoch, at, delay = self._row(self._reserve, (*values, *slot))
        return None if at is None else Grant(epoch, at, delay)

    def release(self, account: str, operation: str, grant: Grant) -> None:
        values = (grant.at, account, operation, grant.epoch)
        self._connection.execute(self._release, values)

    def block(self, account: str, seconds: float) -> None:
        self._connection.execute(self._block, (account, seconds))

    def has_news(self) -> bool:
        library = self._connection.pgconn
        library.consume_input()
        while library.notifies():
            self._has_news = True
        has_news, self._has_news = self._has_news, False
        return has_news

    def close(self) -> None:
        self._connection.close()

    def _row(self, statement: sql.Composed, values: Sequence[Any]) -> Any:  # noqa: ANN401 - a row
        return self._connection.execute(statement, values).fetchone()

    def _notice(self, _notification: psycopg.Notify) -> None:
        self._has_news = True
