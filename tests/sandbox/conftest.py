from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.databases import (
    Database,
    erase_all,
    new_database,
    new_workers,
    postgres_server,
)
from tests.sandbox.harness import Api, NewApi
from trackingmore_v2_sandbox import Settings, SqliteStore
from trackingmore_v2_sandbox.store.sql import Store


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["memory", "file", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Yield an empty database of each kind."""
    with new_database(request.param, request, tmp_path) as database:
        yield database


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    """Yield a store in an empty database of each kind."""
    with database.open() as store:
        yield store


@pytest.fixture
def stores(postgres_url: str) -> Iterator[list[Store]]:
    """Yield a store for each of several workers, all in one empty PostgreSQL database."""
    with new_workers(postgres_url) as stores:
        yield stores


@pytest.fixture(scope="session")
def workers(postgres_url: str) -> Iterator[list[Store]]:
    """Yield the stores of several workers in one database, which is emptied for each test."""
    with new_workers(postgres_url) as stores:
        yield stores


@pytest.fixture(params=["memory", "workers"])
def new_api(request: pytest.FixtureRequest) -> Iterator[NewApi]:
    """
    Yield a function that makes a sandbox, with the arguments of `Api`.

    It is one process with its state in memory, or four workers on PostgreSQL that take turns with
    the requests.
    """
    with ExitStack() as stack:
        stores_of_sandboxes = _stores_of_sandboxes(request, stack)

        def new(settings: Settings | None = None, **options: Any) -> Api:
            store, *others = next(stores_of_sandboxes)
            api = Api(settings, store, other_workers=others, **options)
            stack.callback(api.http.close)
            return api

        yield new


def _stores_of_sandboxes(
    request: pytest.FixtureRequest, stack: ExitStack
) -> Iterator[Sequence[Store]]:
    """Yield the stores of one sandbox after the other, each of them empty."""
    if request.param == "memory":
        while True:
            yield [stack.enter_context(closing(SqliteStore()))]
    stores: list[Store] = request.getfixturevalue("workers")
    erase_all(stores[0])
    yield stores
    # Few tests have several sandboxes, and a new database takes time.
    while True:
        yield stack.enter_context(new_workers(request.getfixturevalue("postgres_url")))


@pytest.fixture
def api(new_api: NewApi) -> Api:
    """Return a new sandbox; see `new_api`."""
    return new_api()
