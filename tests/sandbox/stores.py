"""Databases of every kind that the sandbox can keep its state in, each empty at first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Literal, TypeAlias

import psycopg
import pytest
from psycopg import sql

from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

Kind: TypeAlias = Literal["memory", "file", "postgres"]

EVERYWHERE = pytest.mark.parametrize("api", ["memory", "postgres"], indirect=True)
"""For a module whose tests shall run on both databases."""


@dataclass(frozen=True)
class Database:
    """An empty database."""

    kind: Kind
    connect: Callable[[], Store]

    @contextmanager
    def open(self) -> Iterator[Store]:
        """Open a store in it; in memory, each one is a database of its own."""
        store = self.connect()
        try:
            yield store
        finally:
            store.close()


@contextmanager
def database(kind: Kind, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """Build a database, and remove it afterwards."""
    if kind == "memory":
        yield Database(kind, SqliteStore)
    elif kind == "file":
        yield Database(kind, lambda: SqliteStore(folder / "sandbox.sqlite3"))
    else:
        url: str = request.getfixturevalue("postgres_url")
        with namespace(url) as name:
            yield Database(kind, lambda: PostgresStore(url, name))


@contextmanager
def namespace(url: str) -> Iterator[str]:
    """Name a schema of its own for a test, and remove it afterwards."""
    name = f"tests_{token_hex(8)}"
    yield name
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
