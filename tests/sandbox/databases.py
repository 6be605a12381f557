"""Empty databases for tests: SQLite in memory and in a file, and PostgreSQL."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.programs import report_missing
from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

Kind: TypeAlias = Literal["memory", "file", "postgres"]

WORKERS: Final = 4
"""Number of workers of a sandbox with several."""

SERVER: Final = "TRACKINGMORE_TEST_POSTGRES"
INSTALL: Final = "apt-get install postgresql"
_DEBIAN: Final = Path("/usr/lib/postgresql")


class Database(NamedTuple):
    """An empty database; in memory, each opened store is a database of its own."""

    kind: Kind
    connect: Callable[[], Store]

    def open(self) -> "closing[Store]":
        """Open a store, as a context manager."""
        return closing(self.connect())


@contextmanager
def new_database(kind: Kind, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """Create a database, and drop it afterwards."""
    if kind == "memory":
        yield Database(kind, SqliteStore)
    elif kind == "file":
        yield Database(kind, lambda: SqliteStore(folder / "sandbox.sqlite3"))
    else:
        url: str = request.getfixturevalue("postgres_url")
        with new_schema(url) as name:
            yield Database(kind, lambda: PostgresStore(url, name))


@contextmanager
def new_schema(url: str) -> Iterator[str]:
    """Yield the name of an unused PostgreSQL schema, and drop the schema afterwards."""
    name = f"tests_{token_hex(8)}"
    yield name
    execute(url, "DROP SCHEMA IF EXISTS {} CASCADE", name)


@contextmanager
def new_postgres_database(url: str) -> Iterator[str]:
    """Create a database on a server, yield its URL, and drop it afterwards."""
    name = f"tests_{token_hex(8)}"
    execute(url, "CREATE DATABASE {}", name)
    try:
        yield f"{url}{'&' if '?' in url else '?'}dbname={name}"
    finally:
        execute(url, "DROP DATABASE {} WITH (FORCE)", name)


def execute(url: str, statement: str, name: str) -> None:
    """Execute a statement on a server, with a name in place of `{}`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def end_sessions(url: str, column: str, value: str) -> None:
    """End the sessions of a server with a value in a column of `pg_stat_activity`."""
    # With a time in milliseconds, the server waits until each has ended.
    query = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {} = %s"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(query).format(sql.Identifier(column)), (value,))


@contextmanager
def new_workers(url: str) -> Iterator[list[Store]]:
    """Yield the stores of several workers, in one empty database."""
    with new_schema(url) as name, ExitStack() as stack:
        stores: list[Store] = [PostgresStore(url, name) for _ in range(WORKERS)]
        for store in stores:
            stack.callback(store.close)
        yield stores


def erase_all(store: Store) -> None:
    """Delete the rows of all tables, which is 30 times as fast as to truncate empty ones."""
    with store.transaction(write=True):
        tables = store.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = current_schema() AND table_name <> 'schema_version'"
        ).fetchall()
        for (table,) in tables:
            store.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of the schema
        # A new sandbox numbers its requests from 1.
        numbers = "pg_get_serial_sequence('exchanges', 'sequence')"
        store.execute(f"SELECT setval({numbers}, 1, false)")


def in_one_process(reason: str) -> pytest.MarkDecorator:
    """Return the mark of a test of `api` that several workers cannot pass, for a reason."""
    assert reason
    return pytest.mark.parametrize("new_api", ["memory"], indirect=True)


@contextmanager
def postgres_server() -> Iterator[str]:
    """
    Yield the URL of the server that the environment names, or of a temporary one.

    Without PostgreSQL, tests are skipped; in CI they fail.
    """
    if SERVER in os.environ:
        yield os.environ[SERVER]
        return
    installed = max(_DEBIAN.glob("*/bin"), key=lambda each: float(each.parent.name), default=None)
    initdb = shutil.which("initdb", path=installed) or shutil.which("initdb")
    if initdb is None:
        reason = f"PostgreSQL is not installed: {INSTALL} (or name a server in {SERVER})"
        report_missing(reason)
    # A socket's path must be short, so it cannot be in pytest's temporary folder.
    folder = Path(tempfile.mkdtemp(prefix="tm-pg-"))
    try:
        with _run_postgres(Path(initdb).resolve().parent, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def _run_postgres(programs: Path, folder: Path) -> Iterator[str]:
    """Run a server that listens on a socket in a folder only."""
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user["user"])

    def run(program: str, *arguments: str) -> None:
        _run(programs / program, folder, *arguments)

    run("initdb", "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", _options(folder), "start")
    try:
        yield f"postgresql:///postgres?user=tests&host={quote(str(folder), safe='')}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def restart_postgres(url: str) -> None:
    """Kill the temporary server with this URL, and start it again."""
    control_postgres(url, "-m", "immediate", "restart")


def control_postgres(url: str, *arguments: str) -> None:
    """Run `pg_ctl` for the temporary server with this URL."""
    folder = folder_of_postgres(url)
    program = Path((folder / "data" / "postmaster.opts").read_text().split()[0])
    options = ["-w", "-l", str(folder / "log")]
    if "start" in arguments:
        options += ["-o", _options(folder)]
    _run(program.with_name("pg_ctl"), folder, *options, *arguments)


def folder_of_postgres(url: str) -> Path:
    """Return the folder of the temporary server with this URL."""
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def _options(folder: Path) -> str:
    return f"-c fsync=off -c listen_addresses='' -c unix_socket_directories={folder}"


def _run(program: Path, folder: Path, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [str(program), "-D", str(folder / "data"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=folder,
        text=True,
        **_unprivileged_user(),
    )
    assert done.returncode == 0, done.stdout


def _unprivileged_user() -> dict[str, Any]:
    """Return the options that run PostgreSQL as another user: it rejects to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
